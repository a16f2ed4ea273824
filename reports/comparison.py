"""Scenarios run and laid beside each other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import xarray as xr

import sim
from reports import frames
from sim.errors import InputError, Problem
from sim.project import shown
from sim.run.model import DEFAULT
from sim.run.single import answer
from sim.scenario import Scenario, load
from sim.scenario.scenario import told
from sim.scenario.schema import Text

AFTER = (4, 8, 15, 25)  # years after the strategy's start


@dataclass(frozen=True)
class Comparison:
    """Runs of one model, the first of which the others are held against.

    Args:
        frame: the long table of all runs (`reports.frames`).
        names: run -> name of its scenario, the baseline first.
        years: the report years, rising.
        start: the year in which the strategy starts.
        identity: short, and the same for the same question to the same model.
    """

    frame: pd.DataFrame
    names: Mapping[str, Text]
    years: tuple[int, ...]
    start: int
    identity: str

    @property
    def baseline(self) -> str:
        """The run that the others are held against."""
        return next(iter(self.names))

    @property
    def others(self) -> tuple[str, ...]:
        """The other runs, in the order asked for."""
        return tuple(self.names)[1:]

    def differences(self) -> pd.DataFrame:
        """Every other run against the baseline in the report years."""
        return frames.differences(self.frame, self.baseline, self.years)


@dataclass(frozen=True)
class Runs:
    """Results of several scenarios of one model.

    Args:
        frame: the long table of all runs (`reports.frames`).
        names: run -> name of its scenario, in the order asked for.
        facts: run -> what its numbers depend on, as plain values.
        start: the year in which the strategy starts.
    """

    frame: pd.DataFrame
    names: Mapping[str, Text]
    facts: Mapping[str, Mapping[str, Any]]
    start: int

    def compare(
        self, runs: Sequence[str] | None = None, years: Sequence[int] | None = None
    ) -> Comparison:
        """Hold runs against the first of them.

        Args:
            runs: which; all when None.
            years: the report years; 4, 8, 15 and 25 years after the start when None.

        Raises:
            InputError: a report year that was not simulated.
        """
        chosen = list(self.names if runs is None else runs)
        usual = [self.start + after for after in AFTER]
        shown_years = tuple(sorted(set(usual if years is None else years)))
        frame = self.frame[self.frame["run"].isin(chosen)]
        frames.at(frame, shown_years)
        question = [[run, self.facts[run]] for run in chosen]
        letters = json.dumps([question, shown_years], sort_keys=True, default=str)
        return Comparison(
            frame,
            {run: self.names[run] for run in chosen},
            shown_years,
            self.start,
            hashlib.sha256(letters.encode()).hexdigest()[:8],
        )


def read(references: Sequence[str]) -> list[Scenario]:
    """The scenarios, in the order asked for.

    Raises:
        InputError: all problems of all scenarios, and scenarios of the same id.
    """
    problems: list[Problem] = []
    found: dict[str, Scenario] = {}
    for reference in references:
        try:
            each = load(reference)
        except InputError as error:
            problems += [problem for problem in error.problems if problem not in problems]
            continue
        if each.id in found:
            sentence = f"two of the scenarios are called '{each.id}'"
            problems.append(Problem("twice", sentence, hint="name each one once"))
        found[each.id] = each
    if problems:
        raise InputError(problems)
    return list(found.values())


def simulate(
    scenarios: Sequence[Scenario], *, say: Callable[[str], None], engine: str | None = None
) -> Runs:
    """Run scenarios, or take their results from disk.

    Args:
        scenarios: at least one; the baseline first.
        say: is told of progress.
        engine: one of `sim.run.model.ENGINES`; the usual one when None.

    Raises:
        InputError: a scenario that does not fit the model, an unknown engine.
    """
    model = sim.load_model()
    # Only what tables and figures show: a run of all variables takes seconds to write and read.
    outcomes = scenarios[0].known.outcomes.values()
    wanted = list(dict.fromkeys(each.variable for each in outcomes))
    datasets: dict[str, xr.Dataset] = {}
    for each in scenarios:
        found = answer(model, each, engine=engine or DEFAULT, outputs=wanted, say=say)
        say(f"{each.id}: {'from' if found.asked_before else 'kept in'} {shown(found.folder)}")
        datasets[each.id] = found.dataset
    return Runs(
        frames.stack(datasets),
        {each.id: each.name for each in scenarios},
        {run: dict(each.attrs) for run, each in datasets.items()},
        scenarios[0].known.years.start,
    )


def worlds(scenarios: Sequence[Scenario]) -> list[list[Scenario]]:
    """Sort scenarios so that only those with the same outside world are held against each other.

    A measure is judged in the world it is taken in: with a price shock, against the same shock
    without the measure.

    Args:
        scenarios: the baseline first.

    Returns:
        Groups, each headed by the scenario it is held against: the baseline and what shares
        its world; for every other world the scenario in it that decides as the baseline does,
        and the rest; last the baseline and those other worlds themselves.
    """
    baseline = scenarios[0]
    by_world: dict[str, list[Scenario]] = {}
    for each in scenarios:
        by_world.setdefault(_values(each, each.known.external), []).append(each)
    home = by_world.pop(_values(baseline, baseline.known.external))
    groups, elsewhere = [home], [baseline]
    decided = _values(baseline, baseline.known.levers)
    for members in by_world.values():
        idle = [each for each in members if _values(each, each.known.levers) == decided]
        elsewhere += idle[:1] or members
        if idle and len(members) > 1:
            groups.append([idle[0], *(each for each in members if each is not idle[0])])
    return [group for group in [*groups, elsewhere] if len(group) > 1]


def _values(scenario: Scenario, handles: Container[str]) -> str:
    """What a scenario sets of some handles, as text that is equal for equal values."""
    chosen = {
        ".".join((name, *cell)): told(value.path)
        for (name, cell), value in scenario.values.items()
        if name in handles
    }
    return json.dumps(chosen, sort_keys=True)
