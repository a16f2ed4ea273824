"""The equation book: every variable with unit, equation, source, range, links."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from reports import labels as words
from reports.book.blocks import Drawing
from reports.book.content import gather
from reports.book.page import html
from reports.book.plain import DRAWINGS, markdown
from reports.book.tables import by_grade, switches
from reports.book.whole import blocks
from reports.book.wording import say
from reports.folder import writing
from sim.project import RUNS, shown
from sim.source import load
from sim.source.catalogue import CONSTANT, STOCK
from sim.store.files import put

SUMMARY = "Write the equation book: the whole model as a page, with diagrams and tables"
LOST = "the book is not written"
_EXAMPLE = """
Example:
  trondelag docs --to book --lang nb

writes book.html (one file that needs nothing else, made to be printed too), book.md and the
diagrams: every chapter with its stocks and flows, every variable with its unit, equation,
source, range and grade and with what it reads and what reads it; tables of constants,
assumptions, units, loops, levers and sources; the strategy's sentences and where they are in
the model; the reporting checklist; all commands. The folder is named last.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    parser.add_argument("--to", metavar="FOLDER", type=Path, help="where to write")


def execute(arguments: argparse.Namespace) -> int:
    """Write the book and say how large it is; returns 0."""
    book = gather(load())
    labels = words.load(arguments.lang)
    language = labels.language
    page = blocks(book, labels)
    folder: Path = arguments.to or RUNS / f"book-{language}-{book.source.hash[:12]}"
    contents = say("contents", language)
    with writing(folder):
        put(folder / "book.html", html(page, language, contents).encode(), lost=LOST)
        put(folder / "book.md", markdown(page, contents).encode(), lost=LOST)
        (folder / DRAWINGS).mkdir(exist_ok=True)
        for block in page:
            if isinstance(block, Drawing):
                file = folder / DRAWINGS / f"{block.name}.svg"
                file.write_text(block.svg, encoding="utf-8")
    kinds = Counter(each.kind for each in book.variables.values())
    counts: dict[str, object] = {
        "variables": len(book.variables),
        "stocks": kinds[STOCK],
        "constants": kinds[CONSTANT],
        "assumptions": sum(bool(each.assumption) for each in book.constants),
        "loops": len(switches(book)),
        "grades": by_grade(book.constants),
        "folder": shown(folder),
    }
    if arguments.json:
        print(json.dumps(counts, ensure_ascii=False, indent=1))
    else:
        for key in ("variables", "stocks", "constants", "assumptions", "loops"):
            print(f"{counts[key]:>6} {say('counted_' + key, language)}")
        print(shown(folder))
    return 0
