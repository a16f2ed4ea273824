"""How likely the observations are, given what runs say.

A series' errors are normal with the covariance of `evidence` times a factor of its own, of
which only is known that it is around one (inverse gamma with `degrees`). Integrated out, this
leaves a multivariate t: a series that the model cannot follow costs little beyond some point
and does not bend the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import linalg

from calibration.evidence import Evidence, Series
from calibration.priors import Places, Priors
from calibration.simulation import Paths, Simulation
from sim.shapes import Float64

Scores = Float64[np.ndarray, " member"]


@dataclass(frozen=True, eq=False)
class Part:
    """A series as the fit sees it.

    Args:
        series: all of it.
        rows: those of the fit.
        whiten: turns their deviations into independent numbers of unit variance.
    """

    series: Series
    rows: np.ndarray
    whiten: Float64[np.ndarray, "row row"]


@dataclass(frozen=True, eq=False)
class Posterior:
    """The logarithm of prior times likelihood, for many members in one call.

    Args:
        simulation: the model.
        parts: the fitted series.
        degrees: of freedom of the errors' factors.
    """

    simulation: Simulation
    parts: tuple[Part, ...]
    degrees: float

    def of(self, priors: Priors) -> Posterior:
        """The same likelihood with other constants varied."""
        return replace(self, simulation=self.simulation.of(priors))

    def deviations(self, paths: Paths) -> list[Float64[np.ndarray, "member row"]]:
        """Whitened deviations of each fitted series."""
        return [
            (part.series.measured[part.rows] - self._predicted(part, paths)) @ part.whiten.T
            for part in self.parts
        ]

    def _predicted(self, part: Part, paths: Paths) -> Float64[np.ndarray, "member row"]:
        return part.series.predicted(paths, self.simulation.positions)[:, part.rows]

    def likelihood(self, paths: Paths) -> Scores:
        """Log likelihood, but for a constant."""
        total = np.zeros(paths.shape[1])
        for apart in self.deviations(paths):
            size = np.einsum("mr,mr->m", apart, apart)
            total -= 0.5 * (self.degrees + apart.shape[1]) * np.log1p(size / self.degrees)
        return total

    def __call__(self, places: Places) -> Scores:
        """Log posterior density in standard normal numbers, but for a constant.

        Members that leave the finite numbers, or of which a logarithm cannot be taken, have
        minus infinity: they are no candidates, and are never averaged in.
        """
        paths, fine = self.simulation(places)
        score = self.likelihood(paths)
        score -= 0.5 * np.einsum("mp,mp->m", places, places)
        return np.where(fine & np.isfinite(score), score, -np.inf)

    def residuals(self, places: Places) -> Float64[np.ndarray, "member row"]:
        """All whitened deviations side by side; not finite where the member failed."""
        paths, fine = self.simulation(places)
        side = np.concatenate(self.deviations(paths), axis=1)
        side[~fine] = np.nan
        return side

    @property
    def lengths(self) -> tuple[int, ...]:
        """Rows of each fitted series, in the order of `residuals`."""
        return tuple(len(part.whiten) for part in self.parts)

    def weighted(
        self, side: Float64[np.ndarray, "member row"]
    ) -> Float64[np.ndarray, "member row"]:
        """Square roots of the weights by which least squares climb to the t's summit."""
        weights = np.empty_like(side)
        start = 0
        for length in self.lengths:
            part = side[:, start : start + length]
            size = np.einsum("mr,mr->m", part, part)[:, None]
            weights[:, start : start + length] = np.sqrt(
                (self.degrees + length) / (self.degrees + size)
            )
            start += length
        return weights


def posterior(simulation: Simulation, evidence: Evidence, *, until: float = np.inf) -> Posterior:
    """Put a likelihood together from the fitted rows, of years to `until`."""
    parts: list[Part] = []
    for series in evidence.fitted:
        rows = np.flatnonzero(~series.held & (series.years <= until))
        if not len(rows):
            continue
        lower = linalg.cholesky(series.covariance[np.ix_(rows, rows)], lower=True)
        whiten = linalg.solve_triangular(lower, np.eye(len(rows)), lower=True)
        parts.append(Part(series, rows, whiten))
    return Posterior(simulation, tuple(parts), evidence.degrees)


def observed_as(evidence: Evidence, values: Mapping[str, Sequence[float]]) -> Evidence:
    """The same evidence with other figures in place of those observed (for simulated data).

    Args:
        evidence: its series, years and errors are kept.
        values: by the series' name, in the unit of its errors, one for each row.
    """
    series = tuple(
        replace(
            each,
            measured=np.asarray(values[each.name], dtype=np.float64),
            observed=(
                np.exp(np.asarray(values[each.name], dtype=np.float64))
                if each.scale == "log"
                else np.asarray(values[each.name], dtype=np.float64)
            ),
        )
        for each in evidence.series
    )
    return replace(evidence, series=series)
