"""The difference to the baseline by region, a panel per scenario, on one axis."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.figure import Figure

from reports import frames, style
from reports.labels import Labels

_COLUMNS = 3
_WORDS = {
    "en": {
        "title": "What each region gets: value added",
        "subtitle": "Difference from {baseline}, per cent of each region's value added",
        "unit": "per cent",
    },
    "nb": {
        "title": "Hva hver region får: verdiskaping",
        "subtitle": "Avvik fra {baseline}, prosent av hver regions verdiskaping",
        "unit": "prosent",
    },
}


def draw(
    differences: pd.DataFrame,
    labels: Labels,
    *,
    baseline: str,
    source: str,
    variable: str = "value_added_by_region",
) -> Figure:
    """Bars per report year and region; all panels share the axis.

    Args:
        differences: as from `frames.differences`, for the report years; the last four are shown.
        labels: words and number format.
        baseline: the run compared with.
        source: the line at the foot.
        variable: one that has regions.
    """
    mine = differences[differences["variable"] == variable]
    runs = frames.runs(mine)
    regions = [str(region) for region in mine["region"].unique()]
    years = sorted(float(year) for year in mine["year"].unique())[-style.MOST_YEARS :]
    mine = mine[mine["year"].isin(years)]
    words = _WORDS[labels.language]
    figure = style.page(
        words["title"], words["subtitle"].format(baseline=labels.quoted(baseline)), source
    )
    low, high = style.span(mine["percent"], room=0.07)
    width = 0.8 / len(regions)
    lines = 1
    columns = min(_COLUMNS, len(runs))
    rows = math.ceil(len(runs) / columns)
    for position, run in enumerate(runs):
        axes = figure.add_subplot(rows, columns, position + 1)
        for at, region in enumerate(regions):
            of_region = mine[(mine["run"] == run) & (mine["region"] == region)].sort_values("year")
            values = of_region["percent"].tolist()
            places = [slot + (at - (len(regions) - 1) / 2) * width for slot in range(len(years))]
            axes.bar(places, values, width=0.92 * width, color=style.REGIONS[at % 2])
        axes.axhline(0, color=style.INK, linewidth=0.8)
        axes.set_ylim(low, high)
        axes.set_xticks(range(len(years)), [f"{year:g}" for year in years])
        axes.tick_params(axis="x", length=0)
        axes.spines["bottom"].set_visible(False)
        title = style.wrapped(labels.run(run), 72 // columns)
        lines = max(lines, title.count("\n") + 1)
        if position % columns == 0:
            axes.set_ylabel(words["unit"])
        axes.set_title(title, parse_math=False)
        style.ticks(axes, labels.language, sign=True)
        if position % columns:
            axes.tick_params(axis="y", labelleft=False)
    names = [labels.of("region", region) for region in regions]
    used = style.key(figure, [("■", name, style.REGIONS[at % 2]) for at, name in enumerate(names)])
    style.margins(
        figure,
        left=0.65,
        right=0.12,
        top=used + 0.1 + 0.13 * lines,
        bottom=0.45,
        across=0.2,
        down=0.3 + 0.13 * lines,
    )
    return figure
