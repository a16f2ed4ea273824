"""From the abstract model to a `Program`: a scalar expression graph, without side effects."""

from sim.compile.model import compile_model

__all__ = ["compile_model"]
