"""Hostile and clumsy files: each is one clear InputError, and no value changes its type."""

import os
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.project import SCENARIOS
from sim.scenario import document
from sim.scenario.document import MAX_BYTES, parse, read


def refused(text: str) -> str:
    with pytest.raises(InputError) as error:
        parse(text, "f.yaml")
    assert len(error.value.problems) == 1
    assert error.value.problems[0].file == "f.yaml"
    return error.value.problems[0].code


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1e3", 1000.0),
        ("-2.5", -2.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("+7", 7),
        ("true", True),
        ("~", None),
        ("", None),
        ("2026-01-01", "2026-01-01"),
        ("12:30", "12:30"),
        ("010", "010"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1,5", "1,5"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("'1e3'", "1e3"),
        ('"2030"', "2030"),
        (".", "."),
        ("e3", "e3"),
        ("１２", "１２"),
    ],
)
def test_a_word_is_what_it_looks_like(written: str, meant: object) -> None:
    value = parse(f"a: {written}").root.plain()["a"]
    assert value == meant
    assert type(value) is type(meant)


def test_keys_are_always_text() -> None:
    plain = parse("no: 1\n2030: 2\n2026-01-01: 3\ntrue: 4\n1e3: 5\n~: 6").root.plain()
    assert list(plain) == ["no", "2030", "2026-01-01", "true", "1e3", "~"]


def test_numbers_beyond_float64_are_not_finite() -> None:
    assert parse("a: 1e999").root.plain()["a"] == float("inf")
    assert parse(f"a: {'9' * 5000}").root.plain()["a"] == float("inf")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("# only a comment", "empty"),
        ("just words", "wrong-type"),
        ("- a\n- list", "wrong-type"),
        ("a: b: c", "not-yaml"),
        ("a: {b: 1", "not-yaml"),
        ("a:\n\t- b", "not-yaml"),
        ("a: \x00", "not-yaml"),
        ('a: "\\UFFFFFFFF"', "not-yaml"),
        ("%YAML 9.9\n---\na: 1", "not-yaml"),
        ("a: 1\n---\nb: 2", "several-documents"),
        ("a: &a [*a]", "unknown-anchor"),
        ("a: *nowhere", "unknown-anchor"),
        ("? [1, 2]\n: 3", "key"),
        ("? {a: 1}\n: 3", "key"),
        ("a: &x [1]\n*x : 3", "key"),
        ("[" * 100_000, "too-deep"),
        ("a: " + "{a: " * 50_000, "too-deep"),
        ("k" * 10_000 + ": 1", "not-yaml"),
        ("? " + "k" * 500 + "\n: 1", "key"),
        ("a: [" + "1," * 30_000 + "]", "too-many-values"),
    ],
)
def test_what_cannot_be_a_scenario_is_one_problem(text: str, code: str) -> None:
    assert refused(text) == code


def test_every_tag_is_refused_and_the_rest_is_read_on() -> None:
    text = "a: !!python/object/apply:os.system [ls]\nb: !!int '3'\n!secret c: 3\nc: 4"
    found = parse(text, "f.yaml").problems
    assert [(each.code, each.line) for each in found] == [
        ("tag", 1), ("tag", 2), ("tag", 3), ("duplicate-key", 4),
    ]  # fmt: skip


def test_an_alias_may_be_used_but_not_to_blow_up() -> None:
    assert parse("a: &x {b: 1}\nc: *x").root.plain() == {"a": {"b": 1}, "c": {"b": 1}}
    levels = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    for n in range(1, 9):
        levels.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]")
    assert refused("\n".join(levels)) == "too-many-values"


def test_aliases_cannot_hide_depth() -> None:
    levels = ["a0: &a0 [1]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 40))]
    assert refused("\n".join(levels)) == "too-deep"


def test_a_key_that_stands_twice_is_told_with_both_lines() -> None:
    document = parse("a: 1\nb:\n  c: 1\n  c: 2\na: 3", "f.yaml")
    assert document.root.plain() == {"a": 1, "b": {"c": 1}}
    assert [(p.code, p.line, p.hint) for p in document.problems] == [
        ("duplicate-key", 4, "first in line 3"),
        ("duplicate-key", 5, "first in line 1"),
    ]


def test_every_key_and_item_knows_its_line() -> None:
    root = parse("a:\n  b:\n    c: 1\n\n  d: [x,\n      y]\n").root
    assert root.line_of("a") == 1
    assert root.line_of("a", "b", "c") == 3
    assert root.line_of("a", "d", 1) == 6
    assert root.line_of("a", "b", "not there") == 2


def test_a_problem_never_shows_control_characters() -> None:
    with pytest.raises(InputError) as error:
        parse('"\\e[31mred\\u202e": *\\e', "f.yaml")
    assert str(error.value).isprintable()
    document = parse('"\\e[31m": 1\n"\\e[31m": !<t%E2%80%AE> 2', "f.yaml")
    assert len(document.problems) == 2
    assert all(problem.sentence.isprintable() for problem in document.problems)


class TestFiles:
    def code(self, path: Path) -> str:
        with pytest.raises(InputError) as error:
            read(path)
        assert len(error.value.problems) == 1
        return error.value.problems[0].code

    def test_too_large(self, tmp_path: Path) -> None:
        file = tmp_path / "big.yaml"
        with file.open("wb") as stream:
            stream.truncate(100_000_000)  # sparse: takes no room on the disk
        assert self.code(file) == "too-large"

    def test_the_largest_allowed_file_is_read_or_refused_soon(self, tmp_path: Path) -> None:
        file = tmp_path / "long.yaml"
        file.write_text("a: " + "x" * (MAX_BYTES - 3))
        assert len(read(file).root.plain()["a"]) == MAX_BYTES - 3

    def test_binary(self, tmp_path: Path) -> None:
        file = tmp_path / "image.yaml"
        file.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe\x00")
        assert self.code(file) == "not-text"

    def test_other_encodings(self, tmp_path: Path) -> None:
        file = tmp_path / "latin.yaml"
        file.write_bytes("a: 1\nnavn: Trøndelag".encode("latin-1"))
        with pytest.raises(InputError) as error:
            read(file)
        assert error.value.problems[0].line == 2

    def test_a_byte_order_mark_is_no_content(self, tmp_path: Path) -> None:
        file = tmp_path / "bom.yaml"
        file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
        assert read(file).root.plain() == {"a": 1, "b": 2}

    def test_a_symbolic_link(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("root:x:0:0")
        link = tmp_path / "link.yaml"
        link.symlink_to(secret)
        assert self.code(link) == "not-a-file"

    def test_a_folder_a_pipe_and_nothing(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe.yaml"
        os.mkfifo(pipe)
        for path in (tmp_path, pipe, tmp_path / "none.yaml", Path("/dev/zero"), Path("a\x00b")):
            assert self.code(path) in {"no-such-file", "unreadable"}

    def test_a_name_longer_than_the_system_allows(self, tmp_path: Path) -> None:
        assert self.code(tmp_path / ("x" * 5000)) in {"no-such-file", "unreadable"}


def test_what_comes_with_the_program_is_kept_as_it_was_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written to the cache, read from it, and with a cache that cannot be written."""
    path = SCENARIOS / "goals.yaml"
    here = parse(path.read_text(encoding="utf-8"), document.shown(path))
    parsed: list[str] = []
    monkeypatch.setattr(
        document, "parse", lambda *asked: (parsed.append(asked[1]), parse(*asked))[1]
    )
    (tmp_path / "file").write_text("")
    for folder, times in (("cache", 1), ("cache", 1), ("file", 2)):
        monkeypatch.setenv("TRONDELAG_CACHE", str(tmp_path / folder))
        document._remembered.cache_clear()
        assert read(path) == here
        assert len(parsed) == times
    document._remembered.cache_clear()


def test_a_scenario_that_has_changed_is_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRONDELAG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(document, "ROOT", tmp_path)
    path = tmp_path / "own.yaml"
    for value in (1, 2, 1):
        path.write_text(f"a: {value}\n")
        assert read(path).root.plain() == {"a": value}
    path.write_text("a: [\n")
    with pytest.raises(InputError) as error:
        read(path)
    assert [each.code for each in error.value.problems] == ["not-yaml"]


def test_a_printable_text_holds_nothing_invisible() -> None:
    """`isprintable` is asked first: it must know every character that counts as invisible."""
    for place in range(0x110000):
        if chr(place).isprintable():
            assert document.unicodedata.category(chr(place))[0] not in "CZ" or chr(place) == " "
