"""The model as a Python object: its catalogue, and how to run it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.deferred import pd, xr
from sim.errors import InputError, did_you_mean, wrong
from sim.kernel import Reducer
from sim.run import bounds, ensemble, fast, results
from sim.run.prepared import Integrator
from sim.run.settings import Given, find, given, unknown
from sim.run.trajectories import Trajectories, watched
from sim.source import Source, load
from sim.source.catalogue import CONSTANT, CONTROL, LOOKUP, Variable

Engine = Callable[[Source, Sequence[str], Given, Integrator], Trajectories]
"""Simulates once: model, ids of outputs, inputs, integrator."""

DEFAULT = "fast"


def _fast(
    source: Source, outputs: Sequence[str], inputs: Given, integrator: Integrator
) -> Trajectories:
    return fast.run(source, outputs, inputs, integrator=integrator)


def _numpy(
    source: Source, outputs: Sequence[str], inputs: Given, integrator: Integrator
) -> Trajectories:
    return fast.run(source, outputs, inputs, backend="numpy", integrator=integrator)


def _pysd(
    source: Source, outputs: Sequence[str], inputs: Given, integrator: Integrator
) -> Trajectories:
    from sim.source import reference  # PySD takes half a second to import

    if integrator != "euler":
        raise wrong("integrator", "PySD integrates by Euler only", hint="use another engine")
    times, values = reference.run(source, outputs, inputs.constants, inputs.paths)
    return watched(source, times, values)


ENGINES: dict[str, Engine] = {"fast": _fast, "numpy": _numpy, "pysd": _pysd}


class Model:
    """A model that can be run; made by `load_model`."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @property
    def variables(self) -> Mapping[str, Variable]:
        """The catalogue: every variable, by id, in the order of the text."""
        return self.source.variables

    @property
    def subscripts(self) -> Mapping[str, tuple[str, ...]]:
        """Range name → labels of its elements."""
        return self.source.subscripts

    @property
    def hash(self) -> str:
        """SHA-256 over text and data: the same model, the same hash, on every machine."""
        return self.source.hash

    def run(
        self,
        scenario: Any = "baseline",
        *,
        engine: str = DEFAULT,
        outputs: Sequence[str] | None = None,
        settings: Mapping[str, Any] | None = None,
        integrator: Integrator = "euler",
    ) -> xr.Dataset:
        """Simulate once.

        Args:
            scenario: a bundled scenario's id, a file, a `sim.scenario.Scenario`, or None for
                the model as its text has it. Other people's models have no scenarios: for them
                "baseline" is the text.
            engine: one of `ENGINES`.
            outputs: ids or names of the variables to save; None for all that are computed.
            settings: value by name, on top of the scenario (see `sim.run.settings`).
            integrator: "euler", or "rk4" where every state is continuous (not with PySD).

        Returns:
            Variables by id over `time` (the saved times, in the model's unit of time) and
            the ids of their ranges; units, names and descriptions in their attributes; what the
            run depends on in the attributes of the whole.

        Raises:
            InputError: unknown names, wrong settings, a scenario that does not fit.
        """
        inputs, name = self.inputs(scenario, settings)
        wanted = self.wanted(outputs, inputs)
        return self.simulate(inputs, name, wanted, engine, integrator)

    def ensemble(
        self,
        table: pd.DataFrame | Mapping[str, ArrayLike],
        outputs: Sequence[str] | None = None,
        *,
        scenario: Any = "baseline",
        times: ArrayLike | None = None,
        settings: Mapping[str, Any] | None = None,
        seed: int = 0,
        engine: str = DEFAULT,
        integrator: Integrator = "euler",
        threads: int | None = None,
        reducers: Sequence[Reducer] | None = None,
        out: NDArray[np.float64] | None = None,
    ) -> xr.Dataset:
        """Simulate once for every row of a table.

        A member that leaves the finite numbers is no error: its values are given as they are,
        and the others are the same to the last bit as without it.

        Args:
            table: one row a member; the columns are constants, by id, name or element
                (`birth_rate`, `birth rate[Districts]`; the name of an array sets all of it), in
                the model's units. The index names the members. A dict of columns does too.
            outputs: ids or names of variables; None for all that are computed.
            scenario: as for `run`; the table wins over it.
            times: moments to store, each on a step; None: every SAVEPER of the model.
            settings: as for `run`; what all members share, time bounds among it.
            seed: of the model's random functions; a member's draws hang on its row.
            engine: "fast" or "numpy".
            integrator: "euler" or "rk4".
            threads: as many as there are processors where not given; the numbers are the same.
            reducers: figures to take (`sim.kernel.Reducer`) in place of trajectories, so that
                any number of members fits into memory.
            out: C-ordered float64 memory to write to, shape (time, member, elements of all
                outputs); the result's variables are views of it.

        Returns:
            Variables by id over `time`, `member` and their ranges; over `member` the `status`
            (0 finished, 1 left the finite numbers), `failed_at` (time, else NaN) and `failed_in`
            (element, else "").

        Raises:
            InputError: everything that is wrong with table, names, scenario or settings.
        """
        if engine not in {"fast", "numpy"}:
            hint = "known are fast, numpy"
            raise wrong("unknown-engine", f"'{engine}' does not run ensembles", hint=hint)
        inputs, _ = self.inputs(scenario, settings)
        try:
            rows = table if isinstance(table, pd.DataFrame) else pd.DataFrame(table)
        except ValueError as fault:  # columns of unlike length, or none at all
            raise wrong("no-table", f"the columns make no table: {fault}") from fault
        return ensemble.run(
            self.source,
            rows,
            self.wanted(outputs, inputs),
            inputs,
            times=times,
            seed=seed,
            backend="llvm" if engine == "fast" else "numpy",
            integrator=integrator,
            threads=threads,
            reducers=reducers,
            out=out,
        )

    def simulate(
        self,
        inputs: Given,
        scenario: str,
        outputs: Sequence[str],
        engine: str = DEFAULT,
        integrator: Integrator = "euler",
    ) -> xr.Dataset:
        """`run`, with everything looked up: inputs, the scenario's id and ids of outputs."""
        run = self.trajectories(inputs, outputs, engine, integrator)
        facts = results.facts(self.source, inputs, scenario, engine)
        if integrator != "euler":
            facts["integrator"] = integrator
        if run.failed:
            facts |= {"left_at": run.left_at, "left_in": run.left_in}
        return results.dataset(self.source, run.times, run.values, facts)

    def trajectories(
        self,
        inputs: Given,
        outputs: Sequence[str],
        engine: str = DEFAULT,
        integrator: Integrator = "euler",
    ) -> Trajectories:
        """`simulate`, as bare arrays."""
        if engine not in ENGINES:
            hint = did_you_mean(engine, list(ENGINES)) or f"known are {', '.join(ENGINES)}"
            raise wrong("unknown-engine", f"there is no engine '{engine}'", hint=hint)
        return ENGINES[engine](self.source, outputs, inputs, integrator)

    def inputs(
        self, scenario: Any = None, settings: Mapping[str, Any] | None = None
    ) -> tuple[Given, str]:
        """What a scenario and settings give the model, and the scenario's id ("" for none).

        Raises:
            InputError: as for `run`.
        """
        start, name = Given(), ""
        if scenario == "baseline" and not self.source.ours:
            scenario = None
        if scenario is not None:
            # Not needed for other people's models, and takes a fifth of a second to import.
            import sim.scenario as scenarios

            if isinstance(scenario, str | Path):
                scenario = scenarios.load(scenario)
            resolved = scenarios.resolve(scenario, self.variables, self.subscripts)
            constants = {
                own: np.asarray(value, dtype=np.float64)
                for own, value in resolved.constants.items()
            }
            start, name = Given(constants, resolved.paths), scenario.id
        inputs = given(settings or {}, self.variables, self.subscripts, start)
        problems = list(bounds.wrongs(self.source, inputs.constants))
        if problems:
            raise InputError(problems)
        return inputs, name

    def wanted(self, outputs: Sequence[str] | None, inputs: Given) -> tuple[str, ...]:
        """The ids of the outputs asked for; all that are computed where none are.

        Raises:
            InputError: every name that is no variable's, or a lookup's.
        """
        if outputs is None:
            fixed = {CONSTANT, CONTROL, LOOKUP}
            return tuple(
                variable.id
                for variable in self.variables.values()
                if variable.kind not in fixed or variable.id in inputs.paths
            )
        found = [find(name, self.variables) for name in outputs]
        problems = [
            unknown(name, self.variables)
            for name, variable in zip(outputs, found, strict=True)
            if variable is None
        ]
        if problems:
            raise InputError(problems)
        chosen = dict.fromkeys(variable.id for variable in found if variable)
        tables = [name for name in chosen if self.variables[name].kind == LOOKUP]
        if tables:
            sentence = f"'{tables[0]}' is a lookup, which has no value over time"
            raise wrong("lookup-output", sentence)
        return tuple(chosen)


def load_model(path: Path | str | None = None) -> Model:
    """Load this project's model (None), a folder of chapters, or a Vensim or XMILE file.

    Raises:
        InputError: everything that is wrong with it, each with file and line.
    """
    return Model(load(path))
