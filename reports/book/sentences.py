"""The table from the strategy's sentences to levers, chapters, variables and outcomes."""

from __future__ import annotations

from reports.book.blocks import Block, Heading, Inline, Link, Paragraph, Strong, Table, joined
from reports.book.content import Book
from reports.book.wording import say
from reports.labels import Labels, Language
from sim.scenario.sentences import Sentence, StrategyFile
from sim.scenario.strategy import EFFORT, cells


def sentences(book: Book, said: StrategyFile, labels: Labels) -> list[Block]:
    """All sentences, and the cells of effort that no area strategy names."""
    language = labels.language
    names = {chapter.id: chapter.name for chapter in book.chapters}
    keys = ("sentence", "cells", "mechanism", "chapters", "variables", "outcomes")
    rows = tuple(
        (
            (Strong(each.says.said(language)), f" ({each.place})"),
            joined([_cell(book, name, labels) for name in _acts(each)]),
            (each.works.said(language),),
            joined([Link(names[name], f"c-{name}") for name in each.chapters]),
            joined([book.link(own) for own in each.variables]),
            joined([_outcome(book, own, language) for own in each.outcomes]),
        )
        for each in said.sentences.values()
    )
    unused = [_cell(book, name, labels) for name in cells(said.unused, book.known)]
    blocks: list[Block] = [
        Heading(2, say("strategy", language), "strategy"),
        Paragraph((say("strategy_intro", language),)),
        Table(tuple(say(key, language) for key in keys), rows),
    ]
    if unused:
        blocks.append(Heading(3, say("unused", language), "unused"))
        blocks.append(Paragraph(joined(unused)))
    return blocks


def _acts(each: Sentence) -> list[str]:
    """The cells of effort, and the levers beside it; effort itself where no cell is named."""
    levers = [own for own in each.levers if own != EFFORT or not each.cells]
    return [*each.cells, *levers]


def _cell(book: Book, name: str, labels: Labels) -> str:
    """A cell of effort, or a lever, in words."""
    tool, dot, area = name.partition(".")
    if not dot:
        return book.known.handle(name).name.said(labels.language)
    every = {"tool": say("all_tools", labels.language), "area": say("all_areas", labels.language)}
    parts = (("tool", tool), ("area", area))
    return " × ".join(every[kind] if own == "*" else labels.of(kind, own) for kind, own in parts)


def _outcome(book: Book, own: str, language: Language) -> Inline:
    outcome = book.known.outcomes[own]
    words = outcome.name.said(language)
    return Link(words, f"v-{outcome.variable}") if outcome.variable in book.variables else words
