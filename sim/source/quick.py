"""A quick reader of the usual Vensim equation: names, numbers, operators, calls, tables.

PySD's own reader takes a millisecond for each equation, most of a cold start. This one gives
the same syntax tree for what it knows, and nothing at all for the rest (quotes, strings,
keywords between colons, whatever cannot be read): that is left to PySD, with its
complaints. `tests/unit/source/test_source_quick.py` compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from pysd.translators.structures import abstract_expressions as ae
from pysd.translators.vensim import vensim_element
from pysd.translators.vensim.vensim_structures import structures

_REFUSED = re.compile(r"[\"'\\:;{}~|$&\n]")
_LEFT = re.compile(r"([^\W\d][\w ]*?) ?(?:\[([\w ,]*)\] ?)?(==?|(?=\())")
_TOKEN = re.compile(
    r" ?(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])"
    r"|([^\W\d][\w ]*)|(<>|<=|>=|[-+*/^()\[\],!=<>]))"
)
_NUMBER = r" ?([+-]?) ?(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?) ?"
_POINT = re.compile(rf" ?\({_NUMBER},{_NUMBER}\) ?,?")
_LIMITS = re.compile(rf" ?\[ ?\({_NUMBER},{_NUMBER}\) ?- ?\({_NUMBER},{_NUMBER}\) ?\] ?,")
_PLAIN = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_ARRAY = re.compile(rf"{_PLAIN}(?: ?[,;] ?{_PLAIN})+ ?;?")
_SUM = re.compile(r"[-+ \d.eE]*")  # of numbers alone, which PySD adds up itself
_WITH = re.compile(r"with lookup", re.IGNORECASE)
# PySD's trees, whose own notes on types are narrower than what PySD puts into them.
_ARITHMETIC: Any = ae.ArithmeticStructure
_LOGIC: Any = ae.LogicStructure
_CALL: Any = ae.CallStructure
_SUBSCRIPTS: Any = ae.SubscriptsReferenceStructure
_LOOKUP: Any = ae.LookupsStructure
_STRUCTURES: dict[str, Any] = structures
_COMPARISONS = frozenset(["=", "<>", "<=", "<", ">=", ">"])
DEPTH = 30  # brackets within brackets; what is deeper is left to PySD


class _UnusualError(Exception):
    """Something that PySD is to read."""


def component(equation: str) -> Any:
    """The component of an equation (white space collapsed) with its tree, or None.

    Units, limits and documentation are left to the caller.
    """
    left = _LEFT.match(equation)
    if left is None:
        return None
    name, listed, sign = left.groups()
    subscripts = [] if listed is None else [part.strip() for part in listed.split(",")]
    if not all(subscripts):
        return None
    expression = equation[left.end() :].strip()
    try:
        if sign and _ARRAY.fullmatch(expression):
            rows = [row.split(",") for row in expression.strip(";").split(";")]
            tree: Any = np.squeeze(np.array(rows, dtype=float))
        elif _REFUSED.search(expression):
            return None
        else:
            tree = _Reader(expression).tree() if sign else _Reader(expression).table()
    # What is wrong is said by PySD, which reads it again.
    except (_UnusualError, TypeError, ValueError, IndexError, OverflowError, RecursionError):
        return None
    kinds: dict[str, Callable[..., Any]] = {
        "=": vensim_element.Component,
        "==": vensim_element.UnchangeableConstant,
        "": vensim_element.Lookup,
    }
    if _SUM.fullmatch(expression) and not isinstance(tree, float | int):
        return None
    made = kinds[sign](name.strip(), (subscripts, []), expression)
    made.ast = tree
    if sign and isinstance(tree, _STRUCTURES["get_xls_lookups"]):
        made.lookup = True
    return made


class _Reader:
    """Descends through one expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.kind = self.word = ""

    def tree(self) -> Any:
        self._next()
        found = self._comparison()
        if not self._is("end"):
            raise _UnusualError
        return found

    def table(self) -> Any:
        """What stands between the brackets of a lookup's definition."""
        if not self.text.startswith("("):
            raise _UnusualError
        self.at = 1
        found = self._points()
        if self.text[self.at :].strip() != ")":
            raise _UnusualError
        return found

    def _next(self) -> None:
        """Read the next token: a number, a name, a sign or the end."""
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            if self.text[self.at :].strip():
                raise _UnusualError
            self.kind, self.word = "end", ""
            return
        self.at = match.end()
        number, name, sign = match.groups()
        if number is not None:
            self.kind, self.word = "number", number
        elif name is not None:
            self.kind, self.word = "name", name.rstrip()
        else:
            self.kind = self.word = sign

    def _is(self, kind: str) -> bool:
        return self.kind == kind

    def _take(self, kind: str) -> None:
        if not self._is(kind):
            raise _UnusualError
        self._next()

    def _comparison(self) -> Any:
        first = self._sum()
        if self.kind not in _COMPARISONS:
            return first
        sign = self.kind
        self._next()
        return _LOGIC([sign], (first, self._sum()))

    def _sum(self) -> Any:
        return self._chain("+-", self._product)

    def _product(self) -> Any:
        return self._chain("*/", self._power)

    def _chain(self, signs: str, part: Callable[[], Any]) -> Any:
        parts, found = [part()], list[str]()
        while self.kind in signs:
            found.append(self.kind)
            self._next()
            parts.append(part())
        return _ARITHMETIC(found, tuple(parts)) if found else parts[0]

    def _power(self) -> Any:
        """Powers; where one of them has a minus, PySD groups from the right."""
        parts = [self._signed()]
        while self._is("^"):
            self._next()
            parts.append(self._signed())
        if not any(minus for minus, _ in parts):
            if len(parts) == 1:
                return parts[0][1]
            signs = ["^"] * (len(parts) - 1)
            return _ARITHMETIC(signs, tuple(part for _, part in parts))
        minus, found = parts.pop()
        if minus:
            found = _ARITHMETIC(["negative"], (found,))
        for minus, part in reversed(parts):
            found = _ARITHMETIC(["^"], (part, found))
            if minus:
                found = _ARITHMETIC(["negative"], (found,))
        return found

    def _signed(self) -> tuple[bool, Any]:
        """Whether the minus before an atom is still to be applied, and the atom."""
        sign = self.kind if self.kind in {"+", "-"} else ""
        if sign:
            self._next()
        if self.kind in {"+", "-"}:
            raise _UnusualError
        atom = self._atom()
        if sign != "-":
            return False, atom
        return (False, -atom) if isinstance(atom, float | int) else (True, atom)

    def _atom(self) -> Any:
        self.depth += 1
        if self.depth > DEPTH:
            raise _UnusualError
        if self._is("number"):
            found = _number(self.word)
            self._next()
        elif self._is("("):
            self._next()
            found = self._comparison()
            self._take(")")
        elif self._is("name"):
            found = self._name()
        else:
            raise _UnusualError
        self.depth -= 1
        return found

    def _name(self) -> Any:
        name = self.word
        self._next()
        if self._is("(") and _WITH.fullmatch(name):
            return self._with_lookup()
        if name.lower() == "tabbed array":
            raise _UnusualError
        reference = ae.ReferenceStructure(name.lower().replace(" ", "_"), self._subscripts())
        if not self._is("("):
            return reference
        self._next()
        arguments = [self._comparison()]
        while self._is(","):
            self._next()
            arguments.append(self._comparison())
        self._take(")")
        if reference.reference in _STRUCTURES:
            return _STRUCTURES[reference.reference](*arguments)
        return _CALL(reference, tuple(arguments))

    def _subscripts(self) -> Any:
        if not self._is("["):
            return None
        found: list[str] = []
        while not self._is("]"):
            self._next()
            name = self.word
            self._take("name")
            if self._is("!"):
                name += "!"
                self._next()
            found.append(name)
            if self.kind not in {",", "]"}:
                raise _UnusualError
        self._next()
        return _SUBSCRIPTS(found)

    def _with_lookup(self) -> Any:
        self._next()
        argument = self._comparison()
        if not self._is(","):
            raise _UnusualError
        self._next()
        if not self._is("("):
            raise _UnusualError
        table = self._points()
        self._next()
        self._take(")")
        self._take(")")
        return ae.InlineLookupsStructure(argument, table)

    def _points(self) -> Any:
        """Limits, if there are, and the points that follow `at`."""
        limits = np.full((2, 2), np.nan)
        if drawn := _LIMITS.match(self.text, self.at):
            self.at = drawn.end()
            read = [_signed(*drawn.group(place, place + 1)) for place in range(1, 9, 2)]
            limits = np.array(((read[0], read[1]), (read[2], read[3])))
        points: list[tuple[float, float]] = []
        while point := _POINT.match(self.text, self.at):
            self.at = point.end()
            points.append((_signed(*point.group(1, 2)), _signed(*point.group(3, 4))))
        if len(points) < 2:
            raise _UnusualError
        values = np.array(points)
        values = values[np.argsort(values[:, 0])]
        return _LOOKUP(
            x=tuple(values[:, 0]),
            y=tuple(values[:, 1]),
            x_limits=tuple(limits[:, 0]),
            y_limits=tuple(limits[:, 1]),
            type="interpolate",
        )


def _number(word: str) -> float | int:
    if not word.isdecimal():
        return float(word)
    if word.startswith("0") and word.strip("0"):
        raise _UnusualError  # no number of Python's, by which PySD reads
    return int(word)


def _signed(sign: str, word: str) -> float | int:
    return -_number(word) if sign == "-" else _number(word)
