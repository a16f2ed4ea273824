"""Where scenarios are found, and how one is read whole with all that it extends."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.errors import InputError, Problem, did_you_mean, wrong
from sim.project import SCENARIOS
from sim.scenario.budget import limits, overspent
from sim.scenario.catalogues import FILES, catalogues
from sim.scenario.document import printable, read
from sim.scenario.fit import fit
from sim.scenario.merge import Layer, merged
from sim.scenario.scenario import Scenario
from sim.scenario.schema import ID, ScenarioFile

MOST_LAYERS = 30
MOST_PROBLEMS = 100
PLACEHOLDERS = {"schema": "scenario/1", "id": "unnamed", "name": {"en": "unnamed"}}


def bundled(folder: Path = SCENARIOS) -> tuple[str, ...]:
    """Ids of the scenarios in a folder: the baseline first, the others by name."""
    names = {path.stem for path in folder.glob("*.yaml")} - set(FILES)
    return tuple(sorted(names, key=lambda name: (name != "baseline", name)))


def load(name_or_path: str | Path, *, folder: Path = SCENARIOS) -> Scenario:
    """Read a scenario with all that it extends, and check it.

    Args:
        name_or_path: id of a bundled scenario, or the path of a file.
        folder: where the bundled scenarios and the catalogues lie.

    Raises:
        InputError: with every problem of the file and of those it extends.
    """
    path = located(name_or_path, folder)
    known = catalogues(folder)
    problems: list[Problem] = []
    lineage = _Lineage(folder, problems)
    leaf = lineage.follow(path, ())
    if leaf is None:
        raise InputError(_few(problems))
    layers = tuple(lineage.layers.values())
    bounds, wrong_bounds = limits(layers, known)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is out of range: told so
        values, wrongs = merged(layers, known)
        problems += wrongs + wrong_bounds + overspent(values, bounds, known, leaf)
    for layer in layers:
        goals = layer.said.goals
        if goals is not None and goals not in known.goals:
            hint = did_you_mean(goals, list(known.goals))
            problems.append(
                layer.problem("unknown-goals", f"unknown goals '{goals}'", "goals", hint=hint)
            )
    if problems:
        raise InputError(_few(problems, leaf.document.file))
    named = [(layer.said.goals, layer.origin("goals")) for layer in layers if layer.said.goals]
    return Scenario(
        id=leaf.said.id,
        name=leaf.said.name,
        story=leaf.said.story,
        file=leaf.document.file,
        layers=tuple(layer.said.id for layer in layers),
        values=values,
        limits=tuple(bounds),
        goals=named[-1] if named else None,
        known=known,
    )


def located(name_or_path: str | Path, folder: Path = SCENARIOS) -> Path:
    """The file meant by an id or a path.

    Raises:
        InputError: no bundled scenario has this id.
    """
    return meant(name_or_path, bundled(folder), folder, "scenario")


def meant(name_or_path: str | Path, names: Sequence[str], folder: Path, what: str) -> Path:
    """The file that a word means: a path as it is, or one of a kind's names in a folder.

    Args:
        name_or_path: the word.
        names: of the files that are there.
        folder: where they lie.
        what: what kind they are.

    Raises:
        InputError: no file there has this name.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or is_path(text):
        return Path(name_or_path)
    if text not in names:
        hint = did_you_mean(text, names) or f"there are {', '.join(names)}; or give a file"
        raise wrong(f"unknown-{what}", f"unknown {what} '{printable(text)}'", hint=hint)
    return folder / f"{text}.yaml"


def is_path(text: str) -> bool:
    """Whether a word on the command line means a file rather than an id."""
    return text.endswith((".yaml", ".yml")) or "/" in text or os.sep in text


class _Lineage:
    """Reads a file and what it extends, each file once, parents before children."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self.layers: dict[Path, Layer] = {}
        self.problems = problems
        self._folder = folder
        self._families: dict[Path, set[Path]] = {}  # a file and all that it extends

    def follow(self, path: Path, above: tuple[Path, ...]) -> Layer | None:
        """Read a file after its parents; None if it cannot be read at all."""
        try:
            document = read(path)
            said, problems = fit(document, ScenarioFile, PLACEHOLDERS)
        except InputError as fault:
            self.problems += fault.problems
            return None
        self.problems += [*document.problems, *problems]
        layer = Layer(document, said)
        here = path.resolve()
        by_name = above or here.parent == self._folder.resolve()
        if by_name and said.id not in (path.stem, PLACEHOLDERS["id"]):
            sentence = f"has the id '{said.id}' where its name says '{path.stem}'"
            self.problems.append(layer.problem("wrong-id", sentence, "id"))
        family = {here}
        for number, name in enumerate(said.extends or ()):
            parent = self._parent(layer, number, name, (*above, here), family)
            if parent is None:
                continue
            if parent not in self.layers:
                self.follow(parent, (*above, here))
            family |= self._families.get(parent, set())
        self._families[here] = family
        self.layers[here] = layer
        return layer

    def _parent(
        self, layer: Layer, number: int, name: str, above: tuple[Path, ...], family: set[Path]
    ) -> Path | None:
        """The file of a parent, unless something is wrong with naming it."""
        place = ("extends", number)
        parent = self._find(name, above[-1].parent)
        if parent is None:
            names = sorted({*bundled(above[-1].parent), *bundled(self._folder)})
            valid = [known for known in names if known != above[-1].stem]
            hint = did_you_mean(name, valid) or f"there are {', '.join(valid)}"
            problem = layer.problem("unknown-parent", f"unknown parent '{name}'", *place, hint=hint)
        elif parent in above:
            ring = " → ".join(file.stem for file in (*above[above.index(parent) :], parent))
            problem = layer.problem("cycle", f"extends itself: {ring}", *place)
        elif parent in family:
            sentence = f"'{name}' comes in through a parent before it already"
            hint = "leave it out, or put it first"
            problem = layer.problem("repeated-parent", sentence, *place, hint=hint)
        elif len(above) >= MOST_LAYERS:
            sentence = f"extends more than {MOST_LAYERS} scenarios in a line"
            problem = layer.problem("too-many-parents", sentence, *place)
        else:
            return parent
        self.problems.append(problem)
        return None

    def _find(self, parent: str, beside: Path) -> Path | None:
        """A scenario that lies beside the file that names it, or among the bundled ones."""
        if parent in FILES or not re.fullmatch(ID, parent):
            return None
        places = (folder / f"{parent}.yaml" for folder in (beside, self._folder))
        return next((place.absolute() for place in places if place.is_file()), None)


def _few(problems: list[Problem], file: str = "") -> list[Problem]:
    """Each problem once, those of the file asked for first; no more than a person can take in."""
    files = list(dict.fromkeys([file, *(problem.file for problem in problems)]))
    each = sorted(dict.fromkeys(problems), key=lambda p: (files.index(p.file), p.line))
    if len(each) <= MOST_PROBLEMS:
        return each
    rest = len(each) - MOST_PROBLEMS
    return [*each[:MOST_PROBLEMS], Problem("and-more", f"and {rest} more problems", file)]
