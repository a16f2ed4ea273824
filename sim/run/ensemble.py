"""Many members at once: a table of parameters in, trajectories with a status per member out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.deferred import pd, xr
from sim.errors import InputError, Problem, did_you_mean
from sim.ir import identifier
from sim.kernel import Reducer, Run, Status
from sim.run import results
from sim.run.columns import names, place
from sim.run.prepared import Backend, Integrator, Prepared, assigned, prepare
from sim.run.program import program
from sim.run.settings import Given, find
from sim.source import Source
from sim.source.catalogue import CONSTANT, CONTROL, DATA, LOOKUP, STOCK

Array = NDArray[np.float64]

WHY_NOT = {
    CONTROL: "shapes the run; set it for all members with a scenario or `settings`",
    LOOKUP: "is a lookup",
    STOCK: "is a stock; vary its initial value instead",
    DATA: "is data over time; set it for all members as a path",
}


MEANINGS = {
    "flag_values": [int(status) for status in Status],
    "flag_meanings": " ".join(status.name.lower() for status in Status),
}


def run(
    source: Source,
    table: pd.DataFrame,
    outputs: Sequence[str],
    inputs: Given,
    *,
    times: ArrayLike | None = None,
    seed: int = 0,
    backend: Backend = "llvm",
    integrator: Integrator = "euler",
    threads: int | None = None,
    reducers: Sequence[Reducer] | None = None,
    out: Array | None = None,
) -> xr.Dataset:
    """Simulate every row of a table; see `Model.ensemble`, whose arguments are looked up here.

    Args:
        source: the model.
        table: one row a member, one column a parameter.
        outputs: ids of variables.
        inputs: what all members share; the table wins.
        times: moments to store; None: every `saveper`.
        seed: of the model's random draws.
        backend: "llvm" or "numpy".
        integrator: "euler" or "rk4".
        threads: as many as there are processors where not given.
        reducers: figures of outcomes in place of trajectories.
        out: memory to write to, as `Model.ensemble` has it.

    Raises:
        InputError: everything that is wrong with the table or the model.
    """
    columns = checked(source, table, inputs)
    made = prepare(
        source,
        outputs,
        inputs,
        backend=backend,
        integrator=integrator,
        times=None if times is None else np.asarray(times, dtype=np.float64).ravel().tolist(),
    )
    free = {one.name for one in made.kernel.schedule.program.parameters}
    given: dict[str, Any] = dict(made.parameters)
    given |= {name: column for name, column in columns.items() if name in free}
    done = made.kernel.integrate(
        given,
        series=made.series,
        seed=seed,
        members=np.arange(len(table), dtype=np.int64),
        out=out,
        threads=threads,
        reducers=reducers or (),
        trajectories=reducers is None,
    )
    return _dataset(source, made, done, table.index, reducers)


def checked(source: Source, table: pd.DataFrame, inputs: Given) -> dict[str, Array]:
    """The columns of a table by the parameter's element, each of shape (member,).

    Raises:
        InputError: unknown columns, what is no free constant, values that are no finite
            numbers, the same parameter twice.
    """
    problems: list[Problem] = []
    if table.empty:
        problems.append(Problem("empty-table", "the table has no members or no columns"))
        raise InputError(problems)
    structural, _, series = assigned(source, inputs)
    plain = program(source, structural, tuple(series), exact=False)
    free = {one.name for one in plain.parameters}
    shaping = {one.name for one in plain.built_in}
    columns: dict[str, Array] = {}
    for position, label in enumerate(table.columns):
        column = str(label)
        elements, complaint = _elements(source, column, inputs)
        values = _numbers(table.iloc[:, position])
        if values is None:
            complaint = complaint or Problem(
                "not-a-number", f"column '{column}' holds what is no number"
            )
        elif not np.isfinite(values).all():
            row = int(np.flatnonzero(~np.isfinite(values))[0])
            said = f"column '{column}' is not finite in row {table.index[row]}"
            complaint = complaint or Problem("not-finite", said)
        for name in elements if complaint is None else ():
            if name in shaping:
                said = f"'{name}' shapes the program (a time step, a fixed delay or an order)"
                complaint = Problem(
                    "structural", said, hint="set it for all members with `settings`"
                )
            elif name not in free:
                said = f"'{name}' is computed from other numbers and cannot vary"
                complaint = Problem("not-free", said)
            elif name in columns:
                complaint = Problem("column-twice", f"'{name}' is in the table twice")
        if complaint is not None:
            problems.append(complaint)
            continue
        assert values is not None  # noqa: S101 -- else there is a complaint
        columns |= dict.fromkeys(elements, values)
    if problems:
        raise InputError(problems)
    return columns


def elements(source: Source, columns: Mapping[str, int], inputs: Given) -> dict[str, int]:
    """The parameter's elements that columns of a `checked` table stand for, each with its column.

    Args:
        source: the model.
        columns: positions by label.
        inputs: what all members share.
    """
    return {
        name: place
        for column, place in columns.items()
        for name in _elements(source, column, inputs)[0]
    }


def _numbers(column: pd.Series) -> Array | None:
    if column.dtype == object or not pd.api.types.is_numeric_dtype(column):
        return None
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_complex_dtype(column):
        return None
    return np.ascontiguousarray(column.to_numpy(dtype=np.float64, na_value=np.nan))


def _elements(source: Source, column: str, inputs: Given) -> tuple[list[str], Problem | None]:
    """The elements that a column stands for, or what is wrong with it."""
    whole = find(column, source.variables)
    head, bracket, rest = column.partition("[")
    variable = whole or find(head.strip(), source.variables)
    if variable is None:
        hint = did_you_mean(identifier(head), list(source.variables))
        return [], Problem("unknown-parameter", f"the model has no constant '{head}'", hint=hint)
    if variable.kind != CONSTANT:
        why = WHY_NOT.get(variable.kind, "is computed by an equation")
        return [], Problem("not-a-constant", f"'{column}' {why}")
    if variable.id in inputs.paths:
        said = f"'{column}' follows a path that all members share"
        return [], Problem("set-twice", said, hint="take it out of the table or of the scenario")
    all_of_it = names(variable, source.subscripts)
    if whole is not None or not bracket:
        return all_of_it, None
    position = place(variable, source.subscripts, rest)
    if position is None:
        hint = did_you_mean(column, all_of_it)
        said = f"'{variable.id}' has no element '[{rest}'"
        return [], Problem("unknown-subscript", said, hint=hint)
    return [all_of_it[position]], None


def _dataset(
    source: Source,
    made: Prepared,
    done: Run,
    index: pd.Index,
    reducers: Sequence[Reducer] | None,
) -> xr.Dataset:
    values: dict[str, Array] = {}
    if reducers is None:
        shape = (len(done.times), len(index))
        values = {
            own: done.values[:, :, part].reshape(*shape, *source.variables[own].shape)
            for own, part in made.places.items()
        }
    facts = {
        "model": source.text_hash,
        "data": source.data_hash,
        "engine": done.engine,
        "seed": done.seed,
    }
    whole = results.dataset(source, done.times, values, facts, index)
    left_in = np.full(len(index), "", dtype=object)
    for row, name in done.left_in.items():
        left_in[row] = name
    said = {
        "status": "How the run of the member ended",
        "failed_at": "When the member left the finite numbers",
        "failed_in": "The element in which the member left the finite numbers",
    }
    whole["status"] = ("member", done.status, {"long_name": said["status"], **MEANINGS})
    unit = source.variables["time_step"].units
    whole["failed_at"] = ("member", done.left_at, {"long_name": said["failed_at"], "units": unit})
    whole["failed_in"] = ("member", left_in, {"long_name": said["failed_in"]})
    if reducers is not None:
        labels = [f"{one.kind} of {one.outcome}" for one in reducers]
        whole = whole.assign_coords(figure=("figure", labels))
        whole["reduced"] = (("member", "figure"), done.reduced)
    return whole
