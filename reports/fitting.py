"""A fit in tables and sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from calibration.fits import Kept
from calibration.scores import best_naive, verdict
from reports import numbers
from reports.labels import Labels, Language
from reports.tables import Table

_MOST = 30  # constants shown
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "fit": "In the years of the fit, to {last}",
        "held": "Held out, {first} to {until}: against forecasts without a model",
        "count": "figures",
        "mean": "mean error",
        "mape": "MAPE",
        "rmse": "RMSE",
        "bias": "bias",
        "variation": "variation",
        "covariation": "covariation",
        "forecast": "forecast",
        "model": "model alone",
        "last": "last value",
        "trend": "trend line",
        "in": "in 50% / 90%",
        "verdict": "forecast is",
        "better": "better",
        "same": "as good",
        "worse": "WORSE",
        "": "–",
        "structures": "Structures side by side",
        "best": "best fit",
        "density": "held-out density (log)",
        "weight": "weight",
        "constants": "What the data changed: 90% intervals before and after",
        "grade": "grade",
        "before": "before",
        "after": "after",
        "told": "variance explained",
        "rhat": "R-hat",
        "profile": "profile",
        "both": "bounded",
        "low": "from below",
        "high": "from above",
        "none": "open",
        "source": "Source: Trøndelag value-creation simulator, fit {identity}; "
        "published figures: model/data/history.csv",
        "older": "Warning: this fit was made for an older model ({what} changed since); "
        "`trondelag calibrate --accept` makes a new one",
        "text": "text",
        "data": "data",
    },
    "nb": {
        "fit": "I årene for tilpasningen, til og med {last}",
        "held": "Holdt utenfor, {first} til {until}: mot framskrivinger uten modell",
        "count": "tall",
        "mean": "middelfeil",
        "mape": "MAPE",
        "rmse": "RMSE",
        "bias": "skjevhet",
        "variation": "variasjon",
        "covariation": "samvariasjon",
        "forecast": "prognose",
        "model": "modellen alene",
        "last": "siste verdi",
        "trend": "trendlinje",
        "in": "i 50 % / 90 %",
        "verdict": "prognosen er",
        "better": "bedre",
        "same": "like god",
        "worse": "DÅRLIGERE",
        "": "–",
        "structures": "Strukturer side om side",
        "best": "beste tilpasning",
        "density": "tetthet utenfor (log)",
        "weight": "vekt",
        "constants": "Hva dataene endret: 90 %-intervaller før og etter",
        "grade": "grad",
        "before": "før",
        "after": "etter",
        "told": "forklart varians",
        "rhat": "R-hatt",
        "profile": "profil",
        "both": "avgrenset",
        "low": "nedenfra",
        "high": "ovenfra",
        "none": "åpen",
        "source": "Kilde: Simuleringsmodell for verdiskaping i Trøndelag, tilpasning {identity}; "
        "publiserte tall: model/data/history.csv",
        "older": "Advarsel: denne tilpasningen er laget for en eldre modell ({what} er endret "
        "siden); `trondelag calibrate --accept` lager en ny",
        "text": "tekst",
        "data": "data",
    },
}


def shown(kept: Kept, labels: Labels) -> list[Table]:
    """Fit, held-out years, structures, constants."""
    made = [_fit(kept, labels), _held(kept, labels), _structures(kept, labels)]
    return [*made, _constants(kept, labels)]


def source(kept: Kept, language: Language) -> str:
    """The line under a figure."""
    return _WORDS[language]["source"].format(identity=kept.summary["identity"][:12])


def warning(changed: list[str], language: Language) -> str:
    """That a fit is older than the model."""
    said = _WORDS[language]
    return said["older"].format(what=", ".join(said[each] for each in changed))


def sentences(kept: Kept, language: Language) -> list[str]:
    """What to make of it, in plain words."""
    held = kept.scores[kept.scores["period"] == "held"]
    chosen = held[held["headline"]]
    said = [verdict(row) for _, row in chosen.iterrows()]
    judged = [each for each in said if each]
    good = sum(each != "worse" for each in judged)
    cover = {each["period"]: each for each in kept.summary["coverage"]}
    out = cover.get("held")
    walkers = kept.summary["sampler"]
    if language == "nb":
        lines = [
            f"{good} av {len(judged)} hovedserier er minst like godt truffet som av den beste "
            "framskrivingen uten modell."
        ]
        if out:
            lines.append(
                f"Av {out['count']} tall som ble holdt utenfor, ligger {out['covered_50']:.0%} i "
                f"50 %-intervallet og {out['covered_90']:.0%} i 90 %-intervallet "
                f"(modellen alene: {out['model_50']:.0%} og {out['model_90']:.0%})."
            )
        lines.append(
            f"Dataene sier noe om {kept.summary['constants_informed']} av "
            f"{kept.summary['constants_with_range']} konstanter; største R-hatt for disse er "
            f"{walkers['largest_rhat_informed']} (enighet: {walkers['agreed']})."
        )
        return lines
    lines = [f"{good} of {len(judged)} headline series are met no worse than by the best forecast "
             "without a model."]  # fmt: skip
    if out:
        lines.append(
            f"Of {out['count']} figures held out, {out['covered_50']:.0%} lie in the 50% interval "
            f"and {out['covered_90']:.0%} in the 90% interval "
            f"(model alone: {out['model_50']:.0%} and {out['model_90']:.0%})."
        )
    lines.append(
        f"The data say something of {kept.summary['constants_informed']} of "
        f"{kept.summary['constants_with_range']} constants; the largest R-hat of these is "
        f"{walkers['largest_rhat_informed']} (agreement: {walkers['agreed']})."
    )
    return lines


def _name(row: Mapping[Any, Any], labels: Labels) -> str:
    name = labels.of("variable", str(row["outcome"]))
    mark = "* " if row["headline"] else ""
    element = f": {labels.element(str(row['element']))}" if row["element"] else ""
    return f"{mark}{name}{element}"


def _size(value: float, like: float, language: Language) -> str:
    """An error with as many decimals as its size asks for."""
    if not math.isfinite(value):
        return numbers.NONE
    size = max(abs(like), 1e-12)
    decimals = 0 if size >= 20 else min(5, max(1, 2 - math.floor(math.log10(size))))
    return numbers.number(value, language, decimals=decimals)


def _share(value: float, language: Language) -> str:
    return numbers.percent(100 * value, language, decimals=0)


def _fit(kept: Kept, labels: Labels) -> Table:
    said, language = _WORDS[labels.language], labels.language
    rows: list[tuple[str, ...]] = []
    for row in kept.scores[kept.scores["period"] == "fit"].to_dict("records"):
        rows.append(
            (
                _name(row, labels),
                f"{row['count']:.0f}",
                _size(row["mean"], row["rmse"], language),
                numbers.percent(row["mape"], language, decimals=1),
                _size(row["rmse"], row["rmse"], language),
                *(_share(row[each], language) for each in ("bias", "variation", "covariation")),
                f"{row['covered_50']:.0f} / {row['covered_90']:.0f}",
            )
        )
    header = ("", *(said[each] for each in (
        "count", "mean", "mape", "rmse", "bias", "variation", "covariation", "in")))  # fmt: skip
    return Table(said["fit"].format(last=kept.summary["fit_until"]), header, tuple(rows))


def _held(kept: Kept, labels: Labels) -> Table:
    said, language = _WORDS[labels.language], labels.language
    rows: list[tuple[str, ...]] = []
    frame = kept.scores[kept.scores["period"] == "held"]
    for (_, series), row in zip(frame.iterrows(), frame.to_dict("records"), strict=True):
        both = (row["forecast_rmse"], row["rmse"], row["last_rmse"], row["trend_rmse"])
        like = best_naive(series)
        rows.append(
            (
                _name(row, labels),
                f"{row['count']:.0f}",
                numbers.percent(row["mape"], language, decimals=1),
                *(
                    _size(each, like if math.isfinite(like) else row["rmse"], language)
                    for each in both
                ),
                f"{row['covered_50']:.0f} / {row['covered_90']:.0f}",
                said[verdict(series)],
            )
        )
    header = ("", said["count"], said["mape"], *(
        f"{said['rmse']} {said[each]}" for each in ("forecast", "model", "last", "trend")),
        said["in"], said["verdict"])  # fmt: skip
    until, first = kept.summary["held_until"], kept.summary["fit_until"] + 1
    return Table(said["held"].format(first=first, until=until), header, tuple(rows))


def _structures(kept: Kept, labels: Labels) -> Table:
    said, language = _WORDS[labels.language], labels.language
    rows = [
        (
            each["name"].get(language, each["name"].get("en", each["id"])),
            numbers.number(each["best"], language, decimals=1),
            numbers.number(each["held_out_log_density"], language, decimals=1),
            _share(each["weight"], language),
        )
        for each in kept.summary["structures"]
    ]
    header = ("", said["best"], said["density"], said["weight"])
    return Table(said["structures"], header, tuple(rows))


def _constants(kept: Kept, labels: Labels) -> Table:
    said, language = _WORDS[labels.language], labels.language
    frame: pd.DataFrame = kept.constants[kept.constants["informed"]].head(_MOST)
    rows: list[tuple[str, ...]] = []
    for row in frame.to_dict("records"):
        interval = [
            f"{_size(row[f'{name}_05'], row['text'], language)} – "
            f"{_size(row[f'{name}_95'], row['text'], language)}"
            for name in ("prior", "fit")
        ]
        rows.append(
            (
                str(row["constant"]),
                str(row["grade"]),
                *interval,
                _share(row["told"], language),
                numbers.number(row["rhat"], language, decimals=3),
                said[str(row["profile"])],
            )
        )
    header = ("", said["grade"], said["before"], said["after"], said["told"], said["rhat"],
              said["profile"])  # fmt: skip
    return Table(said["constants"], header, tuple(rows))
