from __future__ import annotations

import platform
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.ir import Op
from sim.kernel import build
from sim.kernel.llvm import machine, objects
from sim.kernel.schedule import plan
from tests.unit.kernel.graphs import busy, growth


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRONDELAG_CACHE", str(tmp_path))
    return tmp_path / "kernel"


def final() -> float:
    return float(build(growth()).integrate({}).values[-1, 0, 1])


def test_code_is_made_once(empty: Path, monkeypatch: pytest.MonkeyPatch):
    expected = final()
    files = sorted(empty.iterdir())
    assert len(files) == 2  # the program's, and what walks for all programs
    monkeypatch.setattr(machine, "assemble", lambda *_: pytest.fail("compiled again"))
    assert final() == expected
    assert sorted(empty.iterdir()) == files


@pytest.mark.parametrize("walker", [False, True])
@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign"])
def test_a_damaged_file_is_made_again(empty: Path, damage: str, walker: bool):
    expected = final()
    (file,) = (each for each in empty.iterdir() if each.name.startswith("walk-") is walker)
    sound = file.read_bytes()
    broken = {
        "cut": sound[: len(sound) // 2],
        "flipped": sound[:-1] + bytes([sound[-1] ^ 1]),
        "empty": b"",
        "foreign": b"something else" + sound,
    }[damage]
    file.write_bytes(broken)
    assert final() == expected
    assert file.read_bytes() == sound


def test_another_processor_engine_or_question_is_another_file():
    here, schedule = machine.processor(), plan(growth())
    keys = {
        objects.key(schedule, here),
        objects.key(schedule, replace(here, features=here.features + ",+more")),
        objects.key(schedule, replace(here, name="other")),
        objects.key(schedule, replace(here, llvm="0.0.0")),
        objects.key(schedule, replace(here, lanes=2)),
        objects.key(plan(growth(), outputs=["stock"]), here),
        objects.key(plan(growth(), integrator="rk4"), here),
        objects.key(plan(growth(end=11.0)), here),
        objects.key(plan(busy()), here),
    }
    assert len(keys) == 9
    assert objects.key(plan(growth()), here) in keys


def test_names_and_defaults_are_nothing_to_machine_code_but_all_else_is(empty: Path):
    program, here = busy(), machine.processor()
    (rate, *parameters), (state, *states), (table,) = (
        program.parameters, program.states, program.tables
    )  # fmt: skip

    def key(**parts: object) -> str:
        return objects.key(plan(replace(program, **parts)), here)  # type: ignore[arg-type]

    moved = (replace(rate, default=0.3), *parameters)
    same = {
        key(),
        key(parameters=moved),
        key(parameters=(replace(rate, name="another"), *parameters)),
        key(states=(replace(state, name="another"), *states)),
        key(tables=(replace(table, name="another"),)),
    }
    numbers = (replace(n, payload=7.25) if n.op is Op.CONST else n for n in program.nodes)
    others = {
        key(states=(replace(state, next=state.initial), *states)),
        key(tables=(replace(table, y=(*table.y[:-1], 9.0)),)),
        key(tables=(replace(table, reading="hold_backward"),)),
        key(nodes=tuple(numbers)),
    }
    assert len(same) == 1
    assert len(same | others) == 5
    expected = build(program).integrate({"rate": 0.3}).values
    files = sorted(empty.iterdir())
    np.testing.assert_array_equal(
        build(replace(program, parameters=moved)).integrate({}).values, expected
    )
    assert sorted(empty.iterdir()) == files


def test_a_cache_that_cannot_be_written_costs_only_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("TRONDELAG_CACHE", str(blocked))
    assert final() == pytest.approx(1.1**10)


def test_two_processes_may_fill_the_cache_at_once(empty: Path):
    script = (
        "from tests.unit.kernel.graphs import growth\n"
        "from sim.kernel import build\n"
        "print(repr(build(growth()).integrate({}).values[-1, 0, 1].item()))\n"
    )
    command = [sys.executable, "-c", script]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]  # noqa: S603
    answers = [process.communicate(timeout=60)[0] for process in running]
    assert [float(answer) for answer in answers] == [final()] * 2
    assert [path.suffix for path in empty.iterdir()] == [".o"] * 2


@pytest.mark.parametrize("lanes", [2, 4, 8, 16])
def test_every_width_gives_the_same_bits(lanes: int, monkeypatch: pytest.MonkeyPatch):
    members = {"rate": np.linspace(0.05, 0.4, 37)}
    expected = build(busy()).integrate(members, seed=1).values
    here = replace(machine.processor(), lanes=lanes)
    monkeypatch.setattr(machine, "processor", lambda: here)
    kernel = build(busy())
    assert f"{lanes} lanes" in kernel.backend.name
    np.testing.assert_array_equal(kernel.integrate(members, seed=1).values, expected)


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="code for x86-64 runs on x86-64 only"
)
@pytest.mark.parametrize(("name", "lanes"), [("haswell", 8), ("x86-64", 4)])
def test_code_for_older_processors_gives_the_same_bits(
    name: str, lanes: int, monkeypatch: pytest.MonkeyPatch
):
    """A `haswell` has no AVX-512, a plain `x86-64` not even a fused multiply-add."""
    members = {"rate": np.linspace(0.05, 0.4, 37), "power": np.linspace(0.2, 30.0, 37)}
    expected = build(busy()).integrate(members, seed=1).values
    older = replace(machine.processor(), name=name, features="", lanes=lanes)
    monkeypatch.setattr(machine, "processor", lambda: older)
    kernel = build(busy())
    assert f"{name}, {lanes} lanes" in kernel.backend.name
    np.testing.assert_array_equal(kernel.integrate(members, seed=1).values, expected)


def test_where_there_is_no_compiler_numpy_runs_and_says_why(monkeypatch: pytest.MonkeyPatch):
    def none() -> machine.Processor:
        raise machine.UnavailableError("llvmlite cannot be loaded: not here")

    monkeypatch.setattr(machine, "processor", none)
    run = build(growth()).integrate({})
    assert run.engine.startswith("numpy")
    assert "llvmlite cannot be loaded: not here" in run.engine


def test_llvmlite_that_cannot_be_imported_is_no_error():
    script = (
        "import sys; sys.modules['llvmlite'] = None\n"
        "from tests.unit.kernel.graphs import growth\n"
        "from sim.kernel import build\n"
        "print(build(growth()).integrate({}).engine)\n"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith("numpy")
    assert "llvmlite cannot be loaded" in done.stdout
