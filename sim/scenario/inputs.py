"""A scenario against a model: names become positions, units and limits are checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from sim.errors import InputError, Problem, did_you_mean
from sim.ir import identifier
from sim.path import Path, flat, together
from sim.scenario.catalogues import External
from sim.scenario.merge import Cell, Value, cells
from sim.scenario.scenario import Scenario
from sim.shapes import Float64

Array = Float64[np.ndarray, " *dims"]


@runtime_checkable  # so that the tests check the types of arguments
class Variable(Protocol):
    """What must be known of a model's variable; `sim.source.catalogue` has them."""

    @property
    def name(self) -> str:
        """Its name in the text."""
        ...

    @property
    def dims(self) -> tuple[str, ...]:
        """Names of the ranges over which it is an array."""
        ...

    @property
    def units(self) -> str:
        """Its units as written."""
        ...

    @property
    def low(self) -> Array | None:
        """The least value that makes sense, broadcastable to its shape."""
        ...

    @property
    def high(self) -> Array | None:
        """The greatest."""
        ...


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a scenario puts into a model.

    Args:
        constants: variable id -> a value that holds in all years, in the order of its ranges.
        paths: variable id -> values over time, which take the place of its equation.
        digest: SHA-256 over both: the same inputs, the same digest, on every machine.
    """

    constants: Mapping[str, float | Array]
    paths: Mapping[str, Path]
    digest: str


def resolve(
    scenario: Scenario,
    variables: Mapping[str, Variable],
    subscripts: Mapping[str, Sequence[str]],
) -> Inputs:
    """Put a scenario's values where a model has them.

    Args:
        scenario: as loaded.
        variables: the model's catalogue, by id.
        subscripts: the model's ranges: name -> labels in order.

    Raises:
        InputError: the model lacks a variable or a range, or has other units or limits.
    """
    labels = {identifier(name): [*map(identifier, names)] for name, names in subscripts.items()}
    by_handle: dict[str, dict[Cell, Value]] = {}
    for (id_, cell), value in scenario.values.items():
        by_handle.setdefault(id_, {})[cell] = value
    problems: list[Problem] = []
    constants: dict[str, float | Array] = {}
    paths: dict[str, Path] = {}
    for id_, values in sorted(by_handle.items()):
        handle = scenario.known.handle(id_)
        wrongs = list(_mismatches(id_, handle, variables, labels, scenario))
        if wrongs:
            problems += wrongs
            continue
        variable = variables[handle.variable]
        path = _laid_out(handle, variable, values, scenario, labels)
        problems += _outside_limits(id_, variable, path, values)
        if path.constant:
            constants[handle.variable] = path.values[0] if handle.dims else float(path.values[0])
        else:
            paths[handle.variable] = path
    if problems:
        raise InputError(problems)
    return Inputs(constants, paths, _digest(constants, paths))


def _mismatches(
    id_: str,
    handle: External,
    variables: Mapping[str, Variable],
    labels: Mapping[str, list[str]],
    scenario: Scenario,
) -> Iterator[Problem]:
    """Where the catalogue of levers and the model do not speak of the same thing."""
    variable = variables.get(handle.variable)
    if variable is None:
        sentence = f"the model has no variable '{handle.variable}', which '{id_}' sets"
        yield Problem(
            "unknown-variable", sentence, hint=did_you_mean(handle.variable, [*variables])
        )
        return
    dims = [identifier(dim) for dim in variable.dims]
    if sorted(dims) != sorted(handle.dims):
        sentence = f"'{variable.name}' is over {dims or 'nothing'} in the model"
        yield Problem("other-ranges", f"{sentence}, over {list(handle.dims)} in levers.yaml")
        return
    for dim in dims:
        if sorted(labels[dim]) != sorted(scenario.known.ranges[dim]):
            differ = sorted(set(labels[dim]) ^ set(scenario.known.ranges[dim]))
            sentence = f"range '{dim}' differs between model and levers.yaml: {', '.join(differ)}"
            yield Problem("other-ranges", sentence)
    if _unit(variable.units) != _unit(handle.units):
        sentence = f"'{variable.name}' has the unit {variable.units} in the model"
        yield Problem("other-units", f"{sentence}, {handle.units} in levers.yaml")


def _unit(text: str) -> str:
    """A unit for comparison: spaces and capitals say nothing, and 1 is dmnl."""
    plain = "".join(text.lower().split())
    return "dmnl" if plain in ("", "1", "dimensionless") else plain


def _laid_out(
    handle: External,
    variable: Variable,
    values: Mapping[Cell, Value],
    scenario: Scenario,
    labels: Mapping[str, list[str]],
) -> Path:
    """The cells as one array over time in the model's order; a cell nobody set has the default."""
    if not handle.dims:
        return values[()].path
    known = scenario.known
    default = flat(handle.default)
    order = {
        cell: values[cell].path if cell in values else default for cell in cells(handle, known)
    }
    dims = [identifier(dim) for dim in variable.dims]
    shape = tuple(len(labels[dim]) for dim in dims)
    every: list[Path] = []
    for position in np.ndindex(shape):
        named: dict[str, str] = {
            dim: labels[dim][place] for dim, place in zip(dims, position, strict=True)
        }
        every.append(order[tuple(named[dim] for dim in handle.dims)])
    path = together(every)
    return Path(path.times, path.values.reshape(len(path.times), *shape), path.step)


def _outside_limits(
    id_: str, variable: Variable, path: Path, values: Mapping[Cell, Value]
) -> list[Problem]:
    """One problem for each side on which a value leaves the model's own limits."""
    origin = next(iter(values.values())).origins[-1]
    problems: list[Problem] = []
    for bound, beyond, word in (
        (variable.low, np.less, "below"),
        (variable.high, np.greater, "above"),
    ):
        if bound is not None and np.any(beyond(path.values, bound)):
            worst = path.values[beyond(path.values, bound)].flat[0]
            limit = np.broadcast_to(bound, path.values.shape)[beyond(path.values, bound)].flat[0]
            sentence = f"{id_} is {worst:g}, {word} the model's limit of {limit:g}"
            problems.append(Problem("out-of-range", sentence, origin.file, origin.line))
    return problems


def _digest(constants: Mapping[str, float | Array], paths: Mapping[str, Path]) -> str:
    content = hashlib.sha256()
    arrays = [(f"constant {id_}", np.asarray(value)) for id_, value in constants.items()]
    for id_, path in paths.items():
        arrays += [(f"times {id_} step={path.step}", path.times), (f"values {id_}", path.values)]
    for name, array in sorted(arrays, key=lambda pair: pair[0]):
        # Adding 0.0 makes -0.0 the 0.0 that it equals.
        numbers = np.asarray(array + 0.0, dtype="<f8")
        content.update(f"{name} {numbers.shape}\n".encode() + numbers.tobytes())
    return content.hexdigest()
