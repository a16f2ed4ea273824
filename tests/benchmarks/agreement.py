"""The whole model against PySD: `python -m tests.benchmarks.agreement [--until YEAR]`.

Every variable at every saved time, with a scenario and a push of research on top of it. PySD
takes about ten minutes to 2050; exit code 1 where the largest relative difference is above 1e-9.
"""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

import pandas as pd

import sim
from sim.run.model import Model
from tests.frames import frame
from tests.reference.pysd_answers import difference

TOLERANCE = 1e-9
# Differences of nearly equal numbers hold the rounding of these: a hundredth of a NOK million,
# person or tonne is the least that a difference is taken relative to.
FLOOR = 1e-2
PUSH = {"district_share_of_effort": {2009: 0.3, 2011: 0.6}}


def table(model: Model, engine: str, until: float) -> pd.DataFrame:
    """Every variable over time, with the scenario and the push."""
    outputs = [own for own, one in model.variables.items() if one.kind != "lookup"]
    inputs, _ = model.inputs("ocean_push", {"final_time": until, **PUSH})
    run = model.trajectories(inputs, outputs, engine)
    return frame(model.source, run.times, run.values)


def main() -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until", type=float, default=2050.0)
    until = parser.parse_args().until
    model = sim.load_model()
    begun = perf_counter()
    theirs = table(model, "pysd", until)
    took = f"PySD: {perf_counter() - begun:.0f} s"
    print(f"{took}, {len(theirs.columns)} columns at {len(theirs)} times")  # noqa: T201 -- a command
    worst = 0.0
    for engine in ("fast", "numpy"):
        apart = difference(table(model, engine, until), theirs, floor=FLOOR)
        said = f"largest relative difference {apart.max():.1e}, in {apart.idxmax()}"
        print(f"{engine}: {said}")  # noqa: T201
        worst = max(worst, float(apart.max()))
    return int(not worst <= TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
