"""Spellings of Vensim that PySD does not read, brought to those that it does."""

from __future__ import annotations

import re

_KEYWORD = re.compile(r":(?:and|or|not|na|except|implies|the condition|test input):", re.IGNORECASE)
_QUOTED = re.compile(r'("(?:\\.|[^"\\])*")')
_NAME = r'(?:"(?:\\.|[^"\\])*"|\w[\w\s\'$]*?)\s*(?:\[[^\]]*\])?'
_BARE = re.compile(_NAME)
_EMPTY = re.compile(rf"{_NAME}\s*=")
_NUMBER = r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*"
_FLAT = re.compile(rf"({_NAME}\s*)\(({_NUMBER}(?:,{_NUMBER})+),?\s*\)\Z")
_TABBED = re.compile(r"TABBED ARRAY\s*\(([^()]*)\)", re.IGNORECASE)
_TARGET = re.compile(r"\(\s*([^:()]+?)\s*:([^()]*)\)|([^,()]+)")
_RANGE = re.compile(rf"{_NAME}\s*:(?!\w+\s*:)")
_SERIES = re.compile(r"\(\s*(\w[\w\s]*?)(\d+)\s*-\s*\w[\w\s]*?(\d+)\s*\)")


class Parted(str):
    """The name of a range that another is mapped to in parts: `-> (Area: north, south)`.

    `parts`: for each element of the mapped range, the element or subrange that it goes to.
    """

    parts: tuple[str, ...]


def spelt(equation: str) -> str:
    """An equation (white space collapsed) as PySD reads it.

    Nothing after the sign of equality as what it is, no equation yet; keywords in capitals; a
    table written as all x and then all y, as points; a name without an equation, which in Vensim
    is data, as such.
    """
    pieces = _QUOTED.split(equation)
    pieces[::2] = [_KEYWORD.sub(lambda word: word[0].upper(), piece) for piece in pieces[::2]]
    equation = "".join(pieces)
    if _BARE.fullmatch(equation):
        return equation + " :INTERPOLATE:"
    if "\\t" in equation:  # tabs that were written out
        equation = _TABBED.sub(lambda table: table[0].replace("\\t", " "), equation)
    if _EMPTY.fullmatch(equation):
        return equation + " A FUNCTION OF(Time)"
    flat = _FLAT.match(equation)
    if flat is None:
        return equation
    numbers = [number.strip() for number in flat.group(2).split(",")]
    half = len(numbers) // 2
    if len(numbers) % 2:
        return equation
    points = zip(numbers[:half], numbers[half:], strict=True)
    return flat.group(1) + "(" + ",".join(f"({x},{y})" for x, y in points) + ")"


def series(equation: str) -> int:
    """How many elements the longest series of a range's definition names: `(a1-a3)` has 3."""
    if not _RANGE.match(equation):
        return 0
    return max(
        (int(last) - int(first) + 1 for _, first, last in _SERIES.findall(equation)), default=0
    )


def parted(equation: str) -> tuple[list[str], list[str]]:
    """The elements and mappings of a range of which a mapping is in parts."""
    left, _, right = equation.partition("->")
    mappings: list[str] = []
    for match in _TARGET.finditer(right):
        if match.group(1):
            mapping = Parted(match.group(1))
            mapping.parts = tuple(_elements(match.group(2)))
            mappings.append(mapping)
        elif match.group(3).strip():
            mappings.append(match.group(3).strip())
    return _elements(left.split(":", 1)[1]), mappings


def _elements(listed: str) -> list[str]:
    """The names between commas; `(a1-a3)` stands for a1, a2, a3."""

    def counted(match: re.Match[str]) -> str:
        first, last = int(match.group(2)), int(match.group(3))
        return ",".join(f"{match.group(1)}{number}" for number in range(first, last + 1))

    return [name.strip() for name in _SERIES.sub(counted, listed).split(",") if name.strip()]
