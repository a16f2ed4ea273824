"""`trondelag list`: what can be asked, and what is answered."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from sim.scenario import Catalogues, bundled, catalogues, load
from sim.scenario.catalogues import External

SUMMARY = "list scenarios, levers, the outside world, outcomes and goals"
EXAMPLE = """\
example:
  trondelag list
  trondelag list levers --lang nb
"""
PARTS = ("scenarios", "levers", "external", "outcomes", "goals")
TITLES = {
    "en": {
        "scenarios": "Scenarios",
        "levers": "Levers: what is decided in the county or by the state",
        "external": "Outside world: what nobody here decides",
        "outcomes": "Outcomes",
        "goals": "Goals",
    },
    "nb": {
        "scenarios": "Scenarioer",
        "levers": "Grep: det som bestemmes i fylket eller av staten",
        "external": "Omverdenen: det ingen her bestemmer",
        "outcomes": "Resultater",
        "goals": "Mål",
    },
}
FROM_TO = {"en": "{0:g} to {1:g}", "nb": "{0:g} til {1:g}"}
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
    blocks = [_block(part, known, arguments.lang) for part in parts]
    print("\n\n".join(blocks))
    return 0


def _plain(part: str, known: Catalogues) -> dict[str, Any]:
    if part == "scenarios":
        scenarios = [load(id_) for id_ in bundled()]
        return {
            s.id: {"layers": s.layers, "name": s.name.model_dump(exclude_none=True)}
            for s in scenarios
        }
    entries = getattr(known, part)
    return {id_: entry.model_dump(exclude_none=True, mode="json") for id_, entry in entries.items()}


def _block(part: str, known: Catalogues, lang: str) -> str:
    rows: list[tuple[str, ...]] = []
    if part == "scenarios":
        rows = [(id_, load(id_).name.said(lang)) for id_ in bundled()]
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
            range_ = FROM_TO[lang].format(*handle.range)
            row = (_named(id_, handle.dims), range_, handle.units, handle.name.said(lang))
            rows.append(row)
    return f"{TITLES[lang][part]}\n{columns(rows)}"


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
