"""INITIAL within larger expressions, as variables of their own.

Vensim takes INITIAL(x) only as the whole right-hand side of an equation, and so do others that
read its files (SDEverywhere refuses the rest with these words); PySD and this engine take it
anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim.source.catalogue import Variable
from sim.source.entries import MAIN, key, listing
from sim.source.text import Chapter, Text

_WHOLE = re.compile(r"[^=]*=\s*INITIAL\s*\([^()]*\)\s*", re.IGNORECASE)
_WITHIN = re.compile(
    r"(?<!ACTIVE )\bINITIAL\s*\(\s*(?P<name>[^()\[\],]+?)\s*(?P<at>\[[^\[\]]*\])?\s*\)",
    re.IGNORECASE,
)


def apart(text: str, variables: Mapping[str, Variable]) -> str:
    """A Vensim text without drawings, with one equation more for each value at the start.

    Args:
        text: the text, lines ended by a newline alone.
        variables: of this text, by id.

    An INITIAL of more than a variable's name stays where it is.
    """
    named = {key(each.name): each for each in variables.values()}
    lifted: dict[str, Variable] = {}

    def replaced(found: re.Match[str]) -> str:
        variable = named.get(key(found["name"]))
        if variable is None:
            return found.group()
        lifted.setdefault(variable.id, variable)
        return _called(variable) + (found["at"] or "")

    parts, at = list[str](), 0
    for entry in listing(Text((Chapter("", text),))).entries:
        if entry.section != MAIN or _WHOLE.fullmatch(entry.equation):
            continue
        start, stop = entry.span
        equation, rest = text[start:stop].split("~", 1)
        parts += [text[at:start], _WITHIN.sub(replaced, equation), "~", rest]
        at = stop
    return "".join([*parts, text[at:], *map(_equation, lifted.values())])


def _called(variable: Variable) -> str:
    return f"{variable.name} at the start"


def _equation(variable: Variable) -> str:
    dims = f"[{','.join(variable.dims)}]" if variable.dims else ""
    units = variable.units or "dmnl"
    said = f"What {variable.name} is when the run begins."
    body = f"{_called(variable)}{dims} = INITIAL({variable.name}{dims})"
    return f"\n{body}\n\t~\t{units}\n\t~\t{said}\n\t|\n"
