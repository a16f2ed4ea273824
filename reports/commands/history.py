"""The baseline beside everything that was observed."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from calibration import targets
from reports import labels as words
from reports import numbers, style, tables
from reports.comparison import simulate
from reports.figures import paths
from reports.folder import writing
from reports.labels import Labels
from sim.commands.telling import saying
from sim.project import RUNS, shown
from sim.run.model import ENGINES
from sim.scenario import catalogues, load

SUMMARY = "Show the baseline beside every observation, and judge the headline outcomes"
FIRST, LAST = 2008, 2019  # the years judged; later ones carry the pandemic and the price shock
WITHIN = 10.0
_EXAMPLE = """
Example:
  trondelag history --within 10

prints every observation with what the baseline gives for it, draws them, and exits with 1 if
value added, employment, population or salmon volume of the county misses an observation of
2008-2019 by more than 10 per cent (salmon: means of two years).
"""
_WORDS = {
    "en": {
        "title": "The baseline beside published figures",
        "observed": "published",
        "simulated": "simulated",
        "deviation": "deviation",
        "count": "observations",
        "largest": "largest",
        "mean": "mean",
        "within": "within {within}",
        "beyond": "BEYOND {within}",
        "two": "means of two years",
        "summary": "Deviation by series, {first}–{last}",
        "source": "Source: Trøndelag value-creation simulator, baseline {identity}; "
        "published figures: model/data/history.csv",
    },
    "nb": {
        "title": "Referansebanen og publiserte tall",
        "observed": "publisert",
        "simulated": "simulert",
        "deviation": "avvik",
        "count": "observasjoner",
        "largest": "største",
        "mean": "middel",
        "within": "innenfor {within}",
        "beyond": "UTENFOR {within}",
        "two": "middel av to år",
        "summary": "Avvik per serie, {first}–{last}",
        "source": "Kilde: Simuleringsmodell for verdiskaping i Trøndelag, "
        "referansebane {identity}; publiserte tall: model/data/history.csv",
    },
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    parser.add_argument(
        "--within",
        metavar="PERCENT",
        type=_positive,
        default=WITHIN,
        help="largest deviation allowed (10 if not given)",
    )
    parser.add_argument("--engine", help=f"what computes: {', '.join(ENGINES)}")
    parser.add_argument("--to", metavar="FOLDER", type=Path, help="where to write the figure")


def _positive(text: str) -> float:
    """A number above zero."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"'{text}' is no number above 0")
    return value


def execute(arguments: argparse.Namespace) -> int:
    """Print, draw and judge; returns 1 if a headline outcome misses an observation."""
    observed = targets.load()
    runs = simulate([load("baseline")], say=saying(arguments.lang), engine=arguments.engine)
    comparison = runs.compare(years=[])
    # Of variables that no planner reads (biomass, farms) `trondelag fit show` tells.
    observed = observed[observed["outcome"].isin(set(comparison.frame["variable"]))]
    found = targets.deviations(observed, comparison.frame)
    verdicts = judged(found, arguments.within)
    labels = words.load(arguments.lang, comparison.names)
    folder: Path = arguments.to or RUNS / f"history-{labels.language}-{comparison.identity}"
    # What lies beyond the observations has no place in a picture of the fit.
    near = comparison.frame[comparison.frame["year"] <= observed["year"].max() + 1]
    panels = list(dict.fromkeys([*paths.HEADLINES, *_series(found)]))
    with writing(folder):
        style.save(
            lambda: paths.draw(
                near,
                observed,
                labels,
                baseline="baseline",
                source=_WORDS[labels.language]["source"].format(identity=comparison.identity),
                start=comparison.start,
                panels=panels,
                title=_WORDS[labels.language]["title"],
            ),
            folder / "history",
        )
    if arguments.json:
        answer = {
            "within": arguments.within,
            "observations": tables.records(found),
            "series": tables.records(verdicts),
            "folder": shown(folder),
        }
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for variable, element in _series(found):
            print(tables.text(_listed(found, variable, element, labels)), end="\n\n")
        print(tables.text(_overview(verdicts, arguments.within, labels)), end="\n\n")
        print(shown(folder / "history.png"))
    return 0 if all(verdicts["verdict"] != "beyond") else 1


def judged(found: pd.DataFrame, within: float) -> pd.DataFrame:
    """The deviation of each series over the years judged.

    Args:
        found: as from `targets.deviations`.
        within: largest deviation allowed of a headline outcome of the county, in per cent.

    Returns:
        outcome, element, count, largest and mean (of absolute deviations, per cent; NaN where
        there is no observation), verdict: within, beyond, or "" for series that are not
        judged. A headline outcome without any observation is beyond: nothing was shown of it.
    """
    rows: list[dict[str, str | float]] = []
    for outcome, element in dict.fromkeys([*paths.HEADLINES, *_series(found)]):
        mine = found[(found["outcome"] == outcome) & (found["element"] == element)]
        sizes = mine[mine["year"].between(FIRST, LAST)]["deviation"].abs().tolist()
        largest = max(sizes, default=math.nan)
        headline = (outcome, element) in paths.HEADLINES
        verdict = ("within" if largest <= within else "beyond") if headline else ""
        rows.append(
            {
                "outcome": outcome,
                "element": element,
                "count": len(sizes),
                "largest": largest,
                "mean": sum(sizes) / len(sizes) if sizes else math.nan,
                "verdict": verdict,
            }
        )
    return pd.DataFrame(rows)


def _series(found: pd.DataFrame) -> list[tuple[str, str]]:
    """Outcome and element of every series, in the order of the file."""
    return list(dict.fromkeys(zip(found["outcome"], found["element"], strict=True)))


def _name(outcome: str, element: str, labels: Labels) -> str:
    """What a series is called."""
    name = labels.of("variable", outcome)
    return f"{name}: {labels.element(element)}" if element else name


def _listed(found: pd.DataFrame, outcome: str, element: str, labels: Labels) -> tables.Table:
    """Every observation of one series."""
    said = _WORDS[labels.language]
    mine = found[(found["outcome"] == outcome) & (found["element"] == element)]
    title = _name(outcome, element, labels)
    title += f" ({labels.unit(outcome, '')})"
    if outcome in targets.TWO_YEAR_MEANS:
        title += f", {said['two']}"
    told = _told(outcome, labels)
    rows = [
        (
            f"{row['year']:.0f}",
            told(row["observed"]),
            told(row["simulated"]),
            numbers.relative(row["deviation"], labels.language, decimals=1, sign=True),
        )
        for row in mine.to_dict("records")
    ]
    header = ("", said["observed"], said["simulated"], said["deviation"])
    return tables.Table(title, header, tuple(rows))


def _told(variable: str, labels: Labels) -> Callable[[float], str]:
    """Writes values of a series in the unit that people read."""
    known = (one for one in catalogues().outcomes.values() if one.variable == variable)
    outcome = next(known, None)
    if outcome is None:
        return lambda value: numbers.amount(value, labels.language)

    def told(value: float) -> str:
        shown = value * outcome.factor
        decimals = max(outcome.decimals, 0 if abs(shown) >= 9.95 else 1)
        return numbers.number(shown, labels.language, decimals=decimals)

    return told


def _overview(verdicts: pd.DataFrame, within: float, labels: Labels) -> tables.Table:
    """One row per series: the largest and the mean deviation, and whether that is allowed."""
    said = _WORDS[labels.language]
    limit = numbers.percent(within, labels.language, decimals=0 if within.is_integer() else 2)
    rows = [
        (
            _name(row["outcome"], row["element"], labels),
            str(row["count"]),
            numbers.percent(row["largest"], labels.language, decimals=1),
            numbers.percent(row["mean"], labels.language, decimals=1),
            said[row["verdict"]].format(within=limit) if row["verdict"] else "",
        )
        for row in verdicts.to_dict("records")
    ]
    header = ("", said["count"], said["largest"], said["mean"], "")
    return tables.Table(said["summary"].format(first=FIRST, last=LAST), header, tuple(rows))
