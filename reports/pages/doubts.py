"""What the page says of the model itself: rules with numbers; `phrases` has the words."""

from __future__ import annotations

import math

import pandas as pd

from calibration.verdict import best_naive, verdict
from reports.pages.evidence import Evidence, Fitted
from reports.pages.finding import Finding, Item, Name, Quantity, Value, year

WORSE = "worse"


def everything(found: Evidence) -> list[Finding]:
    """All of them, in the page's order."""
    rules = (checked(found), forecast(found), covered(found), assumed(found))
    return [each for each in rules if each]


def checked(found: Evidence) -> Finding | None:
    """How many checks there were, and how many failed; None where they were not run."""
    if found.checks is None:
        return None
    values: dict[str, Value] = {
        "suites": Quantity("count", len(found.checks.tallies)),
        "checks": Quantity("count", found.checks.checks),
        "failed": Quantity("count", found.checks.failed),
    }
    if not found.checks.failed:
        return Finding("checked", values)
    bad = [each for each in found.checks.tallies if each.failed]
    items = tuple(Item(Name("suite", each.suite), Quantity("count", each.failed)) for each in bad)
    return Finding("checked_failed", {**values, "items": items})


def forecast(found: Evidence) -> Finding | None:
    """Which headline series are forecast worse than by a forecast without a model."""
    if found.fit is None:
        return None
    rows = judged(found.fit)
    if rows.empty:
        return None
    bad = rows[rows["verdict"] == WORSE].sort_values("ratio", ascending=False)
    trend = rows[rows["trend_rmse"].notna()]
    values: dict[str, Value] = {
        "until": year(found.fit.until),
        "compared": Quantity("count", len(rows)),
        "met": Quantity("count", len(rows) - len(bad)),
        "trended": Quantity("count", len(trend)),
        "beaten": Quantity("count", int((trend["forecast_rmse"] <= trend["trend_rmse"]).sum())),
    }
    if bad.empty:
        return Finding("forecast", values)
    items = tuple(
        Item(Name("variable", str(row["outcome"])), Quantity("times", float(row["ratio"])))
        for row in bad.to_dict("records")
    )
    return Finding("forecast_worse", {**values, "items": items})


def judged(fit: Fitted) -> pd.DataFrame:
    """The headline series with a figure held out and something to compare with.

    Returns:
        The scores with `verdict`, and `ratio`: the error of the forecast through that of the
        better of the forecasts without a model.
    """
    held = fit.scores[fit.scores["period"] == "held"].copy()
    held["verdict"] = [verdict(row) for _, row in held.iterrows()]
    best = [best_naive(row) for _, row in held.iterrows()]
    held["ratio"] = [
        own / other if other > 0 else math.nan
        for own, other in zip(held["forecast_rmse"], best, strict=True)
    ]
    return held[held["verdict"] != ""]


def covered(found: Evidence) -> Finding | None:
    """How many of the figures held out lie within the intervals."""
    held = found.fit.coverage.get("held") if found.fit else None
    if held is None:
        return None
    return Finding(
        "covered",
        {
            "count": Quantity("count", int(held["count"])),
            "half": Quantity("share", float(held["covered_50"])),
            "most": Quantity("share", float(held["covered_90"])),
            "half_model": Quantity("share", float(held["model_50"])),
            "most_model": Quantity("share", float(held["model_90"])),
        },
    )


def assumed(found: Evidence) -> Finding | None:
    """How much of the model rests on assumptions."""
    if found.constants is None:
        return None
    return Finding(
        "assumed",
        {
            "every": Quantity("count", found.constants.every),
            "assumed": Quantity("count", found.constants.assumed),
            "judged": Quantity("count", found.constants.judged),
        },
    )
