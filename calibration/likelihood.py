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
from scipy import linalg, sparse

from calibration.evidence import Evidence, Series
from calibration.priors import Places, Priors
from calibration.simulation import Paths, Simulation
from sim.shapes import Bool, Float64, Int64

Scores = Float64[np.ndarray, " member"]


@dataclass(frozen=True, eq=False)
class Sight:
    """All fitted rows of all series at once, as three linear steps with a logarithm between.

    Args:
        picked: what of a run's years and elements makes each row.
        until: how many of a run's years are looked at.
        logs: rows compared as logarithms.
        measured: what was observed, in the unit of the errors.
        whiten: turns deviations into independent numbers of unit variance, series by series.
        starts: first row of each series.
    """

    picked: sparse.csr_array
    until: int
    logs: Bool[np.ndarray, " row"]
    measured: Float64[np.ndarray, " row"]
    whiten: Float64[np.ndarray, "row row"]
    starts: Int64[np.ndarray, " series"]

    def deviations(self, paths: Paths) -> Float64[np.ndarray, "row member"]:
        """Whitened deviations."""
        flat = paths[: self.until].transpose(0, 2, 1).reshape(-1, paths.shape[1])
        # Of a member that left the finite numbers: it is no candidate (see Posterior).
        with np.errstate(invalid="ignore", divide="ignore"):
            said = self.picked @ flat
            said[self.logs] = np.log(said[self.logs])
            return self.whiten @ (self.measured[:, None] - said)


@dataclass(frozen=True, eq=False)
class Posterior:
    """The logarithm of prior times likelihood, for many members in one call.

    Args:
        simulation: the model.
        sight: the fitted rows.
        degrees: of freedom of the errors' factors.
    """

    simulation: Simulation
    sight: Sight
    degrees: float

    def of(self, priors: Priors) -> Posterior:
        """The same likelihood with other constants varied."""
        return replace(self, simulation=self.simulation.of(priors))

    def likelihood(self, paths: Paths) -> Scores:
        """Log likelihood, but for a constant."""
        size = np.add.reduceat(self.sight.deviations(paths) ** 2, self.sight.starts, axis=0)
        free = self.degrees + np.array(self.lengths)
        return -0.5 * (free @ np.log1p(size / self.degrees))

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
        side = self.sight.deviations(paths).T.copy()
        side[~fine] = np.nan
        return side

    @property
    def lengths(self) -> tuple[int, ...]:
        """Rows of each fitted series, in the order of `residuals`."""
        ends = [*self.sight.starts[1:].tolist(), len(self.sight.measured)]
        return tuple(
            end - start for start, end in zip(self.sight.starts.tolist(), ends, strict=True)
        )

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
    chosen = [
        (each, np.flatnonzero(~each.held & (each.years <= until))) for each in evidence.fitted
    ]
    chosen = [(each, rows) for each, rows in chosen if len(rows)]
    return Posterior(simulation, _sight(chosen, simulation.positions), evidence.degrees)


def _sight(chosen: Sequence[tuple[Series, np.ndarray]], positions: Mapping[str, int]) -> Sight:
    weights = np.concatenate([each.weights[rows] for each, rows in chosen])
    picked = sparse.lil_array((len(weights), weights.shape[1] * len(positions)))
    blocks: list[Float64[np.ndarray, "row row"]] = []
    starts = np.cumsum([0] + [len(rows) for _, rows in chosen])[:-1]
    for (series, rows), start in zip(chosen, starts.tolist(), strict=True):
        for column, share in zip(series.columns, series.shares, strict=True):
            for row in range(start, start + len(rows)):
                for time in np.flatnonzero(weights[row]).tolist():
                    place = time * len(positions) + positions[column]
                    picked[row, place] += share * weights[row, time]
        lower = linalg.cholesky(series.covariance[np.ix_(rows, rows)], lower=True)
        blocks.append(linalg.solve_triangular(lower, np.eye(len(rows)), lower=True))
    reach = int(np.flatnonzero((weights != 0.0).any(axis=0))[-1]) + 1
    return Sight(
        picked=sparse.csr_array(picked)[:, : reach * len(positions)],
        until=reach,
        logs=np.repeat([each.scale == "log" for each, _ in chosen], [len(r) for _, r in chosen]),
        measured=np.concatenate([each.measured[rows] for each, rows in chosen]),
        whiten=np.asarray(linalg.block_diag(*blocks)),
        starts=starts,
    )


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
