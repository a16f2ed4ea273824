"""Sobol indices over time, from the page's own worlds and new ones mixed of them.

Half of the worlds are held against the other half (every other one). For each group of inputs a
third set is run: the first half's worlds with this group's values from the second half. First
order: what a group's inputs explain of the variance by themselves; total: what they take part in.
Estimators of Saltelli et al. (2010) and Jansen (1999), see `sim.sensitivity.sobol`.

Groups: the inputs that go most with the results, each with what is drawn together with it; what the
history ties together, as one; and all other inputs, as one. So the groups are independent of each
other, and together they are everything that differs between worlds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from reports.folder import writing
from reports.pages.drivers import ranks, swing
from reports.pages.futures import QUANTILES, Futures
from sim.errors import InputError
from sim.run.bundle import unpacked
from sim.run.work import Task, integrate
from sim.sensitivity import sobol
from sim.sensitivity.estimate import bootstrap, constant, plainly
from sim.sensitivity.ranking import UNGRADED, WEAKNESS
from sim.shapes import Bool, Float64
from sim.store.sweep import BUNDLE

Values = Float64[np.ndarray, "world result year"]
Mixed = Float64[np.ndarray, "member result year"]
Matrix = Float64[np.ndarray, "world input"]
Bands = Float64[np.ndarray, "group year quantile"]

FILE = "indices.json"
SCHEMA = "indices/1"
SINGLE = 6  # inputs judged one by one that go most with the favourite's gain
LEVEL = 2  # and further ones that go most with the result itself
TIED, REST = "tied", "rest"
REPLICATES, SEED = 500, 2018
CHUNK = 256  # members of a task


@dataclass(frozen=True, eq=False)
class Indices:
    """Indices of one result.

    Args:
        variable: the result.
        scenario: whose difference from the first is judged; the first itself: its level.
        years: of the second axis.
        groups: elements of inputs, `TIED`, `REST`.
        first: `QUANTILES` of the bootstrap, with the estimate itself in place of the median.
        total: likewise.
        pairs: of worlds that they rest on.
    """

    variable: str
    scenario: str
    years: tuple[int, ...]
    groups: tuple[str, ...]
    first: Bands
    total: Bands
    pairs: int

    def at(self, group: str, year: int, *, total: bool = True) -> tuple[float, float, float]:
        """Estimate, low and high of a group in a year."""
        place = self.groups.index(group), self.years.index(year)
        band = (self.total if total else self.first)[place]
        return float(band[2]), float(band[0]), float(band[4])

    @property
    def single(self) -> list[str]:
        """The inputs that are judged one by one, those with the largest total index first."""
        last = self.total[:, -1, 2]
        order = np.argsort(-np.nan_to_num(last, nan=-np.inf), kind="stable")
        return [self.groups[int(at)] for at in order if self.groups[int(at)] not in {TIED, REST}]


@dataclass(frozen=True, eq=False)
class Shares:
    """Indices of several results, of the same runs.

    Args:
        gains: of the favourite's difference from the first, by variable.
        levels: of the first scenario itself.
        inputs: how many inputs are in each group.
        runs: how many were made for it.
        lost: pairs left out as one of their runs left the finite numbers.
    """

    gains: Mapping[str, Indices]
    levels: Mapping[str, Indices]
    inputs: Mapping[str, int]
    runs: int
    lost: int


@dataclass(frozen=True)
class Research:
    """An input that is worth knowing better.

    Args:
        element: the input.
        grade: of its evidence, A to D, or "".
        share: total index of the favourite's gain: estimate, low and high.
        score: the estimate times how weak the evidence is.
        swing: of the gain, as `Driver.swing`.
    """

    element: str
    grade: str
    share: tuple[float, float, float]
    score: float
    swing: float


def research(futures: Futures, found: Shares | None, variable: str, year: int) -> list[Research]:
    """Inputs judged one by one, by total index times weakness of evidence; 0 is left out."""
    if found is None:
        return []
    gain = found.gains[variable]
    grades = {column: each.grade for each in futures.design.factors for column in each.columns}
    listed: list[Research] = []
    for element in gain.single:
        share = gain.at(element, year)
        score = share[0] * WEAKNESS.get(grades.get(element, ""), UNGRADED)
        if score > 0:
            moved = swing(futures, variable, gain.scenario, year, element)
            listed.append(Research(element, grades.get(element, ""), share, score, moved))
    return sorted(listed, key=lambda each: -each.score)


def shares(futures: Futures, favourite: str, variables: Sequence[str]) -> Shares | None:
    """Indices of the favourite's gain and of the first scenario; kept in the sweep's folder.

    None where the sweep was packed by another version of the engine: nothing can be run then.

    Args:
        futures: the worlds.
        favourite: a programme.
        variables: headline results, one number each; the first decides which inputs are judged
            one by one.
    """
    groups = grouped(futures, favourite, variables[0])
    years = tuple(int(each) for each in futures.years if each > futures.start)
    question = {
        "schema": SCHEMA,
        "scenarios": [futures.baseline, favourite],
        "groups": {name: len(columns) for name, columns in groups.items()},
        "variables": list(variables),
        "years": list(years),
        "worlds": len(futures.worlds),
    }
    place = futures.folder.folder / FILE
    kept = _kept(place.read_text("utf-8"), question) if place.is_file() else None
    if kept is not None:
        return kept
    try:
        found = _made(futures, favourite, variables, groups, years)
    except InputError:
        return None
    text = json.dumps({"question": question, **_plain(found)}) + "\n"
    with writing(place.parent):
        place.write_text(text, "utf-8")
    return _kept(text, question)  # rounded, as it is read the next time


def grouped(futures: Futures, favourite: str, variable: str) -> dict[str, list[int]]:
    """Groups of inputs, by the positions of their columns; named by the strongest of them."""
    units, tied = _units(futures)
    names = [str(name) for name in futures.inputs.columns]
    found: dict[str, list[int]] = {}
    taken = set(tied)
    for scenario, most in ((favourite, SINGLE), (futures.baseline, LEVEL)):
        strength = np.abs(ranks(futures, variable, scenario, futures.horizon))
        left = most
        for at in map(int, np.argsort(-strength, kind="stable")):
            if left == 0 or strength[at] == 0:
                break
            if at not in taken:
                found[names[at]] = sorted(units[at])
                taken |= units[at]
                left -= 1
    rest = [at for at in range(len(names)) if at not in taken]
    return found | ({TIED: sorted(tied)} if tied else {}) | ({REST: rest} if rest else {})


def _units(futures: Futures) -> tuple[list[set[int]], set[int]]:
    """Of each column those that are drawn together with it, itself too; and those of the fit."""
    design = futures.design
    places = {str(name): at for at, name in enumerate(futures.inputs.columns)}
    drawn, tied = set(design.drawn), set[int]()
    together: dict[str, set[int]] = {}
    joined = {own: f"copula {at}" for at, one in enumerate(design.copulas) for own in one.factors}
    for at, factor in enumerate(design.factors):
        columns = {places[name] for name in factor.columns if name in places}
        if at in drawn:
            tied |= columns
            continue
        key = joined.get(factor.id) or (f"share {factor.group}" if factor.own else factor.id)
        together.setdefault(key, set()).update(columns)
    units = [{at} for at in range(len(places))]
    for each in together.values():
        for at in each:
            units[at] = each
    return units, tied


def _made(
    futures: Futures,
    favourite: str,
    variables: Sequence[str],
    groups: Mapping[str, Sequence[int]],
    years: Sequence[int],
) -> Shares:
    """Run the mixed worlds, and judge."""
    inputs = futures.inputs.to_numpy(dtype=np.float64)
    pairs = len(inputs) // 2
    one, other = inputs[0 : 2 * pairs : 2], inputs[1 : 2 * pairs : 2]
    mixed: list[Matrix] = []
    for columns in groups.values():
        table = one.copy()
        table[:, columns] = other[:, columns]
        mixed.append(table)
    scenarios = (futures.baseline, favourite)
    at = [futures.at(each) for each in years]
    runs = _runs(futures, scenarios, np.concatenate(mixed), variables, years)
    whole = np.isfinite(runs).reshape(2, len(groups), pairs, -1)
    fine = np.asarray(whole.all(axis=(0, 1, 3)))
    stored = np.stack(
        [
            np.stack([futures.paths(each)[futures.place(own)][:, at] for each in variables], axis=1)
            for own in scenarios
        ]
    )
    levels, programmes = (
        _blocks(stored[place], runs[place], pairs, fine) for place in range(len(scenarios))
    )

    def judged(blocks: Float64[np.ndarray, "pair set result year"], own: str) -> dict[str, Indices]:
        return {
            name: _indices(blocks[:, :, place], name, own, tuple(years), tuple(groups))
            for place, name in enumerate(variables)
        }

    return Shares(
        gains=judged(programmes - levels, favourite),
        levels=judged(levels, futures.baseline),
        inputs={name: len(columns) for name, columns in groups.items()},
        runs=runs.shape[0] * runs.shape[1],
        lost=int((~fine).sum()),
    )


def _blocks(
    stored: Values, mixed: Mixed, pairs: int, fine: Bool[np.ndarray, " pair"]
) -> Float64[np.ndarray, "pair set result year"]:
    """Of each pair: the first world, the mixed ones, the second world."""
    sets = mixed.reshape(-1, pairs, *mixed.shape[1:]).swapaxes(0, 1)
    ends = stored[0 : 2 * pairs : 2, None], stored[1 : 2 * pairs : 2, None]
    return np.concatenate([ends[0], sets, ends[1]], axis=1)[fine]


def _runs(
    futures: Futures,
    scenarios: Sequence[str],
    table: Matrix,
    variables: Sequence[str],
    years: Sequence[int],
) -> Float64[np.ndarray, "scenario member result year"]:
    """Results of members, in the unit people read; NaN where a member left the finite numbers."""
    content = (futures.folder.folder / BUNDLE).read_bytes()
    bundle = unpacked(content)
    told = futures.folder.manifest["outcomes"]
    columns = [bundle.outcomes.index(told[each]["elements"][0]) for each in variables]
    rows = [int(np.flatnonzero(np.isclose(bundle.times, year))[0]) for year in years]
    factors = [each.factor if each else 1.0 for each in map(futures.outcome, variables)]
    places = {setting.id: place for place, setting in enumerate(bundle.settings)}
    made = np.empty((len(scenarios), len(table), len(variables), len(years)))

    def work(task: tuple[int, int]) -> None:
        place, first = task
        part = np.ascontiguousarray(table[first : first + CHUNK])
        done = integrate(content, bundle, Task(0, places[scenarios[place]], first, part))
        values = done.values[np.ix_(rows, range(len(part)), columns)].transpose(1, 2, 0)
        values = np.where((done.status == 0)[:, None, None], values, np.nan)
        made[place, first : first + len(part)] = values * np.array(factors)[:, None]

    tasks = [(place, first) for place in range(len(scenarios))
             for first in range(0, len(table), CHUNK)]  # fmt: skip
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(work, tasks))
    return made


def _indices(
    blocks: Float64[np.ndarray, "pair set year"],
    variable: str,
    scenario: str,
    years: tuple[int, ...],
    groups: tuple[str, ...],
) -> Indices:
    pairs = len(blocks)
    flat = blocks.reshape(-1, len(years))
    once = sobol.estimate(flat, len(groups), plainly(pairs), second_order=False).measures
    weights = bootstrap(pairs, REPLICATES, SEED)
    many = sobol.estimate(flat, len(groups), weights, second_order=False).measures
    still = constant(flat)
    bands: list[Bands] = []
    for name in ("first", "total"):
        band = np.moveaxis(np.percentile(many[name], QUANTILES, axis=0), 0, -1)
        band[:, :, 2] = once[name][0]
        band[:, still] = np.nan
        bands.append(band)
    return Indices(variable, scenario, years, groups, bands[0], bands[1], pairs)


def _plain(found: Shares) -> dict[str, Any]:
    def listed(one: Indices) -> dict[str, Any]:
        return {
            "scenario": one.scenario,
            "pairs": one.pairs,
            "first": np.round(one.first, 5).tolist(),
            "total": np.round(one.total, 5).tolist(),
        }

    return {
        "gains": {name: listed(one) for name, one in found.gains.items()},
        "levels": {name: listed(one) for name, one in found.levels.items()},
        "runs": found.runs,
        "lost": found.lost,
    }


def _kept(text: str, question: Mapping[str, Any]) -> Shares | None:
    """What was kept, if it answers the same question."""
    try:
        record = json.loads(text)
        if record["question"] != question:
            return None
        groups, years = tuple(question["groups"]), tuple(question["years"])
        found = {
            kind: {
                name: Indices(
                    name,
                    one["scenario"],
                    years,
                    groups,
                    np.array(one["first"], dtype=np.float64),
                    np.array(one["total"], dtype=np.float64),
                    one["pairs"],
                )
                for name, one in record[kind].items()
            }
            for kind in ("gains", "levels")
        }
        return Shares(found["gains"], found["levels"], question["groups"], record["runs"],
                      record["lost"])  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None
