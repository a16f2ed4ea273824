"""What is measured: models, what varies in them, and what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from sim.project import MODEL
from sim.run.columns import names
from sim.run.model import Model
from sim.run.written import replaced
from sim.source.catalogue import CONSTANT
from sim.source.onefile import onefile
from tests.benchmarks import blocks, planned


@dataclass(frozen=True, eq=False)
class Case:
    """A model to measure.

    Args:
        name: what the table calls it.
        model: read by us.
        file: one Vensim file with the same text, for PySD.
        plain: the same as `trondelag export` writes it, data in its text, and without TANH: not
            every peer reads files of data, or knows the function.
        outputs: elements that every engine must give, once a year.
        uncertain: elements of constants that differ from member to member.
        quick: the share of the whole span that a slow peer runs; its time is scaled.
    """

    name: str
    model: Model
    file: Path
    plain: Path
    outputs: tuple[str, ...]
    uncertain: tuple[str, ...]
    quick: float

    def table(self, members: int) -> pd.DataFrame:
        """Uncertain constants, each within five percent of its value."""
        rng = np.random.default_rng(2015)
        values = self.values()
        return pd.DataFrame(
            {name: values[name] * rng.uniform(0.95, 1.05, members) for name in self.uncertain}
        )

    def values(self) -> dict[str, float]:
        """What the uncertain constants are in the text."""
        found: dict[str, float] = {}
        for variable in self.model.variables.values():
            if variable.kind == CONSTANT and variable.value is not None:
                elements = names(variable, self.model.subscripts)
                found |= dict(zip(elements, variable.value.ravel().tolist(), strict=True))
        return found

    @property
    def bounds(self) -> tuple[float, float, float]:
        """Initial and final time and the step."""
        wanted = ("initial_time", "final_time", "time_step")
        start, stop, step = (self.model.variables[name].value for name in wanted)
        assert start is not None
        assert stop is not None
        assert step is not None
        return float(start), float(stop), float(step)


def cases(folder: Path, wanted: Sequence[str]) -> list[Case]:
    """The models asked for by their first words: ours, world, planned."""
    made: list[Case] = []
    if "ours" in wanted:
        made.append(_ours(folder))
    for word, name, module, quick in (
        ("world", "World3-class", blocks, 0.2),
        ("planned", "planned size", planned, 0.05),
    ):
        if word in wanted:
            file = folder / f"{word}.mdl"
            file.write_text(module.text(), encoding="utf-8")
            model = sim.load_model(file)
            made.append(Case(name, model, file, file, module.OUTPUTS, module.UNCERTAIN, quick))
    return made


def _ours(folder: Path) -> Case:
    model = sim.load_model()
    file = folder / "ours.mdl"
    file.write_text("{UTF-8}\n" + model.source.text.content, encoding="utf-8")
    data = folder / "data"
    if not data.exists():
        data.symlink_to(MODEL / "data")
    plain = folder / "ours_plain.mdl"
    text = onefile(model.source, replaced(model.source, model.inputs()[0]), "Benchmark.")
    plain.write_text(_without_tanh(text), encoding="utf-8")
    outputs = [
        element
        for own in ("value_added_total", "value_added_by_region", "value_added_by_industry")
        for element in names(model.variables[own], model.subscripts)
    ] + ["employment total", "population total"]
    ranged = [
        (variable, names(variable, model.subscripts))
        for variable in model.variables.values()
        if variable.kind == CONSTANT and variable.low is not None and variable.value is not None
    ]
    scalars = [elements[0] for _, elements in ranged if len(elements) == 1]
    return Case("Trøndelag", model, file, plain, tuple(outputs), tuple(scalars[:30]), 0.02)


def _without_tanh(text: str) -> str:
    """The same, with hyperbolic tangents written as exponentials."""
    while (start := text.find("TANH(")) >= 0:
        at, depth = start + len("TANH("), 1
        while depth:
            depth += (text[at] == "(") - (text[at] == ")")
            at += 1
        inner = text[start + len("TANH(") : at - 1]
        text = f"{text[:start]}(1 - 2 / (EXP(2 * ({inner})) + 1)){text[at:]}"
    return text
