"""The whole book, as blocks."""

from __future__ import annotations

from collections import Counter

from reports.book import verbs
from reports.book.blocks import Block, Heading, Paragraph
from reports.book.chapters import chapters
from reports.book.content import Book
from reports.book.facts import checklist
from reports.book.sentences import sentences
from reports.book.tables import tables
from reports.book.wording import say
from reports.labels import Labels
from sim.scenario.strategy import checked


def blocks(book: Book, labels: Labels) -> list[Block]:
    """The book in one language.

    Raises:
        InputError: the strategy's table, or a bundled scenario, does not fit the model.
    """
    language = labels.language
    kinds = Counter(each.kind for each in book.variables.values())
    counts = say(
        "counts",
        language,
        variables=len(book.variables),
        chapters=sum(bool(chapter.variables) for chapter in book.chapters),
        stocks=kinds["stock"],
        constants=kinds["constant"],
        data=kinds["data"],
        hash=book.source.hash[:12],
    )
    return [
        Heading(1, say("title", language), "top"),
        Paragraph((say("intro", language),)),
        Paragraph((counts,)),
        *sentences(book, checked(book.known, book.variables), labels),
        *chapters(book, language),
        *tables(book, language),
        *checklist(book, language),
        *verbs.blocks(language),
    ]
