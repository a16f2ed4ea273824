"""The summary of a sweep, made of the sketches of its parts, one outcome at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from sim.run.bundle import Bundle
from sim.run.sketch import QUANTILES, Figures, Sketch, figures
from sim.store import parquet
from sim.store.files import Content

TOGETHER = 4096  # sketches in memory at once: 100 MB of this model's


def made(bundle: Bundle, ids: Sequence[tuple[str, str]], paths: Sequence[Path]) -> Content:
    """The summary as bytes of a Parquet file.

    A row per scenario, outcome, element and moment; members that left the finite numbers are
    left out of all moments.

    Args:
        bundle: what was computed.
        ids: of each outcome the variable's id and the labels of its element.
        paths: the sketches, of the parts in their order.
    """
    each = len(paths) // len(bundle.settings)
    moments = np.array(bundle.times)
    words: dict[str, list[str]] = {"scenario": [], "outcome": [], "element": []}
    whole: list[Figures] = []
    for place, setting in enumerate(bundle.settings):
        parts = paths[place * each : (place + 1) * each]
        for (own, element), sketches in zip(ids, _read(parts, len(ids)), strict=True):
            whole.append(figures(sketches, bundle.points))
            words["scenario"] += [setting.id] * len(moments)
            words["outcome"] += [own] * len(moments)
            words["element"] += [element] * len(moments)
    quantiles = np.concatenate([one.quantiles for one in whole])
    return parquet.encoded(
        {
            **words,
            "time": np.tile(moments, len(whole)),
            "count": np.repeat(np.array([one.count for one in whole], np.int64), len(moments)),
            "mean": np.concatenate([one.mean for one in whole]),
            "sd": np.concatenate([one.deviation for one in whole]),
            "min": np.concatenate([one.least for one in whole]),
            "max": np.concatenate([one.greatest for one in whole]),
            **{f"q{round(100 * q):02}": quantiles[:, n] for n, q in enumerate(QUANTILES)},
        }
    )


def _read(paths: Sequence[Path], outcomes: int) -> Iterator[list[Sketch]]:
    """Of one outcome after the other the sketches of all parts."""
    some = max(1, TOGETHER // len(paths))
    for first in range(0, outcomes, some):
        # Each file is let go at once: a process may not have thousands of them open.
        parts = [np.array(np.load(path, mmap_mode="r")[first : first + some]) for path in paths]
        for number in range(len(parts[0])):
            yield [Sketch.of(part[number]) for part in parts]
