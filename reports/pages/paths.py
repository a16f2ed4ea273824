"""How results develop: fans with history, programme by programme, industries and regions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration import memory, observation
from reports import colours
from reports.pages import charts, drawing
from reports.pages.blocks import Block, Details, Figure, Panels, Section
from reports.pages.costs import MONEY
from reports.pages.findings import BALANCE
from reports.pages.futures import Futures, band
from reports.pages.results import JOBS, Results
from reports.pages.speaker import Speaker
from sim.scenario.catalogues import Outcome
from sim.shapes import Float64

Worlds = Float64[np.ndarray, "world year"]

SHOWN = 6  # results, and industries, that stand open
_DASHES = ("", "5 2", "1 2")


def section(results: Results, say: Speaker, observed: pd.DataFrame) -> Section:
    """The section; observations as from `calibration.targets`."""
    first, rest = levels(results.futures, say, observed)
    blocks: list[Block] = [first]
    if rest is not None:
        title = say.pick("More results, in the same way", "Flere resultater, på samme måte")
        blocks.append(Details(title, (rest,)))
    blocks.append(programmes(results.futures, say, MONEY))
    kept = [each for each in (JOBS, BALANCE) if (each, "") in results.futures.values]
    more = [programmes(results.futures, say, each) for each in kept]
    if more:
        title = say.pick("Jobs and the districts, in the same way",
                         "Sysselsatte og distriktene, på samme måte")  # fmt: skip
        blocks.append(Details(title, tuple(more)))
    for kind in ("region", "industry"):
        if not results.by(kind):
            continue
        first, rest = parts(results, say, kind)
        blocks.append(first)
        if rest is not None:
            title = say.pick("The other industries, in the same way",
                             "De andre næringene, på samme måte")  # fmt: skip
            blocks.append(Details(title, (rest,)))
    title = say.pick("What each programme gives, and when", "Hva hvert program gir, og når")
    return Section("paths", title, tuple(blocks))


def levels(futures: Futures, say: Speaker, observed: pd.DataFrame) -> tuple[Panels, Panels | None]:
    """Headline results under the first scenario, with what was observed; the rest apart."""
    found: list[tuple[bool, Figure]] = []
    years = [int(year) for year in futures.years]
    errors = memory.judged(observation.load())
    for variable in futures.scalars():
        outcome = _outcome(futures, variable)
        runs = futures.paths(variable)[0]
        if not np.ptp(band(runs.T)):
            continue
        known = memory.carried(runs / outcome.factor, variable, years, observed, errors)
        bands = band((runs if known is None else known[0] * outcome.factor).T)
        seen = observed[(observed["outcome"] == variable) & (observed["element"] == "")]
        points = (seen["year"].tolist(), (seen["value"] * outcome.factor).tolist())
        span = drawing.limits(bands[:, [0, 4]], np.array(points[1]))
        svg = charts.fan(
            years, bands, colours.BASELINE, say.language,
            _alt(say.outcome(outcome), outcome, futures, bands, say),
            span=span, start=futures.start, points=points,
        )  # fmt: skip
        found.append((seen.empty, Figure(_title(outcome, say), svg)))
    base = say.labels.quoted(futures.baseline)
    title = say.pick(f"Where {base} leads", f"Hvor {base} fører hen")
    note = say.pick(
        "Line: median. Dark band: half of the worlds; light band: nine of ten. Open points: "
        "published figures. To the last of them the model alone; from then on the errors it is "
        "known to make are carried on, and what a figure can differ by: the interval that was "
        "tested on years not shown to it. Dashed: the strategy starts.",
        "Linje: median. Mørkt bånd: halvparten av verdenene; lyst bånd: ni av ti. Åpne punkter: "
        "publiserte tall. Til og med det siste av dem viser båndet modellen alene; deretter føres "
        "kjente avvik videre, og det et tall kan avvike med, tas med: det er intervallet som er "
        "prøvd på år modellen ikke fikk se. Stiplet: strategien starter.",
    )
    # What was observed comes first: there one sees what the model is worth.
    figures = [figure for _, figure in sorted(found, key=lambda pair: pair[0])]
    rest = figures[SHOWN:]
    return (
        Panels(title, tuple(figures[:SHOWN]), note),
        Panels(title, tuple(rest), note) if rest else None,
    )


def programmes(futures: Futures, say: Speaker, variable: str) -> Panels:
    """Every programme's difference from the first scenario, on the same axes."""
    outcome = _outcome(futures, variable)
    gaps = futures.gaps(variable)[1:]
    figures = _same_axes(
        futures, say, outcome,
        [(say.labels.run(own), gaps[at], at) for at, own in enumerate(futures.others)],
    )  # fmt: skip
    base = say.labels.quoted(futures.baseline)
    against = say.pick(f"difference from {base}", f"avvik fra {base}")
    title = f"{say.outcome(outcome)}: {against}, {say.unit(outcome)}"
    note = say.pick(
        "All on the same axes, which reach as far as nine of ten worlds of every programme.",
        "Alle på samme akser, som rekker så langt som ni av ti verdener for hvert program.",
    )
    return Panels(title, tuple(figures), note)


def parts(results: Results, say: Speaker, kind: str) -> tuple[Panels, Panels | None]:
    """The favourite's difference by region or industry, on the same axes; the largest first."""
    futures = results.futures
    variable = f"value_added_by_{kind}"
    outcome = _outcome(futures, variable)
    at = futures.place(results.favourite)
    tint = futures.others.index(results.favourite)
    gaps = {each: futures.gaps(variable, each)[at] for each in results.by(kind)}
    order = list(gaps)
    if len(order) > SHOWN:
        now = futures.at(results.year)
        order.sort(key=lambda each: -float(np.percentile(np.abs(gaps[each][:, now]), 95)))
    rows = [(say.element(each), gaps[each], tint) for each in order]
    name, base = say.labels.quoted(results.favourite), say.labels.quoted(futures.baseline)
    title = say.pick(
        f"{say.outcome(outcome)} with {name}: difference from {base}, {say.unit(outcome)}",
        f"{say.outcome(outcome)} med {name}: avvik fra {base}, {say.unit(outcome)}",
    )
    note = say.pick("All on the same axes.", "Alle på samme akser.")
    figures = tuple(_same_axes(futures, say, outcome, rows))
    rest = Panels(title, figures[SHOWN:], note) if len(figures) > SHOWN else None
    return Panels(title, figures[:SHOWN], note), rest


def _same_axes(
    futures: Futures, say: Speaker, outcome: Outcome, rows: list[tuple[str, Worlds, int]]
) -> list[Figure]:
    """A fan for each of (name, values [world, year], position of its colour)."""
    years = [int(year) for year in futures.years]
    upto = futures.at(futures.horizon) + 1
    start = futures.at(max(futures.start - 2, years[0]))
    bands = [band(values.T)[start:upto] for _, values, _ in rows]
    span = drawing.limits(*(each[:, [0, 4]] for each in bands), zero=True)
    return [
        Figure(
            name,
            charts.fan(
                years[start:upto], one, colours.colour(place), say.language,
                _alt(name, outcome, futures, one, say, sign=True),
                span=span, start=futures.start, sign=True,
                dash=_DASHES[place // len(colours.SCENARIOS) % len(_DASHES)],
            ),
        )
        for (name, _, place), one in zip(rows, bands, strict=True)
    ]  # fmt: skip


def _alt(
    name: str, outcome: Outcome, futures: Futures, bands: np.ndarray, say: Speaker, *,
    sign: bool = False,
) -> str:  # fmt: skip
    """What a fan shows, in words: its last year."""
    year = int(futures.years[-1]) if len(bands) == len(futures.years) else futures.horizon
    low, middle, high = (float(bands[-1, at]) for at in (0, 2, 4))
    told = say.number(middle, outcome.decimals, sign=sign)
    between = say.interval(low, high, outcome.decimals)
    return say.pick(
        f"{name}, {say.unit(outcome)}: in {year} median {told}, nine of ten worlds from {between}.",
        f"{name}, {say.unit(outcome)}: i {year} median {told}, ni av ti verdener fra {between}.",
    )


def _outcome(futures: Futures, variable: str) -> Outcome:
    found = futures.outcome(variable)
    assert found is not None  # noqa: S101 -- only headline results are shown as paths
    return found


def _title(outcome: Outcome, say: Speaker) -> str:
    return f"{say.outcome(outcome)}, {say.unit(outcome)}"
