"""Random Vensim models: expressions over scalars and arrays, with stocks and delays in between."""

from __future__ import annotations

from random import Random

RANGES = {"A": ("a1", "a2", "a3"), "B": ("b1", "b2")}
DIMS: tuple[tuple[str, ...], ...] = ((), ("A",), ("B",), ("A", "B"))
NUMBERS = ("2", "0.5", "1.25", "3", "-1.5", "0.1", "7")
HEAD = "{UTF-8}\nA: a1, a2, a3 ~~|\nB: b1, b2 ~~|\ncu( (0,1),(1,3),(2.5,-1),(6,2) ) ~~|\n"
# Every step is saved: in others PySD samples and delays what has gone on already (see
# models/sample_after_delay.mdl).
CONTROL = "INITIAL TIME = 0 ~~|\nFINAL TIME = 6 ~~|\nTIME STEP = 0.25 ~~|\nSAVEPER = 0.25 ~~|\n"

# {e} is a further expression, {r} a number or a reference, {n} a number.
EXPRESSIONS = (
    *("({e} + {e})", "({e} - {e})", "({e} * {e})") * 2,
    "({e} / (1 + ABS({e})))",
    "MIN({e}, {e})",
    "MAX({e}, {e})",
    "IF THEN ELSE({e} > {e}, {e}, {e})",
    "IF THEN ELSE({e} <= {e} :AND: :NOT: {e} = {e}, {e}, {e})",
    "ZIDZ({e}, {e})",
    "XIDZ({e}, {e}, {e})",
    "SQRT(ABS({e}))",
    "SIN({e})",
    "(ABS({e}) + 0.1) ^ 0.5",
    "(ABS({e}) + 0.1) ^ (-1)",
    "cu({e})",
    "STEP({e}, 2.5)",
    "PULSE(1, 0.5) * {e}",
    "RAMP({e}, 1, 4)",
    "MODULO({e}, 0.7)",
    "EXP(MIN(3, {e}))",
    "INTEGER({e})",
    "QUANTUM({e}, 0.3)",
    "(- {e})",
)
# {x} is the variable itself.
EQUATIONS = (
    *("{e}",) * 5,
    "INTEG(SIN({e}) - {x} / 3, {r})",
    "SMOOTH({e}, 1.5)",
    "SMOOTH3I({e}, 2.25, 1.5)",
    "DELAY1({e}, 2)",
    "DELAY3I({e}, 2.5, {r})",
    "DELAY FIXED({e}, 1, {r})",
    "SAMPLE IF TRUE({r} > {n}, {e}, 0.5)",
    "INITIAL({e}) + {r}",
    "TREND({e} + 10, 3, 0.01)",
)


class Writer:
    """Writes one model; the same seed, the same text."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 -- tests, not secrets
        self.variables: list[tuple[str, tuple[str, ...]]] = []

    def text(self) -> str:
        """The model."""
        lines = [self._constant(f"c{place}") for place in range(3)]
        lines += [self._equation(f"v{place}") for place in range(self.random.randrange(3, 9))]
        return HEAD + "".join(f"{line} ~~|\n" for line in lines) + CONTROL

    def _constant(self, name: str) -> str:
        dims = self.random.choice(DIMS[:3])
        self.variables.append((name, dims))
        count = len(RANGES[dims[0]]) if dims else 1
        values = ", ".join(self.random.choice(("1.5", "2", "0.25", "4")) for _ in range(count))
        return f"{_shown(name, dims)} = {values}"

    def _equation(self, name: str) -> str:
        dims = self.random.choice(DIMS)
        shape = self.random.choice(EQUATIONS)
        right = self._filled(shape.replace("{x}", _shown(name, dims)), dims, 3)
        written = f"{_shown(name, dims)} = {right}"
        if dims and shape == "{e}" and self.random.random() < 0.3:
            spared = _shown(name, (RANGES[dims[0]][0], *dims[1:]))
            written = written.replace(" = ", f" :EXCEPT: {spared.removeprefix(name)} = ", 1)
            written += f" ~~|\n{spared} = {self._filled('{e}', dims[1:], 1)}"
        self.variables.append((name, dims))
        return written

    def _filled(self, shape: str, dims: tuple[str, ...], depth: int) -> str:
        while "{" in shape:
            at = shape.index("{")
            kind = shape[at + 1]
            if kind == "n":
                part = self.random.choice(NUMBERS)
            elif kind == "r" or depth == 0 or self.random.random() < 0.2:
                part = self._reference(dims)
            else:
                part = self._filled(self.random.choice(EXPRESSIONS), dims, depth - 1)
            shape = shape[:at] + part + shape[at + 3 :]
        return shape

    def _reference(self, dims: tuple[str, ...]) -> str:
        """A number, Time, a variable, one of its elements, or a sum over it."""
        chance = self.random.random()
        if chance < 0.25 or not self.variables:
            return "Time" if chance > 0.15 else self.random.choice(NUMBERS)
        name, over = self.random.choice(self.variables)
        if chance < 0.4 and not set(over) <= set(dims):
            function = self.random.choice(("SUM", "VMIN", "VMAX"))
            inside = tuple(dim if dim in dims else f"{dim}!" for dim in over)
            return f"{function}({_shown(name, inside)})"
        inside = tuple(
            dim if dim in dims and chance < 0.9 else self.random.choice(RANGES[dim]) for dim in over
        )
        return _shown(name, inside)


def _shown(name: str, dims: tuple[str, ...]) -> str:
    return f"{name}[{','.join(dims)}]" if dims else name
