"""A chapter of the book: paragraph, diagram, what moves what, every variable."""

from __future__ import annotations

import numpy as np

from reports.book.blocks import (
    Block,
    Code,
    Drawing,
    Facts,
    Heading,
    Inline,
    Paragraph,
    Table,
    Web,
    Words,
    joined,
)
from reports.book.content import Book, Chapter, anchor
from reports.book.diagram import draw, tallies
from reports.book.wording import say
from reports.labels import Language
from sim.source.catalogue import AUXILIARY, CONSTANT, CONTROL, STOCK, Values, Variable

MANY = 12  # values of an array that are listed; of longer ones the equation says it all


def chapters(book: Book, language: Language) -> list[Block]:
    """All chapters that define variables, one after the other."""
    return [
        block
        for chapter in book.chapters
        if chapter.variables
        for block in _chapter(book, chapter, language)
    ]


def _chapter(book: Book, chapter: Chapter, language: Language) -> list[Block]:
    title = chapter.opening.title or chapter.id
    blocks: list[Block] = [Heading(2, chapter.name, f"c-{chapter.id}")]
    blocks.append(Paragraph((chapter.opening.paragraph,)))
    blocks.append(Paragraph((f"{say('file', language)}: {chapter.file}",)))
    svg = draw(book, chapter, say("unnamed", language))
    if svg:
        caption = say("diagram", language, title=title)
        blocks.append(Drawing(chapter.id, caption, svg))
    counted = tallies(book, chapter)
    if counted:
        before, after = say("tallies", language).split("{names}")
        names = joined([book.link(own) for own in counted])
        blocks.append(Paragraph((before, *names, after)))
    blocks += _causes(book, chapter, language)
    blocks.append(Heading(3, say("equations", language), f"e-{chapter.id}"))
    for own in chapter.variables:
        blocks += variable(book, book.variables[own], language)
    return blocks


def _causes(book: Book, chapter: Chapter, language: Language) -> list[Block]:
    """What is computed at every moment, with what moves it, constants left out."""
    rows = [
        ((book.link(own),), joined([book.link(other) for other in moving]))
        for own in chapter.variables
        if book.variables[own].kind in (STOCK, AUXILIARY)
        and (moving := [other for other in book.links[own].reads if _moves(book, other)])
    ]
    if not rows:
        return []
    header = (say("variable", language), say("moved_by", language))
    heading = Heading(3, say("causes", language), f"m-{chapter.id}")
    return [heading, Table(header, tuple(rows))]


def _moves(book: Book, own: str) -> bool:
    return book.variables[own].kind not in (CONSTANT, CONTROL) or own in book.handles


def variable(book: Book, one: Variable, language: Language) -> list[Block]:
    """One variable: its sentence, its equations, and what is known of it."""
    rows: list[tuple[str, Words]] = [(say("kind", language), (_kind(book, one, language),))]
    rows.append((say("unit", language), (one.units or say("none", language),)))
    if one.dims:
        rows.append((say("over", language), (" × ".join(one.dims),)))
    if one.value is not None and one.value.size <= MANY and one.kind == CONSTANT:
        rows.append((say("value", language), (numbers(one.value),)))
    if one.low is not None or one.high is not None:
        rows.append((say("range", language), (bounds(one),)))
    if one.sources:
        cited = joined([cite(book, own) for own in one.sources], "; ")
        rows.append((say("source", language), cited))
    if one.assumption:
        rows.append((say("assumption", language), (one.assumption,)))
    if one.grade:
        rows.append((say("grade", language), (one.grade,)))
    if one.id in book.handles:
        rows.append((say("lever", language), (book.handles[one.id],)))
    found = book.links[one.id]
    for key, ids in (
        ("reads", found.reads),
        ("starts", found.at_start),
        ("read_by", book.readers[one.id]),
    ):
        if ids:
            rows.append((say(key, language), joined([book.link(own) for own in ids])))
    written = book.written(one)
    places = f"{written[0].place.file}:{written[0].place.line}"
    rows.append((say("place", language), (places,)))
    blocks: list[Block] = [Heading(4, one.name, anchor(one.id))]
    if one.description:
        blocks.append(Paragraph((one.description,)))
    blocks.append(Code("\n".join(each.equation for each in written)))
    return [*blocks, Facts(tuple(rows))]


def _kind(book: Book, one: Variable, language: Language) -> str:
    if one.kind == AUXILIARY and book.links[one.id].delays:
        return say("delayed", language)
    flows = (flow.variable for other in book.readers[one.id] for flow in book.links[other].flows)
    if one.kind == AUXILIARY and one.id in flows:
        return say("flow", language)
    return say(one.kind, language)


def cite(book: Book, own: str) -> Inline:
    """A source: its id, title, publisher and year, leading to its address."""
    known = book.reference(own)
    said = ", ".join(part for part in (known.title, known.publisher, known.year) if part)
    return Web(f"{own}: {said}" if said else own, known.url)


def numbers(values: Values) -> str:
    """Numbers as the model's text writes them, all alike only once."""
    found = values.ravel().tolist()
    if len(set(found)) == 1:
        return f"{found[0]:.6g}"
    return ", ".join(f"{value:.6g}" for value in found)


def bounds(one: Variable) -> str:
    """The range, or that of its ends for an array."""

    def end(values: Values | None) -> str:
        if values is None:
            return "?"
        low, high = float(np.min(values)), float(np.max(values))
        return f"{low:.4g}" if low == high else f"{low:.4g}…{high:.4g}"

    return f"{end(one.low)} – {end(one.high)}"
