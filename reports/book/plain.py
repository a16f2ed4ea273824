"""Blocks as Markdown; drawings become files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reports.book.blocks import (
    Block,
    Code,
    Drawing,
    Facts,
    Heading,
    Inline,
    Link,
    Paragraph,
    Strong,
    Table,
    Web,
)

DRAWINGS = "diagrams"
_SIGNS = re.compile(r"([\\`*_\[\]<>|#~&])")


def markdown(blocks: Sequence[Block], contents: str) -> str:
    """A whole page.

    Args:
        blocks: the first is the page's heading.
        contents: what the list of chapters is called.
    """
    after = next((n for n, block in enumerate(blocks) if _chapter(block)), len(blocks))
    listed = "".join(
        f"- {_inline(Link(block.words, block.anchor))}\n"
        for block in blocks
        if isinstance(block, Heading) and _chapter(block)
    )
    parts = [*map(_block, blocks[:after]), f"## {_plain(contents)}\n\n{listed}"]
    return "\n".join([*parts, *map(_block, blocks[after:])])


def _chapter(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == 2


def _block(block: Block) -> str:
    match block:
        case Heading(level, words, anchor):
            return f'<a id="{anchor}"></a>\n\n{"#" * level} {_plain(words)}\n'
        case Paragraph(words):
            return f"{_words(words)}\n"
        case Code(text):
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
            return f"{fence}text\n{text}\n{fence}\n"
        case Facts(rows):
            return "".join(f"- {_plain(name)}: {_words(words)}\n" for name, words in rows)
        case Table(header, rows):
            lines = [[_plain(cell) for cell in header], ["---"] * len(header)]
            lines += [[_words(cell) for cell in row] for row in rows]
            return "".join(f"| {' | '.join(line)} |\n" for line in lines)
        case Drawing(name, title, _):
            return f"![{_plain(title)}]({DRAWINGS}/{name}.svg)\n"


def _words(words: Iterable[Inline]) -> str:
    return "".join(map(_inline, words))


def _inline(part: Inline) -> str:
    match part:
        case Link(words, to):
            return f"[{_plain(words)}](#{to})"
        case Web(words, address) if address.startswith(("https://", "http://")):
            return f"[{_plain(words)}](<{address.replace('>', '%3E')}>)"
        case Web(words, _):
            return _plain(words)
        case Strong(words):
            return f"**{_plain(words)}**"
        case _:
            return _plain(part)


def _plain(text: str) -> str:
    return " ".join(_SIGNS.sub(r"\\\1", text).split("\n"))
