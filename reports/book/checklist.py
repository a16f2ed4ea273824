"""The reporting checklist of Rahmandad and Sterman (2012), answered from facts.

Every answer is computed from what the repository holds: the model's text, the catalogue of
scenarios, the verbs that are registered. Nothing is met because somebody says so.

Source: H. Rahmandad and J. D. Sterman (2012), Reporting guidelines for simulation-based
research in social sciences, System Dynamics Review 28(4), 396-411.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from reports.book.tables import width
from sim.ir import Op, Program, Rule
from sim.source.catalogue import CONSTANT, STOCK, Variable

Answer = Literal["yes", "partly", "no", "na"]
Level = Literal["minimum", "preferred"]
Part = Literal["model", "experiment", "optimisation"]
FEW = 5  # names that are worth listing


@dataclass(frozen=True)
class Facts:
    """What the answers are computed from.

    Args:
        variables: the catalogue.
        equations: how many equations the book prints.
        started: ids of stocks whose initial values the text gives.
        titled: ids of the sources whose titles are known.
        program: what the model compiles to.
        hash: of the model's text and data.
        code: name -> version of everything that computes.
        licence: of the source code.
        scenarios: id -> how many values it sets, each kept with its file and line.
        described: how many scenarios tell their story.
        verbs: names of the registered verbs.
        settings: "engine", "integrator" and "seed" as they are where nobody sets them.
        experiments: ids of the experiments.
    """

    variables: Mapping[str, Variable]
    equations: int
    started: frozenset[str]
    titled: frozenset[str]
    program: Program
    hash: str
    code: Mapping[str, str]
    licence: str
    scenarios: Mapping[str, int]
    described: int
    verbs: frozenset[str]
    settings: Mapping[str, str]
    experiments: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """An answer, and the facts that it rests on (in plain English)."""

    answer: Answer
    facts: str


@dataclass(frozen=True)
class Item:
    """One thing that the guidelines ask for."""

    part: Part
    level: Level
    asked: str
    find: Callable[[Facts], Finding]


def findings(facts: Facts) -> list[tuple[Item, Finding]]:
    """Every item with its answer."""
    return [(item, item.find(facts)) for item in ITEMS]


def _share(count: int, total: int, what: str) -> Finding:
    """All, some or none."""
    answer: Answer = "yes" if count == total > 0 else "partly" if count else "no"
    return Finding(answer, f"{count} of {total} {what}")


def _equations(facts: Facts) -> Finding:
    found = _share(facts.equations, len(facts.variables), "variables with their equations printed")
    return Finding(found.answer, f"{found.facts}; the chapters of this book, model/chapters")


def _values(facts: Facts) -> Finding:
    constants = [each for each in facts.variables.values() if each.kind == CONSTANT]
    stocks = [each for each in facts.variables.values() if each.kind == STOCK]
    given = sum(each.value is not None for each in constants)
    begun = sum(each.id in facts.started for each in stocks)
    found = _share(given + begun, len(constants) + len(stocks), "")
    words = f"{given} of {len(constants)} constants as numbers, {begun} of {len(stocks)} stocks"
    return Finding(found.answer, f"{words} with an initial value; the table of all constants")


def _chance(facts: Facts) -> Finding:
    draws = sum(node.op is Op.RANDOM for node in facts.program.nodes)
    if not draws:
        return Finding("na", "no equation draws random numbers: the model is deterministic")
    return Finding("yes", f"{draws} random operations, in the equations that name them")


def _logic(facts: Facts) -> Finding:
    kept = sum(state.rule is not Rule.LEVEL for state in facts.program.states)
    if not kept:
        return Finding("na", "every state integrates; nothing is decided outside the equations")
    return Finding("yes", f"{kept} states change in jumps, by equations printed in this book")


def _units(facts: Facts) -> Finding:
    every = facts.variables.values()
    return _share(sum(bool(each.units) for each in every), len(every), "variables with a unit")


def _sentences(facts: Facts) -> Finding:
    every = facts.variables.values()
    said = sum(bool(each.description) for each in every)
    return _share(said, len(every), "variables with a definition")


def _sources(facts: Facts) -> Finding:
    constants = [each for each in facts.variables.values() if each.kind == CONSTANT]
    known = [
        each
        for each in constants
        if (each.sources and set(each.sources) <= facts.titled) or each.assumption
    ]
    ranged = sum(width(each) > 0 for each in constants)
    found = _share(len(known), len(constants), "constants with a titled source or an assumption")
    words = f"{found.facts}; {ranged} with a range"
    without = [each.name for each in constants if each not in known]
    if without:
        words += f"; without: {', '.join(without[:FEW])}{', …' if without[FEW:] else ''}"
    return Finding(found.answer, words)


def _open(facts: Facts) -> Finding:
    answer: Answer = "yes" if facts.licence else "no"
    return Finding(answer, f"Vensim text and Python, licence {facts.licence or 'none'}")


def _document(facts: Facts) -> Finding:
    verb = "docs" in facts.verbs
    words = f"this book, of model {facts.hash[:12]}; “trondelag docs”"
    return Finding("yes" if verb else "no", words)


def _versions(facts: Facts) -> Finding:
    listed = ", ".join(f"{name} {version}" for name, version in facts.code.items())
    return Finding("yes" if facts.code else "no", listed)


def _hardware(facts: Facts) -> Finding:
    chance = _chance(facts)
    if chance.answer == "na":
        return Finding("na", chance.facts)
    return Finding("partly", "draws hang on seed, member and step alone, not on the machine")


def _step(facts: Facts) -> Finding:
    control = facts.program.control
    unit = facts.variables["time_step"].units
    return Finding("yes", f"{control.time_step:g} {unit}, results every {control.saveper:g} {unit}")


def _integrator(facts: Facts) -> Finding:
    method = facts.settings["integrator"]
    return Finding("yes", f"{method}, engine {facts.settings['engine']}; named in every run")


def _horizon(facts: Facts) -> Finding:
    control = facts.program.control
    return Finding("yes", f"{control.initial_time:g} – {control.final_time:g}")


def _runs(facts: Facts) -> Finding:
    answer: Answer = "yes" if facts.scenarios else "no"
    words = f"{len(facts.scenarios)} scenarios, one run each"
    if facts.experiments:
        words += f"; experiments {', '.join(facts.experiments)}, each with its number of runs"
    return Finding(answer, words)


def _distributions(facts: Facts) -> Finding:
    ranged = sum(width(each) > 0 for each in facts.variables.values() if each.kind == CONSTANT)
    words = f"{ranged} constants have a range to draw from"
    if not facts.experiments:
        return Finding("partly" if ranged else "no", f"{words}, but no experiment draws them yet")
    named = ", ".join(f"scenarios/experiments/{name}.yaml" for name in facts.experiments)
    return Finding("yes", f"{words}; which are drawn, and how, is in {named}")


def _changes(facts: Facts) -> Finding:
    values = sum(facts.scenarios.values())
    words = f"{values} values set by {len(facts.scenarios)} scenarios, each with file and line"
    verb = "show" in facts.verbs and bool(facts.scenarios)
    return Finding("yes" if verb else "no", f"{words}; “trondelag show ID --merged”")


def _after(facts: Facts) -> Finding:
    verbs = [name for name in ("compare", "history", "analyze") if name in facts.verbs]
    answer: Answer = "yes" if "compare" in verbs else "no"
    return Finding(answer, ", ".join(f"“trondelag {name}”" for name in verbs))


def _seeds(facts: Facts) -> Finding:
    seed = facts.settings.get("seed", "")
    if _chance(facts).answer == "na" and not facts.experiments:
        return Finding("na", f"no run draws random numbers; the seed of ensembles is {seed}")
    return Finding("yes" if seed else "no", f"seed {seed} unless an experiment names another")


def _scripts(facts: Facts) -> Finding:
    verbs = [
        name for name in ("run", "compare", "demo", "docs", "reproduce") if name in facts.verbs
    ]
    answer: Answer = "yes" if "reproduce" in verbs else "partly" if verbs else "no"
    return Finding(answer, ", ".join(f"“trondelag {name}”" for name in verbs))


def _stories(facts: Facts) -> Finding:
    return _share(facts.described, len(facts.scenarios), "scenarios with their rationale told")


def _search(verb: str) -> Callable[[Facts], Finding]:
    def find(facts: Facts) -> Finding:
        if verb not in facts.verbs:
            return Finding("na", f"nothing is optimised or fitted: there is no verb “{verb}”")
        return Finding("partly", f"“trondelag {verb}” stores it with each of its runs")

    return find


ITEMS: tuple[Item, ...] = (
    Item("model", "minimum", "Every equation and algorithm", _equations),
    Item("model", "minimum", "Every parameter value and initial condition", _values),
    Item("model", "minimum", "Distributions of random numbers in the model", _chance),
    Item("model", "minimum", "Logic that is no equation", _logic),
    Item("model", "preferred", "A unit for every variable", _units),
    Item("model", "preferred", "A definition of every variable", _sentences),
    Item("model", "preferred", "Source and rationale of every parameter", _sources),
    Item("model", "preferred", "Source code in an open format", _open),
    Item("model", "preferred", "One file that documents the whole model", _document),
    Item("experiment", "minimum", "Software and its versions", _versions),
    Item("experiment", "minimum", "Hardware, where runs hang on it", _hardware),
    Item("experiment", "minimum", "Time step", _step),
    Item("experiment", "minimum", "Method of integration", _integrator),
    Item("experiment", "minimum", "Time horizon", _horizon),
    Item("experiment", "minimum", "Number of runs", _runs),
    Item("experiment", "minimum", "Distributions that inputs are drawn from", _distributions),
    Item("experiment", "minimum", "Parameters changed in each run", _changes),
    Item("experiment", "minimum", "What is done with results afterwards", _after),
    Item("experiment", "preferred", "Seeds of random numbers", _seeds),
    Item("experiment", "preferred", "Commands that make every table and figure again", _scripts),
    Item("experiment", "preferred", "Why each scenario is run", _stories),
    Item("optimisation", "minimum", "What is minimised, with weights", _search("calibrate")),
    Item("optimisation", "minimum", "Space searched and its bounds", _search("calibrate")),
    Item("optimisation", "minimum", "Algorithm, starts and stopping rule", _search("calibrate")),
    Item("optimisation", "preferred", "Restarts and other optima", _search("calibrate")),
)
