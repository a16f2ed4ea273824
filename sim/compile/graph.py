"""The expression graph while it grows: every distinct operation once, constants folded."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.compile import arithmetic
from sim.ir import Op, Series, Table

TRUTHS = frozenset({Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE, Op.AND, Op.OR, Op.NOT})
_COMMUTING = frozenset({Op.AND, Op.OR, Op.EQ, Op.NE})

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
        self._positions: dict[tuple[Op, tuple[int, ...], Payload], int] = {}
        self.nan = self.const(math.nan)
        self.zero = self.const(0.0)
        self.one = self.const(1.0)

    def __len__(self) -> int:
        return len(self.ops)

    def const(self, value: float) -> int:
        """The node of a number."""
        value = float(value)
        # The hexadecimal form keeps 0.0 and -0.0 apart and all NaN together.
        key = (Op.CONST, (), value.hex())
        position = self._positions.get(key)
        if position is None:
            position = self._append(key, value, value)
        return position

    def leaf(self, op: Op, payload: Payload = None) -> int:
        """A node without arguments: TIME, or one that is told from others by its payload."""
        key = (op, (), payload)
        position = self._positions.get(key)
        return self._append(key, payload, None) if position is None else position

    def number(self, node: int) -> float | None:
        """The number a node is known to be, or None."""
        return self.numbers[node]

    def lookup(self, table: Table, x: int) -> int:
        """A table read at a node."""
        at = self.numbers[x]
        if at is not None:
            return self.const(arithmetic.read(at, table.x, table.y, table.reading))
        key = (Op.LOOKUP, (x,), table)
        position = self._positions.get(key)
        return self._append(key, table, None) if position is None else position

    def op(self, op: Op, *args: int) -> int:
        """An operation on nodes; folded when all are numbers."""
        numbers = self.numbers
        for arg in args:
            if numbers[arg] is None:
                break
        else:
            return self.const(arithmetic.apply(op, [numbers[arg] or 0.0 for arg in args]))
        simpler = self._simplified(op, args)
        if simpler is not None:
            return simpler
        if op in _COMMUTING and args[0] > args[1]:
            args = (args[1], args[0])
        key = (op, args, None)
        position = self._positions.get(key)
        return self._append(key, None, None) if position is None else position

    def truth(self, node: int) -> int:
        """The node as a truth: itself if it is one, else `node != 0`."""
        if self.ops[node] in TRUTHS or self.numbers[node] in (0.0, 1.0):
            return node
        return self.op(Op.NE, node, self.zero)

    def select(self, condition: int, yes: int, no: int) -> int:
        """`yes` where the condition is not zero, else `no`."""
        return self.op(Op.SELECT, self.truth(condition), yes, no)

    def _append(
        self, key: tuple[Op, tuple[int, ...], Payload], payload: Payload, number: float | None
    ) -> int:
        position = len(self.ops)
        self.ops.append(key[0])
        self.args.append(key[1])
        self.payloads.append(payload)
        self.numbers.append(number)
        self._positions[key] = position
        return position

    def _simplified(self, op: Op, args: tuple[int, ...]) -> int | None:
        """A node with the same bits for fewer operations, or None."""
        numbers = self.numbers
        match op:
            case Op.MUL:
                if numbers[args[0]] == 1.0:
                    return args[1]
                if numbers[args[1]] == 1.0:
                    return args[0]
            case Op.DIV | Op.POW:
                if numbers[args[1]] == 1.0:
                    return args[0]
            case Op.NEG:
                if self.ops[args[0]] is Op.NEG:
                    return self.args[args[0]][0]
            case Op.MIN | Op.MAX:
                if args[0] == args[1]:
                    return args[0]
            case Op.SELECT:
                condition = numbers[args[0]]
                if condition is not None:
                    return args[1] if condition != 0.0 else args[2]
                if args[1] == args[2]:
                    return args[1]
            case Op.AND | Op.OR:
                if args[0] == args[1]:
                    return args[0]
                for known, other in (args, args[::-1]):
                    number = numbers[known]
                    if number is not None:
                        decides = (number == 0.0) == (op is Op.AND)
                        return known if decides else other
            case _:
                pass
        return None


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
