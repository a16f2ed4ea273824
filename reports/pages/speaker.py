"""Numbers with their intervals, and names, as people of one language read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reports import numbers
from reports.labels import Labels, Language
from reports.pages.blocks import Cell
from reports.pages.bottlenecks import limits
from reports.pages.drivers import Driver
from reports.pages.futures import Futures
from reports.pages.indices import REST, TIED
from sim.ir import identifier
from sim.scenario.catalogues import Outcome
from sim.scenario.names import names

TO = {"en": "to", "nb": "til"}
FEW = {"en": ("under 1%", "over 99%"), "nb": ("under 1\u202f%", "over 99\u202f%")}


@dataclass(frozen=True)
class Speaker:
    """Says things in one language.

    Args:
        labels: words and names.
    """

    labels: Labels

    @property
    def language(self) -> Language:
        """`en` or `nb`."""
        return self.labels.language

    def pick(self, en: str, nb: str) -> str:
        """Whichever is the language's."""
        return nb if self.language == "nb" else en

    def number(self, value: float | int, decimals: int = 0, *, sign: bool = False) -> str:
        """A number with decimals."""
        return numbers.number(float(value), self.language, decimals=decimals, sign=sign)

    def rough(self, value: float, *, sign: bool = False) -> str:
        """Two digits that count: an estimate from uncertain worlds has no more."""
        return self.number(*rounded(value), sign=sign)

    def share(self, part: float) -> str:
        """A share of the worlds: whole per cent, and never a certainty that rounding made."""
        if not math.isfinite(part):
            return numbers.NONE
        few, most = FEW[self.language]
        if 0 < part < 0.005:
            return few
        if 0.995 < part < 1:
            return most
        return numbers.percent(100 * part, self.language, decimals=0)

    def interval(self, low: float, high: float, decimals: int | None = None) -> str:
        """From low to high; rough where no decimals are given."""
        ends = [
            self.rough(each) if decimals is None else self.number(each, decimals)
            for each in (low, high)
        ]
        return f"{ends[0]} {TO[self.language]} {ends[1]}"

    def listed(self, words: Sequence[str]) -> str:
        """Words with commas and a last "and"."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self.pick('and', 'og')} {words[-1]}"

    def outcome(self, outcome: Outcome) -> str:
        """What a headline result is called."""
        return outcome.name.said(self.language)

    def unit(self, outcome: Outcome) -> str:
        """The unit that people read."""
        return outcome.unit.said(self.language)

    def difference(self, outcome: Outcome) -> str:
        """The unit of a difference: of a per cent, percentage points."""
        unit = self.unit(outcome)
        if unit.startswith(self.pick("per cent", "prosent")):
            return self.pick("percentage points", "prosentpoeng")
        return unit

    def element(self, element: str) -> str:
        """A region or an industry, or both."""
        return ", ".join(self.labels.element(part) for part in element.split(","))

    def group(self, own: str) -> str:
        """A group of levers: a tool, a lever, the outside world."""
        if own == "world":
            return self.pick("The world outside", "Verden utenfor")
        return self.labels.words.get(("tool", own)) or self.labels.of("lever", own)

    def input(self, driver: Driver) -> str:
        """What an input is called."""
        return input_name(driver.element, driver.name, self)

    def cause(self, own: str, *, quoted: bool = True) -> str:
        """What a group of inputs is called: one of them, those of the fit, all others."""
        if own == TIED:
            return self.pick("the constants that the history ties together",
                             "konstantene som historien binder sammen")  # fmt: skip
        if own == REST:
            return self.pick("all other inputs", "alle andre forutsetninger")
        words = input_name(own, {}, self)
        return self.pick(f"“{words}”", f"«{words}»") if quoted else words

    def limit(self, own: str) -> str:
        """What it means that a limit is reached."""
        found = next(each for each in limits() if each.id == own)
        return found.words[self.language]

    def known(self, element: str) -> bool:
        """Whether an input has a name in this language."""
        return self.language == "en" or identifier(element.partition("[")[0]) in names()

    def cell(
        self, value: float | int, decimals: int = 0, *, sign: bool = False, tint: str = ""
    ) -> Cell:
        """A number in a table."""
        if not math.isfinite(value):
            return Cell(numbers.NONE, None)
        return Cell(self.number(value, decimals, sign=sign), float(value), tint)

    def change(self, value: float, decimals: int) -> Cell:
        """A difference in a table; one that rounds to nothing is said to be about nothing."""
        if math.isfinite(value) and value != 0 and round(value, decimals) == 0:
            return Cell("≈\u202f0", float(value))
        return self.cell(value, decimals if value else 0, sign=True)

    def chance(self, part: float) -> Cell:
        """A share in a table, tinted from doubtful to sure."""
        if not math.isfinite(part):
            return Cell(numbers.NONE, None)
        steps = ((0.9, "sure"), (2 / 3, "likely"), (1 / 3, ""), (0.1, "unlikely"))
        tint = next((name for least, name in steps if part >= least), "doubtful")
        return Cell(self.share(part), float(part), tint)

    def word(self, words: str) -> Cell:
        """Words in a table."""
        return Cell(words, words)


def rounded(value: float) -> tuple[float, int]:
    """To two digits that count, and the decimals it takes to write it."""
    if not math.isfinite(value) or value == 0:
        return value, 0
    power = math.floor(math.log10(abs(value)))
    decimals = max(0, 1 - power)
    near = round(value, 1 - power)
    return (near, decimals) if decimals <= 3 else (round(value, 3), 3)


def input_name(element: str, given: dict[str, str], speaker: Speaker) -> str:
    """The given name; the word list's; the model's own name where there is none."""
    plain, _, inside = element.partition("[")
    words = given.get(speaker.language) or ""
    known = names().get(identifier(plain))
    lever = speaker.labels.words.get(("lever", identifier(plain)))
    words = words or lever or (known[speaker.language] if known else plain[:1].upper() + plain[1:])
    if not inside:
        return words
    parts = [part.strip() for part in inside.removesuffix("]").split(",")]
    return f"{words}: {', '.join(map(speaker.labels.element, parts))}"


def speaker(labels: Labels, futures: Futures) -> Speaker:
    """One who also knows the names of levers."""
    words = dict(labels.words)
    for own, lever in {**futures.known.levers, **futures.known.external}.items():
        words["lever", own] = words["lever", lever.variable] = lever.name.said(labels.language)
    return Speaker(Labels(labels.language, words, labels.runs))
