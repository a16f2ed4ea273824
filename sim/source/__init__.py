"""From the files of a model to an abstract model and its catalogue; the reference run."""

from sim.source.model import Source, load

__all__ = ["Source", "load"]
