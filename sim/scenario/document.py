"""Untrusted YAML text → a tree of plain values, each with its line.

The one door for YAML. It reads the parser's events and builds nothing but mappings,
lists, text, numbers, booleans and nulls, so a tag can name no code. What a scalar is
follows from the rules in `scalar`, not from a library's idea of YAML 1.1 or 1.2: a date
stays text, `no` stays text, and `1e3` is the number it looks like.
"""

from __future__ import annotations

import hashlib
import math
import pickle
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from sim import errors
from sim.errors import InputError, Problem, wrong
from sim.project import ROOT, shown
from sim.shelf import kept

TREE = "tree.pickle"
MAX_BYTES = 200_000  # the largest file here has 20,000; more is not typed by a person
MAX_DEPTH = 12
MAX_NODES = 20_000  # after aliases are expanded
MAX_KEY = 120
NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*|(?=\.[0-9]))(\.[0-9]*)?([eE][-+]?[0-9]+)?", re.ASCII)
NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip

Scalar = str | float | int | bool | None


@dataclass(slots=True)
class Node:
    """A value and the line it stands on: the line of its key or of its place in a list."""

    value: Scalar | dict[str, Node] | list[Node]
    line: int
    size: int = 1
    height: int = 1

    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def at(self, *keys: str | int) -> Node | None:
        """The node below, or None where there is none."""
        node = self
        for key in keys:
            match node.value, key:
                case dict() as mapping, str() if key in mapping:
                    node = mapping[key]
                case list() as items, int() if 0 <= key < len(items):
                    node = items[key]
                case _:
                    return None
        return node

    def line_of(self, *keys: str | int) -> int:
        """The line of the deepest node on the way that exists."""
        for depth in range(len(keys), 0, -1):
            node = self.at(*keys[:depth])
            if node is not None:
                return node.line
        return self.line


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: its tree, and what was wrong that did not stop the reading."""

    file: str
    root: Node
    problems: tuple[Problem, ...]


def read(path: Path) -> Document:
    """Read a file that anybody may have written.

    Raises:
        InputError: it is no regular file, too large, no UTF-8, or no YAML.
    """
    file = printable(shown(path), 200)
    try:
        if path.is_symlink():
            # A link in a folder of scenarios could show any file of the reader's machine.
            raise wrong("not-a-file", "is a symbolic link; name the file itself", file=file)
        if not path.is_file():
            known = "is no regular file" if path.exists() else "there is no such file"
            raise wrong("no-such-file", known, file=file)
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as fault:  # ValueError: a null character in the path
        reason = fault.strerror if isinstance(fault, OSError) else str(fault)
        raise wrong("unreadable", f"cannot be read: {reason}", file=file) from fault
    if len(content) > MAX_BYTES:
        raise wrong(
            "too-large", f"is larger than {MAX_BYTES:,} bytes, the limit of a scenario", file=file
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        hint = "save it as UTF-8" if b"\0" not in content else ""
        raise wrong("not-text", "is not UTF-8 text", file=file, line=line, hint=hint) from fault
    if path.is_relative_to(ROOT):
        return _remembered(text, file)
    return _parsed(text, file)


@lru_cache(maxsize=256)
def _remembered(text: str, file: str) -> Document:
    """`parse` of what comes with the program: read anew only where it has changed."""
    parts = (_reader(), file, text)
    key = hashlib.sha256(repr(parts).encode()).hexdigest()
    made: list[Document] = []

    def make(folder: Path) -> None:
        made.append(parse(text, file))
        (folder / TREE).write_bytes(pickle.dumps(made[0]))

    try:
        folder = kept("documents", key, make)
    except InputError:  # of the text, which is told again, or of a cache that is closed to us
        return parse(text, file)
    if made:
        return made[0]
    return pickle.loads((folder / TREE).read_bytes())  # noqa: S301 -- our own cache, checked by its sums


@cache
def _reader() -> str:
    """A hash of what reads: another reader may find another tree."""
    own = [Path(__file__).read_bytes(), Path(errors.__file__).read_bytes()]
    return hashlib.sha256(version("ruamel.yaml").encode() + b"\0".join(own)).hexdigest()


def parse(text: str, file: str = "") -> Document:
    """Read YAML text.

    Raises:
        InputError: it is no YAML, or holds what is refused as a whole: several documents,
            more depth or more values than a scenario can need.
    """
    yaml = YAML(typ="safe", pure=True)
    builder = _Builder(file)
    try:
        for event in cast("Iterator[Event]", yaml.parse(text)):
            builder.take(event)
    except InputError:
        raise
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else 0
        said = printable(" ".join(str(fault.problem or fault.context).split()), 120)
        hint = "indent with spaces, not with tabs" if "'\\t'" in said else ""
        raise wrong("not-yaml", f"is not YAML: {said}", file=file, line=line, hint=hint) from fault
    except Exception as fault:
        # On hostile text the parser also fails in ways of its own (ReaderError, ValueError,
        # IndexError, …): whichever, the text is no YAML that a person can mean.
        said = printable(" ".join(str(fault).split()), 120)
        raise wrong("not-yaml", f"is not YAML: {said}", file=file) from fault
    if builder.root is None:
        raise wrong("empty", "is empty", file=file)
    if not isinstance(builder.root.value, dict):
        sentence = f"holds {described(builder.root.value)} where a mapping (key: value) must stand"
        raise wrong("wrong-type", sentence, file=file, line=builder.root.line)
    return Document(file, builder.root, tuple(builder.problems))


_parsed = lru_cache(maxsize=64)(parse)  # bundled scenarios are read for every run; no tree changes


def scalar(text: str) -> Scalar:
    """The value of an unquoted word.

    A number has a dot as decimal sign, no leading zeros and no underscores: whatever another
    reader could take for something else (`010`, `1_000`, `12:30`, `2026-01-01`, `yes`) is text.
    """
    if text in WORDS:
        return WORDS[text]
    if NOT_FINITE.fullmatch(text):
        return math.nan
    if not NUMBER.fullmatch(text):
        return text
    whole = len(text) < 16 and text.lstrip("+-").isdigit()
    return int(text) if whole else float(text)


def printable(text: str, longest: int = 60) -> str:
    """Text as it may be shown on a terminal: nothing invisible, not too long."""
    clean = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: longest + 1])
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


def invisible(text: str) -> str:
    """The first character that a reader would not see, as `U+202E`; or ""."""
    if text.isprintable():  # no other characters of these kinds but the blank
        return ""
    for character in text:
        if character not in "\n\t" and unicodedata.category(character)[0] in "CZ":
            if character == " " or character == "\u00a0":
                continue
            return f"U+{ord(character):04X}"
    return ""


def described(value: object) -> str:
    """What a value is, for a sentence: `the text 'x'`, `the number 3`, `a list`."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"the text '{printable(value)}'"
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value}" if math.isfinite(value) else "a number that is not finite"
    return "a list" if isinstance(value, list | tuple) else "a mapping"


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    node: Node
    anchor: str | None
    key: str | None = None
    key_line: int = 0


class _Builder:
    """Takes the parser's events one by one; no recursion, so depth costs nothing."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._documents = 0
        self._count = 0

    def take(self, event: Event) -> None:
        """Take the next event."""
        line: int = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise wrong("several-documents", "holds more than one document", **self._at(line))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            done = self._open.pop()
            self._place(done.node, done.anchor)
        elif isinstance(event, AliasEvent):
            known = self._anchors.get(str(event.anchor))
            if known is None:
                sentence = f"'*{printable(str(event.anchor))}' names no finished '&' anchor"
                raise wrong("unknown-anchor", sentence, **self._at(line))
            self._count_up(known.size, line)
            self._place(Node(known.value, line, known.size, known.height), None)
        elif isinstance(event, NodeEvent):
            self._count_up(1, line)
            self._begin(event, line)

    def _begin(self, event: NodeEvent, line: int) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            sentence = f"the tag '{printable(str(tag))}' is refused: a scenario holds plain values"
            self.problems.append(Problem("tag", sentence, **self._at(line)))
        anchor = None if event.anchor is None else str(event.anchor)
        if isinstance(event, ScalarEvent):
            text = str(event.value)
            plain = event.style is None or event.style == ""
            waits_for_key = bool(self._open) and self._waits_for_key(self._open[-1])
            value = text if waits_for_key or not plain else scalar(text)
            self._place(Node(value, line), anchor)
            return
        if self._open and self._waits_for_key(self._open[-1]):
            raise wrong("key", "a key must be a plain word", **self._at(line))
        self._refuse_depth(len(self._open) + 1, line)
        empty: dict[str, Node] | list[Node] = {} if isinstance(event, MappingStartEvent) else []
        self._open.append(_Open(Node(empty, line), anchor))

    @staticmethod
    def _waits_for_key(place: _Open) -> bool:
        return isinstance(place.node.value, dict) and place.key is None

    def _place(self, node: Node, anchor: str | None) -> None:
        """Put a finished node where it belongs."""
        self._refuse_depth(len(self._open) + node.height, node.line)
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self.root = node
            return
        place = self._open[-1]
        holder = place.node
        holder.size += node.size
        holder.height = max(holder.height, node.height + 1)
        if isinstance(holder.value, list):
            holder.value.append(node)
        elif place.key is None:
            self._take_key(place, node)
        elif isinstance(holder.value, dict):
            node.line = place.key_line
            if place.key in holder.value:
                first = holder.value[place.key].line
                sentence = f"the key '{printable(place.key)}' stands here again"
                hint = f"first in line {first}"
                self.problems.append(
                    Problem("duplicate-key", sentence, self.file, place.key_line, hint)
                )
            else:
                holder.value[place.key] = node
            place.key = None

    def _take_key(self, place: _Open, node: Node) -> None:
        if not isinstance(node.value, str):
            raise wrong("key", "a key must be a plain word", **self._at(node.line))
        if len(node.value) > MAX_KEY:
            sentence = f"the key '{printable(node.value)}' is longer than {MAX_KEY} characters"
            raise wrong("key", sentence, **self._at(node.line))
        place.key, place.key_line = node.value, node.line

    def _refuse_depth(self, depth: int, line: int) -> None:
        if depth > MAX_DEPTH:
            sentence = f"is nested more than {MAX_DEPTH} levels deep"
            raise wrong("too-deep", sentence, **self._at(line))

    def _count_up(self, more: int, line: int) -> None:
        self._count += more
        if self._count > MAX_NODES:
            sentence = f"holds more than {MAX_NODES:,} values"
            raise wrong("too-many-values", sentence, **self._at(line))

    def _at(self, line: int) -> dict[str, Any]:
        return {"file": self.file, "line": line}
