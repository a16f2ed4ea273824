"""Data over time from a table: what the data variables of a model follow."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path as File

import numpy as np

from sim.errors import InputError, Problem, wrong
from sim.path import Path, together
from sim.project import shown
from sim.run.columns import names
from sim.source import Source
from sim.source.catalogue import DATA, Variable
from sim.source.entries import key
from sim.source.text import content

Knots = dict[float, float]


def read(file: File, source: Source) -> dict[str, Path]:
    """The paths of a model's data variables that a file holds.

    The first column (or row) holds the times, the others each an element of a data variable,
    named as in the model: `price`, `jobs[fish,Districts]`. Columns of other names, and empty
    cells, are passed over. Between two times values lie on a line, or hold where the model says
    :HOLD BACKWARD:.

    Args:
        file: comma, semicolon or tab separated text in UTF-8, or Vensim's .dat.
        source: the model.

    Returns:
        Paths by the variable's id.

    Raises:
        InputError: the file cannot be read, holds only a part of an array, or has something
            else than a number, or two numbers for a time.
    """
    table, lines = _table(file)
    if any(_known(source, row[0]) for row in table[1:]):
        table = [list(column) for column in zip(*table, strict=True)]
        lines = [1] * len(table)
    known = bool(table) and any(_known(source, cell) for cell in table[0][1:])
    columns = _columns(source, table, lines, file) if known else {}
    problems: list[Problem] = []
    found: dict[str, Path] = {}
    asked = _asked(source)
    for variable in source.variables.values():
        elements = names(variable, source.subscripts)
        given = [columns.get(_tight(element)) for element in elements]
        if not any(given):
            continue
        reading, wanted = asked.get(key(variable.name), ("", frozenset[str]()))
        if variable.kind != DATA:
            sentence = f"'{variable.name}' has an equation; it is no data variable"
            problems.append(Problem("not-data", sentence, shown(file), 1))
        elif lacking := [
            element
            for element, knots in zip(elements, given, strict=True)
            if not knots and _tight(element) in wanted
        ]:
            sentence = f"'{lacking[0]}' has no column with numbers, other elements have"
            problems.append(Problem("no-data", sentence, shown(file), 1))
        else:
            # An element that the model does not define is not a number.
            whole = [one or {0.0: math.nan} for one in given]
            found[variable.id] = _path(variable, whole, reading)
    if not found and not problems:
        sentence = "the file holds no data variable of the model"
        wanted = [one.name for one in source.variables.values() if one.kind == DATA]
        hint = f"its data variables are {', '.join(wanted[:5])}" if wanted else "it has none"
        problems.append(Problem("no-data", sentence, shown(file), 1, hint))
    if problems:
        raise InputError(problems)
    return found


def _table(file: File) -> tuple[list[list[str]], list[int]]:
    """The cells, as wide in each row, and the lines of the rows."""
    raw = content(file)
    if b"\0" in raw:
        sentence, hint = "this is a binary file, not a table's text", "save it as CSV"
        raise wrong("binary-file", sentence, file=shown(file), hint=hint)
    text = "\n".join(raw.decode("utf-8-sig", "replace").splitlines())
    if file.suffix.lower() == ".dat":
        return _series(text, file)
    first = text.splitlines()[0] if text.strip() else ""
    sign = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=sign)
    rows, lines = list[list[str]](), list[int]()
    try:
        for row in reader:
            if any(row):
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise wrong("table", f"no table: {error}", file=shown(file), line=reader.line_num) from None
    width = len(rows[0]) if rows else 0
    long = [
        Problem("table", f"the row has {len(row)} cells, the first {width}", shown(file), line)
        for row, line in zip(rows, lines, strict=True)
        if any(cell.strip() for cell in row[width:])
    ]
    if long:
        raise InputError(long)
    return [[*row, *[""] * (width - len(row))][:width] for row in rows], lines


def _series(text: str, file: File) -> tuple[list[list[str]], list[int]]:
    """Vensim's .dat: a name, below it lines of a time, a tab and a value, and the next name."""
    series: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    own: dict[str, str] | None = None
    for line, written in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in written.split("\t") if cell.strip()]
        if len(cells) == 1:
            own = series.setdefault(cells[0], {})
        elif len(cells) == 2 and own is not None:
            own[cells[0]] = cells[1]
        elif cells:
            sentence = "neither a variable's name nor a time, a tab and a value"
            problems.append(Problem("table", sentence, shown(file), line))
    if problems:
        raise InputError(problems[:20])
    times = list(dict.fromkeys(time for one in series.values() for time in one))
    rows = [[time, *(one.get(time, "") for one in series.values())] for time in times]
    return [["time", *series], *rows], [1] * (len(rows) + 1)


def _known(source: Source, cell: str) -> bool:
    head = key(cell.split("[")[0])
    return any(key(variable.name) == head for variable in source.variables.values())


def _tight(name: str) -> str:
    """A column's name, whatever the blanks around its subscripts."""
    return re.sub(r"_*([\[\],])_*", r"\1", key(name))


def _columns(
    source: Source, table: Sequence[Sequence[str]], lines: Sequence[int], file: File
) -> dict[str, Knots]:
    head, *rows = table
    problems: list[Problem] = []
    ours = [name.strip() != "" and _known(source, name) for name in head[1:]]
    columns: dict[str, Knots] = {
        _tight(name): {} for name, own in zip(head[1:], ours, strict=True) if own
    }
    for line, row in zip(lines[1:], rows, strict=True):
        time = _number(row[0])
        if time is None or not math.isfinite(time):
            sentence = f"'{row[0]}' is no time"
            problems.append(Problem("not-a-number", sentence, shown(file), line))
            continue
        for name, cell, own in zip(head[1:], row[1:], ours, strict=True):
            if not own or not cell.strip():
                continue
            value = _number(cell)
            if value is None or not math.isfinite(value):
                sentence = f"'{cell}' is no number, in '{name}'"
                problems.append(Problem("not-a-number", sentence, shown(file), line))
            elif time in columns[_tight(name)]:
                sentence = f"'{name}' has two values at {time:g}"
                problems.append(Problem("twice", sentence, shown(file), line))
            else:
                columns[_tight(name)][time] = value
    if problems:
        raise InputError(problems)
    return columns


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _asked(source: Source) -> dict[str, tuple[str, frozenset[str]]]:
    """Of each variable: how it is read between its times, and the elements that it defines."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for element in source.abstract.sections[0].elements:
        reading, defined = "", set[str]()
        for component in element.components:
            keyword = (getattr(component, "keyword", None) or "").replace(" ", "_")
            reading = reading or keyword
            over = [source.subscripts.get(each, (each,)) for each in component.subscripts[0]]
            for labels in product(*over):
                defined.add(_tight(f"{element.name}[{','.join(labels)}]" if over else element.name))
        found[key(element.name)] = reading, frozenset(defined)
    return found


def _path(variable: Variable, elements: Sequence[Knots], reading: str) -> Path:
    paths = [_read_as(reading, sorted(one.items())) for one in elements]
    whole = together(paths)
    return Path(whole.times, whole.values.reshape(len(whole.times), *variable.shape), whole.step)


def _read_as(reading: str, knots: Sequence[tuple[float, float]]) -> Path:
    """A series as its keyword says: `:LOOK FORWARD:`, `:HOLD BACKWARD:`, `:RAW:`, or by lines."""
    times, values = (np.array(one, dtype=np.float64) for one in zip(*knots, strict=True))
    after = np.nextafter(times, math.inf)
    if reading == "look_forward":
        # The next value holds from just after a time on.
        return Path(np.concatenate([times[:1], after[:-1]]), values, step=True)
    if reading == "raw":
        # At its times alone.
        times = np.concatenate([[np.nextafter(times[0], -math.inf)], np.ravel([times, after], "F")])
        sparse = np.ravel([values, np.full(len(values), math.nan)], "F")
        return Path(times, np.concatenate([[math.nan], sparse]), step=True)
    return Path(times, values, step=reading == "hold_backward")
