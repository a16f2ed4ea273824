"""From PySD's syntax tree to functions that give the node of an expression at a place.

A tree is built once per equation and asked once per element and phase.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sim.compile import macros, tables
from sim.compile.engine import Engine, Environment
from sim.compile.expression import Expression, joined
from sim.compile.ranges import Subscript, loose
from sim.compile.variables import CONTROL, Component, Section, Variable
from sim.errors import did_you_mean
from sim.ir import Op, Table

Maker = Callable[["Builder", Sequence[Any]], Expression]

_LEFT = {"+": Op.ADD, "-": Op.SUB, "*": Op.MUL, "/": Op.DIV}
_COMPARE = {
    "=": Op.EQ, "<>": Op.NE, "<": Op.LT, "<=": Op.LE, ">": Op.GT, ">=": Op.GE,
}  # fmt: skip


class Builder:
    """Builds the expression of one equation.

    Args:
        engine: gives values and takes nodes.
        component: the equation.
        sections: all sections by name, the main one under `__main__`.
        functions: makers by the function's name in the tree.
        structures: makers by the name of the tree's class.
    """

    def __init__(
        self,
        engine: Engine,
        component: Component,
        sections: Mapping[str, Section],
        functions: Mapping[str, Maker],
        structures: Mapping[str, Callable[[Builder, Any], Expression]],
    ) -> None:
        self.engine = engine
        self.graph = engine.graph
        self.component = component
        self.variable = component.variable
        self.section = component.variable.section
        self.sections = sections
        self.bound = component.bound
        self._functions = functions
        self._structures = structures
        self._places = 0

    def place(self, what: str) -> tuple[Component, str, int]:
        """A key for one use of a function in this equation, and its number in it."""
        self._places += 1
        return (self.component, what, self._places)

    def problem(self, code: str, sentence: str, hint: str = "") -> Expression:
        """Note a problem of this variable and go on with NaN."""
        self.engine.problems.add(code, sentence, self.variable.spot, hint)
        nan = self.graph.nan
        return Expression(lambda _: nan)

    def build(self, ast: Any) -> Expression:
        """The expression of a tree."""
        if isinstance(ast, (int, float)):
            node = self.graph.const(float(ast))
            return Expression(lambda _: node, constant=True)
        name = type(ast).__name__
        match name:
            case "ArithmeticStructure":
                return self._arithmetic(ast.operators, ast.arguments)
            case "LogicStructure":
                return self._logic(ast.operators, ast.arguments)
            case "ReferenceStructure":
                return self._reference(ast)
            case "CallStructure":
                return self._call(ast)
            case "GameStructure":
                return self.build(ast.expression)
            case "ndarray":
                return self._array(ast)
            case _:
                maker = self._structures.get(name)
                if maker is not None:
                    return maker(self, ast)
                return self.problem(
                    "unsupported-function",
                    f"'{self.variable.name}': {_spoken(name)} is not supported here",
                )

    def builds(self, asts: Sequence[Any]) -> list[Expression]:
        """The expressions of several trees."""
        return [self.build(ast) for ast in asts]

    # --- operators ------------------------------------------------------------------------

    def _arithmetic(self, operators: Sequence[str], arguments: Sequence[Any]) -> Expression:
        op = self.graph.op
        if operators[0] == "negative":
            inner = self.build(arguments[0])
            return joined(lambda env: op(Op.NEG, inner.at(env)), [inner])
        if operators[0] == "^":
            return self._power(arguments)
        parts = self.builds(arguments)
        first = parts[0].at
        rest = [(_LEFT[sign], part.at) for sign, part in zip(operators, parts[1:], strict=True)]

        def at(env: Environment) -> int:
            node = first(env)
            for kind, right in rest:
                node = op(kind, node, right(env))
            return node

        return joined(at, parts)

    def _power(self, arguments: Sequence[Any]) -> Expression:
        op = self.graph.op
        last = len(arguments) - 1
        # PySD writes Python, where `^` groups from the right and binds closer than the sign of
        # a literal: -2 ^ 2 is -4.
        flipped = [
            i < last and isinstance(one, (int, float)) and one < 0
            for i, one in enumerate(arguments)
        ]
        parts = [
            self.build(-one if flip else one) for one, flip in zip(arguments, flipped, strict=True)
        ]

        def at(env: Environment) -> int:
            node = parts[last].at(env)
            for i in range(last - 1, -1, -1):
                node = op(Op.POW, parts[i].at(env), node)
                if flipped[i]:
                    node = op(Op.NEG, node)
            return node

        return joined(at, parts)

    def _logic(self, operators: Sequence[str], arguments: Sequence[Any]) -> Expression:
        graph = self.graph
        parts = self.builds(arguments)
        if operators[0].upper() == ":NOT:":
            inner = parts[0].at
            return joined(lambda env: graph.op(Op.NOT, graph.truth(inner(env))), parts)
        if operators[0] in _COMPARE:
            kind, (left, right) = _COMPARE[operators[0]], (parts[0].at, parts[1].at)
            return joined(lambda env: graph.op(kind, left(env), right(env)), parts)
        kinds = [Op.AND if sign.upper() == ":AND:" else Op.OR for sign in operators]

        def at(env: Environment) -> int:
            # PySD groups a mixture of AND and OR from the right.
            node = graph.truth(parts[-1].at(env))
            for kind, part in zip(reversed(kinds), reversed(parts[:-1]), strict=True):
                node = graph.op(kind, graph.truth(part.at(env)), node)
            return node

        return joined(at, parts)

    # --- numbers and names ----------------------------------------------------------------

    def _array(self, values: Any) -> Expression:
        """An array of numbers: laid over the left side, the last subscript running fastest."""
        numbers = [float(value) for value in values.flatten()]
        shape = [
            (one.label,) if one.label else self.section.ranges.labels(one.range)
            for one in self.component.subscripts
        ]
        size = 1
        for labels in shape:
            size *= len(labels)
        if size != len(numbers):
            return self.problem(
                "wrong-size",
                f"'{self.variable.name}' has {size} elements, but {len(numbers)} numbers are given",
            )

        def at(env: Environment) -> int:
            place = 0
            for labels, label in zip(shape, env.element, strict=True):
                place = place * len(labels) + labels.index(label)
            return self.graph.const(numbers[place])

        return Expression(at, self.bound, constant=True)

    def _reference(self, ast: Any) -> Expression:
        name = ast.reference
        written = list(ast.subscripts.subscripts) if ast.subscripts else []
        if loose(name) in self.section.parameters:
            parameter = loose(name)
            return Expression(lambda env: self._given(parameter, env))
        if loose(name) == "time":
            return Expression(self.engine.time)
        variable = self.section.find(name)
        if variable is None:
            return self._name(name)
        if loose(name) in CONTROL and loose(name) in self.engine.control:
            return self._control(loose(name))
        if variable.is_lookup:
            return self.problem(
                "lookup-without-argument",
                f"'{self.variable.name}' uses the table '{variable.name}' without an argument",
            )
        found = self.element_of(variable, written)
        if found is None:
            return self.problem(
                "wrong-subscripts",
                f"'{self.variable.name}' refers to '{variable.name}' with subscripts "
                f"[{', '.join(written)}] that do not fit it",
            )
        element, dims = found
        value = self.engine.value

        def at(env: Environment) -> int:
            return value(variable, element(env), env.instance, env.initial)

        return Expression(at, dims)

    def _control(self, key: str) -> Expression:
        return Expression(lambda env: self.engine.bound(key, env.initial))

    def _given(self, parameter: str, env: Environment) -> int:
        """What a macro was called with."""
        given = env.instance.arguments.get(parameter)
        if given is None:
            self.problem("wrong-macro-call", f"'{parameter}' is given nothing by a call")
            return self.graph.nan
        return given(env.initial)

    def _name(self, name: str) -> Expression:
        """A name that is no variable: a range or element as a number, or a built-in constant."""
        ranges = self.section.ranges
        one = ranges.subscript(name)
        if one is not None and one.label:
            node = self.graph.const(ranges.number(one.label))
            return Expression(lambda _: node)
        if one is not None:
            found = self._accessor(one, ())
            get, binding = found
            # Where it is bound to nothing, which is complained of, there is no number either.
            return Expression(
                lambda env: (
                    self.graph.const(ranges.number(get(env))) if get(env) else self.graph.nan
                ),
                (binding,),
            )
        key = loose(name).rstrip("$").rstrip("_")
        key = {"dt": "time_step", "starttime": "initial_time", "stoptime": "final_time"}.get(
            key, key
        )
        if key == "time":
            return Expression(self.engine.time)
        if key in self.engine.control:
            return self._control(key)
        maker = self._functions.get(key) if key == "pi" else None
        if maker is not None:
            return maker(self, ())
        names = [variable.name for variable in self.section.all()]
        return self.problem(
            "unknown-name",
            f"'{self.variable.name}' refers to '{name}', which is not defined",
            did_you_mean(name.replace("_", " "), names),
        )

    def element_of(
        self, variable: Variable, written: Sequence[str]
    ) -> tuple[Callable[[Environment], tuple[str, ...]], tuple[str, ...]] | None:
        """How to find the referred element in an environment, and the ranges it varies over."""
        found = [self.section.ranges.subscript(text) for text in written]
        subscripts = [one for one in found if one is not None]
        if len(subscripts) < len(found):
            return None
        rank = len(variable.components[0].subscripts) if variable.components else 0
        if rank and not subscripts:
            # XMILE lets an arrayed equation name its neighbours without subscripts.
            subscripts = self._implied(variable, rank)
        if len(subscripts) != rank:
            return None
        if not subscripts:
            return (lambda _: ()), ()
        mine = tuple(one.range for one in subscripts if one.range and not one.reduced)
        accessors = [self._accessor(one, mine) for one in subscripts]
        dims = tuple(dict.fromkeys(binding for _, binding in accessors if binding))
        if len(accessors) == 1:
            only = accessors[0][0]
            return (lambda env: (only(env),)), dims
        getters = [get for get, _ in accessors]
        return (lambda env: tuple([get(env) for get in getters])), dims

    def _implied(self, variable: Variable, rank: int) -> list[Subscript]:
        """The ranges of a variable that is named without them: those of the left side first."""
        ranges = self.section.ranges
        found: list[Subscript] = []
        for i in range(rank):
            labels = {element[i] for element in variable.elements}
            fitting = [
                key
                for key in (*self.bound, *ranges.elements)
                if set(ranges.labels(key)) == labels and key not in [one.range for one in found]
            ]
            found += [Subscript(range=fitting[0])] if fitting else []
        return found

    def _accessor(
        self, one: Subscript, mine: Sequence[str]
    ) -> tuple[Callable[[Environment], str], str]:
        if one.label:
            label = one.label
            return (lambda _: label), ""
        binding = one.binding
        if not one.reduced and one.range not in self.bound:
            mapping = self.section.ranges.mapped(
                one.range, [key for key in self.bound if key not in mine]
            )
            if mapping is not None:
                target, over = mapping
                return (lambda env: over[env.bound[target]]), target

        def get(env: Environment) -> str:
            label = env.bound.get(binding)
            if label is None:
                self.problem(
                    "unbound-subscript",
                    f"'{self.variable.name}' uses the range '{one.range}' on the right side, "
                    "but not on the left",
                    "sum over it with '!', or put it on the left side",
                )
                return ""
            return label

        return get, binding

    # --- calls ----------------------------------------------------------------------------

    def _call(self, ast: Any) -> Expression:
        name = ast.function.reference
        macro = self.sections.get(loose(name))
        if macro is not None and macro.parameters:
            return macros.call(self, macro, ast.arguments)
        variable = self.section.find(name)
        if variable is not None and variable.is_lookup:
            return self._lookup_call(variable, ast)
        maker = self._functions.get(name) or self._functions.get(loose(name))
        if maker is not None:
            return maker(self, ast.arguments)
        if variable is not None:
            return self._lookup_call(variable, ast)
        if loose(name) == "a_function_of":
            # Without an equation yet: as in PySD nothing is known, and the run says so.
            nothing = self.graph.const(math.nan)
            return Expression(lambda _: nothing)
        return self.problem(
            "unsupported-function",
            f"'{self.variable.name}' uses {loose(name).replace('_', ' ').upper()}, "
            "which is not supported",
        )

    def table_of(self, ast: Any) -> tuple[Callable[[Environment], Table], tuple[str, ...]] | None:
        """How to find the table that a reference to a lookup means in an environment."""
        variable = self.section.find(ast.reference)
        if variable is None or not variable.is_lookup:
            return None
        written = list(ast.subscripts.subscripts) if ast.subscripts else []
        found = self.element_of(variable, written)
        if found is None:
            return None
        element, dims = found
        return (lambda env: tables.table_at(self.engine, variable, element(env))), dims

    def _lookup_call(self, variable: Variable, ast: Any) -> Expression:
        found = self.table_of(ast.function)
        if found is None or len(ast.arguments) != 1:
            return self.problem(
                "not-a-lookup",
                f"'{self.variable.name}' calls '{variable.name}' like a table with one argument",
            )
        table, dims = found
        argument = self.build(ast.arguments[0])

        def at(env: Environment) -> int:
            return tables.look_up(self.engine, table(env), argument.at(env))

        return Expression(
            at,
            tuple(dict.fromkeys((*argument.dims, *dims))),
            False,
            argument.height + 1,
        )


def _spoken(structure: str) -> str:
    return structure.removesuffix("Structure")
