"""The summary of a sweep, made of the sketches of its parts, one outcome at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from sim.run.bundle import Bundle
from sim.run.sketch import QUANTILES, Figures, figures
from sim.run.work import read_sketch
from sim.store import parquet


def made(bundle: Bundle, ids: Sequence[tuple[str, str]], paths: Sequence[Path]) -> bytes:
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
        files = [pq.ParquetFile(path) for path in paths[place * each : (place + 1) * each]]
        for number, (own, element) in enumerate(ids):
            sketches = [
                read_sketch(file.read_row_group(number, use_threads=False)) for file in files
            ]
            whole.append(figures(sketches))
            words["scenario"] += [setting.id] * len(moments)
            words["outcome"] += [own] * len(moments)
            words["element"] += [element] * len(moments)
        for file in files:
            file.close()
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
