from pathlib import Path

import pytest

from reports import labels
from sim.errors import InputError
from sim.project import MODEL
from sim.scenario import catalogues
from sim.scenario.schema import Text


@pytest.mark.parametrize("language", ["en", "nb"])
def test_every_element_of_the_model_has_a_word(language: labels.Language) -> None:
    said = labels.load(language)
    ranges = catalogues().ranges
    assert {"area", "tool"} <= set(ranges)
    for range_, elements in ranges.items():
        for element in elements:
            assert (range_, element) in said.words, f"{range_} {element}"


def test_every_industry_of_the_text_has_a_word() -> None:
    text = (MODEL / "chapters" / "00_arrays.mdl").read_text("utf-8")
    listed = text.split("Industry:")[1].split("~")[0]
    names = [name.strip() for name in listed.replace("\\\n", " ").split(",")]
    assert len(names) == 15
    said = labels.load("nb")
    assert all(said.of("industry", name) != name for name in names)


def test_an_unknown_element_keeps_its_own_name() -> None:
    assert labels.load("nb").of("industry", "whaling") == "whaling"


def test_a_long_name_is_cut_and_stays_on_one_line() -> None:
    said = labels.load("en", {"push": Text(en="word\n" * 900)})
    assert len(said.run("push")) <= 48
    assert said.run("push").endswith("…")
    assert "\n" not in said.run("push")


def test_a_missing_column_is_wrong_input(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("kind,id,en\nregion,districts,Districts\n", "utf-8")
    with pytest.raises(InputError, match="nb"):
        labels.load("nb", path=path)


@pytest.mark.parametrize("language", ["en", "nb"])
def test_several_elements_are_told_briefly(language: labels.Language) -> None:
    known = labels.load(language)
    two = known.element("aquaculture + minerals")
    first, second = known.element("aquaculture"), known.inside("industry", "minerals")
    assert two == f"{first} + {second}"
    many = known.element("aquaculture + fisheries + minerals")
    assert many == f"{first} + 2 {'til' if language == 'nb' else 'more'}"


def test_a_sum_with_a_word_of_its_own_is_called_so() -> None:
    assert labels.load("en").element("aquaculture + fisheries") == "fishing and fish farming"
