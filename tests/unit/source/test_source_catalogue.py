import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.source import bracket, load
from tests.unit.source.conftest import BOUNDS, problems, said

ARRAYS = """Region: Trondheim region, Districts ~~|
Area: sea, land ~~|
"""


def test_a_variable_carries_all_that_the_text_says_of_it(folder):
    place = folder(
        {
            "a.mdl": ARRAYS,
            "b.mdl": "\nbirth rate[Region] = 0.1, 0.2\n ~ 1/year [0,1]\n"
            " ~ Births per person. [source: Hall07, LiHall20; grade: B]|\n"
            "count = 3 ~ dmnl [?,9]~ Made up. [assumption: no data; see Hall07; grade: D]|",
        }
    )
    variables = load(place).variables
    rate, count = variables["birth_rate"], variables["count"]
    assert (rate.name, rate.dims, rate.shape) == ("birth rate", ("Region",), (2,))
    assert (rate.units, rate.description) == ("1/year", "Births per person.")
    assert (rate.sources, rate.assumption, rate.grade) == (("Hall07", "LiHall20"), "", "B")
    assert (rate.low, rate.high, rate.kind) == (0, 1, "constant")
    assert (Path(rate.chapter).name, rate.line) == ("b.mdl", 2)
    assert (count.assumption, count.grade) == ("no data; see Hall07", "D")
    assert (count.low, count.high) == (None, 9)


def test_an_endless_limit_is_none(read):
    x = read("x = 1 ~ dmnl [0, inf] ~|\ny = 1 ~ dmnl [nan, nan] ~|").variables
    assert (x["x"].low, x["x"].high) == (0, None)
    assert (x["y"].low, x["y"].high) == (None, None)


def test_a_relative_range_is_taken_of_each_element(folder):
    text = "x[Region] = 10, -20 ~ dmnl ~ Text. [source: A; grade: A; range: x0.5, x2]|"
    x = load(folder({"a.mdl": ARRAYS + text})).variables["x"]
    assert x.low is not None
    assert x.high is not None
    np.testing.assert_array_equal(x.low, [5, -40])
    np.testing.assert_array_equal(x.high, [20, -10])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x[Region,Area] = 1, 2; 3, 4; ~~|", [[1, 2], [3, 4]]),
        ("x[Region,Area] = 7 ~~|", [[7, 7], [7, 7]]),
        ("x[Districts,Area] = 3, 4 ~~|\nx[Trondheim region,Area] = 1, -2 ~~|", [[1, -2], [3, 4]]),
        ("x[Region,sea] = 1 ~~|\nx[Region,land] = 2, 3 ~~|", [[1, 2], [1, 3]]),
        (
            "x[Region,Area] :EXCEPT: [Districts,sea] = 1 ~~|\nx[Districts,sea] = 2 ~~|",
            [[1, 1], [2, 1]],
        ),
    ],
)
def test_numbers_are_laid_out_over_the_ranges(read, text, expected):
    source = read(ARRAYS + text)
    np.testing.assert_array_equal(source.variables["x"].value, expected)


def test_kinds_are_told_apart(read):
    source = read(
        "c = 2 ~~|\nn = -(2 + 3) ~~|\na = c * 2 ~~|\ns = INTEG(a, 1) ~~|\n"
        "f((0,0),(1,1)) ~~|\nd ~~|\nr = SMOOTH(a, 2) ~~|".replace("d ~~|", "d :INTERPOLATE: ~~|")
    )
    assert {own: each.kind for own, each in source.variables.items()} == {
        "c": "constant",
        "n": "constant",
        "a": "auxiliary",
        "s": "stock",
        "f": "lookup",
        "d": "data",
        "r": "auxiliary",
        "initial_time": "control",
        "final_time": "control",
        "time_step": "control",
        "saveper": "control",
    }


def test_an_array_need_not_be_defined_for_all_its_elements(read):
    source = read(ARRAYS + "x[Districts] = 1 ~~|")
    assert source.variables["x"].dims == ("Region",)
    assert source.variables["x"].value is None


def test_two_names_with_the_same_id_get_ids_of_their_own(read):
    source = read('a b = 1 ~~|\n"a-b" = 2 ~~|\n"%" = 3 ~~|\n"#" = 4 ~~|')
    assert list(source.variables)[:4] == ["a_b", "a_b_2", "unnamed", "unnamed_2"]


def test_the_documentation_of_others_models_is_left_alone(read):
    source = read("a = 1 ~ dmnl ~ as in [Smith: 1990]|\n")
    assert source.variables["a"].description == "as in [Smith: 1990]"


@pytest.mark.parametrize(
    "text",
    [
        "Text. [source: A]",
        "Text. [grade: B]",
        "Text. [source: A; grade: E]",
        "Text. [source: A; grade: AB]",
        "Text. [source: ; grade: A]",
        "Text. [source: A B; grade: A]",
        "Text. [source: A; source: B; grade: A]",
        "Text. [source: A; grde: A]",
        "Text. [sourced: A; grade: A]",
        "Text. [see Hall07]",
        "Text. []",
        "Text. [source: A; grade: A; range: 0.5, 2]",
        "Text. [source: A; grade: A; range: x2, x3]",
        "Text. [source: A; grade: A; range: x1e, x3]",
        "Text. [source: A; grade: A",
        "Text [assumption: none; grade: D] and more.",
    ],
)
def test_a_malformed_bracket_is_a_problem_with_its_chapter_and_line(folder, text):
    assert bracket.parse(text)[2]
    place = folder({"a.mdl": f"good = 1 ~~ Text. |\n\nbad = 1 ~~ {text}|\n"})
    assert said(lambda: load(place)) == [("bracket", "a.mdl", 3)]


def test_unknown_names_are_all_named_with_the_nearest_and_their_place(folder):
    place = folder(
        {
            "a.mdl": ARRAYS + "birth rate[Region] = 1 ~~|\ny = brith rate[Districts] ~~|\n",
            "b.mdl": "\nx[Region] = birth rate[District] ~~|\nz[Regin] = 1 ~~|\n"
            "w = birth rate[Districts, sea] ~~|\n"
            "birth rate[Region] = 2 ~~|\n"
            "d := GET DIRECT DATA('data/nothing.csv', ',', 'A', 'B2') ~~|\n",
        }
    )
    found = problems(lambda: load(place))
    assert [(each.code, Path(each.file).name, each.line) for each in found] == [
        ("unknown-name", "a.mdl", 4),
        ("unknown-subscript", "b.mdl", 2),
        ("unknown-subscript", "b.mdl", 3),
        ("subscript-count", "b.mdl", 4),
        ("defined-twice", "b.mdl", 5),
        ("no-such-file", "b.mdl", 6),
    ]
    assert [each.hint for each in found[:3]] == [
        "did you mean 'birth_rate'?",
        "did you mean 'Districts'?",
        "did you mean 'Region'?",
    ]


def test_a_model_without_time_bounds_is_said_to_lack_each(written):
    path = written("a = 1 ~~|", bounds="FINAL TIME = 3 ~~|")
    sentences = [each.sentence for each in problems(lambda: load(path))]
    assert [sentence.split("define ")[1] for sentence in sentences] == [
        "INITIAL TIME",
        "TIME STEP",
        "SAVEPER",
    ]


DATA = "d := GET DIRECT DATA('data/d.csv', ',', 'A', 'B2') ~~|"


def test_the_same_text_with_other_data_is_another_model(written):
    path = written(DATA)
    (path.parent / "data").mkdir()
    data = path.parent / "data" / "d.csv"
    hashes = set()
    for last in (2, 3):
        data.write_text(f"time,d\n0,1\n4,{last}\n")
        source = load(path)
        assert [each.name for each in source.files] == ["d.csv"]
        hashes |= {source.hash}
    assert len(hashes) == 2


def test_where_a_model_lies_does_not_change_its_hash(folder, tmp_path_factory):
    place = folder({"a.mdl": DATA + BOUNDS[:0]})
    (place / "data").mkdir()
    (place / "data" / "d.csv").write_text("time,d\n0,1\n4,2\n")
    moved = tmp_path_factory.mktemp("o'ther place") / "model"
    shutil.copytree(place, moved)
    assert load(place).hash == load(moved).hash


def test_data_that_is_gone_since_is_missed_by_its_equation(written):
    path = written("\n" + DATA)
    (path.parent / "data").mkdir()
    data = path.parent / "data" / "d.csv"
    data.write_text("time,d\n0,1\n4,2\n")
    load(path)
    data.unlink()
    assert said(lambda: load(path)) == [("no-such-file", "model.mdl", 2)]


def test_labels_from_a_file_are_read_again_when_the_file_changes(written):
    path = written(
        "Region: GET DIRECT SUBSCRIPT('r.csv', ',', 'A2', 'A', '') ~~|\nx[Region] = 1 ~~|"
    )
    hashes = set()
    for labels in (["north", "south"], ["north", "west", "south"], ["north", "south"]):
        (path.parent / "r.csv").write_text("name\n" + "\n".join(labels) + "\n")
        source = load(path)
        assert list(source.subscripts["Region"]) == labels
        assert source.variables["x"].shape == (len(labels),)
        assert source.abstract.sections[0].subscripts[0].subscripts == labels
        hashes |= {source.hash}
    assert len(hashes) == 2


def test_a_text_read_before_is_not_read_again(written, monkeypatch):
    path = written("a = 1 ~~|\nb = a ~~|")
    first = load(path)
    monkeypatch.setattr("sim.source.reading.find", None)
    again = load(path)
    assert repr(again.variables) == repr(first.variables)
    assert repr(again.abstract) == repr(first.abstract)
    assert again.place("b").line == 2
