"""Money: what a scenario spends a year, and the limits it sets itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import Problem
from sim.path import flat
from sim.scenario.catalogues import Catalogues
from sim.scenario.merge import Key, Layer, Origin, Value, cells, matches, wrong_pattern
from sim.shapes import Float64

if TYPE_CHECKING:
    from sim.scenario.schema import Fund

KRONE = 6  # decimals of NOK million
ABSURD = 1e12  # NOK million: nobody means it


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that may be spent a year, NOK million of 2015.

    Args:
        id: of the fund, or "" for all money together.
        covers: patterns of the cells of `effort` it pays for; () for all.
        per_year_max: the limit.
        origin: the line that sets it.
    """

    id: str
    covers: tuple[str, ...]
    per_year_max: float
    origin: Origin


def spending(
    values: Mapping[Key, Value],
    known: Catalogues,
    years: Float64[np.ndarray, " year"],
    covers: Sequence[str] = (),
) -> Float64[np.ndarray, " year"]:
    """What is spent a year, to the krone.

    Args:
        values: of a scenario.
        known: tells which levers are money.
        years: at which the rate of spending is taken.
        covers: patterns of the cells that count; () for all.

    Returns:
        NOK million of 2015 a year.
    """
    total = np.zeros(len(years))
    for id_, lever in known.levers.items():
        if lever.cost != "budget":
            continue
        default = Value(flat(lever.default), ())  # what a cell costs that nobody set
        for cell in cells(lever, known):
            if not covers or any(matches(pattern, cell) for pattern in covers):
                total += values.get((id_, cell), default).path.at(years)
    return np.round(total, KRONE)


def limits(layers: Iterable[Layer], known: Catalogues) -> tuple[list[Limit], list[Problem]]:
    """The limits that a line of layers leaves; a later one takes the place of one of its id."""
    found: dict[str, Limit] = {}
    problems: list[Problem] = []
    for layer in layers:
        budget = layer.said.budget
        if budget is None:
            continue
        if budget.per_year_max is not None:
            origin = layer.origin("budget", "per_year_max")
            found[""] = Limit("", (), budget.per_year_max, origin)
        seen: set[str] = set()
        for number, fund in enumerate(budget.funds):
            place = ("budget", "funds", number)
            if fund.id in seen:
                sentence = f"two funds are called '{fund.id}'"
                problems.append(layer.problem("duplicate-fund", sentence, *place, "id"))
            seen.add(fund.id)
            covers, wrong = _covers(layer, fund, place, known)
            problems += wrong
            if covers:
                origin = layer.origin(*place, "per_year_max")
                found[fund.id] = Limit(fund.id, covers, fund.per_year_max, origin)
    return list(found.values()), problems


def overspent(
    values: Mapping[Key, Value], bounds: Iterable[Limit], known: Catalogues, file: Layer
) -> list[Problem]:
    """One problem for each limit that is broken: the first year, the amount, the limit.

    Args:
        values: of the scenario.
        bounds: its limits.
        known: tells which levers are money.
        file: the scenario's own; a limit that comes from a parent is raised there.
    """
    knots = [value.path.times for value in values.values() if not value.path.constant]
    # Between knots the sum is straight or level, so its greatest value lies at one of them.
    every = np.arange(known.years.start, known.years.last + 1, dtype=np.float64)
    years = np.unique(np.concatenate([every, *knots]))
    years = years[(years >= every[0]) & (years <= every[-1])]
    problems: list[Problem] = []
    for limit in bounds:
        spent = spending(values, known, years, limit.covers)
        over = np.flatnonzero(spent > limit.per_year_max)
        if not len(over):
            continue
        first, worst = int(over[0]), int(np.argmax(spent))
        purse = f"from fund '{limit.id}'" if limit.id else "altogether"
        sentence = (
            f"budget: {years[first]:.0f} spends {amount(float(spent[first]))} NOK million {purse}, "
            f"above the limit of {amount(limit.per_year_max)}"
        )
        if len(over) > 1:
            sentence += f"; so do {len(over) - 1} more years"
        if worst > first:
            sentence += f", {years[worst]:.0f} the most with {amount(float(spent[worst]))}"
        if limit.origin.file == file.document.file:
            hint, place = "spend less, or raise the limit under budget", limit.origin
        else:
            sentence += f"; the limit is its parent's ({limit.origin})"
            hint = "spend less"
            if spent.max() < ABSURD:
                hint += f", or give this file a limit of its own: {_own(limit, spent)}"
            place = _spends(file, known)
        problems.append(Problem("over-budget", sentence, place.file, place.line, hint))
    return problems


def _own(limit: Limit, spent: Float64[np.ndarray, " year"]) -> str:
    """What a file writes to have a limit that its spending keeps to."""
    enough = f"per_year_max: {math.ceil(float(spent.max()))}"
    if not limit.id:
        return f"budget: {{{enough}}}"
    covers = ", ".join(f'"{pattern}"' for pattern in limit.covers)
    return f"budget: {{funds: [{{id: {limit.id}, covers: [{covers}], {enough}}}]}}"


def _spends(file: Layer, known: Catalogues) -> Origin:
    """The line of a file that sets money, or that brings in parents who do."""
    for id_ in file.said.levers or {}:
        if id_ in known.levers and known.levers[id_].cost == "budget":
            return file.origin("levers", id_)
    return file.origin("extends")


def amount(value: float) -> str:
    """NOK million without needless decimals; absurd sums in a few digits."""
    if abs(value) >= ABSURD:
        return f"{value:.3g}"
    return f"{value:,.{KRONE}f}".rstrip("0").rstrip(".")


def _covers(
    layer: Layer, fund: Fund, place: tuple[str | int, ...], known: Catalogues
) -> tuple[tuple[str, ...], list[Problem]]:
    """The patterns of a fund that name something, and what is wrong with the others."""
    good: list[str] = []
    problems: list[Problem] = []
    money = [lever for lever in known.levers.values() if lever.cost == "budget"]
    for number, pattern in enumerate(fund.covers):
        faults = [wrong_pattern(pattern, lever, known) for lever in money]
        if None in faults:
            good.append(pattern)
            continue
        for sentence, hint in filter(None, faults[:1]):
            keys = (*place, "covers", number)
            problems.append(layer.problem("unknown-cell", sentence, *keys, hint=hint))
    return tuple(good), problems
