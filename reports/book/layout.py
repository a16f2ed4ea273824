"""Where the stocks and flows of a chapter stand on the page: numbers only, no drawing.

Stocks stand below each other, those that flows join together. Inflows from outside come in
at the left, outflows leave at the right, each in a row of its own with what moves it listed
below its valve; what goes on to another stock comes back to that one along a lane at the far
right. So no line crosses words.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sim.source.links import Flow, Links

EDGE, PIPE, BOX, LANE = 8.0, 300.0, 170.0, 14.0  # widths
ABOVE, LINE, BELOW, GAP = 26.0, 15.0, 10.0, 26.0  # heights
RETURN = 22.0  # height of a row for what comes back along a lane
LETTERS = 38  # of a flow's name on one line
BOX_LETTERS = 21


@dataclass(frozen=True)
class Row:
    """One flow beside a stock.

    Args:
        flow: the flow.
        name: its name, in lines.
        moved_by: ids of what moves it.
        y: height of its pipe.
    """

    flow: Flow
    name: tuple[str, ...]
    moved_by: tuple[str, ...]
    y: float

    @property
    def height(self) -> float:
        """The room that it takes."""
        return ABOVE + BELOW + LINE * (len(self.name) + len(self.moved_by))


@dataclass(frozen=True)
class Box:
    """A stock, its inflows at the left and its outflows at the right."""

    stock: str
    name: tuple[str, ...]
    y: float
    height: float
    left: tuple[Row, ...]
    right: tuple[Row, ...]


@dataclass(frozen=True)
class Join:
    """What one stock passes on: from its row at height `start` to another's box at `end`."""

    start: float
    end: float
    lane: int


@dataclass(frozen=True)
class Layout:
    """All boxes and joins, and the size of the whole."""

    boxes: tuple[Box, ...]
    joins: tuple[Join, ...]
    width: float
    height: float


def layout(
    stocks: Sequence[str],
    links: Mapping[str, Links],
    names: Mapping[str, str],
    unnamed: str,
    moving: Collection[str],
) -> Layout:
    """Place the stocks of a chapter.

    Args:
        stocks: ids, in the order of the text.
        links: of every variable.
        names: of every variable.
        unnamed: what a flow is called that is written out in its stock's equation.
        moving: ids of the variables that are shown as moving a flow.
    """
    passed = _passed(stocks, links)
    boxes: list[Box] = []
    ports: dict[tuple[str, str], float] = {}  # (flow, stock that it fills) -> height
    top = EDGE
    for stock in _order(stocks, passed):
        name = tuple(textwrap.wrap(names[stock], BOX_LETTERS))
        flows = links[stock].flows
        inward = [f for f in flows if f.sign > 0 and (f.term, stock) not in passed]
        back = [f for f in flows if f.sign > 0 and (f.term, stock) in passed]
        outward = [f for f in flows if f.sign < 0]
        left, left_end = _rows(inward, top, links, names, unnamed, moving)
        for number, flow in enumerate(back):
            ports[flow.term, stock] = top + RETURN * (number + 0.5)
        right, right_end = _rows(outward, top + RETURN * len(back), links, names, unnamed, moving)
        least = top + LINE * (len(name) + 2) + 8
        end = max(left_end, right_end, least)
        boxes.append(Box(stock, name, top, end - top, left, right))
        top = end + GAP
    joins = _lanes(
        sorted(
            (row.y, height)
            for box in boxes
            for row in box.right
            for (flow, _), height in ports.items()
            if row.flow.term == flow
        )
    )
    lanes = 1 + max((join.lane for join in joins), default=-1)
    width = 2 * EDGE + 2 * PIPE + BOX + LANE * (lanes + (lanes > 0))
    return Layout(tuple(boxes), joins, width, top - GAP + EDGE if boxes else 0.0)


def _passed(stocks: Sequence[str], links: Mapping[str, Links]) -> dict[tuple[str, str], list[str]]:
    """(flow, stock that it fills) -> the stocks that it drains, for flows between them."""
    drained: dict[str, list[str]] = {}
    for stock in stocks:
        for flow in links[stock].flows:
            if flow.sign < 0:
                drained.setdefault(flow.term, []).append(stock)
    return {
        (flow.term, stock): drained[flow.term]
        for stock in stocks
        for flow in links[stock].flows
        if flow.sign > 0 and flow.term in drained
    }


def _order(stocks: Sequence[str], passed: Mapping[tuple[str, str], Sequence[str]]) -> list[str]:
    """The order of the text, but stocks that flows join one after the other."""
    near: dict[str, set[str]] = {stock: set() for stock in stocks}
    for (_, filled), drained in passed.items():
        for stock in drained:
            near[filled].add(stock)
            near[stock].add(filled)
    order: list[str] = []
    for first in stocks:
        waiting = [first]
        while waiting:
            stock = waiting.pop(0)
            if stock not in order:
                order.append(stock)
                waiting += [other for other in stocks if other in near[stock]]
    return order


def _rows(
    flows: Sequence[Flow],
    top: float,
    links: Mapping[str, Links],
    names: Mapping[str, str],
    unnamed: str,
    moving: Collection[str],
) -> tuple[tuple[Row, ...], float]:
    """The rows of flows below each other, and where the last one ends."""
    rows: list[Row] = []
    for flow in flows:
        reads = links[flow.variable].reads if flow.variable else flow.reads
        name = textwrap.wrap(names[flow.variable] if flow.variable else unnamed, LETTERS)
        moved = tuple(own for own in reads if own in moving)
        rows.append(Row(flow, tuple(name), moved, top + ABOVE))
        top += rows[-1].height
    return tuple(rows), top


def _lanes(spans: Sequence[tuple[float, float]]) -> tuple[Join, ...]:
    """Each span in the innermost lane that is free over its whole height."""
    taken: list[list[tuple[float, float]]] = []
    joins: list[Join] = []
    for start, end in spans:
        low, high = min(start, end), max(start, end)
        free = [all(high < a or b < low for a, b in lane) for lane in taken]
        lane = free.index(True) if True in free else len(taken)
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        joins.append(Join(start, end, lane))
    return tuple(joins)
