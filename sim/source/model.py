"""A model as its files say it.

What is found in a text is kept in the cache, so that PySD, which takes long to import
and to read, is needed only for a text that is new.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.errors import wrong
from sim.memory import unswept
from sim.project import MODEL, shown
from sim.shelf import kept
from sim.source.catalogue import Variable
from sim.source.entries import key
from sim.source.text import Chapter, Place, Text, assemble, content, folder, present, read

XMILE = (".xmile", ".stmx", ".itmx", ".xml")
_METHOD = re.compile(r"<sim_specs\b[^>]*?\smethod=[\"']([^\"']*)")
FINDINGS, ABSTRACT = "findings.pickle", "abstract.pickle"


@dataclass(frozen=True, eq=False)
class Findings:
    """What is found in a text.

    Args:
        variables: the catalogue, by id, in the order of the text.
        subscripts: range name → labels, in the order of the text.
        files: the data files that the equations read.
        outside: the files from which the labels of ranges were read.
        places: where the entries of each name were written, by `entries.key` of it.
        unfinished: names of variables without an equation yet (`A FUNCTION OF`).
    """

    variables: Mapping[str, Variable]
    subscripts: Mapping[str, tuple[str, ...]]
    files: tuple[Path, ...]
    outside: tuple[Path, ...]
    places: Mapping[str, list[Place]]
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Source:
    """A model as its files say it.

    Args:
        path: the model file or folder.
        root: the folder to which the files that equations read are relative.
        text: the text, with where its lines were written.
        ours: whether it is a folder of chapters, whose documentation says where numbers are from.
    """

    path: Path
    root: Path
    text: Text
    ours: bool

    @cached_property
    def found(self) -> Findings:
        """What is found in the text.

        Raises:
            InputError: everything that is wrong with it.
        """
        findings = self._findings("")
        if not all(present(file) for file in (*findings.outside, *findings.files)):
            self._read()  # a file is gone since: says which equation misses it
        if findings.outside:
            # Labels may have changed where they were read from.
            labels = _sum(findings.outside, self.root)
            findings = self._findings(labels)
        return findings

    @cached_property
    def abstract(self) -> Any:
        """PySD's abstract model; not to be changed."""
        labels = _sum(self.found.outside, self.root) if self.found.outside else ""
        return _unpickled(self._kept(labels) / ABSTRACT)

    @property
    def variables(self) -> Mapping[str, Variable]:
        """The catalogue, by id, in the order of the text."""
        return self.found.variables

    @property
    def subscripts(self) -> Mapping[str, tuple[str, ...]]:
        """Range name → labels, in the order of the text."""
        return self.found.subscripts

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that the model reads: data, and labels of ranges."""
        return tuple(dict.fromkeys(self.found.outside + self.found.files))

    @cached_property
    def text_hash(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.content.encode()).hexdigest()

    @cached_property
    def data_hash(self) -> str:
        """SHA-256 over the names and bytes of `files`."""
        return _sum(self.files, self.root)

    @property
    def hash(self) -> str:
        """SHA-256 over text and data; the same in every folder and on every machine."""
        return hashlib.sha256((self.text_hash + self.data_hash).encode()).hexdigest()

    @property
    def method(self) -> str:
        """How an XMILE file wants to be integrated: `euler` where nothing else is said."""
        said = _METHOD.search(self.text.content) if self.path.suffix.lower() in XMILE else None
        return said.group(1).strip().lower() if said else "euler"

    def place(self, name: str, number: int = 0) -> Place:
        """Where the entry `number` (from 0) of a name stands; line 0 if it is not known."""
        found = self.found.places.get(key(name), ())
        if not found:
            return Place(self.text.chapters[0].file, 0)
        return found[min(number, len(found) - 1)]

    def _findings(self, labels: str) -> Findings:
        """What is found, from the cache, or as it was just read."""
        folder = self._kept(labels)
        just: tuple[Findings, Any] | None = vars(self).pop("_just", None)
        if just is None:
            return _unpickled(folder / FINDINGS)
        findings, vars(self)["abstract"] = just
        return findings

    def _kept(self, labels: str) -> Path:
        """The folder of the cache with what is found; `labels`: hash of the ranges' files."""
        parts = (_reader(), str(self.path), str(self.root.resolve()), self.ours, labels, self.text)
        return kept("sources", hashlib.sha256(repr(parts).encode()).hexdigest(), self._write)

    def _write(self, place: Path) -> None:
        findings, abstract = vars(self)["_just"] = self._read()
        (place / FINDINGS).write_bytes(pickle.dumps(findings))
        (place / ABSTRACT).write_bytes(pickle.dumps(abstract))

    def _read(self) -> tuple[Findings, Any]:
        from sim.source.reading import find  # PySD takes half a second to import

        # A folder gives its sections a name that lies in it.
        path = self.path / "model" if self.ours else self.path
        xmile = self.path.suffix.lower() in XMILE and not self.ours
        return find(path, self.root, self.text, ours=self.ours, xmile=xmile)


def load(path: Path | str | None = None) -> Source:
    """Read a model: this project's (None), a folder of chapters, or a Vensim or XMILE file.

    In chapters the bracket that ends a documentation is read and checked; in others'
    models the documentation is left as it is.

    Raises:
        InputError: everything that is wrong with it, each with file and line.
    """
    path = MODEL if path is None else Path(path)
    suffix = path.suffix.lower()
    if folder(path):
        source = Source(path, path, assemble(path), ours=True)
    elif suffix == ".mdl":
        chapter = Chapter(shown(path), read(path, otherwise="cp1252"))
        if chapter.content.lstrip().startswith(("<?xml", "<xmile")):
            sentence = "this is XML, not a Vensim model's text"
            hint = "an XMILE model's name ends in .xmile or .stmx"
            raise wrong("unknown-format", sentence, file=shown(path), hint=hint)
        source = Source(path, path.parent, Text((chapter,)), ours=False)
    elif suffix in XMILE:
        chapter = Chapter(shown(path), content(path).decode("utf-8", "replace"))
        if chapter.content.lstrip("\ufeff \n\r\t").startswith("{UTF-8}"):
            sentence = "this is a Vensim model's text, not XMILE"
            raise wrong("unknown-format", sentence, file=shown(path), hint="name it .mdl")
        source = Source(path, path.parent, Text((chapter,)), ours=False)
    else:
        content(path)
        hint = f"known are .mdl, {', '.join(XMILE)} and folders with an order.txt"
        sentence = f"'{suffix}' is no model's format"
        raise wrong("unknown-format", sentence, file=shown(path), hint=hint)
    with unswept():
        _ = source.found
    return source


def _sum(files: Iterable[Path], root: Path) -> str:
    """SHA-256 over the names and bytes of files."""
    digest = hashlib.sha256()
    for file in sorted(files):
        name = Path(os.path.relpath(file, root)).as_posix().encode()
        for part in (name, content(file)):
            digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _unpickled(path: Path) -> Any:
    return pickle.loads(path.read_bytes())  # noqa: S301 -- our own cache, checked by its sums


@cache
def _reader() -> str:
    """A hash of what reads: another reader may find other things."""
    digest = hashlib.sha256(f"pysd {version('pysd')}, numpy {version('numpy')}".encode())
    folder = Path(__file__).parent
    for path in [*sorted(folder.glob("*.py")), folder.parent / "ir.py"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()
