"""Trajectories as a table with `time` as its index."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.run.columns import table
from sim.source import Source


def frame(
    source: Source, times: NDArray[np.float64], values: Mapping[str, NDArray[np.float64]]
) -> pd.DataFrame:
    """One column per element, named as PySD names them."""
    columns = table(source, len(times), values)
    return pd.DataFrame(columns, index=pd.Index(times, name="time"))
