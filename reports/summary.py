"""Six sentences in plain words, every one computed from the difference table.

A `Sentence` is a rule and the values it needs, with no language in it; `written` turns it
into English or Norwegian. The wording of each rule stands in `reports.wording`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import pandas as pd

from reports import numbers
from reports.labels import Labels
from reports.wording import AND, CHANGE, ITEM, SENTENCES, UNCHANGED

_MONEY, _JOBS, _PEOPLE = "value_added_total", "employment_total", "population_total"
_NAMED = 3  # industries that one sentence names at most
_FELT = 0.05  # per cent of an industry: a smaller change is not worth a sentence


@dataclass(frozen=True)
class Change:
    """A difference to the baseline: a row of the difference table."""

    kind: str  # money | people
    difference: float
    percent: float

    @property
    def felt(self) -> bool:
        """Whether it is large enough to be told of an industry."""
        if numbers.vanishes(self.difference):
            return False
        return math.isnan(self.percent) or abs(self.percent) >= _FELT


@dataclass(frozen=True)
class Place:
    """A region or an industry, as it is named in the model."""

    kind: str
    name: str


@dataclass(frozen=True)
class Scenario:
    """A run."""

    run: str


@dataclass(frozen=True)
class Item:
    """A change with what it belongs to: a place or a year."""

    of: Place | int
    change: Change


Value = Change | Place | Scenario | int | tuple[Item, ...]


@dataclass(frozen=True)
class Sentence:
    """A rule of `reports.wording` and its values."""

    rule: str
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])

    def changes(self) -> list[Change]:
        """Every number of the sentence, in no particular order."""
        found: list[Change] = []
        for value in self.values.values():
            if isinstance(value, Change):
                found.append(value)
            elif isinstance(value, tuple):
                found += [item.change for item in value]
        return found


def sentences(differences: pd.DataFrame, baseline: str, start: int) -> list[Sentence]:
    """Six sentences about the runs of a difference table.

    Args:
        differences: as from `frames.differences`, for the report years.
        baseline: the run compared with.
        start: the year in which the strategy starts.
    """
    runs = list(map(str, differences["run"].unique()))
    if len(runs) == 1:
        return _about_one(_Table(differences), runs[0], baseline, start)
    return _about_several(_Table(differences), runs, baseline, start)


class _Table:
    """Looks up changes in a difference table."""

    def __init__(self, differences: pd.DataFrame) -> None:
        self.rows = differences
        self.years = sorted(int(year) for year in differences["year"].unique())

    def change(self, run: str, variable: str, year: int) -> Change:
        """The county's change."""
        (item,) = self._found(run, variable, year)
        return item[1]

    def by(self, run: str, kind: str, year: int) -> list[Item]:
        """The change in value added of every region or industry, largest first."""
        found = self._found(run, f"value_added_by_{kind}", year, kind)
        items = [Item(Place(kind, name), change) for name, change in found]
        return sorted(items, key=lambda item: -item.change.difference)

    def _found(
        self, run: str, variable: str, year: int, kind: str = "region"
    ) -> list[tuple[str, Change]]:
        rows = self.rows
        chosen = rows[
            (rows["run"] == run) & (rows["variable"] == variable) & (rows["year"] == year)
        ]
        unit = "money" if variable.startswith("value_added") else "people"
        records = cast("list[dict[str, str | float]]", chosen.to_dict("records"))
        return [
            (
                str(row[kind]),
                Change(unit, float(row["difference"]), float(row["percent"])),
            )
            for row in records
        ]


def _about_one(table: _Table, run: str, baseline: str, start: int) -> list[Sentence]:
    last = table.years[-1]
    names: dict[str, Value] = {"run": Scenario(run), "baseline": Scenario(baseline), "year": last}
    total = table.change(run, _MONEY, last)
    industries = table.by(run, "industry", last)
    gains = [item for item in industries if item.change.felt]
    best = tuple(item for item in gains if item.change.difference > 0)[:_NAMED]
    worst = tuple(item for item in reversed(gains) if item.change.difference < 0)[:_NAMED]
    return [
        Sentence("total", {**names, "change": total, "after": last - start}),
        _course(table, run),
        Sentence(
            "people",
            {
                "year": last,
                "jobs": table.change(run, _JOBS, last),
                "people": table.change(run, _PEOPLE, last),
            },
        ),
        _regions(table, run),
        Sentence("gain" if best else "no_gain", {"year": last, "items": best}),
        Sentence("lose" if worst else "no_loss", {"year": last, "items": worst}),
    ]


def _course(table: _Table, run: str) -> Sentence:
    """How the effect on value added goes on over the report years."""
    items = tuple(Item(year, table.change(run, _MONEY, year)) for year in table.years)
    felt = [i.change.difference for i in items if not numbers.vanishes(i.change.difference)]
    sizes = [abs(item.change.difference) for item in items]
    if len(items) == 1:
        rule = "course_single"
    elif not felt:
        rule = "course_none"
    elif min(felt) < 0 < max(felt):
        rule = "course_turns"
    elif sizes == sorted(sizes):
        rule = "course_builds"
    elif sizes[-1] < max(sizes):
        rule = "course_fades"
    else:
        rule = "course_uneven"
    return Sentence(rule, {"items": items})


def _regions(table: _Table, run: str) -> Sentence:
    """The regions beside each other, and which of them changes most for its size."""
    last = table.years[-1]
    items = table.by(run, "region", last)
    relative = sorted(items, key=lambda item: -item.change.percent)
    most, least = relative[0], relative[-1]
    even = round(most.change.percent, 2) == round(least.change.percent, 2)
    values: dict[str, Value] = {"year": last, "items": tuple(items)}
    if even:
        return Sentence("regions_even", values)
    return Sentence("regions", {**values, "ahead": cast("Place", most.of)})


def _about_several(table: _Table, runs: list[str], baseline: str, start: int) -> list[Sentence]:
    first, last = table.years[0], table.years[-1]

    def extremes(rule: str, variable: str, year: int, **further: Value) -> Sentence:
        found = {run: table.change(run, variable, year) for run in runs}
        ranked = sorted(runs, key=lambda run: -found[run].difference)
        best, worst = ranked[0], ranked[-1]
        values: dict[str, Value] = {
            "best": Scenario(best),
            "most": found[best],
            "worst": Scenario(worst),
            "least": found[worst],
            "year": year,
        }
        return Sentence(rule, values | further)

    return [
        extremes("most_late", _MONEY, last, after=last - start, baseline=Scenario(baseline)),
        extremes("most_early", _MONEY, first, after=first - start),
        extremes("most_jobs", _JOBS, last),
        extremes("most_people", _PEOPLE, last),
        _best_by_region(table, runs),
        _industry_extremes(table, runs),
    ]


def _best_by_region(table: _Table, runs: list[str]) -> Sentence:
    """Which scenario serves the districts best, and what it gives the other region."""
    last = table.years[-1]
    by_run = {
        run: {cast("Place", item.of).name: item for item in table.by(run, "region", last)}
        for run in runs
    }
    names = list(by_run[runs[0]])
    place = "Districts" if "Districts" in names else names[-1]
    best = max(runs, key=lambda run: by_run[run][place].change.difference)
    others = tuple(item for name, item in by_run[best].items() if name != place)
    own = by_run[best][place]
    return Sentence(
        "best_region",
        {
            "place": cast("Place", own.of),
            "best": Scenario(best),
            "change": own.change,
            "items": others,
            "year": last,
        },
    )


def _industry_extremes(table: _Table, runs: list[str]) -> Sentence:
    """The largest gain and the largest loss of any industry under any scenario."""
    last = table.years[-1]
    every = [(item, run) for run in runs for item in table.by(run, "industry", last)]
    every = [each for each in every if each[0].change.felt]
    if not every:
        return Sentence("industries_none", {"year": last})
    top, top_run = max(every, key=lambda each: each[0].change.difference)
    low, low_run = min(every, key=lambda each: each[0].change.difference)
    up: dict[str, Value] = {
        "top": cast("Place", top.of),
        "most": top.change,
        "best": Scenario(top_run),
    }
    down: dict[str, Value] = {
        "low": cast("Place", low.of),
        "least": low.change,
        "worst": Scenario(low_run),
    }
    rises, falls = top.change.difference > 0, low.change.difference < 0
    if rises and falls:
        return Sentence("industries", {"year": last, **up, **down})
    if rises:
        return Sentence("industries_up", {"year": last, **up})
    return Sentence("industries_down", {"year": last, **down})


def written(sentence: Sentence, labels: Labels) -> str:
    """The sentence in the language of the labels."""
    language = labels.language
    words = {name: _word(value, labels) for name, value in sentence.values.items()}
    line = SENTENCES[sentence.rule][language].format(**words)
    return line[:1].upper() + line[1:]


def _word(value: Value, labels: Labels) -> str:
    match value:
        case int():
            return str(value)
        case Change():
            return _change(value, labels)
        case Place():
            return labels.inside(value.kind, value.name)
        case Scenario():
            return labels.quoted(value.run)
        case _:
            return _listed([_item(item, labels) for item in value], labels)


def _change(change: Change, labels: Labels) -> str:
    language = labels.language
    if numbers.vanishes(change.difference):
        return UNCHANGED[language]
    up = "up" if change.difference > 0 else "down"
    return CHANGE[change.kind, up][language].format(
        number=numbers.amount(abs(change.difference), language),
        percent=numbers.relative(abs(change.percent), language),
    )


def _item(item: Item, labels: Labels) -> str:
    return ITEM[labels.language].format(
        of=_word(item.of, labels), change=_change(item.change, labels)
    )


def _listed(words: list[str], labels: Labels) -> str:
    if not words:
        return ""
    *most, last = words
    return (", ".join(most) + AND[labels.language] + last) if most else last
