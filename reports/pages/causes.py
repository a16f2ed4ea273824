"""What the results hang on, what holds them back, and what to find out."""

from __future__ import annotations

import math

import numpy as np

from reports import colours
from reports.pages import charts, findings
from reports.pages.blocks import (
    Block,
    Cell,
    Details,
    Figure,
    Items,
    Panels,
    Paragraph,
    Section,
    Table,
)
from reports.pages.charts import Bar
from reports.pages.costs import MONEY
from reports.pages.drivers import Drivers
from reports.pages.indices import Indices, Shares
from reports.pages.phrases import written
from reports.pages.results import JOBS, Results
from reports.pages.speaker import Speaker

_AXIS = (0.0, 100.0)  # per cent of the spread


def section(results: Results, say: Speaker) -> Section:
    """What matters, what binds, and what to find out."""
    name = say.labels.quoted(results.favourite)
    base = say.labels.quoted(results.futures.baseline)
    gain = say.pick(f"the gain of {name}", f"gevinsten av {name}")
    level = say.pick(f"value added with {base}", f"verdiskapingen med {base}")
    blocks: list[Block] = _sentences([findings.hangs(results)], say)
    blocks += _moved(results.gain, gain, say)
    behind: list[Table | Figure | Paragraph] = [*_moved(results.level, level, say)]
    if results.shares is not None:
        blocks += [_over_time(results, results.shares, say), _table(results, results.shares, say)]
        behind.append(_levels(results, results.shares, say))
    title = say.pick(f"What the results themselves hang on, with {base}",
                     f"Hva resultatene selv henger på, med {base}")  # fmt: skip
    blocks.append(Details(title, tuple(behind)))
    research = _research(results, say)
    if research is not None:
        blocks.append(research)
    blocks += _sentences([findings.binding(results)], say)
    blocks += _limits(results, say)
    title = say.pick("What matters, and what holds back", "Hva som betyr noe, og hva som begrenser")
    return Section("drivers", title, tuple(blocks))


def _sentences(found: list[findings.Finding | None], say: Speaker) -> list[Block]:
    lines = tuple(written(each, say) for each in found if each)
    return [Items(lines, findings=True)] if lines else []


def _moved(found: Drivers, what: str, say: Speaker) -> list[Figure | Paragraph]:
    """A tornado: how far each input moves a result."""
    tried = say.number(found.tried)
    if not found.found:
        return [
            Paragraph(
                say.pick(
                    f"What moves {what}: none of {tried} inputs stands out from chance.",
                    f"Hva som flytter {what}: ingen av {tried} forutsetninger skiller seg ut "
                    "fra tilfeldighet.",
                )
            )
        ]
    bars = [
        Bar(say.input(each), each.swing, colours.UP if each.swing >= 0 else colours.DOWN)
        for each in sorted(found.found, key=lambda each: -abs(each.swing))
    ]
    title = say.pick(
        f"What moves {what} in {found.year}: a high rather than a low value, NOK million a year",
        f"Hva som flytter {what} i {found.year}: høy i stedet for lav verdi, mill. kroner per år",
    )
    note = say.pick(
        "Mean of the worlds in which the input is in its upper third, less the mean of those in "
        f"which it is in its lower third. Only what stands out from chance among {tried} "
        "inputs is shown.",
        "Gjennomsnittet av verdenene der verdien er i øvre tredel, minus gjennomsnittet der den er "
        f"i nedre tredel. Bare det som skiller seg ut fra tilfeldighet blant {tried} "
        "forutsetninger, er vist.",
    )
    return [Figure(title, charts.bars(bars, say.language, title), note)]


def _over_time(results: Results, found: Shares, say: Speaker) -> Panels:
    """Total indices as fans, those of first order as points; all on the same axes."""
    gain = found.gains[MONEY]
    futures = results.futures
    last = gain.years.index(results.year) + 1
    # In its first years a programme gives next to nothing, and so its spread tells nothing.
    begun = [each for each in futures.report_years[1:-1] if each in gain.years]
    from_ = gain.years.index(begun[0]) if begun else 0
    years = gain.years[from_:last]
    marked = [each for each in futures.report_years if each in years]
    figures: list[Figure] = []
    for group in _ordered(gain):
        place = gain.groups.index(group)
        total = np.clip(100 * gain.total[place, from_:last], *_AXIS)
        if not np.isfinite(total).all():
            continue
        points = [100 * gain.at(group, year, total=False)[0] for year in marked]
        share = gain.at(group, results.year)
        name = _cause(group, found, say)
        alt = say.pick(
            f"{name}: in {results.year} it takes part in {say.share(share[0])} of the spread.",
            f"{name}: i {results.year} har det del i {say.share(share[0])} av spredningen.",
        )
        svg = charts.fan(
            years, total, colours.BASELINE, say.language, alt,
            span=_AXIS, start=years[0], points=(marked, np.clip(points, *_AXIS).tolist()),
        )  # fmt: skip
        figures.append(Figure(name, svg))
    name = say.labels.quoted(results.favourite)
    title = say.pick(f"What the spread in the gain of {name} comes from, over time, per cent",
                     f"Hva spredningen i gevinsten av {name} kommer av, over tid, prosent"
                     )  # fmt: skip
    note = say.pick(
        "Sobol indices of value added. Line: what a group of inputs takes part in, alone or with "
        "others (total index), with intervals of 50 and 90%. Open points: what it does alone "
        f"(first order). From {say.number(gain.pairs)} pairs of worlds and "
        f"{say.number(found.runs)} further runs.",
        "Sobol-indekser for verdiskapingen. Linje: det en gruppe forutsetninger har del i, alene "
        "eller sammen med andre (total indeks), med intervaller på 50 og 90\u202f%. Åpne punkter: "
        f"det den gjør alene (førsteordens). Fra {say.number(gain.pairs)} par av verdener og "
        f"{say.number(found.runs)} kjøringer til.",
    )
    if found.lost:
        note += say.pick(f" {found.lost} pairs failed and are left out.",
                         f" {found.lost} par feilet og er utelatt.")  # fmt: skip
    return Panels(title, tuple(figures), note)


def _ordered(gain: Indices) -> list[str]:
    """Single inputs by size, then the rest."""
    single = gain.single
    return [*single, *(each for each in gain.groups if each not in single)]


def _cause(group: str, found: Shares, say: Speaker) -> str:
    """A group's name, with how many inputs are in it where there are several."""
    words = say.cause(group, quoted=False)
    words = words[:1].upper() + words[1:]
    count = found.inputs[group]
    return words if count == 1 else f"{words} ({count})"


def _table(results: Results, found: Shares, say: Speaker) -> Table:
    """Both indices of the gain in the last year, with intervals."""
    kept = [own for own in (MONEY, JOBS) if own in found.gains]
    rows = tuple(
        (
            say.word(_cause(group, found, say)),
            *(_share(found.gains[own].at(group, results.year, total=total), say)
              for own in kept for total in (False, True)),
        )
        for group in _ordered(found.gains[MONEY])
    )  # fmt: skip
    alone, all_in = say.pick("alone", "alene"), say.pick("in all", "i alt")
    header = [say.pick("Input", "Forutsetning")]
    for own in kept:
        outcome = results.futures.outcome(own)
        words = say.outcome(outcome) if outcome else own
        header += [f"{words}: {alone}", f"{words}: {all_in}"]
    name = say.labels.quoted(results.favourite)
    title = say.pick(
        f"What the spread in the gain of {name} in {results.year} comes from, per cent",
        f"Hva spredningen i gevinsten av {name} i {results.year} kommer av, prosent",
    )
    note = say.pick(
        "Alone: first-order index. In all: total index; as inputs work together, these add up to "
        "more than 100. In brackets a 90% interval; estimates near 0 may come out below it.",
        "Alene: førsteordens indeks. I alt: total indeks; fordi forutsetninger virker sammen, blir "
        "summen mer enn 100. I parentes et 90\u202f%-intervall; anslag nær 0 kan komme ut under.",
    )
    return Table(title, tuple(header), rows, note)


def _levels(results: Results, found: Shares, say: Speaker) -> Table:
    """Total indices of headline results themselves."""
    outcomes = {own: results.futures.outcome(own) for own in found.levels}
    rows = tuple(
        (
            say.word(_cause(group, found, say)),
            *(_share(one.at(group, results.year), say) for one in found.levels.values()),
        )
        for group in _ordered(found.levels[MONEY])
    )
    header = (say.pick("Input", "Forutsetning"),
              *(say.outcome(one) if one else own for own, one in outcomes.items()))  # fmt: skip
    title = say.pick(f"What the spread in the results of {results.year} comes from, per cent",
                     f"Hva spredningen i resultatene for {results.year} kommer av, prosent"
                     )  # fmt: skip
    note = say.pick("Total indices with 90% intervals.",
                    "Totale indekser med 90\u202f%-intervaller.")  # fmt: skip
    return Table(title, header, rows, note)


def _share(share: tuple[float, float, float], say: Speaker) -> Cell:
    value, low, high = (100 * each for each in share)
    if not math.isfinite(value):
        return Cell("–", None)
    return Cell(f"{say.number(value)} ({say.interval(low, high, 0)})", value)


def _research(results: Results, say: Speaker) -> Table | None:
    """Inputs by how much they matter and how weak the evidence is."""
    grades = {
        "A": say.pick("A, statistics", "A, statistikk"),
        "B": say.pick("B, report", "B, rapport"),
        "C": say.pick("C, derived", "C, avledet"),
        "D": say.pick("D, judgement", "D, skjønn"),
    }
    rows = tuple(
        (
            say.word(say.cause(each.element, quoted=False)),
            say.word(grades.get(each.grade, "–")),
            _share(each.share, say),
            say.cell(abs(each.swing), 0),
            say.cell(100 * each.score, 1),
        )
        for each in results.research
    )  # fmt: skip
    if not rows:
        return None
    title = say.pick("What to find out next", "Hva som bør undersøkes nå")
    header = (
        say.pick("Input", "Forutsetning"), say.pick("Evidence", "Grunnlag"),
        say.pick("Part in the spread, per cent", "Del i spredningen, prosent"),
        say.pick("High against low, NOK million", "Høy mot lav, mill. kroner"),
        say.pick("Score", "Poeng"),
    )  # fmt: skip
    note = say.pick(
        "Score: the input's part in the spread of the gain, in per cent, times how weak the "
        "evidence is (A 0, B 1/3, C 2/3, D 1).",
        "Poeng: forutsetningens del i spredningen i gevinsten, i prosent, ganger hvor svakt "
        "grunnlaget er (A 0, B 1/3, C 2/3, D 1).",
    )
    return Table(title, header, rows, note)


def _often(share: float, say: Speaker) -> Cell:
    """A share that is neither good nor bad."""
    return Cell(say.share(share), share)


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
