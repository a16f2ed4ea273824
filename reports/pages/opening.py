"""The question, the programmes, and the answer in a few sentences."""

from __future__ import annotations

import numpy as np

from reports.pages import findings
from reports.pages.blocks import Block, Cell, Details, Items, Paragraph, Section, Table
from reports.pages.costs import EFFORT
from reports.pages.futures import Futures, band
from reports.pages.phrases import written
from reports.pages.results import JOBS, Results
from reports.pages.speaker import Speaker


def section(results: Results, say: Speaker) -> Section:
    """The page's first section."""
    lines = tuple(written(each, say) for each in findings.opening(results))
    blocks: list[Block] = [
        Items(lines, findings=True),
        Paragraph(
            say.pick(
                "Figures are medians over the worlds; an interval holds nine of ten worlds. "
                "Sentences are rounded to two digits, tables are not. Money is in 2015 prices.",
                "Tallene er medianer over verdenene; et intervall rommer ni av ti verdener. "
                "Setningene er avrundet til to sifre, tabellene ikke. Kroner er i 2015-priser.",
            )
        ),
        scenarios(results, say),
        gains(results, say),
    ]
    told = [
        Paragraph(f"{say.labels.run(own)}: {text.said(say.language)}")
        for own, text in results.futures.stories.items()
    ]
    if told:
        title = say.pick("What the programmes are about", "Hva programmene går ut på")
        blocks.append(Details(title, tuple(told)))
    return Section("answer", say.pick("The answer in short", "Svaret i korte trekk"), tuple(blocks))


def scenarios(results: Results, say: Speaker) -> Table:
    """What each changes and what it costs a year."""
    futures = results.futures
    rows: list[tuple[Cell, ...]] = []
    for own in futures.scenarios:
        changed = say.pick("what the others are compared with", "det de andre sammenlignes med")
        if own != futures.baseline:
            changed = changes(futures, own, say)
        cells = [say.word(say.labels.run(own)), say.word(changed)]
        if futures.has(EFFORT):
            now = futures.paths(EFFORT)[futures.place(own), :, futures.at(results.year)]
            extra = futures.gaps(EFFORT)[futures.place(own), :, futures.at(results.year)]
            cells += [say.cell(float(np.median(now)), 0),
                      say.cell(float(np.median(extra)), 0, sign=True)]  # fmt: skip
        rows.append(tuple(cells))
    header = [say.pick("Scenario", "Scenario"), say.pick("What it changes", "Hva det endrer")]
    if futures.has(EFFORT):
        header += [
            say.pick(f"NOK million a year ({results.year})", f"Mill. kr per år ({results.year})"),
            say.pick("more than the first", "mer enn det første"),
        ]
    title = say.pick("The scenarios", "Scenarioene")
    return Table(title, tuple(header), tuple(rows))


def changes(futures: Futures, own: str, say: Speaker) -> str:
    """In words: the cells of effort and other levers that differ from the first scenario."""
    mine, base = futures.merged[own], futures.merged[futures.baseline]
    found: list[str] = []
    for section_ in ("levers", "external"):
        one, two = mine.get(section_, {}), base.get(section_, {})
        for lever in sorted({*one, *two}):
            if one.get(lever) == two.get(lever):
                continue
            if isinstance(one.get(lever), dict) and lever == "effort":
                found += _effort(one[lever], two.get(lever, {}), say)
            else:
                found.append(say.labels.words.get(("lever", lever), lever))
    if not found:
        return say.pick("nothing", "ingenting")
    return "; ".join(found)


def _effort(one: dict[str, object], two: dict[str, object], say: Speaker) -> list[str]:
    """Areas, and the tools used in each."""
    by_area: dict[str, list[str]] = {}
    for cell in one:
        if one[cell] != two.get(cell):
            tool, _, area = cell.partition(".")
            by_area.setdefault(area, []).append(say.labels.of("tool", tool).lower())
    tools = {tuple(each) for each in by_area.values()}
    if len(by_area) > 1 and len(tools) == 1:
        (same,) = tools
        every = say.pick("in all areas", "i alle innsatsområder")
        if len(same) > 5:
            return [say.pick(f"all tools {every}", f"alle virkemidler {every}")]
        return [f"{say.listed(same)} {every}"]
    return [f"{say.labels.of('area', area)}: {say.listed(each)}" for area, each in by_area.items()]


def gains(results: Results, say: Speaker) -> Table:
    """Programmes × report years: median gain in value added, its interval, and jobs."""
    futures = results.futures
    money = futures.gaps("value_added_total")
    rows: list[tuple[Cell, ...]] = []
    for own in futures.others:
        at = futures.place(own)
        cells = [say.word(say.labels.run(own))]
        cells += [
            say.cell(float(np.median(money[at, :, futures.at(year)])), 0, sign=True)
            for year in futures.report_years
        ]
        last = band(money[at, :, futures.at(results.year)])
        sure = float((money[at, :, futures.at(results.year)] > 0).mean())
        cells += [Cell(say.interval(float(last[0]), float(last[4]), 0), float(last[0])),
                  say.chance(sure)]  # fmt: skip
        if futures.has(JOBS):
            jobs = futures.gaps(JOBS)[at, :, futures.at(results.year)]
            cells.append(say.cell(float(np.median(jobs)), 0, sign=True))
        rows.append(tuple(cells))
    last_year = results.year
    header = [say.pick("Programme", "Program"), *map(str, futures.report_years)]
    header += [
        say.pick(f"90% interval {last_year}", f"90\u202f%-intervall {last_year}"),
        say.pick("gives more", "gir mer"),
    ]
    if futures.has(JOBS):
        header.append(say.pick(f"jobs {last_year}", f"sysselsatte {last_year}"))
    base = say.labels.quoted(futures.baseline)
    title = say.pick(
        f"Value added, NOK million a year more than with {base}",
        f"Verdiskaping, mill. kroner per år mer enn med {base}",
    )
    note = say.pick(
        "“Gives more”: share of worlds in which the programme gives more than the scenario it is "
        "compared with.",
        "«Gir mer»: andelen av verdener der programmet gir mer enn scenarioet det sammenlignes "
        "med.",
    )
    return Table(title, tuple(header), tuple(rows), note)
