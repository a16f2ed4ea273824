"""Observations and their errors as arrays: what a likelihood and a score need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.observation import Errors, Observation, SeriesModel
from calibration.targets import parts
from sim.errors import InputError, Problem, did_you_mean
from sim.ir import identifier
from sim.run.columns import names, place
from sim.shapes import Bool, Float64
from sim.source import Source

FIRST = 2008  # of the model
Rows = Float64[np.ndarray, " row"]


@dataclass(frozen=True, eq=False)
class Series:
    """One series: what was observed, and with what errors.

    Args:
        outcome: id of the variable.
        element: label, or "".
        columns: the elements' names in the model's text; added up.
        shares: of each element, how much of it is counted.
        headline: whether the fit is judged by it.
        own: whether it has an entry of its own in the observation model.
        scale: log or linear.
        years: of each row; of two-year means the second.
        sources: of each row.
        definitions: of each row: what shares a level.
        observed: in the model's unit.
        measured: in the unit of the errors: logarithms, or as observed.
        weights: of the years that a row is the mean of.
        covariance: of all rows' errors, before the factor that the fit learns.
        held: rows later than the fit, which are only scored.
        errors: the sizes that the covariance was made of.
        figures: years of the figures that the rows are means of.
        counted: of each figure, its definition.
        means: the rows as means of the figures.
    """

    outcome: str
    element: str
    columns: tuple[str, ...]
    shares: tuple[float, ...]
    headline: bool
    own: bool
    scale: str
    years: Rows
    sources: tuple[str, ...]
    definitions: tuple[str, ...]
    observed: Rows
    measured: Rows
    weights: Float64[np.ndarray, "row time"]
    covariance: Float64[np.ndarray, "row row"]
    held: Bool[np.ndarray, " row"]
    errors: Errors
    figures: Float64[np.ndarray, " figure"]
    counted: tuple[str, ...]
    means: Float64[np.ndarray, "row figure"]

    @property
    def name(self) -> str:
        """As a person may call it."""
        return f"{self.outcome}[{self.element}]" if self.element else self.outcome

    def predicted(
        self,
        paths: Float64[np.ndarray, "time member outcome"],
        positions: Mapping[str, int],
    ) -> Float64[np.ndarray, "member row"]:
        """What runs say of each row, in the unit of the errors; rows beyond their end are NaN."""
        path = self.shares[0] * paths[:, :, positions[self.columns[0]]]
        for column, share in zip(self.columns[1:], self.shares[1:], strict=True):
            path += share * paths[:, :, positions[column]]
        reach = min(len(path), self.weights.shape[1])
        inside = ~np.any(self.weights[:, reach:] != 0.0, axis=1)
        told = np.full((path.shape[1], len(self.years)), np.nan)
        with np.errstate(invalid="ignore"):  # of a member that left the finite numbers
            told[:, inside] = (self.weights[inside, :reach] @ path[:reach]).T
        if self.scale == "log":
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.log(told)
        return told


@dataclass(frozen=True, eq=False)
class Evidence:
    """All series.

    Args:
        series: those with at least one row.
        outcomes: ids of the variables that they are compared with.
        times: the years of a run, from the model's first to the last one observed.
        fit_until: last year that the fit sees.
        degrees: degrees of freedom of the errors' factor.
        left_out: sentences about rows that are not used.
    """

    series: tuple[Series, ...]
    outcomes: tuple[str, ...]
    times: tuple[float, ...]
    fit_until: int
    degrees: float
    left_out: tuple[str, ...]

    @property
    def fitted(self) -> tuple[Series, ...]:
        """Series of which the fit sees at least one row."""
        return tuple(each for each in self.series if not each.held.all())


def gather(
    history: pd.DataFrame,
    said: Observation,
    source: Source,
    *,
    only: Sequence[str] = (),
) -> Evidence:
    """Put the history and its observation model together.

    Args:
        history: as from `targets.load`.
        said: as from `observation.load`.
        source: the model.
        only: ids of outcomes to use; all where empty.

    Raises:
        InputError: outcomes or elements that the model lacks; series without rows; nothing to fit.
    """
    problems: list[Problem] = []
    keys = list(dict.fromkeys(zip(history["outcome"], history["element"], strict=True)))
    for entry in said.series:
        if (entry.outcome, entry.element) not in keys:
            sentence = f"'{entry.outcome}' '{entry.element}' has no row in the history"
            problems.append(Problem("no-observations", sentence.replace(" ''", "")))
    known = [outcome for outcome, _ in keys]
    problems += [
        Problem(
            "unknown-target", f"nothing was observed of '{each}'", hint=did_you_mean(each, known)
        )
        for each in only
        if each not in known
    ]
    keys = [key for key in keys if not only or key[0] in only]
    last = float(history["year"].max())
    times = tuple(np.arange(float(FIRST), last + 1.0).tolist())
    left_out: list[str] = []
    series: list[Series] = []
    for outcome, element in keys:
        columns = _columns(outcome, element, source, problems)
        entry = said.of(outcome, element)
        mine = history[(history["outcome"] == outcome) & (history["element"] == element)]
        if entry is not None:
            strange = sorted(set(mine["source_id"]) - set(entry.source_id))
            if strange:
                left_out.append(
                    f"{outcome} {element}: sources {', '.join(strange)}".replace("  ", " ")
                )
                mine = mine[mine["source_id"].isin(entry.source_id)]
        if not columns:
            continue
        made = _series(mine, entry or said.others, entry, (outcome, element), columns, said, times)
        if made is None:
            left_out.append(f"{outcome} {element}: no year within the run")
        else:
            series.append(made)
    if not problems and all(each.held.all() for each in series):
        problems.append(Problem("nothing-to-fit", f"no observation until {said.fit_until}"))
    if problems:
        raise InputError(problems)
    return Evidence(
        tuple(series),
        tuple(dict.fromkeys(each.outcome for each in series)),
        times,
        said.fit_until,
        said.degrees,
        tuple(left_out),
    )


def scalar(
    history: pd.DataFrame, said: Observation, outcome: str, times: Sequence[float]
) -> Series | None:
    """The series of a variable without elements; None where it has no entry or no figure.

    Args:
        history: as from `targets.load`.
        said: as from `observation.load`.
        outcome: id of the variable.
        times: the years of a run.
    """
    entry = said.of(outcome, "")
    if entry is None:
        return None
    mine = history[(history["outcome"] == outcome) & (history["element"] == "")]
    mine = mine[mine["source_id"].isin(entry.source_id) & (mine["year"] <= times[-1])]
    return (
        _series(mine, entry, entry, (outcome, ""), (outcome,), said, times) if len(mine) else None
    )


def _columns(
    outcome: str, element: str, source: Source, problems: list[Problem]
) -> tuple[str, ...]:
    """Names of the elements that are added up; none where there is a problem."""
    variable = source.variables.get(outcome)
    if variable is None:
        hint = did_you_mean(outcome, list(source.variables))
        problems.append(Problem("unknown-outcome", f"the model has no '{outcome}'", hint=hint))
        return ()
    columns = names(variable, source.subscripts)
    if not variable.dims and not element:
        return (columns[0],)
    found: list[str] = []
    for part, _ in parts(element):
        position = place(variable, source.subscripts, f"{identifier(part)}]") if part else None
        if position is None:
            sentence = f"'{outcome}' has no element '{part}'"
            problems.append(
                Problem("unknown-element", sentence, hint=did_you_mean(part, list(columns)))
            )
            return ()
        found.append(columns[position])
    return tuple(found)


def _series(
    rows: pd.DataFrame,
    errors: Errors,
    entry: SeriesModel | None,
    key: tuple[str, str],
    columns: tuple[str, ...],
    said: Observation,
    times: Sequence[float],
) -> Series | None:
    rows = rows.sort_values(["source_id", "year"])
    years = rows["year"].to_numpy(dtype=np.float64)
    sources = rows["source_id"].tolist()
    values = rows["value"].to_numpy(dtype=np.float64)
    grades = said.grades.model_dump()
    size = np.array([errors.error * grades[grade] for grade in rows["grade"]])
    if errors.scale == "log":
        bad = values <= 0.0
        if bad.any():
            sentence = (
                f"'{key[0]}' was observed as {values[bad][0]:g}; on a log scale it is positive"
            )
            raise InputError([Problem("not-positive", sentence, hint="use `scale: linear`")])
    means, weights = _means(years, sources, errors.mean_of, times)
    if len(means) == 0:
        return None
    breaks = np.array(sorted(entry.breaks if entry else ()), dtype=np.float64)
    spell = np.searchsorted(breaks, years, side="right")
    counted = [
        f"{entry.definition_of(each) if entry else each} {part}"
        for each, part in zip(sources, spell, strict=True)
    ]
    same = np.array([[one == other for other in counted] for one in counted])
    apart = np.abs(years[:, None] - years[None, :])
    raw = (
        np.diag(size**2) + errors.level**2 * same + errors.drift**2 * np.exp(-apart / errors.memory)
    )
    observed = means @ values
    last = np.array([years[row > 0.0].max() for row in means])
    return Series(
        outcome=key[0],
        element=key[1],
        columns=columns,
        shares=tuple(share for _, share in parts(key[1])),
        headline=bool(entry and entry.headline),
        own=entry is not None,
        scale=errors.scale,
        years=last,
        sources=tuple(sources[int(np.flatnonzero(row > 0.0)[-1])] for row in means),
        definitions=tuple(counted[int(np.flatnonzero(row > 0.0)[-1])] for row in means),
        observed=observed,
        measured=np.log(observed) if errors.scale == "log" else observed,
        weights=weights,
        # of a mean of logarithms; that of the mean itself differs in the second order
        covariance=means @ raw @ means.T,
        held=last > said.fit_until,
        errors=errors,
        figures=years,
        counted=tuple(counted),
        means=means,
    )


def _means(
    years: Rows, sources: Sequence[str], of: int, times: Sequence[float]
) -> tuple[Float64[np.ndarray, "mean row"], Float64[np.ndarray, "mean time"]]:
    """Which figures, and which years of a run, each row is the mean of."""
    means: list[Rows] = []
    weights: list[Rows] = []
    first = times[0]
    for position, year in enumerate(years):
        if year < first:
            continue
        wanted = [year - back for back in range(of)]
        places = [
            place
            for place, each in enumerate(years)
            if each in wanted and sources[place] == sources[position]
        ]
        if len(places) < of:  # the year before was not observed
            continue
        row = np.zeros(len(years))
        row[places] = 1.0 / of
        inside = [each for each in wanted if each >= first]  # the first year stands for itself
        told = np.zeros(len(times))
        for each in inside:
            told[round(each - first)] = 1.0 / len(inside)
        means.append(row)
        weights.append(told)
    if not means:
        return np.zeros((0, len(years))), np.zeros((0, len(times)))
    return np.array(means), np.array(weights)
