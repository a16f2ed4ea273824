"""A scenario whole: what it sets with all that it extends, and where each value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.path import Path
from sim.scenario.budget import Limit, spending
from sim.scenario.catalogues import Catalogues
from sim.scenario.merge import Key, Origin, Value
from sim.scenario.schema import Text
from sim.shapes import Float64


@dataclass(frozen=True, eq=False)
class Scenario:
    """A scenario with all that it extends laid under it.

    Args:
        id: its id.
        name: its name.
        story: what it is about; None where its file has none.
        file: the file it was read from, as a person should see it.
        layers: ids of the scenarios it consists of, the earliest first, itself last.
        values: every cell that is set, over time; `(lever, cell)`, cell `()` for a scalar.
        limits: what it may spend.
        goals: id of the set of goals it is judged by, and the line that says so; or None.
        known: the catalogues by which it was read.
    """

    id: str
    name: Text
    story: Text | None
    file: str
    layers: tuple[str, ...]
    values: Mapping[Key, Value]
    limits: tuple[Limit, ...]
    goals: tuple[str, Origin] | None
    known: Catalogues

    def spending(self, years: Float64[np.ndarray, " year"]) -> Float64[np.ndarray, " year"]:
        """What it spends a year, NOK million of 2015."""
        return spending(self.values, self.known, years)

    def merged(self) -> dict[str, Any]:
        """The whole as one scenario file that extends nothing, ready for JSON or YAML."""
        sections: dict[str, dict[str, Any]] = {"levers": {}, "external": {}}
        for (id_, cell), value in sorted(self.values.items()):
            section = sections["levers" if id_ in self.known.levers else "external"]
            if cell:
                section.setdefault(id_, {})[".".join(cell)] = told(value.path)
            else:
                section[id_] = told(value.path)
        whole: dict[str, Any] = {"schema": "scenario/1", "id": self.id, "name": _said(self.name)}
        if self.story:
            whole["story"] = _said(self.story)
        whole |= {name: section for name, section in sections.items() if section}
        budget: dict[str, Any] = {}
        for limit in self.limits:
            if limit.id:
                fund = {"id": limit.id, "covers": list(limit.covers)}
                budget.setdefault("funds", []).append(fund | {"per_year_max": limit.per_year_max})
            else:
                budget["per_year_max"] = limit.per_year_max
        return (
            whole
            | ({"budget": budget} if budget else {})
            | ({"goals": self.goals[0]} if self.goals else {})
        )


def told(path: Path) -> float | dict[str, float | str]:
    """A path as a scenario file writes it: a number, or years and values."""
    if path.constant:
        return float(path.values[0])
    pairs = zip(path.times, path.values, strict=True)
    years: dict[str, float | str] = {f"{year:.0f}": float(value) for year, value in pairs}
    return {"interp": "step", **years} if path.step else years


def _said(text: Text) -> dict[str, str]:
    return text.model_dump(exclude_none=True)
