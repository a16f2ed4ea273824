"""A sweep on disk → indices of every outcome under every scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean, wrong
from sim.ir import identifier
from sim.plan import Design
from sim.project import RUNS, shown
from sim.sensitivity import Indices, Rank, Sample, convergence, enough, indices, ranked
from sim.sensitivity.guard import needs_inputs
from sim.store import reading
from sim.store.sweep import SweepFolder, open_sweep

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cell:
    """One outcome under one scenario.

    Args:
        scenario: its id; "" for the model as its text has it.
        outcome: id of the variable.
        element: as the text names it, `jobs[fish]`.
        units: the model's.
        found: its indices.
    """

    scenario: str
    outcome: str
    element: str
    units: str
    found: Indices


@dataclass(frozen=True, eq=False)
class Analysis:
    """What was found in a sweep.

    Args:
        folder: of the sweep.
        sample: its design, with the sample.
        times: moments, in the model's unit of time.
        against: the scenario whose values were taken off, or "".
        cells: scenario by scenario, outcomes in the order asked for.
        estimator: the one asked for in place of the design's own, or None.
    """

    folder: SweepFolder
    sample: Sample
    times: Numbers
    against: str
    cells: Sequence[Cell]
    estimator: str | None = None
    _ranks: dict[str, list[Rank]] = field(default_factory=dict[str, list[Rank]])

    @property
    def design(self) -> Design:
        """How the members were sampled."""
        return self.sample.design

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Those analysed."""
        return tuple(dict.fromkeys(cell.scenario for cell in self.cells))

    def of(self, scenario: str) -> list[Cell]:
        """The cells of a scenario."""
        return [cell for cell in self.cells if cell.scenario == scenario]

    def ranks(self, scenario: str) -> list[Rank]:
        """What to research next, over all outcomes of a scenario."""
        if scenario not in self._ranks:
            found = [cell.found for cell in self.of(scenario)]
            self._ranks[scenario] = ranked(self.design, found)
        return self._ranks[scenario]

    def enough(self) -> tuple[bool, float, int] | None:
        """Whether the experiment's stop rule is met, the widest interval, and the n it needs."""
        found = {f"{cell.scenario} {cell.element}": cell.found for cell in self.cells}
        return enough(self.design, found, self.folder.members)

    def inputs(self) -> pd.DataFrame:
        """The members' parameters."""
        return reading.inputs(self.folder)

    def values(self, cell: Cell) -> tuple[Numbers, NDArray[np.bool_]]:
        """The outcome of a cell, [member, time], and which members failed."""
        found = reading.each(self.folder, cell.scenario, [cell.element], against=self.against)
        ((_, values),) = found
        return values, _lost(self.folder, cell.scenario, self.against)

    def converged(self, cell: Cell) -> list[Indices]:
        """The indices from more and more members."""
        values, failed = self.values(cell)
        return convergence(self.sample, values, failed, estimator=self.estimator)


def find(name: str, runs: Path | None = None) -> SweepFolder:
    """The finished sweep meant by a folder, its name among the runs, or an experiment's id.

    Raises:
        InputError: there is none, or several; it is not finished.
    """
    runs = RUNS if runs is None else runs
    for place in (Path(name), runs / name):
        if place.is_dir():
            return _whole(open_sweep(place))
    label = identifier(name)
    found = [
        sweep
        for place in sorted(runs.glob(f"{label}-*"))
        if (sweep := _sweep(place)) is not None and sweep.manifest.get("label") == name
    ]
    done = [sweep for sweep in found if sweep.whole]
    if len(done) == 1:
        return done[0]
    if done:
        each = ", ".join(shown(sweep.folder) for sweep in done)
        raise wrong("several-runs", f"there are several sweeps of '{name}'", hint=f"name {each}")
    if found:
        return _whole(found[0])
    known = [place.name for place in runs.glob("*") if _sweep(place) is not None]
    hint = did_you_mean(name, known) or "`trondelag sweep EXPERIMENT` makes one"
    raise wrong("no-run", f"there is no sweep '{name}'", hint=hint)


def analyse(
    folder: SweepFolder,
    outcomes: Sequence[str] = (),
    *,
    against: str = "",
    estimator: str | None = None,
    failed: str | None = None,
    at_most: float | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Analysis:
    """Indices of the outcomes of a sweep.

    Args:
        folder: of a finished sweep that kept its trajectories.
        outcomes: ids of variables or elements (`jobs[fish]`); () for all that was kept.
        against: a scenario: the other scenarios' difference from it is analysed, member by
            member (they are the same members).
        estimator: `given_data` in place of the design's own.
        failed: what to do with failed members, in place of what the experiment says.
        at_most: the share of members or blocks that may be left out, likewise.
        say: is told how far it is.

    Raises:
        InputError: unknown names, members failed and may not be left out, damaged files.
    """
    design = Design.of(folder.question["design"])
    design = replace(
        design,
        failed=failed or design.failed,
        at_most=design.at_most if at_most is None else at_most,
    )
    scenarios: list[str] = list(folder.question["scenarios"])
    chosen = _chosen(folder, outcomes)
    if against:
        if against not in scenarios:
            hint = did_you_mean(against, scenarios) or f"there are {', '.join(scenarios)}"
            raise wrong("unknown-scenario", f"the sweep has no scenario '{against}'", hint=hint)
        scenarios.remove(against)
        if not scenarios:
            raise wrong("one-scenario", "the sweep has no other scenario to compare with it")
    sample = Sample.of(design, _columns(folder) if needs_inputs(design) else None)
    sample = sample.first(folder.members)
    cells: list[Cell] = []
    for scenario in scenarios:
        lost = _lost(folder, scenario, against)
        elements = [element for _, element, _ in chosen]
        each = reading.each(folder, scenario, elements, against=against)
        for (own, element, units), (_, values) in zip(chosen, each, strict=True):
            say(f"{scenario or 'model'}: {element}")
            found = indices(sample, values, lost, estimator=estimator)
            cells.append(Cell(scenario, own, element, units, found))
    return Analysis(folder, sample, reading.times(folder), against, cells, estimator)


def _columns(folder: SweepFolder) -> dict[str, Numbers]:
    """The members' parameters by column."""
    table = reading.inputs(folder, every=True)
    return {str(name): table[name].to_numpy(dtype=np.float64) for name in table.columns}


def _lost(folder: SweepFolder, scenario: str, against: str) -> NDArray[np.bool_]:
    """Which members failed under any scenario used."""
    table = reading.failed(folder)
    used = [scenario, against] if against else [scenario]
    failed = np.zeros(folder.members, dtype=bool)
    failed[table.loc[table["scenario"].isin(used), "member"].to_numpy(dtype=np.int64)] = True
    return failed


def _chosen(folder: SweepFolder, asked: Sequence[str]) -> list[tuple[str, str, str]]:
    """Of each outcome asked for: id of the variable, element, units."""
    known = reading.outcomes(folder)
    every = list(_elements(known))
    if not asked:
        return every
    problems: list[Problem] = []
    chosen: dict[tuple[str, str, str], None] = {}
    for name in asked:
        plain = identifier(name)
        mine = [one for one in every if plain in (one[0], identifier(one[1]))]
        if not mine:
            hint = did_you_mean(plain, [*known, *(element for _, element, _ in every)])
            hint = hint or f"kept were {', '.join(known)}"
            said = f"the sweep kept no outcome '{name}'"
            problems.append(Problem("unknown-outcome", said, hint=hint))
        chosen |= dict.fromkeys(mine)
    if problems:
        raise InputError(problems)
    return list(chosen)


def _elements(known: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, str, str]]:
    for own, told in known.items():
        elements = told["elements"]
        assert isinstance(elements, list)  # noqa: S101 -- as the store writes it
        for element in elements:
            yield own, str(element), str(told["units"])


def _whole(sweep: SweepFolder) -> SweepFolder:
    if not sweep.whole:
        hint = "start `trondelag sweep` again to go on"
        raise wrong("unfinished", "the sweep is not finished", file=shown(sweep.folder), hint=hint)
    return sweep


def _sweep(place: Path) -> SweepFolder | None:
    try:
        return open_sweep(place)
    except InputError:
        return None
