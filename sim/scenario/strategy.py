"""What the strategy says, sentence by sentence, and where each is found in the model.

`scenarios/strategy.yaml` holds our own short words for every goal, strategy, tool, advantage
and condition of the county's strategy, with the levers and cells of effort that act on it, the
chapters and variables through which they act, and the outcomes that show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path, PurePath

from sim.errors import InputError, Problem, did_you_mean
from sim.project import SCENARIOS, shown
from sim.scenario.catalogues import Catalogues, read_as
from sim.scenario.sentences import Sentence, StrategyFile
from sim.source.catalogue import Variable

EFFORT = "effort"


@cache
def strategy(path: Path = SCENARIOS / "strategy.yaml") -> StrategyFile:
    """Read the file.

    Raises:
        InputError: everything that is wrong with it by itself.
    """
    return read_as(path, StrategyFile)


def cells(patterns: tuple[str, ...], known: Catalogues) -> tuple[str, ...]:
    """The cells of effort that patterns name, in the order of the matrix."""
    parts = [pattern.split(".") for pattern in patterns]
    return tuple(
        f"{tool}.{area}"
        for tool, area in _matrix(known)
        if any(len(p) == 2 and p[0] in ("*", tool) and p[1] in ("*", area) for p in parts)
    )


def bundled(said: StrategyFile, known: Catalogues) -> dict[str, tuple[str, ...]]:
    """The bundle of cells of each area strategy, by its id."""
    return {
        own: cells(each.cells, known)
        for own, each in said.sentences.items()
        if each.kind == "strategy"
    }


def misfits(
    said: StrategyFile,
    known: Catalogues,
    variables: Mapping[str, Variable],
    path: Path = SCENARIOS / "strategy.yaml",
) -> list[Problem]:
    """Every name that catalogues and model do not know, and every cell that is unaccounted for."""
    file = shown(path)

    def problem(own: str, what: str, name: str, valid: list[str]) -> Problem:
        sentence = f"'{own}' names the unknown {what} '{name}'"
        return Problem(f"unknown-{what}", sentence, file, hint=did_you_mean(name, valid))

    handles = [*known.levers, *known.external]
    chapters = {PurePath(each.chapter).stem for each in variables.values()}
    areas = [*known.ranges["area"], "all"]
    problems: list[Problem] = []
    for own, each in said.sentences.items():
        for what, names, valid in (
            ("area", (each.area,), areas),
            ("lever", each.levers, handles),
            ("outcome", each.outcomes, list(known.outcomes)),
            ("chapter", each.chapters, sorted(chapters)),
            ("variable", each.variables, list(variables)),
        ):
            problems += [problem(own, what, name, valid) for name in names if name not in valid]
        for name in each.cells:
            if not cells((name,), known):
                problems.append(problem(own, "cell", name, _names(known)))
        problems += _elsewhere(own, each, variables, file)
    problems += _unaccounted(said, known, file)
    return problems


def checked(
    known: Catalogues,
    variables: Mapping[str, Variable],
    path: Path = SCENARIOS / "strategy.yaml",
) -> StrategyFile:
    """The file, fitting catalogues and model.

    Raises:
        InputError: everything that is wrong with it.
    """
    said = strategy(path)
    problems = misfits(said, known, variables, path)
    if problems:
        raise InputError(problems)
    return said


def _elsewhere(
    own: str, each: Sentence, variables: Mapping[str, Variable], file: str
) -> Iterator[Problem]:
    """Variables of chapters that the sentence does not name, and chapters without one."""
    homes = {
        name: PurePath(variables[name].chapter).stem for name in each.variables if name in variables
    }
    for name, chapter in homes.items():
        if chapter not in each.chapters:
            sentence = f"'{own}' names '{name}' of {chapter}, but not that chapter"
            yield Problem("chapter-missing", sentence, file)
    for chapter in each.chapters:
        if chapter not in homes.values():
            yield Problem("chapter-idle", f"'{own}' names no variable of {chapter}", file)


def _unaccounted(said: StrategyFile, known: Catalogues, file: str) -> Iterator[Problem]:
    """Cells that no area strategy names and that are not said to be unused, and the reverse."""
    used = {cell for each in bundled(said, known).values() for cell in each}
    unused = set(cells(said.unused, known))
    for cell in _names(known):
        if cell not in used and cell not in unused:
            sentence = f"no strategy names the cell '{cell}', nor is it said to be unused"
            yield Problem("cell-unaccounted", sentence, file)
        elif cell in used and cell in unused:
            sentence = f"the cell '{cell}' is said to be unused, but a strategy names it"
            yield Problem("cell-used", sentence, file)


def _matrix(known: Catalogues) -> Iterator[tuple[str, str]]:
    tools, areas = (known.ranges[name] for name in known.levers[EFFORT].dims)
    return ((tool, area) for tool in tools for area in areas)


def _names(known: Catalogues) -> list[str]:
    return [f"{tool}.{area}" for tool, area in _matrix(known)]
