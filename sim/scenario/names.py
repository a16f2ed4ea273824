"""What every constant and everything that may be set is called, in both languages.

`scenarios/inputs.csv` has a row for every constant; those that a scenario may set have theirs in
`scenarios/levers.yaml`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from sim.project import SCENARIOS
from sim.scenario.catalogues import catalogues

FILE = SCENARIOS / "inputs.csv"


@cache
def names() -> Mapping[str, Mapping[str, str]]:
    """Variable → language → name."""
    known = catalogues()
    levers = {
        each.variable: {"en": each.name.said("en"), "nb": each.name.said("nb")}
        for each in {**known.levers, **known.external}.values()
    }
    return listed() | levers


def listed() -> dict[str, Mapping[str, str]]:
    """The rows of `inputs.csv`."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: {"en": row["en"], "nb": row["nb"]} for row in csv.DictReader(file)}
