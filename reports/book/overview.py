"""What `model/README.md` shows of the model itself: `python -m reports.book.overview`.

Chapter map and counts are made from the text in a moment; the table of the checks needs
`--checks`, which runs every suite of `trondelag check` (minutes) and keeps what they found for the
planners' page (`model/checks/result.json`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from reports.book.content import Book, gather
from reports.book.tables import by_grade, switches
from sim.check import record, suites
from sim.check.finding import Outcome, Report
from sim.check.workbench import Workbench
from sim.project import MODEL
from sim.run.model import load_model
from sim.source import load
from sim.source.catalogue import STOCK

FILE = MODEL / "README.md"
COMMAND = "python -m reports.book.overview"
SHOWN = 6  # stocks of a chapter that are named
GRADES = {"A": "official statistic", "B": "report or news", "C": "derived", "D": "judgement"}
COLUMNS = (Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED)
STEPS = ("half step", "RK4", "eighth of the step")


def between(text: str, mark: str, filling: str) -> str:
    """Put lines between the marks of a block, in place of what stands there.

    Raises:
        ValueError: the text lacks a mark.
    """
    first, last = f"<!-- {mark}: made by {COMMAND} -->\n", f"<!-- /{mark} -->"
    head, found, rest = text.partition(first)
    _, closed, tail = rest.partition(last)
    if not (found and closed):
        raise ValueError(f"no block '{mark}'")
    return f"{head}{first}{filling}\n{last}{tail}"


def chapter_map(book: Book) -> str:
    """A row for each chapter: what it is about, and its first stocks."""
    rows = ["| chapter | what it is about | main stocks |", "|---|---|---|"]
    for chapter in book.chapters:
        stocks = [
            book.variables[own].name
            for own in chapter.variables
            if book.variables[own].kind == STOCK
        ]
        named = ", ".join(stocks[:SHOWN]) + (", …" if len(stocks) > SHOWN else "")
        about = " ".join(chapter.opening.paragraph.split()).split(". ")[0].rstrip(".")
        rows.append(f"| {chapter.name} | {about or '–'} | {named or '–'} |")
    return "\n".join(rows)


def counts(book: Book) -> str:
    """How much there is of what, and what the constants rest on."""
    constants = book.constants
    variables = list(book.variables.values())
    sourced = sum(bool(each.sources) for each in constants)
    assumed = sum(bool(each.assumption) for each in constants)
    both = sum(bool(each.sources or each.assumption) for each in constants)
    rows = [
        ("variables", len(variables)),
        ("stocks", sum(each.kind == STOCK for each in variables)),
        ("loop switches", len(switches(book))),
        ("constants", len(constants)),
        ("constants with a source or an assumption", both),
        ("constants with a source", sourced),
        ("constants marked assumption", assumed),
        *(
            (f"constants of grade {grade} ({GRADES[grade]})", number)
            for grade, number in by_grade(constants).items()
            if grade
        ),
    ]
    return "\n".join(["| | number |", "|---|---:|", *(f"| {name} | {n} |" for name, n in rows)])


def checks(reports: Sequence[Report]) -> str:
    """The suites by outcome, and by how much the step matters most."""
    rows = [f"| suite | {' | '.join(COLUMNS)} |", "|---|---:|---:|---:|"]
    for each in reports:
        numbers = " | ".join(str(len(each.of(outcome))) for outcome in COLUMNS)
        rows.append(f"| {each.suite} | {numbers} |")
    measures = {name: size for each in reports for name, size in each.measures.items()}
    for kind in STEPS:
        mine = {name: size for name, size in measures.items() if name.startswith(f"{kind}, ")}
        if mine:
            worst = max(mine, key=lambda name: mine[name])
            outcome = worst.removeprefix(f"{kind}, ")
            rows += ["", f"Largest difference to the step of the model, {kind}: "]
            rows[-1] += f"{mine[worst]:.2%} (`{outcome}`)."
    return "\n".join(rows)


def text(book: Book, told: str) -> str:
    """A README with the blocks that are made from the text renewed."""
    return between(between(told, "chapters", chapter_map(book)), "counts", counts(book))


if __name__ == "__main__":
    new = text(gather(load()), FILE.read_text(encoding="utf-8"))
    if "--checks" in sys.argv[1:]:
        bench = Workbench(load_model(), own=True)
        found = list(suites.run(suites.chosen([], bench), bench))
        new = between(new, "checks", checks(found))
        source = bench.model.source
        record.keep(record.record(found), source.text_hash, source.data_hash, record.BUNDLED)
    FILE.write_text(new, encoding="utf-8")
