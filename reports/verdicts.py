"""What to make of a fit, in plain words."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from calibration.fits import Kept
from calibration.verdict import best_naive
from reports.labels import Language


def sentences(kept: Kept, language: Language) -> list[str]:
    """What to make of it, in plain words."""
    held = kept.scores[kept.scores["period"] == "held"]
    chosen = held[held["headline"]]
    good = _met(chosen, best_naive)
    alone = _met(chosen, best_naive, "rmse")
    last, trend = (
        _met(chosen, lambda row, name=name: float(row[name]))
        for name in ("last_rmse", "trend_rmse")
    )
    unsettled = kept.summary["constants_unsettled"]
    cover = {each["period"]: each for each in kept.summary["coverage"]}
    out = cover.get("held")
    walkers, before = kept.summary["sampler"], kept.summary["origins"]
    if language == "nb":
        lines = [
            f"{good[0]} av {good[1]} hovedserier er minst like godt truffet som av den beste av to "
            f"framskrivinger uten modell (siste verdi: {last[0]} av {last[1]}; trendlinje: "
            f"{trend[0]} av {trend[1]}; modellen alene: {alone[0]} av {alone[1]})."
        ]
        if out:
            lines.append(
                f"Av {out['count']} tall som ble holdt utenfor, ligger {out['covered_50']:.0%} i "
                f"50 %-intervallet og {out['covered_90']:.0%} i 90 %-intervallet "
                f"(modellen alene: {out['model_50']:.0%} og {out['model_90']:.0%})."
            )
        lines.append(
            f"Med rullende start inne i tilpasningen ligger {before['covered_50']:.0%} av "
            f"{before['count']} prognoser i 50 %-intervallet og {before['covered_90']:.0%} i "
            "90 %-intervallet."
        )
        lines.append(
            f"Dataene sier noe om {kept.summary['constants_informed']} av "
            f"{kept.summary['constants_with_range']} konstanter; største R-hatt for disse er "
            f"{walkers['largest_rhat_informed']} (enighet: {walkers['agreed']})."
        )
        if unsettled:
            lines.append(f"Ikke avklart, større R-hatt: {', '.join(unsettled)}.")
        return lines
    lines = [
        f"{good[0]} of {good[1]} headline series are met no worse than by the better of two "
        f"forecasts without a model (last value: {last[0]} of {last[1]}; "
        f"trend line: {trend[0]} of {trend[1]}; the model alone: {alone[0]} of {alone[1]})."
    ]
    if out:
        lines.append(
            f"Of {out['count']} figures held out, {out['covered_50']:.0%} lie in the 50% interval "
            f"and {out['covered_90']:.0%} in the 90% interval "
            f"(model alone: {out['model_50']:.0%} and {out['model_90']:.0%})."
        )
    lines.append(
        f"From rolling origins inside the fit, {before['covered_50']:.0%} of {before['count']} "
        f"forecasts lie in the 50% interval and {before['covered_90']:.0%} in the 90% interval."
    )
    lines.append(
        f"The data say something of {kept.summary['constants_informed']} of "
        f"{kept.summary['constants_with_range']} constants; the largest R-hat of these is "
        f"{walkers['largest_rhat_informed']} (agreement: {walkers['agreed']})."
    )
    if unsettled:
        lines.append(f"Not settled, larger R-hat: {', '.join(unsettled)}.")
    return lines


def _met(
    rows: pd.DataFrame, other: Callable[[pd.Series], float], column: str = "forecast_rmse"
) -> tuple[int, int]:
    """How many series the forecast meets no worse than another does, of how many."""
    both = [(float(row[column]), other(row)) for _, row in rows.iterrows()]
    judged = [(own, naive) for own, naive in both if not math.isnan(naive)]
    return sum(own <= naive for own, naive in judged), len(judged)
