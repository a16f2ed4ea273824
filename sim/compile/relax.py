"""Less work for the same result within 1e-12: an optional pass over a finished program.

The program that `compile_model` gives computes PySD's operations in PySD's order. This pass
gives up the last bits of the significand, and nothing else: what is zero, negative, infinite
or not a number stays so, as long as reciprocals and squares of the numbers at hand are normal
floating-point numbers (sizes from about 1e-150 to 1e150).
"""

from __future__ import annotations

import math
from collections import Counter
from enum import IntEnum

from sim.compile.emission import GraphState, emit
from sim.compile.graph import Graph
from sim.ir import Node, Op, Program

# The largest whole exponent that is written out as multiplications.
_LARGEST_POWER = 8


class _Dependence(IntEnum):
    """What a node changes with; what changes with two of RUN and TIME changes with STEP."""

    NOTHING = 0
    RUN = 1
    TIME = 2
    STEP = 3


_LEAVES = {
    Op.CONST: _Dependence.NOTHING,
    Op.PARAMETER: _Dependence.RUN,
    Op.TIME: _Dependence.TIME,
    Op.SERIES: _Dependence.TIME,
    Op.STATE: _Dependence.STEP,
    Op.RANDOM: _Dependence.STEP,
}


def relax(program: Program) -> Program:
    """Turn divisions by what is fixed in a run, or by the same number, into multiplications.

    Powers become products; powers that are multiplied, and exponentials, become one. Values agree
    with those of `program` to 1e-12, relative; parameters are the same.
    """
    return _Relaxation(program).done()


class _Relaxation:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._graph = Graph()
        self._depends: dict[int, _Dependence] = {}
        self._least: dict[int, float] = {}
        self._uses = Counter(arg for node in program.nodes for arg in node.args)
        self._uses.update(element.node for element in program.elements)
        self._uses.update(one for state in program.states for one in (state.initial, state.next))
        self._once: set[int] = set()
        self._divides = Counter(node.args[1] for node in program.nodes if node.op is Op.DIV)
        self._raised = Counter(node.args[0] for node in program.nodes if node.op is Op.POW)
        for node in range(len(self._graph)):
            self._note(node)

    def done(self) -> Program:
        program, moved = self._program, list[int]()
        for position, node in enumerate(program.nodes):
            new = self._node(node, [moved[arg] for arg in node.args])
            self._note(new)
            if self._uses[position] == 1:
                self._once.add(new)
            else:
                self._once.discard(new)
            moved.append(new)
        graph = self._graph
        states = [
            GraphState(
                one.name, one.rule, moved[one.initial], moved[one.next], one.length,
                graph.leaf(Op.STATE, position),
            )
            for position, one in enumerate(program.states)
        ]  # fmt: skip
        return emit(
            graph,
            [(one.name, one.variable, moved[one.node]) for one in program.elements],
            states,
            program.parameters,
            program.control,
            program.built_in,
            every=True,
        )

    def _node(self, node: Node, args: list[int]) -> int:
        graph, program = self._graph, self._program
        index = node.payload if isinstance(node.payload, int) else 0
        match node.op:
            case Op.CONST:
                return graph.const(float(node.payload or 0.0))
            case Op.PARAMETER:
                return graph.leaf(Op.PARAMETER, program.parameters[index].name)
            case Op.SERIES:
                return graph.leaf(Op.SERIES, program.series[index])
            case Op.LOOKUP:
                return graph.lookup(program.tables[index], args[0])
            case Op.TIME | Op.STATE | Op.RANDOM:
                return graph.leaf(node.op, node.payload)
            case Op.DIV:
                return self._quotient(*args, shared=self._divides[node.args[1]] > 1)
            case Op.MUL:
                return self._product(*args)
            case Op.POW:
                return self._power(*args, shared=self._raised[node.args[0]] > 1)
            case _:
                return graph.op(node.op, *args)

    # --- rewriting ------------------------------------------------------------------------

    def _quotient(self, above: int, below: int, *, shared: bool) -> int:
        """A quotient; one division serves all that divide by the same (`shared`)."""
        graph = self._graph
        number = graph.numbers[below]
        if number is not None:
            inverse = 1.0 / number if number and math.isfinite(number) else math.inf
            exact = math.isfinite(inverse) and inverse != 0.0
            return (
                self._product(above, self._number(inverse))
                if exact
                else self._plain(Op.DIV, above, below)
            )
        if below in self._once and self._depends[below] is _Dependence.STEP:
            first, *others = graph.args[below] or (below,)
            if graph.ops[below] is Op.EXP:
                return self._product(above, self._plain(Op.EXP, self._plain(Op.NEG, first)))
            if graph.ops[below] in (Op.POW, Op.RAISE):
                others[0] = self._plain(Op.NEG, others[0])
                return self._product(above, self._plain(graph.ops[below], first, *others))
        seldom = self._depends[below] in (_Dependence.RUN, _Dependence.TIME)
        if (seldom or shared) and self._depends[above] is _Dependence.STEP:
            inverse = self._plain(Op.DIV, graph.one, below)
            return self._product(above, inverse)
        return self._plain(Op.DIV, above, below)

    def _product(self, left: int, right: int) -> int:
        """A product; fixed factors are brought together, and so are exponentials."""
        graph, op = self._graph, self._plain
        for moving, fixed in ((left, right), (right, left)):
            if self._fixed(fixed) and not self._fixed(moving):
                inner = graph.args[moving]
                if graph.ops[moving] is Op.MUL and moving in self._once and self._fixed(inner[1]):
                    return op(Op.MUL, inner[0], op(Op.MUL, inner[1], fixed))
                return op(Op.MUL, moving, fixed)
        if self._lone_power(left) and self._lone_power(right):
            return op(Op.POWERS, *graph.args[left], *graph.args[right])
        for product, power in ((left, right), (right, left)):
            if self._lone_power(power) and graph.ops[product] is Op.MUL and product in self._once:
                for one, rest in (graph.args[product], graph.args[product][::-1]):
                    if self._lone_power(one):
                        both = op(Op.POWERS, *graph.args[one], *graph.args[power])
                        return op(Op.MUL, rest, both)
        if self._lone_exponential(left) and self._lone_exponential(right):
            return op(Op.EXP, op(Op.ADD, graph.args[left][0], graph.args[right][0]))
        for product, other in ((left, right), (right, left)):
            if graph.ops[product] is Op.MUL and product in self._once:
                first, second = graph.args[product]
                if self._lone_exponential(other):
                    for one, rest in ((first, second), (second, first)):
                        if self._lone_exponential(one):
                            total = op(Op.ADD, graph.args[one][0], graph.args[other][0])
                            return op(Op.MUL, rest, op(Op.EXP, total))
        return op(Op.MUL, left, right)

    def _power(self, base: int, exponent: int, *, shared: bool) -> int:
        """A power; one logarithm serves all powers of the same base (`shared`), or a whole run."""
        graph, op = self._graph, self._plain
        number = graph.numbers[exponent]
        if number is not None and number.is_integer() and 2 <= abs(number) <= _LARGEST_POWER:
            whole = self._multiplied(base, int(abs(number)))
            return whole if number > 0 else op(Op.DIV, graph.one, whole)
        if number == -1.0:
            return op(Op.DIV, graph.one, base)
        known = graph.numbers[base]
        if known is not None and known > 0.0 and math.isfinite(known):
            return op(Op.EXP, op(Op.MUL, exponent, self._number(math.log(known))))
        if self._least.get(base, -math.inf) > 0.0:
            return op(Op.EXP, op(Op.MUL, exponent, op(Op.LN, base)))
        seldom = self._depends[base] in (_Dependence.RUN, _Dependence.TIME)
        stepwise = seldom and self._depends[exponent] is _Dependence.STEP
        if stepwise or (shared and self._depends[base] is _Dependence.STEP and number != 0.5):
            return op(Op.RAISE, base, exponent, op(Op.LOG2, base))
        return op(Op.POW, base, exponent)

    def _multiplied(self, base: int, times: int) -> int:
        if times == 1:
            return base
        half = self._multiplied(base, times // 2)
        square = self._plain(Op.MUL, half, half)
        return self._plain(Op.MUL, square, base) if times % 2 else square

    def _number(self, value: float) -> int:
        node = self._graph.const(value)
        self._note(node)
        return node

    def _plain(self, op: Op, *args: int) -> int:
        node = self._graph.op(op, *args)
        self._note(node)
        return node

    # --- what is known of a node ----------------------------------------------------------

    def _fixed(self, node: int) -> bool:
        return self._depends[node] <= _Dependence.RUN

    def _lone_exponential(self, node: int) -> bool:
        return self._graph.ops[node] is Op.EXP and node in self._once

    def _lone_power(self, node: int) -> bool:
        graph = self._graph
        if graph.ops[node] is not Op.POW or node not in self._once:
            return False
        root = graph.numbers[graph.args[node][1]] == 0.5  # quicker by itself
        return self._depends[node] is _Dependence.STEP and not root

    def _note(self, node: int) -> None:
        """Note what a node of the new graph changes with, and what it never falls below."""
        if node in self._depends:
            return
        graph = self._graph
        number = graph.numbers[node]
        args = graph.args[node]
        if number is not None or not args:
            leaf = _Dependence.NOTHING if number is not None else _LEAVES[graph.ops[node]]
            self._depends[node] = leaf
        else:
            parts = {self._depends[arg] for arg in args}
            mixed = _Dependence.RUN in parts and _Dependence.TIME in parts
            self._depends[node] = _Dependence.STEP if mixed else max(parts)
        self._least[node] = self._bound(node, number)

    def _bound(self, node: int, number: float | None) -> float:
        """A number that the node is never below (NaN aside); -inf where none is known."""
        graph = self._graph
        if number is not None:
            return number if number == number else -math.inf
        least = [self._least[arg] for arg in graph.args[node]]
        match graph.ops[node]:
            case Op.MAX:
                return max(least)
            case Op.MIN:
                return min(least)
            case Op.SELECT:
                return min(least[1:])
            case Op.ADD:
                return least[0] + least[1]
            case Op.MUL | Op.DIV if min(least) >= 0.0:
                # A quotient, and a product with a tiny factor, may come down to zero.
                return least[0] * least[1] if graph.ops[node] is Op.MUL else 0.0
            case Op.SQRT:
                return math.sqrt(max(least[0], 0.0))
            case Op.EXP | Op.ABS:
                return 0.0
            case _:
                return -math.inf
