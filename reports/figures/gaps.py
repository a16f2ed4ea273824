"""The difference to the baseline over time, a line per scenario."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from reports import frames, style
from reports.labels import Labels

HEADLINES = ("value_added_total", "employment_total")
_WORDS = {
    "en": {
        "title": "What each scenario adds, year by year",
        "subtitle": "Difference from {baseline}",
        "start": "strategy starts",
    },
    "nb": {
        "title": "Hva hvert scenario gir, år for år",
        "subtitle": "Avvik fra {baseline}",
        "start": "strategien starter",
    },
}
_NAMES = 1.2  # inches to the right of the panels


def draw(
    differences: pd.DataFrame,
    labels: Labels,
    *,
    baseline: str,
    source: str,
    start: int,
    variables: Sequence[str] = HEADLINES,
) -> Figure:
    """A panel per variable, a named line per scenario.

    Args:
        differences: as from `frames.differences`, for all saved years.
        labels: words and number format.
        baseline: the run compared with.
        source: the line at the foot.
        start: the year in which the strategy starts.
        variables: county totals; those the table lacks are left out.
    """
    words = _WORDS[labels.language]
    subtitle = words["subtitle"].format(baseline=labels.quoted(baseline))
    figure = style.page(words["title"], subtitle, source)
    shown = [each for each in variables if (differences["variable"] == each).any()]
    columns = min(2, len(shown))
    rows = math.ceil(len(shown) / columns)
    panels = [figure.add_subplot(rows, columns, at + 1) for at in range(len(shown))]
    style.margins(figure, left=0.6, right=_NAMES, top=0.85, bottom=0.45, across=_NAMES + 0.55)
    runs = frames.runs(differences)
    for position, (axes, variable) in enumerate(zip(panels, shown, strict=True)):
        mine = differences[differences["variable"] == variable]
        after = mine[mine["year"] >= start - 2]
        names: list[tuple[float, str, str]] = []
        for at, run in enumerate(runs):
            line = after[after["run"] == run]
            tint = style.colour(at)
            axes.plot(line["year"], line["difference"], color=tint, linestyle=style.dash(at))
            name = style.wrapped(labels.run(run), 20)
            names.append((float(line["difference"].iloc[-1]), name, tint))
        axes.axhline(0, color=style.INK, linewidth=0.8, zorder=1)
        style.years(axes, float(after["year"].min()), float(after["year"].max()))
        style.ticks(axes, labels.language, sign=True)
        axes.set_title(labels.of("variable", variable), pad=14, parse_math=False)
        style.unit(axes, labels.unit(variable, str(mine["unit"].iloc[0])))
        style.start(axes, start, words["start"] if position == 0 else "")
        style.ends(axes, names)
    return figure
