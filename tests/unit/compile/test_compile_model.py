"""What a program holds: parameters, what is built in, outputs, paths, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from interpreter import run

from sim.compile import compile_model
from sim.errors import InputError
from sim.ir import Op, Program, Rule, Series

Parsed = Callable[..., Any]


def codes(caught: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in caught.value.problems]


def values(program: Program, name: str, **given: float) -> list[float]:
    return run(program, given)[1][name]


MARKET = (
    "R: x, y~~|\nP: p, q, r, s~~|\nwant[R] = 1, 2~~|\nrank[R, P] = 3, 1, 1, 0; 3, 2, 1, 0;~~|\n"
)


# --- parameters and what is built in --------------------------------------------------------


def test_constants_are_parameters_by_element(parsed: Parsed) -> None:
    program = compile_model(
        parsed("R: a, b~~|\nx[R] = 1, 2~~|\ny[R] = x[R] * rate~~|\nrate = 0.5~~|\nfixed == 3~~|\n")
    )
    assert [(one.name, one.default) for one in program.parameters] == [
        ("x[a]", 1.0),
        ("x[b]", 2.0),
        ("rate", 0.5),
    ]


def test_parameters_are_not_folded(parsed: Parsed) -> None:
    program = compile_model(parsed("x = 2~~|\ny = x * 3 + 1~~|\n"))
    assert values(program, "y")[0] == 7.0
    assert values(program, "y", x=5.0)[0] == 16.0


def test_what_shapes_the_program_is_built_in(parsed: Parsed) -> None:
    text = "x = DELAY FIXED(Time, wait, 0)~~|\nwait = half * 2~~|\nhalf = 0.5~~|\ny = half~~|\n"
    program = compile_model(parsed(text))
    assert ("half", 0.5) in [(one.name, one.default) for one in program.built_in]
    assert "half" not in [one.name for one in program.parameters]
    ring = next(state for state in program.states if state.name == "x")
    assert (ring.rule, ring.length) == (Rule.RING, 2)
    longer = compile_model(parsed(text), structural={"half": 1.0})
    assert longer.states[0].length == 4
    assert values(longer, "y")[0] == 1.0


def test_the_time_step_can_be_given(parsed: Parsed) -> None:
    program = compile_model(parsed("x = INTEG(1, 0)~~|\n"), structural={"time_step": 0.25})
    assert program.control.time_step == 0.25
    assert len(values(program, "x")) == 17


def test_a_delay_too_short_for_its_order_is_lowered_as_in_pysd(parsed: Parsed) -> None:
    program = compile_model(parsed("x = DELAY3(Time, span)~~|\nspan = 1.1~~|\n"))
    assert len(program.states) == 2
    assert "span" in [one.name for one in program.built_in]


def test_a_member_whose_delay_is_too_short_starts_as_nan(parsed: Parsed) -> None:
    program = compile_model(parsed("x = DELAY3(2 + Time, span)~~|\nspan = 3~~|\n"))
    assert len(program.states) == 3
    assert values(program, "x")[0] == 2.0
    assert values(program, "x", span=1.0)[0] != values(program, "x", span=1.0)[0]


# --- outputs and paths ----------------------------------------------------------------------


def test_only_what_outputs_need_is_in_the_program(parsed: Parsed) -> None:
    text = "R: a, b~~|\nx[R] = INTEG(k[R], 0)~~|\nk[R] = 1, 2~~|\n"
    text += "other = INTEG(5 * m, 0)~~|\nm = 1~~|\n"
    program = compile_model(parsed(text), outputs=["x[b]"])
    assert [one.name for one in program.elements] == ["x[b]"]
    assert [one.name for one in program.states] == ["x[b]"]
    assert [one.name for one in program.parameters] == ["k[b]"]


def test_outputs_may_be_named_by_id(parsed: Parsed) -> None:
    text = "Region: North side, South~~|\nBirth Rate[Region] = 1, 2~~|\n"
    program = compile_model(parsed(text), outputs=["birth_rate[north_side]"])
    assert [one.name for one in program.elements] == ["Birth Rate[North side]"]


def test_a_path_takes_the_place_of_an_equation(parsed: Parsed) -> None:
    text = "R: a, b~~|\nx[R] = y * 2~~|\ny = 1~~|\nz[R] = x[R] + 1~~|\n"
    path = Series("x", (0.0, 4.0), (0.0, 8.0))
    program = compile_model(parsed(text), paths={"x[a]": path})
    assert values(program, "z[a]") == [1 + t for t in range(9)]
    assert values(program, "z[b]") == [3.0] * 9


def test_a_stock_may_start_from_a_path(parsed: Parsed) -> None:
    program = compile_model(
        parsed("x = INTEG(0, p)~~|\np = 1~~|\nfirst = INITIAL(p)~~|\n"),
        paths={"p": Series("p", (0.0, 4.0), (5.0, 9.0))},
    )
    assert values(program, "x") == [5.0] * 9
    assert values(program, "first") == [5.0] * 9


def test_unknown_names_are_all_said_with_a_hint(parsed: Parsed) -> None:
    with pytest.raises(InputError) as caught:
        compile_model(
            parsed("R: a, b~~|\nrate[R] = 1~~|\n"),
            outputs=["rat"],
            structural={"rate[c]": 1.0},
            paths={"nothing": Series("n", (0.0,), (0.0,))},
        )
    assert codes(caught) == ["unknown-name", "unknown-element", "unknown-name"]
    assert "rate" in caught.value.problems[0].hint


# --- what is refused ------------------------------------------------------------------------


def test_every_use_of_an_unsupported_function_is_said_with_its_place(parsed: Parsed) -> None:
    text = (
        "a = FIND ZERO(1)~~|\nb = a + SHIFT IF TRUE(a, 1)~~|\nc = DELAY CONVEYOR(a, b, 1, 2)~~|\n"
    )
    with pytest.raises(InputError) as caught:
        compile_model(parsed(text), locate=lambda name: ("my.mdl", ord(name)))
    assert codes(caught) == ["unsupported-function"] * 3
    assert {(p.file, p.line) for p in caught.value.problems} == {
        ("my.mdl", n) for n in (97, 98, 99)
    }
    assert "SHIFT IF TRUE" in str(caught.value)


def test_an_algebraic_loop_is_named_with_its_places(parsed: Parsed) -> None:
    lines = {"a": 3, "b": 4, "c": 5}
    with pytest.raises(InputError) as caught:
        compile_model(
            parsed("a = b + 1~~|\nb = c~~|\nc = a * 2~~|\nd = a~~|\n"),
            locate=lambda name: ("my.mdl", lines.get(name, 0)),
        )
    assert codes(caught) == ["algebraic-loop"]
    assert "'a' (my.mdl:3) -> 'b' (my.mdl:4) -> 'c' (my.mdl:5) -> 'a' (my.mdl:3)" in str(
        caught.value
    )


def test_a_circular_initialisation_is_named(parsed: Parsed) -> None:
    with pytest.raises(InputError) as caught:
        compile_model(parsed("x = INTEG(1, y)~~|\ny = INTEG(1, x)~~|\n"))
    assert "circular-initialisation" in codes(caught)


def test_active_initial_opens_a_circular_initialisation(parsed: Parsed) -> None:
    program = compile_model(parsed("x = INTEG(y, y)~~|\ny = ACTIVE INITIAL(x * 2, 3)~~|\n"))
    assert values(program, "x")[:2] == [3.0, 6.0]


def test_a_time_step_that_moves_with_time_is_walked(parsed: Parsed) -> None:
    control = (
        "INITIAL TIME=0~~|\nFINAL TIME=3~~|\nTIME STEP=IF THEN ELSE(Time<1,a,1)~~|\nSAVEPER=1~~|"
    )
    made = compile_model(parsed("x=1~~|\na=0.5~~|\n", control))
    assert made.control.moments == (0.0, 0.5, 1.0, 2.0, 3.0)
    assert made.control.kept == (0, 2, 3, 4)
    assert "a" in [one.name for one in made.built_in]


def test_a_time_step_that_moves_with_a_stock_is_refused(parsed: Parsed) -> None:
    control = (
        "INITIAL TIME=0~~|\nFINAL TIME=3~~|\nTIME STEP=IF THEN ELSE(x<1,0.5,1)~~|\nSAVEPER=1~~|"
    )
    with pytest.raises(InputError) as caught:
        compile_model(parsed("x=INTEG(1,0)~~|\n", control))
    assert codes(caught) == ["moving-control"]


def test_a_saveper_that_is_not_written_is_the_time_step(parsed: Parsed) -> None:
    control = "INITIAL TIME=0~~|\nFINAL TIME=3~~|\nTIME STEP=0.5~~|\n"
    assert compile_model(parsed("x=1~~|\n", control)).control.saveper == 0.5


def test_a_final_time_that_moves_with_time_is_found(parsed: Parsed) -> None:
    control = "INITIAL TIME=0~~|\nFINAL TIME=10-Time~~|\nTIME STEP=0.5~~|\nSAVEPER=1~~|"
    assert compile_model(parsed("x=1~~|\n", control)).control.final_time == 5.0


@pytest.mark.parametrize(
    ("equations", "code"),
    [
        ("a = b~~|\n", "unknown-name"),
        ("R: x, y~~|\na[R] = 1, 2, 3~~|\n", "wrong-size"),
        ("R: x, y~~|\na = k[R]~~|\nk[R] = 1, 2~~|\n", "unbound-subscript"),
        ("R: x, y~~|\na = k~~|\nk[Q] = 1~~|\n", "unknown-subscript"),
        ("R: x, y~~|\na = k[x, y]~~|\nk[R] = 1~~|\n", "wrong-subscripts"),
        ("a = MAX(1, 2, 3)~~|\n", "wrong-arguments"),
        ("a = k(2)~~|\nk = 3~~|\n", "not-a-lookup"),
        ("a = k~~|\nk((0,0),(1,1))~~|\n", "lookup-without-argument"),
        (MARKET + "a = ALLOCATE AVAILABLE(want[R], rank[R, p], 1)~~|\n", "wrong-subscripts"),
        (
            MARKET + "a = ALLOCATE BY PRIORITY(want[R], rank[R, p], 2, 1, 1)~~|\n",
            "wrong-subscripts",
        ),
        ("a = CONVEYOR OUTFLOW(b)~~|\nb = 1~~|\n", "wrong-arguments"),
        ("a = CONVEYOR LEAK(b, 1)~~|\nb = 1~~|\n", "wrong-arguments"),
        ("a = CONVEYOR CONTENT(1)~~|\n", "wrong-arguments"),
        ("R: x, y~~|\na = R~~|\n", "unbound-subscript"),
        (":MACRO: m(p)\nn = p~~|\n:END OF MACRO:\na = m(1)~~|\n", "wrong-macro-call"),
    ],
)
def test_mistakes_have_their_own_code(parsed: Parsed, equations: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        compile_model(parsed(equations))
    assert code in codes(caught)


# --- size and repetition --------------------------------------------------------------------


def test_a_chain_longer_than_the_interpreters_stack(parsed: Parsed) -> None:
    model = parsed("v0 = 1~~|\n")
    section = model.sections[0]
    first = section.elements[0]
    chain = parsed("v0 = v1 + 1~~|\n").sections[0].elements[0]
    ast = chain.components[0].ast
    for i in range(1200):
        element = type(first)(name=f"v{i}", components=[], units="", documentation="")
        link = type(ast)(["+"], (type(ast.arguments[0])(f"v{i + 1}", None), 1))
        element.components = [type(first.components[0])(subscripts=([], []), ast=link)]
        section.elements.append(element)
    section.elements = [*section.elements[1:], first]
    first.name = "v1200"
    before = sys.getrecursionlimit()
    program = compile_model(model, outputs=["v0"])
    assert values(program, "v0")[0] == 1201.0
    assert sys.getrecursionlimit() == before


def test_the_same_model_gives_the_same_program_in_every_process(tmp_path: Path) -> None:
    text = (
        "{UTF-8}\nR: a, b, c~~|\nx[R] = INTEG(k[R] - x[R] / t, 0)~~|\nk[R] = 1, 2, 3~~|\nt = 4~~|\n"
    )
    text += "s = SUM(x[R!]) + RANDOM UNIFORM(0, 1, 0)~~|\n"
    text += "INITIAL TIME = 0~~|\nFINAL TIME = 4~~|\nTIME STEP = 1~~|\nSAVEPER = 1~~|\n"
    (tmp_path / "m.mdl").write_text(text)
    code = (
        "from pysd.translators.vensim.vensim_file import VensimFile as F\n"
        "from sim.compile import compile_model\n"
        "f = F('m.mdl'); f.parse(); print(compile_model(f.get_abstract_model()).hash)"
    )
    hashes = {
        subprocess.run(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1
    assert len(hashes.pop().strip()) == 64


def test_random_streams_do_not_depend_on_what_is_asked_for(parsed: Parsed) -> None:
    text = "a = RANDOM UNIFORM(0, 1, 0)~~|\nb = RANDOM UNIFORM(0, 1, 0)~~|\n"

    def streams(program: Program) -> list[object]:
        return [node.payload for node in program.nodes if node.op is Op.RANDOM]

    model = parsed(text)
    both, only = compile_model(model), compile_model(model, outputs=["b"])
    assert len(set(streams(both))) == 2
    assert set(streams(only)) <= set(streams(both))
