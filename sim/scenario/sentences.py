"""A sentence of the strategy, and where it is found in the model: what `strategy.yaml` holds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from sim.scenario.schema import Frozen, Identifier, Line, Pattern, Text

Many = Annotated[tuple[Identifier, ...], Field(min_length=1)]
ChapterName = Annotated[str, Field(strict=True, pattern=r"^[0-9]{2}[a-z]?_[a-z_]+$")]


class Sentence(Frozen):
    """One thing that the strategy says.

    Args:
        place: chapter and heading of the strategy.
        kind: what it is there.
        area: priority area, or `all`.
        says: the sentence in our own short words.
        levers: ids of levers and of parts of the outside world that act on it.
        cells: cells of effort (`tool.area`, with `*` for all); a strategy's named bundle.
        works: how it works in the model.
        chapters: files of `model/chapters` without their ending.
        variables: ids of the model's variables, each defined in one of `chapters`.
        outcomes: ids of headline outcomes that show it.
    """

    place: Line
    kind: Literal["goal", "strategy", "tool", "advantage", "condition"]
    area: Identifier
    says: Text
    levers: Many
    cells: tuple[Pattern, ...] = ()
    works: Text
    chapters: Annotated[tuple[ChapterName, ...], Field(min_length=1)]
    variables: Many
    outcomes: Many


class StrategyFile(Frozen):
    """`strategy.yaml`.

    `unused` are the cells of effort that no strategy of an area names.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    version: Annotated[Literal["strategy/1"], Field(alias="schema")]
    sentences: Annotated[dict[Identifier, Sentence], Field(min_length=1)]
    unused: tuple[Pattern, ...] = ()
