"""A model read from its files: text, names, catalogue, abstract model."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
from sim.project import MODEL, shown
from sim.source import bracket, catalogue, names, ranges, translation
from sim.source.catalogue import Variable
from sim.source.text import Chapter, Place, Text, assemble, content, folder, read

XMILE = (".xmile", ".stmx", ".xml")
BOUNDS = ("initial_time", "final_time", "time_step", "saveper")


@dataclass(frozen=True, eq=False)
class Source:
    """A model as its files say it.

    Args:
        path: the model file or folder.
        root: the folder to which the files that equations read are relative.
        text: the text, with where its lines were written.
        abstract: PySD's abstract model; not to be changed.
        variables: the catalogue, by id, in the order of the text.
        subscripts: range name → labels, in the order of the text.
        files: the data files that the equations read.
        text_hash: SHA-256 of the text.
        data_hash: SHA-256 over the names and bytes of `files`.
        places: where the entries of each name were written; see `place`.
        ours: whether it is a folder of chapters, whose documentation says where numbers are from.
    """

    path: Path
    root: Path
    text: Text
    abstract: AbstractModel
    variables: Mapping[str, Variable]
    subscripts: Mapping[str, tuple[str, ...]]
    files: tuple[Path, ...]
    text_hash: str
    data_hash: str
    places: translation.Places
    ours: bool

    def place(self, name: str, number: int = 0) -> Place:
        """Where the entry `number` (from 0) of a name stands; line 0 if it is not known."""
        found = self.places.get(translation.key(name), ())
        if not found:
            return Place(self.text.chapters[0].file, 0)
        return found[min(number, len(found) - 1)]

    @property
    def hash(self) -> str:
        """SHA-256 over text and data; the same in every folder and on every machine."""
        return hashlib.sha256((self.text_hash + self.data_hash).encode()).hexdigest()


def load(path: Path | str | None = None) -> Source:
    """Read a model: this project's (None), a folder of chapters, or a Vensim or XMILE file.

    In chapters the bracket that ends a documentation is read and checked; in others'
    models the documentation is left as it is.

    Raises:
        InputError: everything that is wrong with it, each with file and line.
    """
    path = MODEL if path is None else Path(path)
    if folder(path):
        text = assemble(path)
        return _source(path, path, text, *translation.vensim(text, path / "model"), ours=True)
    suffix = path.suffix.lower()
    if suffix == ".mdl":
        text = Text((Chapter(shown(path), read(path, otherwise="cp1252")),))
        return _source(path, path.parent, text, *translation.vensim(text, path), ours=False)
    if suffix in XMILE:
        raw = content(path)
        text = Text((Chapter(shown(path), raw.decode("utf-8", "replace")),))
        return _source(path, path.parent, text, *translation.xmile(path), ours=False)
    content(path)
    hint = f"known are .mdl, {', '.join(XMILE)} and folders with an order.txt"
    raise wrong("unknown-format", f"'{suffix}' is no model's format", file=shown(path), hint=hint)


def _source(
    path: Path,
    root: Path,
    text: Text,
    model: AbstractModel,
    places: translation.Places,
    problems: list[Problem],
    *,
    ours: bool,
) -> Source:
    """Check a translated model and write its catalogue."""

    def where(name: str, number: int = 0) -> Place:
        found = places.get(translation.key(name), ())
        return found[min(number, len(found) - 1)] if found else Place(shown(path), 0)

    resolved, faults = ranges.resolve(model, root, where)
    problems = [*problems, *faults]
    if resolved is not None:
        missing = names.unknown(model, resolved, root, where)
        # What could not be read is not unknown: its own complaint is enough.
        problems += [problem for problem in missing if not _follows(problem, problems)]
    problems += _bounds(model, path)
    if problems or resolved is None:
        raise InputError(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    variables: dict[str, Variable] = {}
    for element in model.sections[0].elements:
        variable, faults = _variable(element, resolved, where(element.name), variables, ours=ours)
        variables[variable.id] = variable
        problems += faults
    if problems:
        raise InputError(problems)
    files = tuple(names.files(model, root))
    return Source(
        path,
        root,
        text,
        model,
        variables,
        resolved.labels,
        files,
        hashlib.sha256(text.content.encode()).hexdigest(),
        _data_hash(files, root),
        places,
        ours,
    )


def _follows(problem: Problem, earlier: Iterable[Problem]) -> bool:
    """Whether a name is unknown only because its own equation could not be read."""
    unread = (each.sentence for each in earlier if each.code == "syntax")
    if problem.code != "unknown-name":
        return False
    name = problem.sentence.rsplit("unknown ", 1)[1].strip("'")
    return any(translation.key(f"'{name}'") in translation.key(sentence) for sentence in unread)


def _bounds(model: AbstractModel, path: Path) -> list[Problem]:
    present = {translation.key(element.name) for element in model.sections[0].elements}
    return [
        Problem(
            "no-time-bounds",
            f"the model does not define {name.replace('_', ' ').upper()}",
            shown(path),
        )
        for name in BOUNDS
        if name not in present
    ]


def _variable(
    element: AbstractElement,
    over: ranges.Ranges,
    place: Place,
    taken: Mapping[str, Variable],
    *,
    ours: bool,
) -> tuple[Variable, list[Problem]]:
    subscripts = [component.subscripts[0] for component in element.components]
    dims = over.dims(subscripts, element.name)
    kind = _kind(element)
    value = None
    if kind in {catalogue.CONSTANT, catalogue.CONTROL}:
        value = catalogue.values(element.components, dims, over.labels, over.coordinates)
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
    if isinstance(element, AbstractControlElement) or translation.key(element.name) in BOUNDS:
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


def _data_hash(files: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        name = Path(os.path.relpath(file, root)).as_posix().encode()
        for part in (name, content(file)):
            digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()
