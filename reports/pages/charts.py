"""The page's figures, each from arrays and words that are ready to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reports import numbers
from reports.colours import DOWN, INK, QUIET, UP, letters
from reports.labels import Language
from reports.pages import drawing
from reports.pages.drawing import Number, Plot
from sim.shapes import Float64

_ROW = 22.0
_NAMES = 128.0  # room for names at the left of bars
_VALUES = 50.0  # and for numbers beyond them


@dataclass(frozen=True)
class Bar:
    """A bar with its name.

    Args:
        name: what it is called.
        value: its length.
        tint: its colour.
        low: where its interval starts, if it has one.
        high: where it ends.
        note: stands behind the number.
    """

    name: str
    value: Number
    tint: str
    low: Number | None = None
    high: Number | None = None
    note: str = ""


def fan(
    years: Sequence[int],
    bands: Float64[np.ndarray, "year quantile"],
    tint: str,
    language: Language,
    alt: str,
    *,
    span: tuple[Number, Number],
    start: int,
    points: tuple[Sequence[Number], Sequence[Number]] = ((), ()),
    sign: bool = False,
    dash: str = "",
) -> str:
    """One result over time: median, 50 and 90 per cent, observations as open points."""
    plot = Plot(years[0], years[-1], *span, language, sign)
    plot.fan(years, bands, tint, dash)
    plot.start(start)
    plot.points(*points)
    return plot.drawn(alt)


def bars(
    rows: Sequence[Bar],
    language: Language,
    alt: str,
    *,
    decimals: int = 0,
    wide: Number = 760.0,
    sign: bool = True,
) -> str:
    """Bars from zero, one below the other, with intervals as thin lines."""
    ends = [each for bar in rows for each in (bar.value, bar.low, bar.high) if each is not None]
    low, high = drawing.limits(np.array(ends, dtype=np.float64), zero=True, room=0.02)
    left = max(_NAMES, min(330.0, max(drawing.width(bar.name) for bar in rows) + 8))
    beyond = _VALUES + max(drawing.width(bar.note) for bar in rows)
    left_room = _VALUES if low < 0 else 4.0
    reach = wide - left - beyond - left_room

    def x(value: Number) -> float:
        return left + left_room + (value - low) / (high - low) * reach

    high_all = _ROW * len(rows) + 8
    parts = [drawing.line(x(0), 2, x(0), high_all - 4, tint=QUIET)]
    for at, bar in enumerate(rows):
        y = 4 + _ROW * at
        parts.append(drawing.text(left - 6, y + 15, drawing.cut(bar.name, left - 2), anchor="end"))
        parts.append(drawing.rectangle(x(0), y + 3, x(bar.value) - x(0), _ROW - 7, bar.tint))
        far = max(bar.value, 0.0)
        if bar.low is not None and bar.high is not None:
            middle = y + 3 + (_ROW - 7) / 2
            parts.append(drawing.line(x(bar.low), middle, x(bar.high), middle, tint=INK, wide=1.2))
            far = max(far, bar.high)
        words = numbers.number(float(bar.value), language, decimals=decimals, sign=sign)
        parts.append(drawing.text(x(far) + 5, y + 15, f"{words}{bar.note}", tint=INK))
    return drawing.picture(parts, alt, wide=wide, high=high_all)


def waterfall(
    steps: Sequence[tuple[str, Number]],
    total: str,
    language: Language,
    alt: str,
    *,
    decimals: int = 0,
    wide: Number = 760.0,
) -> str:
    """Parts laid end to end, down to their sum."""
    ends = np.concatenate([[0.0], np.cumsum([value for _, value in steps])])
    low, high = drawing.limits(ends, zero=True, room=0.02)
    rows = [*steps, (total, float(ends[-1]))]
    left = max(_NAMES, min(330.0, max(drawing.width(name) for name, _ in rows) + 8))
    left_room = _VALUES if low < 0 else 4.0
    reach = wide - left - _VALUES - left_room

    def x(value: Number) -> float:
        return left + left_room + (value - low) / (high - low) * reach

    high_all = _ROW * len(rows) + 8
    parts = [drawing.line(x(0), 2, x(0), high_all - 4, tint=QUIET)]
    for at, (name, value) in enumerate(rows):
        y = 4 + _ROW * at
        whole = at == len(steps)
        begin = 0.0 if whole else float(ends[at])
        tint = INK if whole else UP if value >= 0 else DOWN
        parts.append(
            drawing.text(left - 6, y + 15, drawing.cut(name, left - 2), anchor="end", bold=whole)
        )
        parts.append(
            drawing.rectangle(x(begin), y + 3, x(begin + value) - x(begin), _ROW - 7, tint)
        )
        if not whole:
            edge = x(begin + value)
            parts.append(drawing.line(edge, y + _ROW - 4, edge, y + _ROW + 3, tint=QUIET))
        words = numbers.number(float(value), language, decimals=decimals, sign=True)
        far = max(x(begin), x(begin + value))
        parts.append(drawing.text(far + 5, y + 15, words, tint=letters(tint), bold=whole))
    return drawing.picture(parts, alt, wide=wide, high=high_all)
