"""The page as a browser, a screen reader and a printer get it."""

import io
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from openpyxl import load_workbook

from calibration import targets
from reports import colours
from reports.labels import Language
from reports.pages.blocks import Details, Figure, Page, Panels
from reports.pages.html import html
from reports.pages.page import page
from reports.pages.results import Results
from reports.pages.workbook import workbook

VOID = {"meta", "img", "br", "line", "rect", "path", "circle"}
MOST_BYTES = 5_000_000


class Tree(HTMLParser):
    """Tags with their attributes and the words inside, in order; every tag closed as opened."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str], list[str]]] = []
        self.open: list[int] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names)
        self.found.append((tag, {name: value or "" for name, value in attrs}, []))
        if tag not in VOID:
            self.open.append(len(self.found) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}, []))

    def handle_endtag(self, tag: str) -> None:
        assert self.found[self.open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for at in self.open:
            self.found[at][2].append(data)

    def all(self, *tags: str) -> list[tuple[dict[str, str], str]]:
        return [(attrs, "".join(words)) for tag, attrs, words in self.found if tag in tags]


@pytest.fixture(scope="module")
def pages(results: Results) -> dict[Language, Page]:
    seen, again = targets.load(), ["trondelag report"]
    return {"en": page(results, "en", seen, again), "nb": page(results, "nb", seen, again)}


@pytest.fixture(scope="module")
def texts(pages: dict[Language, Page]) -> dict[Language, str]:
    return {language: html(each) for language, each in pages.items()}


@pytest.fixture(scope="module", params=["en", "nb"])
def text(request: pytest.FixtureRequest, texts: dict[Language, str]) -> str:
    return texts[request.param]


@pytest.fixture(scope="module")
def tree(text: str) -> Tree:
    return Tree(text)


def test_it_is_one_small_file_that_asks_for_nothing(text: str, tree: Tree) -> None:
    assert len(text.encode()) < MOST_BYTES
    assert not tree.all("link", "img", "iframe", "object", "embed", "base", "form", "input")
    for tag, attrs, _ in tree.found:
        assert not {"src", "srcset", "style", "action", "xlink:href"} & set(attrs), tag
        assert not [name for name in attrs if name.startswith("on")], tag
        assert attrs.get("href", "#").startswith("#")
    style = tree.all("style")[0][1]
    assert "url(" not in style
    assert "@import" not in style
    assert not re.search(r"https?:", style + tree.all("script")[0][1])


def test_its_policy_lets_nothing_in_and_nothing_else_run(tree: Tree) -> None:
    (policy,) = (a["content"] for a, _ in tree.all("meta") if "http-equiv" in a)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert len(tree.all("script")) == len(tree.all("style")) == 1
    for kind, (_, words) in (("script", tree.all("script")[0]), ("style", tree.all("style")[0])):
        import base64
        import hashlib

        digest = base64.b64encode(hashlib.sha256(words.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_what_stands_in_scenario_files_is_shown_and_not_executed(
    texts: dict[Language, str],
) -> None:
    for language, name in (("en", '<script>alert(1)</script> & "plan"'),
                           ("nb", "<script>alert(2)</script>")):  # fmt: skip
        tree = Tree(texts[language])
        assert "alert(" not in tree.all("script")[0][1]
        assert any(name == words for _, words in tree.all("th"))
        # In drawings and their descriptions too.
        assert any(name in words for _, words in tree.all("text", "figcaption"))
        assert any(name in attrs.get("aria-label", "") for attrs, _ in tree.all("svg"))
    assert "</details><img src=x" in " ".join(words for _, words in Tree(texts["en"]).all("p"))


def test_headings_go_down_step_by_step_and_places_are_unique(tree: Tree) -> None:
    levels = [int(tag[1]) for tag, _, _ in tree.found if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert Counter(levels)[1] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attrs["id"] for _, attrs, _ in tree.found if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [attrs["href"][1:] for attrs, _ in tree.all("a")]
    assert links
    assert set(links) <= set(ids)
    named = [attrs["aria-labelledby"] for attrs, _ in tree.all("section")]
    assert set(named) <= set(ids)


def test_pictures_tell_what_they_show_and_tables_have_heads(text: str, tree: Tree) -> None:
    assert tree.all("html")[0][0]["lang"] in {"en", "nb"}
    drawings = tree.all("svg")
    assert len(drawings) > 30
    for attrs, _ in drawings:
        assert attrs["role"] == "img"
        assert len(attrs["aria-label"]) > 15
    fans = [attrs["aria-label"] for attrs, _ in drawings if "median" in attrs["aria-label"]]
    assert all(re.search(r"\d", label) for label in fans)
    tables = len(tree.all("table"))
    assert tables >= 10
    assert len(tree.all("caption")) == tables
    assert all(words for _, words in tree.all("caption"))
    assert all(attrs["scope"] in {"col", "row"} for attrs, _ in tree.all("th"))
    # Whatever scrolls can be reached with keys, and has a name.
    for attrs, _ in tree.all("div"):
        if attrs.get("class") == "wide":
            assert attrs["tabindex"] == "0"
            assert attrs["aria-label"]
    heads = text.count('<th scope="col"')
    assert heads == text.count('<button type="button">')


def test_letters_can_be_read_on_what_lies_behind_them(text: str) -> None:
    style = Tree(text).all("style")[0][1]
    backs = [*re.findall(r"background: (#[0-9a-f]{6});", style), "#ffffff", "#f5f6f7"]
    for tint in (colours.INK, colours.letters(colours.UP)):
        assert all(colours.contrast(tint, back) >= 4.5 for back in backs)
    for tint in (colours.QUIET, colours.letters(colours.DOWN), colours.letters(colours.UP)):
        assert colours.contrast(tint) >= 4.5
    letters = set(re.findall(r'<text [^>]*fill="(#[0-9a-f]{6})"', text))
    assert letters
    assert all(colours.contrast(tint) >= 4.5 for tint in letters)


def test_norwegian_has_its_own_numbers_and_words(texts: dict[Language, str]) -> None:
    words = " ".join(
        piece for tag in ("td", "li", "p", "text") for _, piece in Tree(texts["nb"]).all(tag)
    )
    assert not re.search(r"\d\.\d(?!\.\d)(?![\d.]*[,;]? ?[a-z]+ \d)", _without_versions(words))
    assert re.search(r"\d,\d", words)
    assert re.search("\\d\u202f\\d{3}", words)
    assert "\u202f%" in words


def _without_versions(words: str) -> str:
    return re.sub(r"(trondelag|llvmlite|numpy|pyarrow) [\d.]+", "", words)


def test_both_languages_have_the_same_tables_and_figures(pages: dict[Language, Page]) -> None:
    def shape(page: Page) -> list[object]:
        found: list[object] = []
        for section in page.sections:
            for block in section.blocks:
                for part in block.blocks if isinstance(block, Details) else (block,):
                    if isinstance(part, Panels):
                        found.append((section.id, len(part.figures)))
                    elif isinstance(part, Figure):
                        found.append(section.id)
        for _, table in page.tables():
            found.append([[cell.value for cell in row if cell.number] for row in table.rows])
        return found

    assert shape(pages["en"]) == shape(pages["nb"])


def test_the_same_worlds_give_the_same_bytes(
    pages: dict[Language, Page], texts: dict[Language, str]
) -> None:
    assert html(pages["nb"]) == texts["nb"]
    assert workbook(pages["nb"]) == workbook(pages["nb"])


def test_the_workbook_holds_the_tables_with_numbers_in_full(pages: dict[Language, Page]) -> None:
    for page_ in pages.values():
        book = load_workbook(io.BytesIO(workbook(page_)))
        sheets = book.worksheets[1:]
        assert len(sheets) == len(page_.tables())
        for sheet, (_, table) in zip(sheets, page_.tables(), strict=True):
            assert [cell.value for cell in sheet[3]] == list(table.header)
            for row, cells in zip(sheet.iter_rows(min_row=4), table.rows, strict=True):
                for cell, wanted in zip(row, cells, strict=True):
                    assert cell.data_type in {"n", "s"}  # no formula, whatever a name says
                    if isinstance(cell.value, str):
                        assert cell.value == wanted.text
                    else:
                        assert cell.value == pytest.approx(wanted.value)
                        # Shown as on the page: per cent, decimals, sign.
                        mark = "," if page_.language == "nb" else "."
                        decimals = wanted.text.rstrip("\u202f%").partition(mark)[2]
                        first = cell.number_format.partition(";")[0]
                        assert len(first.rstrip("%").partition(".")[2]) == len(decimals)
                        assert first.endswith("%") == wanted.text.endswith("%")
                        assert first.startswith("+") == wanted.text.startswith("+")
