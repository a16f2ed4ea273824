"""The inputs that matter most over all years: a bar each, with its interval and its grade."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from reports import findings, numbers, style
from reports.figures.indices import strongest
from reports.labels import Labels
from sim.sensitivity import Indices

BARS = 12
GRADES = {"A": "#009e73", "B": "#56b4e9", "C": "#e69f00", "D": "#d55e00", "": "#999999"}
_WORDS = {
    "en": {"title": "What it depends on most", "grade": "evidence {}", "": "no grade"},
    "nb": {"title": "Hva det avhenger mest av", "grade": "grunnlag {}", "": "uten grad"},
}


def draw(
    found: Indices,
    names: Mapping[str, str],
    graded: Mapping[str, str],
    labels: Labels,
    *,
    outcome: str,
    scenario: str,
    source: str,
) -> Figure:
    """Bars of the headline measure over time, coloured by how good the evidence is.

    Args:
        found: of the outcome.
        names: what inputs are called, by id.
        graded: grade of the evidence, by id.
        labels: words and number format.
        outcome: what it is called.
        scenario: what the scenario is called.
        source: the line at the foot.
    """
    words = _WORDS[labels.language]
    what = findings.MEASURES[labels.language].get(found.headline, found.headline)
    chosen = strongest(found)[:BARS]
    told = style.line(f"{words['title']} · {scenario} · {what}", 115)
    figure = style.page(style.line(outcome, 75), told, source, height=1.35 + 0.24 * len(chosen))
    marks: list[tuple[str, str, str]] = []
    for grade in dict.fromkeys(sorted(graded.get(found.names[at], "") for at in chosen)):
        said = words["grade"].format(grade) if grade else words[""]
        marks.append(("■", said, GRADES.get(grade, GRADES[""])))
    top = style.key(figure, marks)
    axes = figure.add_subplot(1, 1, 1)
    style.margins(figure, left=2.35, right=0.35, top=top + 0.05, bottom=0.35)
    values = found.importance[chosen]
    widths = np.nan_to_num(found.over_time_widths[found.headline][chosen])
    rows = np.arange(len(chosen))
    tints = [GRADES.get(graded.get(found.names[at], ""), GRADES[""]) for at in chosen]
    axes.barh(rows, values, height=0.62, color=tints)
    axes.errorbar(
        values, rows, xerr=widths, fmt="none", ecolor=style.INK, elinewidth=0.8, capsize=2
    )
    axes.set_yticks(rows, [style.wrapped(names[found.names[at]], 40) for at in chosen],
                    parse_math=False)  # fmt: skip
    axes.set_ylim(len(chosen) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    reach = pd.Series(np.concatenate([values + widths, values - widths]))
    axes.set_xlim(*style.span(reach, room=0.08))
    style.across(axes, labels.language)
    for row, (value, width) in enumerate(zip(values, widths, strict=True)):
        axes.annotate(
            numbers.number(float(value), labels.language, decimals=2),
            (float(value + width), row),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=6.5,
        )
    return figure
