"""The bracket that ends a documentation: where a number comes from and how far to trust it.

`[source: Hall07, LiHall20; grade: B]` · `[assumption: reason; grade: D; range: x0.8, x1.25]`
"""

from __future__ import annotations

import re
from dataclasses import dataclass

GRADES = "ABCD"
_BRACKET = re.compile(r"(.*?)\s*\[([^\[\]]*)\]\Z", re.DOTALL)
_ID = re.compile(r"[\w.-]+")
_RANGE = re.compile(r"x\s*([\d.eE+-]+)\s*,\s*x\s*([\d.eE+-]+)")


@dataclass(frozen=True, slots=True)
class Bracket:
    """What a bracket says; `low` and `high` are factors of the value."""

    sources: tuple[str, ...] = ()
    assumption: str = ""
    grade: str = ""
    low: float | None = None
    high: float | None = None


def parse(documentation: str) -> tuple[str, Bracket, list[str]]:
    """Split a documentation into its sentence, its bracket, and what is wrong with that."""
    match = _BRACKET.match(documentation.strip())
    if match is None:
        broken = re.search(r"\[\s*(source|assumption)\b", documentation)
        faults = ["its documentation does not end in ']'"] if broken else []
        return documentation.strip(), Bracket(), faults
    faults: list[str] = []
    said: dict[str, str] = {}
    name = ""
    for part in match.group(2).split(";"):
        if name == "assumption" and ":" not in part:
            said[name] += f";{part}"  # a reason may hold a semicolon
            continue
        name, colon, value = (piece.strip() for piece in part.partition(":"))
        if name not in {"source", "assumption", "grade", "range"} or not colon:
            faults.append(f"'{part.strip()}' is none of source:, assumption:, grade:, range:")
        elif name in said:
            faults.append(f"'{name}' is there twice")
        elif not value:
            faults.append(f"'{name}' is empty")
        said[name] = value
    sources = tuple(each.strip() for each in said.get("source", "").split(",") if each.strip())
    faults += [f"'{each}' is no source id" for each in sources if not _ID.fullmatch(each)]
    if not faults and not {"source", "assumption"} & set(said):
        faults.append("neither a source nor an assumption is given")
    grade = said.get("grade", "")
    if not faults and grade not in set(GRADES):
        faults.append(f"the grade is one of {', '.join(GRADES)}, not '{grade}'")
    low, high = _factors(said["range"], faults) if "range" in said else (None, None)
    bracket = Bracket(sources, said.get("assumption", ""), grade, low, high)
    return match.group(1), bracket, faults


def _factors(text: str, faults: list[str]) -> tuple[float | None, float | None]:
    match = _RANGE.fullmatch(text)
    try:
        low, high = (float(match.group(1)), float(match.group(2))) if match else (1.0, 0.0)
    except ValueError:
        low, high = 1.0, 0.0
    if not 0 <= low <= 1 <= high:
        faults.append(f"'range: {text}' is not as 'range: x0.8, x1.25', around 1")
        return None, None
    return low, high
