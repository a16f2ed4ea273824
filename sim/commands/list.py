"""`trondelag list`: what can be asked, and what is answered."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from typing import Any

from sim import source
from sim.ir import identifier
from sim.scenario import Catalogues, bundled, catalogues, experiments, load
from sim.scenario.catalogues import External
from sim.scenario.names import names
from sim.source.catalogue import CONSTANT, Variable

SUMMARY = "list scenarios, levers, the outside world, outcomes, goals, uncertainties, experiments"
EXAMPLE = """\
example:
  trondelag list
  trondelag list levers --lang nb
  trondelag list uncertainties

uncertainties are the model's constants with a range: they vary where an experiment says so.
"""
PARTS = ("scenarios", "levers", "external", "outcomes", "goals", "experiments", "uncertainties")
TITLES = {
    "en": {
        "scenarios": "Scenarios",
        "levers": "Levers: what is decided in the county or by the state",
        "external": "Outside world: what nobody here decides",
        "outcomes": "Outcomes",
        "goals": "Goals",
        "experiments": "Experiments",
        "uncertainties": "Uncertainties: constants, their range, unit and grade of evidence",
        "more": "Uncertainties: trondelag list uncertainties",
    },
    "nb": {
        "scenarios": "Scenarioer",
        "levers": "Grep: det som bestemmes i fylket eller av staten",
        "external": "Omverdenen: det ingen her bestemmer",
        "outcomes": "Resultater",
        "goals": "Mål",
        "experiments": "Eksperimenter",
        "uncertainties": "Usikre forutsetninger: konstanter, spenn, enhet og kunnskapsgrad",
        "more": "Usikre forutsetninger: trondelag list uncertainties --lang nb",
    },
}
TO = {"en": "to", "nb": "til"}
DIRECTION = {"en": {"up": "up", "down": "down"}, "nb": {"up": "opp", "down": "ned"}}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("part", nargs="?", choices=PARTS, help="only this part")
    parser.epilog = EXAMPLE


def execute(arguments: argparse.Namespace) -> int:
    """Print the lists; returns 0."""
    parts = [arguments.part] if arguments.part else PARTS
    known = catalogues()
    if arguments.json:
        print(json.dumps({part: _plain(part, known) for part in parts}, ensure_ascii=False))
        return 0
    blocks = [
        _block(part, known, arguments.lang)
        if arguments.part or part != "uncertainties"  # hundreds
        else TITLES[arguments.lang]["more"]
        for part in parts
    ]
    print("\n\n".join(blocks))
    return 0


def _plain(part: str, known: Catalogues) -> dict[str, Any]:
    if part == "scenarios":
        scenarios = [load(id_) for id_ in bundled()]
        return {
            s.id: {"layers": s.layers, "name": s.name.model_dump(exclude_none=True)}
            for s in scenarios
        }
    if part == "experiments":
        return {
            id_: {"name": experiments.load(id_).name.model_dump(exclude_none=True)}
            for id_ in experiments.bundled()
        }
    if part == "uncertainties":
        return {each.id: plain(each) for each in uncertain()}
    entries = getattr(known, part)
    return {id_: entry.model_dump(exclude_none=True, mode="json") for id_, entry in entries.items()}


def _block(part: str, known: Catalogues, lang: str) -> str:
    rows: list[tuple[str, ...]] = []
    if part == "scenarios":
        rows = [(id_, load(id_).name.said(lang)) for id_ in bundled()]
    elif part == "experiments":
        rows = [(id_, experiments.load(id_).name.said(lang)) for id_ in experiments.bundled()]
    elif part == "uncertainties":
        for each in uncertain():
            range_ = from_to(*bounds(each), lang)
            said = names().get(each.id, {}).get(lang, each.name)
            over = [identifier(dim) for dim in each.dims]
            rows.append((_named(each.id, over), range_, each.units, each.grade, said))
    elif part == "outcomes":
        for id_, outcome in known.outcomes.items():
            rows.append(
                (_named(id_, outcome.over), outcome.name.said(lang), outcome.unit.said(lang))
            )
    elif part == "goals":
        for set_ in known.goals.values():
            for id_, goal in set_.goals.items():
                way = DIRECTION[lang][goal.direction]
                rows.append((id_, way, goal.indicator.said(lang)))
    else:
        handles: dict[str, External] = getattr(known, part)
        for id_, handle in handles.items():
            range_ = from_to(*handle.range, lang)
            row = (_named(id_, handle.dims), range_, handle.units, handle.name.said(lang))
            rows.append(row)
    return f"{TITLES[lang][part]}\n{columns(rows)}"


def uncertain() -> list[Variable]:
    """The constants of the model with a range, in the order of its text."""
    every = source.load().variables.values()
    return [each for each in every if each.kind == CONSTANT and bounds(each)[0] < bounds(each)[1]]


def bounds(variable: Variable) -> tuple[float, float]:
    """The least and the greatest value of any element; NaN where there is none."""
    low, high = variable.low, variable.high
    if low is None or high is None:
        return math.nan, math.nan
    return float(low.min()), float(high.max())


def plain(variable: Variable) -> dict[str, Any]:
    """A constant for machines; arrays are lists over `over`."""
    value = None if variable.value is None else variable.value.tolist()
    return {
        "variable": variable.name,
        "over": list(variable.dims),
        "units": variable.units,
        "value": value,
        "range": list(bounds(variable)),
        "grade": variable.grade,
        "sources": list(variable.sources),
        "assumption": variable.assumption,
        "name": dict(names().get(variable.id, {})),
        "sentence": {"en": variable.description},
        "chapter": variable.chapter,
        "line": variable.line,
    }


def from_to(low: float, high: float, lang: str) -> str:
    """A range in words."""
    said = f"{low:g} {TO[lang]} {high:g}"
    return said.replace(".", ",") if lang == "nb" else said


def _named(id_: str, over: Sequence[str]) -> str:
    return f"{id_}[{','.join(over)}]" if over else id_


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows as text, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(f"  {line}" for line in lines)
