"""Findings say the same in both languages, and nothing without a number."""

import math
import re
from string import Formatter

import pytest

from reports.pages import findings
from reports.pages.finding import Finding
from reports.pages.page import said
from reports.pages.phrases import PHRASES, written
from reports.pages.results import Results

NUMBER = re.compile(r"[−-]?\d[\d,.\u202f]*\d|[−-]?\d")


def test_both_languages_say_the_same_numbers(results: Results) -> None:
    speakers = {language: said(results.futures, language) for language in ("en", "nb")}
    marks = {"en": {",": "", "−": "-"}, "nb": {"\u202f": "", ",": ".", "−": "-"}}
    every = findings.everything(results)
    assert len(findings.opening(results)) in range(3, 7)
    for finding in every:
        numbers: dict[str, list[float]] = {}
        for language, speaker in speakers.items():
            words = written(finding, speaker)
            # Names are no numbers of ours: a scenario may be called anything.
            for run in results.futures.scenarios:
                words = words.replace(speaker.labels.quoted(run), "")
            plain = str.maketrans(marks[language])
            numbers[language] = sorted(float(each.translate(plain).rstrip("."))
                                       for each in NUMBER.findall(words))  # fmt: skip
        assert numbers["en"] == numbers["nb"]
        assert numbers["en"]


def test_no_sentence_without_a_number_behind_it(results: Results) -> None:
    found = list(findings.everything(results))
    assert len(found) > 10
    for finding in found:
        assert list(finding.quantities())
        for quantity in finding.quantities():
            assert math.isfinite(quantity.value)


@pytest.mark.parametrize("rule", PHRASES)
def test_a_rule_uses_the_same_values_in_both_languages(rule: str) -> None:
    fields = [
        sorted(name for _, name, _, _ in Formatter().parse(words) if name is not None)
        for words in PHRASES[rule].values()
    ]
    assert set(PHRASES[rule]) == {"en", "nb"}
    assert fields[0] == fields[1]


def test_findings_are_plain_data_too(results: Results) -> None:
    plain = findings.most(results).plain()
    assert plain["rule"] == "most"
    assert plain["favourite"] == {"scenario": results.favourite}
    assert isinstance(Finding("x").plain(), dict)
