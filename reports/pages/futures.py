"""A sweep as the page sees it: the same worlds under every scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import wrong
from sim.ir import identifier
from sim.plan import Design
from sim.project import shown
from sim.scenario import catalogues
from sim.scenario.catalogues import Catalogues, Outcome
from sim.scenario.schema import Text
from sim.shapes import Float64, Int64
from sim.store import reading
from sim.store.sweep import SweepFolder

Paths = Float64[np.ndarray, "scenario world year"]
Band = Float64[np.ndarray, "*rest quantile"]

QUANTILES = (5.0, 25.0, 50.0, 75.0, 95.0)
FEWEST = 20  # worlds: of fewer no 90 per cent interval can be told
AFTER = (4, 8, 15, 25)  # years after the strategy's start


@dataclass(frozen=True, eq=False)
class Futures:
    """Worlds (members of a sweep) under scenarios, the one compared with first.

    Only worlds that finished under every scenario are in it.

    Args:
        folder: of the sweep.
        scenarios: ids; the first is what the others are held against.
        names: what they are called.
        stories: what they are about.
        merged: scenario → the whole of it, as the manifest has it.
        years: whole years, rising.
        worlds: numbers of the members, rising.
        left_out: how many members failed under at least one scenario.
        known: the catalogues.
        values: (variable, element) → paths, in the model's units; element "" for a scalar.
        units: variable → the model's unit.
    """

    folder: SweepFolder
    scenarios: tuple[str, ...]
    names: Mapping[str, Text]
    stories: Mapping[str, Text]
    merged: Mapping[str, Mapping[str, Any]]
    years: Int64[np.ndarray, " year"]
    worlds: Int64[np.ndarray, " world"]
    left_out: int
    known: Catalogues
    values: Mapping[tuple[str, str], Paths] = field(repr=False)
    units: Mapping[str, str]

    @property
    def baseline(self) -> str:
        """What the others are held against."""
        return self.scenarios[0]

    @property
    def others(self) -> tuple[str, ...]:
        """The programmes."""
        return self.scenarios[1:]

    @property
    def identity(self) -> str:
        """Short, and the same for the same question to the same model."""
        return str(self.folder.manifest["identity"])[:12]

    @property
    def start(self) -> int:
        """The year in which the strategy starts."""
        return self.known.years.start

    @property
    def report_years(self) -> tuple[int, ...]:
        """4, 8, 15 and 25 years after the start, as far as they were kept."""
        return tuple(y for a in AFTER if (y := self.start + a) in self.years)

    @property
    def horizon(self) -> int:
        """The last of the report years: where sums of money and final results are taken."""
        return self.report_years[-1] if self.report_years else int(self.years[-1])

    @cached_property
    def design(self) -> Design:
        """How the worlds were drawn."""
        return Design.of(self.folder.question["design"])

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """What differs between the worlds: a row per world, a column per input."""
        return reading.inputs(self.folder).loc[self.worlds]

    @cached_property
    def ranks(self) -> Float64[np.ndarray, "world input"]:
        """The inputs' ranks among the worlds, with mean 0 and length 1."""
        return standard(self.inputs.rank().to_numpy(dtype=np.float64))

    def place(self, scenario: str) -> int:
        """The position of a scenario."""
        return self.scenarios.index(scenario)

    def at(self, year: int) -> int:
        """The position of a year."""
        return int(np.searchsorted(self.years, year))

    def has(self, variable: str) -> bool:
        """Whether the sweep kept a variable."""
        return variable in self.units

    def elements(self, variable: str) -> tuple[str, ...]:
        """Ids of a variable's elements; ("",) of a scalar."""
        return tuple(element for own, element in self.values if own == variable)

    def paths(self, variable: str, element: str = "") -> Paths:
        """Values, in the unit people read where the variable is one of the headline results."""
        outcome = self.outcome(variable)
        factor = outcome.factor if outcome else 1.0
        return self.values[variable, element] * factor

    def gaps(self, variable: str, element: str = "") -> Paths:
        """What every scenario has more than the first, world by world."""
        found = self.paths(variable, element)
        return found - found[:1]

    def outcome(self, variable: str) -> Outcome | None:
        """The headline result that a variable is."""
        return next((o for o in self.known.outcomes.values() if o.variable == variable), None)

    def scalars(self) -> tuple[str, ...]:
        """Variables of headline results that are one number, in the catalogue's order."""
        kept = [o.variable for o in self.known.outcomes.values() if self.has(o.variable)]
        return tuple(name for name in kept if (name, "") in self.values)


def band(values: Float64[np.ndarray, "*rest world"]) -> Band:
    """Quantiles over the worlds, the last axis: `QUANTILES`."""
    return np.moveaxis(np.percentile(values, QUANTILES, axis=-1), 0, -1)


def standard(values: Float64[np.ndarray, "world input"]) -> Float64[np.ndarray, "world input"]:
    """With mean 0 and length 1; 0 where nothing varies."""
    centred = values - values.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    return centred / np.where(length > 0, length, 1.0)


def read(folder: SweepFolder, baseline: str | None = None) -> Futures:
    """A finished sweep.

    Args:
        folder: of the sweep; its trajectories were kept.
        baseline: what the others are held against; `baseline` or the first when None.

    Raises:
        InputError: it has one scenario only, or not this one; its worlds are too few; only a
            summary was kept; damaged files.
    """
    scenarios: list[str] = list(folder.question["scenarios"])
    first = baseline or ("baseline" if "baseline" in scenarios else scenarios[0])
    problem = ""
    if first not in scenarios:
        problem = f"the sweep has no scenario '{first}'"
    elif len(scenarios) < 2 or "" in scenarios:
        problem = "a page compares scenarios, and the sweep has one only"
    if problem:
        raise wrong("no-comparison", problem, file=shown(folder.folder))
    scenarios = [first, *(each for each in scenarios if each != first)]
    table = reading.failed(folder)
    members = folder.members
    gone = np.zeros(members, dtype=bool)
    gone[table["member"].to_numpy(dtype=np.int64)] = True
    worlds = np.flatnonzero(~gone).astype(np.int64)
    if len(worlds) < FEWEST:
        said = f"only {len(worlds)} members finished under every scenario"
        hint = f"a page needs {FEWEST} or more"
        raise wrong("too-few-worlds", said, file=shown(folder.folder), hint=hint)
    times = reading.times(folder)
    whole = np.flatnonzero(np.abs(times - np.round(times)) < 1e-6)
    told = reading.outcomes(folder)
    merged = folder.manifest["scenarios"]
    return Futures(
        folder=folder,
        scenarios=tuple(scenarios),
        names={own: Text.model_validate(merged[own]["name"]) for own in scenarios},
        stories={
            own: Text.model_validate(merged[own]["story"])
            for own in scenarios
            if "story" in merged[own]
        },
        merged=merged,
        years=np.round(times[whole]).astype(np.int64),
        worlds=worlds,
        left_out=int(gone.sum()),
        known=catalogues(),
        values=_values(folder, scenarios, told, whole, worlds),
        units={own: str(one["units"]) for own, one in told.items()},
    )


def _values(
    folder: SweepFolder,
    scenarios: Sequence[str],
    told: Mapping[str, Mapping[str, Any]],
    whole: Int64[np.ndarray, " year"],
    worlds: Int64[np.ndarray, " world"],
) -> dict[tuple[str, str], Paths]:
    """All that was kept, each element on its own."""
    columns = [(own, str(name)) for own, one in told.items() for name in one["elements"]]
    found = {
        (own, _element(name)): np.empty((len(scenarios), len(worlds), len(whole)))
        for own, name in columns
    }
    for at, scenario in enumerate(scenarios):
        values = reading.trajectories(folder, scenario, [name for _, name in columns])
        apart = np.ascontiguousarray(values.transpose(2, 1, 0))
        for place, key in enumerate(found):
            found[key][at] = apart[place][worlds][:, whole]
    return found


def _element(name: str) -> str:
    """`jobs[Ocean technology, Districts]` → `ocean_technology,districts`."""
    _, _, labels = name.partition("[")
    parts = [part for part in labels.removesuffix("]").split(",") if part]
    return ",".join(identifier(part) for part in parts)
