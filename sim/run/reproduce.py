"""A kept run, run again: the same, or where it differs."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import project, store
from sim import scenario as scenarios
from sim.errors import did_you_mean, wrong
from sim.project import shown
from sim.run import summary
from sim.run.bundle import engine, unpacked
from sim.run.executors import Executor
from sim.run.model import Model
from sim.run.order import ids
from sim.run.progress import Progress
from sim.run.work import SKETCHES, Piece, Task
from sim.store import netcdf, parquet
from sim.store.files import digest
from sim.store.folder import OUTPUTS, SCHEMA
from sim.store.manifest import read
from sim.store.sweep import BUNDLE, INPUTS, SUMMARY, SweepFolder

MOST = 20  # differences that are told


@dataclass(frozen=True)
class Reproduced:
    """What came of running again.

    Args:
        runs: how many.
        differences: where it is not the same, in words; none: identical.
        notes: what is other than it was, and made no difference or explains one.
    """

    runs: int
    differences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether every number is the same to the last bit."""
        return not self.differences


def reproduce(
    folder: Path,
    load: Callable[[], Model],
    executor: Executor,
    progress: Callable[[int], Progress] | None = None,
) -> Reproduced:
    """Run a kept run again, from its manifest; nothing is written.

    Args:
        folder: the run's.
        load: gives the model; a sweep has its own in its folder.
        executor: where the parts of a sweep are computed.
        progress: makes a bar for so many members.

    Raises:
        InputError: there is no run, or it cannot be run again.
    """
    manifest = read(folder)
    if manifest is None:
        kept = sorted(each.parent.name for each in project.RUNS.glob("*/manifest.json"))
        mine = [name for name in kept if name.rpartition("-")[0] == folder.name]
        hint = f"kept are {', '.join(mine)}" if mine else did_you_mean(folder.name, kept)
        said = "there is no manifest as a run writes it"
        raise wrong("no-run", said, file=shown(folder), hint=hint)
    if manifest.get("schema") == SCHEMA:
        return _single(folder, manifest, load())
    return _sweep(store.open_sweep(folder), executor, progress)


def _single(folder: Path, manifest: Mapping[str, Any], model: Model) -> Reproduced:
    question = manifest["question"]
    try:
        stored = netcdf.read(folder / OUTPUTS)
    except (OSError, ValueError) as error:
        return Reproduced(0, (f"{OUTPUTS} cannot be read: {error}",), ())
    scenario = None
    if manifest["scenario"] is not None:
        with tempfile.TemporaryDirectory() as place:
            file = Path(place) / f"{manifest['scenario']['id']}.yaml"
            file.write_text(json.dumps(manifest["scenario"]), encoding="utf-8")
            scenario = scenarios.load(file)
    inputs, name = model.inputs(scenario)
    again = model.simulate(
        inputs,
        name,
        model.wanted([str(own) for own in stored.data_vars], inputs),
        question["engine"],
        question.get("integrator", "euler"),
    )
    words = {
        "model": "the model's text",
        "data": "the model's data",
        "inputs": "what the model is given",
        "versions": "versions",
        "code": "this package's text",
    }
    notes = [f"{said} is other than it was" if key != "versions" else
             f"versions were {question[key]}, are {again.attrs[key]}"
             for key, said in words.items() if question[key] != again.attrs[key]]  # fmt: skip
    differences = [
        *_apart("time", stored["time"].to_numpy(), again["time"].to_numpy()),
        *(
            told
            for own in stored.data_vars
            for told in _apart(str(own), stored[own].to_numpy(), again[own].to_numpy())
        ),
    ]
    if manifest["outputs_sha256"] != digest((folder / OUTPUTS).read_bytes()):
        differences.append(f"{OUTPUTS} is not what was written")
    return Reproduced(1, tuple(differences), tuple(notes))


def _sweep(
    folder: SweepFolder, executor: Executor, progress: Callable[[int], Progress] | None
) -> Reproduced:
    for own in folder.damaged():
        if own in {BUNDLE, INPUTS}:
            said = f"{own} is not what was written: the sweep cannot be run again from it"
            raise wrong("damaged", said, file=shown(folder.folder))
    question = folder.question
    bundle = unpacked((folder.folder / BUNDLE).read_bytes(), ours=False)
    notes: list[str] = []
    if bundle.engine != engine():
        notes.append("the engine is another version than the one that ran")
    if not folder.whole:
        notes.append("the sweep is not finished; what there is was run again")
    bundle = replace(bundle, engine=engine())
    table = pd.read_parquet(folder.folder / INPUTS).drop(columns="member")
    values = np.ascontiguousarray(table.to_numpy(dtype=np.float64))
    size = question["members_in_part"]
    each = -(-len(values) // size)
    records: dict[int, Mapping[str, Any]] = {}
    differences: list[str] = []
    parts = folder.needed() if folder.whole else range(folder.parts)
    for part in parts:
        record, damage = folder.record(part)
        if record is not None:
            records[part] = record
        elif damage or folder.whole:
            differences.append(damage or f"part {part} is gone")
    tasks = [
        Task(part, part // each, part % each * size, values[part % each * size :][:size])
        for part in records
    ]
    runs = sum(len(task.values) for task in tasks)
    bar = progress(runs) if progress else None
    with closing(executor.pieces(bundle.packed, tasks)) as pieces:
        for piece in pieces:
            if len(differences) < MOST:
                differences += _pieces_apart(folder, records[piece.part], piece)
            if bar:
                bar.advance(piece.members)
    if bar:
        bar.end()
    differences += [f"{own} is not what was written" for own in folder.damaged()]
    if SUMMARY in folder.manifest["sha256"] and not differences:
        sketches = [folder.path(SKETCHES, part) for part in parts]
        made = summary.made(bundle, ids(folder.manifest["outcomes"], question["outputs"]), sketches)
        if digest(made) != folder.manifest["sha256"][SUMMARY]:
            differences.append(f"{SUMMARY} is another now")
    return Reproduced(runs, tuple(differences[:MOST]), tuple(notes))


def _pieces_apart(folder: SweepFolder, record: Mapping[str, Any], piece: Piece) -> Iterator[str]:
    """Where a part that was computed again differs from the one on disk."""
    if [list(one) for one in piece.failed] != record["failed"]:
        yield f"part {piece.part}: other members fail, or elsewhere"
    for kind, content in piece.contents.items():
        path = folder.path(kind, piece.part)
        own = f"{kind}/{path.name}"
        before_bytes = path.read_bytes()
        if content == before_bytes:
            continue
        if kind == SKETCHES:
            yield f"{own}: other figures for the summary"
            continue
        before, after = parquet.frame(before_bytes), parquet.frame(content)
        told = [
            f"{own}: {said}"
            for name in before.columns
            if name in after.columns and before[name].dtype == np.float64
            for said in _apart(str(name), before[name].to_numpy(), after[name].to_numpy())
        ]
        yield from told or [f"{own}: other bytes, and the same numbers"]


def _apart(name: str, before: NDArray[np.float64], after: NDArray[np.float64]) -> Iterator[str]:
    """How two arrays differ, in words."""
    if before.shape != after.shape:
        yield f"'{name}' has another shape: {after.shape}, was {before.shape}"
        return
    other = ~((before == after) | (np.isnan(before) & np.isnan(after)))
    if other.any():
        with np.errstate(all="ignore"):
            gaps = np.abs(after - before)[other] / np.abs(before)[other]
        most = np.nanmax(gaps) if np.isfinite(gaps).any() else np.inf
        share = f"{int(other.sum()):,} of {other.size:,} values"
        yield f"'{name}' differs in {share}, by at most {most:.2g} of the value"
