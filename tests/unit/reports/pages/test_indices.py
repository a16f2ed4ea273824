"""Sobol indices of the page: made again by other means, and on a function that is known."""

import numpy as np
import pandas as pd
import pytest

import sim
from reports.pages import findings, indices
from reports.pages.finding import Item, Name, Quantity
from reports.pages.indices import REST, TIED, Shares
from reports.pages.results import Results

MONEY, LAST = "value_added_total", 2043


@pytest.fixture(scope="module")
def found(results: Results) -> Shares:
    assert results.shares is not None
    return results.shares


def test_groups_are_everything_that_differs_each_once(results: Results, found: Shares) -> None:
    groups = indices.grouped(results.futures, results.favourite, MONEY)
    columns = [at for each in groups.values() for at in each]
    assert sorted(columns) == list(range(results.futures.inputs.shape[1]))
    assert found.inputs == {name: len(each) for name, each in groups.items()}
    assert {TIED, REST} <= set(groups)
    # What is drawn together is not taken apart.
    for copula in results.futures.design.copulas:
        factors = [one for one in results.futures.design.factors if one.id in copula.factors]
        names = list(results.futures.inputs.columns)
        places = {names.index(column) for one in factors for column in one.columns}
        assert sum(bool(places & set(each)) for each in groups.values()) == 1


def test_indices_are_those_of_worlds_mixed_by_hand(results: Results, found: Shares) -> None:
    """Through the model's own ensembles, and the estimators written out."""
    futures = results.futures
    model = sim.load_model()
    table = futures.inputs.reset_index(drop=True)
    pairs = len(table) // 2
    first = table.iloc[0 : 2 * pairs : 2].reset_index(drop=True)
    second = table.iloc[1 : 2 * pairs : 2].reset_index(drop=True)
    groups = indices.grouped(futures, results.favourite, MONEY)
    mine = {"hostile": "districts_first"}.get(results.favourite, results.favourite)

    tables = [first, second]
    for columns in groups.values():
        worlds = first.copy()
        worlds.iloc[:, columns] = second.iloc[:, columns]
        tables.append(worlds)
    runs = [
        model.ensemble(
            pd.concat(tables, ignore_index=True),
            outputs=futures.folder.question["outputs"],
            scenario=own,
            times=futures.folder.manifest["times"],
        )[MONEY].sel(time=LAST)
        for own in ("baseline", mine)
    ]
    gains = (np.asarray(runs[1]) - np.asarray(runs[0])).reshape(len(tables), pairs)
    a, b, mixed = gains[0], gains[1], dict(zip(groups, gains[2:], strict=True))
    centre = np.mean([a, b, *mixed.values()])
    a, b = a - centre, b - centre
    variance = (np.mean(a**2) + np.mean(b**2)) / 2 - ((a.mean() + b.mean()) / 2) ** 2
    for name, each in mixed.items():
        ab = each - centre
        told = found.gains[MONEY]
        assert told.at(name, LAST, total=False)[0] == pytest.approx(
            np.mean(b * (ab - a)) / variance, rel=1e-3, abs=2e-5
        )
        assert told.at(name, LAST)[0] == pytest.approx(
            np.mean((a - ab) ** 2) / 2 / variance, rel=1e-3, abs=2e-5
        )


def test_what_the_spread_hangs_on(results: Results, found: Shares) -> None:
    told = findings.hangs(results)
    assert told is not None
    gain = found.gains[MONEY]
    shares = {name: gain.at(name, LAST) for name in gain.groups}
    items = told.values["items"]
    assert isinstance(items, tuple)
    wanted = sorted((name for name in shares if name != REST), key=lambda name: -shares[name][0])
    assert items == tuple(
        Item(Name("cause", name), Quantity("share", *shares[name])) for name in wanted[:3]
    )
    assert told.values["rest"] == Quantity("share", *shares[REST])
    assert told.values["others"] == Quantity("count", found.inputs[REST])


def test_what_to_find_out_is_what_matters_and_is_weakly_known(results: Results) -> None:
    grades = {column: one.grade for one in results.futures.design.factors for column in one.columns}
    weak = {"A": 0, "B": 1 / 3, "C": 2 / 3, "D": 1, "": 1}
    scores = [each.score for each in results.research]
    assert scores == sorted(scores, reverse=True)
    for each in results.research:
        assert each.score == pytest.approx(each.share[0] * weak[grades[each.element]])
        assert each.share[1] <= each.share[2]


def test_kept_indices_are_read_again_and_no_others(results: Results, found: Shares) -> None:
    place = results.futures.folder.folder / indices.FILE
    again = indices.shares(results.futures, results.favourite, list(found.gains))
    assert again is not None
    assert again.gains[MONEY].total == pytest.approx(found.gains[MONEY].total, nan_ok=True)
    text = place.read_text("utf-8")
    place.write_text(text[: len(text) // 2], "utf-8")  # as a killed writer would leave it
    mended = indices.shares(results.futures, results.favourite, list(found.gains))
    assert mended is not None
    assert place.read_text("utf-8") == text
