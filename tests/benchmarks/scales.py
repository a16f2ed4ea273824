"""Starts, single runs, large ensembles and memory of this engine, each in a fresh process."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from tests.benchmarks.cases import Case

ROOM = 8e9  # bytes of results kept at once

START = """
import time; begun = time.perf_counter()
import sys, json
import sim
model = sim.load_model(sys.argv[1] or None)
model.run(None)
print(json.dumps(time.perf_counter() - begun))
"""

LATENCY = """
import sys, json, time
import sim
from sim.run.prepared import prepare
model = sim.load_model(sys.argv[1] or None)
inputs, _ = model.inputs(None)
made = prepare(model.source, model.wanted(json.loads(sys.argv[2]), inputs), inputs)
def best(run):
    times = []
    for _ in range(30):
        start = time.perf_counter(); run(); times.append(time.perf_counter() - start)
    return min(times)
kernel = best(lambda: made.kernel.integrate({}, threads=1))
python = best(lambda: model.run(None, outputs=json.loads(sys.argv[2])))
print(json.dumps([kernel, python]))
"""

MANY = """
import sys, json, time
import numpy as np, pandas as pd
import sim
def peak():
    # of this program: what getrusage says includes the process it was started from
    lines = open("/proc/self/status").read().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
path, outputs, uncertain, members, kept = sys.argv[1], *map(json.loads, sys.argv[2:6])
model = sim.load_model(path or None)
start, stop = (float(model.variables[n].value) for n in ("initial_time", "final_time"))
rng = np.random.default_rng(1)
table = pd.DataFrame({n: v * rng.uniform(0.95, 1.05, members) for n, v in uncertain.items()})
years = np.arange(start, stop + 0.5)
model.ensemble(table[:64], outputs, scenario=None, times=years)
before = peak()
if kept:
    begun = time.perf_counter()
    results = model.ensemble(table, outputs, scenario=None, times=years)
    took = time.perf_counter() - begun
    size = sum(results[name].nbytes for name in results.data_vars if "time" in results[name].dims)
else:
    from sim.kernel import Reducer
    elements = [name for name in json.loads(sys.argv[6])]
    begun = time.perf_counter()
    results = model.ensemble(table, outputs, scenario=None, times=years,
                             reducers=[Reducer("last", name) for name in elements])
    took = time.perf_counter() - begun
    size = results["reduced"].nbytes
print(json.dumps([took, size, peak(), before]))
"""


def table(cases: Sequence[Case], members: Sequence[int], patience: float) -> list[str]:
    """Markdown lines; ensembles that would take longer than `patience` seconds are left out."""
    lines = ["| model | start without cache | start with cache | one run, machine code | one run, "
             "`model.run` |", "|---|---:|---:|---:|---:|"]  # fmt: skip
    for case in cases:
        path = "" if case.model.source.ours else str(case.file)
        with tempfile.TemporaryDirectory() as cache:
            cold = float(_child(START, path, cache=cache))
            warm = min(float(_child(START, path, cache=cache)) for _ in range(3))
        outputs = json.dumps(list(dict.fromkeys(name.split("[")[0] for name in case.outputs)))
        kernel, python = json.loads(_child(LATENCY, path, outputs))
        lines.append(
            f"| {case.name} | {cold:.2f} s | {warm:.2f} s | {1000 * kernel:.2f} ms "
            f"| {1000 * python:.1f} ms |"
        )
    lines += ["", "Through `model.ensemble`, trajectories kept (or, in the last column, the last "
              "values only); memory beyond the results and beyond the process before:", "",
              "| model | members | results | runs/s | memory beyond | runs/s, figures only "
              "| memory beyond, figures only |", "|---|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    for case in cases:
        path = "" if case.model.source.ours else str(case.file)
        outputs = json.dumps(list(dict.fromkeys(name.split("[")[0] for name in case.outputs)))
        values = case.values()
        uncertain = json.dumps({name: values[name] for name in case.uncertain})
        rate = math.inf  # runs per second of the size before
        for count in members:
            if count / rate > patience:
                cells = [f"left out: about {count / rate:,.0f} s", "", "", "", ""]
                lines.append(f"| {case.name} | {count:,} | {' | '.join(cells)} |".replace(",", " "))
                continue
            words = (path, outputs, uncertain, json.dumps(count))
            elements = json.dumps(case.outputs)
            quick, small, top, ground = json.loads(_child(MANY, *words, "false", elements))
            rate = count / quick
            cells = ["more than this machine holds", "", ""]
            start, stop, _ = case.bounds
            if 8 * len(case.outputs) * (stop - start + 1) * count < ROOM:
                took, size, peak, before = json.loads(_child(MANY, *words, "true", elements))
                beyond = max(peak - before - size, 0) / 1e9
                cells = [f"{size / 1e9:.2f} GB", f"{count / took:,.0f}", f"{beyond:.2f} GB"]
            beyond = max(top - ground - small, 0) / 1e9
            cells += [f"{count / quick:,.0f}", f"{beyond:.2f} GB"]
            lines.append(f"| {case.name} | {count:,} | {' | '.join(cells)} |".replace(",", " "))
    return lines


def _child(script: str, *words: str, cache: str | None = None) -> str:
    surroundings = {**os.environ, **({"TRONDELAG_CACHE": cache} if cache else {})}
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", script, *words],
        capture_output=True,
        text=True,
        check=False,
        env=surroundings,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip().splitlines()[-1]
