import contextlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.__main__ import main

NUMBER = re.compile(r"\d[\d,.\u202f]*\d|\d")


@dataclass(frozen=True)
class Shown:
    """What the demo gave in one language."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def sentences(self) -> list[str]:
        return [line for line in self.out.splitlines() if line.startswith("- ")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shown]:
    """The demo in English, then in Norwegian."""
    found: dict[str, Shown] = {}
    for language in ("en", "nb"):
        folder = tmp_path_factory.mktemp("demo") / "memo"
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["demo", "--lang", language, "--to", str(folder)])
        found[language] = Shown(code, out.getvalue(), err.getvalue(), folder)
    return found


def test_tables_a_summary_and_figures_come_out_and_the_page_is_named_last(
    demo: dict[str, Shown],
) -> None:
    english = demo["en"]
    assert english.code == 0
    assert "“Ocean-space push” compared with" in english.out
    assert len(english.sentences) == 6
    assert english.out.splitlines()[-2] == str(english.folder)
    page = english.folder / "page-en.html"
    assert english.out.splitlines()[-1] == str(page)
    assert "<h1>" in page.read_text("utf-8")
    for name in ("paths", "differences", "regions", "industries-ocean_push"):
        for suffix in ("png", "svg"):
            assert (english.folder / "figures" / f"{name}.{suffix}").stat().st_size > 10_000


def test_asked_again_all_runs_come_from_disk(demo: dict[str, Shown]) -> None:
    progress = demo["nb"].err.splitlines()
    assert len(progress) >= 5
    assert all(": fra runs" in line for line in progress)


def test_norwegian_says_the_same_numbers(demo: dict[str, Shown]) -> None:
    marks = {"en": {",": ""}, "nb": {"\u202f": "", ",": "."}}
    found = {
        language: [
            sorted(
                float(number.translate(str.maketrans(plain))) for number in NUMBER.findall(sentence)
            )
            for sentence in demo[language].sentences
        ]
        for language, plain in marks.items()
    }
    assert found["en"] == found["nb"]
    assert all(found["nb"])
