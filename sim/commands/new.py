"""`trondelag new`: a commented scenario file to edit."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from sim.errors import InputError, Problem, did_you_mean, wrong
from sim.ir import identifier
from sim.project import OWN_SCENARIOS, SCENARIOS, shown
from sim.scenario import bundled
from sim.scenario.catalogues import FILES
from sim.scenario.document import printable
from sim.scenario.schema import ID

SUMMARY = "write a commented scenario file to edit"
EXAMPLE = """\
The file is sound as it stands and changes nothing yet: take away the # in front of a line.
It is never written over a file that is there.

example:
  trondelag new my_push --from ocean_push
  trondelag validate my_push
  trondelag run my_push
"""
WRITTEN = {
    "en": "wrote {file}; edit it, then: trondelag validate {name}",
    "nb": "skrev {file}; rediger den, og så: trondelag validate {name}",
}
TEMPLATE = {
    "en": """\
# A scenario says only how it differs from the ones it extends. Money is NOK million of 2015 a year.
# All that can be set: trondelag list. Every value of the parent: trondelag show {parent} --merged
schema: scenario/1
id: {id}
name: {{en: {title}, nb: {title}}}
story:
  en: Write here what is done, why, and which numbers are assumptions.
  nb: Skriv her hva som gjøres, hvorfor, og hvilke tall som er forutsetninger.
extends: [{parent}]

levers:
  effort:
    # One cell, tool.area; between the years straight lines, outside them flat:
    # research.ocean_space: {{2026: 30, 2030: 80}}
    # A whole tool, 5 more than the parent has (also: scale, set):
    # competence.*: {{add: 5}}
    # Steps in place of straight lines:
    # mobilisation.bioeconomy: {{2026: 10, 2030: 20, interp: step}}
  # district_share_of_effort: 0.5

external:
  # salmon_price_factor: {{2026: 1, 2028: 0.8}}

# More money than the parent may spend needs a higher limit; a fund limits some of the cells:
# budget:
#   per_year_max: 400
#   funds:
#     - {{id: regional_funds, covers: ["mobilisation.*"], per_year_max: 70}}
""",
    "nb": """\
# Et scenario sier bare hva som er annerledes enn i dem det bygger på. Penger er mill. kroner per
# år i 2015-priser. Alt som kan settes: trondelag list --lang nb.
# Alle verdier det bygger på: trondelag show {parent} --merged --lang nb
schema: scenario/1
id: {id}
name: {{en: {title}, nb: {title}}}
story:
  en: Write here what is done, why, and which numbers are assumptions.
  nb: Skriv her hva som gjøres, hvorfor, og hvilke tall som er forutsetninger.
extends: [{parent}]

levers:
  effort:
    # Én celle, virkemiddel.område; rette linjer mellom årene, flatt utenfor:
    # research.ocean_space: {{2026: 30, 2030: 80}}
    # Et helt virkemiddel, 5 mer enn før (ellers: scale, set):
    # competence.*: {{add: 5}}
    # Trinn i stedet for rette linjer:
    # mobilisation.bioeconomy: {{2026: 10, 2030: 20, interp: step}}
  # district_share_of_effort: 0.5

external:
  # salmon_price_factor: {{2026: 1, 2028: 0.8}}

# Mer penger enn scenarioet det bygger på, krever en høyere ramme; et fond begrenser noen celler:
# budget:
#   per_year_max: 400
#   funds:
#     - {{id: regional_funds, covers: ["mobilisation.*"], per_year_max: 70}}
""",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("id", metavar="ID", help="small letters, digits and _")
    parser.add_argument("--from", dest="parent", default="baseline", metavar="PARENT",
                        help="id of the scenario it starts from (baseline)")  # fmt: skip
    parser.add_argument("--to", type=Path, default=OWN_SCENARIOS, metavar="FOLDER",
                        help="where it is written (scenarios/; installed: here)")  # fmt: skip
    parser.epilog = EXAMPLE


def execute(arguments: argparse.Namespace) -> int:
    """Write the file; returns 0."""
    id_: str = arguments.id
    folder: Path = arguments.to
    problems = [*_wrong_id(id_), *_wrong_parent(arguments.parent, folder)]
    if not folder.is_dir():
        problems.append(Problem("no-such-folder", "there is no such folder", shown(folder)))
    if problems:
        raise InputError(problems)
    file = folder / f"{id_}.yaml"
    title = id_.replace("_", " ").capitalize()
    text = TEMPLATE[arguments.lang].format(id=id_, title=title, parent=arguments.parent)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as fault:
        hint = "choose another id, or edit that file"
        raise wrong("file-exists", "is there already", file=shown(file), hint=hint) from fault
    except OSError as fault:
        sentence = f"cannot be written: {fault.strerror}"
        raise wrong("unwritable", sentence, file=shown(file)) from fault
    if arguments.json:
        print(json.dumps({"file": str(file)}, ensure_ascii=False))
    else:
        name = id_ if folder.resolve() == SCENARIOS else shown(file)
        print(WRITTEN[arguments.lang].format(file=shown(file), name=name))
    return 0


def _wrong_id(id_: str) -> list[Problem]:
    if not re.fullmatch(ID, id_) or len(id_) > 60:
        hint = "small letters a–z, digits and _, a letter first, at most 60"
        near = identifier(id_)
        if re.fullmatch(ID, near):
            hint += f"; write {near}"
        return [Problem("bad-id", f"'{printable(id_)}' cannot be an id", hint=hint)]
    if id_ in FILES:
        return [Problem("taken-id", f"'{id_}' is the name of a catalogue")]
    if id_ in bundled():
        there = shown(SCENARIOS / f"{id_}.yaml")
        hint = "choose another id, or edit that file"
        return [Problem("taken-id", f"there is a scenario '{id_}' already", there, hint=hint)]
    return []


def _wrong_parent(parent: str, folder: Path) -> list[Problem]:
    names = [*bundled(), *(bundled(folder) if folder.is_dir() else ())]
    if parent in names:
        return []
    hint = did_you_mean(parent, names) or f"there are {', '.join(dict.fromkeys(names))}"
    return [Problem("unknown-parent", f"unknown parent '{printable(parent)}'", hint=hint)]
