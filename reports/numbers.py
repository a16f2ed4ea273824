"""Numbers as people of each language write them: 1,234.5 and 1 234,5."""

from __future__ import annotations

import math

from reports.labels import Language

NARROW = "\u202f"  # narrow no-break space
MINUS = "\u2212"
NONE = "–"
_MARKS: dict[Language, tuple[str, str, str]] = {"en": (",", ".", ""), "nb": (NARROW, ",", NARROW)}


def number(value: float, language: Language, *, decimals: int = 0, sign: bool = False) -> str:
    """Write a number with thousands separated; a dash where there is none.

    Args:
        value: any float; one that is not finite becomes a dash.
        language: `en` or `nb`.
        decimals: digits after the decimal mark.
        sign: write + before numbers above zero.
    """
    if not math.isfinite(value):
        return NONE
    rounded = round(value, decimals)
    thousands, decimal, _ = _MARKS[language]
    digits = f"{abs(rounded):,.{decimals}f}".translate({ord(","): thousands, ord("."): decimal})
    if rounded < 0:
        return MINUS + digits
    return "+" + digits if sign and rounded > 0 else digits


def amount(value: float, language: Language, *, sign: bool = False) -> str:
    """Money, persons or tonnes: whole numbers, with one decimal below ten."""
    whole = abs(value) >= 9.95 or float(value).is_integer()
    return number(value, language, decimals=0 if whole else 1, sign=sign)


def percent(value: float, language: Language, *, decimals: int = 2, sign: bool = False) -> str:
    """A percentage with its sign: 0.12% and 0,12 %."""
    text = number(value, language, decimals=decimals, sign=sign)
    return text if text == NONE else text + _MARKS[language][2] + "%"


def relative(value: float, language: Language, *, decimals: int = 2, sign: bool = False) -> str:
    """As `percent`; what would be written as nothing, and is something, is said to be little."""
    if not math.isfinite(value) or value == 0 or round(value, decimals) != 0:
        return percent(value, language, decimals=decimals, sign=sign)
    return f"under {percent(10.0**-decimals, language, decimals=decimals)}"  # in both languages


def vanishes(value: float) -> bool:
    """Whether `amount` would write zero."""
    return not math.isfinite(value) or round(value, 1) == 0
