"""A sweep's folder: what was asked, and every part of the answer that is there whole.

    manifest.json            the question; when all is there, counts and the sum of every file
    bundle.json.zz           the compiled model with all inputs: enough to run it again
    inputs.parquet           one row a member
    records/part-*.json      written last: with it the part is there; sums and failed members
    outputs/part-*.parquet   trajectories
    sketches/part-*.npy      what the summary is made of
    summary.parquet, failed.parquet   made at the end

Nothing in it says when or where it was made: the same question gives the same bytes,
whoever wrote which part, and however often it was interrupted.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import wrong
from sim.project import RUNS, shown
from sim.store import files
from sim.store.folder import Question, identity, name, plain
from sim.store.manifest import MANIFEST, read, sealed, text

SCHEMA = "sweep/1"
RECORDS, OUTPUTS, SKETCHES = "records", "outputs", "sketches"
BUNDLE, INPUTS = "bundle.json.zz", "inputs.parquet"
SUMMARY, FAILED = "summary.parquet", "failed.parquet"


@dataclass(frozen=True)
class SweepFolder:
    """A sweep on disk, whole or not yet.

    Args:
        folder: where it lies.
        manifest: as last written.
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def question(self) -> Question:
        """All that the numbers depend on."""
        return self.manifest["question"]

    @property
    def parts(self) -> int:
        """How many parts there are when all is done."""
        return int(self.manifest["parts"])

    @property
    def whole(self) -> bool:
        """Whether everything was done."""
        return bool(self.manifest["whole"])

    @property
    def members(self) -> int:
        """How many members the answer is of: fewer than asked for where fewer were enough."""
        return int((self.manifest.get("stopped") or self.question)["members"])

    def needed(self, members: int | None = None) -> list[int]:
        """The parts, under every scenario, of the first members; None: of the answer."""
        scenarios = len(self.question["scenarios"])
        each = self.parts // scenarios
        used = -(
            -(self.members if members is None else members) // self.question["members_in_part"]
        )
        return [place * each + own for place in range(scenarios) for own in range(used)]

    def record(self, part: int) -> tuple[dict[str, Any] | None, str]:
        """What is known of a part: its record where it is there as written; what is damaged."""
        path = self._record(part)
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            for own, given in record["crc32"].items():
                if files.checksum_of(self.folder / own) != given:
                    return None, f"{own} is not what was written"
            _ = record["members"], record["failed"]
        except FileNotFoundError as error:
            gone = Path(str(error.filename))
            return None, "" if gone == path else f"{gone.relative_to(self.folder)} is gone"
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None, f"{path.relative_to(self.folder)} cannot be read"
        return record, ""

    def keep(
        self, part: int, contents: Mapping[str, files.Content], facts: Mapping[str, Any]
    ) -> None:
        """Write a part: its files, then its record.

        Args:
            part: its number.
            contents: bytes by kind, `outputs` or `sketches`.
            facts: what else is to be known: counts, failed members.

        Raises:
            InputError: the disk is full or closed to us; what was kept before stays.
        """
        lost = "what is done is kept: free some space and start again to go on"
        sums: dict[str, int] = {}
        for kind, content in sorted(contents.items()):
            path = self.path(kind, part)
            own = path.relative_to(self.folder).as_posix()
            files.put(path, content, lost=lost)
            sums[own] = files.checksum(content)
        files.put(self._record(part), text({**facts, "crc32": sums}), lost=lost)

    def finish(
        self, contents: Mapping[str, files.Content], facts: Mapping[str, Any]
    ) -> SweepFolder:
        """Write what is made of all parts, then say in the manifest that all is there.

        Args:
            contents: bytes by file name.
            facts: goes into the manifest.
        """
        lost = "every part is kept: free some space and start again to go on"
        for own, content in sorted(contents.items()):
            files.put(self.folder / own, content, lost=lost)
        fresh = {own: files.digest(content) for own, content in contents.items()}
        sums = {**self.manifest["sha256"], **fresh}
        manifest = {**self.manifest, **facts, "sha256": sums, "whole": True}
        files.put(self.folder / MANIFEST, sealed(manifest), lost=lost)
        return SweepFolder(self.folder, manifest)

    def damaged(self) -> Iterator[str]:
        """Files beside the parts that are not what was written."""
        for own, given in self.manifest["sha256"].items():
            path = self.folder / own
            if not path.is_file() or files.sum_of(path) != given:
                yield own

    def path(self, kind: str, part: int) -> Path:
        """Where a part's file lies."""
        ending = "npy" if kind == SKETCHES else "parquet"
        return self.folder / kind / f"part-{part:05}.{ending}"

    def _record(self, part: int) -> Path:
        return self.folder / RECORDS / f"part-{part:05}.json"


def begin(
    label: str,
    question: Question,
    contents: Mapping[str, files.Content],
    facts: Mapping[str, Any],
    runs: Path = RUNS,
) -> SweepFolder:
    """The folder of a question, as it was left or new.

    Args:
        label: what the sweep is called.
        question: what is asked.
        contents: bytes by file name of what stands at the beginning; written again where damaged.
        facts: what else the manifest says; `parts` among it.
        runs: the folder of all runs.

    Raises:
        InputError: the folder cannot be written, or the disk is full.
    """
    place = runs / name(label, question)
    sums = {own: files.digest(content) for own, content in contents.items()}
    manifest = {
        "schema": SCHEMA,
        "label": label,
        "identity": identity(question),
        "question": plain(question),
        **facts,
        "sha256": sums,
        "whole": False,
    }
    workshop = None
    try:
        runs.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            workshop = Path(tempfile.mkdtemp(prefix=files.BESIDE, dir=runs))
            workshop.chmod(0o755)  # mkdtemp lets nobody else in
            for own, content in {**contents, MANIFEST: sealed(manifest)}.items():
                (workshop / own).write_bytes(content)
            if not place.exists():  # else another process was first
                workshop.rename(place)
    except OSError as error:
        raise files.unwritable(runs, error) from error
    finally:
        if workshop is not None:
            shutil.rmtree(workshop, ignore_errors=True)
    for own, content in contents.items():
        path = place / own
        if not path.is_file() or files.sum_of(path) != sums[own]:
            files.put(path, content)
    left = read(place)
    if left is not None and left.get("question") == manifest["question"] and left.get("whole"):
        return SweepFolder(place, left)
    if left is None or left.get("question") != manifest["question"]:
        files.put(place / MANIFEST, sealed(manifest))
    return SweepFolder(place, plain(manifest))


def open_sweep(folder: Path) -> SweepFolder:
    """A sweep's folder, whole or not.

    Raises:
        InputError: it is none, or its manifest is damaged.
    """
    manifest = read(folder)
    if manifest is None:
        hint = "`trondelag sweep` makes such folders" if not folder.exists() else ""
        raise wrong(
            "no-run", "there is no manifest as a run writes it", file=shown(folder), hint=hint
        )
    if manifest.get("schema") != SCHEMA:
        said = f"it holds no sweep: its manifest is of schema '{manifest.get('schema')}'"
        raise wrong("no-sweep", said, file=shown(folder))
    return SweepFolder(folder, manifest)


def others(label: str, question: Question, runs: Path = RUNS) -> Iterator[SweepFolder]:
    """Sweeps of the same label that were begun, not finished, and ask something else."""
    mine = name(label, question)
    for folder in sorted(runs.glob(f"{mine.rsplit('-', 1)[0]}-*")):
        manifest = read(folder)
        if manifest is None or folder.name == mine or manifest.get("schema") != SCHEMA:
            continue
        if manifest.get("label") == label and not manifest.get("whole"):
            yield SweepFolder(folder, manifest)
