"""Where a difference comes from: what was changed, industries, regions."""

from __future__ import annotations

import numpy as np

from reports.pages import charts, findings
from reports.pages.blocks import Block, Cell, Details, Figure, Items, Paragraph, Section, Table
from reports.pages.costs import MONEY
from reports.pages.phrases import written
from reports.pages.results import JOBS, Results
from reports.pages.speaker import Speaker
from reports.pages.split import Split


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
        blocks.append(_split_table(results, say, MONEY))
    blocks += _figures(results, results.favourite, say)
    behind: list[Table | Figure] = []
    if results.splits and JOBS in [own for own, _ in results.splits[0].results]:
        behind.append(_split_table(results, say, JOBS))
    for own in results.futures.others:
        if own != results.favourite:
            behind += _figures(results, own, say)
    if behind:
        title = say.pick("Jobs, and the other programmes one by one",
                         "Sysselsatte, og de andre programmene ett for ett")  # fmt: skip
        blocks.append(Details(title, tuple(behind)))
    title = say.pick("Where the difference comes from", "Hvor forskjellen kommer fra")
    return Section("origin", title, tuple(blocks))


def _figures(results: Results, scenario: str, say: Speaker) -> list[Figure]:
    """A programme's difference by what it changes, by industry, and by region."""
    split = results.split_of(scenario)
    found = [_split_figure(results, split, say)] if split is not None and split.groups else []
    kinds = [kind for kind in ("industry", "region") if results.by(kind)]
    return [*found, *(_waterfall(results, scenario, say, kind) for kind in kinds)]


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
    parts = split.of(MONEY, results.year)
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


def _waterfall(results: Results, scenario: str, say: Speaker, kind: str) -> Figure:
    """Means over the worlds, which add up; medians would not."""
    futures = results.futures
    at, now = futures.place(scenario), futures.at(results.year)
    means = [
        (each, float(futures.gaps(f"value_added_by_{kind}", each)[at, :, now].mean()))
        for each in results.by(kind)
    ]
    if kind == "industry":
        means.sort(key=lambda pair: -pair[1])
    steps = [(say.element(each), value) for each, value in means]
    name = say.labels.quoted(scenario)
    what = {"industry": say.pick("industry", "næring"), "region": say.pick("region", "region")}
    title = say.pick(
        f"{name}: value added {results.year} by {what[kind]}, NOK million a year, mean of worlds",
        f"{name}: verdiskaping {results.year} etter {what[kind]}, mill. kroner per år, "
        "gjennomsnitt av verdenene",
    )
    together = say.pick("Together", "Til sammen")
    return Figure(title, charts.waterfall(steps, together, say.language, title))
