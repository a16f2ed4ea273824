"""Tables, words and commands of the book."""

from dataclasses import replace

import numpy as np
import pytest

from reports.book import verbs
from reports.book.content import gather, references
from reports.book.tables import by_grade, ranked, width
from reports.book.wording import WORDS, say
from sim.__main__ import registered
from sim.source import load
from sim.source.catalogue import Variable


def constant(value: float, low: float, high: float, **parts: str) -> Variable:
    ends = (np.array(each, dtype=np.float64) for each in (value, low, high))
    told = ("", "c", (), (), "m", "", "constant", *ends, (), "", "", "file", 1)
    one = Variable(*told)
    return replace(one, **parts)


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [(2, 1, 3, 1), (-2, -3, -1, 1), (0, 0, 5, 1), (0, -5, 5, 2), (4, 4, 4, 0), (0, 0, 0, 0)],
)
def test_the_width_of_a_range_is_told_relative_to_the_value(
    value: float, low: float, high: float, expected: float
) -> None:
    assert width(constant(value, low, high)) == expected


def test_assumptions_are_ranked_widest_first_and_those_without_width_left_out() -> None:
    wide = constant(1, 0, 3, id="wide", assumption="a")
    narrow = constant(1, 0.9, 1.1, id="narrow", assumption="a")
    fixed = constant(1, 1, 1, id="fixed", assumption="a")
    sourced = constant(1, 0, 9, id="sourced")
    assert ranked([narrow, fixed, sourced, wide]) == [wide, narrow]


def test_grades_count_every_constant_once() -> None:
    constants = gather(load()).constants
    assert sum(by_grade(constants).values()) == len(constants)


def test_every_source_that_a_constant_cites_has_a_title() -> None:
    source = load()
    known = references(source)
    cited = {own for each in source.variables.values() for own in each.sources}
    assert sorted(own for own in cited if own not in known or not known[own].title) == []


def test_every_word_is_there_in_both_languages_with_the_same_gaps() -> None:
    for key, words in WORDS.items():
        assert words["en"], key
        assert words["nb"], key
        gaps = [sorted(part.split("}")[0] for part in words[lang].split("{")[1:]) for lang in words]
        assert gaps[0] == gaps[1], key
    assert say("tallies", "en", names="x").endswith("x.")


def test_every_verb_is_in_the_reference_with_its_arguments() -> None:
    text = verbs.FILE.read_text("utf-8")
    for each in verbs.verbs():
        assert f"## trondelag {each.name}\n" in text, "python -m reports.book.verbs writes it"
        assert each.epilog, each.name
        assert all(each.arguments.values()), each.name
    assert {each.name for each in verbs.verbs()} == set(registered())


def test_the_reference_is_what_the_verbs_say_now() -> None:
    assert verbs.FILE.read_text("utf-8") == verbs.text(), "python -m reports.book.verbs writes it"
