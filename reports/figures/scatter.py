"""An outcome against the inputs that matter most: members as dots, and their trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports import style
from reports.labels import Labels

PANELS = 4
BINS = 12
DOTS = 2000  # more are a black surface; every so many-th member is drawn
_WORDS = {
    "en": {
        "title": "{outcome} in {year}",
        "subtitle": "{scenario} · a dot per run, the line is their mean",
    },
    "nb": {
        "title": "{outcome} i {year}",
        "subtitle": "{scenario} · en prikk per kjøring, linjen er gjennomsnittet",
    },
}


def draw(
    values: NDArray[np.float64],
    inputs: Mapping[str, NDArray[np.float64]],
    labels: Labels,
    *,
    outcome: str,
    unit: str,
    scenario: str,
    year: float,
    source: str,
) -> Figure:
    """A panel per input.

    Args:
        values: the outcome of each member in one year; members that failed are NaN.
        inputs: by name: the input of each member; no more than `PANELS`.
        labels: words and number format.
        outcome: what it is called.
        unit: of the outcome.
        scenario: what the scenario is called.
        year: of the values.
        source: the line at the foot.
    """
    words = _WORDS[labels.language]
    title = style.line(words["title"].format(outcome=outcome, year=f"{year:.0f}"), 75)
    subtitle = style.line(words["subtitle"].format(scenario=scenario), 125)
    figure = style.page(title, subtitle, source)
    there = np.flatnonzero(np.isfinite(values))
    drawn = there[:: max(1, -(-len(there) // DOTS))]
    count = len(inputs)
    for at, (name, given) in enumerate(inputs.items()):
        axes = figure.add_subplot(1 if count < 3 else 2, min(count, 2), at + 1)
        axes.plot(given[drawn], values[drawn], ".", color=style.colour(0), alpha=0.25, markersize=2)
        axes.plot(*trend(given[there], values[there]), color=style.DOWN)
        axes.set_title(style.wrapped(name, 42), pad=12, parse_math=False)
        style.unit(axes, unit if at == 0 else "")
        style.ticks(axes, labels.language)
        style.across(axes, labels.language)
    style.margins(figure, left=0.75, right=0.25, top=0.95, bottom=0.45, across=0.75, down=0.7)
    return figure


def trend(
    given: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[Sequence[float], Sequence[float]]:
    """Means in slices that hold as many members each."""
    order = np.argsort(given, kind="stable")
    parts = [part for part in np.array_split(order, BINS) if len(part)]
    return [float(given[part].mean()) for part in parts], [float(values[part].mean())
                                                           for part in parts]  # fmt: skip
