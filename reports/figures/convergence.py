"""Whether there are members enough: the indices from more and more of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from reports import findings, numbers, style
from reports.figures.indices import strongest
from reports.labels import Labels
from sim.sensitivity import Indices

LINES = 5
_WORDS = {
    "en": {"title": "How sure this is", "members": "by members used"},
    "nb": {
        "title": "Hvor sikkert dette er",
        "members": "etter antall medlemmer",
    },
}


def draw(
    every: Sequence[Indices],
    names: Mapping[str, str],
    labels: Labels,
    *,
    outcome: str,
    scenario: str,
    source: str,
) -> Figure:
    """The inputs that matter most, over the number of members, with intervals.

    Args:
        every: indices from more and more members, the last from all.
        names: what inputs are called, by id.
        labels: words and number format.
        outcome: what it is called.
        scenario: what the scenario is called.
        source: the line at the foot.
    """
    words, measure = _WORDS[labels.language], every[-1].headline
    what = findings.MEASURES[labels.language].get(measure, measure)
    told = f"{words['title']} · {scenario} · {what}, {words['members']}"
    figure = style.page(style.line(outcome, 75), style.line(told, 115), source)
    axes = figure.add_subplot(1, 1, 1)
    style.margins(figure, left=0.6, right=1.7, top=0.75, bottom=0.45)
    members = [each.members for each in every]
    places = np.arange(len(members), dtype=np.float64)
    ends: list[tuple[float, str, str]] = []
    for at, factor in enumerate(strongest(every[-1])[:LINES]):
        values = np.array([each.over_time[measure][factor] for each in every])
        widths = np.nan_to_num([each.over_time_widths[measure][factor] for each in every])
        tint = style.colour(at)
        shifted = places + (at - LINES / 2) * 0.03  # so that intervals do not hide each other
        axes.errorbar(shifted, values, yerr=widths, color=tint, elinewidth=0.8, capsize=2,
                      marker="o", markersize=2.5)  # fmt: skip
        name = style.wrapped(names[every[-1].names[factor]], 24)
        ends.append((float(values[-1]), name, tint))
    axes.set_xticks(places, [numbers.number(float(count), labels.language) for count in members])
    style.ticks(axes, labels.language)
    style.ends(axes, ends, size=6.8)
    return figure
