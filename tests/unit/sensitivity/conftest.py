"""Designs without a model, and functions whose indices are known."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.plan.design import ESTIMATORS, Design, Factor, fingerprint, maker, sampled
from sim.sensitivity import Sample

Make = Callable[..., Sample]


def sample(kind: str, names: str = "a b c", **settings: Any) -> Sample:
    """A sample of a kind over factors `a b c`; `a+b` makes a group."""
    factors: list[Factor] = []
    for word in names.split():
        parts = word.split("+")
        group = word if len(parts) > 1 else parts[0]
        factors += [Factor(part, group, part, (part,), "D", {}) for part in parts]
    given: dict[str, Any] = {"n": 256, "seed": 7, "second_order": False, "levels": 0, "optimal": 0}
    given |= settings
    design = Design(kind=kind, estimator=ESTIMATORS[kind], factors=tuple(factors), **given)
    cube = sampled(design)
    return Sample.of(
        replace(design, members=len(cube), made_by=maker(kind), cube=fingerprint(cube))
    )


@pytest.fixture(name="make")
def _make() -> Make:
    return sample


def ishigami(u: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    x = np.pi * (2.0 * u - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


ISHIGAMI_FIRST = np.array([0.313905, 0.442411, 0.0])
ISHIGAMI_TOTAL = np.array([0.557589, 0.442411, 0.243684])
ISHIGAMI_PAIR = 0.243684  # of a and c; the others have none

G = np.array([0.0, 1.0, 4.5, 9.0])


def sobol_g(u: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.prod((np.abs(4.0 * u - 2.0) + G) / (1.0 + G), axis=1)


def sobol_g_indices() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    own = 1.0 / (3.0 * (1.0 + G) ** 2)
    whole = np.prod(1.0 + own) - 1.0
    total = [own[i] * np.prod(1.0 + np.delete(own, i)) for i in range(len(G))]
    return own / whole, np.array(total) / whole


SLOPES = np.array([1.0, -2.0, 3.0])


def linear(u: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return u @ SLOPES


LINEAR = SLOPES**2 / (SLOPES**2).sum()
