"""What a check file may hold: frozen classes, from which `model/checks/schema` is generated.

`python -m sim.check.schema` writes the schema, which editors read through the first line of
each file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from sim.project import MODEL
from sim.scenario.schema import Amount, Frozen, Identifier, Line, Number
from sim.scenario.schema_files import schema_text

FOLDER = MODEL / "checks"
SCHEMA = FOLDER / "schema" / "checks.json"

# A variable's id or one of its elements: effort_plan[research,ocean_space].
Setting = Annotated[str, StringConstraints(pattern=r"^[a-z]\w*(\[[^\[\]]+\])?$", max_length=120)]
TESTS = ("above", "below", "at_least", "at_most", "equals", "monotone")


class Levers(Frozen):
    """Every lever of levers.yaml at places of its range: one run each, or all in one run.

    `default` leaves a lever as the scenario has it.
    """

    which: Literal["each", "together"]
    at: Annotated[tuple[Literal["minimum", "default", "maximum"], ...], Field(min_length=1)]


class Situation(Frozen):
    """What a run is given.

    Args:
        scenario: id of a bundled scenario.
        settings: on top of it, by id or element of a variable: a number, or values at years.
        levers: on top of these, levers at places of their range; makes several runs.
    """

    scenario: Identifier = "baseline"
    settings: dict[Setting, Amount] = Field(default_factory=dict[str, Amount])
    levers: Levers | None = None


class Base(Frozen):
    """The run that `against` compares with: unless said, the same scenario without settings."""

    scenario: Identifier | None = None
    settings: dict[Setting, Amount] = Field(default_factory=dict[str, Amount])


class Claim(Frozen):
    """What must hold of an outcome; the number judged is made in the order of the keys.

    Args:
        outcome: id of a variable.
        elements: labels (as ids) that count; all if none is named.
        without: labels that do not.
        sum: whether elements are added up; else the claim must hold of each.
        per: id of a variable, summed up, to divide by.
        against: difference to, or ratio over, the same number of the base run.
        relative_to: divide by its value in this year, or by its greatest value in the window.
        at: the one year to look at.
        since: the first year of the window; else the first of the run.
        until: the last year.
        above: must be greater than this; so for `below`, `at_least`, `at_most`.
        equals: must be this, give or take `within`.
        monotone: must never fall, or never rise, in the window.
    """

    outcome: Identifier
    elements: tuple[Identifier, ...] = ()
    without: tuple[Identifier, ...] = ()
    sum: bool = False
    per: Identifier | None = None
    against: Literal["difference", "ratio"] | None = None
    relative_to: int | Literal["greatest"] | None = None
    at: Number | None = None
    since: Number | None = None
    until: Number | None = None
    above: Number | None = None
    below: Number | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    equals: Number | None = None
    within: Annotated[Number, Field(ge=0)] | None = None
    monotone: Literal["rising", "falling"] | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Claim:
        if all(getattr(self, test) is None for test in TESTS):
            raise PydanticCustomError("no-test", f"needs at least one of {', '.join(TESTS)}")
        if (self.equals is None) != (self.within is None):
            raise PydanticCustomError("equals-within", "needs 'equals' and 'within' together")
        if self.at is not None and (self.since is not None or self.until is not None):
            raise PydanticCustomError("at-or-window", "has 'at' or a window, not both")
        return self


class Check(Frozen):
    """One sentence that must be true: given a situation, then claims."""

    it: Line
    given: Situation = Situation()
    base: Base = Base()
    then: Annotated[tuple[Claim, ...], Field(min_length=1)]


class ChecksFile(Frozen):
    """`model/checks/*.yaml`: what is described, and what it must do."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, title="Behaviour checks of a model"
    )

    version: Annotated[Literal["checks/1"], Field(alias="schema")]
    describe: Line
    checks: Annotated[tuple[Check, ...], Field(min_length=1)]


def text() -> str:
    """The schema that belongs in `SCHEMA`."""
    return schema_text(ChecksFile)


if __name__ == "__main__":
    SCHEMA.parent.mkdir(parents=True, exist_ok=True)
    SCHEMA.write_text(text(), encoding="utf-8")
