"""`trondelag show`: one scenario, lever, outcome or set of goals in full."""

from __future__ import annotations

import argparse
import json
import textwrap
from typing import Any

import numpy as np
from pydantic import BaseModel

from sim.commands.list import plain, uncertain
from sim.errors import did_you_mean, wrong
from sim.scenario import Catalogues, Scenario, bundled, catalogues, experiments, load
from sim.scenario.budget import amount
from sim.scenario.document import printable
from sim.scenario.library import is_path
from sim.scenario.merge import Key, Value
from sim.scenario.scenario import told

SUMMARY = "show a scenario, a lever, an outcome, the goals, or an uncertain constant"
EXAMPLE = """\
--merged shows every value of a scenario with the file and line that it comes from,
and "on" the lines that it was built upon.

example:
  trondelag show ocean_push
  trondelag show ocean_push --merged
  trondelag show effort --lang nb
"""
WORDS = {
    "en": {
        "from": "file",
        "on": "on",
        "layers": "built from",
        "goals": "goals",
        "changes": "what this file changes",
        "values": "every value",
        "limits": "limits, NOK million a year (2015)",
        "all": "altogether",
        "spending": "spends, NOK million a year (2015)",
        "nothing": "nothing",
    },
    "nb": {
        "from": "fil",
        "on": "på",
        "layers": "bygd av",
        "goals": "mål",
        "changes": "det denne filen endrer",
        "values": "alle verdier",
        "limits": "rammer, mill. kroner per år (2015)",
        "all": "til sammen",
        "spending": "bruker, mill. kroner per år (2015)",
        "nothing": "ingenting",
    },
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("id", metavar="ID", help="as in `trondelag list`, or a scenario file")
    parser.add_argument("--merged", action="store_true", help="every value and where it comes from")
    parser.epilog = EXAMPLE


def execute(arguments: argparse.Namespace) -> int:
    """Print it; returns 0."""
    id_: str = arguments.id
    known = catalogues()
    entries: dict[str, BaseModel] = {**known.levers, **known.external}
    entries |= {**known.outcomes, **known.goals}
    for set_ in known.goals.values():
        entries = {**set_.goals, **entries}  # a lever or an outcome may be called like a goal
    if id_ in bundled() or is_path(id_):
        scenario = load(id_)
        if arguments.json:
            print(json.dumps(_plain(scenario), ensure_ascii=False))
        else:
            print("\n".join(_scenario(scenario, arguments.lang, merged=arguments.merged)))
        return 0
    if id_ in experiments.bundled():
        entries[id_] = experiments.load(id_)
    if id_ not in entries:
        constants = {each.id: each for each in uncertain()}
        if id_ in constants:
            one = {"id": id_, **plain(constants[id_])}
            print(json.dumps(one, ensure_ascii=False) if arguments.json
                  else "\n".join(_entry(one, arguments.lang)))  # fmt: skip
            return 0
        hint = did_you_mean(id_, [*bundled(), *entries, *constants]) or "trondelag list shows all"
        raise wrong("unknown-id", f"nothing is called '{printable(id_)}'", hint=hint)
    entry = {"id": id_, **entries[id_].model_dump(exclude_none=True, mode="json")}
    if arguments.json:
        print(json.dumps(entry, ensure_ascii=False))
    else:
        print("\n".join(_entry(entry, arguments.lang)))
    return 0


def _plain(scenario: Scenario) -> dict[str, Any]:
    origins = {
        name(key, scenario.known): [str(origin) for origin in reversed(value.origins)]
        for key, value in sorted(scenario.values.items())
    }
    return {**scenario.merged(), "layers": scenario.layers, "origins": origins}


def _scenario(scenario: Scenario, lang: str, *, merged: bool) -> list[str]:
    words = WORDS[lang]
    lines = [f"{scenario.id}: {scenario.name.said(lang)}", ""]
    if scenario.story:
        lines += [*textwrap.wrap(scenario.story.said(lang), 88), ""]
    lines.append(f"{words['from']}: {scenario.file}")
    lines.append(f"{words['layers']}: {' → '.join(scenario.layers)}")
    if scenario.goals:
        goals, origin = scenario.goals
        lines.append(f"{words['goals']}: {goals}  <- {origin}")
    start = scenario.known.years.start
    years = np.array([start, *(start + after for after in (4, 8, 15, 25))], dtype=np.float64)
    spent = zip(years, scenario.spending(years), strict=True)
    each = ", ".join(f"{year:.0f}: {amount(float(money))}" for year, money in spent)
    lines += ["", f"{words['spending']}:", f"  {each}"]
    if scenario.limits:
        lines.append(f"{words['limits']}:")
    for limit in scenario.limits:
        purse = f"{limit.id} ({', '.join(limit.covers)})" if limit.id else words["all"]
        lines.append(f"  {purse}: {amount(limit.per_year_max)}  <- {limit.origin}")
    shown = {
        key: value
        for key, value in sorted(scenario.values.items())
        if merged or value.origins[-1].file == scenario.file
    }
    lines += ["", f"{words['values' if merged else 'changes']}:"]
    return lines + (_values(shown, scenario.known, words) or [f"  {words['nothing']}"])


def _values(values: dict[Key, Value], known: Catalogues, words: dict[str, str]) -> list[str]:
    """One line for each value: what it is, the line that made it, the lines it was built upon."""
    lines: list[str] = []
    for key, value in values.items():
        *before, last = map(str, value.origins)
        below = f" ({words['on']} {', '.join(reversed(before))})" if before else ""
        lines.append(f"  {name(key, known)}: {written(value)}  <- {last}{below}")
    return lines


def name(key: Key, known: Catalogues) -> str:
    """The full name of a value: `levers.effort.research.ocean_space`."""
    id_, cell = key
    return ".".join(("levers" if id_ in known.levers else "external", id_, *cell))


def written(value: Value) -> str:
    """A value as a scenario file has it."""
    plain = told(value.path)
    if not isinstance(plain, dict):
        return f"{plain:.10g}"
    inside = (f"{k}: {v}" if isinstance(v, str) else f"{k}: {v:.10g}" for k, v in plain.items())
    return f"{{{', '.join(inside)}}}"


def _entry(plain: dict[str, Any], lang: str, indent: str = "") -> list[str]:
    """Keys and values of a catalogue's entry; of texts only the language asked for."""
    lines: list[str] = []
    for key, value in plain.items():
        if isinstance(value, dict) and {"en", "nb", "nn"} & set(value):
            value = value.get(lang) or next(iter(value.values()))
        if isinstance(value, dict):
            lines += [f"{indent}{key}:", *_entry(value, lang, indent + "  ")]
        elif isinstance(value, list):
            lines.append(f"{indent}{key}: {', '.join(map(str, value))}")
        else:
            lines.append(f"{indent}{key}: {value}")
    return lines
