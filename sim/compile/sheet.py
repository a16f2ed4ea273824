"""Columns of plain numbers in a file's text, read without PySD.

PySD's classes for files bring xarray, dask and openpyxl with them: half a second. A usual file,
whole columns of short decimal numbers under rising times, needs none of that. Whatever is less
plain, and everything that is wrong, is left to PySD.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from itertools import pairwise

Columns = tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]
"""The times, or x, and the numbers of each column beside them."""

_CELL = re.compile(r"([A-Za-z])([1-9]\d*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DIGITS = 15  # up to so many, every reader of decimals gives the same bits
_SEPARATORS = frozenset(",;\t")


def columns(content: str, separator: str, axis: str, cell: str, count: int) -> Columns | None:
    """Rows from `cell` to the end of the text, or None where PySD has to look.

    Args:
        content: of the file.
        separator: between the fields of a line.
        axis: letter of the column of times.
        cell: where the numbers begin.
        count: of columns of numbers, side by side.
    """
    place = _CELL.fullmatch(cell)
    if place is None or len(axis) != 1 or not axis.isalpha():
        return None
    if separator not in _SEPARATORS:
        return None
    rows = _rows(content, separator)
    first, across = _letter(place[1]), _letter(axis)
    taken = rows[int(place[2]) - 1 :]
    if len(taken) < 2 or max(first + count, across + 1) > len(taken[0]):
        return None
    lists = [
        [_number(row[column]) for row in taken] for column in (across, *range(first, first + count))
    ]
    times, *values = [tuple(one for one in line if one is not None) for line in lists]
    whole = all(len(line) == len(taken) for line in (times, *values))
    rising = all(before < after for before, after in pairwise(times))
    return (times, tuple(values)) if whole and rising else None


@lru_cache(maxsize=8)
def _rows(content: str, separator: str) -> tuple[tuple[str, ...], ...]:
    """The fields of every line; nothing where a line is empty, oddly quoted or of other length."""
    field = rf'(?:[^"{separator}]*|"(?:[^"]|"")*")'
    line = re.compile(f"{field}(?:{separator}{field})*")
    lines = content.removesuffix("\n").split("\n")
    if not all(map(line.fullmatch, lines)):
        return ()
    try:
        rows = tuple(tuple(row) for row in csv.reader(lines, delimiter=separator))
    except csv.Error:  # a field that is too long
        return ()
    even = len({len(row) for row in rows}) == 1
    return rows if even and all(any(row) for row in rows) else ()


def _letter(column: str) -> int:
    return ord(column.upper()) - ord("A")


def _number(field: str) -> float | None:
    plain = _NUMBER.fullmatch(field) and sum(map(str.isdigit, field)) <= _DIGITS
    return float(field) if plain else None
