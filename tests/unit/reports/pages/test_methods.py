"""The parts that compute, on numbers whose answer is known."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from reports import labels
from reports.pages import box, costs, drawing, robustness, sources, speaker
from reports.pages.bottlenecks import bindings, limits
from reports.pages.box import Edge
from reports.pages.finding import Quantity
from reports.pages.phrases import quantity
from reports.pages.results import Results
from reports.pages.split import shapley
from sim import plan
from sim.ir import identifier
from sim.scenario import catalogues
from sim.scenario.names import listed, names


@given(st.integers(1, 5), st.integers(0, 10_000))
@settings(max_examples=25)
def test_shapley_parts_are_the_mean_over_all_orders_and_add_up(players: int, seed: int) -> None:
    worth = np.random.default_rng(seed).normal(size=(1 << players, 2, 1))
    parts = shapley(worth)
    assert parts.sum(axis=0) == pytest.approx(worth[-1] - worth[0])
    expected = np.zeros((players, 2, 1))
    orders = list(permutations(range(players)))
    for order in orders:
        there = 0
        for player in order:
            expected[player] += worth[there | 1 << player] - worth[there]
            there |= 1 << player
    assert parts == pytest.approx(expected / len(orders))


def test_who_changes_nothing_gets_nothing() -> None:
    worth = np.zeros((8, 1, 1))
    for coalition in range(8):
        worth[coalition] = 3.0 * (coalition & 1) + 5.0 * (coalition >> 2 & 1)
    assert shapley(worth)[:, 0, 0] == pytest.approx([3, 0, 5])


def test_a_condition_that_is_there_is_found() -> None:
    draw = np.random.default_rng(7)
    inputs = draw.random((1000, 300))
    failed = (inputs[:, 41] > 0.7) & (draw.random(1000) < 0.9) | (draw.random(1000) < 0.05)
    found = box.find(inputs, failed)
    assert found is not None
    assert {edge.column for edge in found.edges} >= {41}
    edge = next(each for each in found.edges if each.column == 41)
    assert edge.above
    assert edge.value == pytest.approx(0.7, abs=0.06)
    # Told is what holds in the half that the box was not made from.
    other = slice(1, None, 2)
    inside = box.within(inputs[other], found.edges)
    assert found.density == pytest.approx(failed[other][inside].mean())
    assert found.overall == pytest.approx(failed[other].mean())
    assert found.coverage == pytest.approx(failed[other][inside].sum() / failed[other].sum())
    assert found.density > 0.8


def test_where_nothing_is_to_be_found_hardly_ever_something_is() -> None:
    told = 0
    for seed in range(24):
        draw = np.random.default_rng(seed)
        inputs, failed = draw.random((300, 60)), draw.random(300) < 0.3
        told += box.find(inputs, failed) is not None
    # The other half agrees by chance once in twenty; four times as often would be a fault.
    assert told <= 5


def test_of_few_failures_nothing_is_said() -> None:
    inputs = np.random.default_rng(1).random((200, 5))
    assert box.find(inputs, inputs[:, 0] > 0.95) is None


def test_a_side_of_a_box_is_a_side() -> None:
    inputs = np.array([[0.1], [0.5], [0.9]])
    assert box.within(inputs, [Edge(0, True, 0.5)]).tolist() == [False, True, True]
    assert box.within(inputs, [Edge(0, False, 0.5)]).tolist() == [True, True, False]


def test_inputs_that_move_the_result_are_the_ones_named(results: Results) -> None:
    """By hand: means of thirds, and ranks."""
    found = results.level
    inputs = results.futures.inputs
    values = results.futures.paths("value_added_total")[0][:, results.futures.at(results.year)]
    assert found.tried == int((inputs.nunique() > 1).sum())
    for driver in found.found:
        column = inputs[driver.element].to_numpy()
        order = np.argsort(column)
        third = len(order) // 3
        swing = values[order[-third:]].mean() - values[order[:third]].mean()
        assert driver.swing == pytest.approx(swing, rel=0.12)
        ranks = [np.argsort(np.argsort(each)) for each in (column, values)]
        assert driver.rank == pytest.approx(np.corrcoef(ranks)[0, 1], abs=1e-9)
        assert abs(driver.rank) > found.chance


def test_regret_is_what_the_best_of_the_same_world_gives_more(results: Results) -> None:
    found = robustness.judge(results.futures, "value_added_total", results.year)
    for at, _ in enumerate(found.scenarios):
        short = [max(world) - world[at] for world in found.gains.T]
        assert found.worst[at] == pytest.approx(max(short))
        assert found.best[at] == pytest.approx(np.mean([each == 0 for each in short]))
        assert found.regret[at, 2] == pytest.approx(np.median(short))
    assert (found.acceptable >= found.best * (found.gains.max(axis=0) >= 0).mean() - 1).all()


def test_a_price_of_work_is_open_where_there_is_none() -> None:
    prices = costs.band_of_prices(np.array([-1.0] * 10 + [1.0] * 30 + [2.0] * 60))
    assert np.isinf(prices[-1])
    assert prices[2] == pytest.approx(0.5)
    assert (np.diff(prices[np.isfinite(prices)]) >= 0).all()


def test_limits_bind_where_what_is_used_reaches_what_there_is(results: Results) -> None:
    found = {each.limit.id: each for each in bindings(results.futures)}
    assert set(found) == {each.id for each in limits()}
    for one in found.values():
        assert ((one.share >= 0) & (one.share <= 1)).all()
    used, room, sites = (results.futures.values[name, ""]
                         for name in ("harvest_capacity", "room", "site_capacity"))  # fmt: skip
    both = found["sea_room"].share + found["sea_sites"].share
    assert (np.minimum(room, sites) == pytest.approx(used)) == bool((both >= 1 - 1e-12).all())


def test_the_planners_experiment_keeps_what_the_page_judges_by() -> None:
    known, experiment = catalogues(), sources.planners()
    goals = [goal.outcome for each in known.goals.values() for goal in each.goals.values()]
    wanted = {known.outcomes[own].variable for own in goals if own}
    wanted |= {name for each in limits() for name in (each.used, each.limit)}
    assert wanted <= set(experiment.outputs)
    # What the file names comes first and is nearly all of it: `sweep planners` keeps as much.
    named = plan.load("planners").outputs
    assert experiment.outputs[: len(named)] == named
    assert len(named) >= 0.9 * len(experiment.outputs)


def test_every_constant_has_a_name_for_planners_in_both_languages() -> None:
    constants = {own for own, one in sim.load_model().variables.items() if one.kind == "constant"}
    missing = sorted(constants - set(names()))
    assert not missing, (
        "constants without a name for planners: add to scenarios/inputs.csv a row "
        f"`id,English name,norsk navn` for each of {', '.join(missing)}"
    )
    # One that the model has lost is of no use, but does no harm either.
    mine = listed()
    assert sum(own in constants for own in mine) >= 0.95 * len(mine)
    assert all(identifier(own) == own for own in mine)
    for language in ("en", "nb"):
        said = [each[language] for each in mine.values()]
        assert all(said)
        twice = {each for each in said if said.count(each) > 1}
        assert not twice, f"scenarios/inputs.csv calls two constants the same: {twice}"
    assert not [own for own, each in mine.items() if each["en"] == each["nb"]]


def test_what_constants_lie_over_has_words_too() -> None:
    model = sim.load_model()
    # A goal is told by its own sentence.
    over = {each for one in model.variables.values() if one.kind == "constant" for each in one.dims}
    elements = {one for each in over - {"Goal"} for one in model.subscripts[each]}
    for language in ("en", "nb"):
        known = labels.load(language, {}).words
        missing = [
            one
            for one in sorted(elements)
            if not any((kind, identifier(one)) in known for kind in labels.ELEMENTS)
        ]
        assert not missing, f"add to scenarios/labels.csv a row `element,id,en,nb` for: {missing}"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, (0.0, 0)),
        (741.3, (740.0, 0)),
        (7.24, (7.2, 1)),
        (0.833, (0.83, 2)),
        (-48634.0, (-49000.0, 0)),
    ],
)
def test_sentences_keep_two_digits_that_count(value: float, said: tuple[float, int]) -> None:
    assert speaker.rounded(value) == pytest.approx(said)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_marks_of_an_axis_are_round_and_inside(low: float, reach: float) -> None:
    ticks = drawing.nice(low, low + reach)
    assert 1 <= len(ticks) <= 11
    assert all(low - 1e-6 * reach <= each <= low + reach + 1e-6 * reach for each in ticks)


def test_people_are_told_in_whole_numbers() -> None:
    few = Quantity("jobs", 0.4, -0.033, 12.6)
    assert (
        quantity(few, speaker.Speaker(labels.load("en", {})))
        == "0 more jobs (90% interval 0 to 13)"
    )
