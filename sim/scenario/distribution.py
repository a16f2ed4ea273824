"""What an experiment may say about an uncertain number: the distributions of its file."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Strict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.schema import Frozen, Identifier, Name, Number

Positive = Annotated[Number, Field(gt=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Whole = Annotated[int, Strict(), Field(ge=-1_000_000_000, le=1_000_000_000)]
DAY = r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _possible(text: str) -> str:
    """A day that its month has."""
    year, month, day = _parts(text)
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if day > DAYS[month - 1] + leap:
        raise PydanticCustomError("no-such-day", "there is no such day")
    return text


def _parts(text: str) -> tuple[int, int, int]:
    year, month, day = [*map(int, text.split("-")), 1, 1][:3]
    return year, month, day


def decimal_year(text: str) -> float:
    """A day as the model's time: `2026-07-01` -> 2026.4959, `2026` -> 2026."""
    year, month, day = _parts(text)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    before = sum(DAYS[: month - 1]) + day - 1 + (leap and month > 2)
    return year + before / (365 + leap)


Day = Annotated[str, Strict(), StringConstraints(pattern=DAY), AfterValidator(_possible)]


def _rising(low: float | int | None, high: float | int | None) -> None:
    if low is not None and high is not None and not low < high:
        raise PydanticCustomError("not-rising", "low must lie below high")


class Drawn(Frozen):
    """What every distribution may say.

    Args:
        relative: its arguments are factors of the model's own value.
        elements: of an array: all move together; each by itself; or `grouped`: each has its own
            value, but they are judged as one input where the design can.
        beyond_range: values outside the range that the model's text gives are meant.
        group: inputs of one group are varied and judged together.
        name: for people.
    """

    relative: bool = False
    elements: Literal["together", "grouped", "each"] = "together"
    beyond_range: bool = False
    group: Identifier | None = None
    name: Name | None = None

    def ends(self) -> tuple[float, float] | None:
        """The least and greatest value it can take, if it has such; else None."""
        return None


class _Between(Drawn):
    """Between two bounds."""

    low: Number
    high: Number

    @model_validator(mode="after")
    def _in_order(self) -> _Between:
        _rising(self.low, self.high)
        return self

    def ends(self) -> tuple[float, float] | None:
        """Its bounds."""
        return self.low, self.high


class Uniform(_Between):
    """All values between two bounds alike."""

    distribution: Literal["uniform"]


class LogUniform(_Between):
    """All factors between two positive bounds alike."""

    distribution: Literal["log_uniform"]
    low: Positive


class _Peaked(_Between):
    mode: Number

    @model_validator(mode="after")
    def _mode_inside(self) -> _Peaked:
        if not self.low <= self.mode <= self.high:
            raise PydanticCustomError("mode-outside", "mode must lie between low and high")
        return self


class Triangular(_Peaked):
    """Straight from the bounds up to the mode."""

    distribution: Literal["triangular"]


class Pert(_Peaked):
    """A beta distribution between bounds with a mode; `weight` 4 is the classical PERT."""

    distribution: Literal["pert"]
    weight: Annotated[Number, Field(ge=0, le=100)] = 4.0


class _Truncated(Drawn):
    """Cut off below `low` and above `high`, where they are given."""

    low: Number | None = None
    high: Number | None = None

    @model_validator(mode="after")
    def _in_order(self) -> _Truncated:
        _rising(self.low, self.high)
        return self


class Normal(_Truncated):
    """A normal distribution."""

    distribution: Literal["normal"]
    mean: Number
    sd: Positive


class LogNormal(_Truncated):
    """A log-normal distribution: `sigma` is the standard deviation of the logarithm."""

    distribution: Literal["log_normal"]
    median: Positive
    sigma: Annotated[Number, Field(gt=0, le=10)]


class Beta(_Between):
    """A beta distribution, stretched from (0, 1) to (low, high)."""

    distribution: Literal["beta"]
    a: Annotated[Number, Field(ge=0.05, le=10_000)]
    b: Annotated[Number, Field(ge=0.05, le=10_000)]
    low: Number = 0.0
    high: Number = 1.0


class Integer(Drawn):
    """Whole numbers, both ends included."""

    distribution: Literal["integer"]
    low: Whole
    high: Whole

    @model_validator(mode="after")
    def _in_order(self) -> Integer:
        _rising(self.low, self.high)
        return self

    def ends(self) -> tuple[float, float] | None:
        """Its first and last number."""
        return float(self.low), float(self.high)


class Category(Drawn):
    """One of a few values, with weights that need not sum to one."""

    distribution: Literal["category"]
    values: Annotated[tuple[Number, ...], Field(min_length=2, max_length=1000)]
    weights: tuple[Positive, ...] | None = None

    @model_validator(mode="after")
    def _as_many(self) -> Category:
        if self.weights is not None and len(self.weights) != len(self.values):
            raise PydanticCustomError("not-as-many", "needs one weight for each value")
        return self

    def ends(self) -> tuple[float, float] | None:
        """The least and the greatest of its values."""
        return min(self.values), max(self.values)


class Date(Drawn):
    """A moment between two days: `2026`, `2026-07` or `2026-07-01`, in quotes or not."""

    distribution: Literal["date"]
    low: Day | Annotated[int, Strict(), Field(ge=1000, le=2999)]
    high: Day | Annotated[int, Strict(), Field(ge=1000, le=2999)]

    @model_validator(mode="after")
    def _in_order(self) -> Date:
        _rising(*self.years)
        return self

    @property
    def years(self) -> tuple[float, float]:
        """Both as decimal years."""
        return decimal_year(str(self.low)), decimal_year(str(self.high))

    def ends(self) -> tuple[float, float] | None:
        """Both as decimal years."""
        return self.years


class Switch(Drawn):
    """1 with a probability, else 0."""

    distribution: Literal["switch"]
    probability: Share = 0.5

    def ends(self) -> tuple[float, float] | None:
        """Off and on."""
        return 0.0, 1.0


class ByGrade(Drawn):
    """What the constant's own range and grade of evidence say; see sim/plan/README.md."""

    distribution: Literal["by_grade"]
    elements: Literal["together", "grouped", "each"] = "grouped"


Distribution = Annotated[
    Uniform | LogUniform | Triangular | Pert | Normal | LogNormal | Beta
    | Integer | Category | Date | Switch | ByGrade,
    Field(discriminator="distribution"),
]  # fmt: skip

ELEMENT = r"^[a-z][a-z0-9_]*(\[[a-z0-9_]+(, ?[a-z0-9_]+)*\])?$"
Element = Annotated[str, Strict(), StringConstraints(pattern=ELEMENT, max_length=160)]


def parted(element: str) -> tuple[str, tuple[str, ...]]:
    """Id of the variable and ids of the labels: `gain[research, ocean]` -> gain, (…, …)."""
    head, _, rest = element.partition("[")
    return head, tuple(re.findall(r"[a-z0-9_]+", rest))
