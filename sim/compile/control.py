"""Time bounds and steps: numbers when the program is built, whatever their equations say."""

from __future__ import annotations

from sim.compile.engine import Engine
from sim.compile.graph import evaluate
from sim.compile.variables import Section
from sim.ir import Control, Op

# PySD's relative precision of the final time.
_NEAR = 1e-5
_STEPS = 10_000_000
_ELSEWHERE = "the engine 'pysd' can"


def settle(engine: Engine, main: Section) -> Control:
    """Find the four control values, note what is wrong, and make them known to the engine.

    Constants they depend on are built in. FINAL TIME may change with time, TIME STEP and
    SAVEPER may not.
    """
    start = _number(engine, main, "initial_time", "INITIAL TIME")
    engine.control["initial_time"] = start
    step = _number(engine, main, "time_step", "TIME STEP")
    engine.control["time_step"] = step
    end = _final(engine, main, start, step)
    engine.control["final_time"] = end
    every = _number(engine, main, "saveper", "SAVEPER") if main.find("saveper") else step
    engine.control["saveper"] = every
    if start != start:
        engine.problems.add("wrong-time", "INITIAL TIME is not a number", "INITIAL TIME")
    if not step > 0:
        engine.problems.add("wrong-time", f"TIME STEP must be above 0, not {step:g}", "TIME STEP")
    if not every > 0:
        engine.problems.add("wrong-time", f"SAVEPER must be above 0, not {every:g}", "SAVEPER")
    if end < start:
        engine.problems.add(
            "wrong-time", f"FINAL TIME {end:g} lies before INITIAL TIME {start:g}", "FINAL TIME"
        )
    return Control(start, end, step, every)


def _lowered(engine: Engine, main: Section, key: str, spoken: str) -> int | None:
    variable = main.find(key)
    if variable is None or not variable.elements:
        engine.problems.add("no-control", f"the model has no {spoken}")
        return None
    return engine.demand(lambda: engine.value(variable, (), engine.main, False))


def _number(engine: Engine, main: Section, key: str, spoken: str) -> float:
    node = _lowered(engine, main, key, spoken)
    if node is None:
        return 1.0
    value = engine.settled(node)
    if value is None:
        engine.problems.add(
            "moving-control",
            f"{spoken} changes during the run; only a constant one is supported",
            spoken,
            hint=_ELSEWHERE,
        )
        return 1.0
    return value


def _final(engine: Engine, main: Section, start: float, step: float) -> float:
    node = _lowered(engine, main, "final_time", "FINAL TIME")
    if node is None:
        return start
    value = engine.settled(node)
    if value is not None:
        return value
    clock = engine.graph.leaf(Op.TIME)
    now = start
    for _ in range(_STEPS if step > 0 else 0):
        end = evaluate(engine.graph, node, {**engine.defaults, clock: now})
        if end is None:
            break
        if now + step * _NEAR >= end:
            engine.build_in(node)
            return now
        now += step
    engine.problems.add(
        "moving-control",
        "FINAL TIME depends on more than time and constants, or never comes",
        "FINAL TIME",
        hint=_ELSEWHERE,
    )
    return start
