"""The text of the model keeps its own rules: units, sentences, sources, ranges, no bare numbers."""

from __future__ import annotations

import csv
import re

import pytest

import sim
from sim.check import text
from sim.check.finding import Outcome
from sim.check.workbench import Workbench
from sim.project import MODEL

CHAPTERS = sorted((MODEL / "chapters").glob("*.mdl"))
NUMBER = re.compile(r"(?<![\w.])(\d+\.?\d*(?:[eE][+-]?\d+)?)(?![\w.])")


def equations() -> list[tuple[str, str, str]]:
    """Every equation of the text as (chapter, left-hand side, right-hand side)."""
    found: list[tuple[str, str, str]] = []
    for path in CHAPTERS:
        for block in path.read_text(encoding="utf-8").split("|"):
            head = block.split("~")[0].replace("{UTF-8}", "").strip()
            if head.startswith("*") or "=" not in head:
                continue
            left, right = re.split(r":?=", head, maxsplit=1)
            found.append((path.name, left.strip(), right.strip()))
    return found


def known_sources() -> set[str]:
    with (MODEL / "data" / "sources.csv").open(encoding="utf-8") as file:
        return {row["source_id"] for row in csv.DictReader(file)}


def test_the_suite_text_passes(model: sim.Model) -> None:
    report = text.check(Workbench(model, own=True))
    assert [str(one) for one in report.of(Outcome.FAILED)] == []
    assert len(report.of(Outcome.PASSED)) > 200


def test_judgement_has_a_wide_range(model: sim.Model) -> None:
    narrow: list[str] = []
    for v in model.variables.values():
        if v.kind != "constant" or v.value is None or v.grade != "D" or v.low is None:
            continue
        assert v.high is not None
        width = abs(v.high - v.low).max()
        if v.units == "year" and v.value.max() > 1900:  # a date: five years are wide
            assert width >= 5, v.name
            continue
        if width < 0.1 * abs(v.value).max():
            narrow.append(v.name)
    assert narrow == []


@pytest.mark.parametrize("name", sorted(p.name for p in (MODEL / "data").glob("*.csv")))
def test_every_row_of_data_names_its_source_and_grade(name: str) -> None:
    if name in {"sources.csv", "industries.csv"}:
        pytest.skip("a list of names, not of figures")
    known = known_sources() | {"assumption"}
    with (MODEL / "data" / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        ids = {each.strip() for each in row["source_id"].split(";")}
        assert ids <= known, row
        assert row["grade"] in {"A", "B", "C", "D"}, row
        assert (row["grade"] == "D") or "assumption" not in ids, row


def test_no_equation_holds_a_bare_number() -> None:
    found = equations()
    assert len(found) > 200
    bare: list[str] = []
    for chapter, left, right in found:
        without_text = re.sub(r"'[^']*'", "", right)
        # Names may hold numbers ("age 15 to 24"): inside brackets they are elements.
        without_text = re.sub(r"\[[^\]]*\]", "", without_text)
        values = [float(n) for n in NUMBER.findall(without_text)]
        is_constant = re.fullmatch(r"[\s\d.,;eE+-]*", without_text) is not None
        halves = without_text.count(") / 2")  # the middle of two limits
        strange = [n for n in values if n not in {0.0, 1.0}]
        if not is_constant and len(strange) > halves:
            bare.append(f"{chapter}: {left} = {right}")
    assert bare == []


def test_every_chapter_opens_with_a_paragraph_that_names_its_sources() -> None:
    for path in CHAPTERS:
        if path.name.startswith("00"):
            continue
        opening = path.read_text(encoding="utf-8").split("|")[0]
        assert len(opening.split()) > 30, path.name
        assert "Sources:" in opening or path.name.startswith("23"), path.name


def test_a_chapter_stays_under_400_lines() -> None:
    long = {p.name: n for p in CHAPTERS if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}
