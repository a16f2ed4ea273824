"""The text of the model keeps its own rules: units, sentences, sources, ranges, no bare numbers."""

from __future__ import annotations

import csv
import re

import pytest

import sim
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


def test_every_variable_has_a_unit_and_a_sentence(model: sim.Model) -> None:
    bare = [v.name for v in model.variables.values() if not v.units or len(v.description) < 12]
    assert bare == []


def test_every_constant_names_its_source_or_its_assumption(model: sim.Model) -> None:
    constants = [v for v in model.variables.values() if v.kind == "constant"]
    written = [v for v in constants if v.value is not None]
    assert len(written) > 100
    assert [v.name for v in written if not (v.sources or v.assumption)] == []
    assert [v.name for v in written if v.grade not in {"A", "B", "C", "D"}] == []


def test_every_constant_has_a_range_that_holds_its_value(model: sim.Model) -> None:
    switches = {v.name for v in model.variables.values() if v.name.startswith("loop switch")}
    written = [v for v in model.variables.values() if v.kind == "constant" and v.value is not None]
    for v in written:
        if v.name in switches:
            continue
        if v.low is None or v.high is None:
            # What is fixed by definition or read once needs no range, but must be graded A.
            assert v.grade == "A", f"{v.name} has no range"
            continue
        assert v.value is not None
        low, high = v.low, v.high
        inside = ((v.value >= low) & (v.value <= high)) | ((v.value <= low) & (v.value >= high))
        assert inside.all(), f"{v.name} lies outside its range"


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


def test_every_source_named_is_in_the_list_of_sources(model: sim.Model) -> None:
    known = known_sources()
    unknown = {s for v in model.variables.values() for s in v.sources} - known
    assert unknown == set()


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
