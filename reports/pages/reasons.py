"""Where a difference comes from, what it hangs on, what holds it back, what to find out."""

from __future__ import annotations

import numpy as np

from reports import colours
from reports.pages import charts, findings
from reports.pages.blocks import Block, Cell, Figure, Items, Paragraph, Section, Table
from reports.pages.charts import Bar
from reports.pages.drivers import Driver, Drivers
from reports.pages.phrases import written
from reports.pages.results import JOBS, Results
from reports.pages.speaker import Speaker
from reports.pages.split import Split

_FIRST = 8  # inputs in the list of what to find out


def origin(results: Results, say: Speaker) -> Section:
    """The split over levers, and over industries and regions."""
    blocks: list[Block] = []
    first = findings.first(results)
    if first is not None:
        blocks.append(Items((written(first, say),), findings=True))
    if results.splits:
        blocks.append(
            Paragraph(
                say.pick(
                    "Every combination of a programme's changes was simulated in the model's "
                    "central world, and each change is credited with the mean of what it adds "
                    "(Shapley values). The parts add up exactly to the whole difference.",
                    "Alle kombinasjoner av endringene i et program er simulert i modellens "
                    "sentrale verden, og hver endring godskrives gjennomsnittet av det den legger "
                    "til (Shapley-verdier). Delene summerer seg nøyaktig til hele avviket.",
                )
            )
        )
        blocks += [_split_table(results, say, name) for name, _ in results.splits[0].results]
        split = results.split_of(results.favourite)
        if split is not None and split.groups:
            blocks.insert(len(blocks) - 1, _split_figure(results, split, say))
    blocks += [_waterfall(results, say, kind) for kind in ("industry", "region")
               if results.by(kind)]  # fmt: skip
    title = say.pick("Where the difference comes from", "Hvor forskjellen kommer fra")
    return Section("origin", title, tuple(blocks))


def _split_table(results: Results, say: Speaker, variable: str) -> Table:
    groups = list(dict.fromkeys(own for split in results.splits for own in split.groups))
    outcome = results.futures.outcome(variable)
    rows: list[tuple[Cell, ...]] = []
    for split in results.splits:
        parts = dict(zip(split.groups, split.of(variable, results.year), strict=True))
        whole = split.whole[split.results.index((variable, "")), -1]
        cells = [say.cell(float(parts[own]), 0, sign=True) if own in parts else Cell("–", None)
                 for own in groups]  # fmt: skip
        rows.append(
            (
                say.word(say.labels.run(split.scenario)),
                *cells,
                say.cell(float(whole), 0, sign=True, tint="strong"),
            )
        )
    name = say.outcome(outcome) if outcome else variable
    unit = say.unit(outcome) if outcome else ""
    title = say.pick(
        f"{name} {results.year}: each change's part of the difference, {unit}",
        f"{name} {results.year}: hver endrings del av avviket, {unit}",
    )
    header = (say.pick("Programme", "Program"), *(say.group(own) for own in groups),
              say.pick("Together", "Til sammen"))  # fmt: skip
    return Table(title, header, tuple(rows))


def _split_figure(results: Results, split: Split, say: Speaker) -> Figure:
    parts = split.of("value_added_total", results.year)
    order = np.argsort(-parts, kind="stable")
    steps = [(say.group(split.groups[int(at)]), float(parts[int(at)])) for at in order]
    name = say.labels.quoted(split.scenario)
    title = say.pick(
        f"{name}: value added {results.year} by what is changed, NOK million a year",
        f"{name}: verdiskaping {results.year} etter hva som endres, mill. kroner per år",
    )
    together = say.pick("Together", "Til sammen")
    svg = charts.waterfall(steps, together, say.language, title)
    return Figure(title, svg)


def _waterfall(results: Results, say: Speaker, kind: str) -> Figure:
    """Means over the worlds, which add up; medians would not."""
    futures = results.futures
    at, now = futures.place(results.favourite), futures.at(results.year)
    means = [
        (each, float(futures.gaps(f"value_added_by_{kind}", each)[at, :, now].mean()))
        for each in results.by(kind)
    ]
    if kind == "industry":
        means.sort(key=lambda pair: -pair[1])
    steps = [(say.element(each), value) for each, value in means]
    name = say.labels.quoted(results.favourite)
    what = {"industry": say.pick("industry", "næring"), "region": say.pick("region", "region")}
    title = say.pick(
        f"{name}: value added {results.year} by {what[kind]}, NOK million a year, mean of worlds",
        f"{name}: verdiskaping {results.year} etter {what[kind]}, mill. kroner per år, "
        "gjennomsnitt av verdenene",
    )
    together = say.pick("Together", "Til sammen")
    return Figure(title, charts.waterfall(steps, together, say.language, title))


def drivers(results: Results, say: Speaker) -> Section:
    """What matters, what binds, and what to find out."""
    name = say.labels.quoted(results.favourite)
    base = say.labels.quoted(results.futures.baseline)
    gain = say.pick(f"the gain of {name}", f"gevinsten av {name}")
    level = say.pick(f"value added with {base}", f"verdiskapingen med {base}")
    blocks: list[Block] = []
    for found, what in ((results.gain, gain), (results.level, level)):
        blocks += _drivers(found, what, say)
    blocks += _limits(results, say)
    research = _research(results, say)
    if research is not None:
        blocks.append(research)
    title = say.pick("What matters, and what holds back", "Hva som betyr noe, og hva som begrenser")
    return Section("drivers", title, tuple(blocks))


def _drivers(found: Drivers, what: str, say: Speaker) -> list[Block]:
    chance = say.share(found.chance**2)
    if not found.found:
        return [
            Paragraph(
                say.pick(
                    f"What moves {what}: none of {found.tried} inputs stands out from chance.",
                    f"Hva som flytter {what}: ingen av {found.tried} forutsetninger skiller seg ut "
                    "fra tilfeldighet.",
                )
            )
        ]
    bars = [
        Bar(say.input(each), each.swing, colours.UP if each.swing >= 0 else colours.DOWN)
        for each in sorted(found.found, key=lambda each: -abs(each.swing))
    ]
    title = say.pick(
        f"What moves {what} in {found.year}: high rather than low input, NOK million a year",
        f"Hva som flytter {what} i {found.year}: høy og ikke lav verdi, mill. kroner per år",
    )
    note = say.pick(
        "Mean of the worlds in which the input is in its upper third, less the mean of those in "
        f"which it is in its lower third. Only what stands out from chance among {found.tried} "
        "inputs is shown.",
        "Gjennomsnittet av verdenene der verdien er i øvre tredel, minus gjennomsnittet der den er "
        f"i nedre tredel. Bare det som skiller seg ut fra tilfeldighet blant {found.tried} "
        "forutsetninger, er vist.",
    )
    rows = [_share(each, say) for each in found.found]
    header = (say.pick("Input", "Forutsetning"), say.pick("Evidence", "Grunnlag"),
              *map(str, found.years))  # fmt: skip
    told = say.pick(
        f"How much of the spread of {what} goes with each input, over time",
        f"Hvor mye av spredningen i {what} som følger hver forutsetning, over tid",
    )
    grades = say.pick(
        "Squared rank correlation; chance alone reaches "
        f"{chance} for one of them. Evidence: A official statistics, B report, C derived, "
        "D judgement.",
        f"Kvadrert rangkorrelasjon; tilfeldighet alene når {chance} for én av dem. Grunnlag: "
        "A offisiell statistikk, B rapport, C avledet, D skjønn.",
    )
    return [Figure(title, charts.bars(bars, say.language, title), note),
            Table(told, header, tuple(rows), grades)]  # fmt: skip


def _name(driver: Driver, say: Speaker) -> Cell:
    words = say.input(driver)
    own = driver.name.get("nb") or ("lever", driver.element.replace(" ", "_")) in say.labels.words
    foreign = "" if own or say.known(driver.element) else "en"
    return Cell(words, words, lang=foreign)


def _often(share: float, say: Speaker) -> Cell:
    """A share that is neither good nor bad."""
    return Cell(say.share(share), share)


def _share(driver: Driver, say: Speaker) -> tuple[Cell, ...]:
    return (
        _name(driver, say),
        say.word(driver.grade or "–"),
        *(_often(float(each), say) for each in driver.share),
    )


def _limits(results: Results, say: Speaker) -> list[Block]:
    futures = results.futures
    if not results.bindings:
        return []
    years = [futures.start, *futures.report_years]
    at = futures.place(results.favourite)
    rows = [
        (
            say.word(each.limit.words[say.language]),
            *(_often(float(each.share[0, futures.at(year)]), say) for year in years),
            _often(float(each.share[at, futures.at(results.year)]), say),
        )
        for each in results.bindings
    ]
    name = say.labels.quoted(results.favourite)
    header = (say.pick("Limit", "Begrensning"), *map(str, years),
              say.pick(f"{results.year} with {name}", f"{results.year} med {name}"))  # fmt: skip
    base = say.labels.quoted(futures.baseline)
    title = say.pick(f"Bottlenecks: share of worlds in which a limit binds, {base}",
                     f"Flaskehalser: andel av verdenene der en grense binder, {base}")  # fmt: skip
    note = say.pick(
        "A limit binds where what is used has reached what there is.",
        "En grense binder der det som brukes, har nådd det som finnes.",
    )
    blocks: list[Block] = [Table(title, header, tuple(rows), note)]
    jobs = _scarce_labour(results, say, years)
    return [*blocks, jobs] if jobs else blocks


def _scarce_labour(results: Results, say: Speaker, years: list[int]) -> Table | None:
    """Unfilled jobs per hundred jobs: labour is the limit that never quite binds."""
    futures = results.futures
    open_jobs = "unfilled_jobs_total"
    if not (futures.has(open_jobs) and futures.has(JOBS)):
        return None
    share = 100 * futures.paths(open_jobs) / futures.paths(JOBS)
    rows = [
        (
            say.word(say.labels.run(own)),
            *(say.cell(float(np.median(share[at, :, futures.at(year)])), 2) for year in years),
        )
        for at, own in enumerate(futures.scenarios)
    ]
    title = say.pick("Scarce labour: unfilled jobs per hundred employed, median",
                     "Knapphet på arbeidskraft: ubesatte stillinger per hundre sysselsatte, median"
                     )  # fmt: skip
    return Table(title, ("Scenario", *map(str, years)), tuple(rows))


def _research(results: Results, say: Speaker) -> Table | None:
    """Inputs by how much they matter and how weak the evidence is."""
    both: dict[str, tuple[Driver, float]] = {}
    for found in (results.gain, results.level):
        for each in found.found:
            score = both.get(each.element, (each, 0.0))[1]
            both[each.element] = each, max(score, each.research)
    ranked = sorted(both.values(), key=lambda pair: -pair[1])[:_FIRST]
    rows = [
        (_name(each, say), say.word(each.grade or "–"), say.cell(100 * score, 1))
        for each, score in ranked
        if score > 0
    ]
    if not rows:
        return None
    title = say.pick("What to find out next", "Hva som bør undersøkes nå")
    header = (say.pick("Input", "Forutsetning"), say.pick("Evidence", "Grunnlag"),
              say.pick("Score", "Poeng"))  # fmt: skip
    note = say.pick(
        "Score: share of the spread in per cent, times how weak the evidence is (A 0, B 1/3, C "
        "2/3, D 1); the larger of the two results above.",
        "Poeng: andel av spredningen i prosent, ganger hvor svakt grunnlaget er (A 0, B 1/3, "
        "C 2/3, D 1); det største av de to resultatene over.",
    )
    return Table(title, header, tuple(rows), note)
