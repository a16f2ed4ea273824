"""Where experiment files are found, and how one is read with the table that it names."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

from sim.errors import InputError, Problem, did_you_mean, wrong
from sim.project import SCENARIOS, shown
from sim.scenario.distribution import ELEMENT
from sim.scenario.document import printable, read
from sim.scenario.experiment import Experiment
from sim.scenario.fit import fit
from sim.scenario.library import is_path

FOLDER = SCENARIOS / "experiments"
MOST_BYTES = 200_000_000
PLACEHOLDERS = {
    "schema": "experiment/1",
    "id": "unnamed",
    "name": {"en": "unnamed"},
    "design": {"kind": "lhs", "n": 2},
    "outputs": ["unnamed"],
    "constants": "all",
}


def bundled(folder: Path = FOLDER) -> tuple[str, ...]:
    """Ids of the experiments in a folder, by name."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load(name_or_path: str | Path, *, folder: Path = FOLDER) -> Experiment:
    """Read an experiment.

    Args:
        name_or_path: id of a bundled experiment, or the path of a file.
        folder: where the bundled ones lie.

    Raises:
        InputError: with every problem of the file by itself; whether the model has what it
            names is told by `sim.plan.members`.
    """
    path = located(name_or_path, folder)
    document = read(path)
    said, problems = fit(document, Experiment, PLACEHOLDERS)
    problems = [*document.problems, *problems]
    here = path.resolve().parent
    if here == folder.resolve() and said.id not in (path.stem, "unnamed"):
        sentence = f"has the id '{said.id}' where its name says '{path.stem}'"
        line = document.root.line_of("id")
        problems.append(Problem("wrong-id", sentence, document.file, line))
    drawn: dict[str, tuple[float, ...]] = {}
    if said.draws is not None:
        try:
            drawn = _table(here / said.draws.file)
        except InputError as fault:
            problems += fault.problems
    if problems:
        raise InputError(problems)
    return said.keep(document, drawn)


def located(name_or_path: str | Path, folder: Path = FOLDER) -> Path:
    """The file meant by an id or a path.

    Raises:
        InputError: no bundled experiment has this id.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or is_path(text):
        return Path(name_or_path)
    names = bundled(folder)
    if text not in names:
        hint = did_you_mean(text, names) or f"there are {', '.join(names)}; or give a file"
        raise wrong("unknown-experiment", f"unknown experiment '{printable(text)}'", hint=hint)
    return folder / f"{text}.yaml"


def _table(path: Path) -> dict[str, tuple[float, ...]]:
    """A CSV file of finite numbers under a line of elements."""
    file = shown(path)
    try:
        if path.is_symlink() or not path.is_file():
            raise wrong("no-such-file", "there is no such file", file=file)
        if path.stat().st_size > MOST_BYTES:
            raise wrong("too-large", f"is larger than {MOST_BYTES:,} bytes", file=file)
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for row in csv.reader(stream) if row]
    except OSError as fault:
        raise wrong("unreadable", f"cannot be read: {fault.strerror}", file=file) from fault
    except (UnicodeDecodeError, csv.Error) as fault:
        raise wrong("not-csv", "is no CSV text in UTF-8", file=file) from fault
    if len(rows) < 3:
        raise wrong("too-few-draws", "needs a line of names and two rows or more", file=file)
    names = [name.strip() for name in rows[0]]
    problems = [
        Problem("bad-element", f"'{printable(name)}' names no element", file, 1)
        for name in names
        if not re.fullmatch(ELEMENT, name)
    ]
    if len(set(names)) < len(names):
        problems.append(Problem("column-twice", "names a column twice", file, 1))
    values: list[list[float]] = []
    for number, row in enumerate(rows[1:], start=2):
        numbers = [_number(cell) for cell in row]
        if len(row) != len(names):
            said = f"has {len(row)} values where the first line names {len(names)}"
        elif not all(map(math.isfinite, numbers)):
            wrong_one = next(c for c, n in zip(row, numbers, strict=True) if not math.isfinite(n))
            said = f"'{printable(wrong_one)}' is no finite number"
        else:
            values.append(numbers)
            continue
        problems.append(Problem("bad-row", said, file, number))
        if len(problems) > 20:
            break
    if problems:
        raise InputError(problems)
    return dict(zip(names, map(tuple, zip(*values, strict=True)), strict=True))


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan
