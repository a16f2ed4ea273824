"""A model of chapters as one Vensim file: data and a scenario's paths written into its text.

Series that chapters read from files, and values over time that a scenario sets, become
lookups of Time; so the file needs nothing beside it. Values at the start stand by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise, product

from sim.errors import InputError, Problem
from sim.ir import Series
from sim.source.catalogue import Variable
from sim.source.entries import MAIN, Entry, key, listing
from sim.source.equations import defined
from sim.source.model import Source
from sim.source.starts import apart
from sim.source.text import SKETCH

JUMP = 2.0**-6  # years before a jump at which the old value still holds; exact in single precision
PER_LINE = 6
_STARS = "*" * 56
_SKETCH = f"""{SKETCH} Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*View 1
$192-192-192,0,Times New Roman|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0
///---\\\\\\
"""


def onefile(source: Source, given: Mapping[str, Mapping[str, Series | float]], title: str) -> str:
    """The text of the file.

    Args:
        source: the model.
        given: id of a variable -> element, as `ir.Element` names it -> what takes the place of
            its equation: a number, or a series of Time. All elements of a variable are given.
        title: words on what the file is.

    Raises:
        InputError: series that are not defined between their points.
    """
    problems = [
        Problem("series", f"'{name}' has no values between its points, so no lookup can hold it")
        for elements in given.values()
        for name, value in elements.items()
        if isinstance(value, Series) and value.reading == "raw"
    ]
    if problems:
        raise InputError(problems)
    entries = listing(source.text).entries
    names = {key(source.variables[own].name): own for own in given}
    parts = [f"{{UTF-8}}\n{_STARS}\n\t.About\n{_STARS}~\n\t\t{title}\n\t|\n\n"]
    seen: set[str] = set()
    for chapter in source.text.chapters:
        mine = [entry for entry in entries if entry.place.file == chapter.file]
        at = 0
        for entry in mine:
            own = names.get(defined(entry.equation)) if entry.section == MAIN else None
            if own is None:
                continue
            parts.append(chapter.content[at : entry.span[0]])
            if own not in seen:
                parts.append(_equations(source, source.variables[own], entry, given[own]))
                seen.add(own)
            at = entry.span[1]
        parts.append(chapter.content[at:])
    return "".join([apart("".join(parts), source.variables), "\n", _SKETCH])


def _equations(
    source: Source, variable: Variable, entry: Entry, given: Mapping[str, Series | float]
) -> str:
    """The equations that take the place of a variable's own; the first has units and words."""
    said = f"\n\t~\t{entry.units}\n\t~\t{entry.documentation}\n\t|"
    bodies = list(map(_body, given.values()))
    if variable.dims and len(set(bodies)) == 1:
        return f"{variable.name}[{','.join(variable.dims)}] = {bodies[0]}{said}"
    lines = [
        f"{head} = {body}" for head, body in zip(_heads(source, variable), bodies, strict=True)
    ]
    return lines[0] + said + "".join(f"\n{line}\n\t~~|" for line in lines[1:])


def _heads(source: Source, variable: Variable) -> list[str]:
    if not variable.dims:
        return [variable.name]
    labels = product(*(source.subscripts[dim] for dim in variable.dims))
    return [f"{variable.name}[{','.join(each)}]" for each in labels]


def _body(value: Series | float) -> str:
    """A number, or a lookup of Time."""
    if not isinstance(value, Series):
        return _number(float(value))
    points = list(_points(value))
    if len({y for _, y in points}) == 1:
        return _number(points[0][1])
    pairs = [f"({_number(x)},{_number(y)})" for x, y in points]
    lines = [",".join(pairs[at : at + PER_LINE]) for at in range(0, len(pairs), PER_LINE)]
    inside = ",\\\n\t\t".join(lines)
    return f"WITH LOOKUP(Time, ({inside}))"


def _number(value: float) -> str:
    """All its digits, and no more."""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def _points(series: Series) -> Iterable[tuple[float, float]]:
    """The points of a lookup that reads, between its points, as the series does."""
    points = list(zip(series.times, series.values, strict=True))
    yield points[0]
    for (x, y), (following, z) in pairwise(points):
        if series.reading == "hold_backward":
            yield following - min(JUMP, (following - x) / 2), y
        elif series.reading == "look_forward":
            yield x + min(JUMP, (following - x) / 2), z
        yield following, z
