"""Whether a forecast beats those without a model; the planners' page imports it at its start."""

from __future__ import annotations

import math

import pandas as pd

EQUAL = 1e-9  # relative; below it two errors are the same


def best_naive(row: pd.Series) -> float:
    """The smaller error of the naive forecasts; NaN where there is none."""
    both = [row["last_rmse"], row["trend_rmse"]]
    return min((each for each in both if not math.isnan(each)), default=math.nan)


def verdict(row: pd.Series, column: str = "forecast_rmse") -> str:
    """better, same or worse than the best naive forecast; "" where nothing can be compared."""
    other = best_naive(row)
    if row["period"] != "held" or math.isnan(other):
        return ""
    if abs(row[column] - other) <= EQUAL * max(other, 1e-300):
        return "same"
    return "better" if row[column] < other else "worse"
