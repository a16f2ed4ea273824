"""model/README.md says what the model is, and which test holds what must come out."""

from __future__ import annotations

import re
from pathlib import Path

import sim
from reports.book import overview
from reports.book.content import gather
from sim.check.behaviour import sentences

TESTS = Path(__file__).resolve().parents[1]


def rows() -> list[tuple[str, str]]:
    text = overview.FILE.read_text(encoding="utf-8")
    part = text.partition("| what must come out | held by |\n|---|---|\n")[2].partition("\n\n")[0]
    return [tuple(line.strip("| ").split(" | ")) for line in part.splitlines()]  # type: ignore[misc]


def test_map_and_counts_are_those_of_the_text(model: sim.Model) -> None:
    """Renewed by `python -m reports.book.overview`."""
    told = overview.FILE.read_text(encoding="utf-8")
    assert overview.text(gather(model.source), told) == told


def test_every_line_of_behaviour_names_what_holds_it() -> None:
    said = {sentence.check.it for sentence in sentences()}
    written = "".join(file.read_text(encoding="utf-8") for file in TESTS.rglob("test_*.py"))
    assert len(rows()) > 18
    for what, held in rows():
        tests, checks = re.findall(r"`(test_\w+)`", held), re.findall(r"“([^”]+)”", held)
        assert tests or checks, what
        assert [name for name in tests if f"def {name}(" not in written] == [], what
        assert [it for it in checks if it not in said] == [], what


def test_the_table_of_checks_tells_no_failure() -> None:
    told = overview.FILE.read_text(encoding="utf-8")
    block = told.partition("<!-- checks")[2].partition("<!-- /checks")[0]
    suites = re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \|$", block, re.MULTILINE)
    assert {name for name, *_ in suites} >= {"units", "text", "extremes", "behaviour", "loops"}
    assert all(int(passed) > 0 and failed == "0" for _, passed, failed, _ in suites)
