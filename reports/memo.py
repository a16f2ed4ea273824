"""The folder a planner takes figures and tables from."""

from __future__ import annotations

import hashlib
import io
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from reports import summary, tables
from reports.comparison import Comparison
from reports.folder import writing
from reports.labels import Labels
from sim.shelf import CONTENTS, kept

PICTURES = (".png", ".svg")


def write(comparison: Comparison, observed: pd.DataFrame, labels: Labels, folder: Path) -> None:
    """Write tables, summary and figures; the same comparison gives the same bytes.

    What was written before is taken from the cache: to draw takes seconds.

    Args:
        comparison: the runs and the report years.
        observed: observations to show on the paths.
        labels: words and number format.
        folder: made where it does not exist.

    Raises:
        InputError: the folder cannot be written.
    """

    def make(place: Path) -> None:
        from reports import drawn  # brings matplotlib, which takes half a second

        (place / "differences.csv").write_bytes(_csv(shown))
        (place / "differences.md").write_text(_markdown(comparison, differences, labels), "utf-8")
        lines = [f"{line}\n" for line in sentences(comparison, labels)]
        (place / "summary.txt").write_text("".join(lines), "utf-8")
        drawn.write(comparison, differences, observed, labels, place)

    differences = comparison.differences()
    shown = differences[differences["variable"].isin(tables.VARIABLES)]
    place = kept("memos", _key(comparison, observed, labels), make)
    with writing(folder):
        figures = folder / "figures"
        figures.mkdir(exist_ok=True)
        for file in sorted(place.iterdir()):
            if file.name != CONTENTS:
                own = figures if file.suffix in PICTURES else folder
                (own / file.name).write_bytes(file.read_bytes())


def _key(comparison: Comparison, observed: pd.DataFrame, labels: Labels) -> str:
    """A hash of all that the files depend on."""
    parts = (
        _code(),
        [(run, name.model_dump()) for run, name in comparison.names.items()],
        (comparison.years, comparison.start, comparison.identity),
        (labels.language, sorted(labels.words.items()), sorted(labels.runs.items())),
        [_digest(table) for table in (comparison.frame, observed)],
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _digest(table: pd.DataFrame) -> str:
    """A hash of a table's rows, in their order."""
    rows = pd.util.hash_pandas_object(table, index=False).to_numpy()
    return hashlib.sha256(repr(list(table)).encode() + rows.tobytes()).hexdigest()


@cache
def _code() -> str:
    """A hash of what draws and writes: other code, other pictures."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for name in ("matplotlib", "numpy", "pandas"):
        digest.update(f"{name} {version(name)};".encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


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
