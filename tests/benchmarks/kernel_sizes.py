"""How the kernel's compile time and speed grow with a program, and with the width of vectors.

    python -m tests.benchmarks.kernel_sizes [nodes …]

Programs are generated with the mix of operations of a value-creation model. Times are of one
thread's processor time, the least of several repeats, so that other work on the machine counts
as little as it can.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sim.ir import Control, Element, Node, Op, Parameter, Program, Rule, State, Table
from sim.kernel.kernel import Kernel
from sim.kernel.llvm import driver, machine, objects
from sim.kernel.llvm.backend import LLVM
from sim.kernel.schedule import Schedule, plan

MIX = {"mul": 489, "add": 305, "div": 250, "bound": 168, "pow": 75, "lookup": 58, "select": 38,
       "exp": 3, "ln": 3}  # fmt: skip
PARAMETERS = 30
OUTCOMES = 20
STEPS = 512
MEMBERS = 512


class Generator:
    """Makes a program of about so many nodes a step, a tenth of them states."""

    def __init__(self, nodes: int) -> None:
        self._rng = np.random.default_rng(nodes)
        self._nodes: list[Node] = []
        count = nodes // 10
        self._parameters = [self._node(Op.PARAMETER, payload=i) for i in range(PARAMETERS)]
        self._states = [self._node(Op.STATE, payload=i) for i in range(count)]
        self._numbers = [self._node(Op.CONST, payload=v) for v in (0.1, 0.5, 1.0, 1.5, 2.0)]
        x = np.linspace(0.0, 4.0, 8)
        self._tables = tuple(
            Table(f"t{i}", tuple(map(float, x)), tuple(map(float, 1 + 0.5 * np.sin(x + i))))
            for i in range(8)
        )
        recent = [*self._states]
        ends: list[list[int]] = [[] for _ in range(count)]
        kinds, weights = list(MIX), np.array(list(MIX.values())) / sum(MIX.values())
        place = 0
        while len(self._nodes) < nodes - 3 * count:
            recent = [*recent[-60:], self._make(str(self._rng.choice(kinds, p=weights)), recent)]
            ends[place % count].append(recent[-1])
            place += 1
        self._described = [self._follow(place, ends[place]) for place in range(count)]

    def _node(self, op: Op, *args: int, payload: float | None = None) -> int:
        self._nodes.append(Node(op, args, payload))
        return len(self._nodes) - 1

    def _any(self, of: list[int]) -> int:
        return of[int(self._rng.integers(len(of)))]

    def _make(self, kind: str, recent: list[int]) -> int:
        """A node that stays within a few powers of ten, so that nothing runs away."""
        a, b, state = self._any(recent), self._any(recent), self._any(self._states)
        low, one, high = self._numbers[0], self._numbers[2], self._numbers[-1]
        match kind:
            case "mul":
                return self._node(Op.MUL, state, self._any([self._any(self._numbers), state]))
            case "add":
                return self._node(self._any([Op.ADD, Op.SUB]), a, state)
            case "div":
                return self._node(Op.DIV, a, self._any([state, self._any(self._parameters)]))
            case "bound":
                return self._node(Op.MAX, low, self._node(Op.MIN, a, high))
            case "pow":
                return self._node(Op.POW, state, self._any(self._parameters))
            case "lookup":
                return self._node(Op.LOOKUP, a, payload=int(self._rng.integers(8)))
            case "select":
                return self._node(Op.SELECT, self._node(Op.GT, a, one), b, one)
            case "exp":
                return self._node(Op.EXP, self._node(Op.NEG, state))
            case _:
                return self._node(Op.LN, state)

    def _follow(self, place: int, ends: list[int]) -> State:
        """A state that approaches the sum of `ends`, kept between a tenth and two."""
        total = ends[0]
        for end in ends[1:]:
            total = self._node(Op.ADD, total, end)
        held = self._node(Op.MAX, self._numbers[0], self._node(Op.MIN, total, self._numbers[-1]))
        gap = self._node(Op.SUB, held, self._states[place])
        flow = self._node(Op.DIV, gap, self._parameters[place % PARAMETERS])
        return State(f"s{place}", Rule.LEVEL, self._numbers[2], flow)

    def program(self) -> Program:
        """The program."""
        return Program(
            nodes=tuple(self._nodes),
            parameters=tuple(Parameter(f"p{i}", 1.5 + 0.1 * i) for i in range(PARAMETERS)),
            series=(),
            tables=self._tables,
            states=tuple(self._described),
            elements=tuple(Element(f"s{i}", f"s{i}", self._states[i]) for i in range(OUTCOMES)),
            control=Control(0.0, STEPS / 16, 1 / 16, 1.0),
        )


def least(action: Callable[[], object], repeats: int = 5) -> float:
    """Seconds of this thread's processor time, of the quickest repeat."""
    times: list[float] = []
    for _ in range(repeats):
        start = time.thread_time()
        action()
        times.append(time.thread_time() - start)
    return min(times)


def row(schedule: Schedule, lanes: int) -> str:
    """One line of the table."""
    at = replace(machine.processor(), lanes=lanes)
    start = time.thread_time()
    texts = list(driver.write(schedule, lanes)[0])
    written = time.thread_time() - start
    start = time.process_time()  # of several threads
    images = machine.assemble(texts, at, objects.LEVEL)
    compiled = time.process_time() - start
    loaded = least(lambda: machine.Code(images))
    places = {one.name: i for i, one in enumerate(schedule.program.parameters)}
    backend = LLVM(schedule)
    object.__setattr__(backend, "_processor", at)
    kernel = Kernel(schedule, backend, places)
    rng = np.random.default_rng(1)
    defaults = np.array([one.default for one in schedule.program.parameters])
    members = defaults * rng.uniform(0.9, 1.1, (MEMBERS, PARAMETERS))
    out = kernel.integrate(members, threads=1, named=0).values
    many = least(lambda: kernel.integrate(members, threads=1, out=out, named=0))
    alone = least(lambda: kernel.integrate(members[:1], threads=1, named=0), 10)
    return (
        f"| {len(schedule.step)} | {len(schedule.states)} | {lanes} | {written:.2f} "
        f"| {compiled:.2f} | {1e3 * loaded:.1f} | {sum(map(len, images)) // 1024} "
        f"| {MEMBERS / many:,.0f} | {1e9 * many / MEMBERS / STEPS / len(schedule.step):.3f} "
        f"| {1e3 * alone:.2f} |"
    )


def say(line: str) -> None:
    """Write a line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(sizes: list[int]) -> None:
    """Write the table to standard output."""
    at = machine.processor()
    say(f"{at.name}, LLVM {at.llvm}, one thread, {STEPS} steps, {MEMBERS} members\n")
    say("| nodes a step | states | lanes | write, s | compile, s | load, ms | code, KiB "
        "| runs/s, one core | ns per node | one run, ms |")  # fmt: skip
    say("|--:" * 10 + "|")
    for size in sizes:
        schedule = plan(Generator(size).program())
        widths = [at.lanes] if size != sizes[0] else [4, 8, 16]
        for lanes in widths:
            say(row(schedule, lanes))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1400, 3000, 6000, 12000])
