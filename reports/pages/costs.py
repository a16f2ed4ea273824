"""What the programmes cost, and what a krone and a job come to.

Sums over the years from the strategy's start to the horizon, in money of 2015, not discounted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.pages.futures import Futures, band
from sim.shapes import Float64

EFFORT, MONEY, JOBS = "effort_total", "value_added_total", "employment_total"
NOTHING = 1e-6  # NOK million: less is rounding


@dataclass(frozen=True, eq=False)
class Cost:
    """One programme against the first scenario.

    Args:
        scenario: which.
        yearly: extra effort in the horizon's year, NOK million.
        spent: extra effort from the start to the horizon, NOK million.
        per_krone: quantiles of extra value added per extra krone, both summed over the years.
        pays: share of worlds in which a krone gives more than a krone; NaN where none is spent.
        jobs_per_million: quantiles of extra years of work per extra NOK million.
        per_job: NOK million per extra year of work, quantiles; infinite where the programme
            gives none; lowest first.
        limit: what the scenario itself allows in a year, NOK million; NaN where it sets none.
        most: what it spends in the dearest year from the start on, NOK million.
    """

    scenario: str
    yearly: float
    spent: float
    per_krone: Float64[np.ndarray, " quantile"]
    pays: float
    jobs_per_million: Float64[np.ndarray, " quantile"]
    per_job: Float64[np.ndarray, " quantile"]
    limit: float
    most: float


def costs(futures: Futures) -> list[Cost]:
    """Every scenario but the first; none where the sweep kept no effort."""
    if not all(futures.has(each) for each in (EFFORT, MONEY, JOBS)):
        return []
    return [_cost(futures, each) for each in futures.others]


def summed(futures: Futures, variable: str, scenario: str) -> Float64[np.ndarray, " world"]:
    """What a scenario has more than the first, over the years from the start to the horizon."""
    first, last = futures.at(futures.start), futures.at(futures.horizon)
    return futures.gaps(variable)[futures.place(scenario), :, first : last + 1].sum(axis=1)


def _cost(futures: Futures, scenario: str) -> Cost:
    spent = summed(futures, EFFORT, scenario)
    at = futures.place(scenario)
    yearly = futures.gaps(EFFORT)[at, :, futures.at(futures.horizon)]
    after = futures.paths(EFFORT)[at, :, futures.at(futures.start) :]
    budget = futures.merged[scenario].get("budget", {})
    unknown = np.full(5, np.nan)
    per_krone = jobs = per_job = unknown
    pays = float("nan")
    if np.abs(spent).min() > NOTHING:
        each = summed(futures, MONEY, scenario) / spent
        per_krone, pays = band(each), float((each > 1).mean())
        work = summed(futures, JOBS, scenario) / spent
        jobs = band(work)
        # A programme that gives no work has no price of a job: infinite, and the last in order.
        per_job = band_of_prices(work)
    return Cost(
        scenario=scenario,
        yearly=float(np.median(yearly)),
        spent=float(np.median(spent)),
        per_krone=per_krone,
        pays=pays,
        jobs_per_million=jobs,
        per_job=per_job,
        limit=float(budget.get("per_year_max", "nan")),
        most=float(np.median(after.max(axis=1))),
    )


def band_of_prices(
    work: Float64[np.ndarray, " world"],
) -> Float64[np.ndarray, " quantile"]:
    """Quantiles of one through `work`, infinite where there is none."""
    turned = band(work)[::-1]
    return np.array([1 / each if each > 0 else np.inf for each in turned])
