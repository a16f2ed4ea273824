"""Data made by the model with known constants: does the fit find them, and with honest intervals?

Constants are drawn from their priors, figures from the model with them and from the errors that
the likelihood assumes; the fit sees only the figures. Over many such trials the rank of the true
value among the draws is then uniform (Talts and others 2018, simulation-based calibration).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import linalg, stats

from calibration import likelihood
from calibration.evidence import Evidence, Series
from calibration.likelihood import Posterior
from calibration.sampler import Plan, sample
from calibration.search import Say, search
from calibration.simulation import Paths
from sim.shapes import Float64

RANKS = 99  # draws that a rank is among
BINS = 10
TRIES = 100


def recover(
    target: Posterior,
    seen: Evidence,
    plan: Plan,
    *,
    trials: int,
    say: Say = lambda _: None,
) -> pd.DataFrame:
    """Make data and fit them, again and again.

    Args:
        target: the model, and which constants vary.
        seen: which figures, and their errors; what was observed is not looked at.
        plan: of the sampler; the seed is that of the trials too.
        trials: how often.
        say: hears of progress.

    Returns:
        trial, constant, truth, mean, spread (in standard normal numbers), rank (0 to `RANKS`).
    """
    random = np.random.default_rng(plan.seed)
    priors = target.simulation.priors
    rows: list[dict[str, object]] = []
    for trial in range(trials):
        truth, paths = _truth(target, random)
        figures = {each.name: _figures(each, target, paths, seen.degrees, random)
                   for each in seen.series}  # fmt: skip
        made = likelihood.posterior(target.simulation, likelihood.observed_as(seen, figures))
        starts = np.zeros((2, len(priors)))
        starts[1] = 0.5 * random.standard_normal(len(priors))
        found = search(made, starts)
        seed = int(random.integers(2**31))
        own = Plan(plan.walkers, plan.rounds, plan.warm_up, plan.thin, seed)
        places = sample(made, found.shape, own).places.reshape(-1, len(priors)).astype(np.float64)
        few = places[random.choice(len(places), size=min(RANKS, len(places)), replace=False)]
        for position, name in enumerate(priors.columns):
            rows.append(
                {
                    "trial": trial,
                    "constant": name,
                    "truth": truth[position],
                    "mean": places[:, position].mean(),
                    "spread": places[:, position].std(),
                    "rank": int((few[:, position] < truth[position]).sum()),
                }
            )
        say(f"trial {trial + 1} of {trials}")
    return pd.DataFrame(rows)


def covered(found: pd.DataFrame, level: int) -> float:
    """Share of true values within the central intervals of a level in per cent, by their ranks."""
    place = (found["rank"] + 0.5) / (RANKS + 1)
    return float(((place - 0.5).abs() <= level / 200).mean())


def uniform(found: pd.DataFrame) -> float:
    """Chance of ranks as uneven as these if all were right (chi-square of ten bins)."""
    counts, _ = np.histogram(found["rank"], bins=BINS, range=(0, RANKS + 1))
    return float(stats.chisquare(counts).pvalue)


def table(found: pd.DataFrame) -> pd.DataFrame:
    """One row for each constant.

    Returns:
        constant, trials, covered_50, covered_90, rank (mean, 0 to 1), spread (of the draws, 1: that
        of the prior), correlation (of the true value with the middle of the draws).
    """
    rows: list[dict[str, object]] = []
    for name, part in found.groupby("constant", sort=False):
        rows.append(
            {
                "constant": name,
                "trials": len(part),
                "covered_50": covered(part, 50),
                "covered_90": covered(part, 90),
                "rank": float((part["rank"] + 0.5).mean() / (RANKS + 1)),
                "spread": float(part["spread"].mean()),
                "correlation": float(part["truth"].corr(part["mean"])),
            }
        )
    return pd.DataFrame(rows).sort_values("spread", kind="stable")


def _truth(
    target: Posterior, random: np.random.Generator
) -> tuple[Float64[np.ndarray, " parameter"], Paths]:
    """Constants whose run stays finite, and the run."""
    for _ in range(TRIES):
        truth = random.standard_normal((1, len(target.simulation.priors)))
        paths, fine = target.simulation(truth)
        if fine[0] and np.isfinite(target(truth)[0]):
            return truth[0], paths
    raise RuntimeError("no constants of the prior give a finite run")


def _figures(
    series: Series,
    target: Posterior,
    paths: Paths,
    degrees: float,
    random: np.random.Generator,
) -> list[float]:
    """What would be published of a run; held-out rows, which a fit never sees, are NaN."""
    said = series.predicted(paths, target.simulation.positions)[0]
    said[series.held] = np.nan
    lower = linalg.cholesky(series.covariance, lower=True)
    factor = degrees / random.chisquare(degrees)
    return (said + np.sqrt(factor) * lower @ random.standard_normal(len(said))).tolist()
