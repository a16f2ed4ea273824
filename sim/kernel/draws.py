"""Random numbers without a state: each is a hash of (seed, member, step, stream).

So a member draws the same numbers in whatever block, thread, order or back end it runs.
The mixing function is the finaliser of SplitMix64 (Steele, Lea and Flood 2014), nested
once per coordinate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GOLDEN = 0x9E3779B97F4A7C15
MIXING = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
LAST_SHIFT = 31
WORD = 2**64 - 1


def mix(word: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter the bits of each word; a bijection."""
    for shift, factor in MIXING:
        word = (word ^ (word >> np.uint64(shift))) * np.uint64(factor)
    return word ^ (word >> np.uint64(LAST_SHIFT))


def offset(count: int) -> np.uint64:
    """`count + 1` golden strides, modulo 2**64."""
    return np.uint64((count + 1) * GOLDEN & WORD)


def word(seed: int) -> np.uint64:
    """The word that stands for a seed."""
    return mix(np.array([seed & WORD], dtype=np.uint64) + np.uint64(GOLDEN))[0]


def lanes(seed: int, members: NDArray[np.int64]) -> NDArray[np.uint64]:
    """[member] the word that stands for (seed, member)."""
    strides = (members.astype(np.uint64) + np.uint64(1)) * np.uint64(GOLDEN)
    return mix(word(seed) + strides)


def uniform(words: NDArray[np.uint64], step: int, stream: int) -> NDArray[np.float64]:
    """[member] numbers in [0, 1) of one step and stream, multiples of 2**-52."""
    drawn = mix(mix(words + offset(step)) + offset(stream))
    return ((drawn >> np.uint64(12)) | np.uint64(0x3FF << 52)).view(np.float64) - 1.0
