"""A value over time: knots, straight lines or steps between them, flat outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.shapes import Float64


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A value, or an array of values, over time.

    Args:
        times: years, rising; at least one.
        values: one value (or array) per time, in the unit of the variable.
        step: each value holds until the next time; else straight lines lie between them.
    """

    times: Float64[np.ndarray, " knot"]
    values: Float64[np.ndarray, " knot *dims"]
    step: bool = False

    @property
    def constant(self) -> bool:
        """Whether it never changes."""
        return bool(np.all(self.values == self.values[0]))

    def at(self, years: Float64[np.ndarray, " year"]) -> Float64[np.ndarray, " year *dims"]:
        """The values at some years."""
        if self.step:
            last = np.searchsorted(self.times, years, side="right") - 1
            return self.values[np.maximum(last, 0)]
        columns = self.values.reshape(len(self.times), -1).T
        if columns.size == 0:
            return np.empty((len(years), *self.values.shape[1:]))
        lines = [np.interp(years, self.times, column) for column in columns]
        return np.stack(lines, axis=1).reshape(len(years), *self.values.shape[1:])


def flat(value: float) -> Path:
    """A path that never changes; the year of its one knot means nothing."""
    return Path(np.array([0.0]), np.array([value], dtype=np.float64))


def through(knots: Sequence[tuple[int, float]], *, step: bool = False) -> Path:
    """A path through points (year, value), years rising."""
    times, values = zip(*knots, strict=True)
    return Path(np.array(times, dtype=np.float64), np.array(values, dtype=np.float64), step)


def added(one: Path, other: Path) -> Path:
    """The sum of two paths of single values, exact at every time; see `mixed` first."""
    times = _times(one, other)
    return Path(times, one.at(times) + other.at(times), _stepped(one, other))


def scaled(one: Path, other: Path) -> Path:
    """The product of two paths of single values, exact at whole years; see `mixed` first.

    The product of two sloping lines is a curve; between whole years it is taken as straight.
    """
    times = _times(one, other)
    step = _stepped(one, other)
    if not (step or one.constant or other.constant):
        times = np.union1d(times, np.arange(np.ceil(times[0]), times[-1] + 1))
    return Path(times, one.at(times) * other.at(times), step)


def mixed(one: Path, other: Path) -> bool:
    """Whether one goes in steps and the other in sloping lines: no path is their sum."""
    return len({path.step for path in (one, other) if not path.constant}) > 1


def together(paths: Sequence[Path]) -> Path:
    """Paths of single values as one path of an array, along a last axis."""
    stepped = {path.step for path in paths if not path.constant}
    if len(stepped) > 1:
        paths = [path if path.constant else as_lines(path) for path in paths]
    moving = [path.times for path in paths if not path.constant]
    times = np.unique(np.concatenate(moving)) if moving else paths[0].times[:1]
    values = np.stack([path.at(times) for path in paths], axis=1)
    return Path(times, values, step=stepped == {True})


def as_lines(path: Path) -> Path:
    """The same path told in straight lines: a step falls between two neighbouring numbers."""
    if not path.step:
        return path
    before = np.nextafter(path.times[1:], -np.inf)
    times = np.concatenate([path.times, before])
    values = np.concatenate([path.values, path.values[:-1]])
    order = np.argsort(times, kind="stable")
    return Path(times[order], values[order])


def _stepped(one: Path, other: Path) -> bool:
    return any(path.step for path in (one, other) if not path.constant)


def _times(one: Path, other: Path) -> Float64[np.ndarray, " knot"]:
    """The knots of both; those of a path that never changes tell nothing."""
    moving = [path.times for path in (one, other) if not path.constant]
    return np.unique(np.concatenate(moving)) if moving else one.times[:1]
