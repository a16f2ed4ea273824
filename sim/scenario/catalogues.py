"""What may be asked and what is answered: levers, outside world, outcomes, goals.

Each is a YAML file in `scenarios/`, read by the classes here and named by its own ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.errors import InputError, Problem
from sim.project import SCENARIOS, shown
from sim.scenario.document import read
from sim.scenario.fit import fit
from sim.scenario.schema import Frozen, Identifier, Line, Number, Text
from sim.scenario.sentences import StrategyFile

File = TypeVar("File", bound=BaseModel)

# Names that no scenario may take.
FILES = ("levers", "outcomes", "goals", "strategy", "uncertainties")


class Horizon(Frozen):
    """The model's first and last year, and the year in which the strategy starts."""

    first: int
    last: int
    start: int


class External(Frozen):
    """Something in the outside world that a scenario may set.

    `range` holds in every year; `default` is the model's own value.
    """

    variable: Identifier
    units: Line
    range: tuple[Number, Number]
    default: Number
    name: Text
    sentence: Text

    @model_validator(mode="after")
    def _inside(self) -> External:
        low, high = self.range
        if not low <= self.default <= high:
            raise PydanticCustomError("default-outside", "has a default outside its range")
        return self

    @property
    def dims(self) -> tuple[str, ...]:
        """The ranges over which it is an array; none here."""
        return ()


class Lever(External):
    """Something that the county or another public body decides.

    `cost: budget` means that its values are themselves NOK million a year to be paid.
    """

    over: tuple[Identifier, ...] = ()
    cost: Literal["budget", "none"]
    owner: Text

    @property
    def dims(self) -> tuple[str, ...]:
        """The ranges over which it is an array, in the order of its cells' names."""
        return self.over


class LeversFile(Frozen):
    """`levers.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    version: Annotated[Literal["levers/1"], Field(alias="schema")]
    years: Horizon
    ranges: dict[Identifier, tuple[Identifier, ...]]
    levers: dict[Identifier, Lever]
    external: dict[Identifier, External]

    @model_validator(mode="after")
    def _known_ranges(self) -> LeversFile:
        for key, lever in self.levers.items():
            for range_ in lever.over:
                if range_ not in self.ranges:
                    context = {"lever": key, "range": range_}
                    raise PydanticCustomError(
                        "unknown-range", "{lever} is over '{range}', which is no range", context
                    )
        return self


class Outcome(Frozen):
    """A headline result.

    Args:
        variable: id of the model's variable.
        over: ranges over which it is an array.
        units: as the model has them.
        factor: what the model's number is multiplied by to be shown in `unit`.
        elements: whether the elements of its ranges may be added up.
        change: how two runs are compared: in per cent, or as a plain difference.
    """

    variable: Identifier
    over: tuple[Identifier, ...] = ()
    units: Line
    factor: Number = 1.0
    elements: Literal["sum", "none"]
    change: Literal["relative", "absolute"]
    decimals: Annotated[int, Field(strict=True, ge=0, le=6)]
    name: Text
    unit: Text


class OutcomesFile(Frozen):
    """`outcomes.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    version: Annotated[Literal["outcomes/1"], Field(alias="schema")]
    outcomes: dict[Identifier, Outcome]


class Target(Frozen):
    """A number that somebody has set for a goal.

    `counts` says how a program reads `value` against the goal's outcome: as the outcome itself in
    the unit people read, or as times, or per cent below, its value in the year `base`. Without
    it the target is words for people.
    """

    value: Number
    year: Annotated[int, Field(strict=True, ge=2008, le=2100)]
    counts: Literal["itself", "times", "per_cent_below"] | None = None
    base: Annotated[int, Field(strict=True, ge=2008, le=2100)] | None = None
    unit: Text
    set_by: Text
    source: Line

    @model_validator(mode="after")
    def _base(self) -> Target:
        if (self.base is None) != (self.counts in {None, "itself"}):
            raise PydanticCustomError(
                "target-base", "has base exactly where it counts times or per_cent_below"
            )
        return self


class Goal(Frozen):
    """A goal of the strategy as an indicator.

    Args:
        area: priority area of the strategy, or `all`.
        sentence: the goal, in our words.
        indicator: what is looked at.
        outcome: the headline result that measures it; none while the model has no such variable.
        elements: those of the outcome's elements that count; all if none is named.
        direction: which way is better.
        target: number and year, where somebody has set them; the strategy itself sets none.
    """

    area: Identifier
    sentence: Text
    indicator: Text
    outcome: Identifier | None = None
    elements: tuple[Identifier, ...] = ()
    direction: Literal["up", "down"]
    target: Target | None = None


class GoalSet(Frozen):
    """Goals that are judged together."""

    name: Text
    source: Line
    goals: dict[Identifier, Goal]


class GoalsFile(Frozen):
    """`goals.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    version: Annotated[Literal["goals/1"], Field(alias="schema")]
    sets: dict[Identifier, GoalSet]


CATALOGUE_CLASSES: dict[str, type[BaseModel]] = {
    "levers": LeversFile,
    "outcomes": OutcomesFile,
    "goals": GoalsFile,
    "strategy": StrategyFile,
}


@dataclass(frozen=True)
class Catalogues:
    """All that a scenario may name."""

    years: Horizon
    ranges: Mapping[str, tuple[str, ...]]
    levers: Mapping[str, Lever]
    external: Mapping[str, External]
    outcomes: Mapping[str, Outcome]
    goals: Mapping[str, GoalSet]

    def handle(self, key: str) -> External:
        """The lever, or the part of the outside world, with this id."""
        return self.levers[key] if key in self.levers else self.external[key]


def read_as(path: Path, model: type[File]) -> File:
    """A catalogue file as its class.

    Raises:
        InputError: with everything that is wrong in it.
    """
    document = read(path)
    said, problems = fit(document, model, {})
    if document.problems or problems:
        raise InputError([*document.problems, *problems])
    return said


@cache
def catalogues(folder: Path = SCENARIOS) -> Catalogues:
    """The catalogues of a folder.

    Raises:
        InputError: with everything that is wrong in the first file that is.
    """
    levers = read_as(folder / "levers.yaml", LeversFile)
    outcomes = read_as(folder / "outcomes.yaml", OutcomesFile).outcomes
    goals = read_as(folder / "goals.yaml", GoalsFile).sets
    problems = [
        Problem("unknown-outcome", f"goal '{id_}' names no outcome", shown(folder / "goals.yaml"))
        for set_ in goals.values()
        for id_, goal in set_.goals.items()
        if goal.outcome is not None and goal.outcome not in outcomes
    ]
    if problems:
        raise InputError(problems)
    return Catalogues(
        years=levers.years,
        ranges=levers.ranges,
        levers=levers.levers,
        external=levers.external,
        outcomes=outcomes,
        goals=goals,
    )
