"""The equation book, as a user makes it and reads it."""

import json
import re
from pathlib import Path

import pytest

import sim
from reports.book.chapters import MANY
from sim.__main__ import main
from sim.scenario.strategy import strategy

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("docs")
    assert main(["docs", "--to", str(path / "en")]) == 0
    assert main(["docs", "--to", str(path / "nb"), "--lang", "nb"]) == 0
    return path


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "en" / "book.html").read_text("utf-8")


def test_every_variable_has_its_place_and_every_link_arrives(page: str) -> None:
    anchors = re.findall(r' id="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)
    assert {f"v-{own}" for own in sim.load_model().variables} <= set(anchors)


def test_the_page_needs_nothing_else(page: str) -> None:
    assert "<script" not in page
    assert "<link" not in page
    assert " src=" not in page
    assert "url(" not in page
    assert "@import" not in page


def test_a_variable_is_told_with_all_that_is_known_of_it(page: str) -> None:
    start = page.index('id="v-capability"')
    told = page[start : page.index("<h4", start)]
    for words in (
        "Effort that still works, valued at what it cost.",
        "capability[Tool,Area] = INTEG(effort working[Tool,Area]",
        "<dt>kind</dt><dd>stock</dd>",
        "<dt>unit</dt><dd>NOK million</dd>",
        "Tool × Area",
        'href="#v-effort_lapsing"',
        'href="#v-capability_above_reference"',
        "model/chapters/01_levers.mdl:",
    ):
        assert words in told


def test_every_number_of_short_constants_and_every_range_is_told(page: str) -> None:
    for own, each in sim.load_model().variables.items():
        if each.kind == "constant" and each.value is not None and each.value.size <= MANY:
            start = page.index(f'id="v-{own}"')
            assert f"<dt>value</dt><dd>{each.value.ravel()[0]:.6g}" in page[start : start + 6000]


def test_every_sentence_of_the_strategy_is_in_the_book(folder: Path) -> None:
    for language in ("en", "nb"):
        text = (folder / language / "book.html").read_text("utf-8").replace("&#x27;", "'")
        for each in strategy().sentences.values():
            assert each.says.said(language) in text
            assert each.works.said(language) in text


def test_the_markdown_and_its_drawings_hold_the_same(folder: Path, page: str) -> None:
    text = (folder / "en" / "book.md").read_text("utf-8")
    anchors = set(re.findall(r'<a id="([^"]+)">', text))
    assert anchors == set(re.findall(r'<(?:h\d) id="([^"]+)"', page))
    drawings = re.findall(r"\]\((diagrams/[^)]+)\)", text)
    assert drawings
    for name in drawings:
        assert (folder / "en" / name).read_text("utf-8") in page


def test_both_languages_have_the_same_places(folder: Path, page: str) -> None:
    norwegian = (folder / "nb" / "book.html").read_text("utf-8")
    assert re.findall(r' id="([^"]+)"', norwegian) == re.findall(r' id="([^"]+)"', page)
    assert "Likningsboken" in norwegian


def test_the_same_model_gives_the_same_bytes_and_is_counted(
    folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["docs", "--json", "--to", str(tmp_path)]) == 0
    counts = json.loads(capsys.readouterr().out)
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(files) > 5
    for file in files:
        assert (tmp_path / file).read_bytes() == (folder / "en" / file).read_bytes()
    variables = sim.load_model().variables.values()
    assert counts["variables"] == len(variables)
    assert counts["constants"] == sum(each.kind == "constant" for each in variables)
    assert sum(counts["grades"].values()) == counts["constants"]
    assert counts["folder"] == str(tmp_path)


def test_a_folder_that_cannot_be_written_is_wrong_input(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "file").write_text("")
    assert main(["docs", "--to", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err
