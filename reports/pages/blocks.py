"""What the page consists of; HTML and the workbook are two ways to write it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Args:
        text: as people of the page's language read it.
        value: what it is sorted by, and what the workbook holds; None for no value.
        tint: a class of the page's style that goes with it, or "".
        lang: language of the text where it is another than the page's.
    """

    text: str
    value: float | int | str | None = None
    tint: str = ""
    lang: str = ""

    @property
    def number(self) -> bool:
        """Whether it holds a number."""
        return isinstance(self.value, float | int)

    @property
    def key(self) -> str:
        """What it is sorted by, as text; empty ones come last."""
        if isinstance(self.value, float | int):
            return repr(float(self.value))
        return self.value if self.value is not None else ""


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row is its head.

    Args:
        title: its caption.
        header: one word a column.
        rows: as many cells each.
        note: what is to be known to read it.
        kind: always "table".
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    kind: str = "table"

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.header) for row in self.rows)  # noqa: S101 -- ours to keep

    def numeric(self, column: int) -> bool:
        """Whether a column holds numbers."""
        return column > 0 and any(row[column].number for row in self.rows)


@dataclass(frozen=True)
class Figure:
    """A picture as SVG text, with its words.

    Args:
        title: above it.
        svg: with its own description for those who do not see it.
        note: below it.
        kind: always "figure".
    """

    title: str
    svg: str
    note: str = ""
    kind: str = "figure"


@dataclass(frozen=True)
class Panels:
    """Small pictures side by side, on the same axes where they are to be compared."""

    title: str
    figures: tuple[Figure, ...]
    note: str = ""
    kind: str = "panels"


@dataclass(frozen=True)
class Paragraph:
    """Running text; `strong` sets it off."""

    text: str
    strong: bool = False
    kind: str = "paragraph"


@dataclass(frozen=True)
class Items:
    """A list; of sentences that were written from numbers if `findings`."""

    items: tuple[str, ...]
    findings: bool = False
    kind: str = "items"


@dataclass(frozen=True)
class Facts:
    """Names and what belongs to each."""

    rows: tuple[tuple[str, str], ...]
    kind: str = "facts"


@dataclass(frozen=True)
class Code:
    """A command."""

    text: str
    kind: str = "code"


@dataclass(frozen=True)
class Details:
    """What opens on demand; printed where it stands open."""

    title: str
    blocks: tuple[Table | Figure | Panels | Paragraph | Items | Facts | Code, ...]
    kind: str = "details"


Block = Table | Figure | Panels | Paragraph | Items | Facts | Code | Details


@dataclass(frozen=True)
class Section:
    """A chapter of the page."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """The whole.

    Args:
        language: `en` or `nb`.
        title: the question.
        lead: under it.
        sections: the first is the opening.
        foot: the last line.
        identity: of what it was made from.
    """

    language: str
    title: str
    lead: str
    sections: tuple[Section, ...]
    foot: str
    identity: str
    words: dict[str, str] = field(default_factory=dict[str, str])

    def tables(self) -> list[tuple[str, Table]]:
        """All tables with the title of their section, in order."""
        found: list[tuple[str, Table]] = []
        for section in self.sections:
            for block in section.blocks:
                parts = block.blocks if isinstance(block, Details) else (block,)
                found += [(section.title, part) for part in parts if isinstance(part, Table)]
        return found
