"""Names of the model's constants for planners: `inputs.csv` has those that come up most."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("inputs.csv")


@cache
def names() -> Mapping[str, Mapping[str, str]]:
    """Variable → language → name."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: {"en": row["en"], "nb": row["nb"]} for row in csv.DictReader(file)}
