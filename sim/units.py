"""Units of measure: what a text says (`NOK million/year`), and how units multiply.

A unit is a product of named powers. A name is whatever stands between the signs: `NOK million`
and `NOK` are two names, as in Vensim; nobody here knows that a million lies between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

_TOKEN = re.compile(r"\s*(\*\*|[*/^()]|[^*/^()]+)")
_RAISED = str.maketrans({"²": "^2", "³": "^3", "·": "*", "×": "*"})
_FINEST = 1_000_000  # denominators of exponents: 0.333333 is told from 1/3
_LONGEST = 500
_DEEPEST = 50

Powers = tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers of names; none at all is dimensionless."""

    powers: Powers = ()

    def __mul__(self, other: Unit) -> Unit:
        """The unit of a product."""
        together = dict(self.powers)
        for name, power in other.powers:
            together[name] = together.get(name, Fraction(0)) + power
        return of(together)

    def __truediv__(self, other: Unit) -> Unit:
        """The unit of a quotient."""
        return self * other.to(-1)

    def to(self, exponent: Fraction | float | int) -> Unit:
        """The unit of a power."""
        power = Fraction(exponent).limit_denominator(_FINEST)
        return of({name: own * power for name, own in self.powers})

    def __str__(self) -> str:
        """As one would write it: `nok million/(person*year)`; `dmnl` for none."""
        return _written(self.powers)


DIMENSIONLESS = Unit()


def of(powers: Mapping[str, Fraction]) -> Unit:
    """A unit from its powers; a power of zero is none."""
    return Unit(tuple(sorted((name, power) for name, power in powers.items() if power)))


def named(name: str) -> Unit:
    """The unit that a single name stands for."""
    return Unit(((name, Fraction(1)),))


def _written(powers: Sequence[tuple[str, Fraction]]) -> str:
    above = [_told(name, power) for name, power in powers if power > 0]
    below = [_told(name, -power) for name, power in powers if power < 0]
    if not below:
        return "*".join(above) or "dmnl"
    under = below[0] if len(below) == 1 else f"({'*'.join(below)})"
    return f"{'*'.join(above) or '1'}/{under}"


def _told(name: str, power: Fraction) -> str:
    if power == 1:
        return name
    return f"{name}^{power}" if power.denominator == 1 else f"{name}^({power})"


def folded(name: str) -> str:
    """A name as it is compared: case and the kind and number of spaces do not count."""
    return " ".join(name.lower().replace("_", " ").split())


class UnitError(ValueError):
    """A text that is no unit; says why."""


class Vocabulary:
    """What names of units mean: which are the same, and which stand for others.

    Args:
        groups: names that mean the same, the one to be shown first.
    """

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self._meaning: dict[str, Unit] = {"dmnl": DIMENSIONLESS}
        self._spelled: dict[str, str] = {}
        self._kept: dict[str, Unit | UnitError] = {}
        for group in groups:
            self.equal(group)

    def equal(self, group: Sequence[str]) -> None:
        """Let the names of a group mean the same: what the first known of them means already."""
        names = [folded(name) for name in group if name.strip()]
        known = [self._meaning[name] for name in names if name in self._meaning]
        if names and not known:
            self._spelled.setdefault(names[0], group[0].strip())
            known = [named(names[0])]
        for name in names:
            self._meaning.setdefault(name, known[0])

    def define(self, name: str, meaning: Unit) -> None:
        """Let a name stand for a unit, unless it means something already."""
        self._meaning.setdefault(folded(name), meaning)

    def with_names(self, meanings: Mapping[str, Unit]) -> Vocabulary:
        """The same with some names more, which win."""
        more = Vocabulary()
        more._meaning = self._meaning | {folded(name): unit for name, unit in meanings.items()}
        more._spelled = self._spelled
        return more

    def said(self, unit: Unit) -> str:
        """A unit as one would write it, in the spelling first met: `NOK million/(person*year)`."""
        return _written([(self._spelled.get(name, name), power) for name, power in unit.powers])

    def parse(self, text: str) -> Unit | None:
        """The unit that a text says; None where it says nothing.

        Names are joined by `*` and `/`, from left to right, with brackets and powers (`m^2`,
        `m**2`, `m²`); a number among them is dimensionless; `per year` is `1/year`.

        Raises:
            UnitError: why it is no unit.
        """
        if text not in self._kept:
            try:
                read = _Reader(self._meaning, self._spelled, text).unit() if text.strip() else None
            except UnitError as error:
                self._kept[text] = error
            else:
                if read is None:
                    return None
                self._kept[text] = read
        kept = self._kept[text]
        if isinstance(kept, UnitError):
            raise kept
        return kept


class _Reader:
    """Reads one text; `meaning` by folded name; new names are added to `spelled`."""

    def __init__(self, meaning: Mapping[str, Unit], spelled: dict[str, str], text: str) -> None:
        if len(text) > _LONGEST:
            raise UnitError(f"it is longer than {_LONGEST} characters")
        self.meaning = meaning
        self.spelled = spelled
        self.tokens: list[str] = [
            found.strip() for found in _TOKEN.findall(text.translate(_RAISED)) if found.strip()
        ]
        self.at = 0
        self.depth = 0

    def unit(self) -> Unit:
        whole = self._product()
        if self.at < len(self.tokens):
            raise UnitError(f"'{self.tokens[self.at]}' does not fit there")
        return whole

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _product(self) -> Unit:
        whole = self._power()
        while self._next() in {"*", "/"}:
            sign = self._next()
            self.at += 1
            whole = whole * self._power() if sign == "*" else whole / self._power()
        return whole

    def _power(self) -> Unit:
        base = self._single()
        while self._next() in {"^", "**"}:
            self.at += 1
            base = base.to(self._exponent())
        return base

    def _exponent(self) -> Fraction:
        closes = self._next() == "("
        self.at += closes
        words = self._next()
        self.at += 1
        if closes and self._next() == "/":
            words += f"/{self.tokens[self.at + 1]}" if self.at + 1 < len(self.tokens) else "/"
            self.at += 2
        if closes and self._next() != ")":
            raise UnitError("an exponent's bracket is not closed")
        self.at += closes
        try:
            power = Fraction(words.replace(" ", ""))
        except (ValueError, ZeroDivisionError):
            raise UnitError(f"'{words}' is no exponent") from None
        if abs(power) > _FINEST:
            raise UnitError(f"the exponent {words} is out of all measure")
        return power

    def _single(self) -> Unit:
        token = self._next()
        self.at += 1
        if token == "(":  # noqa: S105 -- a bracket, no password
            self.depth += 1
            if self.depth > _DEEPEST:
                raise UnitError("its brackets nest too deep")
            inside = self._product()
            if self._next() != ")":
                raise UnitError("a bracket is not closed")
            self.at += 1
            self.depth -= 1
            return inside
        if not token or token in {")", "*", "/", "^", "**"}:
            raise UnitError(f"a unit is missing before '{token}'" if token else "it ends too early")
        name = folded(token)
        if name.startswith("per ") and name not in self.meaning:
            return self._named(token.strip()[4:]).to(-1)
        return self._named(token)

    def _named(self, token: str) -> Unit:
        name = folded(token)
        if name in self.meaning:
            return self.meaning[name]
        try:
            float(name)
        except ValueError:
            self.spelled.setdefault(name, " ".join(token.split()))
            return named(name)
        return DIMENSIONLESS
