from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.check import balance_of_units
from sim.check.finding import Finding, Outcome, Report
from sim.source import load

TIMES = """
INITIAL TIME = 0 ~ year ~ |
FINAL TIME = 10 ~ year ~ |
TIME STEP = 1 ~ year ~ |
SAVEPER = 1 ~ year ~ |
"""
CheckUnits = Callable[..., Report]


@pytest.fixture
def check_units(tmp_path: Path) -> CheckUnits:
    """Check the units of a Vensim text, to which the time bounds are added."""

    def checked(text: str, *, settings: str = "", times: str = TIMES) -> Report:
        path = tmp_path / "model.mdl"
        end = "\\\\\\---/// Sketch\n///---\\\\\\\n:L\x7f<%^E!@\n" + settings if settings else ""
        path.write_text("{UTF-8}\n" + text + times + end, encoding="utf-8")
        return balance_of_units.check(load(path))

    return checked


def failures(report: Report) -> list[Finding]:
    return report.of(Outcome.FAILED)


def notes(report: Report, code: str = "") -> list[Finding]:
    return [one for one in report.of(Outcome.NOTED) if not code or one.code == code]
