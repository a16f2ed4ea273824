"""What a page is made of, whatever it is written as."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to the place of the page with that anchor."""

    words: str
    to: str


@dataclass(frozen=True, slots=True)
class Web:
    """Words that lead to an address on the web."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    words: str


Inline = str | Link | Web | Strong
Words = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the page's own."""

    level: int
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    words: Words


@dataclass(frozen=True, slots=True)
class Code:
    """Text whose lines and spaces are kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what belongs to each."""

    rows: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.header) for row in self.rows)  # noqa: S101 -- ours to keep


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as SVG text; `name` is that of its file where it gets one of its own."""

    name: str
    title: str
    svg: str


Block = Heading | Paragraph | Code | Facts | Table | Drawing


def joined(parts: Iterable[Inline | Words], between: str = ", ") -> Words:
    """Parts with something between them."""
    found: list[Inline] = []
    for part in parts:
        if found:
            found.append(between)
        found.extend(part if isinstance(part, tuple) else (part,))
    return tuple(found)
