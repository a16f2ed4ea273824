import math
import re
import string

import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from reports import frames, labels, numbers, summary
from reports.labels import Labels, Language
from reports.wording import CHANGE, SENTENCES
from sim.scenario.schema import Text

YEARS = [2022, 2026, 2033, 2043]
NUMBER = re.compile(r"\d[\d,.\u202f]*\d|\d")


@pytest.fixture(scope="module")
def differences(datasets: dict[str, xr.Dataset]) -> pd.DataFrame:
    return frames.differences(frames.stack(datasets), "baseline", YEARS)


@pytest.fixture(scope="module")
def words(names: dict[str, Text]) -> dict[Language, Labels]:
    return {"en": labels.load("en", names), "nb": labels.load("nb", names)}


def allowed(sentence: summary.Sentence, language: Language) -> list[str]:
    """The numbers a sentence may hold, sorted: its changes and its years."""
    found: list[str] = []
    for change in sentence.changes():
        if not numbers.vanishes(change.difference):
            found.append(numbers.amount(abs(change.difference), language))
            found += NUMBER.findall(numbers.relative(abs(change.percent), language))
    for value in sentence.values.values():
        if isinstance(value, int):
            found.append(str(value))
        if isinstance(value, tuple):
            found += [str(item.of) for item in value if isinstance(item.of, int)]
    return sorted(found)


def chosen(differences: pd.DataFrame, runs: list[str]) -> pd.DataFrame:
    return differences[differences["run"].isin(runs)]


def test_what_is_too_small_to_matter_is_not_told_of_an_industry() -> None:
    assert not summary.Change("money", -1.1, -0.01).felt
    assert not summary.Change("money", 0.04, 5.0).felt  # would be written as nothing
    assert summary.Change("money", -1.1, -0.05).felt
    assert summary.Change("money", 1.1, math.nan).felt  # of an industry that was not there


RUNS = [["ocean_push"], ["salmon_slump"], ["ocean_push", "bio_push", "salmon_slump"]]


@pytest.mark.parametrize("runs", RUNS)
@pytest.mark.parametrize("language", ["en", "nb"])
def test_every_number_in_a_sentence_is_one_of_the_table(
    differences: pd.DataFrame,
    words: dict[Language, Labels],
    runs: list[str],
    language: Language,
) -> None:
    table = chosen(differences, runs)
    rows = {(row.difference, row.percent) for row in table.itertuples()}
    found = summary.sentences(table, "baseline", 2018)
    assert len(found) == 6
    for sentence in found:
        for change in sentence.changes():
            assert (change.difference, change.percent) in rows
        line = summary.written(sentence, words[language])
        assert sorted(NUMBER.findall(line)) == allowed(sentence, language)


@pytest.mark.parametrize("runs", RUNS)
def test_both_languages_say_the_same(
    differences: pd.DataFrame, words: dict[Language, Labels], runs: list[str]
) -> None:
    def plain(line: str, language: Language) -> list[float]:
        marks = {"en": {",": ""}, "nb": {"\u202f": "", ",": "."}}[language]
        return [float(n.translate(str.maketrans(marks))) for n in NUMBER.findall(line)]

    for sentence in summary.sentences(chosen(differences, runs), "baseline", 2018):
        said = {lang: plain(summary.written(sentence, words[lang]), lang) for lang in words}
        assert sorted(said["en"]) == sorted(said["nb"])


@pytest.mark.parametrize("rule", list(SENTENCES))
def test_a_rule_uses_the_same_values_in_both_languages(rule: str) -> None:
    fields = {
        language: {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for language, text in SENTENCES[rule].items()
    }
    assert set(fields) == {"en", "nb"}
    assert fields["en"] == fields["nb"]


def test_directions_are_told_apart_in_both_languages() -> None:
    for kind in ("money", "people"):
        for language in ("en", "nb"):
            assert CHANGE[kind, "up"][language] != CHANGE[kind, "down"][language]


def hand_made(effect: list[float], *, regions: tuple[float, float] = (1.0, 1.0)) -> pd.DataFrame:
    """A difference table of one run with the effects on value added that are given."""
    rows = [
        ("value_added_total", "", "", year, size) for year, size in zip(YEARS, effect, strict=True)
    ]
    for year in YEARS:
        rows += [("employment_total", "", "", year, -5.0), ("population_total", "", "", year, 0.0)]
        rows += [("value_added_by_industry", "", "minerals", year, effect[-1])]
        for name, size in zip(("Trondheim region", "Districts"), regions, strict=True):
            rows.append(("value_added_by_region", name, "", year, size))
    frame = pd.DataFrame(rows, columns=["variable", "region", "industry", "year", "difference"])
    return frame.assign(run="push", percent=frame["difference"] / 10)


@pytest.mark.parametrize(
    ("effect", "rule"),
    [
        ([1.0, 2.0, 3.0, 4.0], "course_builds"),
        ([-1.0, -2.0, -3.0, -4.0], "course_builds"),
        ([1.0, 4.0, 3.0, 2.0], "course_fades"),
        ([-1.0, 2.0, 3.0, 4.0], "course_turns"),
        ([2.0, 1.0, 3.0, 4.0], "course_uneven"),
        ([0.0, 0.01, 0.0, -0.01], "course_none"),
    ],
)
def test_the_course_of_the_effect_is_named_by_its_shape(effect: list[float], rule: str) -> None:
    assert summary.sentences(hand_made(effect), "baseline", 2018)[1].rule == rule


def test_losses_and_gains_are_only_named_where_there_are_any() -> None:
    up = [s.rule for s in summary.sentences(hand_made([1.0] * 4), "baseline", 2018)]
    down = [s.rule for s in summary.sentences(hand_made([-1.0] * 4), "baseline", 2018)]
    assert up[4:] == ["gain", "no_loss"]
    assert down[4:] == ["no_gain", "lose"]


def test_the_region_that_comes_out_best_is_the_one_with_the_larger_share() -> None:
    table = hand_made([1.0] * 4, regions=(-1.0, -0.5))
    sentence = summary.sentences(table, "baseline", 2018)[3]
    assert sentence.values["ahead"] == summary.Place("region", "Districts")
    even = summary.sentences(hand_made([1.0] * 4), "baseline", 2018)[3]
    assert even.rule == "regions_even"


def test_words_of_direction_follow_the_sign(words: dict[Language, Labels]) -> None:
    people = summary.sentences(hand_made([1.0] * 4), "baseline", 2018)[2]
    assert "5 people (0.50%) fewer" in summary.written(people, words["en"])
    assert "5 personer (0,50\u202f%) færre" in summary.written(people, words["nb"])
    assert "population: unchanged" in summary.written(people, words["en"])
    assert "folketallet: uendret" in summary.written(people, words["nb"])


@given(st.text(min_size=1, max_size=30))
def test_names_from_scenario_files_are_text_and_nothing_else(name: str) -> None:
    said = Labels("en", {}, {"push": name, "baseline": "{0}"})
    line = summary.written(summary.sentences(hand_made([1.0] * 4), "baseline", 2018)[0], said)
    assert name in line
    assert "{0}" in line
