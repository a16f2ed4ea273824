"""What the page rests on: model, worlds, fit, limits of the model, and how to make it again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reports.pages import trust
from reports.pages.blocks import Block, Cell, Code, Details, Facts, Items, Paragraph, Section, Table
from reports.pages.futures import Futures, band
from reports.pages.results import Results
from reports.pages.speaker import Speaker


def section(
    results: Results, say: Speaker, observed: pd.DataFrame, command: Sequence[str]
) -> Section:
    """The last section.

    Args:
        results: of the page.
        say: in which language.
        observed: as from `calibration.targets`.
        command: words that make the page again.
    """
    futures = results.futures
    blocks: list[Block] = [
        Paragraph(
            say.pick(
                "A system-dynamics model of the county computes people, jobs, firms, knowledge, "
                "nature and money from 2008 on, in steps of a part of a year. Each world draws "
                "every uncertain constant and the world outside anew, within the ranges that the "
                "evidence leaves; each scenario runs in the same worlds.",
                "En systemdynamisk modell av fylket regner ut folk, jobber, bedrifter, kunnskap, "
                "natur og penger fra 2008, i skritt på en del av et år. Hver verden trekker alle "
                "usikre konstanter og verden utenfor på nytt, innenfor spennene som kunnskapen "
                "gir; hvert scenario kjøres i de samme verdenene.",
            )
        ),
        *_met(futures, say),
        *trust.blocks(results.evidence, say),
        Details(
            say.pick(
                "This run's worlds beside the published figures",
                "Verdenene i denne kjøringen ved siden av publiserte tall",
            ),
            (_fit(futures, say, observed),),
        ),
        Items(_caveats(results, say)),
        Facts(_identity(futures, say)),
        Paragraph(say.pick("To make this page again:", "Slik lages siden på nytt:")),
        Code(" ".join(command)),
        Paragraph(
            say.pick(
                "To check the model, to see it beside the history and its fit, and to read every "
                "equation with its source:",
                "For å kontrollere modellen, se den mot historien og tilpasningen, og lese hver "
                "likning med sin kilde:",
            )
        ),
        Code("trondelag check\ntrondelag history\ntrondelag fit show\ntrondelag docs"),
    ]
    title = say.pick("Method, and what not to trust", "Metode, og hva du ikke bør stole på")
    return Section("method", title, tuple(blocks))


def _met(futures: Futures, say: Speaker) -> tuple[Block, ...]:
    """That some constants were fitted, where the worlds say so."""
    drawn = len(futures.design.drawn)
    if not drawn:
        return ()
    return (
        Paragraph(
            say.pick(
                f"{drawn} of the constants are drawn together from a fit to the history until "
                "2018: only values that agree with the published figures. Of the others, and of "
                "most of what the measures give, the history says nothing.",
                f"{drawn} av konstantene trekkes samlet fra en tilpasning til historien fram til "
                "2018: bare verdier som stemmer med publiserte tall. Om de andre sier historien "
                "ingenting, heller ikke om det meste av det tiltakene gir.",
            )
        ),
    )


def fit(futures: Futures, observed: pd.DataFrame) -> list[tuple[str, int, float, float]]:
    """Of every scalar result that was observed: years, deviation in per cent, share in the band.

    The deviation is the mean over the years of the median's, without sign; the band is that of
    nine worlds in ten.
    """
    found: list[tuple[str, int, float, float]] = []
    for variable in futures.scalars():
        outcome = futures.outcome(variable)
        seen = observed[(observed["outcome"] == variable) & (observed["element"] == "")]
        seen = seen[seen["year"].isin(futures.years)]
        if outcome is None or seen.empty:
            continue
        places = [futures.at(int(year)) for year in seen["year"]]
        bands = band(futures.paths(variable)[0].T)[places]
        values = seen["value"].to_numpy(dtype=np.float64) * outcome.factor
        off = float(np.mean(100 * np.abs(bands[:, 2] / values - 1)))
        inside = float(np.mean((values >= bands[:, 0]) & (values <= bands[:, 4])))
        found.append((variable, len(values), off, inside))
    return found


def _fit(futures: Futures, say: Speaker, observed: pd.DataFrame) -> Table | Paragraph:
    rows: list[tuple[Cell, ...]] = []
    for variable, years, off, inside in fit(futures, observed):
        outcome = futures.outcome(variable)
        name = say.outcome(outcome) if outcome else variable
        share = Cell(say.share(inside), inside)
        rows.append((say.word(name), say.cell(years), say.cell(off, 1), share))
    if not rows:
        return Paragraph(say.pick("Nothing that this run kept was observed.",
                                  "Ingenting denne kjøringen tok vare på, er observert."
                                  ))  # fmt: skip
    title = say.pick(
        "How this run's worlds meet what was observed",
        "Hvordan verdenene i denne kjøringen treffer det observerte",
    )
    header = (
        say.pick("Result", "Resultat"), say.pick("Years", "År"),
        say.pick("Median off by, per cent", "Medianen bommer med, prosent"),
        say.pick("Observations in the 90% band", "Observasjoner i 90\u202f%-båndet"),
    )  # fmt: skip
    return Table(title, header, tuple(rows))


def _caveats(results: Results, say: Speaker) -> tuple[str, ...]:
    futures = results.futures
    graded = [factor.grade for factor in futures.design.factors]
    weak = say.number(sum(grade in {"D", ""} for grade in graded))
    all_ = say.number(len(graded))
    lines = [
        say.pick(
            f"{weak} of {all_} uncertain inputs rest on judgement (grade D): the fans are "
            "wide because the evidence is thin, and the ranges themselves are judgements.",
            f"{weak} av {all_} usikre forutsetninger bygger på skjønn (grad D): viftene er "
            "brede fordi kunnskapen er tynn, og spennene er selv skjønn.",
        ),
        say.pick(
            "The inputs are drawn independently of each other, unless the experiment says "
            "otherwise; worlds are possible, not equally likely forecasts.",
            "Forutsetningene trekkes uavhengig av hverandre, om ikke eksperimentet sier noe annet; "
            "verdenene er mulige, ikke like sannsynlige prognoser.",
        ),
        say.pick(
            "The strategy names no sums: how a programme's money is divided over tools and areas "
            "is an assumption of the scenario.",
            "Strategien fastsetter ingen beløp: hvordan pengene i et program fordeles på "
            "virkemidler og innsatsområder, er en forutsetning i scenarioet.",
        ),
        say.pick(
            "The outcome of a programme is compared with the same world without it; what the state "
            "or other counties do differently is not in it.",
            "Et program sammenlignes med samme verden uten det; det staten eller andre fylker gjør "
            "annerledes, er ikke med.",
        ),
    ]
    if futures.left_out:
        lines.append(
            say.pick(
                f"{futures.left_out} worlds left the finite numbers under at least one scenario "
                "and are left out under all.",
                f"{futures.left_out} verdener ga ikke endelige tall i minst ett scenario og er "
                "utelatt i alle.",
            )
        )
    return tuple(lines)


def _identity(futures: Futures, say: Speaker) -> tuple[tuple[str, str], ...]:
    manifest, question = futures.folder.manifest, futures.folder.question
    design = futures.design
    left = futures.left_out
    return (
        (say.pick("Run", "Kjøring"), f"{manifest['label']} · {manifest['identity'][:12]}"),
        (say.pick("Model (SHA-256)", "Modell (SHA-256)"), str(question["model"])),
        (say.pick("Data (SHA-256)", "Data (SHA-256)"), str(question["data"])),
        (say.pick("Worlds", "Verdener"),
         f"{say.number(len(futures.worlds))} ({design.kind}, seed {design.seed}); "
         + say.pick(f"{left} failed", f"{left} feilet")),
        (say.pick("Uncertain inputs", "Usikre forutsetninger"), say.number(len(design.factors))),
        (say.pick("Years", "År"), f"{int(futures.years[0])}–{int(futures.years[-1])}"),
        (say.pick("Versions", "Versjoner"), ", ".join(manifest["versions"])),
    )  # fmt: skip
