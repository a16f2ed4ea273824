"""A single run with the project's own engine."""

from __future__ import annotations

from collections.abc import Sequence

from sim.run.prepared import Backend, Integrator, prepare
from sim.run.settings import Given
from sim.run.trajectories import Trajectories
from sim.source import Source


def run(
    source: Source,
    outputs: Sequence[str],
    inputs: Given,
    *,
    backend: Backend = "llvm",
    integrator: Integrator = "euler",
) -> Trajectories:
    """Simulate once.

    Args:
        source: the model.
        outputs: ids of the variables to save.
        inputs: constants and paths.
        backend: "llvm", or "numpy" where no machine code is wanted.
        integrator: "euler" as PySD, or "rk4" where every state is continuous.

    Raises:
        InputError: what the engine cannot do with this model, with file and line.
    """
    made = prepare(source, outputs, inputs, backend=backend, integrator=integrator)
    done = made.kernel.integrate(made.parameters, series=made.series, threads=1)
    values = {
        own: done.values[:, 0, place].reshape(len(done.times), *source.variables[own].shape)
        for own, place in made.places.items()
    }
    return Trajectories(done.times, values, float(done.left_at[0]), done.left_in.get(0, ""))
