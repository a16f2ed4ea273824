"""Paths over time, small multiples, with what was observed as points on the curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import frames, style
from reports.labels import Labels

HEADLINES = (
    ("value_added_total", ""),
    ("employment_total", ""),
    ("population_total", ""),
    ("salmon_volume", ""),
)
_WORDS = {
    "en": {
        "title": "How Trøndelag develops under each scenario",
        "subtitle": "Simulated {first}–{last}; measures work from {start}. {covered}",
        "covered": "Where scenarios coincide, the black line covers the others.",
        "start": "strategy starts",
        "observed": "published figures",
    },
    "nb": {
        "title": "Slik utvikler Trøndelag seg i hvert scenario",
        "subtitle": "Simulert {first}–{last}; tiltakene virker fra {start}. {covered}",
        "covered": "Der scenarioene faller sammen, dekker den svarte linjen de andre.",
        "start": "strategien starter",
        "observed": "publiserte tall",
    },
}


def draw(
    frame: pd.DataFrame,
    observed: pd.DataFrame,
    labels: Labels,
    *,
    baseline: str,
    source: str,
    start: int,
    panels: Sequence[tuple[str, str]] = HEADLINES,
    title: str = "",
) -> Figure:
    """A panel per variable: every run as a line, observations as open circles.

    Args:
        frame: the long table.
        observed: columns outcome, element, year, value (as from `calibration.targets`).
        labels: words and number format.
        baseline: the run drawn in black.
        source: the line at the foot.
        start: the year in which the strategy starts.
        panels: (variable, its region or industry); those the table lacks are left out.
        title: instead of the usual one.
    """
    words = _WORDS[labels.language]
    there = set(zip(frame["variable"], frame["region"] + frame["industry"], strict=True))
    shown = [panel for panel in panels if panel in there]
    columns = min(2, len(shown))
    rows = math.ceil(len(shown) / columns)
    runs = [*(run for run in frames.runs(frame) if run != baseline), baseline]
    subtitle = words["subtitle"].format(
        first=f"{frame['year'].min():.0f}",
        last=f"{frame['year'].max():.0f}",
        start=start,
        covered=words["covered"] if len(runs) > 1 else "",
    )
    figure = style.page(
        title or words["title"],
        subtitle,
        source,
        height=style.HALF_PAGE if rows <= 2 else 0.9 + 1.75 * rows,
    )
    for position, panel in enumerate(shown):
        axes = figure.add_subplot(rows, columns, position + 1)
        _panel(axes, frame, observed, panel, runs, labels)
        style.start(axes, start, words["start"] if position == 0 else "")
    names = [("━", labels.run(baseline), style.BASELINE)]
    names += [("━", labels.run(run), style.colour(at)) for at, run in enumerate(runs[:-1])]
    used = style.key(figure, [*names, ("○", words["observed"], style.QUIET)])
    style.margins(
        figure, left=0.75, right=0.15, top=used + 0.33, bottom=0.45, across=0.75, down=0.55
    )
    return figure


def _panel(
    axes: Axes,
    frame: pd.DataFrame,
    observed: pd.DataFrame,
    panel: tuple[str, str],
    runs: Sequence[str],
    labels: Labels,
) -> None:
    """One variable."""
    variable, element = panel
    mine = frame[(frame["variable"] == variable) & (frame["region"] + frame["industry"] == element)]
    for position, run in enumerate(runs):
        line = mine[mine["run"] == run]
        last = position == len(runs) - 1
        axes.plot(
            line["year"],
            line["value"],
            color=style.BASELINE if last else style.colour(position),
            linestyle="solid" if last else style.dash(position),
            linewidth=1.1 if last else 1.5,
        )
    points = _points(observed, panel)
    axes.plot(
        points["year"],
        points["value"],
        linestyle="none",
        marker="o",
        markersize=3,
        markerfacecolor="white",
        markeredgecolor=style.QUIET,
        markeredgewidth=0.8,
        zorder=4,
    )
    axes.set_title(_title(variable, element, labels), pad=14, parse_math=False)
    style.unit(axes, labels.unit(variable, str(mine["unit"].iloc[0])))
    style.years(axes, float(mine["year"].min()), float(mine["year"].max()))
    low, high = axes.get_ylim()
    axes.set_ylim(0 if low < 0.4 * high and low > -0.05 * high else low, high + 0.06 * (high - low))
    style.ticks(axes, labels.language)


def _title(variable: str, element: str, labels: Labels) -> str:
    name = labels.of("variable", variable)
    return f"{name}: {labels.element(element)}" if element else name


def _points(observed: pd.DataFrame, panel: tuple[str, str]) -> pd.DataFrame:
    variable, element = panel
    return observed[(observed["outcome"] == variable) & (observed["element"] == element)]
