"""XMILE's functions that PySD lacks, said with those that it has."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol, runtime_checkable

REDUCED = re.compile(r"\[([^\]]*)\]")
_BEYOND = "1e300"  # further than any value goes


@runtime_checkable  # so that the tests check the types of arguments
class Speller(Protocol):
    """What must be known of the equation in which a function stands."""

    @property
    def scalar(self) -> bool:
        """Whether it is of a variable without ranges."""
        ...

    def whole(self, argument: str) -> str:
        """An array with all of its elements."""
        ...

    def count(self, argument: str) -> int | None:
        """How many elements an array has."""
        ...

    def table(self, argument: str) -> str:
        """The graph of a variable."""
        ...


Call = Callable[[Speller, list[str]], str | None]


def _reduced(function: str) -> Call:
    def call(speller: Speller, arguments: list[str]) -> str | None:
        if len(arguments) == 1:
            return f"{function}({speller.whole(arguments[0])})"
        if function in {"MAX", "MIN"} and len(arguments) == 2:
            # Of an array in an equation without ranges: all of its elements, and the number.
            wholes = [speller.whole(one) for one in arguments] if speller.scalar else arguments
            if any(REDUCED.search(one) and "!" in one for one in wholes):
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


def _mean(speller: Speller, arguments: list[str]) -> str | None:
    if len(arguments) > 1:
        return f"(({' + '.join(f'({one})' for one in arguments)})/{len(arguments)})"
    count = speller.count(arguments[0]) if arguments else None
    return f"(SUM({speller.whole(arguments[0])})/{count})" if count else None


def _rank(speller: Speller, arguments: list[str]) -> str | None:
    return f"RANK({speller.whole(arguments[0])}, {arguments[1]})" if len(arguments) == 2 else None


def _lookup(speller: Speller, arguments: list[str]) -> str | None:
    return f"{speller.table(arguments[0])}({arguments[1]})" if len(arguments) == 2 else None


def _inverse(speller: Speller, arguments: list[str]) -> str | None:
    if len(arguments) != 2:
        return None
    return f"LOOKUP_INVERT({speller.table(arguments[0])}, {arguments[1]})"


def _allocated(speller: Speller, arguments: list[str]) -> str | None:
    if len(arguments) not in {5, 6}:
        return None
    # Element by element, over the range that the second argument names.
    parts = [*arguments[:2], *(speller.whole(one).replace("!", "") for one in arguments[2:])]
    return f"ALLOCATE({', '.join(parts)})"


def _size(speller: Speller, arguments: list[str]) -> str | None:
    count = speller.count(arguments[0]) if len(arguments) == 1 else None
    return str(count) if count else None


def _filled(*patterns: str) -> Call:
    """By the number of arguments, which stand in the pattern as {0}, {1} and so on."""

    def call(_: Speller, arguments: list[str]) -> str | None:
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

    def call(_: Speller, arguments: list[str]) -> str | None:
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

    def call(speller: Speller, arguments: list[str]) -> str | None:
        said = plain(speller, arguments)
        return said and f"INT(EXP({said}) + 0.5)"

    return call


CALLS: dict[str, Call] = {
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
