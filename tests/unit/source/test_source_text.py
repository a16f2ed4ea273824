from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.run.model import load_model
from sim.source import load
from sim.source.text import Chapter, Text, assemble
from tests.unit.source.conftest import BOUNDS, problems, said

LINES = st.lists(st.text(st.characters(exclude_categories=("C", "Z")), max_size=8), min_size=1)


@given(st.lists(LINES, min_size=1, max_size=5))
def test_every_line_of_the_assembled_text_is_traced_to_where_it_was_written(parts):
    chapters = [
        Chapter(f"{number}.mdl", "".join(f"{line}\n" for line in lines))
        for number, lines in enumerate(parts)
    ]
    text = Text(tuple(chapters))
    written = {each.file: each.content.split("\n") for each in chapters}
    for number, line in enumerate(text.content.split("\n")[:-1], 1):
        place = text.place(number)
        assert written[place.file][place.line - 1] == line


def test_chapters_come_in_the_order_listed_and_control_last(folder):
    place = folder({"b.mdl": "b = 1 ~~|", "a.mdl": "a = 1 ~~|"})
    text = assemble(place)
    assert [Path(each.file).name for each in text.chapters] == ["b.mdl", "a.mdl", "control.mdl"]
    assert text.content == "b = 1 ~~|\na = 1 ~~|\n" + BOUNDS


def test_drawings_and_the_declared_encoding_are_left_out_without_moving_lines(folder):
    place = folder({"a.mdl": "{UTF-8}\na = 1 ~~|\n\\\\\\---/// Sketch\nb = 2 ~~|\n"})
    assert assemble(place).chapters[0].content == "\na = 1 ~~|\n"


def test_line_ends_of_other_systems_make_no_difference(tmp_path):
    unix = "a = 1\n\t+ 2\n\t~ dmnl\n\t~ |\n" + BOUNDS
    hashes = set()
    for number, end in enumerate(["\n", "\r\n", "\r"]):
        path = tmp_path / f"{number}.mdl"
        path.write_bytes(unix.replace("\n", end).encode())
        hashes.add(load(path).hash)
    assert len(hashes) == 1


def test_everything_wrong_with_the_order_is_said_at_once(folder):
    order = "chapters/a.mdl  # first\nchapters/aa.mdl\nchapters/a.mdl\n"
    place = folder({"a.mdl": "a = 1 ~~|", "b.mdl": "b = 1 ~~|"}, order)
    assert said(lambda: load(place)) == [
        ("no-such-chapter", "order.txt", 2),
        ("chapter-twice", "order.txt", 3),
        ("chapter-not-listed", "b.mdl", 0),
    ]
    assert "chapters/a.mdl" in problems(lambda: load(place))[0].hint


def test_a_folder_without_an_order_is_no_model(tmp_path):
    assert said(lambda: load(tmp_path)) == [("no-order-file", tmp_path.name, 0)]


@pytest.mark.parametrize(
    ("name", "content", "code", "line"),
    [
        ("empty.mdl", b"", "empty-file", 0),
        ("blank.mdl", b"  \n\t\n", "empty-file", 0),
        ("only_encoding.mdl", b"{UTF-8}\n", "empty-file", 0),
        ("only_drawing.mdl", b"{UTF-8}\n\\\\\\---/// Sketch\n", "empty-file", 0),
        ("binary.mdl", b"a = 1 ~~|\n\x00\x01\x02", "binary-file", 0),
        ("half_wide.mdl", "a = 1 ~~|".encode("utf-16") + b"|", "encoding", 0),
        ("unheard_of.mdl", b"{KLINGON}\na = 1 ~~|", "encoding", 1),
        ("model.pdf", b"%PDF-1.4", "unknown-format", 0),
        ("no_suffix", b"a = 1 ~~|", "unknown-format", 0),
        ("empty.xmile", b"", "empty-file", 0),
        ("broken.xmile", b"<xmile>\n<model>\n</xmile>", "xml", 3),
        ("other.xml", b"<a xmlns='b'/>", "not-xmile", 0),
        ("bare.xml", b"<a/>", "not-xmile", 0),
        ("unknown.xmile", b"<?xml version='1.0' encoding='tf-8'?><a/>", "encoding", 1),
    ],
)
def test_a_file_that_is_no_model_is_one_clear_error(tmp_path, name, content, code, line):
    path = tmp_path / name
    path.write_bytes(content)
    assert said(lambda: load(path)) == [(code, name, line)]


def test_a_missing_file_is_met_with_the_nearest_name(written):
    path = written("a = 1 ~~|")
    (problem,) = problems(lambda: load(path.with_name("modle.mdl")))
    assert (problem.code, problem.hint) == ("no-such-file", "did you mean 'model.mdl'?")


def test_a_name_that_no_file_can_have_is_a_missing_file(tmp_path):
    assert problems(lambda: load(tmp_path / ("a" * 5000 + ".mdl")))[0].code == "unreadable-file"


def test_a_variable_without_an_equation_stops_a_chapter_but_no_other_persons_model(written, folder):
    text = "a = A FUNCTION OF(b) ~ ~ |\nb = 1 ~ ~ |\n"
    assert load(written(text)).found.unfinished == ("a",)
    assert ("no-equation", "a.mdl", 1) in said(lambda: load(folder({"a.mdl": text})))


def test_vensims_line_before_a_variable_without_equation_is_no_second_definition(written):
    text = "a=A FUNCTION OF(a, b) ~~|\na=\n\t~\tmonth\n\t~\tLater.\n\t|\nb = 1 ~~|\n"
    source = load(written(text))
    assert source.found.unfinished == ("a",)
    assert (source.variables["a"].units, source.variables["a"].line) == ("month", 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (":MACRO: m(a)\nm = m(a) + 1 ~~|\n:END OF MACRO:\nx = m(1) ~~|\n", "macro-loop"),
        (
            ":MACRO: m(a)\nm = n(a) ~~|\n:END OF MACRO:\n"
            ":MACRO: n(a)\nn = m(a) ~~|\n:END OF MACRO:\nx = m(1) ~~|\n",
            "macro-loop",
        ),
        ("A: (a1-a200000) ~~|\nx[A] = 1 ~~|\n", "range-size"),
        ("A: (a1-a2000000000) ~~|\nx[A] = 1 ~~|\n", "range-size"),
        ("A: (a1-a999) ~~|\nB: (b1-b999) ~~|\nx[A, B] = 1 ~~|\n", "array-size"),
        ("A: a, b ~~|\nx[A, A] = 1 ~~|\n", "range-twice"),
    ],
)
def test_what_would_take_forever_is_refused(written, text, code):
    assert {problem.code for problem in problems(lambda: load(written(text)))} == {code}


@pytest.mark.parametrize(
    "left", ["x[a1] = 1 ~~|\nx[B] = 2 ~~|\n", "x[A] = Time ~~|\nx[b1] = 2 ~~|\n"]
)
def test_equations_of_one_variable_over_elements_of_several_ranges(written, left):
    path = written("A: a1, a2 ~~|\nB: b1, b2 ~~|\n" + left)
    assert {problem.code for problem in problems(lambda: load(path))} == {"wrong-subscripts"}


def test_another_persons_model_may_be_in_utf_16(tmp_path):
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        path = tmp_path / f"{encoding}.mdl"
        path.write_bytes(("{UTF-16}\nsjø = 1 ~ m ~ på kysten |" + BOUNDS).encode(encoding))
        assert load(path).variables["sjø"].description == "på kysten"


def test_bytes_of_another_encoding_in_a_comment_do_not_stop_the_reading(tmp_path):
    path = tmp_path / "stray.mdl"
    path.write_bytes(b"{UTF-8}\na = 1 ~ m\xc2\xb3 ~ \xf8l \x80 \xc3\xa5 |" + BOUNDS.encode())
    a = load(path).variables["a"]
    assert (a.units, a.description) == ("m³", "øl € å")


def test_a_chapter_must_be_utf_8_where_another_persons_model_may_be_older(tmp_path, folder):
    old = "a = 1 ~ dmnl ~ k\xf8yr|".encode("cp1252")
    (tmp_path / "old.mdl").write_bytes(old + BOUNDS.encode())
    assert load(tmp_path / "old.mdl").variables["a"].description == "køyr"
    place = folder({"a.mdl": ""})
    (place / "chapters" / "a.mdl").write_bytes(b"\n" + old)
    assert said(lambda: load(place)) == [("encoding", "a.mdl", 2)]


@pytest.mark.parametrize("file", ["/etc/passwd", "../secret.csv", "a/../../secret.csv"])
def test_a_model_reads_no_data_outside_its_folder(written, tmp_path, file):
    (tmp_path.parent / "secret.csv").write_text("1,2\n")
    path = written(
        f"x = GET DIRECT CONSTANTS('{file}', ',', 'A1') ~~|\n"
        f"R: GET DIRECT SUBSCRIPT('{file}', ',', 'A1', 'A1', '') ~~|\n"
    )
    found = problems(lambda: load(path))
    assert {(each.code, each.line) for each in found} <= {("data-outside", 1), ("data-outside", 2)}
    assert found


def test_a_model_under_the_other_formats_name_is_told_its_own(tmp_path):
    for name, text, hint in (
        ("a.mdl", "<?xml version='1.0'?><xmile/>", ".xmile"),
        ("a.xmile", "{UTF-8}\nx = 1 ~~|\n", ".mdl"),
    ):
        (tmp_path / name).write_text(text)
        (problem,) = problems(lambda name=name: load(tmp_path / name))
        assert problem.code == "unknown-format"
        assert hint in problem.hint


def test_faults_in_macros_are_named_with_their_lines(written):
    text = ":MACRO: m(a)\nm = b ~~|\nb = m + a ~~|\n:END OF MACRO:\nx = m(1) ~~|\n"
    with pytest.raises(InputError) as caught:
        load_model(written(text)).run()
    assert "model.mdl:2" in str(caught.value)
    assert "model.mdl:3" in str(caught.value)
