"""How well a fit does, series by series, in the years it saw and in those it did not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.evidence import Series
from calibration.forecast import Forecast
from sim.shapes import Float64

Values = Float64[np.ndarray, " row"]
LEVELS = (50, 90)


@dataclass(frozen=True)
class Errors:
    """Of predictions, with Theil's split of their mean square.

    Args:
        mean: mean error, predicted less observed.
        mape: mean absolute error in per cent of the observation.
        rmse: root mean square error.
        bias: share of the mean square from different means.
        variation: share from different spreads.
        covariation: share from what remains.
    """

    mean: float
    mape: float
    rmse: float
    bias: float
    variation: float
    covariation: float


def errors(predicted: Values, observed: Values) -> Errors:
    """Score predictions; shares are NaN where there is no error or only one row."""
    apart = predicted - observed
    square = float(np.mean(apart**2))
    with np.errstate(divide="ignore", invalid="ignore"):
        mape = float(np.mean(np.abs(apart / observed)) * 100.0)
    bias = variation = covariation = math.nan
    if len(apart) > 1 and square > 0.0:
        bias = float(apart.mean() ** 2 / square)
        variation = float((predicted.std() - observed.std()) ** 2 / square)
        covariation = max(0.0, 1.0 - bias - variation)
    return Errors(float(apart.mean()), mape, math.sqrt(square), bias, variation, covariation)


def naive(series: Series) -> dict[str, Values]:
    """Forecasts without a model for the held-out rows: the last value, and the linear trend.

    From the figures of the fit: several of the same year are averaged, after what other
    definitions differ by from the one with the most figures, in the years that both have, is taken
    off; it is put back on the forecast. Nothing where the fit saw no figure; no trend where it saw
    a single year.
    """
    early = ~series.held
    if not early.any() or early.all():
        return {}
    gap = _gaps(series)
    off = np.array([gap.get(each, 0.0) for each in series.definitions])
    level = series.observed - off
    years = np.unique(series.years[early])
    means = np.array([level[early & (series.years == each)].mean() for each in years])
    told = {"last": means[-1] + off[series.held]}
    if len(years) > 1:
        slope, start = np.polyfit(years - years[0], means, 1)
        told["trend"] = start + slope * (series.years[series.held] - years[0]) + off[series.held]
    return told


def _gaps(series: Series) -> dict[str, float]:
    """What each definition is above the one with the most figures of the fit."""
    early = ~series.held
    by: dict[str, dict[float, float]] = {}
    for name, year, value, told in zip(
        series.definitions, series.years, series.observed, early, strict=True
    ):
        if told:
            by.setdefault(name, {})[float(year)] = float(value)
    first = max(by, key=lambda name: len(by[name]))
    gaps: dict[str, float] = {}
    for name, values in by.items():
        both = [value - by[first][year] for year, value in values.items() if year in by[first]]
        if both:
            gaps[name] = float(np.mean(both))
    return gaps


def table(forecasts: Sequence[Forecast]) -> pd.DataFrame:
    """One row for each series and period.

    Returns:
        outcome, element, headline, period (fit, held), count, those of `Errors` for the median of
        the model alone, forecast_rmse (with remembered errors; held only), last_rmse and
        trend_rmse (held only), covered_50 and covered_90 (number of rows within), model_50 and
        model_90 (within the intervals of the model alone).
    """
    rows: list[dict[str, object]] = []
    for each in forecasts:
        series = each.series
        for period, chosen in (("fit", ~series.held), ("held", series.held)):
            if not chosen.any():
                continue
            seen = series.observed[chosen]
            middle = np.median(each.model[:, chosen], axis=0)
            row: dict[str, object] = {
                "outcome": series.outcome,
                "element": series.element,
                "headline": series.headline,
                "period": period,
                "count": int(chosen.sum()),
                **errors(middle, seen).__dict__,
                "forecast_rmse": math.nan,
                "last_rmse": math.nan,
                "trend_rmse": math.nan,
            }
            if period == "held":
                told = np.median(each.told[:, chosen], axis=0)
                row["forecast_rmse"] = errors(told, seen).rmse
                for name, values in naive(series).items():
                    row[f"{name}_rmse"] = errors(values, seen).rmse
            for level in LEVELS:
                row[f"covered_{level}"] = _within(each.told[:, chosen], seen, level)
            for level in LEVELS:
                row[f"model_{level}"] = _within(each.model[:, chosen], seen, level)
            rows.append(row)
    return pd.DataFrame(rows)


def _within(draws: Float64[np.ndarray, "draw row"], seen: Values, level: int) -> int:
    low, high = np.quantile(draws, [0.5 - level / 200, 0.5 + level / 200], axis=0)
    return int(((low <= seen) & (seen <= high)).sum())


def coverage(scores: pd.DataFrame) -> pd.DataFrame:
    """All series together: period, count, and shares within each interval."""
    rows = [
        {"period": period, "count": int(part["count"].sum())}
        | {
            f"{kind}_{level}": float(part[f"{kind}_{level}"].sum() / part["count"].sum())
            for kind in ("covered", "model")
            for level in LEVELS
        }
        for period, part in scores.groupby("period", sort=True)
    ]
    return pd.DataFrame(rows)
