"""What a run is given: numbers, arrays and values over time, by name, id or element.

Accepted as names: an id (`birth_rate`), a name (`birth rate`), and an element of either
(`birth_rate[Districts]`, `effort plan[research, ocean_space]`; labels or their ids).
Accepted as values: a number; an array of the variable's shape; a path as a mapping or
pandas Series {time: value}, linear between its times and held outside; a `sim.path.Path`.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean
from sim.ir import identifier
from sim.path import Path
from sim.source.catalogue import CONTROL, LOOKUP, STOCK, Variable

Array = NDArray[np.float64]
Variables = Mapping[str, Variable]
Subscripts = Mapping[str, Sequence[str]]


@dataclass(frozen=True, eq=False)
class Given:
    """What the model is run with.

    Args:
        constants: values by id, each of its variable's shape, in its units.
        paths: values over time by id, in place of the variable's equation.
    """

    constants: Mapping[str, Array] = field(default_factory=dict[str, Array])
    paths: Mapping[str, Path] = field(default_factory=dict[str, Path])

    @property
    def digest(self) -> str:
        """SHA-256 over everything given: equal inputs, equal digest."""
        digest = hashlib.sha256()
        for name, value in sorted(self.constants.items()):
            digest.update(f"{name}={value.shape}".encode() + value.tobytes())
        for name, path in sorted(self.paths.items()):
            digest.update(f"{name}~{path.values.shape}{path.step}".encode())
            digest.update(path.times.tobytes() + path.values.tobytes())
        return digest.hexdigest()

    def over(self, other: Given) -> Given:
        """Both together; what is given here wins."""
        mine = {*self.constants, *self.paths}
        constants = {n: v for n, v in other.constants.items() if n not in mine}
        paths = {n: v for n, v in other.paths.items() if n not in mine}
        return Given(constants | dict(self.constants), paths | dict(self.paths))


def given(
    settings: Mapping[str, Any], variables: Variables, subscripts: Subscripts, start: Given
) -> Given:
    """Read settings against the catalogue.

    Args:
        settings: value by name, in the order in which they are to be applied.
        variables: the model's catalogue.
        subscripts: range name → labels.
        start: what was given before (by a scenario); elements are set on top of it.

    Raises:
        InputError: every unknown name, misshapen value and variable that cannot be set.
    """
    reader = _Reader(variables, subscripts, start)
    for name, value in settings.items():
        reader.take(name, value)
    if reader.problems:
        raise InputError(reader.problems)
    return Given(reader.constants, reader.paths)


def find(name: str, variables: Variables) -> Variable | None:
    """The variable with this id, name or a spelling of it."""
    if name in variables:
        return variables[name]
    near = variables.get(identifier(name))
    if near is not None and near.name == name:  # nearly always; else every name is looked at
        return near
    same = [each for each in variables.values() if each.name == name]
    return same[0] if same else near


def unknown(name: str, variables: Variables) -> Problem:
    """The problem of a name that is no variable's."""
    hint = did_you_mean(identifier(name), list(variables))
    return Problem("unknown-name", f"the model has no variable '{name}'", hint=hint)


class _Reader:
    """Collects settings and what is wrong with them."""

    def __init__(self, variables: Variables, subscripts: Subscripts, start: Given) -> None:
        self.variables = variables
        self.subscripts = subscripts
        self.constants = dict(start.constants)
        self.paths = dict(start.paths)
        self.problems: list[Problem] = []

    def take(self, name: str, value: Any) -> None:
        head, bracket, rest = name.partition("[")
        whole = find(name, self.variables) if name in self.variables or not bracket else None
        variable = whole or find(head.strip(), self.variables)
        if variable is None:
            self.problems.append(unknown(head.strip(), self.variables))
            return
        if variable.kind in {LOOKUP, STOCK}:
            hint = "set what feeds it instead"
            self._complain("not-settable", name, f"is a {variable.kind}, which is not set", hint)
            return
        place: tuple[int, ...] | None = None
        if whole is None:
            place = self._place(name, variable, rest)
            if place is None:
                return
        path = _path(value)
        if path is not None:
            self._over_time(name, variable, place, *path)
        else:
            self._constant(name, variable, place, value)

    def _constant(
        self, name: str, variable: Variable, place: tuple[int, ...] | None, value: Any
    ) -> None:
        array = self._array(name, value, variable.shape if place is None else ())
        if array is None:
            return
        if place is None:
            self.constants[variable.id] = array
            self.paths.pop(variable.id, None)
            return
        base = self.constants.get(variable.id, variable.value)
        if variable.id in self.paths:
            path = self.paths[variable.id]
            values = path.values.copy()
            values[(slice(None), *place)] = array
            self.paths[variable.id] = Path(path.times, values, path.step)
        elif base is None:
            hint = "give all its elements, as an array"
            self._complain("no-base", name, "has no numbers for its other elements", hint)
        else:
            whole = base.copy()
            whole[place] = array
            self.constants[variable.id] = whole

    def _over_time(
        self,
        name: str,
        variable: Variable,
        place: tuple[int, ...] | None,
        times: Any,
        values: Any,
        step: bool,
    ) -> None:
        if variable.kind == CONTROL:
            self._complain("not-settable", name, "is a number, not a path")
            return
        knots = self._array(name, times, (len(times),))
        shape = variable.shape if place is None else ()
        each = [self._array(name, value, shape) for value in values]
        whole_rows = [row for row in each if row is not None]
        if knots is None or len(whole_rows) < len(each):
            return
        if not len(knots) or np.any(np.diff(knots) <= 0):
            self._complain("path-times", name, "needs rising times")
            return
        rows = np.array(whole_rows)
        if place is not None:
            base = self.constants.get(variable.id, variable.value)
            earlier = self.paths.get(variable.id)
            if earlier is None and base is None:
                hint = "give all its elements, as an array for each time"
                self._complain("no-base", name, "has no numbers for its other elements", hint)
                return
            if earlier is None:
                earlier = Path(knots, np.repeat(np.asarray(base)[None], len(knots), axis=0), step)
            elif earlier.constant:
                earlier = Path(knots, np.repeat(earlier.values[:1], len(knots), axis=0), step)
            elif earlier.step != step:
                self._complain("mixed-path", name, "steps while its other elements slope")
                return
            element = Path(knots, rows, step)
            knots = np.union1d(earlier.times, knots)
            rows = earlier.at(knots)
            rows[(slice(None), *place)] = element.at(knots)
        self.constants.pop(variable.id, None)
        self.paths[variable.id] = Path(knots, rows, step)

    def _place(self, name: str, variable: Variable, rest: str) -> tuple[int, ...] | None:
        """The position of an element written as in `name[label, label]`."""
        labels = [label.strip() for label in rest.rstrip().removesuffix("]").split(",")]
        if len(labels) != len(variable.dims):
            over = ", ".join(variable.dims) or "nothing"
            self._complain("subscript-count", name, f"'{variable.id}' lies over {over}")
            return None
        place: list[int] = []
        for label, dim in zip(labels, variable.dims, strict=True):
            known = list(self.subscripts[dim])
            ids = [identifier(each) for each in known]
            if label in known:
                place.append(known.index(label))
            elif identifier(label) in ids:
                place.append(ids.index(identifier(label)))
            else:
                hint = did_you_mean(identifier(label), ids)
                self._complain("unknown-subscript", name, f"{dim} has no element '{label}'", hint)
        return tuple(place) if len(place) == len(labels) else None

    def _array(self, name: str, value: Any, shape: tuple[int, ...]) -> Array | None:
        try:
            array = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            self._complain("not-a-number", name, f"is given {value!r}, which is no number")
            return None
        if array.shape not in {shape, ()}:
            said = f"is given an array of shape {array.shape}; it needs {shape}"
            self._complain("shape", name, said)
            return None
        if not np.isfinite(array).all():
            self._complain("not-finite", name, f"is given {value!r}, which is not finite")
            return None
        return np.broadcast_to(array, shape).copy()

    def _complain(self, code: str, name: str, said: str, hint: str = "") -> None:
        self.problems.append(Problem(code, f"'{name}' {said}", hint=hint))


def _path(value: Any) -> tuple[Any, Any, bool] | None:
    """Times, values and step of something that is a path, else None."""
    if isinstance(value, Path):
        return value.times, value.values, value.step
    if isinstance(value, Mapping):
        return list(value), list(value.values()), False
    pandas = sys.modules.get("pandas")  # a Series is given by who has imported it
    if pandas is not None and isinstance(value, pandas.Series):
        return list(value.index), list(value), False
    return None
