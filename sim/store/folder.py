"""A run's folder: `manifest.json` says what was asked and `outputs.nc` holds the answer.

The folder's name ends in a hash of the question, so the same question asked twice is
answered from disk. Nothing in it says when or where it was made: the same question
gives the same bytes.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from sim.ir import identifier
from sim.project import RUNS
from sim.store import netcdf
from sim.store.files import sum_of, unwritable
from sim.store.manifest import MANIFEST, read, sealed

SCHEMA = "run/1"
OUTPUTS = "outputs.nc"
Question = Mapping[str, Any]
"""All that a run's numbers depend on, as plain JSON values."""


@dataclass(frozen=True)
class Stored:
    """A run found on disk or just written.

    Args:
        folder: where it lies.
        question: what was asked.
        dataset: the answer.
    """

    folder: Path
    question: Question
    dataset: xr.Dataset


def name(label: str, question: Question) -> str:
    """The name of a run's folder: `<label>-<hash>`."""
    return f"{identifier(label) or 'run'}-{identity(question)[:12]}"


def find(label: str, question: Question, runs: Path = RUNS) -> tuple[Stored | None, str]:
    """Look for the answer to a question.

    Args:
        label: what the run is called.
        question: what is asked.
        runs: the folder of all runs.

    Returns:
        The run, or None; and what is wrong with a damaged folder, or "".
    """
    folder = runs / name(label, question)
    if not folder.exists():
        return None, ""
    try:
        manifest = read(folder)
        if manifest is None:
            return None, f"{MANIFEST} is not what was written"
        if manifest["question"] != plain(question):
            return None, f"{MANIFEST} is of another question"
        if manifest["outputs_sha256"] != sum_of(folder / OUTPUTS):
            return None, f"{OUTPUTS} is not what was written"
        return Stored(folder, question, netcdf.read(folder / OUTPUTS)), ""
    except (OSError, ValueError, KeyError, TypeError) as error:
        return None, str(error) or type(error).__name__


def keep(
    label: str,
    question: Question,
    dataset: xr.Dataset,
    runs: Path = RUNS,
    *,
    scenario: Mapping[str, Any] | None = None,
) -> Stored:
    """Write a run: into a folder beside its place, which then takes its name at once.

    A damaged folder of that name is replaced.

    Args:
        label: what the run is called.
        question: what was asked.
        dataset: the answer.
        runs: the folder of all runs.
        scenario: the scenario in full, for the reader of the manifest.

    Raises:
        InputError: the folder of runs cannot be written, or the disk is full.
    """
    folder = runs / name(label, question)
    workshop = None
    try:
        runs.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=".writing-", dir=runs))
        outputs = workshop / OUTPUTS
        netcdf.write(dataset, outputs)
        manifest = {
            "schema": SCHEMA,
            "label": label,
            "identity": identity(question),
            "question": plain(question),
            "scenario": scenario,
            "outputs_sha256": sum_of(outputs),
        }
        (workshop / MANIFEST).write_bytes(sealed(manifest))
        workshop.chmod(0o755)  # mkdtemp lets nobody else in
        if folder.exists():
            shutil.rmtree(folder)
        try:
            workshop.rename(folder)
        except OSError as error:
            # Another process was first: its answer to the same question is as good.
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
    except OSError as error:
        raise unwritable(runs, error) from error
    finally:
        if workshop is not None:
            shutil.rmtree(workshop, ignore_errors=True)
    return Stored(folder, question, dataset)


def plain(question: Question) -> Any:
    """The question as JSON would give it back."""
    return json.loads(json.dumps(question, sort_keys=True))


def identity(question: Question) -> str:
    """The hash of a question."""
    text = json.dumps({"schema": SCHEMA, **question}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
