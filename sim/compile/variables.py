"""The variables of a model: which equation defines which element."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.compile.ranges import Ranges, Subscript, loose

if TYPE_CHECKING:
    from sim.compile.expression import Expression
    from sim.compile.macros import Call

Element = tuple[str, ...]
CONTROL = ("initial_time", "final_time", "time_step", "saveper")


@dataclass(eq=False, slots=True)
class Component:
    """One equation of a variable.

    `fixed` says that a scenario may not change it although it is a number (`==`).
    `height` is how deep the built expression nests, for the engine's own stack; `calls` are those
    of macros that give several values, in the order of the text.
    """

    variable: Variable
    ast: Any
    subscripts: tuple[Subscript, ...]
    fixed: bool = False
    keyword: str = ""
    expression: Expression | None = None
    height: int = 1
    calls: list[Call] = field(default_factory=list["Call"])

    @property
    def bound(self) -> tuple[str, ...]:
        """The ranges on the left side."""
        return tuple(one.range for one in self.subscripts if one.range)

    def bind(self, element: Element) -> dict[str, str]:
        """Which element each range of the left side stands for."""
        return {
            one.range: label
            for one, label in zip(self.subscripts, element, strict=True)
            if one.range
        }


@dataclass(eq=False, slots=True)
class Variable:
    """A variable of a section, and the equation of each of its elements, in order."""

    name: str
    section: Section
    components: list[Component] = field(default_factory=list["Component"])
    elements: dict[Element, Component] = field(default_factory=dict[Element, "Component"])

    def element_name(self, element: Element) -> str:
        """As PySD names a column: `jobs[aquaculture,Districts]`."""
        return f"{self.name}[{','.join(element)}]" if element else self.name

    @property
    def spot(self) -> str:
        """Its name, under which the place of its equation is found: in a macro `macro/name`."""
        return f"{self.section.inside}{self.name}"

    @property
    def kind(self) -> str:
        """The kind of its right side: the name of PySD's structure."""
        return type(self.components[0].ast).__name__ if self.components else ""

    @property
    def is_lookup(self) -> bool:
        """True for a table that is called, not a quantity that has a value."""
        return self.kind in ("LookupsStructure", "GetLookupsStructure")


@dataclass(eq=False, slots=True)
class Section:
    """The main part of a model, or a macro."""

    name: str
    parameters: tuple[str, ...]
    returns: tuple[str, ...]
    ranges: Ranges
    inside: str = ""
    variables: dict[str, Variable] = field(default_factory=dict[str, Variable])
    _exact: dict[str, Variable] = field(default_factory=dict[str, Variable])

    def find(self, name: str) -> Variable | None:
        """The variable of this name, whatever its case, blanks, underscores and quotes."""
        return self._exact.get(name.lower().replace(" ", "_")) or self.variables.get(loose(name))

    def add(self, variable: Variable) -> None:
        """Enter a variable under its name as written, and under its loose one."""
        self._exact[variable.name.lower().replace(" ", "_")] = variable
        self.variables.setdefault(loose(variable.name), variable)

    def all(self) -> list[Variable]:
        """Every variable, in the order of the text."""
        return list(self._exact.values())


Report = Callable[[str, str, Variable], None]


def read_section(abstract: Any, ranges: Ranges, report: Report) -> Section:
    """The section's variables with their elements.

    Args:
        abstract: PySD's `AbstractSection`.
        ranges: its subscript ranges.
        report: takes (code, sentence, variable) of what is wrong.
    """
    section = Section(
        name=loose(abstract.name),
        parameters=tuple(loose(name) for name in abstract.params),
        returns=tuple(loose(name) for name in abstract.returns),
        ranges=ranges,
    )
    section.inside = "" if abstract.name == "__main__" else f"{abstract.name}/"
    for one in abstract.elements:
        variable = Variable(name=one.name, section=section)
        for part in one.components:
            component = _component(part, variable, ranges, report)
            if component is not None:
                variable.components.append(component)
        variable.elements = _ordered(variable, ranges)
        section.add(variable)
    return section


def _component(part: Any, variable: Variable, ranges: Ranges, report: Report) -> Component | None:
    names, excepted = part.subscripts
    subscripts = _resolve(names, variable, ranges, report)
    if subscripts is None:
        return None
    component = Component(
        variable=variable,
        ast=part.ast,
        subscripts=subscripts,
        fixed=type(part).__name__ == "AbstractUnchangeableConstant",
        keyword=(getattr(part, "keyword", None) or "").replace(" ", "_"),
    )
    left_out: set[Element] = set()
    for group in excepted:
        resolved = _resolve(group, variable, ranges, report)
        if resolved is not None:
            left_out.update(_product(resolved, ranges))
    for element in _product(subscripts, ranges):
        if element not in left_out:
            # A later equation takes the element over from an earlier one.
            variable.elements[element] = component
    return component


def _resolve(
    names: Sequence[str], variable: Variable, ranges: Ranges, report: Report
) -> tuple[Subscript, ...] | None:
    found = [ranges.subscript(name) for name in names]
    for name, one in zip(names, found, strict=True):
        if one is None:
            report(
                "unknown-subscript", f"'{variable.name}': there is no subscript '{name}'", variable
            )
    known = tuple(one for one in found if one is not None)
    return known if len(known) == len(found) else None


def _product(subscripts: Sequence[Subscript], ranges: Ranges) -> list[Element]:
    return list(
        itertools.product(
            *((one.label,) if one.label else ranges.labels(one.range) for one in subscripts)
        )
    )


def _ordered(variable: Variable, ranges: Ranges) -> dict[Element, Component]:
    """Elements in the order of their ranges, also when several equations define them."""
    if len(variable.components) < 2:
        return variable.elements
    order = sorted(variable.elements, key=lambda el: [ranges.number(label) for label in el])
    return {element: variable.elements[element] for element in order}
