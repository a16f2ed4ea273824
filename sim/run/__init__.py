"""Wires model, scenario, engine and store together."""

from sim.run.model import Model, load_model

__all__ = ["Model", "load_model"]
