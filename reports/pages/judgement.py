"""Goals, robustness and cost: how the programmes stand against what is wanted of them."""

from __future__ import annotations

import math

import numpy as np

from reports import colours
from reports.pages import charts, findings
from reports.pages.blocks import Block, Cell, Details, Figure, Items, Paragraph, Section, Table
from reports.pages.box import Box
from reports.pages.charts import Bar
from reports.pages.costs import Cost
from reports.pages.futures import band
from reports.pages.phrases import written
from reports.pages.results import Results
from reports.pages.scorecard import NOTICED, Score
from reports.pages.speaker import Speaker

DEAR = 100.0  # NOK million for a year of work: above it the price says only that work hardly comes
_BY_REGION = ("value_added_by_region", "employment_by_region", "population_by_region")


def goals(results: Results, say: Speaker) -> Section:
    """The scorecard, and the districts against Trondheim beside it."""
    futures = results.futures
    lines = [findings.goals(results), findings.balance(results)]
    noticed = say.share(NOTICED)
    blocks: list[Block] = [
        Items(tuple(written(each, say) for each in lines if each), findings=True),
        Paragraph(
            say.pick(
                "The strategy sets no numbers. Where somebody else has set one, the table says how "
                "surely it is reached; for the other goals, how surely the indicator is at least "
                f"{noticed} better than in {futures.start}, when the strategy started.",
                "Strategien tallfester ikke målene. Der andre har satt et tall, viser tabellen "
                "hvor sikkert det nås; for de andre målene hvor sikkert indikatoren er minst "
                f"{noticed} bedre enn i {futures.start}, da strategien startet.",
            )
        ),
    ]
    measured = [each for each in results.scores if each.measured]
    moved = [each for each in measured if np.ptp(each.reached) >= findings.HELPED]
    alike = [each for each in measured if each not in moved]
    if moved:
        title = say.pick("Goals that the programmes move: share of worlds in which each is reached",
                         "Mål som programmene påvirker: andel av verdenene der hvert mål nås"
                         )  # fmt: skip
        blocks.append(_reached(results, moved, title, say))
    behind: list[Table] = []
    if alike:
        title = say.pick("Goals reached as surely with every programme: share of worlds",
                         "Mål som nås like sikkert med alle programmer: andel av verdenene"
                         )  # fmt: skip
        behind.append(_reached(results, alike, title, say))
    if measured:
        behind.append(_gap(results, measured, say))
        title = say.pick(
            f"{len(alike)} goals that are reached, or not, whatever the programme; every "
            "indicator's difference",
            f"{len(alike)} mål som nås, eller ikke nås, uansett program; avviket i hver indikator",
        )
        blocks.append(Details(title, tuple(behind)))
    missing = [each for each in results.scores if not each.measured]
    if missing:
        names = "; ".join(each.goal.indicator.said(say.language) for each in missing)
        blocks.append(Paragraph(say.pick(f"Not measured in this run: {names}.",
                                         f"Måles ikke i denne kjøringen: {names}.")))  # fmt: skip
    if all(futures.has(name) for name in _BY_REGION[:1]):
        blocks.append(_regions(results, say))
    title = say.pick("The strategy's goals", "Strategiens mål")
    return Section("goals", title, tuple(blocks))


def _reached(results: Results, measured: list[Score], title: str, say: Speaker) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for score in measured:
        at = results.futures.place(results.favourite)
        since = score.since[at]
        rows.append(
            (
                say.word(score.goal.sentence.said(say.language)),
                say.word(_criterion(results, score, say)),
                *(say.chance(float(share)) for share in score.reached),
                Cell(str(since), since) if since else Cell(say.pick("never", "aldri"), None),
            )
        )
    names = [say.labels.run(own) for own in results.futures.scenarios]
    header = (
        say.pick("Goal", "Mål"), say.pick("Reached when", "Nås når"),
        *names, say.pick("From", "Fra"),
    )  # fmt: skip
    favourite = say.labels.quoted(results.favourite)
    note = say.pick(
        f"Last column: with {favourite}, the year from which at least half of the worlds are there "
        f"and stay there until {results.year}.",
        f"Siste kolonne: året da minst halvparten av verdenene er der med {favourite}, og blir der "
        f"til {results.year}.",
    )
    return Table(title, header, tuple(rows), note)


def _criterion(results: Results, score: Score, say: Speaker) -> str:
    indicator = score.goal.indicator.said(say.language)
    target = score.goal.target
    if score.by_target and target is not None:
        value = say.number(target.value, 0 if target.value.is_integer() else 1)
        said = f"{value} {target.unit.said(say.language)}"
        by = target.set_by.said(say.language)
        return say.pick(
            f"{indicator} in {score.year}: {said} (set by: {by})",
            f"{indicator} i {score.year}: {said} (satt av: {by})",
        )
    start = results.futures.start
    when = say.pick(f"{indicator} in {score.year}", f"{indicator} i {score.year}")
    noticed = say.share(NOTICED)
    if score.goal.direction == "up":
        return say.pick(
            f"{when}: at least {noticed} above {start}", f"{when}: minst {noticed} over {start}"
        )
    return say.pick(
        f"{when}: at least {noticed} below {start}", f"{when}: minst {noticed} under {start}"
    )


def _gap(results: Results, measured: list[Score], say: Speaker) -> Table:
    futures = results.futures
    rows: list[tuple[Cell, ...]] = []
    for score in measured:
        outcome = score.outcome
        assert outcome is not None  # noqa: S101 -- measured
        relative = outcome.change == "relative"
        unit = say.pick("per cent", "prosent") if relative else say.difference(outcome)
        decimals = 2 if relative else outcome.decimals
        cells = [say.change(float(score.gap[at, 2]), decimals)
                 for at in range(1, len(futures.scenarios))]  # fmt: skip
        best = float(score.better[futures.place(results.favourite)])
        rows.append((say.word(f"{score.goal.indicator.said(say.language)} ({unit})"),
                     Cell(str(score.year), score.year), *cells, say.chance(best)))  # fmt: skip
    base = say.labels.quoted(futures.baseline)
    favourite = say.labels.quoted(results.favourite)
    header = (
        say.pick("Indicator", "Indikator"), say.pick("Year", "År"),
        *(say.labels.run(own) for own in futures.others),
        say.pick(f"Better with {favourite}", f"Bedre med {favourite}"),
    )  # fmt: skip
    title = say.pick(f"Median difference from {base}", f"Median avvik fra {base}")
    note = say.pick(
        "Last column: share of worlds in which the indicator is better. ≈ 0: less than the last "
        "decimal.",
        "Siste kolonne: andelen av verdenene der indikatoren er bedre. ≈ 0: mindre enn siste "
        "desimal.",
    )
    return Table(title, header, tuple(rows), note)


def _regions(results: Results, say: Speaker) -> Table:
    """Per cent more than under the first scenario, by region, and how surely."""
    futures = results.futures
    now = futures.at(results.year)
    kept = [name for name in _BY_REGION if futures.has(name)]
    regions = futures.elements(kept[0])
    rows: list[tuple[Cell, ...]] = []
    for own in futures.others:
        at = futures.place(own)
        cells = [say.word(say.labels.run(own))]
        for name in kept:
            for region in regions:
                values = futures.paths(name, region)[:, :, now]
                change = 100 * (values[at] / values[0] - 1)
                cells.append(say.change(float(np.median(change)), 2))
        rows.append(tuple(cells))
    header = [say.pick("Programme", "Program")]
    for name in kept:
        outcome = futures.outcome(name)
        words = say.outcome(outcome) if outcome else name
        plain = words.split(" by ")[0].split(" etter ")[0]
        header += [f"{plain}: {say.element(region)}" for region in regions]
    base = say.labels.quoted(futures.baseline)
    title = say.pick(
        f"The regions side by side, {results.year}: per cent more than with {base} (median)",
        f"Regionene side om side, {results.year}: prosent mer enn med {base} (median)",
    )
    return Table(title, tuple(header), tuple(rows))


def robustness(results: Results, say: Speaker) -> Section:
    """Which programme holds in most worlds."""
    futures, found = results.futures, results.robustness
    rows: list[tuple[Cell, ...]] = []
    for at, own in enumerate(found.scenarios):
        gains, regret = band(found.gains[at]), found.regret[at]
        rows.append(
            (
                say.word(say.labels.run(own)),
                say.cell(float(gains[2]), 0, sign=True),
                say.chance(float(found.best[at])),
                say.chance(float(found.acceptable[at])),
                say.cell(float(regret[2]), 0),
                say.cell(float(regret[4]), 0),
                say.cell(float(found.worst[at]), 0),
            )
        )
    header = (
        say.pick("Programme", "Program"), say.pick("Median gain", "Median gevinst"),
        say.pick("Best", "Best"), say.pick("Acceptable", "Akseptabelt"),
        say.pick("Regret, median", "Tap ved feil valg, median"),
        say.pick("in 1 of 20 worlds at least", "i 1 av 20 verdener minst"),
        say.pick("at most", "på det meste"),
    )  # fmt: skip
    title = say.pick(f"Value added {results.year}, NOK million a year",
                     f"Verdiskaping {results.year}, mill. kroner per år")  # fmt: skip
    note = say.pick(
        "Regret: what a programme gives less than the best one of the same world. Best: share of "
        "worlds in which it is the best. Acceptable: it gives at least three quarters of what the "
        "best one gives, and no loss.",
        "Tap ved feil valg: det et program gir mindre enn det beste i samme verden. Best: andelen "
        "av verdenene der det er best. Akseptabelt: det gir minst tre firedeler av det det beste "
        "gir, og ikke tap.",
    )
    bars = [
        Bar(say.labels.run(own), 100 * float(found.best[at]),
            colours.colour(futures.others.index(own)), note=say.pick("%", "\u202f%"))
        for at, own in enumerate(found.scenarios)
    ]  # fmt: skip
    shown = say.pick("Share of worlds in which each programme is the best",
                     "Andel av verdenene der hvert program er best")  # fmt: skip
    svg = charts.bars(bars, say.language, shown, sign=False)
    left = [own for own in futures.others if own not in found.scenarios]
    blocks: list[Block] = [
        Items((written(findings.conditions(results), say),), findings=True),
        Table(title, header, tuple(rows), note),
        Figure(shown, svg),
    ]
    if results.box is not None:
        blocks.insert(1, Paragraph(_tested(results.box, say)))
    if left:
        names = say.listed([say.labels.quoted(own) for own in left])
        blocks.append(Paragraph(say.pick(
            f"Not ranked, as they take place in another outside world: {names}.",
            f"Ikke rangert, fordi de foregår i en annen verden utenfor: {names}.")))  # fmt: skip
    title = say.pick("How well the choice holds", "Hvor godt valget står seg")
    return Section("robustness", title, tuple(blocks))


def _tested(box: Box, say: Speaker) -> str:
    """What a condition is worth: judged by the worlds that it was not found in."""
    inside, overall, coverage = map(say.share, (box.density, box.overall, box.coverage))
    count = say.number(box.worlds)
    return say.pick(
        "The condition was found in every other world and is judged by the rest: the programme "
        f"falls short in {inside} of the {count} worlds there that meet it, against {overall} of "
        f"all; {coverage} of the worlds in which it falls short meet it. A hint where to look, no "
        "rule.",
        "Betingelsen er funnet i annenhver verden og prøvd på resten: programmet kommer til kort i "
        f"{inside} av de {count} verdenene der som oppfyller den, mot {overall} av alle; "
        f"{coverage} av verdenene der det kommer til kort, oppfyller den. Et hint om hvor en bør "
        "se, ingen regel.",
    )


def costs(results: Results, say: Speaker) -> Section | None:
    """What it costs, and whether the budget holds; None where no effort was kept."""
    if not results.costs:
        return None
    futures = results.futures
    rows = [_cost(each, say) for each in results.costs]
    header = (
        say.pick("Programme", "Program"),
        say.pick("NOK million a year more", "Mill. kroner mer per år"),
        say.pick("Value added per krone", "Verdiskaping per krone"),
        say.pick("90% interval", "90\u202f%-intervall"),
        say.pick("More than a krone", "Mer enn en krone"),
        say.pick("NOK million per year of work", "Mill. kroner per årsverk"),
        say.pick("90% interval", "90\u202f%-intervall"),
        say.pick("Years of work per NOK 100 million", "Årsverk per 100 mill. kroner"),
        say.pick("90% interval", "90\u202f%-intervall"),
        say.pick("Dearest year", "Dyreste år"),
        say.pick("Own limit", "Egen ramme"),
        say.pick("Budget", "Budsjett"),
    )
    start, last = futures.start, results.year
    note = say.pick(
        f"Sums over {start}–{last}, 2015 prices, not discounted. A year of work is one person "
        "more employed for a year. Where some worlds give no more work, the interval is open.",
        f"Summer over {start}–{last}, 2015-priser, ikke diskontert. Et årsverk er én person mer "
        "sysselsatt i ett år. Der noen verdener ikke gir flere i arbeid, er intervallet åpent.",
    )
    bars = [
        Bar(say.labels.run(each.scenario), float(each.per_krone[2]),
            colours.colour(futures.others.index(each.scenario)),
            float(each.per_krone[0]), float(each.per_krone[4]),
            f" ({say.interval(float(each.per_krone[0]), float(each.per_krone[4]), 1)})")
        for each in results.costs
        if math.isfinite(each.pays)
    ]  # fmt: skip
    title = say.pick("What it costs, and what a krone gives", "Hva det koster, og hva en krone gir")
    blocks: list[Block] = [Table(title, header, tuple(rows), note)]
    if bars:
        shown = say.pick("Kroner of value added per krone, median and 90% interval",
                         "Kroner i verdiskaping per krone, median og 90\u202f%-intervall"
                         )  # fmt: skip
        blocks.append(Figure(shown, charts.bars(bars, say.language, shown, decimals=1, sign=False)))
    return Section("costs", say.pick("Cost", "Kostnad"), tuple(blocks))


def _cost(cost: Cost, say: Speaker) -> tuple[Cell, ...]:
    within = math.isnan(cost.limit) or cost.most <= cost.limit + 1e-6
    kept = say.pick("within", "innenfor") if within else say.pick("above", "over")
    if math.isnan(cost.limit):
        kept = say.pick("no limit set", "ingen ramme satt")
    return (
        say.word(say.labels.run(cost.scenario)),
        say.cell(cost.yearly, 0, sign=True),
        say.cell(float(cost.per_krone[2]), 1),
        _ends(float(cost.per_krone[0]), float(cost.per_krone[4]), 1, say),
        say.chance(cost.pays),
        say.cell(float(cost.per_job[2]), 2),
        _ends(float(cost.per_job[0]), float(cost.per_job[4]), 2, say, most=DEAR),
        say.cell(float(100 * cost.jobs_per_million[2]), 0),
        _ends(float(100 * cost.jobs_per_million[0]), float(100 * cost.jobs_per_million[4]), 0, say),
        say.cell(cost.most, 0),
        say.cell(cost.limit, 0),
        say.word(kept),
    )


def _ends(low: float, high: float, decimals: int, say: Speaker, most: float = math.inf) -> Cell:
    """An interval, which may be open, or end beyond what is worth a number."""
    if not math.isfinite(low):
        return Cell("–", None)
    if not math.isfinite(high):
        words = say.number(low, decimals)
        return Cell(say.pick(f"from {words}", f"fra {words}"), low)
    if high > most:
        words = f"{say.number(low, decimals)} {say.pick('to over', 'til over')} {say.number(most)}"
        return Cell(words, low)
    return Cell(say.interval(low, high, decimals), low)
