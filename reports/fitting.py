"""A fit in tables and sentences.

`python -m reports.fitting` writes those of the accepted fit into calibration/README.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from calibration.fits import ACCEPTED, TOOK, Kept, read
from calibration.scores import best_naive, verdict
from reports import labels as words
from reports import numbers, tables
from reports.labels import Labels, Language
from reports.tables import Table
from sim.project import ROOT

README = ROOT / "calibration" / "README.md"
BEGIN, END = "<!-- fit: begin -->", "<!-- fit: end -->"
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
        "worth": "draws are worth",
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
        "worth": "trekkene er verdt",
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
    good = _met(chosen, best_naive)
    last, trend = (
        _met(chosen, lambda row, name=name: float(row[name]))
        for name in ("last_rmse", "trend_rmse")
    )
    unsettled = kept.summary["constants_unsettled"]
    cover = {each["period"]: each for each in kept.summary["coverage"]}
    out = cover.get("held")
    walkers = kept.summary["sampler"]
    if language == "nb":
        lines = [
            f"{good[0]} av {good[1]} hovedserier er minst like godt truffet som av den beste av to "
            f"framskrivinger uten modell (siste verdi: {last[0]} av {last[1]}; trendlinje: "
            f"{trend[0]} av {trend[1]})."
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
        if unsettled:
            lines.append(f"Ikke avklart, større R-hatt: {', '.join(unsettled)}.")
        return lines
    lines = [
        f"{good[0]} of {good[1]} headline series are met no worse than by the better of two "
        f"forecasts without a model (last value: {last[0]} of {last[1]}; "
        f"trend line: {trend[0]} of {trend[1]})."
    ]
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
    if unsettled:
        lines.append(f"Not settled, larger R-hat: {', '.join(unsettled)}.")
    return lines


def _met(rows: pd.DataFrame, other: Callable[[pd.Series], float]) -> tuple[int, int]:
    """How many series the forecast meets no worse than another does, of how many."""
    both = [(float(row["forecast_rmse"]), other(row)) for _, row in rows.iterrows()]
    judged = [(own, naive) for own, naive in both if not math.isnan(naive)]
    return sum(own <= naive for own, naive in judged), len(judged)


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
            _share(each["worth"], language),
            numbers.number(each["held_out_log_density"], language, decimals=1),
            _share(each["weight"], language),
        )
        for each in kept.summary["structures"]
    ]
    header = ("", said["best"], said["worth"], said["density"], said["weight"])
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


def block(kept: Kept) -> str:
    """What calibration/README.md says of a fit."""
    labels = words.load("en")
    said = kept.summary
    took = (kept.folder / TOOK).read_text("utf-8").strip()
    facts = (
        f"{said['rows']['fit']} figures of {said['series']} series to {said['fit_until']}, "
        f"{said['rows']['held']} later ones held out. `{took.partition(':')[0]}`:"
        f"{took.partition(':')[2]}. {said['constants_fitted']} of "
        f"{said['constants_with_range']} constants were fitted; {said['failed_draws']} of the "
        "draws' runs failed."
    )
    parts = [facts, *(tables.markdown(each) for each in shown(kept, labels))]
    parts.append("\n".join(f"- {each}" for each in sentences(kept, "en")))
    note = "Errors are predicted less observed, of the median of the model alone but where it says "
    note += "forecast, in the model's units; * headline series; remembered errors: see Decisions."
    return "\n\n".join([*parts, note])


def renewed(text: str, kept: Kept) -> str:
    """A README with the block of a fit between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{block(kept)}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(renewed(README.read_text("utf-8"), read(ACCEPTED)), "utf-8")
