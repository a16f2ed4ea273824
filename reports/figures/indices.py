"""What an outcome hangs on, year by year: a line per input, with its interval."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports import findings, style
from reports.labels import Labels
from sim.sensitivity import Indices

LINES = 6
_WORDS = {
    "en": {"title": "What it depends on, year by year"},
    "nb": {"title": "Hva det avhenger av, år for år"},
}
_NAMES = 1.7  # inches to the right of the panel


def draw(
    found: Indices,
    times: NDArray[np.float64],
    names: Mapping[str, str],
    labels: Labels,
    *,
    outcome: str,
    scenario: str,
    source: str,
) -> Figure:
    """The inputs that matter most, over time.

    Args:
        found: of the outcome.
        times: of its columns.
        names: what inputs are called, by id.
        labels: words and number format.
        outcome: what it is called.
        scenario: what the scenario is called.
        source: the line at the foot.
    """
    measure = found.headline
    what = findings.MEASURES[labels.language].get(measure, measure)
    told = f"{_WORDS[labels.language]['title']} · {scenario} · {what}"
    figure = style.page(style.line(outcome, 75), style.line(told, 115), source)
    axes = figure.add_subplot(1, 1, 1)
    style.margins(figure, left=0.6, right=_NAMES, top=0.75, bottom=0.45)
    ends: list[tuple[float, str, str]] = []
    for at, factor in enumerate(strongest(found)[:LINES]):
        values, width = found.measures[measure][factor], found.widths[measure][factor]
        tint = style.colour(at)
        axes.plot(times, values, color=tint, linestyle=style.dash(at))
        if np.isfinite(width).any():
            axes.fill_between(
                times, values - width, values + width, color=tint, alpha=0.12, linewidth=0
            )
        known = values[np.isfinite(values)]
        last = float(known[-1]) if known.size else 0.0
        ends.append((last, style.wrapped(names[found.names[factor]], 24), tint))
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, 0.0), max(high, 0.05))
    if len(times) > 1:
        style.years(axes, float(times[0]), float(times[-1]))
    style.ticks(axes, labels.language)
    style.ends(axes, ends, size=6.8)
    return figure


def strongest(found: Indices) -> list[int]:
    """Positions of the inputs, the most important first; those without an answer not at all."""
    order: list[int] = np.argsort(-np.nan_to_num(found.importance), kind="stable").tolist()
    return [at for at in order if np.isfinite(found.importance[at])]
