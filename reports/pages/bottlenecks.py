"""Which limit binds, when: the share of worlds in which what is used has reached what there is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reports.labels import Language
from reports.pages.futures import Futures
from sim.shapes import Float64

FILE = Path(__file__).with_name("limits.csv")
REACHED = 1.0 - 1e-6  # of the limit: at a limit, `MIN` gives the limit itself


@dataclass(frozen=True)
class Limit:
    """Something that may be scarce.

    Args:
        id: its id.
        used: variable that stops growing.
        limit: variable that holds it.
        words: what it means when the limit is reached, by language.
    """

    id: str
    used: str
    limit: str
    words: dict[Language, str]


@dataclass(frozen=True, eq=False)
class Binding:
    """How often a limit binds.

    Args:
        limit: which.
        share: [scenario, year] share of worlds (of elements too, where it has several).
    """

    limit: Limit
    share: Float64[np.ndarray, "scenario year"]


def limits(path: Path = FILE) -> list[Limit]:
    """The limits that are looked at."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Limit(row["id"], row["used"], row["limit"], {"en": row["en"], "nb": row["nb"]})
            for row in csv.DictReader(file)
        ]


def bindings(futures: Futures) -> list[Binding]:
    """Of every limit whose variables were kept, how often it binds."""
    found: list[Binding] = []
    for each in limits():
        if not (futures.has(each.used) and futures.has(each.limit)):
            continue
        elements = futures.elements(each.used)
        if elements != futures.elements(each.limit):
            continue
        bound = [
            futures.values[each.used, one] >= REACHED * futures.values[each.limit, one]
            for one in elements
        ]
        found.append(Binding(each, np.mean(bound, axis=(0, 2))))
    return found
