"""The folder a planner takes figures and tables from."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from reports import frames, style, summary, tables
from reports.comparison import Comparison
from reports.figures import gaps, industries, paths, regions
from reports.folder import writing
from reports.labels import Labels

_SOURCE = {
    "en": "Source: Trøndelag value-creation simulator, comparison {identity}",
    "nb": "Kilde: Simuleringsmodell for verdiskaping i Trøndelag, sammenligning {identity}",
}


def write(comparison: Comparison, observed: pd.DataFrame, labels: Labels, folder: Path) -> None:
    """Write tables, summary and figures; the same comparison gives the same bytes.

    Args:
        comparison: the runs and the report years.
        observed: observations to show on the paths.
        labels: words and number format.
        folder: made where it does not exist.

    Raises:
        InputError: the folder cannot be written.
    """
    with writing(folder):
        _write(comparison, observed, labels, folder)


def _write(comparison: Comparison, observed: pd.DataFrame, labels: Labels, folder: Path) -> None:
    differences = comparison.differences()
    baseline = comparison.baseline
    figures = folder / "figures"
    figures.mkdir(exist_ok=True)
    shown = differences[differences["variable"].isin(tables.VARIABLES)]
    (folder / "differences.csv").write_bytes(_csv(shown))
    (folder / "differences.md").write_text(_markdown(comparison, differences, labels), "utf-8")
    lines = [f"{line}\n" for line in sentences(comparison, labels)]
    (folder / "summary.txt").write_text("".join(lines), "utf-8")
    source = _SOURCE[labels.language].format(identity=comparison.identity)
    over_time = frames.differences(comparison.frame, baseline)
    start = comparison.start
    style.save(
        lambda: paths.draw(
            comparison.frame, observed, labels, baseline=baseline, source=source, start=start
        ),
        figures / "paths",
    )
    style.save(
        lambda: gaps.draw(over_time, labels, baseline=baseline, source=source, start=start),
        figures / "differences",
    )
    style.save(
        lambda: regions.draw(differences, labels, baseline=baseline, source=source),
        figures / "regions",
    )
    for run in comparison.others:
        style.save(
            lambda run=run: industries.draw(
                differences, run, labels, baseline=baseline, source=source
            ),
            figures / f"industries-{run}",
        )


def sentences(comparison: Comparison, labels: Labels) -> list[str]:
    """The plain summary, one sentence a line."""
    found = summary.sentences(comparison.differences(), comparison.baseline, comparison.start)
    return [summary.written(sentence, labels) for sentence in found]


def _csv(differences: pd.DataFrame) -> bytes:
    """Every number in full."""
    buffer = io.StringIO()
    years = differences["year"]
    if (years % 1 == 0).all():  # 2030, not 2030.0, which other programs take for text or time
        differences = differences.assign(year=years.astype(int))
    differences.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()


def _markdown(comparison: Comparison, differences: pd.DataFrame, labels: Labels) -> str:
    """All difference tables, one below the other."""
    last = comparison.years[-1]
    parts: list[str] = []
    for run in comparison.others:
        both = (
            tables.difference_table(differences, run, labels, baseline=comparison.baseline),
            tables.winners(differences, run, last, labels),
        )
        parts += [tables.markdown(table) for table in both]
    return "\n".join(parts)
