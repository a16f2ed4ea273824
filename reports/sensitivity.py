"""The folder that `analyze` writes beside a run: tables and figures."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from reports import findings, style
from reports.analysis import Analysis, Cell, Numbers
from reports.figures import convergence, indices, scatter, tornado
from reports.folder import writing
from reports.labels import Labels
from sim.ir import identifier
from sim.scenario import catalogues
from sim.sensitivity.ranking import grades

DRAWN = 3  # outcomes of each scenario that get figures where none are named
SCENARIOS = 4  # that get them then: a dozen figures are looked at, hundreds take minutes
_SOURCE = {
    "en": "Source: Trøndelag value-creation simulator, sweep {run}",
    "nb": "Kilde: Simuleringsmodell for verdiskaping i Trøndelag, gjennomkjøring {run}",
}


def write(
    analysis: Analysis,
    labels: Labels,
    folder: Path,
    *,
    top: int,
    every: bool,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Write tables and figures; the same run gives the same bytes.

    Args:
        analysis: of a run.
        labels: words and number format.
        folder: made where it does not exist.
        top: how many inputs of each outcome go into the table over time.
        every: figures of all outcomes; else of the first few of the first scenarios.
        say: is told how far it is.

    Raises:
        InputError: the folder cannot be written.
    """
    with writing(folder):
        _csv(findings.over_time(analysis), folder / "over_time.csv")
        _csv(findings.by_time(analysis, top), folder / "indices.csv")
        _csv(_research(analysis), folder / "research.csv")
        second = findings.pairs(analysis)
        if second is not None:
            _csv(second, folder / "pairs.csv")
        sentences = [findings.sentence(analysis, cell, labels) for cell in analysis.cells]
        (folder / "findings.txt").write_text("\n".join(sentences) + "\n", "utf-8")
        figures = folder / "figures"
        figures.mkdir(exist_ok=True)
        for cell in _drawn(analysis, every=every):
            say(f"figures: {cell.scenario or 'model'}, {cell.element}")
            _draw(analysis, cell, labels, figures)


def _drawn(analysis: Analysis, *, every: bool) -> Iterator[Cell]:
    """The cells that get figures: those with an answer; else of the first few outcomes one."""
    for scenario in analysis.scenarios if every else analysis.scenarios[:SCENARIOS]:
        cells = [cell for cell in analysis.of(scenario) if np.isfinite(cell.found.importance).any()]
        first = list({cell.outcome: cell for cell in reversed(cells)}.values())[::-1]
        yield from cells if every else first[:DRAWN]


def _draw(analysis: Analysis, cell: Cell, labels: Labels, folder: Path) -> None:
    names, design = findings.called(analysis.design, labels), analysis.design
    title = findings.outcome(cell, labels)
    told = findings.scenario(cell.scenario, labels) + findings.difference(analysis, labels)
    source = _SOURCE[labels.language].format(run=analysis.folder.folder.name)
    own = "-".join(filter(None, (cell.scenario, identifier(cell.element))))
    style.save(
        lambda: tornado.draw(cell.found, names, grades(design), labels, outcome=title,
                             scenario=told, source=source),
        folder / f"tornado-{own}",
    )  # fmt: skip
    style.save(
        lambda: indices.draw(cell.found, analysis.times, names, labels, outcome=title,
                             scenario=told, source=source),
        folder / f"indices-{own}",
    )  # fmt: skip
    every = analysis.converged(cell)
    style.save(
        lambda: convergence.draw(every, names, labels, outcome=title, scenario=told, source=source),
        folder / f"convergence-{own}",
    )
    values, failed = analysis.values(cell)
    last = np.where(failed, np.nan, values[:, -1])
    inputs = _inputs(analysis, cell, names, last)
    if inputs and np.isfinite(last).any():
        unit = labels.unit(cell.outcome, cell.units)
        factor = _factor(cell.outcome)
        style.save(
            lambda: scatter.draw(last * factor, inputs, labels, outcome=title, unit=unit,
                                 scenario=told, year=float(analysis.times[-1]), source=source),
            folder / f"scatter-{own}",
        )  # fmt: skip


def _factor(outcome: str) -> float:
    """What a headline outcome is multiplied by to be shown in the unit that people read."""
    return next(
        (each.factor for each in catalogues().outcomes.values() if each.variable == outcome), 1.0
    )


def _inputs(
    analysis: Analysis, cell: Cell, names: Mapping[str, str], values: Numbers
) -> dict[str, Numbers]:
    """By name: the columns of the inputs that matter most; of a group the one that tells most."""
    table, found = analysis.inputs(), dict[str, Numbers]()
    for at in indices.strongest(cell.found)[: scatter.PANELS]:
        own = cell.found.names[at]
        columns = [
            column
            for factor in analysis.design.factors
            if own in (factor.id, factor.group)
            for column in factor.columns
        ]
        column = max(columns, key=lambda name: _together(table[name].to_numpy(), values))
        shown = names[own] if len(columns) == 1 else column
        found[shown] = table[column].to_numpy(dtype=np.float64)
    return found


def _together(given: Numbers, values: Numbers) -> float:
    """How straight the line is between two columns: the size of their correlation."""
    there = np.isfinite(values)
    one, other = given[there] - given[there].mean(), values[there] - values[there].mean()
    below = math.sqrt(float(one @ one) * float(other @ other))
    return abs(float(one @ other)) / below if below > 0.0 else 0.0


def _research(analysis: Analysis) -> pd.DataFrame:
    """What to research next, by scenario."""
    rows = [
        {"scenario": scenario, "rank": place, "factor": rank.name, "grade": rank.grade,
         "importance": rank.importance, "importance_halfwidth": rank.width,
         "research_score": rank.score}
        for scenario in analysis.scenarios
        for place, rank in enumerate(analysis.ranks(scenario), start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _csv(table: pd.DataFrame, path: Path) -> None:
    path.write_text(table.to_csv(index=False, lineterminator="\n", float_format="%.6g"), "utf-8")


def folder_of(analysis: Analysis, labels: Labels) -> Path:
    """Where an analysis is written if nobody says: in the run's folder, by what was asked."""
    parts = ["analysis", labels.language, analysis.estimator or "", analysis.against]
    name = "-".join(filter(None, parts))
    return analysis.folder.folder / re.sub(r"[^\w.-]", "_", name)
