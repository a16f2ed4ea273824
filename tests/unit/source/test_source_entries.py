import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError, Problem
from sim.source import load
from tests.unit.source.conftest import BOUNDS, problems, said


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a = 1 ~ dmnl ~ text\n\nb = 2 ~ dmnl ~ text |", "entry-parts", 1),
        ("a = 1 ~ dmnl ~ text ~ b = 2 ~ dmnl ~ text |", "entry-parts", 1),
        ("a = 1 ~~|\n~ dmnl ~ |", "entry-empty", 2),
        ('a = 1 ~~|\n"b = 2 ~~|\nc = 3 ~~|', "quote-open", 2),
        ("a = 1 ~ dmnl [0,one] ~ |", "limits", 1),
        ("a = 1 ~ dmnl\n[0,1][2,3] ~ |", "limits", 1),
        (":MACRO: f(x)\nf = x ~~|\n", "macro-open", 7),
    ],
)
def test_an_entry_that_is_not_one_is_named_with_its_line(written, text, code, line):
    path = written(text)
    assert (code, "model.mdl", line) in said(lambda: load(path))


def test_an_entry_that_is_not_closed_is_named_where_it_begins(written):
    path = written("\na = 1\n  ~ dmnl\n  ~ text without end\n", bounds="")
    assert ("entry-open", "model.mdl", 2) in said(lambda: load(path))


def test_an_entry_may_not_reach_into_the_next_chapter(folder):
    place = folder({"a.mdl": "x = 1 ~~|\na = 1 ~ dmnl\n", "b.mdl": "~ text |\nb = 1 ~~|\n"})
    assert ("entry-open", "a.mdl", 2) in said(lambda: load(place))


def test_an_entry_of_ours_has_units_and_a_text(folder):
    place = folder({"a.mdl": "x = 1 ~ dmnl |\ny = 1 |\n"})
    assert said(lambda: load(place))[:2] == [("entry-parts", "a.mdl", n) for n in (1, 2)]


def test_all_malformed_entries_are_named_and_none_hides_another(written):
    path = written("a = 1 ~ ~ ~ ~ |\nb = 1 +\n * 2 ~~|\nc = 1 ~ dmnl [x,1] ~ |\nd = e ~~|\n")
    assert said(lambda: load(path)) == [
        ("entry-parts", "model.mdl", 1),
        ("syntax", "model.mdl", 2),
        ("limits", "model.mdl", 4),
        ("unknown-name", "model.mdl", 5),
    ]


def test_a_fault_within_a_long_equation_is_named_with_its_own_line(written):
    path = written("a =\n  1\n  + 2\n  + (3 * )\n  + 4\n  ~~|")
    assert said(lambda: load(path)) == [("syntax", "model.mdl", 4)]


def test_a_function_with_too_few_arguments_is_named(written):
    path = written("a = 1 ~~|\nb = SMOOTH(a) ~~|")
    (problem,) = problems(lambda: load(path))
    assert (problem.code, problem.line) == ("syntax", 2)
    assert "wrong number of arguments" in problem.sentence


def test_titles_comments_quotes_and_old_flags_are_read(read):
    source = read(
        "****\n .group\n****~\n about the group |\n"
        '"a | b ~ c" = {two} 2 ~ dmnl ~ with a quote " in the text |\n'
        'b = "a | b ~ c" \\\n\t\t* 2 ~ dmnl ~ ~ :SUPPLEMENTARY |\n'
    )
    assert list(source.variables)[:2] == ["a_b_c", "b"]
    assert source.variables["a_b_c"].value == 2
    assert source.variables["b"].line == 6


def test_python_in_the_limits_of_a_lookup_is_not_run(written, tmp_path):
    trap = tmp_path / "sprung"
    code = f"open('{trap}','w')"
    path = written(
        f"f([({code},0)-(1,1)],(0,0),(1,1)) ~~|\ng = WITH LOOKUP(Time, ([{code}],(0,0),(1,1))) ~~|"
    )
    assert [each.code for each in problems(lambda: load(path))] == ["lookup-limits"] * 2
    assert not trap.exists()


SOUND = """Region: north, south ~~|
rate[Region] = 0.1, 0.2 ~ 1/year [0,1] ~ Text. |
stock[Region] = INTEG(stock[Region] * rate[Region], 100) ~ NOK ~|
f([(0,0)-(10,10)],(0,0),(1,1)) ~~|
total = SUM(stock[Region!]) + f(Time) ~ NOK ~|
"""
PIECES = ["~", "|", "~~|", '"', "'", "[", "]", "(", ")", "{", "}", "\\", "\n", ":", "=", "<->"]
PIECES += [":EXCEPT:", ":MACRO:", "->", "!", "INTEG(", "GET DIRECT DATA(", "1e999", "é", "?"]


@given(
    st.lists(
        st.tuples(st.integers(0, len(SOUND)), st.integers(0, 12), st.sampled_from(["", *PIECES])),
        min_size=1,
        max_size=3,
    )
)
@settings(max_examples=80, deadline=None)
def test_a_broken_text_is_a_model_or_a_list_of_problems_and_never_a_crash(changes):
    text = SOUND
    for at, gone, put in changes:
        text = text[:at] + put + text[at + gone :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.mdl"
        path.write_text(text + BOUNDS, encoding="utf-8")
        found: tuple[Problem, ...] | None = None
        try:
            load(path)
        except InputError as error:
            found = error.problems
        assert found is None or (found and all(each.code and each.sentence for each in found))
