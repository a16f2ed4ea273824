"""Subscript ranges: their names and the labels of their elements."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pysd.builders.python.subscripts import SubscriptManager
from pysd.py_backend.external import Excels, ExtSubscript
from pysd.translators.structures.abstract_model import AbstractModel

from sim.errors import Problem, did_you_mean
from sim.source.text import Place

# PySD writes names of ranges and files between single quotes into the Python that it runs.
QUOTES = frozenset("'\\")
MOST = 100_000  # elements of a range, or of an array: each is computed by itself


@dataclass(frozen=True)
class Ranges:
    """The ranges of a model, resolved: range name → labels in order."""

    labels: dict[str, tuple[str, ...]]
    manager: SubscriptManager

    def knows(self, subscript: str) -> bool:
        """Whether this is a range or an element of one."""
        return subscript in self.labels or any(subscript in each for each in self.labels.values())

    def near(self, subscript: str) -> str:
        """A hint with the nearest range or element."""
        labels = [label for each in self.labels.values() for label in each]
        return did_you_mean(subscript, [*self.labels, *labels])

    def dims(self, subscripts: Sequence[Sequence[str]], name: str) -> tuple[str, ...]:
        """The ranges over which an element with components over `subscripts` lies."""
        if not subscripts[0]:
            return ()
        with warnings.catch_warnings():
            # An array that is not defined for all its elements is allowed; PySD warns of it.
            warnings.simplefilter("ignore")
            dims = self.manager.make_merge_list([list(each) for each in subscripts], name)
        for dim in dims:  # PySD adds a range where one name is there twice
            self.labels.setdefault(dim, tuple(self.manager.subscripts[dim]))
        return tuple(dims)

    def coordinates(self, subscripts: Sequence[str]) -> list[tuple[str, ...]]:
        """The labels that each subscript of a component stands for."""
        return [self.labels.get(each, (each,)) for each in subscripts]


def outside(file: str, root: Path) -> bool:
    """Whether a data file lies outside the model's folder, where no model may read."""
    try:
        return not (root / file).resolve().is_relative_to(root.resolve())
    except (OSError, ValueError):  # a name that no file can have is not there
        return False


def files(model: AbstractModel, root: Path) -> list[Path]:
    """The files from which labels of ranges are to be read."""
    given = [each.subscripts for each in model.sections[0].subscripts]
    return [root / each["file"] for each in given if isinstance(each, dict)]


def resolve(model: AbstractModel, root: Path, where: Any) -> tuple[Ranges | None, list[Problem]]:
    """Read the ranges of a model; those from files are replaced by their labels.

    Args:
        model: changed in place where a range comes from a file.
        root: the folder to which files are relative.
        where: gives the `Place` of a name.
    """
    problems: list[Problem] = []
    definitions: Iterable[Any] = model.sections[0].subscripts
    names = {definition.name for definition in definitions}
    for definition in definitions:
        place: Place = where(definition.name)
        if QUOTES & set(definition.name):
            sentence = f"the range name '{definition.name}' holds a quote or backslash"
            problems.append(Problem("range-name", sentence, place.file, place.line))
        if isinstance(definition.subscripts, str) and definition.subscripts not in names:
            sentence = f"range '{definition.name}' equals an unknown range"
            hint = did_you_mean(definition.subscripts, sorted(names))
            problems.append(Problem("unknown-range", sentence, place.file, place.line, hint))
        if isinstance(definition.subscripts, dict):
            problems.extend(_read(definition, root, place))
        if isinstance(definition.subscripts, list) and len(definition.subscripts) > MOST:
            sentence = f"the range '{definition.name}' has more than {MOST:,} elements"
            problems.append(Problem("range-size", sentence, place.file, place.line))
    if problems:
        return None, problems
    manager = SubscriptManager(list(definitions), root)
    labels = {name: tuple(elements) for name, elements in manager.subscripts.items()}
    for name, elements in labels.items():
        if len(set(elements)) != len(elements) or not elements:
            place = where(name)
            sentence = f"range '{name}' is empty or names an element twice"
            problems.append(Problem("range-elements", sentence, place.file, place.line))
    return Ranges(labels, manager), problems


def _read(definition: Any, root: Path, place: Place) -> list[Problem]:
    given = definition.subscripts
    if outside(given["file"], root):
        sentence = f"range '{definition.name}' reads '{given['file']}', outside the model's folder"
        hint = "put the file beside the model"
        return [Problem("data-outside", sentence, place.file, place.line, hint)]
    try:
        with warnings.catch_warnings(action="ignore"):  # pandas speaks of its own future
            definition.subscripts = ExtSubscript(
                file_name=given["file"],
                tab=given["tab"],
                firstcell=given["firstcell"],
                lastcell=given["lastcell"],
                prefix=given["prefix"],
                root=root,
            ).subscript
    except Exception as error:
        reason = str(error).strip().splitlines()[-1]
        sentence = f"cannot read range '{definition.name}' from '{given['file']}': {reason}"
        return [Problem("range-file", sentence, place.file, place.line)]
    finally:
        Excels.clean()
    return []
