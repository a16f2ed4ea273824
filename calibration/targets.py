"""What was observed, and what a run must therefore show: `model/data/history.csv`.

Columns: outcome (id of a variable), element (a region or an industry, or several with " + "
between, which are added up, each with the share of it that is counted before it where that is
not all: "0.2 minerals"; "" for the county), year, value (in the model's unit; money at constant
2015 prices), unit, source_id, grade (A official statistic, B report, C derived), note.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from sim.errors import InputError, Problem, did_you_mean
from sim.ir import identifier
from sim.project import MODEL, shown

COLUMNS = ("outcome", "element", "year", "value", "unit", "source_id", "grade", "note")
HISTORY = MODEL / "data" / "history.csv"
_GRADES = ("A", "B", "C")  # a series is never a judgement (D)
# Harvest swings between odd and even years; a mean over two of them shows the level.
TWO_YEAR_MEANS = frozenset({"salmon_volume", "biomass", "smolt_put_out", "fish", "fish_dying"})
PLUS = " + "


_SHARE = re.compile(r"(0\.\d+) (.+)")


def parts(element: str) -> tuple[tuple[str, float], ...]:
    """The elements that are added up, and the share of each; of the county "" and all of it."""
    found = [(each, _SHARE.fullmatch(each)) for each in element.split(PLUS)]
    return tuple((said[2], float(said[1])) if said else (each, 1.0) for each, said in found)


def load(path: Path = HISTORY) -> pd.DataFrame:
    """Read the observations.

    Args:
        path: a CSV file with the columns of this module, in UTF-8.

    Returns:
        One row per observation with `COLUMNS`, in the order of the file; year and value are
        floats, all else text.

    Raises:
        InputError: every wrong line of the file.
    """
    name = shown(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError([Problem("missing-file", "there is no such file", name)]) from None
    except UnicodeDecodeError:
        raise InputError([Problem("not-utf-8", "the file is not UTF-8 text", name)]) from None
    if "\x00" in text:
        raise InputError([Problem("not-text", "the file holds a zero byte", name)])
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="")
    header = tuple(reader.fieldnames or ())
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise InputError(
            [
                Problem(
                    "missing-column",
                    f"column '{column}' is missing",
                    name,
                    1,
                    did_you_mean(column, header),
                )
                for column in missing
            ]
        )
    problems: list[Problem] = []
    rows: list[dict[str, str | float]] = []
    seen: dict[tuple[str, str, float, str], int] = {}
    for row in reader:
        line = reader.line_num
        wrongs = _wrongs(row)
        problems += [Problem(code, sentence, name, line) for code, sentence in wrongs]
        if wrongs:
            continue
        year, value = float(row["year"]), float(row["value"])
        rows.append({**{column: row[column] for column in COLUMNS}, "year": year, "value": value})
        same = (row["outcome"], row["element"], year, row["source_id"])
        before = seen.setdefault(same, line)
        if before != line:
            sentence = f"outcome, element, year and source are those of line {before}"
            problems.append(Problem("twice", sentence, name, line))
    if problems:
        raise InputError(problems)
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"year": float, "value": float})


def _wrongs(row: dict[str, str | None]) -> list[tuple[str, str]]:
    """What is wrong with one line: (code, sentence)."""
    if "" in row or None in row.values():
        return [("wrong-width", f"the line does not have {len(row)} fields as the header has")]
    found: list[tuple[str, str]] = []
    outcome, grade = row["outcome"] or "", row["grade"] or ""
    if not outcome or identifier(outcome) != outcome:
        found.append(("not-an-id", f"'{outcome}' is not the id of a variable"))
    for column in ("year", "value"):
        if not math.isfinite(_number(row[column] or "")):
            found.append(("not-a-number", f"{column} '{row[column]}' is not a number"))
    if grade not in _GRADES:
        found.append(("unknown-grade", f"grade '{grade}' is none of {', '.join(_GRADES)}"))
    if not row["source_id"]:
        found.append(("no-source", "source_id is empty"))
    return found


def _number(text: str) -> float:
    """A number, or NaN for anything else."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def deviations(observed: pd.DataFrame, simulated: pd.DataFrame) -> pd.DataFrame:
    """Every observation within the simulated years beside what a run gives for it.

    Args:
        observed: as from `load`; of several sources for the same year each is compared.
        simulated: long table of one run: variable, region, industry, year, value.

    Returns:
        outcome, element, year, observed, simulated, deviation (percent of the observation),
        source_id. For outcomes in `TWO_YEAR_MEANS` both sides are means of the year and the year
        before; years whose year before was not observed are left out, and the run's first year
        stands for itself.

    Raises:
        InputError: outcomes, elements or years that the run does not have.
    """
    known = _known(simulated)
    first, last = float(simulated["year"].min()), float(simulated["year"].max())
    rows: list[dict[str, str | float]] = []
    problems: dict[str, Problem] = {}
    for record in _told(observed):
        outcome, element, year, value, source = record
        wanted = parts(element)
        found = [known.get((outcome, identifier(part))) for part, _ in wanted]
        if None in found:
            wrong = wanted[found.index(None)][0]
            problem = _absent(outcome, wrong, known)
            problems[str(problem)] = problem
            continue
        series = _summed(
            [(each, share) for each, (_, share) in zip(found, wanted, strict=True) if each]
        )
        if not first <= year <= last:
            continue
        years = [year - 1, year] if outcome in TWO_YEAR_MEANS else [year]
        values = [value]
        if outcome in TWO_YEAR_MEANS:
            before = [r[3] for r in _told(observed) if r[:3] == (outcome, element, year - 1)]
            if not before:
                continue
            values.append(before[0])
        given = [series[each] for each in years if each in series]
        if len(given) < len([each for each in years if each >= first]):
            sentence = f"'{outcome}' was observed in {year:g}, which the run did not save"
            problems[sentence] = Problem("unknown-year", sentence)
            continue
        seen, run = sum(values) / len(values), sum(given) / len(given)
        rows.append(
            {
                "outcome": outcome,
                "element": element,
                "year": year,
                "observed": seen,
                "simulated": run,
                "deviation": 100 * (run - seen) / abs(seen) if seen else math.nan,
                "source_id": source,
            }
        )
    if problems:
        raise InputError(problems.values())
    columns = ["outcome", "element", "year", "observed", "simulated", "deviation", "source_id"]
    return pd.DataFrame(rows, columns=columns)


def _told(observed: pd.DataFrame) -> list[tuple[str, str, float, float, str]]:
    """Outcome, element, year, value and source of every observation."""
    names = ("outcome", "element", "year", "value", "source_id")
    columns = [observed[name].tolist() for name in names]
    return list(zip(*columns, strict=True))


def _summed(paths: list[tuple[dict[float, float], float]]) -> dict[float, float]:
    """Year -> sum of the elements, each by its share, in the years that all have."""
    years = [year for year in paths[0][0] if all(year in each for each, _ in paths)]
    return {year: sum(share * each[year] for each, share in paths) for year in years}


def _known(simulated: pd.DataFrame) -> dict[tuple[str, str], dict[float, float]]:
    """What the run gives: (variable, id of its only element or "") -> year -> value."""
    known: dict[tuple[str, str], dict[float, float]] = {}
    names = ("variable", "region", "industry", "year", "value")
    columns = [simulated[name].tolist() for name in names]
    for variable, region, industry, year, value in zip(*columns, strict=True):
        if region and industry:
            continue
        element = identifier(region or industry)
        known.setdefault((variable, element), {})[float(year)] = float(value)
    return known


def _absent(outcome: str, element: str, known: Iterable[tuple[str, str]]) -> Problem:
    """The problem with an outcome or element that the model lacks."""
    outcomes = sorted({name for name, _ in known})
    if outcome not in outcomes:
        sentence = f"the model has no outcome '{outcome}'"
        return Problem("unknown-outcome", sentence, hint=did_you_mean(outcome, outcomes))
    elements = [name or "none (empty)" for variable, name in known if variable == outcome]
    sentence = f"'{outcome}' has no element '{element}'"
    return Problem("unknown-element", sentence, hint=f"it has {', '.join(elements)}")
