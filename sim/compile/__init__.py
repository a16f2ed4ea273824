"""From the abstract model to a `Program`: a scalar expression graph, without side effects."""

from sim.compile.model import compile_model
from sim.compile.relax import relax

__all__ = ["compile_model", "relax"]
