"""The entries of a Vensim text: `equation ~ units ~ documentation |`, each with its lines.

PySD's own splitter drops silently what follows the first malformed entry and forgets
lines. This one names every malformed entry; what an equation says is PySD's to read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from sim.errors import Problem
from sim.source.text import Place, Text

MAIN = "__main__"
_MACRO = re.compile(r":MACRO:\s*([^()]+)\(([^():]*)(?::([^()]*))?\)", re.IGNORECASE)
_MACRO_END = re.compile(r":END OF MACRO:", re.IGNORECASE)
_CONTINUED = re.compile(r"\\\n\t?")
_SUPPLEMENTARY = re.compile(r"\s*(:\w[\w ]*)?\s*")
_SPACES = re.compile(r"\s*")
_SIGN, _END = re.compile(r'["{~|]'), re.compile(r"[~|]")
_PLAIN = re.compile(r"[^\s\\{\"]+(?: [^\s\\{\"]+)*")
_SPACE = re.compile(r"\s+")
_LIMITS = re.compile(r"(.*?)\s*\[([^\[\]]*)\]\Z", re.DOTALL)
# The limits of a lookup's drawing; PySD evaluates them as Python, so nothing else may pass.
_DRAWING = re.compile(r"\(\s*\[([^\]]*)\]")
_NUMBERS = re.compile(r"[\s\d.,()+\-eE]*")


def key(name: str) -> str:
    """A name as Vensim compares it: case and the kind and number of spaces do not count."""
    return "_".join(name.lower().replace("_", " ").split())


@dataclass(frozen=True, slots=True)
class Entry:
    """One equation or subscript range as written, white space collapsed.

    `lines[i]` is the line, in the file of `place`, of character `i` of `equation`. `span` are the
    positions, in the chapter's content, of the entry's first character and of that after its `|`.
    """

    section: str
    equation: str
    units: str
    documentation: str
    place: Place
    lines: tuple[int, ...]
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Macro:
    """The head of a macro: its name and the names of what goes in and comes out."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Listing:
    """All entries and macros of a text, and what could not be read as such."""

    entries: tuple[Entry, ...]
    macros: tuple[Macro, ...]
    problems: tuple[Problem, ...]


def listing(text: Text, *, brief: bool = False) -> Listing:
    """Split every chapter; an entry never reaches from one chapter into the next.

    With `brief`, as for other people's models, an entry may end after its equation or units.
    """
    entries: list[Entry] = []
    macros: list[Macro] = []
    problems: list[Problem] = []
    for chapter in text.chapters:
        _Splitter(chapter.file, chapter.content, entries, macros, problems, brief=brief).split()
    return Listing(tuple(entries), tuple(macros), tuple(problems))


class _Splitter:
    """Walks through one chapter."""

    def __init__(
        self,
        file: str,
        content: str,
        entries: list[Entry],
        macros: list[Macro],
        problems: list[Problem],
        *,
        brief: bool,
    ) -> None:
        self.brief = brief
        self.file = file
        self.content = content
        self.entries = entries
        self.macros = macros
        self.problems = problems
        self.section = MAIN
        self.breaks = [at for at, char in enumerate(content) if char == "\n"]

    def split(self) -> None:
        at = 0
        while True:
            at = self._skip_space(at)
            if at >= len(self.content):
                break
            if macro := _MACRO.match(self.content, at):
                at = self._open_macro(macro)
            elif end := _MACRO_END.match(self.content, at):
                self.section, at = MAIN, end.end()
            else:
                at = self._entry(at)
        if self.section != MAIN:
            self._complain("macro-open", f"macro '{self.section}' has no :END OF MACRO:", at - 1)

    def _skip_space(self, at: int) -> int:
        found = _SPACES.match(self.content, at)
        return at if found is None else found.end()

    def _open_macro(self, match: re.Match[str]) -> int:
        name = _SPACE.sub("_", match.group(1).strip().lower())
        inputs, outputs = (
            tuple(part.strip() for part in whole.replace("\\", " ").split(",") if part.strip())
            for whole in (match.group(2) or "", match.group(3) or "")
        )
        self.macros.append(Macro(name, inputs, outputs, self._place(match.start())))
        self.section = name
        return match.end()

    def _entry(self, start: int) -> int:
        """Read one entry from `start`; returns the position after its `|`."""
        fields, at = [start], start
        while sign := (_SIGN if len(fields) == 1 else _END).search(self.content, at):
            char, at = sign.group(), sign.start()
            if char == '"':
                at = self._quoted(at)
                continue
            if char == "{":
                at = max(self.content.find("}", at), at) + 1
                continue
            if char == "|":
                self._keep(fields, at)
                return at + 1
            at += 1
            fields.append(at)
        self._complain("entry-open", "the entry is not closed by '|'", start)
        return len(self.content)

    def _quoted(self, start: int) -> int:
        """The position after a quoted name; it may not run over the end of its line."""
        at = start + 1
        while at < len(self.content) and self.content[at] != "\n":
            if self.content[at] == "\\":
                at += 1
            elif self.content[at] == '"':
                return at + 1
            at += 1
        self._complain("quote-open", 'a quote (") is not closed', start)
        return at

    def _keep(self, fields: list[int], end: int) -> None:
        bounds = [*fields, end + 1]
        parts = [
            self.content[first : last - 1] for first, last in zip(fields, bounds[1:], strict=True)
        ]
        if parts[0].lstrip().startswith("*"):
            return  # a group's title
        if len(parts) == 4:
            # `:SUPPLEMENTARY`, or a text that holds a ~ itself.
            parts[2] += "" if _SUPPLEMENTARY.fullmatch(parts[3]) else "~" + parts[3]
            parts.pop()
        while self.brief and len(parts) < 3:
            parts.append("")
            fields.append(end)
        if len(parts) != 3:
            sentence = f"an entry has 3 parts (equation ~ units ~ text |), this one {len(parts)}"
            hint = (
                "is a '|' missing between two entries?"
                if len(parts) > 3
                else "write ~ units ~ text |"
            )
            self._complain("entry-parts", sentence, fields[0], hint)
            return
        equation, positions = self._collapsed(fields[0], parts[0])
        if not equation:
            self._complain("entry-empty", "the entry has no equation", fields[0])
            return
        for drawing in _DRAWING.finditer(equation):
            if not _NUMBERS.fullmatch(drawing.group(1)):
                self._complain(
                    "lookup-limits",
                    f"[{drawing.group(1)}] does not give the limits of a lookup",
                    positions[drawing.start()],
                    "write [(0,0)-(10,10)]",
                )
                return
        readable = self._check_units(parts[1], fields[1])
        self.entries.append(
            Entry(
                self.section,
                equation,
                _plain(parts[1]) if readable else "",
                _plain(parts[2]),
                self._place(positions[0]),
                self._lines(positions),
                (positions[0], end + 1),
            )
        )

    def _check_units(self, part: str, start: int) -> bool:
        """Whether the limits beside the units can be read; complains where not."""
        units = part.strip()
        if "[" not in units and "]" not in units:
            return True
        match = _LIMITS.match(units)
        bounds = match.group(2).split(",") if match else []
        # Vensim writes two bounds, and a third number for the step of a slider.
        if not match or "[" in match.group(1) or not 2 <= len(bounds) <= 3:
            readable = False
        else:
            readable = all(_is_bound(bound) for bound in bounds)
        if not readable:
            at = start + len(part) - len(part.lstrip())
            self._complain("limits", f"cannot read limits in '{units}'", at, "write [0,1] or [0,?]")
        return readable

    def _collapsed(self, start: int, part: str) -> tuple[str, list[int]]:
        """The equation with white space and {comments} collapsed, and its positions."""
        chars: list[str] = []
        positions: list[int] = []
        quoted = False
        at = 0
        while at < len(part):
            if not quoted and (plain := _PLAIN.match(part, at)):
                # Nothing to change but the blank that may be before it.
                stop = plain.end()
                chars += part[at:stop]
                positions += range(start + at, start + stop)
                at = stop
                continue
            char = part[at]
            if char == "{" and not quoted and (close := part.find("}", at)) > 0:
                char, step = " ", close + 1 - at
            elif continued := _CONTINUED.match(part, at):
                char, step = " ", continued.end() - at
            else:
                step = 1
            quoted ^= char == '"' and part[at - 1 : at] != "\\"
            if char.isspace():
                if chars and chars[-1] != " ":
                    chars.append(" ")
                    positions.append(start + at)
            else:
                chars.append(char)
                positions.append(start + at)
            at += step
        if chars and chars[-1] == " ":
            chars.pop()
            positions.pop()
        return "".join(chars), positions

    def _line(self, at: int) -> int:
        return bisect_left(self.breaks, at) + 1

    def _lines(self, positions: list[int]) -> tuple[int, ...]:
        """The lines of rising positions."""
        first, last = self._line(positions[0]), self._line(positions[-1])
        if first == last:
            return (first,) * len(positions)
        return tuple(self._line(at) for at in positions)

    def _place(self, at: int) -> Place:
        return Place(self.file, self._line(at))

    def _complain(self, code: str, sentence: str, at: int, hint: str = "") -> None:
        place = self._place(at)
        self.problems.append(Problem(code, sentence, place.file, place.line, hint))


def _plain(part: str) -> str:
    return _SPACE.sub(" ", _CONTINUED.sub(" ", part)).strip()


def _is_bound(bound: str) -> bool:
    if bound.strip() == "?":
        return True
    try:
        float(bound)
    except ValueError:
        return False
    return True
