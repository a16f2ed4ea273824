"""Killed, interrupted, robbed of workers: started again, the bytes are the same."""

import json
import os
import pickle
import random
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sim.project import ROOT
from sim.run import sweep
from sim.run.executors import processes
from sim.run.executors.cluster import Dask
from sim.run.executors.processes import Processes
from sim.run.executors.threads import Threads
from sim.run.order import Sweep, pack
from sim.run.work import work
from tests.unit.run import sweeps

PATIENCE = 60


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    return pack(sweeps.model(tmp_path_factory.mktemp("model"), sweeps.SLOW), sweeps.order())


@pytest.fixture(scope="module")
def whole(asked: Sweep, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a sweep that nobody disturbed."""
    runs = tmp_path_factory.mktemp("whole")
    sweep.run(asked, Threads(2), runs=runs)
    return sweeps.files(runs)


def records(runs: Path) -> int:
    return len(list(runs.glob("*/records/part-*.json")))


def begin(place: Path, kind: str, jobs: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.unit.run.sweeps", str(place), kind, str(jobs)]
    return subprocess.Popen(command, cwd=ROOT)  # noqa: S603 -- our own


def wait_for(runs: Path, parts: int, running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while records(runs) < parts:
        assert running.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.mark.parametrize(
    ("kind", "jobs"),
    [("threads", 1), ("threads", 2), ("threads", 4), ("processes", 2), ("local", 2)],
)
def test_killed_at_a_random_moment_and_started_again_it_is_the_same_to_the_byte(
    asked: Sweep, whole: dict[str, bytes], tmp_path: Path, kind: str, jobs: int
) -> None:
    runs = tmp_path / "runs"
    moment = random.randint(1, asked.parts - 6)  # noqa: S311 -- no secret
    running = begin(tmp_path, kind, jobs)
    wait_for(runs, moment, running)
    family = psutil.Process(running.pid).children(recursive=True)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == [], "workers outlived the one they worked for"
    assert moment <= records(runs) < asked.parts
    said: list[str] = []
    swept = sweep.run(asked, sweeps.executor(kind, jobs), runs=runs, say=said.append)
    assert "parts are there; going on" in said[-1]
    assert not swept.asked_before
    assert sweeps.files(runs) == whole


def test_ctrl_c_leaves_what_is_done(asked: Sweep, whole: dict[str, bytes], tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    running = begin(tmp_path, "threads", 2)
    wait_for(runs, 3, running)
    os.kill(running.pid, signal.SIGINT)
    running.wait(PATIENCE)
    assert running.returncode != 0
    assert 3 <= records(runs) < asked.parts
    sweep.run(asked, Threads(2), runs=runs)
    assert sweeps.files(runs) == whole


def test_a_worker_process_that_is_killed_is_replaced(
    asked: Sweep, whole: dict[str, bytes], tmp_path: Path
) -> None:
    known = {child.pid for child in psutil.Process().children()}
    killed: list[int] = []

    def kill() -> None:
        while records(tmp_path) < 2:
            time.sleep(0.002)
        own = multiprocessing_children(known)
        os.kill(own[0], signal.SIGKILL)
        killed.append(own[0])

    thread = threading.Thread(target=kill)
    thread.start()
    sweep.run(asked, Processes(2), runs=tmp_path)
    thread.join()
    assert killed
    assert sweeps.files(tmp_path) == whole


def test_a_worker_answers_with_a_name_that_a_pipe_takes_whole_or_not_at_all(
    asked: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = asked.task(0)
    monkeypatch.setattr(processes, "_bundle", asked.bundle.packed)
    monkeypatch.setattr(processes, "_place", str(tmp_path))
    name = processes._work(task)
    assert len(pickle.dumps(name)) < select.PIPE_BUF // 8
    piece = processes._taken(tmp_path / name)
    alone = work(asked.bundle.packed, task)
    assert (piece.part, piece.members) == (alone.part, alone.members)
    assert {kind: bytes(one) for kind, one in piece.contents.items()} == {
        kind: bytes(one) for kind, one in alone.contents.items()
    }
    assert list(tmp_path.iterdir()) == []


def multiprocessing_children(known: set[int]) -> list[int]:
    """Workers that this process started since."""
    return [
        child.pid
        for child in psutil.Process().children()
        if child.pid not in known and "spawn_main" in " ".join(child.cmdline())
    ]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and three workers, each a process of its own on this machine."""
    file = tmp_path / "scheduler.json"

    def start(module: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--host", "127.0.0.1"]
        command += ["--scheduler-file", str(file), "--no-dashboard", *words]
        null = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=tmp_path, stdout=null, stderr=null)  # noqa: S603

    scheduler = start("dask_scheduler", "--port", "0")
    place = ["--local-directory", str(tmp_path)]
    workers = [start("dask_worker", "--nthreads", "1", "--no-nanny", *place) for _ in range(3)]
    try:
        end = time.monotonic() + PATIENCE
        while not file.exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def test_a_dask_worker_that_is_killed_takes_nothing_along(
    asked: Sweep,
    whole: dict[str, bytes],
    tmp_path: Path,
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    address, workers = cluster
    runs = tmp_path / "runs"
    killed: list[int] = []

    def kill() -> None:
        while records(runs) < 2:
            time.sleep(0.002)
        workers[0].kill()
        killed.append(records(runs))

    thread = threading.Thread(target=kill)
    thread.start()
    sweep.run(asked, Dask(address), runs=runs)
    thread.join()
    assert killed[0] < asked.parts
    assert sweeps.files(runs) == whole
