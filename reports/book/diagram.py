"""The stock-and-flow diagram of a chapter, as SVG.

Stocks are boxes, flows pipes with valves, clouds what lies outside the chapter. Below each
valve stands what moves it: stocks bold, levers and the outside world in colour, what other
chapters compute in grey between angle brackets. Constants are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from reports.book.content import Book, Chapter, anchor
from reports.book.layout import BOX, EDGE, LANE, LINE, PIPE, Box, Join, Layout, Row, layout
from sim.source.catalogue import CONSTANT, CONTROL, LOOKUP, STOCK

INK, QUIET, PIPES, FILL, HANDLE, ARROW = (
    "#222222",
    "#6b6b6b",
    "#7a8791",
    "#e8f1f7",
    "#b34700",
    "#0072b2",
)
_X = EDGE + PIPE  # the left side of every box
_FIXED = {CONSTANT, CONTROL, LOOKUP}


def stocks(book: Book, chapter: Chapter) -> tuple[str, ...]:
    """The stocks of a chapter that are drawn, in the order of its text."""
    mine = [own for own in chapter.variables if book.variables[own].kind == STOCK]
    return tuple(own for own in mine if not _counts(book, own, mine))


def tallies(book: Book, chapter: Chapter) -> tuple[str, ...]:
    """The stocks that only count what flows through others of the chapter; they are not drawn."""
    drawn = stocks(book, chapter)
    every = (own for own in chapter.variables if book.variables[own].kind == STOCK)
    return tuple(own for own in every if own not in drawn)


def _counts(book: Book, own: str, others: Sequence[str]) -> bool:
    """Whether a stock moves no other one and has a flow in common with one."""
    flows = {(flow.term, flow.sign) for flow in book.links[own].flows}
    shared = any(
        (flow.term, flow.sign) in flows
        for other in others
        if other != own
        for flow in book.links[other].flows
    )
    return shared and not any(
        book.variables[other].kind == STOCK for other in book.moved(own) if other != own
    )


def draw(book: Book, chapter: Chapter, unnamed: str) -> str:
    """The diagram, or "" where the chapter has no stock.

    Args:
        book: the model.
        chapter: what is drawn.
        unnamed: what a flow is called that is written out in its stock's equation.
    """
    names = {own: each.name for own, each in book.variables.items()}
    moving = {
        own
        for own, each in book.variables.items()
        if each.kind not in _FIXED or own in book.handles
    }
    plan = layout(stocks(book, chapter), book.links, names, unnamed, moving)
    return _Pen(book, chapter, plan).drawn() if plan.boxes else ""


class _Pen:
    """Draws one plan."""

    def __init__(self, book: Book, chapter: Chapter, plan: Layout) -> None:
        self.book = book
        self.chapter = chapter
        self.plan = plan
        self.parts: list[str] = []

    def drawn(self) -> str:
        started = {join.start for join in self.plan.joins}
        for join in self.plan.joins:
            self._join(join)
        for box in self.plan.boxes:
            for row in box.left:
                self._pipe(row, EDGE + 34, _X, cloud=EDGE + 18)
            for row in box.right:
                onward = row.y in started
                end = _X + BOX + PIPE - (0 if onward else 34)
                cloud = None if onward else _X + BOX + PIPE - 18
                self._pipe(row, _X + BOX, end, cloud=cloud, onward=onward)
            self._box(box)
        size = f"{self.plan.width:g} {self.plan.height:g}"
        title = escape(self.chapter.opening.title or self.chapter.id)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
            f'width="{self.plan.width:g}" height="{self.plan.height:g}" role="img" '
            f'font-family="system-ui, Helvetica, Arial, sans-serif" font-size="12" fill="{INK}">\n'
            f"<title>{title}</title>\n{''.join(self.parts)}</svg>\n"
        )

    def _box(self, box: Box) -> None:
        variable = self.book.variables[box.stock]
        self.parts.append(
            f'<rect x="{_X:g}" y="{box.y:g}" width="{BOX:g}" height="{box.height:g}" '
            f'fill="{FILL}" stroke="{INK}" stroke-width="1.5"/>\n'
        )
        middle = _X + BOX / 2
        over = [f"[{', '.join(variable.dims)}]"] if variable.dims else []
        y = box.y + box.height / 2 - LINE * (len(box.name) + len(over)) / 2 + 4
        inside: list[str] = []
        for line in box.name:
            inside.append(_text(middle, y, line, weight="bold", middle=True))
            y += LINE
        self.parts.append(_linked(box.stock, "".join(inside)))
        # Small enough that the names of two ranges keep inside the box.
        for line in (*over, variable.units):
            self.parts.append(_text(middle, y, line, colour=QUIET, size=10, middle=True))
            y += LINE

    def _pipe(
        self, row: Row, start: float, end: float, *, cloud: float | None, onward: bool = False
    ) -> None:
        tip = end if onward else end - 9
        for width, colour in ((5.0, PIPES), (2.4, "#ffffff")):
            self.parts.append(_line([(start, row.y), (tip, row.y)], colour, width))
        if not onward:
            self.parts.append(_head(end, row.y, 1))
        if cloud is not None:
            self.parts.append(_cloud(cloud, row.y))
        middle = (_X - PIPE / 2 if start < _X else _X + BOX + PIPE / 2) + 0.0
        self._valve(middle, row)

    def _valve(self, x: float, row: Row) -> None:
        y = row.y
        self.parts.append(
            f'<path d="M{x - 8:g} {y - 8:g}L{x + 8:g} {y + 8:g}V{y - 8:g}L{x - 8:g} {y + 8:g}Z" '
            f'fill="#ffffff" stroke="{INK}"/>\n'
        )
        below = y + 8 + LINE
        words: list[str] = []
        for line in row.name:
            words.append(_text(x, below, line, middle=True, italic=not row.flow.variable))
            below += LINE
        own = row.flow.variable
        self.parts.append(_linked(own, "".join(words)) if own else "".join(words))
        if not row.moved_by:
            return
        left = x - 92
        last = below + LINE * (len(row.moved_by) - 1) - 4
        # An arrow from what is listed up to the valve.
        self.parts.append(
            f'<path d="M{left:g} {last:g}V{y + 16:g}Q{left:g} {y + 4:g} {x - 13:g} {y + 4:g}" '
            f'fill="none" stroke="{ARROW}" stroke-width="0.9"/>\n'
            f'<path d="M{x - 9:g} {y + 4:g}l-6 -2.8v5.6z" fill="{ARROW}"/>\n'
        )
        for own in row.moved_by:
            self.parts.append(self._mover(own, left + 7, below))
            below += LINE

    def _mover(self, own: str, x: float, y: float) -> str:
        variable = self.book.variables[own]
        name, colour, weight = variable.name, INK, ""
        if own in self.book.handles:
            colour, weight = HANDLE, "bold"
        elif self.book.chapter_of[own] != self.chapter.id:
            name, colour = f"‹{name}›", QUIET
        elif variable.kind == STOCK:
            weight = "bold"
        return _linked(own, _text(x, y, name, colour=colour, weight=weight, size=11))

    def _join(self, join: Join) -> None:
        right = _X + BOX + PIPE
        x = right + LANE * (join.lane + 1) - LANE / 2
        corner = [(right, join.start), (x, join.start), (x, join.end), (_X + BOX + 9, join.end)]
        for width, colour in ((5.0, PIPES), (2.4, "#ffffff")):
            self.parts.append(_line(corner, colour, width))
        self.parts.append(_head(_X + BOX, join.end, -1))


def _line(points: list[tuple[float, float]], colour: str, width: float) -> str:
    path = "L".join(f"{x:g} {y:g}" for x, y in points)
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>\n'


def _head(x: float, y: float, way: int) -> str:
    """The head of a pipe with its tip at (x, y), pointing right (1) or left (-1)."""
    return f'<path d="M{x:g} {y:g}l{-way * 11} -6.5v13z" fill="{PIPES}"/>\n'


def _cloud(x: float, y: float) -> str:
    bumps = ((-9, 2, 7), (-3, -5, 8), (6, -3, 8), (10, 4, 6), (0, 5, 8))
    circles = [
        f'<circle cx="{x + dx:g}" cy="{y + dy:g}" r="{r}" fill="{fill}"{stroke}/>'
        for fill, stroke in (("#ffffff", f' stroke="{PIPES}" stroke-width="2"'), ("#ffffff", ""))
        for dx, dy, r in bumps
    ]
    return "".join(circles) + "\n"


def _text(
    x: float,
    y: float,
    words: str,
    *,
    colour: str = INK,
    weight: str = "",
    size: int = 12,
    middle: bool = False,
    italic: bool = False,
) -> str:
    style = f' fill="{colour}"' if colour != INK else ""
    style += f' font-weight="{weight}"' if weight else ""
    style += f' font-size="{size}"' if size != 12 else ""
    style += ' text-anchor="middle"' if middle else ""
    style += ' font-style="italic"' if italic else ""
    return f'<text x="{x:g}" y="{y:g}"{style}>{escape(words)}</text>\n'


def _linked(own: str, inside: str) -> str:
    return f'<a href="#{anchor(own)}">\n{inside}</a>\n'
