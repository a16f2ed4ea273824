"""How fast this processor does each kind of operation, and what that allows a model to reach.

For every operation of a model's step a program is made that does nothing else: chains of it,
in machine code of the same kind, on one thread, with everything in registers or the nearest
cache. The sum over the operations of a step is what the step would take if nothing had to be
loaded, stored or waited for. It is a model of the limit and no bound: operations of different
kinds may overlap, so that a share above one is possible.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.ir import Control, Element, Node, Op, Parameter, Program, Rule, State, Table
from sim.kernel import Kernel, build
from sim.kernel.schedule import Schedule

CHAINS = 8
LENGTH = 32
STEPS = 200
FREE = {Op.CONST, Op.PARAMETER, Op.STATE, Op.TIME, Op.SERIES}
TRUTHS = {Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE, Op.AND, Op.OR, Op.NOT}
CHEAP = TRUTHS | {Op.ADD, Op.SUB, Op.MUL, Op.NEG, Op.ABS, Op.MIN, Op.MAX, Op.SELECT}
Kind = tuple[Op, int]
"""An operation, and for a lookup the number of its points."""


def kinds(schedule: Schedule) -> Counter[Kind]:
    """The operations of one step, and of what is observed in a saved step by its share."""
    nodes, tables = schedule.program.nodes, schedule.program.tables

    def kind(index: int) -> Kind:
        node = nodes[index]
        points = len(tables[int(node.payload or 0)].x) if node.op is Op.LOOKUP else 0
        return node.op, points

    return Counter(kind(i) for i in schedule.step if nodes[i].op not in FREE)


def seconds(counted: Mapping[Kind, float], members: int = 512) -> dict[Kind, float]:
    """Seconds per operation and member of each kind."""
    idle = _timed(chains(None), members)
    count = CHAINS * LENGTH * STEPS * members
    sums = 2 * max(_timed(chains((Op.ADD, 0)), members) - idle, 0.0) / count
    each: dict[Kind, float] = {}
    for kind in counted:
        one = max(_timed(chains(kind), members) - idle, 0.0) / count
        each[kind] = one if kind[0] in CHEAP else max(one - sums, 0.0)
    return each


def own(kernel: Kernel) -> Schedule:
    """What a large ensemble computes for each member; the rest, if any, is shared."""
    split = next(iter(kernel.sharing.made.values()), None) if kernel.sharing else None
    return split[0].own if split else kernel.schedule


def share(kernel: Kernel, seconds_per_run: float) -> tuple[float, dict[Kind, float]]:
    """The share of the ceiling that a kernel reaches on one thread, and seconds per kind."""
    counted = kinds(own(kernel))
    each = seconds(counted)
    least = sum(count * each[kind] for kind, count in counted.items()) * kernel.schedule.grid.steps
    return least / seconds_per_run, each


def _timed(program: Program, members: int) -> float:
    kernel = build(program, save_times=[float(STEPS)])
    values = np.linspace(0.98, 0.985, members)
    best = np.inf
    for _ in range(12):
        start = time.perf_counter()
        kernel.integrate({"p": values}, threads=1)
        best = min(best, time.perf_counter() - start)
    return float(best)


def chains(kind: Kind | None) -> Program:
    """States that go through many operations of one kind in every step.

    Cheap operations follow each other; dear ones stand side by side, each on a value of its
    own and summed up, so that one need not wait for the other. Nothing runs away, and no
    value can be known before.
    """
    nodes: list[Node] = [Node(Op.PARAMETER, (), 0)]
    tables: tuple[Table, ...] = ()
    nodes += [Node(Op.STATE, (), chain) for chain in range(CHAINS)]
    start = len(nodes)
    nodes += [Node(Op.CONST, (), 0.5 + chain / 32) for chain in range(CHAINS)]
    huge, truth = len(nodes), len(nodes) + 1
    nodes += [Node(Op.CONST, (), 1e300)]
    nodes += [Node(Op.GT, (1 + chain, 0)) for chain in range(CHAINS)]

    def add(op: Op, *args: int, payload: float | None = None) -> int:
        nodes.append(Node(op, args, payload))
        return len(nodes) - 1

    shifts = [add(Op.CONST, payload=place / 1000) for place in range(LENGTH)]
    if kind is not None and kind[0] is Op.LOOKUP:
        x = np.linspace(0.0, 1.0, kind[1])
        tables = (Table("t", tuple(x), tuple(1.0 + 0.5 * np.sin(3 * x))),)
    ends: list[int] = []
    for chain in range(CHAINS):
        end = 1 + chain
        for place in range(LENGTH):
            if kind is None:
                break
            op, _ = kind
            if op in CHEAP:
                end = add(*_cheap(op, end, truth + chain, first=place == 0))
                continue
            here = add(Op.ADD, 1 + chain, shifts[place])
            arguments = {Op.POWERS: (0, here, 0, 1 + chain), Op.RAISE: (0, here, 1 + chain)}.get(
                op, (0, here) if op in {Op.DIV, Op.MOD, Op.POW} else (here,)
            )
            dear = add(op, *arguments, payload=0 if op is Op.LOOKUP else None)
            end = add(Op.ADD, end, dear)
        if kind is not None and kind[0] in TRUTHS:
            end = add(Op.SELECT, end, 0, 1 + chain)
        ends.append(add(Op.SELECT, add(Op.GT, end, huge), end, start + chain))
    return Program(
        nodes=tuple(nodes),
        parameters=(Parameter("p", 0.98),),
        series=(),
        tables=tables,
        states=tuple(
            State(f"s{chain}", Rule.HELD, start + chain, ends[chain]) for chain in range(CHAINS)
        ),
        elements=tuple(Element(f"s{chain}", f"s{chain}", 1 + chain) for chain in range(CHAINS)),
        control=Control(0.0, float(STEPS), 1.0, float(STEPS)),
        built_in=(),
    )


def _cheap(op: Op, end: int, truth: int, *, first: bool) -> tuple[Any, ...]:
    """The next operation of a chain, and its arguments."""
    if op is Op.SELECT:
        return op, truth, end, 0
    if op in {Op.AND, Op.OR}:
        return op, truth if first else end, truth
    if op is Op.NOT:
        return op, truth if first else end
    if op in {Op.NEG, Op.ABS}:
        return op, end
    return op, end, 0
