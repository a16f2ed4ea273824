"""`compile_model`: PySD's abstract model to a `Program`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.compile import control as control_values
from sim.compile import macros
from sim.compile.allocation import ALLOCATIONS, CALLED
from sim.compile.builder import Builder
from sim.compile.chance import CHANCE
from sim.compile.conveyors import CONVEYORS
from sim.compile.emission import Emission, GraphState, Root, emit
from sim.compile.engine import Engine, deep_stack
from sim.compile.external import Reader
from sim.compile.functions import FUNCTIONS
from sim.compile.market import MARKET
from sim.compile.problems import Locate, Problems
from sim.compile.ranges import Ranges
from sim.compile.records import RECORDS
from sim.compile.reductions import REDUCTIONS
from sim.compile.selection import Selection
from sim.compile.special import SPECIAL
from sim.compile.statefuls import STRUCTURES as STATEFULS
from sim.compile.structures import STRUCTURES
from sim.compile.tables import reading
from sim.compile.variables import Component, Element, Section, Variable, read_section
from sim.compile.vectors import VECTORS
from sim.ir import Control, Op, Parameter, Program, Rule, Series

_FUNCTIONS = {
    **FUNCTIONS,
    **REDUCTIONS,
    **VECTORS,
    **CHANCE,
    **SPECIAL,
    **RECORDS,
    **CONVEYORS,
    **MARKET,
    **CALLED,
    "lookup_extrapolate": reading("extrapolate"),
    "lookup_forward": reading("look_forward"),
    "lookup_backward": reading("hold_backward"),
    "lookup_invert": reading("invert"),
    "macro_output": macros.output,
}
_STRUCTURES = {**STATEFULS, **STRUCTURES, **ALLOCATIONS}


def compile_model(
    abstract: Any,
    *,
    outputs: Sequence[str] | None = None,
    structural: Mapping[str, float] | None = None,
    paths: Mapping[str, Series] | None = None,
    locate: Locate | None = None,
) -> Program:
    """Compile a model to a program.

    Names are those of the text or ids (`birth_rate`), of a variable (all its elements) or of
    one element (`birth rate[Districts]`).

    Args:
        abstract: PySD's `AbstractModel`, of a Vensim or an XMILE file. It is not changed.
        outputs: what to compute; None for every variable. The rest is left out.
        structural: values of constants that are to be built in: those that shape the program
            (time step, length of a fixed delay, order of a delay) can be changed only here.
        paths: series over time that take the place of equations.
        locate: from a variable's name as in the text to the (file, line) of its equation.

    Raises:
        InputError: with everything that is wrong: unknown names, functions that are not
            supported (each use), rings of equations, unreadable files.
    """
    problems = Problems(str(abstract.original_path), locate)
    reader = Reader(abstract.original_path.parent)
    try:
        sections = _sections(abstract, reader, problems)
        selection = Selection(sections["__main__"], problems)
        wanted = selection.outputs(outputs)
        built = selection.values(structural or {}, "structural")
        replaced = selection.values(paths or {}, "paths")
        problems.raise_any()
        engine = Engine(problems, built, replaced, reader)
        engine.build = _building(engine, sections, problems)
        with deep_stack():
            bounds = control_values.settle(engine, sections["__main__"])
            problems.raise_any()
            roots, states = _lowered(engine, wanted)
        problems.raise_any()
    finally:
        reader.close()
    return _frozen(engine, roots, states, selection.order(), bounds)


def _sections(abstract: Any, reader: Reader, problems: Problems) -> dict[str, Section]:
    """The main part (`__main__`) and the macros, by name."""

    def report(code: str, sentence: str, variable: Variable) -> None:
        problems.add(code, sentence, variable.name)

    def read(name: str, source: Mapping[str, str]) -> list[str]:
        return reader.range(name, source, problems)

    sections = {
        one.name: read_section(one, Ranges(one.subscripts, read), report)
        for one in abstract.sections
    }
    problems.raise_any()
    return sections


def _building(
    engine: Engine, sections: Mapping[str, Section], problems: Problems
) -> Callable[[Component], None]:
    def build(component: Component) -> None:
        builder = Builder(engine, component, sections, _FUNCTIONS, _STRUCTURES)
        try:
            expression = builder.build(component.ast)
        except RecursionError:
            name = component.variable.name
            problems.add("too-deep", f"the equation of '{name}' nests too deep", name)
            return
        component.expression = expression
        component.height = expression.height

    return build


def _lowered(
    engine: Engine, wanted: Sequence[tuple[Variable, Element]]
) -> tuple[list[Root], list[GraphState]]:
    """The nodes of what is wanted, and of the states that this needs."""

    def asking(variable: Variable, element: Element) -> Callable[[], int]:
        return lambda: engine.value(variable, element, engine.main, False)

    roots = [
        (variable.element_name(element), variable.name, engine.demand(asking(variable, element)))
        for variable, element in wanted
    ]
    states: list[GraphState] = []
    # Lowering one state's equations may find further states.
    for draft in engine.states:
        initial, following = engine.demand(draft.initial), engine.demand(draft.next)
        if draft.rule is Rule.LEVEL and "time_step" in engine.moving:
            step = engine.demand(lambda: engine.bound("time_step", initial=False))
            following = engine.graph.op(Op.MUL, following, step)
        states.append(
            GraphState(draft.name, draft.rule, initial, following, draft.length, draft.node)
        )
    return roots, states


def _frozen(
    engine: Engine,
    roots: Sequence[Root],
    states: Sequence[GraphState],
    order: Mapping[str, int],
    bounds: Control,
) -> Program:
    """The program, with the constants built in that shape it."""
    moving = Emission(engine.graph, engine.built_in)
    moved_states = [
        replace(
            one,
            initial=moving.move(one.initial),
            next=moving.move(one.next),
            node=moving.move(one.node),
        )
        for one in states
    ]
    moved_roots = [(name, variable, moving.move(node)) for name, variable, node in roots]
    built_in = {engine.parameters[leaf][0]: value for leaf, value in engine.built_in.items()}
    built_in |= engine.structural
    free = {
        name: default
        for leaf, (name, default) in engine.parameters.items()
        if leaf not in engine.built_in
    }
    return emit(
        moving.graph,
        moved_roots,
        moved_states,
        [Parameter(name, free[name]) for name in sorted(free, key=lambda one: order[one])],
        bounds,
        [Parameter(name, built_in[name]) for name in sorted(built_in, key=lambda one: order[one])],
    )
