"""Blocks as one HTML file that needs nothing else, on screen and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

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

_STYLE = """
:root { --ink: #222; --quiet: #666; --line: #ddd; --pale: #f6f7f8; --blue: #00558c; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; color: var(--ink); background: #fff; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1.5rem 0 .5rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 .6rem; padding-top: .6rem;
  border-top: 2px solid var(--ink); }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1.6rem 0 .2rem; padding-top: .5rem;
  border-top: 1px solid var(--line); }
p { max-width: 46rem; margin: .4rem 0 .8rem; }
a { color: var(--blue); text-decoration: none; }
a:hover { text-decoration: underline; }
:target { background: #fff6d6; }
pre { background: var(--pale); border-left: 3px solid var(--line); padding: .5rem .8rem;
  margin: .4rem 0; font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap;
  overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: 8.5rem 1fr; gap: .1rem .8rem; margin: .3rem 0;
  font-size: 13.5px; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: .6rem 0 1rem; }
table { border-collapse: collapse; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: .25rem .7rem .25rem 0;
  border-bottom: 1px solid var(--line); }
th { border-bottom: 1.5px solid var(--ink); }
figure { margin: 1rem 0; overflow-x: auto; }
figcaption { color: var(--quiet); font-size: 13px; max-width: 46rem; }
svg { max-width: 100%; height: auto; }
nav ul { columns: 2; padding: 0; margin: .4rem 0; list-style: none; }
nav li { break-inside: avoid; }
@media print {
  @page { size: A4; margin: 15mm 14mm; }
  body { font-size: 8.5pt; line-height: 1.35; }
  pre, dl, table, figcaption { font-size: 7.5pt; line-height: 1.3; }
  h4 { margin-top: .8rem; }
  main { max-width: none; padding: 0; }
  h2 { break-before: page; border-top: 0; }
  h3, h4, figcaption { break-after: avoid; }
  pre, dl, figure, tr { break-inside: avoid; }
  thead { display: table-header-group; }
  nav h2 { break-before: avoid; }
  a { color: inherit; }
  svg { max-height: 165mm; }
}
"""


def html(blocks: Sequence[Block], language: str, contents: str) -> str:
    """A whole page.

    Args:
        blocks: the first is the page's heading.
        language: of the page (`en` or `nb`).
        contents: what the list of chapters is called.
    """
    first = blocks[0]
    title = first.words if isinstance(first, Heading) else ""
    # The list of chapters comes before the first of them.
    after = next((n for n, block in enumerate(blocks) if _chapter(block)), len(blocks))
    body = [_block(block) for block in blocks[:after]]
    body += [_contents(blocks, contents), *(_block(block) for block in blocks[after:])]
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{''.join(body)}</main>\n</body>\n</html>\n"
    )


def _chapter(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == 2


def _contents(blocks: Iterable[Block], title: str) -> str:
    items = "".join(
        f'<li><a href="#{escape(block.anchor)}">{escape(block.words)}</a></li>\n'
        for block in blocks
        if isinstance(block, Heading) and _chapter(block)
    )
    return f"<nav>\n<h2>{escape(title)}</h2>\n<ul>\n{items}</ul>\n</nav>\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, words, anchor):
            return f'<h{level} id="{escape(anchor)}">{escape(words)}</h{level}>\n'
        case Paragraph(words):
            return f"<p>{_words(words)}</p>\n"
        case Code(text):
            return f"<pre>{escape(text)}</pre>\n"
        case Facts(rows):
            inside = "".join(
                f"<dt>{escape(name)}</dt><dd>{_words(words)}</dd>\n" for name, words in rows
            )
            return f"<dl>\n{inside}</dl>\n"
        case Table(header, rows):
            head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
            body = "".join(
                f"<tr>{''.join(f'<td>{_words(cell)}</td>' for cell in row)}</tr>\n" for row in rows
            )
            return (
                f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n'
                f"<tbody>\n{body}</tbody>\n</table></div>\n"
            )
        case Drawing(_, title, svg):
            return f"<figure>\n{svg}<figcaption>{escape(title)}</figcaption>\n</figure>\n"


def _words(words: Iterable[Inline]) -> str:
    return "".join(map(_inline, words))


def _inline(part: Inline) -> str:
    match part:
        case Link(words, to):
            return f'<a href="#{escape(to)}">{escape(words)}</a>'
        case Web(words, address) if address.startswith(("https://", "http://")):
            return f'<a href="{escape(address)}">{escape(words)}</a>'
        case Web(words, _):
            return escape(words)
        case Strong(words):
            return f"<strong>{escape(words)}</strong>"
        case _:
            return escape(part)
