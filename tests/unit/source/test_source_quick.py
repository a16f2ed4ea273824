"""The quick reader of usual equations gives PySD's tree, or nothing."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from pysd.translators.vensim import vensim_element

from sim.project import MODEL
from sim.source import quick
from sim.source.entries import listing
from sim.source.spelling import spelt
from sim.source.text import Chapter, Text, assemble, read

MODELS = sorted((Path(__file__).parents[2] / "reference" / "models").glob("*.mdl"))

READ = [
    "x = 1",
    "x == 1e3",
    "x = -1",
    "x = - y",
    "x = + y",
    "x = -2 ^ 2",
    "x = -y ^ -z ^ 2",
    "x = y ^ -2",
    "x = 2 ^ 3 ^ y",
    "x = a - b - c * -d / e",
    "x = (a + b) * (c - d)",
    "x[A, B] = y[A, B!] + SUM(z[A!])",
    "x [ A ] = y [ A ]",
    "x = IF THEN ELSE(a >= b, c, d <> e)",
    "x = a = b",
    "x = INTEG(in - out, 5)",
    "x = DELAY1I(a, b, c)",
    "x = SMOOTH3(a, .5)",
    "x = PULSE TRAIN(1, 2, 3, 4)",
    "x = WITH LOOKUP(Time, ([(0,0)-(10,10)],(0,1),(2,3.5),(1,-2)))",
    "x = 2 * with lookup (a, ((0,1),(1,2)))",
    "x((0,1),(2,3))",
    "x[A]( [(0,0)-(1,2e1)],(0,1),(2,3),)",
    "x = table(y) + other[A](z)",
    "x[A] = 1, 2, 3",
    "x[A, B] = 1, 2; 3, 4;",
    "år = økning / månad",
    "x = MAX(a, MIN(b, 3.))",
]
LEFT = [
    '"a b" = 1',
    "x = 'text'",
    "x = 2 + 1",
    "x = 1 - - 2",
    "x = a :AND: b",
    "x := y",
    "x :EXCEPT: [a] = 1",
    "x = TABBED ARRAY(1 2 3)",
    "x = f()",
    "x = 007",
    "x = 1 2",
    "x = a(b",
    "x = a)",
    "x = INTEG(a)",
    "x = (a, b)",
    "x =",
    "x[] = 1",
    "A: a, b",
    "x = y[A, ]",
    "x = " + "(" * 200 + "y" + ")" * 200,
]


def by_pysd(equation: str) -> tuple[Any, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        part: Any = vensim_element.Element(equation, "", "").parse()
        part.parse()
    return facts(part)


def facts(part: Any) -> tuple[Any, ...]:
    tree = repr(part.ast)
    return type(part), part.name, part.subscripts, part.expression, part.lookup, tree


@pytest.mark.parametrize("equation", READ)
def test_a_usual_equation_is_read_as_pysd_reads_it(equation: str) -> None:
    found = quick.component(equation)
    assert found is not None
    assert facts(found) == by_pysd(equation)


@pytest.mark.parametrize("equation", LEFT)
def test_what_is_unusual_or_wrong_is_left_to_pysd(equation: str) -> None:
    assert quick.component(equation) is None


def test_all_that_is_read_of_the_reference_models_is_as_pysd_reads_it() -> None:
    compared = 0
    for model in MODELS:
        text = Text((Chapter(model.name, read(model, otherwise="cp1252")),))
        for entry in listing(text).entries:
            equation = spelt(entry.equation)
            found = quick.component(equation)
            if found is not None:
                assert facts(found) == by_pysd(equation)
                compared += 1
    assert compared > 500


def test_nearly_all_of_our_own_model_is_read_quickly() -> None:
    equations = [spelt(entry.equation) for entry in listing(assemble(MODEL)).entries]
    read_quickly = sum(quick.component(equation) is not None for equation in equations)
    assert read_quickly > 0.9 * len(equations)
