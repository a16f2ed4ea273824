"""The expression graph while it grows: every distinct operation once, constants folded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from sim.compile import arithmetic
from sim.ir import Op, Series, Table

TRUTHS = frozenset({Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE, Op.AND, Op.OR, Op.NOT})

Payload = float | int | str | Table | Series | None


class Graph:
    """Nodes by position; arguments always stand before the node that uses them.

    Only simplifications that keep every bit are made here (`x * 1`, `x ^ 1`, a SELECT whose
    condition is known); those that do not are in `sim.compile.relax`.
    """

    def __init__(self) -> None:
        self.ops: list[Op] = []
        self.args: list[tuple[int, ...]] = []
        self.payloads: list[Payload] = []
        self.numbers: list[float | None] = []
        # An enumeration's own hash is slow: the number of the operation is the key.
        self._positions: dict[tuple[int, tuple[int, ...], Payload], int] = {}
        self._given: list[bool] = []
        self.nan = self.const(math.nan)
        self.zero = self.const(0.0)
        self.one = self.const(1.0)

    def __len__(self) -> int:
        return len(self.ops)

    def const(self, value: float | int) -> int:
        """The node of a number."""
        value = float(value)
        # The hexadecimal form keeps 0.0 and -0.0 apart and all NaN together.
        key = (int(Op.CONST), (), value.hex())
        position = self._positions.get(key)
        return self._append(key, Op.CONST, value, value) if position is None else position

    def leaf(self, op: Op, payload: Payload = None) -> int:
        """A node without arguments: TIME, or one that is told from others by its payload."""
        key = (int(op), (), payload)
        position = self._positions.get(key)
        return self._append(key, op, payload, None) if position is None else position

    def number(self, node: int) -> float | None:
        """The number a node is known to be, or None."""
        return self.numbers[node]

    def lookup(self, table: Table, x: int) -> int:
        """A table read at a node."""
        at = self.numbers[x]
        if at is not None:
            return self.const(arithmetic.read(at, table.x, table.y, table.reading))
        key = (int(Op.LOOKUP), (x,), table)
        position = self._positions.get(key)
        return self._append(key, Op.LOOKUP, table, None) if position is None else position

    def op(self, op: Op, *args: int) -> int:
        """An operation on nodes; folded when all are numbers."""
        known = [number for arg in args if (number := self.numbers[arg]) is not None]
        if len(known) == len(args):
            return self.const(arithmetic.apply(op, known))
        simpler = _SIMPLER[op]
        if simpler is not None:
            found = simpler(self, args)
            if found is not None:
                return found
        key = (int(op), args, None)
        position = self._positions.get(key)
        return self._append(key, op, None, None) if position is None else position

    def given(self, node: int) -> bool:
        """Whether a node hangs on a path over time or on a random draw."""
        known = self._given
        for position in range(len(known), node + 1):
            own = self.ops[position] in (Op.SERIES, Op.RANDOM)
            known.append(own or any(known[arg] for arg in self.args[position]))
        return known[node]

    def truth(self, node: int) -> int:
        """The node as a truth: itself if it is one, else `node != 0`."""
        if self.ops[node] in TRUTHS or self.numbers[node] in (0.0, 1.0):
            return node
        return self.op(Op.NE, node, self.zero)

    def select(self, condition: int, yes: int, no: int) -> int:
        """`yes` where the condition is not zero, else `no`."""
        return self.op(Op.SELECT, self.truth(condition), yes, no)

    def _append(
        self,
        key: tuple[int, tuple[int, ...], Payload],
        op: Op,
        payload: Payload,
        number: float | None,
    ) -> int:
        position = len(self.ops)
        self.ops.append(op)
        self.args.append(key[1])
        self.payloads.append(payload)
        self.numbers.append(number)
        self._positions[key] = position
        return position


# --- simplifications: a node with the same bits for fewer operations, or None -----------------

Args = tuple[int, ...]


def _times(graph: Graph, args: Args) -> int | None:
    if graph.numbers[args[0]] == 1.0:
        return args[1]
    return args[0] if graph.numbers[args[1]] == 1.0 else None


def _by_one(graph: Graph, args: Args) -> int | None:
    return args[0] if graph.numbers[args[1]] == 1.0 else None


def _minus(graph: Graph, args: Args) -> int | None:
    return graph.args[args[0]][0] if graph.ops[args[0]] is Op.NEG else None


def _same(graph: Graph, args: Args) -> int | None:
    del graph
    return args[0] if args[0] == args[1] else None


def _chosen(graph: Graph, args: Args) -> int | None:
    condition = graph.numbers[args[0]]
    if condition is not None:
        return args[1] if condition != 0.0 else args[2]
    return args[1] if args[1] == args[2] else None


def _both(graph: Graph, args: Args, decisive: float) -> int | None:
    if args[0] == args[1]:
        return args[0]
    for known, other in (args, args[::-1]):
        number = graph.numbers[known]
        if number is not None:
            return known if number == decisive else other
    return None


_SIMPLER: list[Callable[[Graph, Args], int | None] | None] = [None] * (max(Op) + 1)
_SIMPLER[Op.MUL] = _times
_SIMPLER[Op.DIV] = _SIMPLER[Op.POW] = _by_one
_SIMPLER[Op.NEG] = _minus
_SIMPLER[Op.MIN] = _SIMPLER[Op.MAX] = _same
_SIMPLER[Op.SELECT] = _chosen
_SIMPLER[Op.AND] = lambda graph, args: _both(graph, args, 0.0)
_SIMPLER[Op.OR] = lambda graph, args: _both(graph, args, 1.0)


def reach(graph: Graph, roots: list[int]) -> list[int]:
    """The nodes that the roots need, arguments first (in rising position)."""
    seen: set[int] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack.extend(graph.args[node])
    return sorted(seen)


def evaluate(graph: Graph, node: int, leaves: Mapping[int, float]) -> float | None:
    """The number a node has when its leaves have the given ones; None if one is not given."""
    values: dict[int, float] = {}
    for position in reach(graph, [node]):
        known = graph.numbers[position]
        if known is not None:
            values[position] = known
            continue
        payload = graph.payloads[position]
        args = graph.args[position]
        if isinstance(payload, Table):
            values[position] = arithmetic.read(
                values[args[0]], payload.x, payload.y, payload.reading
            )
        elif args:
            values[position] = arithmetic.apply(graph.ops[position], [values[a] for a in args])
        elif position in leaves:
            values[position] = leaves[position]
        else:
            return None
    return values[node]
