"""What a caller names: outputs, constants and paths, as variables or single elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from sim.compile.problems import Problems
from sim.compile.ranges import loose
from sim.compile.variables import Element, Section, Variable
from sim.errors import did_you_mean
from sim.ir import identifier

_T = TypeVar("_T")


class Selection:
    """Finds variables and elements of the main section by name or id."""

    def __init__(self, main: Section, problems: Problems) -> None:
        self._main = main
        self._problems = problems
        self._ids = {identifier(one.name): one for one in main.all()}

    def order(self) -> dict[str, int]:
        """The place of every element in the text."""
        names = (
            variable.element_name(element)
            for variable in self._main.all()
            for element in variable.elements
        )
        return {name: i for i, name in enumerate(names)}

    def outputs(self, names: Sequence[str] | None) -> list[tuple[Variable, Element]]:
        """The elements asked for, each once; all quantities of the model for None."""
        if names is None:
            return [
                (variable, element)
                for variable in self._main.all()
                if not variable.is_lookup
                for element in variable.elements
            ]
        found: dict[tuple[Variable, Element], None] = {}
        for name in names:
            for variable, element in self._find(name, "outputs"):
                if variable.is_lookup:
                    self._problems.add(
                        "no-value", f"'{variable.name}' is a table and has no value over time",
                        variable.name,
                    )  # fmt: skip
                found[variable, element] = None
        return list(found)

    def values(self, given: Mapping[str, _T], what: str) -> dict[str, _T]:
        """The given values by element name; an element's own goes before its variable's."""
        chosen: dict[str, _T] = {}
        for name in sorted(given, key=lambda one: "[" in one):
            for variable, element in self._find(name, what):
                chosen[variable.element_name(element)] = given[name]
        return chosen

    def _find(self, name: str, what: str) -> list[tuple[Variable, Element]]:
        plain, bracket, inside = name.partition("[")
        variable = self._main.find(plain.strip()) or self._ids.get(identifier(plain))
        if variable is None and bracket:
            # A quoted name may hold a bracket itself.
            variable, inside = self._main.find(name), ""
        if variable is None:
            self._problems.add(
                "unknown-name",
                f"{what}: the model has no variable '{name}'",
                hint=did_you_mean(plain.strip(), [one.name for one in self._main.all()]),
            )
            return []
        if not inside:
            return [(variable, element) for element in variable.elements]
        labels = inside.rstrip().rstrip("]").split(",")
        wanted = [(loose(label), identifier(label)) for label in labels]
        for element in variable.elements:
            if len(element) == len(wanted) and all(
                loose(label) == exact or identifier(label) == wide
                for label, (exact, wide) in zip(element, wanted, strict=True)
            ):
                return [(variable, element)]
        self._problems.add(
            "unknown-element",
            f"{what}: '{variable.name}' has no element [{inside.rstrip().rstrip(']')}]",
            variable.name,
            did_you_mean(name, [variable.element_name(one) for one in variable.elements]),
        )
        return []
