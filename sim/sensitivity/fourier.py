"""Fourier estimators: extended FAST from its own design, RBD-FAST from any sample.

FAST: Saltelli, Tarantola & Chan (1999), Technometrics 41. RBD-FAST: Tarantola et al. (2006),
with Plischke's (2010) ordering and the correction of Tissot & Prieur (2012). The numbers are
those of SALib.
"""

from __future__ import annotations

import numpy as np

from sim.sensitivity.estimate import Estimate, Outputs, quotient
from sim.shapes import Float64

HARMONICS = 10  # of RBD-FAST


def fast(values: Outputs, factors: int, harmonics: int) -> Estimate:
    """First and total indices of a FAST sample: one search curve after the other."""
    count, columns = len(values) // factors, values.shape[1]
    curves = values.reshape(factors, count, columns)
    spectrum = np.abs(np.fft.rfft(curves - curves.mean(axis=1, keepdims=True), axis=1)) ** 2
    power = spectrum[:, 1 : int(np.ceil(count / 2))]
    own = (count - 1) // (2 * harmonics)
    whole = power.sum(axis=1)
    first = quotient(power[:, np.arange(1, harmonics + 1) * own - 1].sum(axis=1), whole)
    total = 1.0 - quotient(power[:, : own // 2].sum(axis=1), whole)
    measures = {"first": first[None], "total": total[None]}
    return Estimate(measures, values.var(axis=0)[None])


def rbd_fast(values: Outputs, cube: Float64[np.ndarray, "member factor"]) -> Estimate:
    """First indices from any sample of independent inputs."""
    count = len(values)
    first = np.empty((1, cube.shape[1], values.shape[1]))
    centred = values - values.mean(axis=0)
    skew = 2.0 * HARMONICS / count
    for factor in range(cube.shape[1]):
        order = np.argsort(cube[:, factor])
        order = np.concatenate([order[::2], order[1::2][::-1]])
        power = np.abs(np.fft.rfft(centred[order], axis=0)[1:]) ** 2
        # One side of the spectrum: all but the last frequency of an even count stand for two.
        power[: len(power) - (count % 2 == 0)] *= 2.0
        own = quotient(power[:HARMONICS].sum(axis=0), power.sum(axis=0))
        first[0, factor] = own - skew / (1.0 - skew) * (1.0 - own)
    return Estimate({"first": first}, values.var(axis=0)[None])
