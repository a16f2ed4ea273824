"""The text of a model and where each of its lines was written.

A model is a folder of chapters (`order.txt` says in which order they are read) or one
file. Either way it becomes one text whose lines can be traced back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from sim.errors import InputError, Problem, did_you_mean, wrong
from sim.project import shown

ORDER = "order.txt"
CONTROL = "control.mdl"
SKETCH = "\\\\\\---///"  # from here on a Vensim file holds drawings, not equations
_NAMED = re.compile(r"^30:(\?[^='\n]+)=([^'\n]+?)\s*$", re.MULTILINE)
_STANDS = re.compile(r"'(\?[^'\n]+)'")
_DECLARED = re.compile(rb"\A\s*\{([\w-]+)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, as a person should see it; lines count from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file of a model: its text without drawings, lines ended by a newline alone."""

    file: str
    content: str


@dataclass(frozen=True, slots=True)
class Text:
    """Chapters in reading order."""

    chapters: tuple[Chapter, ...]

    @property
    def content(self) -> str:
        """The assembled text: the chapters one after the other, each ending in a newline."""
        return "".join(chapter.content for chapter in self.chapters)

    @property
    def starts(self) -> tuple[int, ...]:
        """The line of the assembled text, counted from 1, at which each chapter begins."""
        starts, line = list[int](), 1
        for chapter in self.chapters:
            starts.append(line)
            line += chapter.content.count("\n")
        return tuple(starts)

    def place(self, line: int) -> Place:
        """Where line `line` (from 1) of the assembled text was written."""
        index = max(bisect_right(self.starts, line) - 1, 0)
        return Place(self.chapters[index].file, line - self.starts[index] + 1)


def read(path: Path, *, otherwise: str = "") -> str:
    """A Vensim file as text: decoded, without drawings.

    A file's name that stands for another (`'?data'`, with `30:?data=data.xlsx` among the
    settings at the end) is replaced by it. The encoding is the declared one (`{UTF-8}` at the
    top), else UTF-8, else `otherwise` or, where it is not that either, Latin-1. With `otherwise`,
    as for other people's models, UTF-16 is read too, and a byte that does not belong into the
    declared encoding stands for its sign in `otherwise`: mostly it is in a comment.

    Raises:
        InputError: no such file, not readable, empty, binary, or not in its encoding.
    """
    name = shown(path)
    raw = content(path)
    if otherwise:
        raw = _narrow(raw)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise wrong("encoding", "the file is in UTF-16", file=name, hint="save it as UTF-8")
    if b"\0" in raw:
        raise wrong("binary-file", "this is a binary file, not a model's text", file=name)
    declared = _DECLARED.match(raw.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared.group(1).decode() if declared else "utf-8"
    if otherwise and not declared and not _is(raw, "utf-8"):
        # Latin-1 has a sign for every byte.
        encoding = otherwise if _is(raw, otherwise) else "latin-1"
    try:
        encoding = "utf-8-sig" if encoding.lower() == "utf-8" else encoding
        text = _patched(raw, encoding, otherwise) if otherwise else raw.decode(encoding)
    except LookupError:
        raise wrong(
            "encoding", f"unknown encoding '{encoding}'", file=name, line=1, hint="write {UTF-8}"
        ) from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise wrong(
            "encoding",
            f"byte 0x{raw[error.start]:02x} is not {encoding.removesuffix('-sig')}",
            file=name,
            line=line,
            hint="save the file as UTF-8, or name its encoding in the first line, as {cp1252}",
        ) from None
    text, _, drawn = text.replace("\r\n", "\n").replace("\r", "\n").partition(SKETCH)
    # Names that stand for files (`'?data'`) are among the settings that follow the drawings.
    named = dict(_NAMED.findall(drawn))
    text = _STANDS.sub(lambda name: f"'{named.get(name[1], name[1])}'", text)
    # The declaration is spent; its line stays, so that the count of lines does.
    text = re.sub(r"\A(\s*)\{[\w-]+\}", r"\1", text)
    if not text.strip():
        raise wrong("empty-file", "the file holds no equations", file=name)
    return text if text.endswith("\n") else text + "\n"


def _narrow(raw: bytes) -> bytes:
    """UTF-16, with a mark at the start or seen by its zero bytes, as UTF-8; else the same."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif len(raw) > 3 and raw[1] == raw[3] == 0 != raw[0]:
        encoding = "utf-16-le"
    elif len(raw) > 3 and raw[0] == raw[2] == 0 != raw[1]:
        encoding = "utf-16-be"
    else:
        return raw
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return raw
    return _DECLARED.sub(b"{UTF-8}", text.encode())


def _patched(raw: bytes, encoding: str, otherwise: str) -> str:
    """Decoded; a byte that is not in the encoding is read as one of `otherwise` or Latin-1."""

    def sign(wild: re.Match[str]) -> str:
        byte = wild[0].encode("ascii", "surrogateescape")
        return byte.decode(otherwise if _is(byte, otherwise) else "latin-1")

    return re.sub("[\udc80-\udcff]", sign, raw.decode(encoding, "surrogateescape"))


def _is(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def folder(path: Path) -> bool:
    """Whether this is a folder; a path that none can have is not."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def present(path: Path) -> bool:
    """Whether a file is there; a path that no file can have is not."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def content(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: it does not exist, is a folder, or may not be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        siblings = [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, siblings)
        raise wrong("no-such-file", "there is no such file", file=shown(path), hint=hint) from None
    except IsADirectoryError:
        raise wrong("not-a-file", "this is a folder", file=shown(path)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise wrong("unreadable-file", f"cannot be read: {reason}", file=shown(path)) from None
    if not raw.strip():
        raise wrong("empty-file", "the file is empty", file=shown(path))
    return raw


def assemble(root: Path) -> Text:
    """The chapters of a model folder, in the order of its `order.txt`; control comes last.

    Raises:
        InputError: no `order.txt`, or everything that is wrong with it and with the files.
    """
    order = root / ORDER
    if not order.is_file():
        raise wrong(
            "no-order-file",
            f"the folder has no {ORDER}, which lists the chapters",
            file=shown(root),
            hint=f"name a model file, or write {ORDER} with one chapter per line",
        )
    problems: list[Problem] = []
    chapters: list[Chapter] = []
    listed: dict[str, int] = {}
    for number, line in enumerate(content(order).decode("utf-8", "replace").splitlines(), 1):
        entry = line.split("#", 1)[0].strip()
        if not entry:
            continue
        if entry in listed:
            first = listed[entry]
            sentence = f"'{entry}' is listed a second time (first in line {first})"
            problems.append(Problem("chapter-twice", sentence, shown(order), number))
            continue
        listed[entry] = number
        if not present(root / entry):
            sentence = f"there is no chapter '{entry}'"
            beside = [str(p.relative_to(root)) for p in sorted(root.rglob("*.mdl"))]
            hint = did_you_mean(entry, beside)
            problems.append(Problem("no-such-chapter", sentence, shown(order), number, hint))
            continue
        _append(chapters, problems, root / entry)
    if CONTROL not in listed and (root / CONTROL).is_file():
        _append(chapters, problems, root / CONTROL)
    for path in sorted((root / "chapters").glob("*.mdl")):
        if str(path.relative_to(root)) not in listed:
            sentence = f"the chapter is not listed in {ORDER}"
            problems.append(Problem("chapter-not-listed", sentence, shown(path)))
    if not listed:
        problems.append(Problem("no-chapters", "no chapter is listed", shown(order)))
    if problems:
        raise InputError(problems)
    return Text(tuple(chapters))


def _append(chapters: list[Chapter], problems: list[Problem], path: Path) -> None:
    try:
        chapters.append(Chapter(shown(path), read(path)))
    except InputError as error:
        problems.extend(error.problems)
