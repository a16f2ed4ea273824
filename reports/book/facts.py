"""The facts that the reporting checklist is answered from, gathered from the repository."""

from __future__ import annotations

import inspect
from importlib.metadata import metadata, version

from reports.book.blocks import Block, Heading, Paragraph, Strong, Table
from reports.book.checklist import Facts, findings
from reports.book.content import Book
from reports.book.wording import say
from reports.labels import Language
from sim.__main__ import registered
from sim.project import SCENARIOS
from sim.run.model import DEFAULT, Model
from sim.run.program import program
from sim.run.results import ENGINE_OF
from sim.scenario import bundled, load
from sim.source.catalogue import STOCK


def gathered(book: Book) -> Facts:
    """Everything that the answers need to know.

    Raises:
        InputError: a bundled scenario is wrong.
    """
    scenarios = [load(name) for name in bundled()]
    mine = {
        each.id: sum(value.origins[-1].file == each.file for value in each.values.values())
        for each in scenarios
    }
    ensemble = inspect.signature(Model.ensemble).parameters
    return Facts(
        variables=book.variables,
        equations=sum(bool(book.written(each)) for each in book.variables.values()),
        started=frozenset(
            own
            for own, each in book.variables.items()
            if each.kind == STOCK and all("INTEG" in w.equation.upper() for w in book.written(each))
        ),
        titled=frozenset(own for own, each in book.references.items() if each.title),
        program=program(book.source, {}),
        hash=book.source.hash,
        code={name: version(name) for name in ("trondelag", "pysd", *ENGINE_OF[DEFAULT])},
        licence=str(metadata("trondelag").json.get("license_expression", "")),
        scenarios=mine,
        described=sum(each.story is not None for each in scenarios),
        verbs=frozenset(registered()),
        settings={
            "engine": DEFAULT,
            "integrator": str(ensemble["integrator"].default),
            "seed": str(ensemble["seed"].default),
        },
        experiments=tuple(sorted(p.stem for p in (SCENARIOS / "experiments").glob("*.yaml"))),
    )


def checklist(book: Book, language: Language) -> list[Block]:
    """The checklist as a table."""
    rows = tuple(
        (
            (say(item.part, language),),
            (say(item.level, language),),
            (item.asked,),
            (Strong(say(found.answer, language)),),
            (found.facts,),
        )
        for item, found in findings(gathered(book))
    )
    keys = ("concerns", "level", "asked", "answer", "where")
    return [
        Heading(2, say("checklist", language), "checklist"),
        Paragraph((say("checklist_intro", language),)),
        Table(tuple(say(key, language) for key in keys), rows),
    ]
