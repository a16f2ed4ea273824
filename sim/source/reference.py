"""The reference run: PySD, behind this one door.

Every run loads the built module anew, since PySD keeps what was set in one run for the
next. Two things are mended on the way: SMOOTHI with an initial value that is a whole number
(PySD cuts the first step's input to whole numbers), and the slowness of lookups.
"""

from __future__ import annotations

import copy
import hashlib
import warnings
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

import numpy as np
import pandas as pd
import pysd
import xarray as xr
from numpy.typing import NDArray
from pysd.builders.python.python_model_builder import ModelBuilder
from pysd.py_backend.external import External
from pysd.translators.structures import abstract_expressions as ae
from pysd.translators.structures.abstract_model import AbstractModel

from sim.errors import InputError, Problem, wrong
from sim.shelf import kept
from sim.source import catalogue, names
from sim.source.catalogue import Variable
from sim.source.entries import key
from sim.source.interpolation import quicken
from sim.source.model import Source

Array = NDArray[np.float64]

BUILD = 2  # raise it when what is built from the same text changes
MODULE = "model.py"


@runtime_checkable
class Course(Protocol):
    """A value over time that takes the place of an equation, as `sim.path.Path` is.

    `times`: knots, rising, (n,); `values`: (n, *the variable's shape); `step`: held until the
    next knot, instead of linear between them. Outside its knots the end is held.
    """

    @property
    def times(self) -> Array: ...  # noqa: D102 -- said above
    @property
    def values(self) -> Array: ...  # noqa: D102
    @property
    def step(self) -> bool: ...  # noqa: D102


def run(
    source: Source,
    outputs: Sequence[str],
    constants: Mapping[str, float | Array],
    series: Mapping[str, Course],
    *,
    exact: bool = False,
    stock: bool = False,
) -> tuple[Array, dict[str, Array]]:
    """Simulate once with PySD.

    Args:
        source: the model.
        outputs: ids of the variables to save.
        constants: values by id, of the variable's shape; time bounds and steps are set by
            the ids `final_time`, `time_step` and `saveper`.
        series: values over time by id.
        exact: with PySD's own lookups, a hundred times slower.
        stock: with PySD exactly as it is, SMOOTHI's fault included; for tests.

    Returns:
        The saved times, shape (t,), and by id the values, shape (t, *the variable's shape).

    Raises:
        InputError: PySD cannot build or start the model.
    """
    with _apart():
        model = _fresh(source, stock=stock)
        if not (exact or stock):
            quicken(model)
        settings = {name: float(value) for name, value in constants.items() if _is_bound(name)}
        if "initial_time" in settings:
            # PySD takes it anew from the module when the run begins.
            begin = settings.pop("initial_time")
            model.components._control_vars["initial_time"] = lambda: begin
        changes = {
            source.variables[name].name: _constant(source.variables[name], value, source)
            for name, value in constants.items()
            if not _is_bound(name)
        }
        for name, path in series.items():
            changes |= _path(model, source.variables[name], path, source)
        columns = [source.variables[output].name for output in outputs]
        try:
            frame = model.run(
                params=changes, return_columns=columns, flatten_output=False, **settings
            )
        except RecursionError:
            raise InputError([_circle(source, model)]) from None
        except Exception as error:
            if _from_here(error):
                raise
            raise _refused(source, "cannot run the model", error) from error
    times = np.asarray(frame.index, dtype=np.float64)
    return times, {
        output: _values(frame[source.variables[output].name], source.variables[output])
        for output in outputs
    }


def _is_bound(name: str) -> bool:
    return name in {"initial_time", "final_time", "time_step", "saveper"}


@contextmanager
def _apart() -> Generator[None]:
    """Keep a run's warnings and random numbers to itself."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # What PySD warns of (values replaced, lookups left, 0/0) is asked for, or is seen in
        # the results.
        warnings.simplefilter("ignore")
        # PySD draws from numpy's one global generator: same question, same answer.
        before = np.random.get_state()
        np.random.seed(0)
        try:
            yield
        finally:
            np.random.set_state(before)


def _fresh(source: Source, *, stock: bool) -> Any:
    """A PySD model that no run has touched."""
    module = _built(source, stock=stock) / MODULE
    model = pysd.load(str(module), initialize=False)
    _point(model, source.root)
    try:
        model.initialize()
    except RecursionError:
        raise InputError([_circle(source, model)]) from None
    except (ValueError, KeyError, AttributeError, OSError, NameError) as error:
        raise _refused(source, "cannot start the model", error) from error
    return model


def _point(model: Any, root: Path) -> None:
    """Let files be found from the model's folder: the module lies in the cache."""
    components = model.components
    for name in dir(components):
        part: Any = getattr(components, name)
        if isinstance(part, External):
            cast("Any", part).root = root
        elif hasattr(part, "components") and hasattr(part, "return_func"):
            _point(part, root)


def _built(source: Source, *, stock: bool) -> Path:
    """The folder of the Python module that PySD makes of the model."""
    # Data are read at each start, so that text alone decides; labels may come from files.
    parts = (BUILD, pysd.__version__, stock, source.text.content, source.subscripts)
    content = hashlib.sha256(repr(parts).encode()).hexdigest()

    def make(folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            lacking = names.unbuildable(source.abstract, source.place)
            if lacking:
                raise InputError(lacking)
            # PySD writes arrays and lookups through numpy's printing: eight decimals, unless told.
            digits = np.printoptions(precision=17, floatmode="unique")
            try:
                with nullcontext() if stock else digits:
                    ModelBuilder(_bare(source.abstract, folder, stock=stock)).build_model()
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                raise _refused(source, "cannot build the model", error) from error

    return kept("pysd", content, make)


def _bare(model: AbstractModel, folder: Path, *, stock: bool) -> AbstractModel:
    """A copy to build in `folder`: without texts, and with SMOOTHI's initial values as reals."""
    model = copy.deepcopy(model)
    for number, section in enumerate(model.sections):
        section.path = folder / (MODULE if number == 0 else section.path.name)
        for element in section.elements:
            # PySD writes the documentation into the module unquoted: text of a stranger's
            # model would become Python.
            element.documentation = element.units = ""
            for component in element.components:
                if not stock:
                    component.ast = _real(component.ast)
    return model


def _real(tree: Any) -> Any:
    """Multiply the initial values of smooths by 1.0, so that PySD keeps them in a float array."""
    if isinstance(tree, list | tuple):
        parts = [_real(part) for part in tree]
        return parts if isinstance(tree, list) else tuple(parts)
    if not is_dataclass(tree) or isinstance(tree, ae.LookupsStructure):
        return tree
    changed = {field.name: _real(getattr(tree, field.name)) for field in fields(tree)}
    if isinstance(tree, ae.SmoothStructure | ae.SmoothNStructure):
        changed["initial"] = ae.ArithmeticStructure(["*"], [changed["initial"], 1.0])
    return replace(cast("Any", tree), **changed)


def _constant(variable: Variable, value: float | Array, source: Source) -> Any:
    whole = np.broadcast_to(np.asarray(value, dtype=np.float64), variable.shape)
    return _labelled(variable, whole, source) if variable.dims else float(whole)


def _labelled(variable: Variable, values: Array, source: Source) -> xr.DataArray:
    labels = {dim: list(source.subscripts[dim]) for dim in variable.dims}
    return xr.DataArray(values, labels, list(variable.dims))


def _path(model: Any, variable: Variable, path: Course, source: Source) -> dict[str, Any]:
    """What to set so that a variable follows a path."""
    if variable.kind == catalogue.DATA:
        # PySD replaces the numbers of a series, not its equation.
        function = model.namespace[variable.name]
        data = getattr(model.components, model.dependencies[function]["__data__"])
        data.interp = "hold_backward" if path.step else "interpolate"
        values = [
            _labelled(variable, each, source) if variable.dims else float(each)
            for each in path.values
        ]
        return {variable.name: pd.Series(values, index=path.times)}
    if variable.dims:
        return {variable.name: lambda: _labelled(variable, _at(path, float(model.time())), source)}
    return {variable.name: lambda: float(_at(path, float(model.time())))}


def _at(path: Course, time: float) -> Array:
    if path.step:
        return path.values[max(int(np.searchsorted(path.times, time, side="right")) - 1, 0)]
    flat = path.values.reshape(len(path.times), -1)
    columns = [np.interp(time, path.times, flat[:, j]) for j in range(flat.shape[1])]
    return np.array(columns, dtype=np.float64).reshape(path.values.shape[1:])


def _values(column: Any, variable: Variable) -> Array:
    """A column of PySD's output as an array [time, *dims]."""
    first = column.iloc[0]
    if np.ndim(first) and not variable.dims:
        sentence = f"'{variable.name}' has no subscripts, but its equation is an array"
        hint = f"write {variable.name}[{', '.join(map(str, first.dims))}], or a sum over it"
        place = variable.chapter, variable.line
        raise wrong("subscripts", sentence, file=place[0], line=place[1], hint=hint)
    rows = [
        each.transpose(*variable.dims).values
        if isinstance(each, xr.DataArray) and variable.dims
        else np.broadcast_to(np.asarray(each, dtype=np.float64), variable.shape)
        for each in column
    ]
    return np.array(rows, dtype=np.float64)


def _refused(source: Source, what: str, error: Exception) -> InputError:
    """PySD's complaint about a model, at the place of the variable that it names."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = " ".join(lines) or type(error).__name__
    named = [each for each in source.variables.values() if lines and each.id in key(lines[0])]
    place = max(named, key=lambda each: len(each.id), default=None)
    file = place.chapter if place else str(source.text.chapters[0].file)
    return wrong("pysd", f"PySD {what}: {reason}", file=file, line=place.line if place else 0)


def _from_here(error: Exception) -> bool:
    """Whether it was raised by our text: what PySD raises in a run is about the model."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and str(trace.tb_frame.f_globals["__name__"]).startswith("sim.")


def _circle(source: Source, model: Any) -> Problem:
    """The equations that wait for each other."""
    dependencies = model.dependencies
    spoken = {function: name for name, function in model.namespace.items()}

    def search(function: str, way: list[str], seen: set[str]) -> list[str]:
        if function in way:
            return way[way.index(function) :]
        if function in seen or function not in spoken:
            return []
        seen.add(function)
        for other in dependencies.get(function, ()):
            if found := search(other, [*way, function], seen):
                return found
        return []

    seen: set[str] = set()
    circle = next((found for each in spoken if (found := search(each, [], seen))), [])
    words = [spoken[function] for function in circle]
    by_name = {variable.name: variable for variable in source.variables.values()}
    first = by_name.get(words[0]) if words else None
    sentence = "equations wait for each other: " + " → ".join([*words, *words[:1]])
    return Problem("circle", sentence, first.chapter if first else "", first.line if first else 0)
