"""The shapes of arrays in types, as jaxtyping writes them.

Only the tests check them while the program runs, and import jaxtyping before anything of ours;
nobody else waits for it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING or "jaxtyping" in sys.modules:
    from jaxtyping import Bool, Float32, Float64, Int8, Int64
else:

    class _Unchecked:
        def __class_getitem__(cls, _: Any) -> type:
            return np.ndarray

    Bool = Float32 = Float64 = Int8 = Int64 = _Unchecked

__all__ = ["Bool", "Float32", "Float64", "Int8", "Int64"]
