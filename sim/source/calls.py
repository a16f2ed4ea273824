"""Calls of macros that give several values: `x = SPLIT(a, b : rest, share)`.

Each name after the colon becomes a variable of its own, whose equation the compiler knows:
`rest = MACRO OUTPUT(x, 1, 1)` is the first further value of the first such call in `x`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from sim.source.entries import Entry, Macro

OUTPUT = "MACRO OUTPUT"
_LEFT = re.compile(r'((?:"(?:\\.|[^"\\])*"|[^"=:\[])+(?:\[[^\]]*\])?)\s*:?==?')
_SIGN = re.compile(r'"(?:\\.|[^"\\])*"|:[\w ]+:|[()\[\],:]')


def called(entry: Entry, macros: Iterable[Macro]) -> list[Entry]:
    """The entry with its calls as PySD reads them, and entries for what else they give."""
    found = [entry]
    left = _LEFT.match(entry.equation)
    heads = [_head(macro) for macro in macros if macro.outputs]
    if left is None or not heads:
        return found
    head = re.compile("|".join(heads), re.IGNORECASE)
    calls, at = 0, left.end()
    while match := head.search(found[0].equation, at):
        at = match.end()
        colon, end = _bounds(found[0].equation, at)
        calls += 1
        if not colon:
            continue
        whole = found[0]
        names = [name.strip() for name in _parts(whole.equation[colon + 1 : end])]
        found[0] = replace(
            whole,
            equation=whole.equation[:colon] + whole.equation[end:],
            lines=whole.lines[:colon] + whole.lines[end:],
        )
        for number, name in enumerate(names, 1):
            equation = f"{name} = {OUTPUT}({left.group(1).strip()}, {calls}, {number})"
            lines = (entry.lines[colon],) * len(equation)
            found.append(replace(entry, equation=equation, lines=lines, units="", documentation=""))
    return found


def _head(macro: Macro) -> str:
    """A pattern of the macro's name and the bracket that opens its arguments."""
    return r"(?<!\w)" + r"[\s_]+".join(map(re.escape, macro.name.split("_"))) + r"\s*\("


def _bounds(text: str, start: int) -> tuple[int, int]:
    """Where in a call the colon (0: none) and the closing bracket are; `start`: after the `(`."""
    depth, colon = 1, 0
    for sign in _SIGN.finditer(text, start):
        if sign[0] in "([":
            depth += 1
        elif sign[0] in ")]":
            depth -= 1
        elif sign[0] == ":" and depth == 1 and not colon:
            colon = sign.start()
        if depth == 0:
            return colon, sign.start()
    return 0, len(text)


def _parts(text: str) -> list[str]:
    """What stands between commas; those in brackets and quotes do not part."""
    parts, last, depth = list[str](), 0, 0
    for sign in _SIGN.finditer(text):
        depth += (sign[0] in "([") - (sign[0] in ")]")
        if sign[0] == "," and depth == 0:
            parts.append(text[last : sign.start()])
            last = sign.end()
    return [*parts, text[last:]]
