"""Equations as written, and what a chapter opens with."""

from collections.abc import Callable
from pathlib import Path

from sim.source import load
from sim.source.entries import key, listing
from sim.source.equations import defined, equations, opening
from sim.source.text import Chapter

Write = Callable[..., Path]


def test_the_lines_of_an_equation_are_kept(written: Write) -> None:
    source = load(written("a = IF THEN ELSE(Time > 1,\n\t\t\t2,\n  3)\n~ m ~ words |\n"))
    (one,) = equations(source.text)["a"]
    assert one.equation == "a = IF THEN ELSE(Time > 1,\n    2,\n    3)"
    assert one.place.line == 1


def test_all_equations_of_an_array_are_kept_in_order(written: Write) -> None:
    source = load(written("R: x, y ~~|\na[x] = 1 ~~|\na[y] = 2 ~~|\n"))
    assert [one.equation for one in equations(source.text)["a"]] == ["a[x] = 1", "a[y] = 2"]


def test_the_name_ends_where_the_equation_begins() -> None:
    assert defined("a b[R] = 1") == "a_b"
    assert defined("Table((0,0),(1,1))") == "table"
    assert defined('"odd = [name]" = 1') == key('"odd = [name]"')
    assert defined("series :INTERPOLATE:") == "series"
    assert defined("read := GET DIRECT DATA('f', ',', 'A', 'B2')") == "read"


def test_the_span_of_an_entry_is_its_text() -> None:
    text = load().text
    for entry in listing(text).entries:
        (chapter,) = [each for each in text.chapters if each.file == entry.place.file]
        said = chapter.content[slice(*entry.span)]
        assert said.endswith("|")
        assert said[:5].split()[0] == entry.equation[:5].split()[0]


def test_a_chapter_opens_with_its_group() -> None:
    said = opening(Chapter("x", "*****\n\t.Fish\n*****~\n\t\tMany\n\t\tfish.\n\t|\n\na = 1 ~~|\n"))
    assert (said.title, said.paragraph) == ("Fish", "Many fish.")
    assert opening(Chapter("x", "a = 1 ~~|\n")).title == ""


def test_every_chapter_of_the_model_opens_and_every_variable_is_written() -> None:
    source = load()
    defining = {variable.chapter for variable in source.variables.values()}
    for chapter in source.text.chapters:
        said = opening(chapter)
        assert chapter.file not in defining or (said.title and said.paragraph), chapter.file
    written = equations(source.text)
    for variable in source.variables.values():
        assert written[key(variable.name)], variable.name
