"""Whether the walkers agree, and which constants lean on each other."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from reports import style
from reports.labels import Labels

_TRACES = {
    "en": {
        "title": "The walkers' way",
        "subtitle": "Each line is one of {walkers} walkers; the constants that the data say most "
        "of. Lines that mix are one answer.",
        "axis": "kept rounds",
    },
    "nb": {
        "title": "Vandrernes vei",
        "subtitle": "Hver strek er én av {walkers} vandrere; konstantene som dataene sier mest "
        "om. Streker som blander seg, er ett svar.",
        "axis": "runder som er tatt vare på",
    },
}
_PAIRS = {
    "en": {
        "title": "Which constants lean on each other",
        "subtitle": "Posterior draws; the pairs with the strongest rank correlation (in the "
        "corner).",
    },
    "nb": {
        "title": "Hvilke konstanter støtter seg på hverandre",
        "subtitle": "Trekk etter tilpasningen; parene med sterkest rangkorrelasjon (i hjørnet).",
    },
}
_COLUMNS = 2
_LONGEST = 40  # letters of a constant's name in a title


def traces(chains: pd.DataFrame, labels: Labels, *, source: str) -> Figure:
    """A panel per constant, a line per walker.

    Args:
        chains: walker, round, and a column per constant, as `calibration.fits` keeps them.
        labels: language.
        source: the line at the foot.
    """
    words = _TRACES[labels.language]
    names = [name for name in chains.columns if name not in {"walker", "round"}]
    rows = math.ceil(len(names) / _COLUMNS)
    subtitle = words["subtitle"].format(walkers=chains["walker"].nunique())
    figure = style.page(words["title"], subtitle, source, height=1.2 + 1.0 * rows)
    for position, name in enumerate(names):
        axes = figure.add_subplot(rows, _COLUMNS, position + 1)
        for number, (_, part) in enumerate(chains.groupby("walker")):
            axes.plot(part["round"], part[name], linewidth=0.4, color=style.colour(number % 6))
        axes.set_title(_short(name), size=6.5)
        style.ticks(axes, labels.language)
        if position >= len(names) - _COLUMNS:
            axes.set_xlabel(words["axis"])
    style.margins(figure, left=0.75, right=0.15, top=0.75, bottom=0.65, across=0.75, down=0.42)
    return figure


def pairs(draws: pd.DataFrame, chosen: list[str], labels: Labels, *, source: str) -> Figure:
    """The six strongest pairs among some constants.

    Args:
        draws: posterior draws, a column for each constant.
        chosen: columns to look at, two or more.
        labels: language.
        source: the line at the foot.
    """
    found = strongest(draws[chosen])
    words = _PAIRS[labels.language]
    rows = math.ceil(len(found) / _COLUMNS)
    figure = style.page(words["title"], words["subtitle"], source, height=1.2 + 1.75 * rows)
    for position, (across, up, correlation) in enumerate(found):
        axes = figure.add_subplot(rows, _COLUMNS, position + 1)
        axes.plot(draws[across], draws[up], linestyle="none", marker=".", markersize=2.2,
                  color=style.INK, alpha=0.5)  # fmt: skip
        axes.set_xlabel(_short(across), size=6.5)
        axes.set_ylabel(_short(up), size=6.5)
        axes.set_title(f"{correlation:+.2f}".replace("-", "−"), size=7.5, loc="right")
        style.ticks(axes, labels.language)
        axes.locator_params(axis="x", nbins=4)
    style.margins(figure, left=0.85, right=0.15, top=0.75, bottom=0.65, across=0.95, down=0.62)
    return figure


def strongest(draws: pd.DataFrame, most: int = 6) -> list[tuple[str, str, float]]:
    """The pairs of columns with the largest rank correlation, the strongest first."""
    size = draws.rank().corr().to_numpy()
    first, second = np.triu_indices(draws.shape[1], k=1)
    strength = size[first, second]
    order = np.argsort(-np.abs(strength), kind="stable")[:most]
    names = [str(name) for name in draws.columns]
    return [(names[first[i]], names[second[i]], float(strength[i])) for i in order]


def _short(name: str) -> str:
    said = name.replace("_", " ")
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"
