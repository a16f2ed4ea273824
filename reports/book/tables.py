"""The tables at the end of the book: constants, assumptions, units, loops, levers, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from reports.book.blocks import Block, Heading, Inline, Paragraph, Table, Words, joined
from reports.book.chapters import MANY, bounds, cite, numbers
from reports.book.content import Book
from reports.book.wording import say
from reports.labels import Language
from sim.scenario.catalogues import External, Lever
from sim.source.catalogue import Variable

SWITCH = "loop_switch_"
GRADES = ("A", "B", "C", "D", "")


def tables(book: Book, language: Language) -> list[Block]:
    """All of them, one after the other."""
    return [
        *_ranges(book, language),
        *_levers(book, language),
        *_loops(book, language),
        *_grades(book, language),
        *_assumptions(book, language),
        *_constants(book, language),
        *_units(book, language),
        *_sources(book, language),
    ]


def _header(language: Language, *keys: str) -> tuple[str, ...]:
    return tuple(say(key, language) for key in keys)


def _ranges(book: Book, language: Language) -> list[Block]:
    rows = [((name,), (", ".join(labels),)) for name, labels in book.source.subscripts.items()]
    header = _header(language, "range", "elements")
    return [Heading(2, say("ranges", language), "ranges"), Table(header, tuple(rows))]


def _levers(book: Book, language: Language) -> list[Block]:
    rows: list[tuple[Words, ...]] = []
    for own, each in {**book.known.levers, **book.known.external}.items():
        decided = each.owner.said(language) if isinstance(each, Lever) else say("outside", language)
        rows.append(
            (
                (own,),
                (each.sentence.said(language),),
                (_lever(book, each),),
                (each.units,),
                (f"{each.range[0]:g} – {each.range[1]:g}",),
                (f"{each.default:g}",),
                (decided,),
            )
        )
    header = ("id", "", *_header(language, "variable", "unit", "range", "default", "owner"))
    return [Heading(2, say("levers", language), "levers"), Table(header, tuple(rows))]


def _lever(book: Book, each: External) -> Inline:
    return book.link(each.variable) if each.variable in book.variables else each.variable


def switches(book: Book) -> tuple[Variable, ...]:
    """The constants that cut loops."""
    return tuple(each for each in book.constants if each.id.startswith(SWITCH))


def _loops(book: Book, language: Language) -> list[Block]:
    rows = [
        (
            (book.link(each.id),),
            (each.description,),
            joined([book.link(own) for own in book.readers[each.id]]),
        )
        for each in switches(book)
    ]
    header = _header(language, "variable", "meaning", "cuts")
    intro = Paragraph((say("loops_intro", language),))
    return [Heading(2, say("loops", language), "loops"), intro, Table(header, tuple(rows))]


def by_grade(constants: Sequence[Variable]) -> dict[str, int]:
    """How many constants there are of each grade; "" for none."""
    counted = Counter(each.grade for each in constants)
    return {grade: counted[grade] for grade in GRADES}


def _grades(book: Book, language: Language) -> list[Block]:
    constants = book.constants
    counts = [(grade or say("ungraded", language), n) for grade, n in by_grade(constants).items()]
    counts += [
        (say("with_source", language), sum(bool(each.sources) for each in constants)),
        (say("with_assumption", language), sum(bool(each.assumption) for each in constants)),
        (say("with_range", language), sum(width(each) > 0 for each in constants)),
        (say("total", language), len(constants)),
    ]
    rows = [((name,), (str(n),), (_share(n, len(constants)),)) for name, n in counts]
    header = _header(language, "grade", "count", "share")
    return [Heading(2, say("by_grade", language), "grades"), Table(header, tuple(rows))]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def width(one: Variable) -> float:
    """The widest range of its elements relative to the value; 0 where there is none.

    A value of zero is measured by the larger end of its range.
    """
    if one.value is None or one.low is None or one.high is None:
        return 0.0
    low, high = np.broadcast_to(one.low, one.shape), np.broadcast_to(one.high, one.shape)
    ends = np.maximum(np.abs(low), np.abs(high))
    size = np.where(one.value != 0, np.abs(one.value), np.where(ends > 0, ends, 1.0))
    return float(np.max((high - low) / size))


def ranked(constants: Iterable[Variable]) -> list[Variable]:
    """The assumptions that have a width, the widest first."""
    assumed = [each for each in constants if each.assumption and width(each) > 0]
    return sorted(assumed, key=lambda each: (-width(each), each.id))


def _assumptions(book: Book, language: Language) -> list[Block]:
    rows = [
        (
            (str(number),),
            (book.link(each.id),),
            (_value(each),),
            (bounds(each),),
            (f"{width(each):.2f}",),
            (each.grade,),
            (each.assumption,),
        )
        for number, each in enumerate(ranked(book.constants), 1)
    ]
    keys = ("variable", "value", "range", "width", "grade", "assumption")
    count = sum(bool(each.assumption) for each in book.constants)
    intro = Paragraph((say("assumptions_intro", language, count=count),))
    heading = Heading(2, say("assumptions", language), "assumptions")
    return [heading, intro, Table(("", *_header(language, *keys)), tuple(rows))]


def _value(each: Variable) -> str:
    if each.value is None:
        return "–"
    if each.value.size <= MANY:
        return numbers(each.value)
    return f"{float(each.value.min()):.4g} … {float(each.value.max()):.4g}"


def _constants(book: Book, language: Language) -> list[Block]:
    rows = [
        (
            (book.link(each.id),),
            (_value(each),),
            (each.units,),
            (bounds(each) if each.low is not None or each.high is not None else "–",),
            (each.grade or "–",),
            _evidence(each, language),
        )
        for each in book.constants
    ]
    keys = ("variable", "value", "unit", "range", "grade", "source")
    intro = Paragraph((say("constants_intro", language),))
    heading = Heading(2, say("constants", language), "constants")
    return [heading, intro, Table(_header(language, *keys), tuple(rows))]


def _evidence(each: Variable, language: Language) -> Words:
    said = ", ".join(each.sources)
    if each.assumption:
        assumed = f"{say('assumption', language)}: {each.assumption}"
        said = f"{said}; {assumed}" if said else assumed
    return (said or "–",)


def _units(book: Book, language: Language) -> list[Block]:
    counted = Counter(each.units for each in book.variables.values())
    rows = [((unit or "–",), (str(count),)) for unit, count in sorted(counted.items())]
    header = _header(language, "unit", "variables")
    return [Heading(2, say("units", language), "units"), Table(header, tuple(rows))]


def _sources(book: Book, language: Language) -> list[Block]:
    users: dict[str, list[str]] = {}
    for each in book.variables.values():
        for own in each.sources:
            users.setdefault(own, []).append(each.id)
    rows = [
        ((cite(book, own),), joined([book.link(user) for user in users[own]]))
        for own in sorted(users, key=str.lower)
    ]
    header = _header(language, "source", "used_by")
    return [Heading(2, say("sources", language), "sources"), Table(header, tuple(rows))]
