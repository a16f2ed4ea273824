"""How every figure in a file of its own looks: sizes, fonts, marks, and saving.

Colours are those of `reports.colours`. Fonts come with matplotlib, so that every machine
writes the same bytes.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from reports import numbers
from reports.colours import (
    BASELINE,
    DOWN,
    FAINT,
    INK,
    QUIET,
    REGIONS,
    SCENARIOS,
    UP,
    colour,
    dash,
    letters,
)
from reports.labels import Language

__all__ = [
    "BASELINE", "DOWN", "FAINT", "HALF_PAGE", "INK", "MOST_YEARS", "QUIET", "REGIONS",
    "SCENARIOS", "UP", "WIDTH", "apart", "colour", "dash", "ends", "key", "letters", "margins",
    "page", "save", "sheet", "span", "start", "ticks", "unit", "wrapped", "years",
]  # fmt: skip

WIDTH = 6.7  # inches: an A4 page less its margins
HALF_PAGE = 4.5
MOST_YEARS = 4  # report years that fit beside each other
_TITLE, _SUBTITLE, _KEY, _FOOTER = 10.5, 8.0, 7.5, 6.2  # points
_EDGE = 0.12  # inches from the sides to the words
_POINTS = 72.0  # per inch
_DOTS = 200

_SHEET = {
    "font.family": ["DejaVu Sans"],
    "font.size": 7.5,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 7.5,
    "axes.labelcolor": QUIET,
    "axes.edgecolor": "#999999",
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.5,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.major.size": 0,
    "text.color": INK,
    "lines.linewidth": 1.4,
    "lines.solid_capstyle": "round",
    "figure.dpi": 100,
    "savefig.dpi": _DOTS,
    "svg.fonttype": "path",
    "svg.hashsalt": "trondelag",
}


@contextmanager
def sheet() -> Generator[None]:
    """Draw and save inside this: nothing of a user's own matplotlib settings gets in."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(cast("Any", _SHEET))  # its keys are typed as a list of literals
        yield


def page(title: str, subtitle: str, source: str, *, height: float = HALF_PAGE) -> Figure:
    """An empty figure with title, subtitle and source line; the axes go between them."""
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    edge = _EDGE / WIDTH
    top = 1 - 0.08 / height
    figure.text(edge, top, title, size=_TITLE, weight="bold", va="top", parse_math=False)
    below = top - 0.21 / height
    figure.text(edge, below, subtitle, size=_SUBTITLE, color=QUIET, va="top", parse_math=False)
    foot = 0.06 / height
    figure.text(edge, foot, source, size=_FOOTER, color=QUIET, va="bottom", parse_math=False)
    return figure


def margins(
    figure: Figure,
    *,
    left: float,
    right: float,
    top: float = 0.75,
    bottom: float = 0.55,
    across: float = 0.5,
    down: float = 0.55,
) -> None:
    """Place the axes: all distances in inches, `across` and `down` between neighbours."""
    width, height = figure.get_size_inches()
    grid = figure.axes[0].get_subplotspec()
    rows, columns = grid.get_gridspec().get_geometry() if grid is not None else (1, 1)
    wide = (width - left - right - across * (columns - 1)) / columns
    high = (height - top - bottom - down * (rows - 1)) / rows
    figure.subplots_adjust(
        left=left / width,
        right=1 - right / width,
        top=1 - top / height,
        bottom=bottom / height,
        wspace=across / wide,
        hspace=down / high,
    )


def wrapped(words: str, width: int) -> str:
    """Words over at most three lines of `width` letters; what is too long is cut."""
    return "\n".join(textwrap.wrap(words, width, max_lines=3, placeholder=" …"))


def line(words: str, width: int) -> str:
    """Words on one line of `width` letters; what is too long is cut."""
    return textwrap.shorten(words, width, placeholder=" …")


def key(figure: Figure, names: Sequence[tuple[str, str, str]], *, below: float = 0.5) -> float:
    """Marks and names side by side, `below` inches under the top edge: a legend in a line.

    Args:
        figure: what they stand in.
        names: (mark, name, colour of the mark).
        below: distance from the top edge in inches.

    Returns:
        Distance from the top edge to below the last line, in inches.
    """
    width, height = figure.get_size_inches()
    x, y = _EDGE, height - below
    for mark, name, tint in names:
        sign = figure.text(0, 0, mark, color=tint, size=_KEY, va="top")
        word = figure.text(0, 0, name, size=_KEY, va="top", parse_math=False)
        wide = [float(each.get_window_extent().width) / figure.dpi for each in (sign, word)]
        if x > _EDGE and x + sum(wide) + 0.05 > width - _EDGE:
            x, y = _EDGE, y - 0.16
        sign.set_position((x / width, y / height))
        word.set_position(((x + wide[0] + 0.05) / width, y / height))
        x += sum(wide) + 0.22
    return height - y + 0.16


def unit(axes: Axes, words: str) -> None:
    """The unit of the vertical axis, above it and below the panel's title."""
    axes.annotate(
        words,
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, 4),
        textcoords="offset points",
        size=6.8,
        color=QUIET,
        parse_math=False,
    )


def span(values: pd.Series, *, room: float) -> tuple[float, float]:
    """Limits of an axis for bars: zero, all values, and room beyond them.

    Args:
        values: the ends of the bars.
        room: share of the axis left free on each side that has bars; below a half.
    """
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    reach = high - low
    if not reach > 0:
        return -1.0, 1.0
    free = room * reach / (1 - room * ((low < 0) + (high > 0)))
    return low - (free if low < 0 else 0.0), high + (free if high > 0 else 0.0)


def ticks(axes: Axes, language: Language, *, sign: bool = False) -> None:
    """Numbers of the vertical axis in the language's format; set the limits first."""
    locator = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10])
    low, high = axes.get_ylim()
    marks = [float(mark) for mark in locator.tick_values(low, high) if low <= mark <= high]
    decimals = max((_decimals(mark) for mark in marks), default=0)
    words = [numbers.number(mark, language, decimals=decimals, sign=sign) for mark in marks]
    axes.set_yticks(marks, words)
    axes.set_ylim(low, high)


def across(axes: Axes, language: Language) -> None:
    """Numbers of the horizontal axis in the language's format, few enough to stand apart."""
    low, high = axes.get_xlim()
    values = MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    marks = [float(mark) for mark in values if low <= mark <= high]
    decimals = max((_decimals(mark) for mark in marks), default=0)
    axes.set_xticks(marks, [numbers.number(mark, language, decimals=decimals) for mark in marks])
    axes.set_xlim(low, high)


def _decimals(mark: float) -> int:
    """How many decimals a mark of a scale needs; marks are round numbers."""
    text = f"{mark:.9f}".rstrip("0")
    return len(text.partition(".")[2])


def years(axes: Axes, first: float, last: float) -> None:
    """Years on the horizontal axis: round ones."""
    every = 10 if last - first > 25 else 5
    marks = [year for year in range(int(first), int(last) + 1) if year % every == 0]
    axes.set_xlim(first, last)
    axes.set_xticks(marks, [str(year) for year in marks])


def start(axes: Axes, year: int, words: str = "") -> None:
    """A vertical line where the strategy starts, with words beside it if given."""
    axes.axvline(year, color=QUIET, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1)
    if words:
        axes.annotate(
            words,
            (year, 1),
            xycoords=("data", "axes fraction"),
            xytext=(3, -1),
            textcoords="offset points",
            size=6.5,
            color=QUIET,
            va="top",
        )


def ends(axes: Axes, lines: Sequence[tuple[float, str, str]], *, size: float = 7.5) -> None:
    """Names to the right of their lines' ends, moved apart where they would overlap.

    Args:
        axes: with its limits set for good.
        lines: (value at the right edge, name, colour).
        size: of the letters, in points.
    """
    low, high = axes.get_ylim()
    box = axes.get_position()
    inches = float(box.height) * axes.get_figure(root=True).get_size_inches()[1]  # pyright: ignore[reportOptionalMemberAccess]
    rows = max((name.count("\n") for _, name, _ in lines), default=0) + 1
    gap = float(1.25 * rows * size / _POINTS / inches)
    wanted = [float((value - low) / (high - low)) for value, _, _ in lines]
    for place, (value, name, tint) in zip(apart(wanted, gap, 0.0, 1.0), lines, strict=True):
        axes.annotate(
            name,
            (1.0, (value - low) / (high - low)),
            xycoords="axes fraction",
            xytext=(1.03, place),
            textcoords="axes fraction",
            size=size,
            color=letters(tint),
            va="center",
            annotation_clip=False,
            parse_math=False,
            arrowprops={
                "arrowstyle": "-",
                "color": tint,
                "relpos": (0, 0.5),
                "linewidth": 0.5,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near the wanted ones, in the same order, at least `gap` from each other.

    Neighbours that are too close become a block around the mean of what they wanted. Blocks
    stay between `low` and `high` as long as there is room.
    """
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    blocks: list[list[int]] = []

    def centre(block: list[int]) -> float:
        half = (len(block) - 1) / 2 * gap
        mean = sum(wanted[at] for at in block) / len(block)
        return min(max(mean, low + half), max(high - half, low + half))

    for member in order:
        blocks.append([member])
        while len(blocks) > 1:
            reach = (len(blocks[-2]) + len(blocks[-1])) / 2 * gap
            if centre(blocks[-1]) - centre(blocks[-2]) >= reach - 1e-12:
                break
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    placed = [0.0] * len(wanted)
    for block in blocks:
        for rank, member in enumerate(block):
            placed[member] = centre(block) + (rank - (len(block) - 1) / 2) * gap
    return placed


def save(draw: Callable[[], Figure], stem: Path) -> list[Path]:
    """Draw a figure and write it as PNG and SVG; the same figure gives the same bytes.

    Args:
        draw: makes the figure.
        stem: path without suffix; its folder exists.
    """
    written: list[Path] = []
    with sheet():
        figure = draw()
        for kind, metadata in (("png", {"Software": None}), ("svg", {"Date": None})):
            buffer = io.BytesIO()
            figure.savefig(buffer, format=kind, metadata=metadata)
            path = stem.with_name(f"{stem.name}.{kind}")
            path.write_bytes(buffer.getvalue())
            written.append(path)
    return written
