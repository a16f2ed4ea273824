"""The colours of every figure and page.

They are Okabe and Ito's, which people with any colour vision tell apart; yellow is left out,
being too pale for lines on white. Where a colour alone would tell, a dash or a word helps.
"""

from __future__ import annotations

INK, QUIET, FAINT = "#222222", "#6b6b6b", "#dddddd"
PAPER = "#ffffff"
BASELINE = "#222222"
UP, DOWN = "#0072b2", "#d55e00"
SCENARIOS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
DASHES = ("solid", (0, (5, 2)), (0, (1, 1.5)))  # when colours run out
REGIONS = ("#0072b2", "#e69f00")
GRADES = {"A": "#009e73", "B": "#56b4e9", "C": "#e69f00", "D": "#d55e00", "": "#999999"}


def colour(position: int) -> str:
    """The colour of the scenario at a position among those compared with the baseline."""
    return SCENARIOS[position % len(SCENARIOS)]


def dash(position: int) -> str | tuple[int, tuple[float | int, ...]]:
    """The line style that goes with `colour`."""
    return DASHES[position // len(SCENARIOS) % len(DASHES)]


def letters(tint: str) -> str:
    """A colour dark enough for letters on white, told apart like the line it belongs to."""
    return "#" + "".join(f"{round(0.72 * channel):02x}" for channel in channels(tint))


def channels(tint: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb`, 0 to 255."""
    return int(tint[1:3], 16), int(tint[3:5], 16), int(tint[5:7], 16)


def contrast(one: str, other: str = PAPER) -> float:
    """How well one colour can be read on another: 1 to 21, as WCAG 2 counts it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(tint: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in channels(tint))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
