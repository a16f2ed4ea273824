"""A model's text checked and catalogued: what `load` keeps of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pysd.translators.structures import abstract_expressions as ae
from pysd.translators.structures.abstract_model import (
    AbstractControlElement,
    AbstractData,
    AbstractElement,
    AbstractLookup,
    AbstractModel,
)

from sim.errors import InputError, Problem, wrong
from sim.ir import identifier
from sim.project import shown
from sim.source import apostrophes, bracket, catalogue, names, ranges, translation
from sim.source.catalogue import Variable
from sim.source.entries import key
from sim.source.model import Findings
from sim.source.text import Place, Text

BOUNDS = ("initial_time", "final_time", "time_step", "saveper")


def find(
    path: Path, root: Path, text: Text, *, ours: bool, xmile: bool
) -> tuple[Findings, AbstractModel]:
    """Read a model.

    Args:
        path: the model file, or for chapters a name in their folder.
        root: the folder to which files are relative.
        text: its text.
        ours: whether documentation ends in a bracket.
        xmile: whether it is XMILE.

    Raises:
        InputError: everything that is wrong with it.
    """
    if xmile:
        model, places, problems = translation.xmile(path)
    else:
        model, places, problems = translation.vensim(text, path, ours=ours)

    if not ours:
        apostrophes.replace(model, places)

    def where(name: str, number: int = 0) -> Place:
        found = places.get(key(name), ())
        return found[min(number, len(found) - 1)] if found else Place(text.chapters[0].file, 0)

    outside = tuple(ranges.files(model, root))
    resolved, faults = ranges.resolve(model, root, where)
    problems = [*problems, *faults]
    if resolved is not None and all(each.code != "range-size" for each in problems):
        missing = names.unknown(model, resolved, root, where)
        # What could not be read is not unknown: its own complaint is enough.
        problems += [problem for problem in missing if not _follows(problem, problems)]
    problems += _bounds(model, path.parent if ours else path)
    if problems or resolved is None:
        raise InputError(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    variables: dict[str, Variable] = {}
    for element in model.sections[0].elements:
        variable, faults = _variable(element, resolved, where(element.name), variables, ours=ours)
        variables[variable.id] = variable
        problems += faults
    unfinished = tuple(
        element.name
        for element in model.sections[0].elements
        if any(_unfinished(component.ast) for component in element.components)
    )
    if ours:
        for name in unfinished:
            place = where(name)
            sentence = f"'{name}' has no equation yet"
            problems.append(Problem("no-equation", sentence, place.file, place.line))
    if problems:
        raise InputError(problems)
    files = tuple(names.files(model, root))
    found = Findings(variables, resolved.labels, files, outside, dict(places), unfinished)
    return found, model


def _unfinished(tree: Any) -> bool:
    if not isinstance(tree, ae.CallStructure):
        return False
    return key(str(getattr(tree.function, "reference", ""))) == "a_function_of"


def _follows(problem: Problem, earlier: Iterable[Problem]) -> bool:
    """Whether a name is unknown only because its own equation could not be read."""
    unread = (each.sentence for each in earlier if each.code == "syntax")
    if problem.code != "unknown-name":
        return False
    name = problem.sentence.rsplit("unknown ", 1)[1].strip("'")
    return any(key(f"'{name}'") in key(sentence) for sentence in unread)


def _bounds(model: AbstractModel, path: Path) -> list[Problem]:
    present = {key(element.name) for element in model.sections[0].elements}
    return [
        Problem(
            "no-time-bounds",
            f"the model does not define {name.replace('_', ' ').upper()}",
            shown(path),
        )
        for name in BOUNDS
        if name not in present
    ]


def _apart(element: AbstractElement, place: Place) -> InputError:
    sentence = f"the equations of '{element.name}' lie over elements that no range has all of"
    hint = "give all of them subscripts of the same ranges"
    return wrong("wrong-subscripts", sentence, file=place.file, line=place.line, hint=hint)


def _variable(
    element: AbstractElement,
    over: ranges.Ranges,
    place: Place,
    taken: Mapping[str, Variable],
    *,
    ours: bool,
) -> tuple[Variable, list[Problem]]:
    subscripts = [component.subscripts[0] for component in element.components]
    try:
        dims = over.dims(subscripts, element.name)
    except IndexError:  # PySD's, over a range that is there twice
        twice = sorted({each for each in subscripts[0] if subscripts[0].count(each) > 1})
        if not twice:
            raise
        sentence = f"'{element.name}' has the range '{', '.join(twice)}' twice on its left side"
        hint = f"give the second a name of its own: {twice[0]} 2 <-> {twice[0]}"
        raise wrong("range-twice", sentence, file=place.file, line=place.line, hint=hint) from None
    except (KeyError, ValueError):
        raise _apart(element, place) from None
    if (count := math.prod(len(over.labels[dim]) for dim in dims)) > ranges.MOST:
        sentence = f"'{element.name}' has {count:,} elements; at most are {ranges.MOST:,}"
        raise wrong("array-size", sentence, file=place.file, line=place.line)
    kind = _kind(element)
    value = None
    if kind in {catalogue.CONSTANT, catalogue.CONTROL}:
        try:
            value = catalogue.values(element.components, dims, over.labels, over.coordinates)
        except ValueError:
            raise _apart(element, place) from None
    description, said, faults = element.documentation.strip(), bracket.Bracket(), list[str]()
    if ours:
        description, said, faults = bracket.parse(element.documentation)
    low, high = catalogue.limits(element.limits, value, said.low, said.high)
    # Two names may share an id ("a-b" and "a b"); the later one is numbered.
    base = own = identifier(element.name) or "unnamed"
    count = 1
    while own in taken:
        count += 1
        own = f"{base}_{count}"
    variable = Variable(
        own,
        element.name,
        dims,
        tuple(len(over.labels[dim]) for dim in dims),
        element.units,
        description,
        kind,
        value,
        low,
        high,
        said.sources,
        said.assumption,
        said.grade,
        place.file,
        place.line,
    )
    sentence = f"the bracket of '{element.name}': "
    return variable, [
        Problem("bracket", sentence + fault, place.file, place.line) for fault in faults
    ]


def _kind(element: AbstractElement) -> str:
    if isinstance(element, AbstractControlElement) or key(element.name) in BOUNDS:
        return catalogue.CONTROL
    trees = [component.ast for component in element.components]
    if any(isinstance(component, AbstractLookup) for component in element.components):
        return catalogue.LOOKUP
    if any(
        isinstance(component, AbstractData) or isinstance(component.ast, ae.GetDataStructure)
        for component in element.components
    ):
        return catalogue.DATA
    if any(isinstance(tree, ae.IntegStructure) for tree in trees):
        return catalogue.STOCK
    if all(isinstance(tree, ae.GetConstantsStructure) or _numeric(tree) for tree in trees):
        return catalogue.CONSTANT
    return catalogue.AUXILIARY


def _numeric(tree: Any) -> bool:
    """Whether an expression is made of numbers alone."""
    if isinstance(tree, np.ndarray | int | float | np.number):
        return True
    return isinstance(tree, ae.ArithmeticStructure) and all(map(_numeric, tree.arguments))
