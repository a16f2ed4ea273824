"""What is in a finished sweep's folder, as arrays and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from sim.errors import InputError, Problem, did_you_mean, wrong
from sim.project import shown
from sim.shapes import Bool, Float64
from sim.store.sweep import FAILED, INPUTS, OUTPUTS, SUMMARY, SweepFolder

TOGETHER = 8  # elements read at once


def times(folder: SweepFolder) -> Float64[np.ndarray, " time"]:
    """The moments that were kept, in the model's unit of time."""
    return np.array(folder.manifest["times"], dtype=np.float64)


def outcomes(folder: SweepFolder) -> dict[str, Mapping[str, Any]]:
    """Of each outcome by id, in the order asked for: name, units, dims, elements (columns)."""
    told = folder.manifest["outcomes"]
    return {own: told[own] for own in folder.question["outputs"]}


def inputs(folder: SweepFolder, *, every: bool = False) -> pd.DataFrame:
    """The members' parameters: a row per member, a column per parameter.

    Args:
        folder: of a finished sweep.
        every: also of members that were asked for and not needed.
    """
    table = _table(folder, INPUTS).set_index("member")
    return table if every else table.iloc[: folder.members]


def failed(folder: SweepFolder) -> pd.DataFrame:
    """The members that left the finite numbers: scenario, member, failed_at, failed_in."""
    return _table(folder, FAILED)


def summary(folder: SweepFolder) -> pd.DataFrame:
    """Count, mean, sd, least, greatest and quantiles by scenario, outcome, element and time.

    Raises:
        InputError: only trajectories were kept; the sweep is not finished; the file is damaged.
    """
    return _table(folder, SUMMARY)


def trajectories(
    folder: SweepFolder, scenario: str, elements: Sequence[str], members: int | None = None
) -> Float64[np.ndarray, "time member element"]:
    """Values of elements (columns of the parts, as the model's text names them) of all members.

    Members that left the finite numbers have their values as they are; see `failed`.

    Args:
        folder: of a sweep.
        scenario: its id.
        elements: of outcomes.
        members: the first ones, where the sweep is not finished; whole parts of them.

    Raises:
        InputError: no such scenario or element; only a summary was kept; the sweep is not
            finished; a part is damaged.
    """
    question = folder.question
    if members is None:
        _finished(folder)
        members = folder.members
    if question["storage"] == "summary":
        hint = "`storage: trajectories` or `both` in the experiment keeps them"
        raise wrong("no-trajectories", "only a summary was kept", file=_shown(folder), hint=hint)
    known = [name for told in outcomes(folder).values() for name in told["elements"]]
    problems = [
        Problem("unknown-element", f"no '{name}' was kept", hint=did_you_mean(name, known))
        for name in elements
        if name not in known
    ]
    if scenario not in question["scenarios"]:
        hint = did_you_mean(scenario, question["scenarios"])
        problems.append(Problem("unknown-scenario", f"no scenario '{scenario}'", hint=hint))
    if problems:
        raise InputError(problems)
    moments = len(folder.manifest["times"])
    values = np.empty((moments, members, len(elements)))
    first = 0
    for part in _parts(folder, scenario, members):
        record, damage = folder.record(part)
        if record is None:
            raise _damaged(folder, damage or f"part {part} is gone")
        table = pq.read_table(folder.path(OUTPUTS, part), columns=list(elements))
        last = first + int(record["members"])
        for place, name in enumerate(elements):
            column = table.column(name).to_numpy()
            values[:, first:last, place] = column.reshape(moments, last - first)
        first = last
    return values


def each(
    folder: SweepFolder,
    scenario: str,
    elements: Sequence[str],
    members: int | None = None,
    *,
    against: str = "",
) -> Iterator[tuple[str, Float64[np.ndarray, "member time"]]]:
    """Elements one after the other, a few of them read at once.

    Args:
        folder: of a sweep.
        scenario: its id.
        elements: as for `trajectories`; likewise `members`.
        members: the first ones.
        against: a scenario whose values are taken off, member by member; "" for none.

    Raises:
        InputError: as for `trajectories`.
    """
    for first in range(0, len(elements), TOGETHER):
        some = elements[first : first + TOGETHER]
        values = trajectories(folder, scenario, some, members)
        if against:
            with np.errstate(invalid="ignore"):  # of members that failed under both
                values -= trajectories(folder, against, some, members)
        for place, name in enumerate(some):
            yield name, np.ascontiguousarray(values[:, :, place].T)


def _parts(folder: SweepFolder, scenario: str, members: int) -> list[int]:
    """The parts of a scenario that hold the first members."""
    scenarios: list[str] = folder.question["scenarios"]
    parts = folder.needed(members)
    each, place = len(parts) // len(scenarios), scenarios.index(scenario)
    return parts[place * each : (place + 1) * each]


def left(folder: SweepFolder, scenario: str, members: int) -> Bool[np.ndarray, " member"]:
    """Which of the first members left the finite numbers; of a sweep that is not finished."""
    gone = np.zeros(members, dtype=bool)
    for part in _parts(folder, scenario, members):
        record, damage = folder.record(part)
        if record is None:
            raise _damaged(folder, damage or f"part {part} is gone")
        gone[[row for row, *_ in record["failed"]]] = True
    return gone


def _table(folder: SweepFolder, own: str) -> pd.DataFrame:
    _finished(folder)
    if own not in folder.manifest["sha256"]:
        hint = "`storage: summary` or `both` in the experiment makes it"
        raise wrong("no-summary", f"there is no {own}", file=_shown(folder), hint=hint)
    if own in folder.damaged():
        raise _damaged(folder, f"{own} is not what was written")
    return pd.read_parquet(folder.folder / own)


def _finished(folder: SweepFolder) -> None:
    if not folder.whole:
        hint = "start `trondelag sweep` again to go on"
        raise wrong("unfinished", "the sweep is not finished", file=_shown(folder), hint=hint)


def _damaged(folder: SweepFolder, said: str) -> InputError:
    hint = "start `trondelag sweep` again to make it anew"
    return wrong("damaged", said, file=_shown(folder), hint=hint)


def _shown(folder: SweepFolder) -> str:
    return shown(folder.folder)
