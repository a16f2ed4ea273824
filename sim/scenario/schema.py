"""What a scenario file may hold: frozen classes, from which `scenarios/schema/` is generated.

They say what a file looks like by itself. Whether a lever exists, a value lies in its range
and the money suffices needs the catalogues and the parents: see `merge` and `budget`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.scenario.document import invisible

ID = r"^[a-z][a-z0-9_]*$"
# No part begins with a dot: no way up, no hidden folder.
TABLE = r"^([A-Za-z0-9_][\w.-]*/)*[A-Za-z0-9_][\w.-]*\.(csv|parquet)$"
PATTERN = r"^(\*|[a-z][a-z0-9_]*)(\.(\*|[a-z][a-z0-9_]*))*$"
YEAR = r"^[12][0-9]{3}$"
LANGUAGES = ("en", "nb", "nn")


def _visible(text: str) -> str:
    hidden = invisible(text)
    if hidden:
        raise PydanticCustomError("invisible", "holds the invisible character {c}", {"c": hidden})
    return text


def _on_one_line(text: str) -> str:
    # A name is said in titles, tables and sentences.
    words = " ".join(text.split())
    if not words:
        raise PydanticCustomError("string-too-short", "is empty")
    return words


Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Identifier = Annotated[str, Strict(), StringConstraints(pattern=ID, max_length=60)]
Pattern = Annotated[str, Strict(), StringConstraints(pattern=PATTERN, max_length=120)]
Year = Annotated[str, Strict(), StringConstraints(pattern=YEAR)]
Line = Annotated[
    str, Strict(), StringConstraints(min_length=1, max_length=200), AfterValidator(_visible)
]
Prose = Annotated[
    str, Strict(), StringConstraints(min_length=1, max_length=5000), AfterValidator(_visible)
]

Heading = Annotated[
    str,
    Strict(),
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_visible),
    AfterValidator(_on_one_line),
]


class Frozen(BaseModel):
    """Nothing but the keys named, and nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """The same words in English, Norwegian bokmål and Norwegian nynorsk; one is enough."""

    en: Prose | None = None
    nb: Prose | None = None
    nn: Prose | None = None

    @model_validator(mode="after")
    def _one(self) -> Text:
        if not (self.en or self.nb or self.nn):
            raise PydanticCustomError("no-language", "needs a text under en, nb or nn")
        return self

    def said(self, language: str) -> str:
        """The words in a language, or in the nearest one that is there."""
        order = (self.en, self.nb, self.nn) if language == "en" else (self.nb, self.nn, self.en)
        return next(words for words in order if words)


class Name(Text):
    """A name: a text on one line, whatever the file has between its words."""

    en: Heading | None = None
    nb: Heading | None = None
    nn: Heading | None = None


def _years_as_patterns(schema: dict[str, Any]) -> None:
    number = schema.pop("additionalProperties")
    schema["patternProperties"] = {YEAR: number}
    schema["additionalProperties"] = False
    schema["minProperties"] = 1


class YearPath(Frozen):
    """Values at the start of years; between them straight lines, or steps; flat outside."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_years_as_patterns)
    __pydantic_extra__: dict[Year, Number]  # pyright: ignore[reportIncompatibleVariableOverride] - pydantic's way to type further keys

    interp: Literal["linear", "step"] = "linear"

    @model_validator(mode="after")
    def _a_year(self) -> YearPath:
        if not self.__pydantic_extra__:
            raise PydanticCustomError("no-year", "needs at least one year")
        return self

    @property
    def knots(self) -> tuple[tuple[int, float], ...]:
        """Year and value, years rising."""
        return tuple(sorted((int(year), value) for year, value in self.__pydantic_extra__.items()))


def _number_or_path(value: object) -> str:
    return "path" if isinstance(value, dict | YearPath) else "number"


Amount = Annotated[
    Annotated[Number, Tag("number")] | Annotated[YearPath, Tag("path")],
    Discriminator(_number_or_path),
]


class Change(Frozen):
    """A value set anew, or told relative to the parent's; exactly one of the three."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    set: Amount | None = None
    add: Amount | None = None
    scale: Amount | None = None

    @model_validator(mode="after")
    def _one(self) -> Change:
        given = [name for name in ("set", "add", "scale") if getattr(self, name) is not None]
        if len(given) != 1:
            raise PydanticCustomError("not-one", "needs exactly one of set, add and scale")
        return self


def _kind_of_entry(value: object) -> str:
    if isinstance(value, Change):
        return "change"
    if isinstance(value, dict) and not any(str(key)[:1].isdigit() for key in value):
        return "path" if "interp" in value else "change"
    return _number_or_path(value)


Entry = Annotated[
    Annotated[Number, Tag("number")]
    | Annotated[YearPath, Tag("path")]
    | Annotated[Change, Tag("change")],
    Discriminator(_kind_of_entry),
]
Cells = dict[Pattern, Entry]


def _kind_of_lever(value: object) -> str:
    """An entry for the whole lever, or entries for its cells."""
    if isinstance(value, dict):
        keys = [str(key) for key in value]
        whole = any(key in {"set", "add", "scale", "interp"} or key[:1].isdigit() for key in keys)
        return "entry" if whole else "cells"
    return "entry"


Setting = Annotated[
    Annotated[Entry, Tag("entry")] | Annotated[Cells, Tag("cells")],
    Discriminator(_kind_of_lever),
]


class Fund(Frozen):
    """A purse: what it may pay for, and how much a year (NOK million of 2015)."""

    id: Identifier
    covers: Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=100)]
    per_year_max: Annotated[Number, Field(ge=0)]


class Budget(Frozen):
    """What may be spent a year (NOK million of 2015): altogether, and from each fund."""

    per_year_max: Annotated[Number, Field(ge=0)] | None = None
    funds: Annotated[tuple[Fund, ...], Field(max_length=50)] = ()


class ScenarioFile(Frozen):
    """One scenario file: how it differs from the scenarios it extends."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, title="Scenario of the Trøndelag model"
    )

    version: Annotated[Literal["scenario/1"], Field(alias="schema")]
    id: Identifier
    name: Name
    story: Text | None = None
    extends: Annotated[tuple[Identifier, ...], Field(max_length=20)] | None = None
    levers: dict[Identifier, Setting | None] | None = None
    external: dict[Identifier, Entry] | None = None
    budget: Budget | None = None
    goals: Identifier | None = None
