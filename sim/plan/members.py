"""From an experiment to the table of its members."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean
from sim.plan.blocks import Block, Plain, Rows
from sim.plan.design import (
    ALONE,
    DRAWING,
    ESTIMATORS,
    FEWEST_FAST,
    GROUPED,
    STOPPING,
    Copula,
    Design,
    Factor,
    correlated,
    fingerprint,
    maker,
    rows,
    sampled,
)
from sim.plan.inputs import Reader
from sim.scenario import distribution as d
from sim.scenario.experiment import MOST, Experiment
from sim.source.catalogue import CONSTANT, CONTROL, LOOKUP, Variable

MOST_NUMBERS = 2**29  # of the table: 4 GB, and three times that while it is written


@dataclass(frozen=True, eq=False)
class MemberTable:
    """The members of an experiment: the same under every scenario.

    Args:
        table: one row a member, one column an element of a constant (see `Model.ensemble`).
        sample: the design that made it.
        scenarios: ids or files under which each member runs; () for the model as its text is.
        digest: SHA-256 over table and design.
    """

    table: pd.DataFrame
    sample: Design
    scenarios: tuple[str, ...]
    digest: str

    @property
    def design(self) -> dict[str, Any]:
        """How it was made, as JSON has it: keep it with the results, `analyze` needs it.

        Among the keys are kind, n, seed, groups, second_order and estimator; the unit sample
        can be made from it again (`sim.plan.design`).
        """
        return self.sample.plain()


def members(
    experiment: Experiment,
    variables: Mapping[str, Variable],
    subscripts: Mapping[str, Sequence[str]],
) -> MemberTable:
    """Sample what an experiment varies.

    Args:
        experiment: as loaded.
        variables: the model's catalogue, by id.
        subscripts: range name → labels.

    Raises:
        InputError: everything in the experiment that does not fit the model or its design.
    """
    reader = Reader(experiment, variables, subscripts)
    reader.read()
    problems = reader.problems
    problems += _outputs(experiment, variables)
    copulas, factors = _tied(experiment, reader.blocks, problems)
    if not factors and not problems:
        hint = "constants need a range in their units, or a distribution under inputs"
        said = "nothing varies: no constant asked for has a range"
        problems.append(experiment.problem("nothing-varies", said, "constants", hint=hint))
    design = _design(experiment, factors, copulas, problems)
    _discrete(experiment, reader.blocks, problems)
    if problems:
        raise InputError(dict.fromkeys(problems))
    cube = sampled(design)
    design = replace(design, members=len(cube), made_by=maker(design.kind), cube=fingerprint(cube))
    table = _table(reader.blocks, correlated(design, cube))
    return MemberTable(table, design, experiment.scenarios, _digest(table, design))


def _table(blocks: Sequence[Block], cube: NDArray[np.float64]) -> pd.DataFrame:
    parts: list[tuple[Block, slice]] = []
    first = 0
    for block in blocks:
        parts.append((block, slice(first, first + len(block.factors))))
        first += len(block.factors)
    names = [name for block, part in parts for name in block.columns(cube[:1, part])]
    # One matrix from here to the engine: a million members of all constants fill gigabytes.
    values = np.empty((len(cube), len(names)))
    column = 0
    for block, part in parts:
        for each in block.columns(cube[:, part]).values():
            values[:, column] = each
            column += 1
    index = pd.RangeIndex(len(cube), name="member")
    return pd.DataFrame(values, index=index, columns=names, copy=False)


def _outputs(experiment: Experiment, variables: Mapping[str, Variable]) -> list[Problem]:
    problems: list[Problem] = []
    fixed = {CONSTANT, CONTROL, LOOKUP}
    computed = [own for own, each in variables.items() if each.kind not in fixed]
    for number, own in enumerate(experiment.outputs):
        if own not in computed:
            said = f"the model has no variable '{own}'"
            if own in variables:
                said = f"'{own}' is a {variables[own].kind}, not computed over time"
            hint = did_you_mean(own, computed)
            problems.append(
                experiment.problem("unknown-output", said, "outputs", number, hint=hint)
            )
    return problems


def _tied(
    experiment: Experiment, blocks: Sequence[Block], problems: list[Problem]
) -> tuple[tuple[Copula, ...], tuple[Factor, ...]]:
    """Copulas, and the factors; what moves together is judged together where a design can."""
    factors = {factor.id: factor for block in blocks for factor in block.factors}
    free = {
        factor.id for block in blocks if not isinstance(block, Rows) for factor in block.factors
    }
    copulas: list[Copula] = []
    tied: dict[str, str] = {}
    for own, said in experiment.correlated.items():
        keys = ("correlated", own)
        unknown = [name for name in said.inputs if name not in free]
        for name in unknown:
            sentence = f"'{name}' is correlated but does not vary as one input"
            hint = did_you_mean(name, sorted(free))
            problems.append(
                experiment.problem("unknown-input", sentence, *keys, "inputs", hint=hint)
            )
        twice = [name for name in said.inputs if name in tied or said.inputs.count(name) > 1]
        if twice:
            sentence = f"'{twice[0]}' is correlated twice"
            problems.append(experiment.problem("correlated-twice", sentence, *keys))
        tied |= dict.fromkeys(said.inputs, own)
        matrix = _matrix(said.correlation, len(said.inputs))
        if matrix is None:
            sentence = (
                f"the correlations of '{own}' are no such matrix: symmetric, ones in the "
                "diagonal, as many rows as inputs, and possible together (positive definite)"
            )
            problems.append(experiment.problem("no-correlation", sentence, *keys, "correlation"))
        elif not unknown and not twice:
            rows_ = tuple(tuple(row) for row in matrix.tolist())
            copulas.append(Copula(said.inputs, rows_))
    kind = experiment.design.kind
    grouped = kind in GROUPED
    made: list[Factor] = []
    for factor in factors.values():
        group = tied.get(factor.id, factor.group) if grouped else factor.id
        made.append(replace(factor, group=group))
    joined = [own for own, factor in factors.items() if own in tied or factor.group != own]
    if kind in ALONE and joined:
        sentence = (
            f"{kind} judges each input as independent, but '{joined[0]}' moves with others "
            "(a group, shares, or correlated)"
        )
        hint = "use sobol or morris, which judge groups, or lhs, delta or pawn"
        problems.append(experiment.problem("not-independent", sentence, "design", hint=hint))
    names = set(factors)
    clash = {factor.group for factor in made if factor.group != factor.id} & names
    for own in sorted(clash):
        sentence = f"the group '{own}' has the name of an input"
        problems.append(experiment.problem("group-name", sentence))
    return tuple(copulas), tuple(made)


def _matrix(given: float | tuple[tuple[float, ...], ...], count: int) -> NDArray[np.float64] | None:
    if isinstance(given, float | int):
        matrix = np.full((count, count), float(given))
        np.fill_diagonal(matrix, 1.0)
    else:
        if len(given) != count or any(len(row) != count for row in given):
            return None
        matrix = np.array(given, dtype=np.float64)
    right = np.array_equal(matrix, matrix.T) and bool((np.diag(matrix) == 1.0).all())
    if not right or np.linalg.eigvalsh(matrix)[0] < 1e-9:
        return None
    return matrix


def _design(
    experiment: Experiment,
    factors: tuple[Factor, ...],
    copulas: tuple[Copula, ...],
    problems: list[Problem],
) -> Design:
    said = experiment.design
    levels = said.levels or {"morris": 4, "full": 3}.get(said.kind, 0)
    design = Design(
        kind=said.kind,
        estimator=ESTIMATORS[said.kind],
        n=said.n or 0,
        seed=said.seed,
        second_order=bool(said.second_order),
        levels=levels,
        optimal=said.optimal or 0,
        rows=len(next(iter(experiment.drawn.values()), ())),
        factors=factors,
        copulas=copulas,
        failed=experiment.failed.policy,
        at_most=experiment.failed.at_most,
        stop=experiment.stop.ci_halfwidth if experiment.stop else 0.0,
        stop_of=(experiment.stop and experiment.stop.of)
        or ("total" if said.kind == "sobol" else "first"),
    )

    def complain(code: str, sentence: str, hint: str = "") -> None:
        problems.append(experiment.problem(code, sentence, "design", hint=hint))

    if design.rows and said.kind not in DRAWING:
        hint = f"use one of {', '.join(sorted(DRAWING))}"
        complain("no-rows", f"{said.kind} cannot take rows of draws whole", hint)
    if said.kind == "posterior":
        if design.n > design.rows:
            complain("too-many-draws", f"the draws have {design.rows:,} rows, not {design.n:,}")
        design = replace(design, members=design.n or design.rows)
    if said.kind == "fast" and design.n < FEWEST_FAST:
        complain("too-few", f"fast needs n of {FEWEST_FAST} or more, not {design.n}")
    if said.kind in {"rbd_fast", "delta", "pawn", "hdmr"} and design.n < 100:
        complain("too-few", f"{said.kind} needs n of 100 or more, not {design.n}")
    if said.kind == "hdmr" and design.n < 300:
        complain("too-few", f"hdmr needs n of 300 or more, not {design.n}")
    if experiment.stop is not None:
        given = STOPPING.get(said.kind, ())
        if design.stop_of not in given:
            what = f"{said.kind} has no intervals of {design.stop_of} indices to stop by"
            hint = f"{said.kind} has those of first indices" if given else "use sobol or lhs"
            complain("no-interval", what, hint)
    size = said.optimal or design.n or design.members
    count = rows(said.kind, size, len(factors), len(design.groups),
                 design.second_order, levels)  # fmt: skip
    numbers = count * sum(len(factor.columns) for factor in factors)
    if count > MOST or numbers > MOST_NUMBERS:
        complain("too-many-members", f"{count:,} members are more than one experiment holds")
    if said.kind == "full" and len(factors) > 1 and count > MOST:
        complain("too-many-members", f"{levels} levels of {len(factors)} inputs cannot be run",
                 "use lhs or halton")  # fmt: skip
    return design


def _discrete(experiment: Experiment, blocks: Sequence[Block], problems: list[Problem]) -> None:
    """Slopes of what moves in steps are nothing or beyond all measure."""
    if experiment.design.kind != "dgsm":
        return
    for block in blocks:
        if isinstance(block, Plain) and isinstance(block.given, d.Integer | d.Category | d.Switch):
            said = f"dgsm takes slopes, and '{block.factors[0].id}' moves in steps"
            problems.append(experiment.problem("no-slope", said, "design", hint="use sobol"))


def _digest(table: pd.DataFrame, design: Design) -> str:
    content = hashlib.sha256(json.dumps(design.plain(), sort_keys=True).encode())
    for name in table.columns:
        numbers = np.asarray(table[name].to_numpy() + 0.0, dtype="<f8")
        content.update(f"{name}\n".encode() + numbers.tobytes())
    return content.hexdigest()
