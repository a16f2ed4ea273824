"""Spellings of XMILE that PySD does not read, brought to those that it does.

XMILE's equations (its language is called SMILE) as Stella and others write them: conditions
within expressions, `a[*]`, elements by number, comments, constants and functions that can be
said with others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sim.source.entries import key

_PIECE = re.compile(
    r"\s+|\{[^}]*\}|\"(?:\\.|[^\"\\])*\"|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
    r"|[^\W\d][\w'$]*|<>|<=|>=|//|."
)
_NAME = re.compile(r"[^\W\d][\w'$]*")
_LOOSER = re.compile(r"[+\-<>=]|<>|<=|>=| (?:and|or|not) ")  # than a product
_LABEL = re.compile(r'(?:[^\W\d][\w\'$ ]*|"[^"]*")(?:\.(?:[^\W\d][\w\'$ ]*|"[^"]*"))?|\w+')
_REDUCED = re.compile(r"\[([^\]]*)\]")
_BEYOND = "1e300"  # further than any value goes
_CONSTANTS = {
    "dt": "TIME_STEP",
    "starttime": "INITIAL_TIME",
    "stoptime": "FINAL_TIME",
    "nan": "(0/0)",
    "inf": "(1/0)",
}
UNFINISHED = "A_FUNCTION_OF(TIME)"


class _UnreadableError(Exception):
    """What PySD is to read, and to complain of, as it stands."""


@dataclass(frozen=True)
class Names:
    """What the names in a model's equations mean, all by `entries.key`.

    Args:
        variables: names of the ranges of each variable.
        ranges: name and labels of each range.
        tables: for variables that have both an equation and a graph, what the graph by itself
            is called.
        used: which of these LOOKUP reads; filled while equations are spelt.
    """

    variables: Mapping[str, Sequence[str]]
    ranges: Mapping[str, tuple[str, Sequence[str]]]
    tables: Mapping[str, str] = field(default_factory=dict[str, str])
    used: set[str] = field(default_factory=set[str])


def spelt(equation: str, names: Names, own: str = "") -> str:
    """An equation of the variable `own` as PySD reads it; what is not understood stays as it is."""
    if not equation.strip(" ?\n\t"):
        return UNFINISHED
    try:
        return _Speller(equation, names, own).spelt()
    except (_UnreadableError, RecursionError):
        return equation


def _follows_value(said: Sequence[str]) -> bool:
    """Whether an operator may stand here, and not the name of a function."""
    before = "".join(said).strip()
    return bool(before) and before[-1] not in "+-*/^=<>"


class _Speller:
    def __init__(self, equation: str, names: Names, own: str) -> None:
        self.own = own.replace("\\n", " ").strip('"')
        self.pieces = [
            "\n" if piece.isspace() else piece
            for piece in _PIECE.findall(equation)
            if not piece.startswith("{")
        ]
        self.at = 0
        self.names = names
        self.scalar = not names.variables.get(key(self.own))
        self.computed = ""

    def spelt(self) -> str:
        text = self._expression()
        if self.at < len(self.pieces):
            raise _UnreadableError
        return text.strip() or UNFINISHED

    def _peek(self) -> str:
        """The next piece that is no blank."""
        at = self.at
        while at < len(self.pieces) and self.pieces[at] == "\n":
            at += 1
        return self.pieces[at] if at < len(self.pieces) else ""

    def _take(self, wanted: str) -> None:
        while self.at < len(self.pieces) and self.pieces[self.at] == "\n":
            self.at += 1
        if self.at == len(self.pieces) or self.pieces[self.at].lower() != wanted:
            raise _UnreadableError
        self.at += 1

    def _expression(self) -> str:
        """Up to what closes it: a bracket, a comma, THEN, ELSE, or the end."""
        said: list[str] = []
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            word = piece.lower()
            if piece in {")", "]", ","} or word in {"then", "else"}:
                break
            self.at += 1
            if piece == "\n":
                said.append(" ")
            elif piece == "//" or (word == "mod" and _follows_value(said)):
                said = self._apart(said, "SAFEDIV" if piece == "//" else "MODULO")
            elif word == "if":
                said.append(self._condition())
            elif word in {"and", "or", "not"}:
                said.append(f" {word} ")
            elif piece == "(":
                said.append(f"({self._expression()})")
                self._take(")")
            elif piece.startswith('"') or _NAME.fullmatch(piece):
                said.append(self._name(piece))
            else:
                said.append(piece)
        return "".join(said)

    def _apart(self, said: list[str], function: str) -> list[str]:
        """`a // b`, which is zero where b is, or `a MOD b`, for the product that was said last.

        By the standard both bind as a product does, from the left; PySD's MOD binds looser.
        """
        start = len(said)
        while start and not (_LOOSER.fullmatch(said[start - 1]) and said[: start - 1]):
            start -= 1
        if start == 1 and said[0] in {"+", "-"}:
            start = 0
        above = "".join(said[start:]).strip()
        if not above:
            raise _UnreadableError
        return [*said[:start], f"{function}({above}, {self._factor()})"]

    def _factor(self) -> str:
        """One number, name, call or bracket, with its sign and power."""
        piece = self._peek()
        if not piece or piece in {")", "]", ","}:
            raise _UnreadableError
        while self.pieces[self.at] == "\n":
            self.at += 1
        self.at += 1
        if piece in {"+", "-"}:
            return piece + self._factor()
        if piece == "(":
            said = f"({self._expression()})"
            self._take(")")
        elif piece.startswith('"') or _NAME.fullmatch(piece):
            said = self._name(piece)
        else:
            said = piece
        if self._peek() == "^":
            self._take("^")
            said += f"^{self._factor()}"
        return said

    def _condition(self) -> str:
        parts = [self._expression()]
        for word in ("then", "else"):
            self._take(word)
            parts.append(self._expression())
        return f"IF_THEN_ELSE({', '.join(part.strip() for part in parts)})"

    def _name(self, piece: str) -> str:
        variable = self.names.variables.get(key(piece.strip('"')))
        if variable is None and self._peek() == "." and key(piece) in self.names.ranges:
            return self._number(piece)
        if variable is None and piece.lower() == "self" and self.own:
            piece = f'"{self.own}"'
            variable = self.names.variables.get(key(self.own))
        if self._peek() == "[":
            return self._element(piece, variable or ())
        if self._peek() != "(":
            constant = _CONSTANTS.get(piece.lower())
            return piece if variable is not None or constant is None else constant
        self._take("(")
        arguments: list[str] = []
        while self._peek() != ")":
            arguments.append(self._expression().strip())
            if self._peek() != ")":
                self._take(",")
        self._take(")")
        made = _CALLS.get(piece.lower()) if variable is None else None
        said = made(self, arguments) if made is not None else None
        return said if said is not None else f"{piece}({', '.join(arguments)})"

    def _number(self, dimension: str) -> str:
        """`Location.Boston`: which of the elements it is."""
        self._take(".")
        label = self._peek()
        self._take(label.lower())
        _, labels = self.names.ranges[key(dimension)]
        known = [key(each) for each in labels]
        if key(label.strip('"')) not in known:
            raise _UnreadableError
        return str(known.index(key(label.strip('"'))) + 1)

    def _element(self, piece: str, over: Sequence[str]) -> str:
        """An element of an array; one of the subscripts may be computed."""
        self._take("[")
        parts: list[str] = []
        computed: tuple[str, int] | None = None
        while self._peek() != "]":
            range_ = over[len(parts)] if len(parts) < len(over) else ""
            part = self._subscript(range_)
            if part is None:
                if computed:
                    raise _UnreadableError
                computed, part = (self.computed, len(parts)), _plain(self._labels(range_)[0])
            parts.append(part)
            if self._peek() != "]":
                self._take(",")
        self._take("]")
        said = f"{piece}[{', '.join(parts)}]"
        if computed and len(parts) == len(over):
            return self._numbered(said, *computed, [len(self._labels(one)) for one in over])
        if computed:
            raise _UnreadableError
        if self._peek() != "(":
            return said
        self._take("(")
        argument = self._expression()
        self._take(")")
        return f"{said}({argument})"

    def _labels(self, range_: str) -> Sequence[str]:
        return self.names.ranges[key(range_)][1]

    @staticmethod
    def _numbered(first: str, number: str, place: int, sizes: Sequence[int]) -> str:
        """The element by the number of its subscript in a place, counted on from the first."""
        if len(sizes) == 1:
            return f"VECTOR_ELM_MAP({first}, ({number}) - 1)"
        step = math.prod(sizes[place + 1 :])
        within = f"({number}) >= 1 and ({number}) < {sizes[place] + 1}"
        element = f"VECTOR_ELM_MAP({first}, (INT({number}) - 1)*{step})"
        return f"IF_THEN_ELSE({within}, {element}, (0/0))"

    def _subscript(self, over: str) -> str | None:
        """One subscript; `over`: the range of the variable in that place. None: `computed`."""
        if self._peek() == "*":
            self._take("*")
            if not over:
                raise _UnreadableError
            return f"{_plain(over)}!"
        if (named := self._all_of_a_range()) is not None:
            return f"{_plain(named)}!"
        written = self._expression().strip()
        _, labels = self.names.ranges.get(key(over), ("", ()))
        if written.isdecimal() and written not in labels:
            if not 1 <= int(written) <= len(labels):
                raise _UnreadableError
            return _plain(labels[int(written) - 1])
        if labels and self._computed(written, labels):
            self.computed = written
            return None
        range_, dot, label = written.partition(".")
        return _plain(label if dot and key(range_) in self.names.ranges else written)

    def _all_of_a_range(self) -> str | None:
        """The range of `Region.*`, if that comes next."""
        rest = [piece for piece in self.pieces[self.at :] if piece != "\n"][:3]
        if rest[1:] != [".", "*"] or key(rest[0].strip('"')) not in self.names.ranges:
            return None
        for piece in rest:
            self._take(piece.lower())
        return rest[0].strip('"')

    def _computed(self, written: str, labels: Sequence[str]) -> bool:
        """Whether a subscript is an expression that says the number of the element."""
        if ":" in written:  # a part of a range, which is left as it is
            raise _UnreadableError
        name = key(written.strip('"'))
        if written.endswith("!") or name in self.names.ranges or name in map(key, labels):
            return False
        return not _LABEL.fullmatch(written) or name in self.names.variables or name == "time"

    def whole(self, argument: str) -> str:
        """An array named without subscripts, with all of its ranges to be reduced."""
        over = self.names.variables.get(key(argument.strip('"')))
        return f"{argument}[{', '.join(f'{_plain(one)}!' for one in over)}]" if over else argument

    def count(self, argument: str) -> int | None:
        """How many elements a reduction of the argument runs over."""
        if found := self.names.ranges.get(key(argument)):
            return len(found[1])
        listed = _REDUCED.findall(self.whole(argument))
        over = {part.strip()[:-1] for each in listed for part in each.split(",") if "!" in part}
        sizes = [self.names.ranges.get(key(one)) for one in sorted(over)]
        known = [len(one[1]) for one in sizes if one is not None]
        return math.prod(known) if known else None

    def table(self, argument: str) -> str:
        """A graph that LOOKUP reads, apart from the equation that its variable may have."""
        name, bracket, subscripts = argument.partition("[")
        known = key(name.strip().strip('"'))
        if known in self.names.tables:
            name = self.names.tables[known]
            self.names.used.add(name)
        return f"{name}{bracket}{subscripts}"


Call = Callable[[_Speller, list[str]], str | None]


def _plain(name: str) -> str:
    return re.sub(r"\s+", "_", name.strip().strip('"'))


def _reduced(function: str) -> Call:
    def call(speller: _Speller, arguments: list[str]) -> str | None:
        if len(arguments) == 1:
            return f"{function}({speller.whole(arguments[0])})"
        if function in {"MAX", "MIN"} and len(arguments) == 2:
            # Of an array in an equation without ranges: all of its elements, and the number.
            wholes = [speller.whole(one) for one in arguments] if speller.scalar else arguments
            if any(_REDUCED.search(one) and "!" in one for one in wholes):
                parts = [f"{function}({one})" if "!" in one else one for one in wholes]
                return f"{function}({', '.join(parts)})"
            return None
        if function not in {"MAX", "MIN"} or len(arguments) < 3:
            return None
        *rest, last = arguments
        for argument in reversed(rest):
            last = f"{function}({argument}, {last})"
        return last

    return call


def _mean(speller: _Speller, arguments: list[str]) -> str | None:
    if len(arguments) > 1:
        return f"(({' + '.join(f'({one})' for one in arguments)})/{len(arguments)})"
    count = speller.count(arguments[0]) if arguments else None
    return f"(SUM({speller.whole(arguments[0])})/{count})" if count else None


def _rank(speller: _Speller, arguments: list[str]) -> str | None:
    return f"RANK({speller.whole(arguments[0])}, {arguments[1]})" if len(arguments) == 2 else None


def _lookup(speller: _Speller, arguments: list[str]) -> str | None:
    return f"{speller.table(arguments[0])}({arguments[1]})" if len(arguments) == 2 else None


def _inverse(speller: _Speller, arguments: list[str]) -> str | None:
    if len(arguments) != 2:
        return None
    return f"LOOKUP_INVERT({speller.table(arguments[0])}, {arguments[1]})"


def _allocated(speller: _Speller, arguments: list[str]) -> str | None:
    if len(arguments) not in {5, 6}:
        return None
    # Element by element, over the range that the second argument names.
    parts = [*arguments[:2], *(speller.whole(one).replace("!", "") for one in arguments[2:])]
    return f"ALLOCATE({', '.join(parts)})"


def _size(speller: _Speller, arguments: list[str]) -> str | None:
    count = speller.count(arguments[0]) if len(arguments) == 1 else None
    return str(count) if count else None


def _filled(*patterns: str) -> Call:
    """By the number of arguments, which stand in the pattern as {0}, {1} and so on."""

    def call(_: _Speller, arguments: list[str]) -> str | None:
        for pattern in patterns:
            wanted = len(set(re.findall(r"\{\d\}", pattern)))
            if len(arguments) == wanted:
                return pattern.format(*arguments)
        return None

    return call


def _seeded(pattern: str, most: int = 1) -> Call:
    """A random number. A further argument is a seed, which is not used: the run has one.

    Args:
        pattern: by the number of arguments; MOST and LEAST stand for bounds.
        most: how many further arguments there may be: seed, least, most.
    """
    wanted = len(set(re.findall(r"\{\d\}", pattern)))

    def call(_: _Speller, arguments: list[str]) -> str | None:
        own, rest = arguments[:wanted], arguments[wanted : wanted + most]
        if len(own) < wanted or len(own) + len(rest) < len(arguments):
            return None
        bounds = [rest[at] if len(rest) > at else "" for at in (1, 2)]
        least, high = ("" if bound.upper() == "(0/0)" else bound for bound in bounds)
        said = pattern.format(*own)
        return said.replace("LEAST", least or f"-{_BEYOND}").replace("MOST", high or _BEYOND)

    return call


def _chosen(pattern: str) -> Call:
    """Of n things, r: a whole number by way of factorials."""
    plain = _filled(pattern)

    def call(speller: _Speller, arguments: list[str]) -> str | None:
        said = plain(speller, arguments)
        return said and f"INT(EXP({said}) + 0.5)"

    return call


_CALLS: dict[str, Call] = {
    "sum": _reduced("SUM"),
    "prod": _reduced("PROD"),
    "max": _reduced("MAX"),
    "min": _reduced("MIN"),
    "mean": _mean,
    "size": _size,
    "rank": _rank,
    "round": _filled("INT({0} + 0.5)"),
    "rootn": _filled("(({0})^(1/({1})))"),
    "percent": _filled("(({0})*100)"),
    "previous": _filled("DELAY({0}, TIME_STEP, {1})", "DELAY({0}, TIME_STEP)"),
    "allocate": _allocated,
    "lookup": _lookup,
    "lookupinv": _inverse,
    "arraysum": _reduced("SUM"),
    "arraymean": _mean,
    # A pulse that says no more comes in every step.
    "pulse": _filled("(({0})/TIME_STEP)"),
    "sinwave": _filled("(({0})*SIN(2*PI*TIME/({1})))"),
    "coswave": _filled("(({0})*COS(2*PI*TIME/({1})))"),
    "counter": _filled("(({0}) + MODULO(TIME - INITIAL_TIME, ({1}) - ({0})))"),
    "gammaln": _filled("GAMMA_LN({0})"),
    "factorial": _filled("INT(EXP(GAMMA_LN({0} + 1)) + 0.5)"),
    "permutations": _chosen("GAMMA_LN(({0}) + 1) - GAMMA_LN(({0}) - ({1}) + 1)"),
    "combinations": _chosen(
        "GAMMA_LN(({0}) + 1) - GAMMA_LN(({0}) - ({1}) + 1) - GAMMA_LN(({1}) + 1)"
    ),
    "mod": _filled("MODULO({0}, {1})"),
    "ramp": _filled("RAMP({0}, INITIAL_TIME)"),
    "random": _seeded("RANDOM_UNIFORM({0}, {1}, 0)"),
    "uniform": _seeded("RANDOM_UNIFORM({0}, {1}, 0)"),
    "triangular": _seeded("RANDOM_TRIANGULAR({0}, {2}, {0}, {1}, {2}, 0)"),
    "exprnd": _seeded(f"RANDOM_EXPONENTIAL(0, {_BEYOND}, 0, {{0}}, 0)"),
    "lognormal": _seeded(
        f"EXP(RANDOM_NORMAL(-{_BEYOND}, {_BEYOND}, LN(({{0}})^2/SQRT(({{0}})^2 + ({{1}})^2)), "
        "SQRT(LN(1 + (({1})/({0}))^2)), 0))"
    ),
    "normal": _seeded("RANDOM_NORMAL(LEAST, MOST, {0}, {1}, 0)", most=3),
    "poisson": _seeded("RANDOM_POISSON(LEAST, MOST, {0}, 0, 1, 0)", most=3),
    "binomial": _seeded("RANDOM_BINOMIAL(LEAST, MOST, {1}, {0}, 0, 1, 0)", most=3),
    "weibull": _seeded("RANDOM_WEIBULL(LEAST, MOST, {0}, 0, {1}, 0)", most=3),
    # A percentage for each unit of time.
    "montecarlo": _seeded("IF_THEN_ELSE(RANDOM_UNIFORM(0, 100, 0) < ({0})*TIME_STEP, 1, 0)"),
}
