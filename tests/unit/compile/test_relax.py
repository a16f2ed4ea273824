from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from interpreter import run

from sim.compile import compile_model, relax
from sim.ir import Op, Program

Parsed = Callable[..., Any]
EDGES = (-2.5, -1.0, -0.0, 0.0, 1e-3, 1.0, 2.5, 1e100)


def counts(program: Program) -> Counter[Op]:
    return Counter(node.op for node in program.nodes)


def test_values_stay_and_divisions_go(parsed: Parsed) -> None:
    text = (
        "R: a, b~~|\nx[R] = INTEG(x[R] * growth - x[R] / life, start[R])~~|\nstart[R] = 1, 2~~|\n"
        "growth = 0.2~~|\nlife = 7~~|\ny[R] = SMOOTH3(x[R], life) + DELAY3(x[R], life)~~|\n"
        "z[R] = x[R]^2 / 3 + x[R]^-3 + 1.02^Time + MAX(x[R], 0.5)^growth * EXP(-x[R])~~|\n"
    )
    exact = compile_model(parsed(text))
    relaxed = relax(exact)
    assert counts(relaxed)[Op.DIV] < counts(exact)[Op.DIV] / 2
    assert counts(relaxed)[Op.POW] == 0
    before, after = run(exact)[1], run(relaxed)[1]
    assert before.keys() == after.keys()
    for name, values in before.items():
        np.testing.assert_allclose(after[name], values, rtol=1e-12, atol=0)
    assert relaxed.parameters == exact.parameters
    assert relaxed.states == () or [s.name for s in relaxed.states] == [
        s.name for s in exact.states
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "x ^ 3",
        "x ^ -2",
        "x ^ 0.5",
        "x ^ p",
        "2 ^ x",
        "MAX(x, 0.1) ^ x",
        "x / p",
        "p / x",
        "x / 3 / p",
        "EXP(x) * EXP(x) * p",
        "x * EXP(-x) * EXP(p)",
        "x / 0",
        "x ^ p * (x + 1) ^ (p - 1)",
        "3 * x ^ p * (x + 1) ^ p",
        "x ^ p + x ^ (2 * p)",
        "p ^ x + p ^ (x + 1)",
        "p / x ^ p",
        "x / EXP(x * p)",
    ],
)
def test_zero_negative_infinite_and_undefined_stay_so(parsed: Parsed, expression: str) -> None:
    # A stock, so that nothing is known of x when the program is relaxed.
    text = f"x = INTEG(0, first)~~|\nfirst = 1~~|\np = 0.7~~|\ny = {expression}~~|\n"
    exact = compile_model(parsed(text), outputs=["y"])
    relaxed = relax(exact)
    for first in EDGES:
        for p in (0.7, -2.0, 0.0, 1e-300):
            want = run(exact, {"first": first, "p": p})[1]["y"][0]
            have = run(relaxed, {"first": first, "p": p})[1]["y"][0]
            np.testing.assert_allclose(have, want, rtol=1e-12, atol=0, err_msg=f"{first} {p}")


def test_an_exponential_used_twice_is_not_computed_twice(parsed: Parsed) -> None:
    text = "x = INTEG(0, 1)~~|\ne = EXP(x)~~|\nf = EXP(2 * x)~~|\ny = e * f~~|\n"
    relaxed = relax(compile_model(parsed(text)))
    assert counts(relaxed)[Op.EXP] == 2


def test_relaxing_twice_changes_nothing(parsed: Parsed) -> None:
    text = "x = INTEG(-x / life, 3)~~|\nlife = 4~~|\ny = x^2 / life~~|\n"
    once = relax(compile_model(parsed(text)))
    assert relax(once).hash == once.hash
