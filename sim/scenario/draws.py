"""Draws as a table: a column per element of a constant, a row per draw, all with equal weight."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import numpy as np

from sim.errors import InputError, Problem, wrong
from sim.ir import identifier
from sim.project import ROOT, shown
from sim.scenario.distribution import ELEMENT
from sim.scenario.document import printable

MOST_BYTES = 200_000_000
OWN = "_"  # columns that begin so are the writer's: number of a chain, a likelihood
Columns = dict[str, tuple[float, ...]]


def located(name: str, beside: Path, root: Path = ROOT) -> Path:
    """The file meant: in the folder of the experiment, or below the project's root.

    Raises:
        InputError: a link leads out of both.
    """
    for folder in (beside, root):
        path = folder / name
        if path.exists():
            if not path.resolve().is_relative_to(folder.resolve()):
                raise wrong("outside", "leads out of its folder", file=shown(folder) + f"/{name}")
            return path
    return beside / name


def read(path: Path) -> Columns:
    """A table of finite numbers: values by element.

    Args:
        path: a CSV file under a line of elements, or a Parquet file. Names are ids
            (`jobs[fish,districts]`) or as the model's text has them; columns whose name begins
            with `_` are left alone.

    Raises:
        InputError: with every problem of the file.
    """
    file = shown(path)
    try:
        if path.is_symlink() or not path.is_file():
            raise wrong("no-such-file", "there is no such file", file=file)
        if path.stat().st_size > MOST_BYTES:
            raise wrong("too-large", f"is larger than {MOST_BYTES:,} bytes", file=file)
        return _parquet(path, file) if path.suffix == ".parquet" else _csv(path, file)
    except OSError as fault:
        raise wrong(
            "unreadable", f"cannot be read: {fault.strerror or fault}", file=file
        ) from fault


def _parquet(path: Path, file: str) -> Columns:
    import pyarrow as pa  # only who has such a file waits for it
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, ValueError) as fault:
        raise wrong("not-parquet", "is no Parquet file", file=file) from fault
    kept = [name for name in table.column_names if not name.startswith(OWN)]
    problems = _misnamed(kept, file)
    if table.num_rows < 2:
        problems.append(Problem("too-few-draws", "needs two rows or more", file))
    columns: Columns = {}
    for name in kept:
        column = table.column(name)
        plain = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
        values = np.asarray(column.to_numpy(), dtype=np.float64) if plain else np.empty(0)
        if not plain or column.null_count or not np.isfinite(values).all():
            said = f"'{printable(name)}' holds what is no finite number"
            problems.append(Problem("bad-row", said, file))
        columns[_id(name)] = tuple(values.tolist())
    if problems:
        raise InputError(problems)
    return columns


def _csv(path: Path, file: str) -> Columns:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for row in csv.reader(stream) if row]
    except (UnicodeDecodeError, csv.Error) as fault:
        raise wrong("not-csv", "is no CSV text in UTF-8", file=file) from fault
    if len(rows) < 3:
        raise wrong("too-few-draws", "needs a line of names and two rows or more", file=file)
    names = [name.strip() for name in rows[0]]
    kept = [place for place, name in enumerate(names) if not name.startswith(OWN)]
    problems = _misnamed([names[place] for place in kept], file)
    values: list[list[float]] = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(names):
            said = f"has {len(row)} values where the first line names {len(names)}"
        else:
            numbers = [_number(row[place]) for place in kept]
            if all(map(math.isfinite, numbers)):
                values.append(numbers)
                continue
            worst = next(row[place] for place in kept if not math.isfinite(_number(row[place])))
            said = f"'{printable(worst)}' is no finite number"
        problems.append(Problem("bad-row", said, file, number))
        if len(problems) > 20:
            break
    if problems:
        raise InputError(problems)
    ids = [_id(names[place]) for place in kept]
    return dict(zip(ids, map(tuple, zip(*values, strict=True)), strict=True))


def _misnamed(names: list[str], file: str) -> list[Problem]:
    problems = [
        Problem("bad-element", f"'{printable(name)}' names no element", file, 1)
        for name in names
        if not re.fullmatch(ELEMENT, _id(name))
    ]
    if len({_id(name) for name in names}) < len(names):
        problems.append(Problem("column-twice", "names a column twice", file, 1))
    if not names:
        problems.append(Problem("no-column", "has no column that names a constant", file, 1))
    return problems


def _id(name: str) -> str:
    """`Jobs[Fish, Districts]` → `jobs[fish,districts]`."""
    head, bracket, rest = name.partition("[")
    if not bracket:
        return identifier(head)
    labels = ",".join(identifier(label) for label in rest.removesuffix("]").split(","))
    return f"{identifier(head)}[{labels}]" if rest.endswith("]") else name


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan
