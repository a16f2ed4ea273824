"""All sections of the page, in one language."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports import labels as words
from reports.labels import Labels, Language
from reports.pages import causes, judgement, method, opening, paths, reasons
from reports.pages.blocks import Page
from reports.pages.futures import Futures
from reports.pages.results import Results
from reports.pages.scorecard import goal_set
from reports.pages.speaker import Speaker, speaker


def said(futures: Futures, language: Language) -> Speaker:
    """One who says things in a language, with the names of this run."""
    labels = words.load(language, futures.names)
    known = dict(labels.words)
    for own, goal in futures.known.goals[goal_set(futures)].goals.items():
        known["goal", own] = goal.sentence.said(language).rstrip(".")
    return speaker(Labels(language, known, labels.runs), futures)


def page(
    results: Results, language: Language, observed: pd.DataFrame, command: Sequence[str]
) -> Page:
    """The page as blocks.

    Args:
        results: what was found.
        language: `en` or `nb`.
        observed: observations to show, as from `calibration.targets`.
        command: words that make the page again, for the method box.
    """
    futures = results.futures
    say = said(futures, language)
    sections = (
        opening.section(results, say),
        paths.section(results, say, observed),
        judgement.goals(results, say),
        reasons.origin(results, say),
        causes.section(results, say),
        judgement.robustness(results, say),
        judgement.costs(results, say),
        method.section(results, say, observed, command),
    )
    name = futures.known.goals[goal_set(futures)].name.said(language)
    count = say.number(len(futures.worlds))
    base = say.labels.quoted(futures.baseline)
    many = len(futures.others) > 1
    title = say.pick(
        "Which programme gives most, by when, for whom, and how sure is it?" if many else
        f"What does {say.labels.quoted(futures.others[0])} give, by when, for whom, and how sure "
        "is it?",
        "Hvilket program gir mest, når, for hvem, og hvor sikkert er det?" if many else
        f"Hva gir {say.labels.quoted(futures.others[0])}, når, for hvem, og hvor sikkert er det?",
    )  # fmt: skip
    lead = say.pick(
        f"{len(futures.others)} programme{'s' if many else ''} for the county strategy “{name}”, "
        f"compared with {base} in {count} possible worlds, until {futures.horizon}.",
        f"{len(futures.others)} program for fylkesstrategien «{name}», sammenlignet med {base} i "
        f"{count} mulige verdener, fram til {futures.horizon}.",
    )
    foot = say.pick(
        f"Trøndelag value-creation simulator, run {futures.identity}. Simulated possibilities, "
        "no forecast.",
        f"Simuleringsmodell for verdiskaping i Trøndelag, kjøring {futures.identity}. Simulerte "
        "muligheter, ingen prognose.",
    )
    return Page(
        language=language,
        title=title,
        lead=lead,
        sections=tuple(each for each in sections if each is not None),
        foot=foot,
        identity=futures.identity,
        words={
            "skip": say.pick("To the content", "Til innholdet"),
            "contents": say.pick("Contents", "Innhold"),
            "kicker": say.pick("Value creation in Trøndelag", "Verdiskaping i Trøndelag"),
        },
    )
