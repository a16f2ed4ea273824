"""A sweep, part by part: what is missing is computed and kept."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim import project, store
from sim.errors import InputError, StoppedError
from sim.project import shown
from sim.run import summary
from sim.run.executors import Executor
from sim.run.order import Sweep, ids
from sim.run.progress import Progress
from sim.run.work import SKETCHES, Piece
from sim.store import parquet
from sim.store.files import Content, sweep_up
from sim.store.lock import alone
from sim.store.sweep import BUNDLE, FAILED, INPUTS, SUMMARY, SweepFolder


@dataclass(frozen=True)
class Swept:
    """What came of a sweep.

    Args:
        folder: where it is kept.
        runs: how many members under how many scenarios ran, multiplied.
        failed: how many left the finite numbers, by scenario.
        examples: the first few of them, in words.
        asked_before: whether all was on disk.
        over: whether more failed than the limit allows; then the sweep may have stopped.
        asked: how many runs there would have been, had fewer not been enough.
    """

    folder: SweepFolder
    runs: int
    failed: Mapping[str, int]
    examples: Sequence[str]
    asked_before: bool
    over: bool
    asked: int


Enough = Callable[[SweepFolder, int], Mapping[str, Any] | None]
"""Whether so many members, which are there, are enough: why, for the manifest, or None."""


def run(
    sweep: Sweep,
    executor: Executor,
    *,
    runs: Path | None = None,
    progress: Callable[[int], Progress] | None = None,
    say: Callable[[str], None] = lambda _: None,
    enough: Enough = lambda _, __: None,
) -> Swept:
    """Do what is missing, and keep it.

    Args:
        sweep: what is asked.
        executor: where it is computed.
        runs: the folder of all runs; None for this repository's.
        progress: makes a bar for so many members.
        say: is told what was found, damaged, or is done anew.
        enough: is asked after every stage but the last; the same members, the same answer.

    Raises:
        InputError: the folder cannot be written, another process is at work on the same.
        StoppedError: the disk is full, workers cannot be reached or died; what is done is kept.
    """
    runs = project.RUNS if runs is None else runs
    contents = {BUNDLE: sweep.bundle.packed, INPUTS: sweep.inputs}
    facts = {**sweep.facts, "parts": sweep.parts}
    folder = store.begin(sweep.label, sweep.question, contents, facts, runs)
    records, missing = _there(folder, say)
    if folder.whole and not missing:
        gone = list(folder.damaged())
        if not gone:
            return _swept(sweep, folder, records, asked_before=True)
        say(f"{shown(folder.folder)}: {', '.join(gone)} damaged; made again")
    with alone(folder.folder) as held:
        if held:
            sweep_up(folder.folder)
        if len(missing) == sweep.parts:
            for other in store.others(sweep.label, sweep.question, runs):
                say(_other(other, sweep.question))
        else:
            done = sweep.parts - len(missing)
            say(f"{shown(folder.folder)}: {done:,} of {sweep.parts:,} parts are there; going on")
        bar = progress(sum(len(sweep.task(part).values) for part in missing)) if progress else None
        stopped: Mapping[str, Any] | None = None
        try:
            for members in sweep.stages:
                todo = [part for part in folder.needed(members) if part not in records]
                with closing(_pieces(sweep, executor, todo)) as pieces:
                    for piece in pieces:
                        record = {"members": piece.members, "failed": piece.failed}
                        folder.keep(piece.part, piece.contents, record)
                        records[piece.part] = record
                        if bar:
                            bar.advance(piece.members)
                        if _failures(records) > sweep.limit * sweep.runs:
                            return _swept(sweep, folder, records, asked_before=False)
                if members < sweep.members and (stopped := enough(folder, members)) is not None:
                    break
            folder = _finished(sweep, folder, records, stopped)
        except InputError as error:
            raise StoppedError(error.problems) from error
        finally:
            if bar:
                bar.end()
    return _swept(sweep, folder, records, asked_before=False)


def _finished(
    sweep: Sweep,
    folder: SweepFolder,
    records: Mapping[int, Mapping[str, Any]],
    stopped: Mapping[str, Any] | None,
) -> SweepFolder:
    """The folder with what is made of all parts, and why it ended early, if it did."""
    members = None if stopped is None else int(stopped["members"])
    parts = folder.needed(members)
    records = {part: records[part] for part in parts}
    made: dict[str, Content] = {FAILED: _failed(sweep, records)}
    if SKETCHES in sweep.bundle.kept:
        sketches = [folder.path(SKETCHES, part) for part in parts]
        labels = ids(sweep.facts["outcomes"], sweep.question["outputs"])
        made[SUMMARY] = summary.made(sweep.bundle, labels, sketches)
    failed = _swept(sweep, folder, records, asked_before=False).failed
    facts = {"failed": failed} if len(sweep.stages) == 1 else {"failed": failed, "stopped": stopped}
    return folder.finish(made, facts)


def _pieces(
    sweep: Sweep, executor: Executor, missing: Sequence[int]
) -> Generator[Piece, None, None]:
    if missing:
        tasks = (sweep.task(part) for part in missing)
        yield from executor.pieces(sweep.bundle.packed, tasks)


def _there(
    folder: SweepFolder, say: Callable[[str], None]
) -> tuple[dict[int, Mapping[str, Any]], list[int]]:
    """Records of the parts that are there, and the numbers of those that are not."""
    records: dict[int, Mapping[str, Any]] = {}
    missing: list[int] = []
    for part in folder.needed() if folder.whole else range(folder.parts):
        record, damage = folder.record(part)
        if record is None:
            missing.append(part)
            if damage:
                say(f"{shown(folder.folder)}: {damage}; made again")
        else:
            records[part] = record
    return records, missing


def _failures(records: Mapping[int, Mapping[str, Any]]) -> int:
    return sum(len(record["failed"]) for record in records.values())


def _swept(
    sweep: Sweep,
    folder: SweepFolder,
    records: Mapping[int, Mapping[str, Any]],
    *,
    asked_before: bool,
) -> Swept:
    failed = {one.id: 0 for one in sweep.bundle.settings}
    examples: list[str] = []
    for part, record in sorted(records.items()):
        own = sweep.bundle.settings[sweep.task(part).scenario].id
        failed[own] += len(record["failed"])
        for row, when, what in record["failed"][: max(0, 3 - len(examples))]:
            where = f" in '{what}'" if what else ""
            examples.append(f"{own or 'text'}, member {row}: at {when:g}{where}")
    over = sum(failed.values()) > sweep.limit * sweep.runs
    done = folder.members * len(sweep.bundle.settings) if folder.whole else sweep.runs
    return Swept(folder, done, failed, examples, asked_before, over, sweep.runs)


def _failed(sweep: Sweep, records: Mapping[int, Mapping[str, Any]]) -> Content:
    """The members that left the finite numbers, as a table."""
    rows = [
        (sweep.bundle.settings[sweep.task(part).scenario].id, *one)
        for part, record in sorted(records.items())
        for one in record["failed"]
    ]
    types = {"scenario": str, "member": "int64", "failed_at": "float64", "failed_in": str}
    table = pd.DataFrame(rows, columns=list(types)).astype(types)
    return parquet.encoded({name: table[name].to_numpy() for name in types})


def _other(folder: SweepFolder, question: Mapping[str, Any]) -> str:
    words = {
        "model": "the model's text",
        "data": "the model's data",
        "inputs": "the members",
        "engine": "the engine",
        "bundle": "the compiled model or a scenario",
    }
    theirs = folder.question
    apart = [words.get(key, key) for key in question if theirs.get(key) != question[key]]
    said = ", ".join(apart)
    place = shown(folder.folder)
    return f"{place} was begun with another question and is left as it is (other: {said})"
