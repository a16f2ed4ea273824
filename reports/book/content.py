"""The model as a book needs it: chapters, links, sources, levers."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from reports.book.blocks import Inline, Link
from sim.errors import wrong
from sim.project import shown
from sim.scenario.catalogues import Catalogues, catalogues
from sim.source import Source
from sim.source.catalogue import CONSTANT, Variable
from sim.source.entries import key
from sim.source.equations import Opening, Written, equations, opening
from sim.source.links import Links, links, readers
from sim.source.text import Chapter as File

SOURCES = "data/sources.csv"


@dataclass(frozen=True)
class Reference:
    """A source as its list describes it; empty fields where the list lacks the source."""

    id: str
    title: str
    publisher: str
    year: str
    url: str


@dataclass(frozen=True)
class Chapter:
    """A file of the model.

    Args:
        id: the file's name without its ending; its anchor.
        file: as a person should see it.
        opening: what it begins with.
        variables: ids of what it defines, in its order.
    """

    id: str
    file: str
    opening: Opening
    variables: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its number and title: `19a Orders and effects`."""
        title = self.opening.title or self.id
        number = self.id.split("_")[0].lstrip("0")
        return f"{number} {title}" if number[:1].isdigit() else title


@dataclass(frozen=True, eq=False)
class Book:
    """A model with everything that is said about it."""

    source: Source
    known: Catalogues
    chapters: tuple[Chapter, ...]
    links: Mapping[str, Links]
    readers: Mapping[str, tuple[str, ...]]
    equations: Mapping[str, list[Written]]
    references: Mapping[str, Reference]

    @property
    def variables(self) -> Mapping[str, Variable]:
        """The catalogue, by id, in the order of the text."""
        return self.source.variables

    @property
    def constants(self) -> tuple[Variable, ...]:
        """What is written as numbers, in the order of the text."""
        return tuple(each for each in self.variables.values() if each.kind == CONSTANT)

    @cached_property
    def chapter_of(self) -> Mapping[str, str]:
        """The id of the chapter that defines each variable."""
        return {own: chapter.id for chapter in self.chapters for own in chapter.variables}

    @cached_property
    def handles(self) -> Mapping[str, str]:
        """Variable → id of the lever, or part of the outside world, that sets it."""
        both = {**self.known.levers, **self.known.external}
        return {each.variable: own for own, each in both.items()}

    def written(self, variable: Variable) -> list[Written]:
        """The equations of a variable as its chapter has them."""
        return self.equations[key(variable.name)]

    def moved(self, own: str) -> set[str]:
        """The ids of everything that a variable moves, through others or at once."""
        found: set[str] = set()
        waiting = [own]
        while waiting:
            for other in self.readers[waiting.pop()]:
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return found

    def link(self, own: str) -> Inline:
        """The name of a variable, leading to its place in the book."""
        return Link(self.variables[own].name, anchor(own))

    def reference(self, own: str) -> Reference:
        """The source with an id."""
        return self.references.get(own, Reference(own, "", "", "", ""))


def anchor(own: str) -> str:
    """The place of a variable in the book."""
    return f"v-{own}"


def gather(source: Source) -> Book:
    """Everything the book needs to know about a model.

    Raises:
        InputError: the list of sources cannot be read.
    """
    found = links(source.abstract, source.variables)
    return Book(
        source,
        catalogues(),
        tuple(_chapter(file, source) for file in source.text.chapters),
        found,
        readers(found),
        equations(source.text),
        references(source),
    )


def references(source: Source) -> dict[str, Reference]:
    """The list of sources of a model, by id; empty where it has none.

    Raises:
        InputError: the list lacks a column.
    """
    path = source.root / SOURCES
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = ("source_id", "title", "publisher", "year", "url")
        missing = sorted(set(columns) - set(reader.fieldnames or ()))
        if missing:
            sentence = f"columns are missing: {', '.join(missing)}"
            raise wrong("missing-column", sentence, file=shown(path), line=1)
        rows = [Reference(*(row[column] or "" for column in columns)) for row in reader]
    return {row.id: row for row in rows}


def _chapter(file: File, source: Source) -> Chapter:
    mine = [own for own, each in source.variables.items() if each.chapter == file.file]
    return Chapter(PurePath(file.file).stem, file.file, opening(file), tuple(mine))
