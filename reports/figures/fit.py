"""A fit beside what was observed: years that it saw, years held out, and intervals."""

from __future__ import annotations

import math
import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import style
from reports.labels import Labels

_WIDE = 34  # letters of a title's line
FIT, HELD = "#0072b2", "#d55e00"
_WORDS = {
    "en": {
        "title": "What the fit says of published figures",
        "subtitle": "Fitted to {last}; later figures were held out and are only compared.",
        "seen": "seen by the fit",
        "held": "held out",
        "median": "median",
        "band": "50 and 90% intervals, remembered errors with them",
    },
    "nb": {
        "title": "Hva tilpasningen sier om publiserte tall",
        "subtitle": "Tilpasset til og med {last}; senere tall er bare sammenlignet.",
        "seen": "sett av tilpasningen",
        "held": "holdt utenfor",
        "median": "median",
        "band": "50- og 90 %-intervaller, med feil som huskes",
    },
}
_MOVED = {
    "en": {
        "title": "What the data changed",
        "subtitle": "90% intervals before (grey) and after the fit (blue), relative to the model's "
        "text; the {count} most informed constants.",
        "axis": "share of the value in the model's text",
    },
    "nb": {
        "title": "Hva dataene endret",
        "subtitle": "90 %-intervaller før (grå) og etter tilpasningen (blå), i forhold til "
        "modellteksten; de {count} best bestemte konstantene.",
        "axis": "andel av verdien i modellteksten",
    },
}


def draw(bands: pd.DataFrame, labels: Labels, *, last: int, source: str) -> Figure:
    """A panel per series with two or more years: intervals per observation, points in two colours.

    Args:
        bands: as `calibration.fits` keeps them.
        labels: words and number format.
        last: last year of the fit.
        source: the line at the foot.
    """
    words = _WORDS[labels.language]
    keys = [
        (str(outcome), str(element))
        for (outcome, element), part in bands.groupby(["outcome", "element"], sort=False)
        if part["year"].nunique() > 1
    ]
    columns = 3
    rows = math.ceil(len(keys) / columns)
    subtitle = words["subtitle"].format(last=last)
    figure = style.page(words["title"], subtitle, source, height=0.9 + 1.35 * rows)
    for position, key in enumerate(keys):
        axes = figure.add_subplot(rows, columns, position + 1)
        mine = bands[(bands["outcome"] == key[0]) & (bands["element"] == key[1])]
        _panel(axes, mine, key, labels, last)
    used = style.key(
        figure,
        [
            ("●", words["seen"], FIT),
            ("●", words["held"], HELD),
            ("–", words["median"], style.INK),
            ("│", words["band"], style.QUIET),
        ],
    )
    style.margins(
        figure, left=0.68, right=0.22, top=used + 0.38, bottom=0.45, across=0.6, down=0.52
    )
    return figure


def _panel(axes: Axes, mine: pd.DataFrame, key: tuple[str, str], labels: Labels, last: int) -> None:
    # Several sources of a year stand beside each other.
    shift = mine.groupby("year").cumcount() * 0.2
    at = mine["year"] + shift
    axes.vlines(at, mine["told_05"], mine["told_95"], color=style.QUIET, linewidth=0.8)
    axes.vlines(at, mine["told_25"], mine["told_75"], color=style.QUIET, linewidth=2.6)
    axes.plot(at, mine["told_50"], linestyle="none", marker="_", markersize=6, color=style.INK)
    for period, tint in (("fit", FIT), ("held", HELD)):
        chosen = mine["period"] == period
        axes.plot(
            at[chosen], mine["observed"][chosen], linestyle="none", marker="o", markersize=3,
            color=tint,
        )  # fmt: skip
    axes.axvline(last + 0.5, color=style.QUIET, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1)
    style.years(axes, 2007.0, 2025.0)
    outcome, element = key
    name = labels.of("variable", outcome)
    title = f"{name}: {labels.element(element)}" if element else name
    axes.set_title("\n".join(textwrap.wrap(title, _WIDE)[:2]), size=6.5)
    style.ticks(axes, labels.language)


def moved(constants: pd.DataFrame, labels: Labels, *, source: str, most: int = 25) -> Figure:
    """Intervals of the best informed constants before and after."""
    words = _MOVED[labels.language]
    shown = constants[constants["informed"] & (constants["text"] != 0.0)].head(most)
    subtitle = words["subtitle"].format(count=len(shown))
    figure = style.page(words["title"], subtitle, source, height=1.2 + 0.17 * max(len(shown), 4))
    axes = figure.add_subplot(1, 1, 1)
    for line, row in enumerate(shown.to_dict("records")):
        for name, tint, width in (("prior", style.FAINT, 5.0), ("fit", FIT, 1.6)):
            low, high = sorted((row[f"{name}_05"] / row["text"], row[f"{name}_95"] / row["text"]))
            axes.hlines(line, low, high, color=tint, linewidth=width)
        axes.plot(row["fit_50"] / row["text"], line, marker="o", markersize=3, color=FIT)
    axes.axvline(1.0, color=style.QUIET, linewidth=0.7)
    axes.set_yticks(range(len(shown)), [str(name) for name in shown["constant"]])
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.set_xlabel(words["axis"])
    style.margins(figure, left=2.6, right=0.2, top=0.6, bottom=0.6)
    return figure
