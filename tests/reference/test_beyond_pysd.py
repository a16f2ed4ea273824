"""What PySD does not read or run, against values worked out by hand from the formats' manuals."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.run.columns import chosen
from sim.run.model import load_model
from tests.frames import frame

MODELS = Path(__file__).parent / "models" / "beyond"
NAN = float("nan")

EXPECTED: dict[str, dict[str, list[float]]] = {
    # Entries that end after the equation or the units; tabs that were written out; no SAVEPER.
    "apostrophes.mdl": {
        "worth[large]": [6, 6],
        "worth[small]": [10, 10],
        "all": [11, 11],
        "share[kept]": [1.25, 1.25],
    },
    "brief_entries.mdl": {"twice[s1]": [2, 2], "twice[s2]": [4, 4]},
    # Every call has states of its own; a call for each element gives a value for each.
    "macro_outputs.mdl": {
        "taken": [2, 2.25, 2.5, 2.75],
        "left over": [6, 6.75, 7.5, 8.25],
        '"left over in sum"': [0, 6, 12.75, 20.25],
        "kept[left]": [6, 3, 6, 6],
        "kept[right]": [4, 2, 4, 4],
        "kept at the left": [12, 9.75, 13.5, 14.25],
    },
    # The condition looks at what was sampled before.
    "sample_of_itself.mdl": {"highest": [1, 3, 3, 3, 3], "lowest": [1, 1, 1, -2, -2]},
    "special_functions.mdl": {
        "material": [7, 7, 0, 1, 4, 9, 16],
        "news": [7, 7, 0, 1, 4, 9, 16],
        "kept in bounds": [1, 3, 4, 4, 2, 0, 0],
        "in halves": [1, 1.5, 2, 2.5, 2, 1.5, 1],
        "drawn to two": [1, 2, 2.75, 3.5, 4.25, 5, 5.75],
        # Each step's 10 is worth a fifth less than that of the step before.
        "worth": [2 * (5 + 10 * sum(0.8**k for k in range(n + 1))) for n in range(7)],
        "written off": [sum(x * x for x in range(max(t - 2, 0), t + 1)) / 3 for t in range(7)],
    },
    # On the way for three steps; half leaks in two equal parts; a quarter of what lies there leaks
    # in each step (7 at the start are 4 and 3); room for 6, and at most 7 a year.
    "conveyors.xmile": {
        "in training": [12, 13, 16.5, 22.5, 30, 37.5, 45],
        "finished": [8, 8, 8, 10, 15, 20, 25],
        "trained": [0, 4, 8, 12, 17, 24.5, 34.5],
        "at sea": [0, 0, 4, 7, 7, 7, 7],
        "coming home": [0, 0, 0, 4, 4, 4, 4],
        "signing off": [0, 0, 2, 4, 4, 4, 4],
        "smolt": [7, 3, 0, 0, 0, 0, 0],
        "grown": [4.5, 4.5, 0, 0, 0, 0, 0],
        "lost": [3.5, 1.5, 0, 0, 0, 0, 0],
        "landing": [0, 7, 5, 7, 5, 7, 5],
        "quay": [4, 2, 3.5, 6, 6, 6, 6],
        "pupils[short]": [0, 2, 2, 2, 2, 2, 2],
        "leaving school[long]": [0, 0, 4, 4, 4, 4, 4],
    },
    # Straight lines cross at 21.5/4.5; fixed salt is bought whatever it costs. Types of profile by
    # the year: fixed (in proportion), rectangle and triangle (far apart), none.
    "market.mdl": {
        "price[bread]": [21.5 / 4.5] * 4,
        "price[salt]": [3.5] * 4,
        "bought[bread,b1]": [50 / 9] * 4,
        "bought[salt,b1]": [3] * 4,
        "sold[bread,s1]": [50 / 9] * 4,
        "sold[salt,s1]": [3] * 4,
        "given[u1]": [80, 50, 50, NAN],
        "given[u2]": [20, 50, 50, NAN],
    },
    # Saved each year of steps of half a year; a quarter of the water leaves in a step.
    "vensim_export.xmile": {
        "water": [8 * 0.75**n for n in (0, 2, 4, 6)],
        "seen": [0, 5, 4.0625, 2.59765625],
        "level": [8, 7.5, 5.90625, 4.271484375],
        "falling": [0, -1.5, -1.6875, -1.423828125],
        "falling_fast": [0, 1, 1, 1],
        "read": [0, 0.5, 1, 2.5],
        "by_side[right]": [0, 0.5, 2.125, 4.03125],
        "DT": [0.5] * 4,
        "TIME STEP": [0.5] * 4,
        "SAVEPER": [1] * 4,
    },
    # Outflows give what is there and flows in, in their order; in a ring, what is there. Flows over
    # more ranges than the stock add up. Two on each of three slats; six in every step on the last.
    "stella_stocks.stmx": {
        "first": [2, 2, 1, 1, 1],
        "second": [3, 0, 0, 0, 0],
        "store room": [5, 1, 0, 0, 0],
        "taken": [0, 5, 7, 8, 9],
        "forth": [3, 3, 2, 2, 2],
        "back": [0, 2, 2, 2, 2],
        "here": [4, 1, 0, 0, 0],
        "sold[north]": [1, 1, 1, 0, 0],
        "sold[south]": [2, 1, 0, 0, 0],
        "herds[south]": [3, 1, 0, 0, 0],
        "fields[north]": [100, 68, 36, 4, -28],
        "fields[south]": [100, 66, 32, -2, -36],
        "houses": [0, 66, 132, 198, 264],
        "ages": [0, 6, 15, 20, 19],
        "growing up": [0, 0, 1, 7, 7],
        "curve": [1, 1, 1, 1, 1],
        "read": [2, 3, 4, 4.5, 5],
        "curves[north]": [0, 1, 2, 3, 4],
        "curves[south]": [0, 1, 2, 3, 4],
        "by region[north]": [5] * 5,
        "by region[south]": [8] * 5,
        "from drawn[south]": [0, 2, 4, 6, 8],
        "in turn[north]": [6] * 5,
        "in turn[south]": [1] * 5,
        "at once[south]": [3] * 5,
        "Works.seen": [22] * 5,
    },
    "stella.stmx": {
        "plain": [-6, -12, 0, 12, 6, 4, 3, 2.4, 2],
        "in a sum": [
            1 + (6 / a if a else 0) - (4 / (a - 1) ** 2 / 2 if a != 1 else 0)
            for a in np.arange(-1, 3.5, 0.5)
        ],
        "signed": [-6, -12, 0, 12, 6, 4, 3, 2.4, 2],
        "compared": [0, 0, 0, 0.5, 0.5, 0.5, 0, 0, 0],
        "every step": [6] * 9,
        "wave": [
            2 * np.sin(np.pi * t / 2) + 3 * np.cos(np.pi * t / 2) for t in np.arange(1, 5.5, 0.5)
        ],
        "counted": [2, 2.5, 3, 3.5, 2, 2.5, 3, 3.5, 2],
        "orders": [1, 1, 2, 2, 6, 6, 24, 24, 120],
        "gamma": [6] * 9,
        "to be said": [NAN] * 9,
    },
    "stella_arrays.stmx": {
        "picked": [9, 7, 5, 9, 7],
        "which": [32] * 5,
        "of a kind[mid coast]": [71, 72, 71, 72, 71],
        "of a place[b]": [92, 72, 52, 92, 72],
        "outside": [91, 71, 51, NAN, NAN],
        "least": [5] * 5,
        "second[b]": [2, 3, 1, 1, 1],
        "held": [0, 1, 2, 2, 2],
        "twice": [6, 7, 9, 12, 16],
        "log": [3] * 5,
    },
    # Saithe has no second point; outside its times nothing is known.
    "data_between_times.mdl": {
        "a year on[cod]": [3, 5, 4, 3, NAN],
        "a year on[saithe]": [15, 20, 25, 30, NAN],
        "later": [5, 5, 3, 3, NAN],
        "earlier": [1, 1, 5, 5, 3],
        "first": [0] * 5,
        "last[saithe]": [4] * 5,
    },
    "modules.xmile": {
        "Stock of Fish.fish": [100, 120, 138, 140.4],
        "fish left": [100, 120, 138, 140.4],
        "Fleet.effort": [0.1, 0.1, 0.2, 0.2],
        "effort": [99, 99, 99, 99],
        "Fleet.Crew.savings": [1, 11, 23, 50.6],
        "income so far": [21, 35, 78.2, 106.76],
        "Stock of Fish.growth[saithe]": [20, 20, 20, 20],
    },
}


# Mean and standard deviation.
RANDOM: dict[str, tuple[float, float]] = {
    "three": (5 / 3, (13 / 18) ** 0.5),
    "steep": (4 / 3, (16 / 18) ** 0.5),
    "life": (6, 5 * (4 / math.pi - 1) ** 0.5),
    "few": (2.5, 2.5**0.5),
    # Only 2 and 3 are left, 2.5/3 of 3 for one of 2.
    "cut few": (2 + 2.5 / 5.5, (3 * 2.5 / 5.5**2) ** 0.5),
    "heads": (1 + 2 * 3, 2 * 2.1**0.5),
}


def test_every_model_is_expected_to_give_something() -> None:
    models = {path.name for path in MODELS.iterdir() if path.is_file()}
    assert models == {*EXPECTED, "distributions.mdl"}


def run(name: str, engine: str) -> pd.DataFrame:
    model = load_model(MODELS / name)
    data = model.run(None, engine=engine, outputs=list(chosen(model.source, None)))
    values = {str(own): array.to_numpy() for own, array in data.data_vars.items()}
    return frame(model.source, data["time"].to_numpy(), values)


@pytest.mark.parametrize("engine", ["fast", "numpy"])
def test_distributions_have_the_mean_and_spread_of_the_manual(engine: str) -> None:
    table = run("distributions.mdl", engine)
    for column, (mean, spread) in RANDOM.items():
        assert abs(table[column].mean() - mean) < 5 * spread / len(table) ** 0.5, column
        assert table[column].std() == pytest.approx(spread, rel=0.05), column
    assert table["cut"].between(0.5, 2).all()
    assert set(table["cut few"]) == {2, 3}


@pytest.mark.parametrize("engine", ["fast", "numpy"])
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_gives_what_the_manual_says(name: str, engine: str) -> None:
    table = run(name, engine)
    for column, expected in EXPECTED[name].items():
        np.testing.assert_allclose(
            table[column], expected, rtol=1e-12, atol=1e-12, err_msg=f"{name}: {column}"
        )
