"""The unit of an expression, and everywhere in it that units do not fit.

Numbers in the text have no unit: they multiply as dimensionless and take any unit where they
are added or compared, which is noted unless the number is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from sim.check.inference import Clash, Inference
from sim.check.measure import ANY, BARE, Measure, over, power, times
from sim.check.names import Names
from sim.check.signatures import SIGNATURES, STRUCTURES
from sim.check.wording import worded
from sim.source.entries import key
from sim.units import DIMENSIONLESS, Unit

_FROM_TEXT = {"LookupsStructure", "GetLookupsStructure", "GetDataStructure", "DataStructure"}
_TABLES = {"lookup_extrapolate", "lookup_forward", "lookup_backward", "lookup_invert"}
_ADDING_ACTIONS = {0.0, 2.0, 3.0}  # VECTOR SELECT: sum, least, greatest; else a product


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that does not fit.

    Args:
        code: stable, kebab-case.
        error: whether it is wrong; else only noted.
        sentence: both sides with their units, and the expression.
        pending: a unit that must turn out to be none for the remark to lapse; or None.
    """

    code: str
    error: bool
    sentence: str
    pending: Unit | None = None


class Dimensions:
    """Walks through the equations of one section of a model.

    Args:
        inference: the unknown units of the model.
        time: its unit of time.
        names: what names stand for.
        said: a unit as a person should see it.
    """

    def __init__(
        self, inference: Inference, time: Unit, names: Names, said: Callable[[Unit], str]
    ) -> None:
        self.inference = inference
        self.time = time
        self.names = names
        self.said = said
        self.variable = ""
        self.remarks: list[Remark] = []

    def equation(
        self, variable: str, measure: Measure, tree: Any, *, given: bool = True
    ) -> list[Remark]:
        """Check one equation; what does not fit in it.

        Args:
            variable: its name.
            measure: its unit, given or unknown.
            tree: the right side.
            given: whether the text gives the unit.
        """
        self.variable, self.remarks = variable, []
        found = self.measure(tree)
        # Numbers alone are what the variable's unit counts. And a number that stands beside a
        # unit leaves it open what the writer had in mind: no ground to settle a unit by.
        if not found.literal and (given or not any(map(self._doubtful, self.remarks))):
            self._agree(
                measure,
                found,
                lambda left, right: (
                    f"'{variable}' is in {left}, but '{self._text(tree)}' gives {right}"
                ),
            )
        return self.remarks

    def _doubtful(self, remark: Remark) -> bool:
        return remark.pending is not None and self.inference.known(remark.pending) != DIMENSIONLESS

    # --- expressions ----------------------------------------------------------------------

    def measure(self, tree: Any) -> Measure:
        """What is known of an expression."""
        if isinstance(tree, bool | int | float | np.number):
            return Measure(None, literal=True, number=float(tree))
        if isinstance(tree, np.ndarray):
            return BARE
        name = type(tree).__name__
        match name:
            case "ArithmeticStructure":
                return self._arithmetic(tree)
            case "LogicStructure":
                return self._logic(tree)
            case "ReferenceStructure":
                return self._reference(tree)
            case "CallStructure":
                return self._call(tree)
            case "InlineLookupsStructure":
                self.measure(tree.argument)
                return BARE
            case "GetConstantsStructure":
                return BARE
            case _ if name in _FROM_TEXT:
                return ANY
            case _ if name in STRUCTURES:
                return self._structure(name, tree)
            case _:
                self._note("unknown-function", f"'{name}' is not known to the unit checker")
                return ANY

    def _arithmetic(self, tree: Any) -> Measure:
        first, *signs = tree.operators
        if first == "negative":
            inner = self.measure(tree.arguments[0])
            number = None if inner.number is None else -inner.number
            return Measure(inner.unit, inner.literal, number)
        parts = [self.measure(one) for one in tree.arguments]
        operators = [first, *signs]
        if first == "^":
            # Vensim's grouping does not matter to units: an exponent is a number.
            whole = parts[-1]
            for position in range(len(parts) - 2, -1, -1):
                whole = self._raised(parts[position], whole, tree.arguments[position], tree)
            return whole
        if first in "*/":
            whole = parts[0]
            for sign, part in zip(operators, parts[1:], strict=True):
                whole = times(whole, part) if sign == "*" else over(whole, part)
            return whole
        return self._alike(tree.arguments, parts, "adds", tree)

    def _raised(self, base: Measure, exponent: Measure, text: Any, tree: Any) -> Measure:
        if exponent.unit is not None:
            clash = self.inference.equate(exponent.unit, DIMENSIONLESS, self.variable)
            if clash:
                self._complain(
                    "exponent",
                    f"an exponent in '{self._text(tree)}' is in {self.said(clash.left)}",
                    clash,
                )
                return ANY
        if base.literal:
            if exponent.literal:
                return Measure(None, literal=True, number=power(base.number, exponent.number))
            return Measure(DIMENSIONLESS)
        if base.unit is None:
            return ANY
        if exponent.number is not None and abs(exponent.number) < 1e6:
            return Measure(base.unit.to(Fraction(repr(exponent.number))))
        clash = self.inference.equate(base.unit, DIMENSIONLESS, self.variable)
        if clash:
            self._complain(
                "power",
                f"'{self._text(text)}' is in {self.said(clash.left)} and raised to what is no "
                f"written number in '{self._text(tree)}'",
                clash,
            )
            return ANY
        return Measure(DIMENSIONLESS)

    def _logic(self, tree: Any) -> Measure:
        parts = [self.measure(one) for one in tree.arguments]
        if tree.operators[0] in {"=", "<>", "<", "<=", ">", ">="}:
            self._alike(tree.arguments, parts, "compares", tree)
        return Measure(DIMENSIONLESS)

    def _reference(self, tree: Any) -> Measure:
        return self.names.of(tree.reference) or Measure(DIMENSIONLESS)

    # --- calls ----------------------------------------------------------------------------

    def _call(self, tree: Any) -> Measure:
        name = str(getattr(tree.function, "reference", tree.function))
        own = key(name)
        if own in _TABLES and tree.arguments:
            table = getattr(tree.arguments[0], "reference", "")
            return self._read(table, tree.arguments[1:], tree, inverse=own == "lookup_invert")
        if own == "a_function_of":
            return ANY  # no equation yet
        if self.names.table(name) is not None:
            return self._read(name, tree.arguments, tree)
        parts = [self.measure(one) for one in tree.arguments]
        made = self.names.macro(name, parts)
        if made is not None:
            return made
        special = {
            "sqrt": self._root,
            "power": self._power_call,
            "prod": self._product,
            "xidz": self._xidz,
        }.get(own)
        if special is not None and parts:
            return special(tree, parts)
        signature = SIGNATURES.get(name) or SIGNATURES.get(own)
        if signature is None:
            spoken = own.replace("_", " ").upper()
            self._note("unknown-function", f"{spoken} is not known to the unit checker")
            return ANY
        asked, result = signature
        if own == "vector_select" and len(parts) > 3 and parts[3].number not in _ADDING_ACTIONS:
            return ANY
        return self._signed(asked, result, tree.arguments, parts, tree)

    def _structure(self, name: str, tree: Any) -> Measure:
        asked, result = STRUCTURES[name]
        letters: list[str] = []
        trees: list[Any] = []
        parts: list[Measure] = []
        for field, letter in asked.items():
            one = getattr(tree, field)
            part = self.measure(one)
            if field == "initial" and part.literal:
                continue  # a number to start from is counted in the unit of what it starts
            letters.append(letter)
            trees.append(one)
            parts.append(part)
        return self._signed(letters, result, trees, parts, tree)

    def _signed(
        self,
        asked: Sequence[str],
        result: str,
        trees: Sequence[Any],
        parts: Sequence[Measure],
        tree: Any,
    ) -> Measure:
        """Hold arguments against a signature; what the call gives."""
        bound: dict[str, Measure] = {"t": Measure(self.time), "1": Measure(DIMENSIONLESS)}
        texts: dict[str, Any] = {}
        failed = False
        for letter, one, part in zip(asked, trees, parts, strict=False):
            if letter == "*":
                continue
            over_time = letter == "u/t"
            wanted = "u" if over_time else letter
            if letter == "1/t":
                bound[letter] = Measure(DIMENSIONLESS / self.time)
            held = times(part, bound["t"]) if over_time and not part.literal else part
            before = bound.get(wanted)
            if before is None or (before.literal and held.unit is not None):
                if before is not None:
                    self._bare(before, held, texts.get(wanted), tree)
                bound[wanted], texts[wanted] = held, one
                continue
            failed |= not self._fits(before, held, texts.get(wanted), one, tree, over_time)
        return ANY if failed else self._result(result, bound)

    def _fits(
        self, before: Measure, held: Measure, first: Any, one: Any, tree: Any, over_time: bool
    ) -> bool:
        def said(left: str, right: str) -> str:
            text = self._text(one)
            if over_time:
                return (
                    f"the stock starts in {left} ('{self._text(first)}'), but its flow times the "
                    f"unit of time is in {right} ('{text}')"
                )
            beside = f" as '{self._text(first)}' is" if first is not None else ""
            return f"'{text}' is in {right}, not in {left}{beside}, in '{self._text(tree)}'"

        if not over_time and one is not None:
            self._bare(held, before, one, tree)
        return self._agree(before, held, said)

    def _result(self, result: str, bound: Mapping[str, Measure]) -> Measure:
        whole = Measure(None, literal=True, number=1.0)
        sign = "*"
        for letter in result.replace("*", " * ").replace("/", " / ").split():
            if letter in "*/":
                sign = letter
                continue
            part = bound.get(letter, ANY)
            if letter == "1" and result != "1":
                part = Measure(None, literal=True, number=1.0)
            whole = times(whole, part) if sign == "*" else over(whole, part)
        return Measure(whole.unit, whole.literal) if result != "u" else bound.get("u", ANY)

    def _root(self, tree: Any, parts: Sequence[Measure]) -> Measure:
        return self._raised(parts[0], Measure(None, True, 0.5), tree.arguments[0], tree)

    def _power_call(self, tree: Any, parts: Sequence[Measure]) -> Measure:
        return self._raised(parts[0], parts[-1], tree.arguments[0], tree)

    def _product(self, tree: Any, parts: Sequence[Measure]) -> Measure:
        """PROD: the unit to the number of factors, where that is known."""
        if parts[0].unit is None or not parts[0].unit.powers:
            return parts[0]
        size = self.names.size(tree.arguments[0])
        if size is None:
            return self._raised(parts[0], Measure(DIMENSIONLESS), tree.arguments[0], tree)
        return Measure(parts[0].unit.to(size))

    def _xidz(self, tree: Any, parts: Sequence[Measure]) -> Measure:
        ratio = over(parts[0], parts[1])
        if len(parts) < 3:
            return ratio
        above, below, other = tree.arguments
        self._bare(parts[2], ratio, other, tree)
        fits = self._agree(
            ratio, parts[2], lambda left, right: f"'{self._text(other)}' is in {right}, but "
            f"'{self._text(above)}' over '{self._text(below)}' is in {left}, in "
            f"'{self._text(tree)}'",
        )  # fmt: skip
        return (parts[2] if ratio.unit is None else ratio) if fits else ANY

    def _read(
        self, name: str, arguments: Sequence[Any], tree: Any, *, inverse: bool = False
    ) -> Measure:
        """A lookup read at an argument: at one unit wherever it is read."""
        across, up = self.names.table(name), self.names.of(name) or ANY
        inputs = [self.measure(one) for one in arguments]
        if across is None or not inputs:
            return ANY
        into, out = (up, Measure(across)) if inverse else (Measure(across), up)
        fits = self._agree(
            into, inputs[0], lambda left, right: f"'{self._text(arguments[0])}' is in {right}, "
            f"but '{self.names.words.get(key(name), name)}' is read at {left}, in "
            f"'{self._text(tree)}'",
        )  # fmt: skip
        return out if fits else ANY

    # --- agreement ------------------------------------------------------------------------

    def _alike(
        self, trees: Sequence[Any], parts: Sequence[Measure], verb: str, tree: Any
    ) -> Measure:
        """Parts that are added or compared: all the same unit."""
        whole, first = parts[0], trees[0]
        failed = False
        for one, part in zip(trees[1:], parts[1:], strict=True):
            self._bare(part, whole, one, tree)
            self._bare(whole, part, first, tree)
            failed |= not self._agree(
                whole, part, lambda left, right, first=first, one=one: f"{verb} {left} "
                f"('{self._text(first)}') and {right} ('{self._text(one)}') in "
                f"'{self._text(tree)}'",
            )  # fmt: skip
            if whole.unit is None and (part.unit is not None or whole.literal):
                whole, first = part, one
        if failed:
            return ANY
        return Measure(whole.unit, whole.literal)

    def _agree(self, left: Measure, right: Measure, said: Callable[[str, str], str]) -> bool:
        """Whether two measures fit; complains where not."""
        if left.unit is None or right.unit is None:
            return True
        clash = self.inference.equate(left.unit, right.unit, self.variable)
        if clash is None:
            return True
        self._complain("units", said(self.said(clash.left), self.said(clash.right)), clash)
        return False

    def _bare(self, number: Measure, beside: Measure, text: Any, tree: Any) -> None:
        """Note a number that stands beside a unit without having one."""
        if not number.literal or number.number == 0 or beside.unit is None:
            return
        sentence = f"the number '{self._text(text)}' has no unit in '{self._text(tree)}'"
        self.remarks.append(Remark("number-without-unit", False, sentence, beside.unit))

    def _complain(self, code: str, sentence: str, clash: Clash) -> None:
        if clash.guessed:
            told = ", ".join(
                f"'{name}', which has no unit, was taken from '{where}'"
                for name, where in clash.guessed[:3]
            )
            sentence += f" ({told})"
        # In models without units, numbers stand for durations and nothing but time is out: noted.
        known = {name for name, _ in self.inference.known(self.time).powers}
        written = self.inference.written(clash.left) | self.inference.written(clash.right)
        self.remarks.append(Remark(code, not clash.guessed or not written <= known, sentence))

    def _note(self, code: str, sentence: str) -> None:
        self.remarks.append(Remark(code, False, sentence))

    def _text(self, tree: Any) -> str:
        return worded(tree, self.names.words)
