"""What is to be swept, and that looked up and packed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import scenario as scenarios
from sim import store
from sim.errors import InputError, Problem, wrong
from sim.run import ensemble
from sim.run.bundle import STANDS_ON, Bundle, Setting, engine
from sim.run.columns import names
from sim.run.model import Model
from sim.run.prepared import Integrator, prepare
from sim.run.sketch import points
from sim.run.work import OUTPUTS, SKETCHES, Task
from sim.scenario import Scenario
from sim.store import parquet
from sim.store.files import Content

Storage = Literal["trajectories", "summary", "both"]
KEPT = {"trajectories": (OUTPUTS,), "summary": (SKETCHES,), "both": (OUTPUTS, SKETCHES)}

PART_BYTES = 32 * 2**20  # of trajectories in memory while a part is computed
FEWEST, MOST = 256, 16384  # members of a part
FIRST_BLOCKS = 64  # after which a sweep that may end early is looked at first
RESERVED, SCENARIO = {"time", "member"}, "scenario"  # columns of every part
PIECES = 16  # a small sweep is cut into so many parts, so that workers share it


@dataclass(frozen=True, eq=False)
class Order:
    """What is to be swept.

    Args:
        label: what the sweep is called.
        table: one row a member, one column a parameter (see `Model.ensemble`).
        outputs: ids or names of variables.
        scenarios: ids, files or `Scenario`s, None for the model as its text has it; the same
            members run under each, with the same random draws.
        times: moments to keep; None: every SAVEPER.
        settings: what all members share, on top of the scenarios; time bounds among it.
        seed: of the model's random functions.
        integrator: "euler" or "rk4".
        storage: keep "trajectories", only a "summary", or "both".
        limit: the share of members, over all scenarios, that may leave the finite numbers.
        design: how the table was made (kind, n, seed, groups, estimator), for who analyses it.
        part: members of a part; None: as many as fit well.
        experiment: the experiment file, for the reader of the manifest; empty where there is none.
        block: members that hang together, of a sweep that may end early; 0: it may not.
    """

    label: str
    table: pd.DataFrame
    outputs: Sequence[str]
    scenarios: Sequence[Any] = ("baseline",)
    times: Sequence[float] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    seed: int = 0
    integrator: Integrator = "euler"
    storage: Storage = "both"
    limit: float = 0.05
    design: Mapping[str, Any] = field(default_factory=dict[str, Any])
    part: int | None = None
    experiment: Mapping[str, Any] = field(default_factory=dict[str, Any])
    block: int = 0


@dataclass(frozen=True, eq=False)
class Sweep:
    """An order, looked up and packed.

    Args:
        label: what it is called.
        bundle: what workers are sent.
        values: [member, column] the members' numbers.
        part: members of a part.
        question: all that the numbers hang on.
        limit: the share of members that may fail.
        inputs: the table as bytes of a Parquet file.
        facts: what else the manifest tells.
        stages: after how many members a look is taken whether they are enough; the last: all.
    """

    label: str
    bundle: Bundle
    values: NDArray[np.float64]
    part: int
    question: Mapping[str, Any]
    limit: float
    inputs: Content
    facts: Mapping[str, Any]
    stages: tuple[int, ...]

    @property
    def members(self) -> int:
        """Rows of the table."""
        return len(self.values)

    @property
    def runs(self) -> int:
        """Members times scenarios."""
        return self.members * len(self.bundle.settings)

    @property
    def parts(self) -> int:
        """How many parts."""
        return len(self.bundle.settings) * -(-self.members // self.part)

    def task(self, number: int) -> Task:
        """What is computed in a part."""
        scenario, place = divmod(number, -(-self.members // self.part))
        first = place * self.part
        return Task(number, scenario, first, self.values[first : first + self.part])


def pack(model: Model, order: Order) -> Sweep:
    """Look everything up.

    Raises:
        InputError: everything that is wrong with table, scenarios, outputs or settings.
    """
    if order.table.columns.has_duplicates:
        raise wrong("column-twice", "a column is in the table twice")
    problems: list[Problem] = []
    programs: dict[str, int] = {}
    kinds: list[Any] = []
    settings: list[Setting] = []
    columns: dict[str, dict[str, int]] = {}
    merged: dict[str, Any] = {}
    wanted: tuple[str, ...] = ()
    times: tuple[float, ...] | None = None
    places = {str(label): place for place, label in enumerate(order.table.columns)}
    for asked in order.scenarios:
        try:
            found = _scenario(model, asked)
            inputs, own = model.inputs(found, order.settings)
            wanted = model.wanted(order.outputs, inputs)
            ensemble.checked(model.source, order.table, inputs)
            made = prepare(
                model.source, wanted, inputs, integrator=order.integrator, times=order.times
            )
        except InputError as error:
            problems += error.problems
            continue
        program = made.kernel.schedule.program
        if program.hash not in programs:
            programs[program.hash] = len(kinds)
            kinds.append(program)
        settings.append(Setting(own, programs[program.hash], made.parameters, made.series))
        columns[own] = ensemble.elements(model.source, places, inputs)
        moments = tuple(made.kernel.times.tolist())
        if times not in {None, moments}:
            problems.append(Problem("times-differ", f"'{own}' is saved at other times"))
        times = moments
        if isinstance(found, Scenario):
            merged[own] = found.merged()
    if len({one.id for one in settings}) < len(settings):
        problems.append(Problem("scenario-twice", "a scenario is asked for twice"))
    variables = [model.variables[own] for own in wanted]
    outcomes = [(name, one.units) for one in variables for name in names(one, model.subscripts)]
    named = {SCENARIO} if any(one.id for one in settings) else set[str]()
    for name in (RESERVED | named) & {*places, *(name for name, _ in outcomes)}:
        problems.append(Problem("reserved-name", f"'{name}' is a column of every table already"))
    if problems:
        raise InputError(dict.fromkeys(problems))
    if times is None:
        raise wrong("no-scenario", "no scenario is asked for")
    members, numbers = len(order.table), len(times) * len(outcomes) + len(places)
    part = order.part or _part(members, len(settings), numbers)
    stages = _stages(members, order.block)
    if len(stages) > 1:
        part = _within(part, stages[0], order.block)
    bundle = Bundle(
        programs=tuple(kinds),
        settings=tuple(settings),
        outcomes=tuple(name for name, _ in outcomes),
        units=tuple(units for _, units in outcomes),
        times=times,
        columns=next(iter(columns.values())),
        seed=order.seed,
        backend="llvm",
        integrator=order.integrator,
        kept=KEPT[order.storage],
        points=points(-(-members // part)),
        engine=engine(),
    )
    values = np.ascontiguousarray(order.table.to_numpy(dtype=np.float64))
    inputs_file = _table(order.table)
    return Sweep(
        label=order.label,
        bundle=bundle,
        values=values,
        part=part,
        question={
            "model": model.source.text_hash,
            "data": model.source.data_hash,
            "scenarios": [one.id for one in settings],
            "bundle": store.digest(bundle.packed),
            "inputs": store.digest(inputs_file),
            "members": len(values),
            "members_in_part": part,
            "outputs": list(wanted),
            "storage": order.storage,
            "seed": order.seed,
            "integrator": order.integrator,
            "engine": bundle.engine,
            "design": _listed(order.design),
        },
        limit=order.limit,
        inputs=inputs_file,
        facts={
            "experiment": _listed(order.experiment),
            "scenarios": merged,
            "outcomes": _described(model, wanted),
            "times": times,
            "limit": order.limit,
            "versions": [f"{own} {version(own)}" for own in ("trondelag", *STANDS_ON)],
        },
        stages=stages,
    )


def ids(outcomes: Mapping[str, Any], order: Sequence[str]) -> list[tuple[str, str]]:
    """Of each element: its variable's id and its labels, "" for a scalar.

    Args:
        outcomes: as the manifest tells of them.
        order: ids of the outcomes, in the order of the columns.
    """
    return [
        (own, element[len(outcomes[own]["name"]) + 1 : -1])
        for own in order
        for element in outcomes[own]["elements"]
    ]


def _scenario(model: Model, asked: Any) -> Any:
    if asked is None or (asked == "baseline" and not model.source.ours):
        return None
    return scenarios.load(asked) if isinstance(asked, str | Path) else asked


def _part(members: int, settings: int, numbers: int) -> int:
    """Members of a part, of so many numbers each: hangs on the question, not on the machine."""
    fitting = 2 ** int(np.log2(max(PART_BYTES / (8 * numbers), 1)))
    shared = -(-members * settings // PIECES)
    shared = -(-shared // FEWEST) * FEWEST
    return min(max(fitting, FEWEST), MOST, shared)


def _stages(members: int, block: int) -> tuple[int, ...]:
    """Numbers of members, each twice the one before, then all."""
    if not block:
        return (members,)
    first = block * FIRST_BLOCKS if block > 1 else FEWEST
    stages: list[int] = []
    while first < members:
        stages.append(first)
        first *= 2
    return (*stages, members)


def _within(part: int, stage: int, block: int) -> int:
    """Members of a part that ends where the stage does, of about the size wanted."""
    while stage > part and stage % (2 * block) == 0:
        stage //= 2
    return stage


def _table(table: pd.DataFrame) -> Content:
    columns: dict[str, Any] = {"member": np.arange(len(table), dtype=np.int64)}
    columns |= {str(name): table[name].to_numpy(dtype=np.float64) for name in table.columns}
    return parquet.encoded(columns)


def _described(model: Model, wanted: Sequence[str]) -> dict[str, Any]:
    """What the manifest tells of each outcome; the elements are columns of the outputs."""
    return {
        own: {
            "name": model.variables[own].name,
            "units": model.variables[own].units,
            "dims": list(model.variables[own].dims),
            "elements": names(model.variables[own], model.subscripts),
        }
        for own in wanted
    }


def _listed(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON has it, numbers of NumPy among them."""
    return json.loads(json.dumps(values, default=lambda one: one.tolist()))
