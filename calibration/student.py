"""The multivariate t of a series' errors: its density, and what known errors say of others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.special import gammaln

from sim.shapes import Float64

Matrix = Float64[np.ndarray, "row row"]
Known = Float64[np.ndarray, "draw known"]


@dataclass(frozen=True, eq=False)
class Given:
    """The errors of some rows, given those of others.

    Args:
        middle: what is carried over to them.
        lower: Cholesky factor of what is left open, before the scale.
        scale: of the variance, for each draw: what the known errors teach of their own size.
        free: degrees of freedom.
    """

    middle: Float64[np.ndarray, "draw wanted"]
    lower: Float64[np.ndarray, "wanted wanted"]
    scale: Float64[np.ndarray, " draw"]
    free: float


def given(
    covariance: Matrix, known: np.ndarray, wanted: np.ndarray, apart: Known, degrees: float
) -> Given:
    """Condition on known errors.

    Args:
        covariance: of all rows, before the common factor.
        known: positions of the rows whose errors are known.
        wanted: positions of the others.
        apart: the known errors.
        degrees: of freedom of the common factor.
    """
    if not len(known):
        lower = linalg.cholesky(covariance[np.ix_(wanted, wanted)], lower=True)
        return Given(np.zeros((len(apart), len(wanted))), lower, np.ones(len(apart)), degrees)
    inner = linalg.cholesky(covariance[np.ix_(known, known)], lower=True)
    size = (linalg.solve_triangular(inner, apart.T, lower=True) ** 2).sum(axis=0)
    gain = linalg.cho_solve((inner, True), covariance[np.ix_(known, wanted)])
    left = covariance[np.ix_(wanted, wanted)] - covariance[np.ix_(wanted, known)] @ gain
    free = degrees + len(known)
    lower = linalg.cholesky(left, lower=True)
    return Given(apart @ gain, lower, (degrees + size) / free, free)


def log_density(
    off: Float64[np.ndarray, "draw row"],
    lower: Matrix,
    scale: Float64[np.ndarray, " draw"],
    free: float,
) -> Float64[np.ndarray, " draw"]:
    """Log density of errors.

    Args:
        off: the errors, less their middle.
        lower: Cholesky factor of their covariance, before the scale.
        scale: of the variance.
        free: degrees of freedom.
    """
    rows = len(lower)
    size = (linalg.solve_triangular(lower, off.T, lower=True) ** 2).sum(axis=0)
    return (
        gammaln((free + rows) / 2)
        - gammaln(free / 2)
        - rows / 2 * np.log(free * np.pi * scale)
        - np.log(np.diag(lower)).sum()
        - (free + rows) / 2 * np.log1p(size / (free * scale))
    )
