"""Memory while much is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def unswept() -> Generator[None]:
    """Do not look for garbage meanwhile.

    Python looks through all that lives again and again while many things are made; reading and
    compiling a model makes hundreds of thousands, hardly one of them garbage, and takes a
    quarter longer with it (measured: the whole model, 0.5 s of 2 s).
    """
    sweeping = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeping:
            gc.enable()
