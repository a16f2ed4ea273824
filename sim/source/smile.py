"""Spellings of XMILE that PySD does not read, brought to those that it does.

XMILE's equations (its language is called SMILE) as Stella and others write them: conditions
within expressions, `a[*]`, elements by number, comments, constants and functions that can be
said with others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.source.entries import key
from sim.source.smile_calls import CALLS, REDUCED

_PIECE = re.compile(
    r"\s+|\{[^}]*\}|\"(?:\\.|[^\"\\])*\"|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
    r"|[^\W\d][\w'$]*|<>|<=|>=|//|."
)
_NAME = re.compile(r"[^\W\d][\w'$]*")
_LOOSER = re.compile(r"[+\-<>=]|<>|<=|>=| (?:and|or|not) ")  # than a product
_LABEL = re.compile(r'(?:[^\W\d][\w\'$ ]*|"[^"]*")(?:\.(?:[^\W\d][\w\'$ ]*|"[^"]*"))?|\w+')
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
        made = CALLS.get(piece.lower()) if variable is None else None
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
        listed = REDUCED.findall(self.whole(argument))
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


def _plain(name: str) -> str:
    return re.sub(r"\s+", "_", name.strip().strip('"'))
