"""A program run one number at a time: slow, plain, and written from `sim.ir` alone."""

from __future__ import annotations

from sim.compile import arithmetic
from sim.ir import Op, Program, Rule


def run(
    program: Program, parameters: dict[str, float] | None = None, *, share: float = 0.5
) -> tuple[list[float], dict[str, list[float]]]:
    """Times, and the values of every element at each step; `share` is what chance gives."""
    given = parameters or {}
    control = program.control
    time, step = control.initial_time, 0

    def evaluate(state: list[float], needed: range | None = None) -> list[float]:
        values: list[float] = []
        for node in program.nodes:
            args = [values[arg] for arg in node.args]
            index = node.payload if isinstance(node.payload, int) else -1
            match node.op:
                case Op.CONST:
                    value = float(node.payload or 0.0)
                case Op.PARAMETER:
                    parameter = program.parameters[index]
                    value = given.get(parameter.name, parameter.default)
                case Op.SERIES:
                    one = program.series[index]
                    value = arithmetic.read(time, one.times, one.values, one.reading)
                case Op.TIME:
                    value = time
                case Op.STATE:
                    value = state[index]
                case Op.LOOKUP:
                    table = program.tables[index]
                    value = arithmetic.read(args[0], table.x, table.y, table.reading)
                case Op.RANDOM:
                    value = share
                case _:
                    value = arithmetic.apply(node.op, args)
            values.append(value)
        return values

    # A state's start depends on no state: what the others hold meanwhile does not matter.
    start = evaluate([float("nan")] * len(program.states))
    state = [start[one.initial] for one in program.states]
    lines = [[state[i]] * one.length for i, one in enumerate(program.states)]
    times: list[float] = []
    rows: dict[str, list[float]] = {one.name: [] for one in program.elements}
    while True:
        values = evaluate(state)
        times.append(time)
        for one in program.elements:
            rows[one.name].append(values[one.node])
        if not time + control.time_step * 1e-5 < control.final_time:
            return times, rows
        for i, one in enumerate(program.states):
            following = values[one.next]
            if one.rule is Rule.LEVEL:
                state[i] += following * control.time_step
            elif one.rule is Rule.HELD:
                state[i] = following
            else:
                lines[i][step % one.length] = following
                state[i] = lines[i][(step + 1) % one.length]
        step += 1
        time += control.time_step
