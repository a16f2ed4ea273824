"""Small pictures as SVG text: letters stay letters, the same numbers give the same bytes.

A panel is 340 wide, so that one fits a phone at full size and three fit a desk. What words say
is escaped here, and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np

from reports import numbers
from reports.colours import FAINT, INK, QUIET
from reports.labels import Language
from sim.shapes import Float64

Number = float | int
WIDTH, HEIGHT = 340.0, 210.0
SIZE = 11.0  # of letters
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 18.0, 12.0, 24.0
_LETTER = 0.56  # width of a letter, of its size, on average


def n(value: Number) -> str:
    """A coordinate: two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if math.isfinite(value) else "0"


def text(
    x: Number,
    y: Number,
    words: str,
    *,
    anchor: str = "start",
    tint: str = INK,
    size: Number = SIZE,
    bold: bool = False,
) -> str:
    """Letters; `y` is their base line."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{n(x)}" y="{n(y)}" text-anchor="{anchor}" fill="{tint}" '
        f'font-size="{n(size)}"{weight}>{escape(words)}</text>'
    )


def line(
    x1: Number,
    y1: Number,
    x2: Number,
    y2: Number,
    *,
    tint: str = FAINT,
    wide: Number = 1,
    dash: str = "",
) -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{n(x1)}" y1="{n(y1)}" x2="{n(x2)}" y2="{n(y2)}" stroke="{tint}" '
        f'stroke-width="{n(wide)}"{dashed}/>'
    )


def rectangle(
    x: Number, y: Number, wide: Number, high: Number, tint: str, *, opacity: Number = 1
) -> str:
    """A filled rectangle; widths below zero go the other way."""
    if wide < 0:
        x, wide = x + wide, -wide
    if high < 0:
        y, high = y + high, -high
    faint = f' fill-opacity="{n(opacity)}"' if opacity < 1 else ""
    return (
        f'<rect x="{n(x)}" y="{n(y)}" width="{n(wide)}" height="{n(high)}" fill="{tint}"{faint}/>'
    )


def path(
    points: Sequence[tuple[Number, Number]], tint: str, *, wide: Number = 1.8, dash: str = ""
) -> str:
    """A line through points."""
    drawn = "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{drawn}" fill="none" stroke="{tint}" stroke-width="{n(wide)}"{dashed}/>'


def area(points: Sequence[tuple[Number, Number]], tint: str, opacity: Number) -> str:
    """A filled shape."""
    drawn = "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + "Z"
    return f'<path d="{drawn}" fill="{tint}" fill-opacity="{n(opacity)}"/>'


def circle(x: Number, y: Number, tint: str) -> str:
    """An open point."""
    return (
        f'<circle cx="{n(x)}" cy="{n(y)}" r="2.2" fill="#ffffff" stroke="{tint}" '
        'stroke-width="1.1"/>'
    )


def picture(parts: Sequence[str], alt: str, *, wide: Number = WIDTH, high: Number = HEIGHT) -> str:
    """The whole, with what it shows in words."""
    return (
        f'<svg viewBox="0 0 {n(wide)} {n(high)}" width="{n(wide)}" height="{n(high)}" '
        f'role="img" aria-label="{escape(alt)}" font-family="system-ui, sans-serif">'
        + "".join(parts)
        + "</svg>"
    )


def width(words: str, size: Number = SIZE) -> float:
    """About how wide words come out."""
    return _LETTER * size * len(words)


def cut(words: str, room: Number, size: Number = SIZE) -> str:
    """Words, shortened to a room."""
    most = max(3, int(room / (_LETTER * size)))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def nice(low: Number, high: Number, count: int = 5) -> list[float]:
    """Round numbers from `low` to `high`, about so many."""
    if not high > low:
        return [low]
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in (1, 2, 2.5, 5, 10) if each * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [at * step for at in range(first, last + 1)]


def marks(ticks: Sequence[Number], language: Language, *, sign: bool = False) -> list[str]:
    """Round numbers as words."""
    decimals = 0
    while decimals < 6 and any(abs(each - round(each, decimals)) > 1e-9 for each in ticks):
        decimals += 1
    return [numbers.number(float(each), language, decimals=decimals, sign=sign) for each in ticks]


@dataclass
class Plot:
    """A panel with years along and values up.

    Args:
        first: year at the left edge.
        last: year at the right edge.
        low: value at the lower edge.
        high: value at the upper edge.
        language: of its numbers.
        sign: write + before numbers above zero.
    """

    first: Number
    last: Number
    low: Number
    high: Number
    language: Language
    sign: bool = False
    parts: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        """Draw the axes."""
        ticks = nice(self.low, self.high)
        for mark, words in zip(ticks, marks(ticks, self.language, sign=self.sign), strict=True):
            y = self.y(mark)
            zero = mark == 0 and self.low < 0
            self.parts.append(line(_LEFT, y, WIDTH - _RIGHT, y, tint=QUIET if zero else FAINT))
            self.parts.append(text(_LEFT - 5, y + 4, words, anchor="end", tint=QUIET))
        every = 10 if self.last - self.first > 25 else 5
        for year in range(int(self.first), int(self.last) + 1):
            if year % every == 0:
                x = self.x(year)
                self.parts.append(line(x, HEIGHT - _BOTTOM, x, HEIGHT - _BOTTOM + 4, tint=QUIET))
                self.parts.append(text(x, HEIGHT - 7, str(year), anchor="middle", tint=QUIET))

    def x(self, year: Number) -> float:
        """Where a year lies."""
        return _LEFT + (year - self.first) / (self.last - self.first) * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: Number) -> float:
        """Where a value lies."""
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)

    def fan(
        self,
        years: Sequence[int],
        bands: Float64[np.ndarray, "year quantile"],
        tint: str,
        dash: str = "",
    ) -> None:
        """The median as a line in the 50 and 90 per cent bands."""
        for (low, high), opacity in (((0, 4), 0.16), ((1, 3), 0.28)):
            upper = [(self.x(y), self.y(v)) for y, v in zip(years, bands[:, high], strict=True)]
            lower = [(self.x(y), self.y(v)) for y, v in zip(years, bands[:, low], strict=True)]
            self.parts.append(area([*upper, *reversed(lower)], tint, opacity))
        middle = [(self.x(y), self.y(v)) for y, v in zip(years, bands[:, 2], strict=True)]
        self.parts.append(path(middle, tint, dash=dash))

    def start(self, year: Number) -> None:
        """A line where the strategy starts."""
        x = self.x(year)
        self.parts.append(line(x, _TOP, x, HEIGHT - _BOTTOM, tint=QUIET, dash="3 2"))

    def points(self, years: Sequence[Number], values: Sequence[Number]) -> None:
        """Observations."""
        for year, value in zip(years, values, strict=True):
            self.parts.append(circle(self.x(year), self.y(value), INK))

    def drawn(self, alt: str) -> str:
        """The picture."""
        return picture(self.parts, alt)


def limits(
    *values: Float64[np.ndarray, ...], room: Number = 0.05, zero: bool = False
) -> tuple[float, float]:
    """Limits of an axis that hold all values, with a little room."""
    joined = np.concatenate([np.ravel(each) for each in values])
    joined = joined[np.isfinite(joined)]
    if not len(joined):
        return 0.0, 1.0
    low, high = float(joined.min()), float(joined.max())
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    reach = high - low or abs(high) or 1.0
    return low - (room * reach if low != 0 or not zero else 0), high + room * reach
