"""Where a difference comes from: an exact split over what a programme changes (Shapley values).

Every group of changes — a tool's effort, another lever, the outside world — is put on and taken
off in all combinations, in the model's central world. A group's part is the mean of what it adds
over all orders in which the groups can come, so the parts add up to the whole difference.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np

import sim
from reports.folder import writing
from reports.pages.futures import Futures
from sim.run.model import Model
from sim.run.prepared import prepare
from sim.scenario import Scenario, load
from sim.scenario.merge import Key
from sim.scenario.scenario import told
from sim.shapes import Float64

Worth = Float64[np.ndarray, "coalition result year"]
Parts = Float64[np.ndarray, "group result year"]

MOST = 10  # groups: 1,024 runs; beyond it all that is no effort goes together
FILE = "split.json"
WORLD = "world"


@dataclass(frozen=True, eq=False)
class Split:
    """The difference of one scenario from the first, taken apart.

    Args:
        scenario: which.
        groups: ids: a tool, a lever, or `WORLD` for what is not decided here.
        results: (variable, element) in the order of the parts' second axis.
        years: of the third.
        parts: what each group adds, in the unit people read.
        whole: the difference itself; the sum of the parts, but for rounding.
    """

    scenario: str
    groups: tuple[str, ...]
    results: tuple[tuple[str, str], ...]
    years: tuple[int, ...]
    parts: Parts
    whole: Float64[np.ndarray, "result year"]

    def of(self, variable: str, year: int, element: str = "") -> Float64[np.ndarray, " group"]:
        """Each group's part of a result in a year."""
        at = self.results.index((variable, element))
        return self.parts[:, at, self.years.index(year)]


def shapley(worth: Worth) -> Parts:
    """Every player's part of the whole.

    Args:
        worth: of each coalition; bit p of its position says whether player p is in it.
    """
    players = len(worth).bit_length() - 1
    parts = np.zeros((players, *worth.shape[1:]))
    for player in range(players):
        for coalition in range(len(worth)):
            if coalition >> player & 1:
                continue
            size = coalition.bit_count()
            weight = factorial(size) * factorial(players - size - 1) / factorial(players)
            parts[player] += weight * (worth[coalition | 1 << player] - worth[coalition])
    return parts


def splits(futures: Futures, results: Sequence[tuple[str, str]]) -> list[Split]:
    """The programmes' differences taken apart; kept in the sweep's folder.

    Args:
        futures: the worlds; the runs behind the split are of the central world, not of these.
        results: variables and elements that the sweep kept.
    """
    years = futures.report_years
    question = {"results": [list(one) for one in results], "years": list(years)}
    place = futures.folder.folder / FILE
    kept = _kept(place, question)
    if kept is not None:
        return kept
    model = sim.load_model()
    scenarios = _scenarios(futures)
    first = scenarios[futures.baseline]
    found = [
        _split(model, futures, first, scenarios[each], results, years) for each in futures.others
    ]
    with writing(place.parent):
        text = json.dumps({"question": question, "splits": [_plain(one) for one in found]})
        place.write_text(text + "\n", encoding="utf-8")
    return found


def groups(first: Scenario, other: Scenario) -> dict[str, list[Key]]:
    """What differs between two scenarios, by group."""
    found: dict[str, list[Key]] = {}
    known = other.known
    for key in sorted({*first.values, *other.values}):
        one, two = first.values.get(key), other.values.get(key)
        if one is not None and two is not None and told(one.path) == told(two.path):
            continue
        lever, cell = key
        if lever in known.external:
            own = WORLD
        elif cell and known.levers[lever].dims[0] == "tool":
            own = cell[0]
        else:
            own = lever
        found.setdefault(own, []).append(key)
    if len(found) > MOST:
        tools = set(known.ranges.get("tool", ()))
        rest = [key for own, keys in found.items() if own not in tools for key in keys]
        found = {own: keys for own, keys in found.items() if own in tools} | {WORLD: rest}
    return found


def _split(
    model: Model,
    futures: Futures,
    first: Scenario,
    other: Scenario,
    results: Sequence[tuple[str, str]],
    years: Sequence[int],
) -> Split:
    apart = groups(first, other)
    names = list(apart)
    worth = np.stack(
        [
            _run(model, futures, _mixed(first, other, apart, coalition), results, years)
            for coalition in range(1 << len(names))
        ]
    )
    return Split(
        scenario=other.id,
        groups=tuple(names),
        results=tuple(results),
        years=tuple(years),
        parts=shapley(worth),
        whole=worth[-1] - worth[0],
    )


def _mixed(
    first: Scenario, other: Scenario, apart: Mapping[str, Sequence[Key]], coalition: int
) -> Scenario:
    """The first scenario with the changes of the groups in a coalition."""
    values = dict(first.values)
    for place, keys in enumerate(apart.values()):
        if not coalition >> place & 1:
            continue
        for key in keys:
            values.pop(key, None)
            if key in other.values:
                values[key] = other.values[key]
    return replace(first, values=values)


def _run(
    model: Model,
    futures: Futures,
    scenario: Scenario,
    results: Sequence[tuple[str, str]],
    years: Sequence[int],
) -> Float64[np.ndarray, "result year"]:
    """Results of one run, in the unit people read."""
    outputs = futures.folder.question["outputs"]
    times = tuple(futures.folder.manifest["times"])
    inputs, _ = model.inputs(scenario)
    # As the sweep did, so that its machine code is found again.
    made = prepare(model.source, outputs, inputs, times=times)
    done = made.kernel.integrate(made.parameters, series=made.series, threads=1)
    rows = [int(np.flatnonzero(np.isclose(done.times, year))[0]) for year in years]
    found: list[Float64[np.ndarray, " year"]] = []
    for variable, element in results:
        column = made.places[variable].start + futures.elements(variable).index(element)
        outcome = futures.outcome(variable)
        found.append(done.values[rows, 0, column] * (outcome.factor if outcome else 1.0))
    return np.stack(found)


def _scenarios(futures: Futures) -> dict[str, Scenario]:
    """The sweep's scenarios, as its manifest has them: files may have changed since."""
    found: dict[str, Scenario] = {}
    with tempfile.TemporaryDirectory() as folder:
        for own in futures.scenarios:
            path = Path(folder) / f"{own}.yaml"
            path.write_text(json.dumps(futures.merged[own], ensure_ascii=False), encoding="utf-8")
            found[own] = load(path)
    return found


def _plain(split: Split) -> dict[str, Any]:
    return {
        "scenario": split.scenario,
        "groups": split.groups,
        "parts": split.parts.tolist(),
        "whole": split.whole.tolist(),
    }


def _kept(place: Path, question: Mapping[str, Any]) -> list[Split] | None:
    """What was kept, if it answers the same question."""
    try:
        record = json.loads(place.read_text(encoding="utf-8"))
        if record["question"] != question:
            return None
        return [
            Split(
                scenario=one["scenario"],
                groups=tuple(one["groups"]),
                results=tuple((name, element) for name, element in question["results"]),
                years=tuple(question["years"]),
                parts=np.array(one["parts"], dtype=np.float64),
                whole=np.array(one["whole"], dtype=np.float64),
            )
            for one in record["splits"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return None
