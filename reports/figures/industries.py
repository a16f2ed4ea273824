"""The difference to the baseline by industry, a panel per report year, on one axis."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from reports import numbers, style
from reports.labels import Labels

_NAMES, _RIGHT, _ACROSS = 1.95, 0.12, 0.12  # inches: names, right margin, between panels
_SIZE, _LETTER = 6.0, 0.05  # of the numbers, in points; the width of one digit, in inches
_WORDS = {
    "en": {
        "title": "{run}: value added by industry",
        "subtitle": "Difference from {baseline}, {unit}",
    },
    "nb": {
        "title": "{run}: verdiskaping etter næring",
        "subtitle": "Avvik fra {baseline}, {unit}",
    },
}


def draw(
    differences: pd.DataFrame,
    run: str,
    labels: Labels,
    *,
    baseline: str,
    source: str,
    variable: str = "value_added_by_industry",
) -> Figure:
    """Bars for one scenario; all panels share the axis.

    Args:
        differences: as from `frames.differences`, for the report years; the last four are shown.
        run: the scenario shown.
        labels: words and number format.
        baseline: the run compared with.
        source: the line at the foot.
        variable: one that has industries.
    """
    mine = differences[(differences["run"] == run) & (differences["variable"] == variable)]
    years = sorted(float(year) for year in mine["year"].unique())[-style.MOST_YEARS :]
    mine = mine[mine["year"].isin(years)]
    wide = mine.pivot_table(index="industry", columns="year", values="difference", sort=False)
    wide = wide.loc[wide[years[-1]].sort_values(kind="stable").index]
    words = _WORDS[labels.language]
    figure = style.page(
        words["title"].format(run=labels.run(run)),
        words["subtitle"].format(
            baseline=labels.quoted(baseline), unit=labels.unit(variable, str(mine["unit"].iloc[0]))
        ),
        source,
    )
    rows = range(len(wide))
    letters = max(len(_number(value, labels)) for value in mine["difference"])
    panel = (style.WIDTH - _NAMES - _RIGHT + _ACROSS) / len(years) - _ACROSS
    low, high = style.span(mine["difference"], room=(0.05 + _LETTER * letters) / panel)
    for position, year in enumerate(years):
        axes = figure.add_subplot(1, len(years), position + 1)
        values = wide[year].tolist()
        tints = [style.UP if value > 0 else style.DOWN for value in values]
        axes.barh(rows, values, color=tints, height=0.68, zorder=2)
        axes.axvline(0, color=style.INK, linewidth=0.7)
        for row, value in zip(rows, values, strict=True):
            if not _number(value, labels):
                continue
            axes.annotate(
                _number(value, labels),
                (value, row),
                xytext=(2 if value > 0 else -2, 0),
                textcoords="offset points",
                size=_SIZE,
                color=style.QUIET,
                va="center",
                ha="left" if value > 0 else "right",
            )
        names = [labels.of("industry", str(name)) for name in wide.index]
        axes.set_yticks(rows, names if position == 0 else [""] * len(names))
        axes.tick_params(axis="y", labelcolor=style.INK)
        axes.annotate(
            f"{year:g}",
            (0, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            weight="bold",
            ha="center",
        )
        axes.set_xlim(low, high)
        axes.set_ylim(-0.6, len(wide) - 0.4)
        axes.set_xticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
    style.margins(figure, left=_NAMES, right=_RIGHT, top=0.78, bottom=0.3, across=_ACROSS)
    return figure


def _number(value: float, labels: Labels) -> str:
    """What stands beside a bar; nothing beside one that cannot be seen."""
    if numbers.vanishes(value):
        return ""
    return numbers.amount(value, labels.language, sign=True)
