"""The model as a function of standard normal numbers, for many members in one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from calibration.evidence import Evidence
from calibration.priors import Places, Priors, by_name
from sim.run.model import Model
from sim.run.prepared import Prepared, prepare
from sim.shapes import Bool, Float64

Paths = Float64[np.ndarray, "time member outcome"]
BATCH = 16_384  # members at once, so that memory stays small


@dataclass(frozen=True, eq=False)
class Simulation:
    """A kernel with its inputs.

    Args:
        prepared: the kernel.
        priors: what its members differ in.
        positions: name of an element → its place among the outcomes.
    """

    prepared: Prepared
    priors: Priors
    positions: Mapping[str, int]

    def __call__(self, places: Places) -> tuple[Paths, Bool[np.ndarray, " member"]]:
        """Trajectories over the saved years, and which members stayed finite."""
        parts = [self._run(places[at : at + BATCH]) for at in range(0, len(places), BATCH)]
        if len(parts) == 1:
            return parts[0]
        paths, fine = zip(*parts, strict=True)
        return np.concatenate(paths, axis=1), np.concatenate(fine)

    def _run(self, places: Places) -> tuple[Paths, Bool[np.ndarray, " member"]]:
        kernel = self.prepared.kernel
        free = {one.name for one in kernel.schedule.program.parameters}
        given = {**self.prepared.parameters, **by_name(self.priors, places)}
        done = kernel.integrate(
            {name: value for name, value in given.items() if name in free},
            series=self.prepared.series,
            named=0,
        )
        return done.values, done.status == 0

    def of(self, priors: Priors) -> Simulation:
        """The same model with other constants varied."""
        return replace(self, priors=priors)


def simulation(
    model: Model,
    priors: Priors,
    evidence: Evidence,
    *,
    until: float,
    scenario: str | None = "baseline",
    switches: Mapping[str, float] | None = None,
) -> Simulation:
    """Prepare the model for a fit or a score.

    Args:
        model: the model.
        priors: what members differ in.
        evidence: says which variables are needed.
        until: last year of the runs.
        scenario: what the outside world and the county did; None for the text of the model.
        switches: constants by name that all members share.

    Raises:
        InputError: what does not fit.
    """
    settings = {"FINAL TIME": until, **(switches or {})}
    inputs, _ = model.inputs(scenario, settings)
    times = [each for each in evidence.times if each <= until]
    prepared = prepare(model.source, evidence.outcomes, inputs, times=times)
    positions = {name: place for place, name in enumerate(prepared.kernel.outcomes)}
    return Simulation(prepared, priors, positions)
