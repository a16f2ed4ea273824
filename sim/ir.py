"""The `Program`: what the compiler hands to a kernel.

One scalar expression graph in topological order, frozen and hashable. No arrays, no
names that need looking up, no Vensim: subscripts are unrolled, functions are lowered
to the operations of `Op`, stateful functions are states with rules.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum, auto
from functools import cached_property, lru_cache
from typing import Any


@lru_cache(maxsize=1 << 16)
def identifier(name: str) -> str:
    """The id of a name in files, results and on the command line: `value_added_total`."""
    return re.sub(r"\W+", "_", name.strip().lower()).strip("_")


def long_name(name: str) -> str:
    """What a variable or an element is called where there is room: `Value added total`."""
    plain = name.strip('"')
    return plain[:1].upper() + plain[1:]


class Op(IntEnum):
    """Scalar operations on float64; truth is 1.0 or 0.0. `payload` is given where one is used.

    The condition of SELECT and the arguments of AND, OR and NOT are always truths: results
    of comparisons or of AND, OR, NOT (the compiler inserts `x != 0` where the text has a number).
    """

    CONST = auto()  # payload: the number
    PARAMETER = auto()  # payload: index into Program.parameters
    SERIES = auto()  # payload: index into Program.series; a path over time, given by the caller
    TIME = auto()
    STATE = auto()  # payload: index into Program.states
    ADD = auto()
    SUB = auto()
    MUL = auto()
    DIV = auto()
    NEG = auto()
    POW = auto()
    EXP = auto()
    LN = auto()
    SQRT = auto()
    SIN = auto()
    COS = auto()
    TAN = auto()
    ARCSIN = auto()
    ARCCOS = auto()
    ARCTAN = auto()
    SINH = auto()
    COSH = auto()
    TANH = auto()
    GAMMALN = auto()
    ABS = auto()
    FLOOR = auto()
    TRUNC = auto()
    MOD = auto()  # as numpy.mod: the sign of the divisor
    MIN = auto()  # NaN wins, as numpy.minimum
    MAX = auto()
    LT = auto()
    LE = auto()
    GT = auto()
    GE = auto()
    EQ = auto()
    NE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    SELECT = auto()  # (condition, if true, if false)
    LOOKUP = auto()  # (x); payload: index into Program.tables
    RANDOM = auto()  # uniform in [0, 1); payload: stream id below 2**48, the same whatever outputs
    # are asked for; a function of (seed, member, step, id)
    POWERS = auto()  # (a, x, b, y): a^x b^y
    LOG2 = auto()  # for RAISE only: undefined where its argument is not above 0
    RAISE = auto()  # (x, y, LOG2 of x): x^y


@dataclass(frozen=True, slots=True)
class Node:
    """One operation; `args` are positions of earlier nodes in `Program.nodes`."""

    op: Op
    args: tuple[int, ...] = ()
    payload: float | int | None = None


class Rule(StrEnum):
    """How a state goes on to the next step."""

    LEVEL = "level"  # integrates: `next` is its rate of change per unit of time
    HELD = "held"  # takes the value of `next` at the end of each step (discrete)
    RING = "ring"  # a line of `length` slots: `next` goes in at the end of each step, STATE reads
    # what went in `length` steps ago (the initial value until then): DELAY FIXED


@dataclass(frozen=True, slots=True)
class State:
    """A state: where it starts, and how it goes on.

    `initial` depends on no state and is evaluated once per run, at the initial time and step 0
    (it may hold SERIES and RANDOM). A LEVEL whose `next` is 0 keeps that value: it stands for
    INITIAL(x) where x is not the same in every step.
    """

    name: str
    rule: Rule
    initial: int
    next: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Parameter:
    """A changeable constant, one scalar element of it."""

    name: str  # as in the text, with subscripts: `birth rate[Districts]`
    default: float


@dataclass(frozen=True, slots=True)
class Series:
    """A path over time: knots, and how to read between and outside them."""

    name: str
    times: tuple[float, ...]
    values: tuple[float, ...]
    reading: str = "interpolate"  # interpolate | hold_backward | look_forward | raw


@dataclass(frozen=True, slots=True)
class Table:
    """A lookup: points with rising x; outside them the end is held, or extended in its slope."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    reading: str = "interpolate"  # interpolate | extrapolate | hold_backward | look_forward


@dataclass(frozen=True, slots=True)
class Element:
    """One scalar that can be asked for: a variable's element and the node that computes it."""

    name: str  # with subscripts, as PySD names a column: `jobs[aquaculture,Districts]`
    variable: str  # without
    node: int


@dataclass(frozen=True, slots=True)
class Control:
    """Time bounds and steps, in the model's unit of time.

    Time goes on by adding (`t = t + time_step`), until `t + 1e-5 * time_step >= final_time`,
    as in PySD: the sums need not be multiples of the step.

    Where TIME STEP or SAVEPER change during the run, `moments` lists every moment and `kept` the
    positions of those that are saved. Where it is TIME STEP that changes, `time_step` is 1 and the
    rate of every level is already multiplied by the step.
    """

    initial_time: float
    final_time: float
    time_step: float
    saveper: float
    moments: tuple[float, ...] = ()
    kept: tuple[int, ...] = ()


@dataclass(frozen=True)
class Program:
    """A model ready to be built into a kernel.

    `built_in` lists constants of the text that shape the program (time step, the length of a
    fixed delay, the order of a smooth) with the values they were built with: they are no
    parameters, since another value needs another program.
    """

    nodes: tuple[Node, ...]
    parameters: tuple[Parameter, ...]
    series: tuple[Series, ...]
    tables: tuple[Table, ...]
    states: tuple[State, ...]
    elements: tuple[Element, ...]
    control: Control
    built_in: tuple[Parameter, ...] = ()

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the content: the same program, the same hash, on every machine."""
        # Tuples are written five times faster than dataclasses.
        parts: list[list[Any]] = [[(int(node.op), node.args, node.payload) for node in self.nodes]]
        for part in (self.parameters, self.series, self.tables, self.states, self.elements):
            parts.append([_values(one) for one in part])
        parts.append([_values(one) for one in (self.control, *self.built_in)])
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @cached_property
    def form(self) -> str:
        """SHA-256 over what is computed: another name or default of a parameter, the same form."""
        parts = (
            [(int(node.op), node.args, node.payload) for node in self.nodes],
            [(one.x, one.y, one.reading) for one in self.tables],
            [(one.rule.value, one.initial, one.next, one.length) for one in self.states],
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def _values(one: Any) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in one.__slots__)
