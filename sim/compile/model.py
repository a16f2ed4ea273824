"""`compile_model`: PySD's abstract model to a `Program`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sim.compile import control as control_values
from sim.compile.allocation import ALLOCATIONS
from sim.compile.builder import Builder
from sim.compile.chance import CHANCE
from sim.compile.emission import Emission, GraphState, emit
from sim.compile.engine import Engine, deep_stack
from sim.compile.external import Reader
from sim.compile.functions import FUNCTIONS
from sim.compile.problems import Locate, Problems
from sim.compile.ranges import Ranges
from sim.compile.reductions import REDUCTIONS
from sim.compile.selection import Selection
from sim.compile.statefuls import STRUCTURES as STATEFULS
from sim.compile.structures import STRUCTURES
from sim.compile.tables import reading
from sim.compile.variables import Component, Section, Variable, read_section
from sim.compile.vectors import VECTORS
from sim.ir import Op, Parameter, Program, Series

_FUNCTIONS = {
    **FUNCTIONS,
    **REDUCTIONS,
    **VECTORS,
    **CHANCE,
    "lookup_extrapolate": reading("extrapolate"),
    "lookup_forward": reading("look_forward"),
    "lookup_backward": reading("hold_backward"),
    "lookup_invert": reading("invert"),
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

    def report(code: str, sentence: str, variable: Variable) -> None:
        problems.add(code, sentence, variable.name)

    def read(name: str, source: Mapping[str, str]) -> list[str]:
        return reader.range(name, source, problems)

    sections: dict[str, Section] = {}
    for one in abstract.sections:
        section = read_section(one, Ranges(one.subscripts, read), report)
        sections[one.name] = section
    main = sections["__main__"]
    problems.raise_any()

    selection = Selection(main, problems)
    wanted = selection.outputs(outputs)
    built = selection.values(structural or {}, "structural")
    replaced = selection.values(paths or {}, "paths")
    problems.raise_any()

    engine = Engine(problems, built, replaced, reader)
    engine.build = _building(engine, sections, problems)
    with deep_stack():
        bounds = control_values.settle(engine, main)
        problems.raise_any()
        roots = [
            (
                variable.element_name(element),
                variable.name,
                engine.demand(_asking(engine, variable, element)),
            )
            for variable, element in wanted
        ]
        # Lowering one state's equations may find further states.
        starts: list[int] = []
        follows: list[int] = []
        for draft in engine.states:
            starts.append(engine.demand(draft.initial))
            follows.append(engine.demand(draft.next))
    problems.raise_any()

    moving = Emission(engine.graph, engine.built_in)
    states = [
        GraphState(
            draft.name,
            draft.rule,
            moving.move(start),
            moving.move(following),
            draft.length,
            moving.move(draft.node),
        )
        for draft, start, following in zip(engine.states, starts, follows, strict=True)
    ]
    places = {leaf: moving.move(leaf) for leaf in engine.parameters}
    order = selection.order()
    parameters = sorted(
        (
            Parameter(name, default)
            for leaf, (name, default) in engine.parameters.items()
            if moving.graph.ops[places[leaf]] is Op.PARAMETER
        ),
        key=lambda one: order[one.name],
    )
    shapers = {engine.parameters[leaf][0]: value for leaf, value in engine.built_in.items()}
    shapers.update((name, value) for name, value in built.items())
    return emit(
        moving.graph,
        [(name, variable, moving.move(node)) for name, variable, node in roots],
        states,
        parameters,
        bounds,
        [Parameter(name, shapers[name]) for name in sorted(shapers, key=lambda one: order[one])],
    )


def _asking(engine: Engine, variable: Variable, element: tuple[str, ...]) -> Callable[[], int]:
    return lambda: engine.value(variable, element, engine.main, False)


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
