"""From text and scenario to trajectories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.run import Model, load_model

__all__ = ["Model", "load_model"]


def __getattr__(name: str) -> Any:
    # Imported when asked for: `trondelag --help` should not wait for xarray and PySD.
    if name in __all__:
        import sim.run

        return getattr(sim.run, name)
    raise AttributeError(f"module 'sim' has no attribute '{name}'")
