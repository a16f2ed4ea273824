"""What the equations name: variables, functions, subscripts, files; and which are unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from pysd.builders.python.python_functions import functionspace
from pysd.translators.structures import abstract_expressions as ae
from pysd.translators.structures.abstract_model import AbstractModel, AbstractSection

from sim.errors import Problem, did_you_mean
from sim.source.entries import key
from sim.source.ranges import QUOTES, Ranges, outside
from sim.source.text import Place, present

FROM_FILE = (ae.GetDataStructure, ae.GetLookupsStructure, ae.GetConstantsStructure)
CONTROL = ("time", "initial_time", "final_time", "time_step", "saveper")
LONG = 200  # characters of a file's name that are worth showing
Where = Callable[[str, int], Place]


def nodes(tree: Any) -> list[Any]:
    """Every structure in an expression, the outermost first."""
    found: list[Any] = []
    stack = [tree]
    while stack:
        part = stack.pop()
        if isinstance(part, list | tuple):
            stack.extend(reversed(cast("Sequence[Any]", part)))
        elif (names := _fields(type(part))) is not None:
            found.append(part)
            stack.extend([getattr(part, name) for name in names])
    return found


@cache
def _fields(kind: type) -> tuple[str, ...] | None:
    """The names of a structure's parts, the last first; None of what is no structure."""
    return tuple(each.name for each in reversed(fields(kind))) if is_dataclass(kind) else None


def files(model: AbstractModel, root: Path) -> list[Path]:
    """The files that the equations read, in order of first use."""
    found: dict[Path, None] = {}
    for section in model.sections:
        for element in section.elements:
            for component in element.components:
                for node in nodes(component.ast):
                    if isinstance(node, FROM_FILE):
                        found.setdefault(root / node.file)
    return list(found)


def unbuildable(model: AbstractModel, where: Where) -> list[Problem]:
    """Every function and form of mapping that PySD does not have, every variable without equation.

    Args:
        model: the translated model.
        where: gives the place of the n-th entry of a name.
    """
    problems: dict[Problem, None] = {}
    macros = {section.name for section in model.sections}
    for one in model.sections[0].subscripts:
        if any(hasattr(target, "parts") for target in one.mapping):
            place = where(one.name, 0)
            sentence = f"the range '{one.name}' is mapped in parts, which PySD cannot"
            problems[Problem("mapping-in-parts", sentence, place.file, place.line)] = None
    for section in model.sections:
        known = {*functionspace, *macros, *(key(element.name) for element in section.elements)}
        for element in section.elements:
            for number, component in enumerate(element.components):
                for node in nodes(component.ast):
                    if not isinstance(node, ae.CallStructure):
                        continue
                    name = key(str(getattr(node.function, "reference", node.function)))
                    hint = ""
                    if name == "a_function_of":
                        code, sentence = "no-equation", "has no equation yet"
                    elif name not in known:
                        code, sentence = "unknown-function", f"calls '{name}', which PySD lacks"
                        hint = did_you_mean(name, sorted(known))
                    elif name in functionspace and len(node.arguments) < _arguments(name):
                        code = "arguments"
                        sentence = f"calls '{name}' with {len(node.arguments)} arguments"
                        hint = f"it takes {_arguments(name)}"
                    else:
                        continue
                    place = where(element.name, number)
                    said = f"'{element.name}' {sentence}"
                    problems[Problem(code, said, place.file, place.line, hint)] = None
    return list(problems)


def _arguments(function: str) -> int:
    """How many arguments PySD's text of a function asks for."""
    asked = re.findall(r"%\((\d+)\)s", functionspace[function][0])
    return max((int(each) + 1 for each in asked), default=0)


def unknown(model: AbstractModel, ranges: Ranges, root: Path, where: Where) -> list[Problem]:
    """Every name that nothing answers to.

    Args:
        model: the translated model.
        ranges: its subscript ranges.
        root: the folder to which files are relative.
        where: gives the place of the n-th entry of a name.
    """
    problems: list[Problem] = []
    macros: set[str] = {each.name for each in [*model.sections][1:]}
    for section in model.sections:
        # The names in a macro are its own.
        inside = f"{section.name}/" if section.type == "macro" else ""

        def place(name: str, number: int, inside: str = inside) -> Place:
            return where(inside + name, number)

        _Check(section, macros, ranges, root, place, problems).run()
    return [*problems, *_loops(model, where)]


def _loops(model: AbstractModel, where: Where) -> list[Problem]:
    """Macros that call themselves, at once or through others."""
    sections = {section.name: section for section in [*model.sections][1:]}
    calls = {
        name: {
            key(str(getattr(node.function, "reference", "")))
            for element in section.elements
            for component in element.components
            for node in nodes(component.ast)
            if isinstance(node, ae.CallStructure)
        }
        for name, section in sections.items()
    }
    problems: list[Problem] = []
    for name, section in sections.items():
        reached, waiting = set[str](), list(calls[name] & calls.keys())
        while waiting:
            other = waiting.pop()
            if other not in reached:
                reached.add(other)
                waiting += calls[other] & calls.keys()
        if name in reached:
            first = next(iter(section.elements), None)
            place = where(f"{name}/{first.name}" if first else name, 0)
            sentence = f"the macro '{name}' calls itself"
            problems.append(Problem("macro-loop", sentence, place.file, place.line))
    return problems


class _Check:
    """The names of one section."""

    def __init__(
        self,
        section: AbstractSection,
        macros: set[str],
        ranges: Ranges,
        root: Path,
        where: Where,
        problems: list[Problem],
    ) -> None:
        self.section = section
        self.macros = macros
        self.ranges = ranges
        self.root = root
        self.problems = problems
        self.where = where
        self.names = {key(element.name): element for element in section.elements}
        self.known = {*self.names, *CONTROL, *map(key, section.params)}
        if section.type == "macro":
            self.known |= {f"{name}$" for name in CONTROL}  # those of the model
        # The name of a range or element in an equation stands for its number.
        self.numbers = {key(name) for name in ranges.labels}
        self.numbers |= {key(label) for each in ranges.labels.values() for label in each}

    def run(self) -> None:
        for element in self.section.elements:
            if self.names[key(element.name)] is not element:  # XMILE; Vensim's are merged
                self.name, self.at = element.name, 0
                self._complain("defined-twice", f"'{element.name}' is defined a second time")
            seen: dict[tuple[str, ...], int] = {}
            for number, component in enumerate(element.components):
                self.name, self.at = element.name, number
                over = tuple(component.subscripts[0])
                if over in seen:
                    first = self.where(element.name, seen[over])
                    self._complain(
                        "defined-twice",
                        f"'{element.name}' is defined a second time"
                        f" (first in {first.file}:{first.line})",
                    )
                seen.setdefault(over, number)
                for subscript in (*over, *(s for group in component.subscripts[1] for s in group)):
                    self._subscript(subscript)
                # Which functions there are is each engine's to say.
                inside = nodes(component.ast)
                called = {
                    id(node.function) for node in inside if isinstance(node, ae.CallStructure)
                }
                for node in inside:
                    if id(node) not in called:
                        self._node(node)

    def _node(self, node: Any) -> None:
        match node:
            case ae.ReferenceStructure():
                self._reference(node)
            case ae.SubscriptsReferenceStructure():
                for subscript in node.subscripts:
                    self._subscript(subscript.rstrip("!").strip())
            case _ if isinstance(node, FROM_FILE):
                self._file(node)
            case _:
                pass

    def _reference(self, node: ae.ReferenceStructure) -> None:
        name = key(node.reference)
        if name in functionspace or name in self.macros:
            return
        if name not in self.known and name not in self.numbers:
            hint = did_you_mean(name, sorted(self.known))
            self._complain(
                "unknown-name", f"'{self.name}' uses the unknown '{node.reference}'", hint
            )
            return
        element = self.names.get(name)
        if element is None or node.subscripts is None:
            return
        needed, given = len(element.components[0].subscripts[0]), len(node.subscripts.subscripts)
        if needed != given:
            sentence = (
                f"'{self.name}' uses '{element.name}' with {given} subscripts; it has {needed}"
            )
            self._complain("subscript-count", sentence)

    def _subscript(self, subscript: str) -> None:
        if not self.ranges.knows(subscript):
            sentence = f"'{self.name}' uses the unknown subscript '{subscript}'"
            self._complain("unknown-subscript", sentence, self.ranges.near(subscript))

    def _file(self, node: Any) -> None:
        texts = [str(getattr(node, field.name)) for field in fields(node)]
        if any(QUOTES & set(text) or "\n" in text for text in texts):
            sentence = f"'{self.name}' names a file or cell with a quote or backslash"
            self._complain("data-name", sentence, "write folders with /")
        elif outside(node.file, self.root):
            sentence = f"'{self.name}' reads '{node.file[:LONG]}', outside the model's folder"
            self._complain("data-outside", sentence, "put the file beside the model")
        elif not present(self.root / node.file):
            file = Path(node.file)
            beside = (self.root / file).parent.glob("*") if len(node.file) < LONG else ()
            hint = did_you_mean(node.file, [str(file.with_name(each.name)) for each in beside])
            sentence = f"'{self.name}' reads '{node.file[:LONG]}', which is not there"
            self._complain("no-such-file", sentence, hint)

    def _complain(self, code: str, sentence: str, hint: str = "") -> None:
        place = self.where(self.name, self.at)
        problem = Problem(code, sentence, place.file, place.line, hint)
        if problem not in self.problems:
            self.problems.append(problem)
