"""A single run with the project's own engine."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.run.prepared import Backend, Integrator, prepare
from sim.run.settings import Given
from sim.run.trajectories import Trajectories
from sim.source import Source

# Elements of a model that NumPy runs once sooner than machine code for it is made: 50,000 states
# took 39 s against 223 s of processor time; 30,000 elements the same.
LARGE = 40_000


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
        backend: "llvm", or "numpy" where no machine code is wanted; a very large model is run by
            NumPy in any case, since it is run but once.
        integrator: "euler" as PySD, or "rk4" where every state is continuous.

    Raises:
        InputError: what the engine cannot do with this model, with file and line.
    """
    if sum(math.prod(each.shape) for each in source.variables.values()) > LARGE:
        backend = "numpy"
    made = prepare(source, outputs, inputs, backend=backend, integrator=integrator)
    done = made.kernel.integrate(made.parameters, series=made.series, threads=1)
    values = {
        own: done.values[:, 0, place].reshape(len(done.times), *source.variables[own].shape)
        for own, place in made.places.items()
    }
    return Trajectories(done.times, values, float(done.left_at[0]), done.left_in.get(0, ""))
