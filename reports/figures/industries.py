"""The difference to the baseline by industry, a panel per report year, on one axis."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from reports import numbers, style
from reports.labels import Labels

_WORDS = {
    "en": {
        "title": "{run}: value added by industry",
        "subtitle": "Difference from {baseline}, {unit}; industries in order of the last year",
    },
    "nb": {
        "title": "{run}: verdiskaping etter næring",
        "subtitle": "Avvik fra {baseline}, {unit}; næringene i rekkefølge etter siste år",
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
        differences: as from `frames.differences`, for the report years.
        run: the scenario shown.
        labels: words and number format.
        baseline: the run compared with.
        source: the line at the foot.
        variable: one that has industries.
    """
    mine = differences[(differences["run"] == run) & (differences["variable"] == variable)]
    years = sorted(float(year) for year in mine["year"].unique())
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
    low, high = min(0.0, float(wide.min().min())), max(0.0, float(wide.max().max()))
    reach = (high - low) or 1.0
    for position, year in enumerate(years):
        axes = figure.add_subplot(1, len(years), position + 1)
        values = wide[year].tolist()
        tints = [style.UP if value > 0 else style.DOWN for value in values]
        axes.barh(rows, values, color=tints, height=0.68, zorder=2)
        axes.axvline(0, color=style.INK, linewidth=0.7)
        for row, value in zip(rows, values, strict=True):
            if numbers.vanishes(value):
                continue
            axes.annotate(
                numbers.amount(value, labels.language, sign=True),
                (value, row),
                xytext=(2 if value > 0 else -2, 0),
                textcoords="offset points",
                size=6,
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
        # Room for the numbers beyond the bars.
        axes.set_xlim(
            low - (0.42 * reach if low < 0 else 0), high + (0.42 * reach if high > 0 else 0)
        )
        axes.set_ylim(-0.6, len(wide) - 0.4)
        axes.set_xticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
    style.margins(figure, left=1.95, right=0.12, top=0.78, bottom=0.3, across=0.12)
    return figure
