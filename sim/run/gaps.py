"""What a model itself says is not there at times: `:NA:`, raw data between their times.

Such a variable, and what hangs on it, is not a number (NaN) without anything having gone wrong.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import Any

from sim.source import Source
from sim.source.entries import key


def told(source: Source) -> set[str]:
    """The variables, by `entries.key`, that may be unavailable by the model's own text."""
    sections = source.abstract.sections
    macros = {key(one.name) for one in sections[1:] if any(map(_gap, one.elements))}
    for _ in sections[1:]:  # macros that call such macros
        macros |= {key(one.name) for one in sections[1:] if _named(one.elements) & macros}
    elements = {key(one.name): one for one in sections[0].elements}
    found = {name for name, one in elements.items() if _gap(one) or _named(one) & macros}
    readers: dict[str, set[str]] = {}
    for name, one in elements.items():
        for read in _named(one):
            readers.setdefault(read, set()).add(name)
    waiting = list(found)
    while waiting:
        for name in readers.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _gap(element: Any) -> bool:
    raw = any(getattr(one, "keyword", None) == "raw" for one in element.components)
    return raw or any(isinstance(part, float) and math.isnan(part) for part in _parts(element))


def _named(tree: Any) -> set[str]:
    said = (getattr(part, "reference", None) for part in _parts(tree))
    return {key(name) for name in said if isinstance(name, str)}


def _parts(tree: Any) -> Iterator[Any]:
    """Everything in a syntax tree."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        yield part
        if dataclasses.is_dataclass(part) and not isinstance(part, type):
            waiting += [getattr(part, field.name) for field in dataclasses.fields(part)]
        elif isinstance(part, (list, tuple)):
            waiting += part
