"""The method box's answers to "why should I believe this?": checks, fit, assumptions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from reports.pages import doubts
from reports.pages.blocks import Block, Cell, Details, Items, Paragraph, Table
from reports.pages.evidence import Evidence, Fitted
from reports.pages.phrases import written
from reports.pages.speaker import Speaker
from sim.check import wall
from sim.check.record import Record


def blocks(found: Evidence, say: Speaker) -> list[Block]:
    """Sentences, what is not known, and the tables behind them."""
    lines = tuple(written(each, say) for each in doubts.everything(found))
    made: list[Block] = [Items(lines)] if lines else []
    if found.checks is None:
        made.append(Paragraph(say.pick(
            "The checks were not run for this model: “trondelag check” runs them, and the page "
            "then tells what they found.",
            "Kontrollene er ikke kjørt for denne modellen: «trondelag check» kjører dem, og siden "
            "forteller deretter hva de fant.")))  # fmt: skip
    if found.fit is None:
        made.append(Paragraph(say.pick(
            "There is no accepted fit to the history to judge the model by.",
            "Det finnes ingen gjeldende tilpasning til historien å bedømme modellen etter."
            )))  # fmt: skip
    elif not found.fit.same:
        made.append(Paragraph(say.pick(
            "Note: the fit was made for another version of the model's text or data than this "
            "run; what it forecasts may have changed.",
            "Merk: tilpasningen er laget for en annen utgave av modellens tekst eller data enn "
            "denne kjøringen; treffsikkerheten kan ha endret seg.")))  # fmt: skip
    if found.fit is not None:
        made.append(_forecasts(found.fit, say))
    if found.checks is not None:
        title = say.pick("The checks by group", "Kontrollene etter gruppe")
        made.append(Details(title, _checks(found.checks, say)))
    return made


def _checks(found: Record, say: Speaker) -> tuple[Table | Items, ...]:
    names = wall.NAMES.get(say.language, {})
    rows = tuple(
        (
            say.word(names.get(each.suite, each.suite)),
            say.cell(each.passed),
            say.cell(each.failed, tint="doubtful" if each.failed else ""),
            say.cell(each.skipped),
        )
        for each in found.tallies
    )
    header = (say.pick("Group", "Gruppe"), say.pick("Passed", "Bestått"),
              say.pick("Failed", "Feilet"), say.pick("Could not be made", "Lot seg ikke gjøre")
              )  # fmt: skip
    title = say.pick("Checks of this model", "Kontroller av denne modellen")
    table = Table(title, header, rows)
    return (table, Items(found.failures)) if found.failures else (table,)


def _forecasts(fit: Fitted, say: Speaker) -> Table:
    """Headline series: in the years of the fit, and in those it was not shown."""
    verdicts = {str(row["outcome"]): row for row in doubts.judged(fit).to_dict("records")}
    parts = {
        period: {str(row["outcome"]): row for row in part.to_dict("records")}
        for period, part in fit.scores.groupby("period")
    }
    series = dict.fromkeys(fit.scores["outcome"].astype(str))
    rows = tuple(
        (
            say.word(say.labels.of("variable", own)),
            *_met(parts.get("fit", {}).get(own), say),
            *_met(parts.get("held", {}).get(own), say),
            _ratio(verdicts.get(own), "last_rmse", say),
            _ratio(verdicts.get(own), "trend_rmse", say),
            _verdict(verdicts.get(own), say),
        )
        for own in series
    )
    within = say.pick("in 90% interval", "i 90\u202f%-intervallet")
    off = say.pick("off by, per cent", "avvik, prosent")
    early = say.pick(f"to {fit.until}", f"til {fit.until}")
    late = f"{fit.until + 1}–{fit.held}"
    header = (
        say.pick("Headline series", "Hovedserie"),
        f"{early}: {off}", f"{early}: {within}", f"{late}: {off}", f"{late}: {within}",
        say.pick("error against last value", "feil mot siste verdi"),
        say.pick("error against trend line", "feil mot trendlinje"),
        say.pick("Forecast is", "Prognosen er"),
    )  # fmt: skip
    title = say.pick("How the fit meets the headline series, seen and unseen",
                     "Hvordan tilpasningen treffer hovedseriene, sett og usett")  # fmt: skip
    note = say.pick(
        f"Figures after {fit.until} were kept from the fit. Off by: mean of the median's "
        "deviation without sign. Error against: the forecast's error through that of a forecast "
        "without a model; below 1 the model is better. A dash: nothing to compare with.",
        f"Tall etter {fit.until} er holdt utenfor tilpasningen. Avvik: gjennomsnittlig avvik for "
        "medianen, uten fortegn. Feil mot: prognosens feil delt på feilen i en framskriving uten "
        "modell; under 1 er modellen best. Strek: ikke noe å sammenligne med.",
    )
    return Table(title, header, rows, note)


def _met(row: Mapping[Any, Any] | None, say: Speaker) -> tuple[Cell, Cell]:
    if row is None:
        return Cell("–", None), Cell("–", None)
    count, inside = int(row["count"]), int(row["covered_90"])
    words = say.pick(f"{inside} of {count}", f"{inside} av {count}")
    return say.cell(float(row["mape"]), 1), Cell(words, inside / count)


def _ratio(row: Mapping[Any, Any] | None, other: str, say: Speaker) -> Cell:
    below = float(row[other]) if row is not None else math.nan
    if row is None or not below > 0:
        return Cell("–", None)
    return say.cell(float(row["forecast_rmse"]) / below, 2)


def _verdict(row: Mapping[Any, Any] | None, say: Speaker) -> Cell:
    if row is None:
        return Cell("–", None)
    words = {
        "better": say.pick("better", "bedre"),
        "same": say.pick("as good", "like god"),
        "worse": say.pick("worse", "dårligere"),
    }
    own = str(row["verdict"])
    return Cell(words[own], words[own], "doubtful" if own == doubts.WORSE else "likely")
