"""How each series was observed: `calibration/observation.yaml`, read and checked.

What was published differs from what the model computes by three errors, all in the unit of
`scale` (log: relative; linear: the model's unit), which `evidence` turns into a covariance:

- `error`: of one figure, by itself (rounding, sampling, a year's own weather);
- `level`: the same for all years of a source, or of those `alike`, between two breaks;
- `drift`: what the model leaves out, which is remembered for `memory` years.

How large they are is judgement until the fit: each series learns one factor for all three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from sim.errors import InputError
from sim.project import ROOT
from sim.scenario.document import read
from sim.scenario.fit import fit
from sim.scenario.schema import Frozen, Identifier, Line, Number, Prose, Text

FILE = ROOT / "calibration" / "observation.yaml"
Positive = Annotated[Number, Field(gt=0, le=1e12)]
Calendar = Annotated[int, Strict(), Field(ge=1900, le=2100)]


class Errors(Frozen):
    """Standard deviations of a series' errors.

    Args:
        scale: log where a figure is positive and errors are relative; else linear.
        error: of a figure of grade A by itself.
        level: of a source's difference in definition.
        drift: of what the model leaves out.
        memory: years after which 1/e of the drift is left.
        mean_of: years whose mean is compared.
    """

    scale: Literal["log", "linear"] = "log"
    error: Positive
    level: Positive
    drift: Positive
    memory: Positive = 4.0
    mean_of: Annotated[int, Strict(), Field(ge=1, le=2)] = 1


class SeriesModel(Errors):
    """What a series measures, and how well.

    Args:
        outcome: id of the variable that it is compared with.
        element: label of its element (a region, an industry), "" for the county; of several,
            which are added up, with " + " between; "0.2 minerals" where a share is counted.
        headline: one of those by which the fit is judged.
        definition: what the publisher counts.
        region: the borders.
        price_basis: for money.
        source_id: sources accepted; rows of others are left out, and said so.
        alike: sources that count the same in the same way: they share their level.
        breaks: first years of a new definition.
        reason: why the errors are as they are.
    """

    outcome: Identifier
    element: Annotated[str, Strict(), Field(max_length=200)] = ""
    headline: bool = False
    definition: Prose
    region: Line
    price_basis: Line | None = None
    source_id: Annotated[tuple[Line, ...], Field(min_length=1)]
    alike: tuple[tuple[Line, ...], ...] = ()
    breaks: tuple[Calendar, ...] = ()
    reason: Prose

    def definition_of(self, source: str) -> str:
        """The sources that share a level with this one: the name of their first."""
        return next((each[0] for each in self.alike if source in each), source)


class Grades(Frozen):
    """Factors of `error` by grade of the figure."""

    A: Positive
    B: Positive
    C: Positive


class Case(Frozen):
    """One way that a switch of the model's structure may stand.

    Args:
        id: its name in files.
        value: of the switch.
        name: for people.
    """

    id: Identifier
    value: Number
    name: Text


class Switch(Frozen):
    """A choice between structures: a constant with a few values.

    Args:
        constant: its id.
        cases: the model's own first.
    """

    constant: Identifier
    cases: Annotated[tuple[Case, ...], Field(min_length=1, max_length=6)]


@dataclass(frozen=True)
class Structure:
    """One case of each switch.

    Args:
        id: of the cases that are not the model's own, with "-" between; `own` where all are.
        set: constant by id.
        name: for people, by language.
    """

    id: str
    set: Mapping[str, float]
    name: Mapping[str, str]


class Observation(Frozen):
    """The whole file.

    Args:
        fit_until: last year that the fit sees.
        degrees: how sure the errors are: degrees of freedom of their common factor.
        grades: factors of `error`.
        others: for series of the history that have no entry.
        not_fitted: ids of constants that the fit leaves alone.
        switches: all combinations of their cases are fitted side by side.
        series: the entries.
    """

    version: Annotated[Literal["observation/1"], Field(alias="schema")]
    fit_until: Calendar
    degrees: Annotated[Number, Field(gt=2, le=1000)]
    grades: Grades
    others: Errors
    not_fitted: tuple[Identifier, ...] = ()
    switches: Annotated[tuple[Switch, ...], Field(min_length=1, max_length=4)]
    series: tuple[SeriesModel, ...]

    @model_validator(mode="after")
    def _once(self) -> Observation:
        seen = [(each.outcome, each.element) for each in self.series]
        twice = [key for number, key in enumerate(seen) if key in seen[:number]]
        if twice:
            name = " ".join(twice[0])
            raise PydanticCustomError("series-twice", "series '{name}' is there twice",
                                      {"name": name})  # fmt: skip
        return self

    @property
    def structures(self) -> tuple[Structure, ...]:
        """Every combination of the switches' cases, the model's own first."""
        return tuple(
            _structure(self.switches, chosen)
            for chosen in product(*(each.cases for each in self.switches))
        )

    def scaled(self, *, memory: float = 1.0, drift: float = 1.0, level: float = 1.0) -> Observation:
        """The same with errors that last longer or shorter, or are larger or smaller."""
        factors = {"memory": memory, "drift": drift, "level": level}

        def changed(each: Errors) -> dict[str, float]:
            return {name: getattr(each, name) * factor for name, factor in factors.items()}

        series = tuple(each.model_copy(update=changed(each)) for each in self.series)
        others = self.others.model_copy(update=changed(self.others))
        return self.model_copy(update={"series": series, "others": others})

    def of(self, outcome: str, element: str) -> SeriesModel | None:
        """The entry of a series, or None."""
        return next(
            (each for each in self.series if (each.outcome, each.element) == (outcome, element)),
            None,
        )


def _structure(switches: tuple[Switch, ...], chosen: tuple[Case, ...]) -> Structure:
    other = [case for each, case in zip(switches, chosen, strict=True) if case != each.cases[0]]
    own = [each.cases[0] for each in switches][:1]
    told = [case.name.model_dump(exclude_none=True) for case in other or own]
    return Structure(
        "-".join(case.id for case in other) or "own",
        {each.constant: case.value for each, case in zip(switches, chosen, strict=True)},
        {
            language: "; ".join(name.get(language, name["en"]) for name in told)
            for language in ("en", "nb")
        },
    )


_PLACEHOLDERS: dict[str, Any] = {
    "schema": "observation/1",
    "fit_until": 2018,
    "degrees": 4,
    "grades": {"A": 1, "B": 1, "C": 1},
    "others": {"error": 1, "level": 1, "drift": 1},
    "switches": [
        {"constant": "unnamed", "cases": [{"id": "own", "value": 0, "name": {"en": "unnamed"}}]}
    ],
    "series": [],
}


def load(path: Path = FILE) -> Observation:
    """Read the observation model.

    Raises:
        InputError: everything that is wrong with the file, with lines.
    """
    document = read(path)
    said, problems = fit(document, Observation, _PLACEHOLDERS)
    problems = [*document.problems, *problems]
    if problems:
        raise InputError(problems)
    return said
