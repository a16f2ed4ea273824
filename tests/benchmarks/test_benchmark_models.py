"""The benchmark measures what it says: sizes of its models, one kernel for each operation."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.ir import Op
from sim.kernel import build
from tests.benchmarks import ceiling, waiting
from tests.benchmarks.cases import Case, cases
from tests.benchmarks.engines import kernel
from tests.benchmarks.peers import figure


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    folder = tmp_path_factory.mktemp("models")
    return {case.name: case for case in cases(folder, ["world", "planned"])}


def test_the_models_have_the_sizes_that_are_said(models: dict[str, Case]) -> None:
    world = kernel(models["World3-class"]).schedule
    assert len(world.states) == 41
    assert world.grid.steps == 400
    assert len(world.program.elements) + len(world.program.tables) == 311
    planned = kernel(models["planned size"]).schedule
    assert len(planned.states) == 154
    assert planned.grid.steps == 512
    assert 1100 <= sum(ceiling.kinds(planned).values()) <= 1400


def test_every_member_stays_finite(models: dict[str, Case]) -> None:
    for case in models.values():
        table = case.table(64)
        made = kernel(case)
        run = made.integrate({name: table[name].to_numpy() for name in case.uncertain})
        assert not run.status.any(), case.name
        assert np.ptp(run.values[-1, :, 0]) > 0


FREE = {Op.CONST, Op.PARAMETER, Op.SERIES, Op.TIME, Op.STATE, Op.RANDOM}


@pytest.mark.parametrize("op", [op for op in Op if op not in FREE], ids=lambda op: op.name)
def test_a_chain_of_each_operation_runs(op: Op) -> None:
    made = ceiling.chains((op, 5 if op is Op.LOOKUP else 0))
    run = build(made, backend="numpy", save_times=[2.0]).integrate({"p": np.array([0.98, 0.985])})
    # Every operation is in it as often as is divided by.
    count = sum(node.op is op for node in made.nodes)
    assert count >= ceiling.CHAINS * ceiling.LENGTH
    assert not run.status.any()


@pytest.mark.parametrize(
    ("value", "shown"), [(1234567.0, "1 230 000"), (0.04567, "0.0457"), (9.876, "9.88")]
)
def test_figures_have_three_digits(value: float, shown: str) -> None:
    assert figure(value) == shown


@pytest.mark.skipif(
    not (shutil.which("objdump") and shutil.which("llvm-mca")), reason="needs objdump and llvm-mca"
)
def test_waiting_takes_cycles(models: dict[str, Case], tmp_path: Path) -> None:
    told = waiting.of_step(kernel(models["World3-class"]).schedule, "icelake-server", tmp_path)
    assert told.instructions > 420
    assert told.cycles > told.least > 0
