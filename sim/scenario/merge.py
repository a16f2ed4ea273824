"""Layers of scenario files → one value over time for every cell that a scenario sets.

A scenario is a line of layers, parents first, each file once. A layer is a change: it sets
values, adds to them or scales them. Within one file the most exact name of a cell counts;
from file to file the later one wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from sim.errors import Problem, did_you_mean
from sim.path import Path, added, flat, mixed, scaled, through
from sim.scenario.catalogues import Catalogues, External
from sim.scenario.document import Document, described
from sim.scenario.schema import Amount, Change, Entry, ScenarioFile, YearPath

Cell = tuple[str, ...]
Key = tuple[str, Cell]


@dataclass(frozen=True, slots=True)
class Origin:
    """The file and line that a value comes from."""

    file: str
    line: int

    def __str__(self) -> str:
        """Render as `file:line`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A value over time and what made it: the line that set it, then the lines that changed it."""

    path: Path
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """One scenario file that was read."""

    document: Document
    said: ScenarioFile

    def origin(self, *keys: str | int) -> Origin:
        """Where a key of this file stands."""
        return Origin(self.document.file, self.document.root.line_of(*keys))

    def problem(self, code: str, sentence: str, *keys: str | int, hint: str = "") -> Problem:
        """Something wrong at a key of this file."""
        place = self.origin(*keys)
        return Problem(code, sentence, place.file, place.line, hint)


def merged(layers: Iterable[Layer], known: Catalogues) -> tuple[dict[Key, Value], list[Problem]]:
    """The values that a line of layers leaves, and everything that is wrong on the way."""
    values: dict[Key, Value] = {}
    problems: list[Problem] = []
    for layer in layers:
        changes, wrong = _changes(layer, known)
        problems += wrong
        values, wrong = applied(values, changes, layer, known)
        problems += wrong
    problems += _outside_range(values, known)
    return values, problems


@dataclass(frozen=True, slots=True)
class Written:
    """An entry of a file and the keys under which it stands."""

    entry: Entry
    keys: tuple[str, ...]


def applied(
    values: Mapping[Key, Value],
    changes: Mapping[Key, Written],
    layer: Layer,
    known: Catalogues,
) -> tuple[dict[Key, Value], list[Problem]]:
    """One layer laid over the values of those before it."""
    result = dict(values)
    problems: dict[tuple[str, ...], Problem] = {}
    for key, written in changes.items():
        origin = layer.origin(*written.keys)
        entry = written.entry
        if not isinstance(entry, Change) or entry.set is not None:
            amount = entry.set if isinstance(entry, Change) else entry
            result[key] = Value(_path(amount), (origin,))
            continue
        before = values.get(key) or Value(flat(known.handle(key[0]).default), ())
        combine, amount = (added, entry.add) if entry.add is not None else (scaled, entry.scale)
        change = _path(amount)
        if mixed(before.path, change):
            sentence = f"{'.'.join(written.keys)} mixes steps with the parent's sloping lines"
            hint = "give both the same interp, or set the values"
            problem = layer.problem("mixed-interp", sentence, *written.keys, hint=hint)
            problems[written.keys] = problem
            continue
        result[key] = Value(combine(before.path, change), (*before.origins, origin))
    return result, list(problems.values())


def matches(pattern: str, cell: Cell) -> bool:
    """Whether a pattern such as `competence.*` names a cell."""
    parts = pattern.split(".")
    return len(parts) == len(cell) and all(
        part in ("*", name) for part, name in zip(parts, cell, strict=True)
    )


def wrong_pattern(pattern: str, handle: External, known: Catalogues) -> tuple[str, str] | None:
    """What is wrong with a pattern for a lever's cells, and a hint; None if nothing is."""
    parts = pattern.split(".")
    shape = ".".join(handle.dims)
    if len(parts) != len(handle.dims):
        return f"'{pattern}' does not have the form {shape}", "a * stands for all"
    for part, dim in zip(parts, handle.dims, strict=True):
        names = known.ranges[dim]
        if part == "*" or part in names:
            continue
        swapped = ".".join(reversed(parts))
        if part in [name for other in handle.dims for name in known.ranges[other]]:
            return f"'{pattern}' is in the wrong order; the form is {shape}", f"write '{swapped}'"
        return f"unknown {dim} '{part}' in '{pattern}'", did_you_mean(part, names)
    return None


def cells(handle: External, known: Catalogues) -> Iterator[Cell]:
    """All cells of a lever; one with no name for a lever that is no array."""
    return product(*(known.ranges[dim] for dim in handle.dims))


def _changes(layer: Layer, known: Catalogues) -> tuple[dict[Key, Written], list[Problem]]:
    """What a file says about which cell."""
    said = layer.said
    changes: dict[Key, Written] = {}
    problems: list[Problem] = []
    for id_, setting in (said.levers or {}).items():
        handle = known.levers.get(id_)
        if handle is None:
            problems.append(_unknown(layer, "levers", id_, known))
        elif handle.dims:
            patterns = {} if setting is None else setting
            if isinstance(patterns, dict):
                found, wrong = _by_cell(layer, id_, handle, patterns, known)
                changes |= found
                problems += wrong
            else:
                sentence = f"levers.{id_} needs names of cells such as '*.*' before its values"
                problems.append(layer.problem("wrong-type", sentence, "levers", id_))
        elif setting is None or isinstance(setting, dict):
            what = described(setting)
            sentence = f"levers.{id_}: expected a number, years or a change, found {what}"
            problems.append(layer.problem("wrong-type", sentence, "levers", id_))
        else:
            changes[id_, ()] = Written(setting, ("levers", id_))
    for id_, entry in (said.external or {}).items():
        if id_ in known.external:
            changes[id_, ()] = Written(entry, ("external", id_))
        else:
            problems.append(_unknown(layer, "external", id_, known))
    for written in {written.keys: written for written in changes.values()}.values():
        problems += _outside_years(layer, written, known)
    return changes, problems


def _unknown(layer: Layer, section: str, id_: str, known: Catalogues) -> Problem:
    here, there = (known.levers, known.external)
    names = "lever"
    if section == "external":
        here, there = there, here
        names = "part of the outside world"
    if id_ in there:
        hint = f"it belongs under {'external' if section == 'levers' else 'levers'}"
    else:
        hint = did_you_mean(id_, [*here, *there]) or "trondelag list shows all"
    code = "unknown-lever" if section == "levers" else "unknown-external"
    return layer.problem(code, f"unknown {names} '{id_}'", section, id_, hint=hint)


def _by_cell(
    layer: Layer, id_: str, handle: External, patterns: Mapping[str, Entry], known: Catalogues
) -> tuple[dict[Key, Written], list[Problem]]:
    problems: list[Problem] = []
    fitting: list[str] = []
    for pattern in patterns:
        wrong = wrong_pattern(pattern, handle, known)
        if wrong is None:
            fitting.append(pattern)
        else:
            sentence, hint = wrong
            problem = layer.problem("unknown-cell", sentence, "levers", id_, pattern, hint=hint)
            problems.append(problem)
    changes: dict[Key, Written] = {}
    clashes: dict[tuple[str, str], Cell] = {}
    for cell in cells(handle, known):
        hits = [pattern for pattern in fitting if matches(pattern, cell)]
        hits.sort(key=lambda pattern: pattern.split(".").count("*"))
        if not hits:
            continue
        if len(hits) > 1 and hits[0].count("*") == hits[1].count("*"):
            clashes.setdefault((hits[0], hits[1]), cell)
        changes[id_, cell] = Written(patterns[hits[0]], ("levers", id_, hits[0]))
    for (one, other), cell in clashes.items():
        name = ".".join(cell)
        sentence = f"'{one}' and '{other}' both name {name}, and neither is more exact"
        hint = f"say what '{name}' is"
        problems.append(layer.problem("ambiguous-cell", sentence, "levers", id_, other, hint=hint))
    return changes, problems


def _outside_years(layer: Layer, written: Written, known: Catalogues) -> Iterator[Problem]:
    entry = written.entry
    amounts = (entry.set, entry.add, entry.scale) if isinstance(entry, Change) else (entry,)
    first, last = known.years.first, known.years.last
    for amount in amounts:
        if isinstance(amount, YearPath):
            for year, _ in amount.knots:
                if not first <= year <= last:
                    sentence = f"{'.'.join(written.keys)}: {year} is outside {first}–{last}"
                    yield layer.problem("bad-year", sentence, *written.keys, str(year))


def _outside_range(values: Mapping[Key, Value], known: Catalogues) -> Iterator[Problem]:
    """One problem for each line that leads out of a lever's range, however many cells it names."""
    found: dict[tuple[Origin, str], list[tuple[Cell, float]]] = {}
    for (id_, cell), value in values.items():
        low, high = known.handle(id_).range
        out = [float(v) for v in value.path.values if not low <= v <= high]
        if out:
            found.setdefault((value.origins[-1], id_), []).append((cell, out[0]))
    for (origin, id_), cases in found.items():
        handle = known.handle(id_)
        cell, amount = cases[0]
        name = ".".join((id_, *cell))
        more = f", and {len(cases) - 1} more cells" if len(cases) > 1 else ""
        low, high = handle.range
        sentence = f"{name} is {amount:g}, outside its range {low:g} to {high:g}{more}"
        yield Problem("out-of-range", sentence, origin.file, origin.line)


def _path(amount: Amount | None) -> Path:
    if isinstance(amount, YearPath):
        return through(amount.knots, step=amount.interp == "step")
    assert amount is not None  # noqa: S101 - the schema holds that one of three is given
    return flat(amount)
