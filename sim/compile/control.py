"""Time bounds and steps: numbers when the program is built, whatever their equations say."""

from __future__ import annotations

from sim.compile.engine import Engine
from sim.compile.graph import evaluate
from sim.compile.variables import Section
from sim.ir import Control, Op

# PySD's relative precision of the final time and of moments that are saved.
_NEAR = 1e-5
_STEPS = 1_000_000
_SPOKEN = {
    "initial_time": "INITIAL TIME",
    "time_step": "TIME STEP",
    "final_time": "FINAL TIME",
    "saveper": "SAVEPER",
}
_ELSEWHERE = "the engine 'pysd' can"


def settle(engine: Engine, main: Section) -> Control:
    """Find the four control values, note what is wrong, and make them known to the engine.

    Constants they depend on are built in. All but INITIAL TIME may change with time; then the
    moments of the run are found here, step by step, as PySD goes.
    """
    nodes: dict[str, int] = {}
    for key in _SPOKEN:
        node = _lowered(engine, main, key, nodes)
        value = None if node is None else engine.settled(node)
        if node is not None:
            nodes[key] = node
        if node is not None and value is None:
            if key == "initial_time":
                _complain(engine, key)
            elif (variable := main.find(key)) is not None:
                engine.moving[key] = variable
                value = _at(engine, node, engine.control["initial_time"])
        engine.control[key] = 1.0 if value is None else value
    start, step = engine.control["initial_time"], engine.control["time_step"]
    end, every = engine.control["final_time"], engine.control["saveper"]
    if start != start:
        engine.problems.add("wrong-time", "INITIAL TIME is not a number", "INITIAL TIME")
    if not step > 0:
        engine.problems.add("wrong-time", f"TIME STEP must be above 0, not {step:g}", "TIME STEP")
    if not every > 0:
        engine.problems.add("wrong-time", f"SAVEPER must be above 0, not {every:g}", "SAVEPER")
    if engine.moving:
        return _walked(engine, nodes)
    if end < start:
        engine.problems.add(
            "wrong-time", f"FINAL TIME {end:g} lies before INITIAL TIME {start:g}", "FINAL TIME"
        )
    return Control(start, end, step, every)


def _lowered(engine: Engine, main: Section, key: str, nodes: dict[str, int]) -> int | None:
    variable = main.find(key)
    if variable is None or not variable.elements:
        if key == "saveper":
            return nodes.get("time_step")  # Vensim's default
        engine.problems.add("no-control", f"the model has no {_SPOKEN[key]}")
        return None
    return engine.demand(lambda: engine.value(variable, (), engine.main, False))


def _walked(engine: Engine, nodes: dict[str, int]) -> Control:
    """The moments of a run whose control values change, and which of them are saved."""
    for key in engine.moving:
        engine.build_in(nodes[key])
    start = engine.control["initial_time"]
    now, moments, kept = start, list[float](), list[int]()
    while len(moments) < _STEPS:
        found = {key: _at(engine, nodes[key], now) for key in _SPOKEN if key in nodes}
        unknown = [key for key, value in found.items() if value is None or value != value]
        if unknown or len(found) < len(_SPOKEN):
            for key in unknown:
                _complain(engine, key)
            return Control(start, start, 1.0, 1.0)
        step, every, end = (found[key] or 0.0 for key in ("time_step", "saveper", "final_time"))
        if not (step > 0 and every > 0):
            name = "SAVEPER" if step > 0 else "TIME STEP"
            engine.problems.add("wrong-time", f"{name} is not above 0 at {now:g}", name)
            return Control(start, start, 1.0, 1.0)
        passed, near = now - start, step * _NEAR
        if passed % every < near or -passed % every < near:
            kept.append(len(moments))
        moments.append(now)
        if not now + near < end:
            if engine.moving.keys() == {"final_time"}:
                return Control(start, now, step, every)
            width = 1.0 if "time_step" in engine.moving else step
            return Control(start, now, width, every, tuple(moments), tuple(kept))
        now += step
    engine.problems.add(
        "wrong-time", f"FINAL TIME is not reached in {_STEPS:,} steps", "FINAL TIME"
    )
    return Control(start, start, 1.0, 1.0)


def _at(engine: Engine, node: int, now: float) -> float | None:
    """The number of a node at a moment; None where it hangs on more than time and constants."""
    clock = engine.graph.leaf(Op.TIME)
    return evaluate(engine.graph, node, {**engine.defaults, clock: now})


def _complain(engine: Engine, key: str) -> None:
    engine.problems.add(
        "moving-control",
        f"{_SPOKEN[key]} depends on more than time and constants, which is not supported",
        _SPOKEN[key],
        hint=_ELSEWHERE,
    )
