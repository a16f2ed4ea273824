"""What speaks for the model, and what does not: its checks, its fit, and what it assumes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.pages.futures import Futures
from sim.check import record
from sim.check.record import Record
from sim.project import ACCEPTED_FIT
from sim.source import load
from sim.source.catalogue import CONSTANT

JUDGEMENT = "D"


@dataclass(frozen=True, eq=False)
class Fitted:
    """How the accepted fit does, by series.

    Args:
        scores: of the headline series, as `calibration.scores.table` makes them.
        coverage: of all series, by period: count and the shares within the intervals.
        until: last year of the fit.
        held: last year held out.
        same: whether it was made with the model, and the data, of the page's run.
    """

    scores: pd.DataFrame
    coverage: dict[str, dict[str, Any]]
    until: int
    held: int
    same: bool


@dataclass(frozen=True)
class Constants:
    """What the model's constants rest on.

    Args:
        every: how many there are.
        assumed: how many are assumptions, with no source.
        judged: how many are graded as judgement.
    """

    every: int
    assumed: int
    judged: int


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of the model of a run; None where nothing is.

    Args:
        checks: what all suites of checks found of this very model.
        fit: of the accepted fit.
        constants: of the model, where it is still the project's.
    """

    checks: Record | None
    fit: Fitted | None
    constants: Constants | None


def evidence(futures: Futures) -> Evidence:
    """What is kept of the model that the worlds were made with."""
    question = futures.folder.question
    text, data = str(question["model"]), str(question["data"])
    return Evidence(record.find(text, data), _fit(text, data), _constants(text))


def _fit(text: str, data: str) -> Fitted | None:
    try:
        # As files: the package that makes fits takes most of a second to come up.
        summary = json.loads((ACCEPTED_FIT / "summary.json").read_text("utf-8"))
        scores = pd.read_csv(ACCEPTED_FIT / "scores.csv", keep_default_na=False, na_values=["nan"])
        made = summary["model"]
        return Fitted(
            scores[scores["headline"]].reset_index(drop=True),
            {str(each["period"]): each for each in summary["coverage"]},
            int(summary["fit_until"]),
            int(summary["held_until"]),
            made["text"] == text and made["data"] == data,
        )
    except (OSError, ValueError, KeyError):
        return None


def _constants(text: str) -> Constants | None:
    source = load()
    if source.text_hash != text:
        return None
    every = [each for each in source.variables.values() if each.kind == CONSTANT]
    return Constants(
        len(every),
        sum(bool(each.assumption) and not each.sources for each in every),
        sum(each.grade == JUDGEMENT for each in every),
    )
