"""Numbers on the command line; what is wrong with one is said in words."""

from __future__ import annotations

import argparse


def count(text: str) -> int:
    """A whole number, 1 or more.

    Raises:
        ArgumentTypeError: it is none.
    """
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number of at least 1")
    return number


def share(text: str) -> float:
    """A number from 0 to 0.5.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 0.5:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 0 to 0.5")
    return number
