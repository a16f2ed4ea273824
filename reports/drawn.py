"""The figures of a comparison."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from reports import frames, style
from reports.comparison import Comparison
from reports.figures import gaps, industries, paths, regions
from reports.labels import Labels

_SOURCE = {
    "en": "Source: Trøndelag value-creation simulator, comparison {identity}",
    "nb": "Kilde: Simuleringsmodell for verdiskaping i Trøndelag, sammenligning {identity}",
}


def write(
    comparison: Comparison,
    differences: pd.DataFrame,
    observed: pd.DataFrame,
    labels: Labels,
    folder: Path,
) -> None:
    """Draw them all, as PNG and SVG.

    Args:
        comparison: the runs and the report years.
        differences: `comparison.differences()`.
        observed: observations to show on the paths.
        labels: words and number format.
        folder: is there.

    Raises:
        OSError: the folder cannot be written.
    """
    baseline, start = comparison.baseline, comparison.start
    source = _SOURCE[labels.language].format(identity=comparison.identity)
    over_time = frames.differences(comparison.frame, baseline)
    style.save(
        lambda: paths.draw(
            comparison.frame, observed, labels, baseline=baseline, source=source, start=start
        ),
        folder / "paths",
    )
    style.save(
        lambda: gaps.draw(over_time, labels, baseline=baseline, source=source, start=start),
        folder / "differences",
    )
    style.save(
        lambda: regions.draw(differences, labels, baseline=baseline, source=source),
        folder / "regions",
    )
    for run in comparison.others:
        style.save(
            lambda run=run: industries.draw(
                differences, run, labels, baseline=baseline, source=source
            ),
            folder / f"industries-{run}",
        )
