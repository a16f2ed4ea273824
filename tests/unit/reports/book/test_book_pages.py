"""Blocks as HTML and as Markdown."""

from html.parser import HTMLParser

from reports.book.blocks import (
    Code,
    Drawing,
    Facts,
    Heading,
    Link,
    Paragraph,
    Strong,
    Table,
    Web,
    joined,
)
from reports.book.page import html
from reports.book.plain import markdown

HOSTILE = "<script>alert('x')</script> & \"q\" | *b* `c` [d](e)"


class Seen(HTMLParser):
    """Tags, texts and addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page(*blocks: object) -> str:
    return html([Heading(1, "Top", "top"), *blocks], "en", "Contents")  # type: ignore[list-item]


def test_hostile_words_stay_words_wherever_they_stand() -> None:
    words = (HOSTILE, Link(HOSTILE, 'a"b'), Web(HOSTILE, "https://x.org/?a&b"), Strong(HOSTILE))
    blocks = (
        Heading(2, HOSTILE, "two"),
        Paragraph(words),
        Code(HOSTILE),
        Facts(((HOSTILE, words),)),
        Table((HOSTILE,), ((words,),)),
        Drawing("d", HOSTILE, "<svg></svg>\n"),
    )
    seen = Seen(page(*blocks))
    assert "script" not in seen.tags
    assert seen.open == []
    assert seen.text.count(HOSTILE) == 1 + 1 + 4 + 1 + 5 + 5 + 1


def test_only_web_addresses_become_links() -> None:
    seen = Seen(page(Paragraph((Web("a", "javascript:alert(1)"), Web("b", "https://x.org")))))
    assert seen.addresses == ["https://x.org"]
    said = markdown([Paragraph((Web("a", "javascript:alert(1)"),))], "")
    assert "javascript" not in said


def test_the_list_of_chapters_comes_before_the_first() -> None:
    text = page(Paragraph(("before",)), Heading(2, "One", "one"), Heading(3, "Inner", "in"))
    assert text.index("before") < text.index('href="#one"') < text.index('id="one"')
    assert 'href="#in"' not in text


def test_markdown_keeps_tables_and_code_whole() -> None:
    blocks = [Table(("a|b",), (((HOSTILE + "\nnext",),),)), Code("x\n```\ny")]
    lines = markdown(blocks, "Contents").splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 3
    assert all(line.replace("\\|", "").count("|") == 2 for line in table)
    assert lines.count("````") == 1
    assert "````text" in lines


def test_parts_are_joined_with_something_between() -> None:
    assert joined(["a", ("b", "c"), "d"]) == ("a", ", ", "b", "c", ", ", "d")
    assert joined([]) == ()
