"""The words of a model's text: equations as written, and what each chapter opens with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.source.entries import MAIN, Entry, key, listing
from sim.source.text import Chapter, Place, Text

_GROUP = re.compile(r"\*{4,}\s*\n\s*\.(?P<title>[^\n]*)\n\s*\*{4,}\s*~(?P<text>[^|]*)\|")
_NAME = re.compile(r'("(?:\\.|[^"\\])*"|[^=\[(:<~]*)')


@dataclass(frozen=True, slots=True)
class Written:
    """An equation as its chapter has it: lines kept, indents and {comments} left out."""

    equation: str
    place: Place


@dataclass(frozen=True, slots=True)
class Opening:
    """The group comment that a chapter opens with; "" where it has none."""

    title: str
    paragraph: str


def equations(text: Text) -> dict[str, list[Written]]:
    """The equations of every name (as `entries.key` has it), in order; macros left out."""
    found: dict[str, list[Written]] = {}
    for entry in listing(text).entries:
        if entry.section == MAIN:
            written = Written(_broken(entry), entry.place)
            found.setdefault(defined(entry.equation), []).append(written)
    return found


def defined(equation: str) -> str:
    """The name that an equation defines, as `entries.key` has it."""
    match = _NAME.match(equation)
    return key(match.group(1) if match else equation)


def opening(chapter: Chapter) -> Opening:
    """The title and paragraph of a chapter's first group."""
    match = _GROUP.search(chapter.content)
    if match is None:
        return Opening("", "")
    return Opening(match["title"].strip(), " ".join(match["text"].split()))


def _broken(entry: Entry) -> str:
    """The collapsed equation, with its lines broken where the chapter breaks them."""
    parts: list[str] = []
    for at, char in enumerate(entry.equation):
        ends = char == " " and at + 1 < len(entry.lines) and entry.lines[at + 1] > entry.lines[at]
        parts.append("\n    " if ends else char)
    return "".join(parts)
