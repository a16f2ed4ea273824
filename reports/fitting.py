"""A fit in tables and sentences.

`python -m reports.fitting` writes those of the accepted fit into calibration/README.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from calibration.fits import ACCEPTED, RECOVERY_TOOK, TOOK, Kept, read
from calibration.scores import LEVELS
from calibration.verdict import best_naive, verdict
from reports import labels as words
from reports import numbers, tables, verdicts
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
        "alone": "model alone is",
        "better": "better",
        "same": "as good",
        "worse": "WORSE",
        "": "–",
        "structures": "Structures side by side",
        "best": "best fit",
        "origins": "rolling origins (log)",
        "density": "held-out density (log), not used",
        "worth": "draws are worth",
        "weight": "weight",
        "constants": "What the data changed: 90% intervals before and after",
        "grade": "grade",
        "before": "before",
        "after": "after",
        "told": "variance explained",
        "rhat": "R-hat",
        "ess": "ESS",
        "profile": "profile",
        "both": "bounded",
        "low": "from below",
        "high": "from above",
        "none": "open",
        "lasting": "How long errors last: rolling origins {first} to {until}, up to {ahead} years "
        "ahead",
        "memory": "memory, times",
        "drift": "drift, times",
        "level": "level, times",
        "used": "forecast uses",
        "score": "log density",
        "covered": "{level}% interval holds",
        "recovery": "Simulated data: {trials} fits with {count} known constants",
        "all": "all",
        "spread": "spread left",
        "correlation": "correlation with the truth",
        "place": "mean rank",
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
        "alone": "modellen alene er",
        "better": "bedre",
        "same": "like god",
        "worse": "DÅRLIGERE",
        "": "–",
        "structures": "Strukturer side om side",
        "best": "beste tilpasning",
        "origins": "rullende start (log)",
        "density": "tetthet utenfor (log), ikke brukt",
        "worth": "trekkene er verdt",
        "weight": "vekt",
        "constants": "Hva dataene endret: 90 %-intervaller før og etter",
        "grade": "grad",
        "before": "før",
        "after": "etter",
        "told": "forklart varians",
        "rhat": "R-hatt",
        "ess": "ESS",
        "profile": "profil",
        "both": "avgrenset",
        "low": "nedenfra",
        "high": "ovenfra",
        "none": "åpen",
        "lasting": "Hvor lenge feil varer: rullende start {first} til {until}, inntil {ahead} år "
        "fram",
        "memory": "hukommelse, ganger",
        "drift": "drift, ganger",
        "level": "nivå, ganger",
        "used": "prognosen bruker",
        "score": "log-tetthet",
        "covered": "{level} %-intervallet rommer",
        "recovery": "Simulerte data: {trials} tilpasninger med {count} kjente konstanter",
        "all": "alle",
        "spread": "spredning igjen",
        "correlation": "korrelasjon med det sanne",
        "place": "middelrang",
        "source": "Kilde: Simuleringsmodell for verdiskaping i Trøndelag, tilpasning {identity}; "
        "publiserte tall: model/data/history.csv",
        "older": "Advarsel: denne tilpasningen er laget for en eldre modell ({what} er endret "
        "siden); `trondelag calibrate --accept` lager en ny",
        "text": "tekst",
        "data": "data",
    },
}


def shown(kept: Kept, labels: Labels) -> list[Table]:
    """Fit, held-out years, how long errors last, structures, constants, simulated data."""
    made = [_fit(kept, labels), _held(kept, labels), _lasting(kept, labels)]
    made += [_structures(kept, labels), _constants(kept, labels)]
    return made if kept.recovery is None else [*made, _recovery(kept.recovery, labels)]


def source(kept: Kept, language: Language) -> str:
    """The line under a figure."""
    return _WORDS[language]["source"].format(identity=kept.summary["identity"][:12])


def warning(changed: list[str], language: Language) -> str:
    """That a fit is older than the model."""
    said = _WORDS[language]
    return said["older"].format(what=", ".join(said[each] for each in changed))


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
                said[verdict(series, "rmse")],
            )
        )
    header = ("", said["count"], said["mape"], *(
        f"{said['rmse']} {said[each]}" for each in ("forecast", "model", "last", "trend")),
        said["in"], said["verdict"], said["alone"])  # fmt: skip
    until, first = kept.summary["held_until"], kept.summary["fit_until"] + 1
    return Table(said["held"].format(first=first, until=until), header, tuple(rows))


def _lasting(kept: Kept, labels: Labels) -> Table:
    said, language, told = _WORDS[labels.language], labels.language, kept.summary["origins"]
    rows = [
        (
            numbers.number(row["memory"], language, decimals=1),
            numbers.number(row["drift"], language, decimals=1),
            numbers.number(row["level"], language, decimals=1),
            numbers.number(row["score"], language, decimals=1),
            *(_share(row[f"covered_{level}"], language) for level in LEVELS),
            "←" if row["used"] else "",
        )
        for row in kept.lasting.to_dict("records")
    ]
    header = (said["memory"], said["drift"], said["level"], said["score"], *(
        said["covered"].format(level=level) for level in LEVELS), said["used"])  # fmt: skip
    until = kept.summary["fit_until"] - 1
    title = said["lasting"].format(first=told["first"], until=until, ahead=told["ahead"])
    return Table(title, header, tuple(rows))


def _recovery(found: pd.DataFrame, labels: Labels) -> Table:
    said, language = _WORDS[labels.language], labels.language
    whole = pd.DataFrame([found.mean(numeric_only=True)]).assign(constant=said["all"])
    rows = [
        (
            str(row["constant"]),
            *(_share(float(row[f"covered_{level}"]), language) for level in LEVELS),
            *(
                numbers.number(float(row[name]), language, decimals=2)
                for name in ("rank", "spread", "correlation")
            ),
        )
        for row in pd.concat([whole, found]).to_dict("records")
    ]
    header = ("", *(said["covered"].format(level=level) for level in LEVELS),
              said["place"], said["spread"], said["correlation"])  # fmt: skip
    title = said["recovery"].format(trials=int(found["trials"].max()), count=len(found))
    return Table(title, header, tuple(rows))


def _structures(kept: Kept, labels: Labels) -> Table:
    said, language = _WORDS[labels.language], labels.language
    rows = [
        (
            each["name"].get(language, each["name"].get("en", each["id"])),
            numbers.number(each["best"], language, decimals=1),
            _share(each["worth"], language),
            numbers.number(each["origins"], language, decimals=1),
            numbers.number(each["held_out_log_density"], language, decimals=1),
            _share(each["weight"], language),
        )
        for each in kept.summary["structures"]
    ]
    header = ("", *(said[each] for each in ("best", "worth", "origins", "density", "weight")))
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
                numbers.number(float(row["ess"]), language, decimals=0),
                said[str(row["profile"])],
            )
        )
    header = ("", said["grade"], said["before"], said["after"], said["told"], said["rhat"],
              said["ess"], said["profile"])  # fmt: skip
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
    parts.append("\n".join(f"- {each}" for each in verdicts.sentences(kept, "en")))
    if kept.recovery is not None:
        told = kept.recovery.iloc[0]
        took = (kept.folder / RECOVERY_TOOK).read_text("utf-8").strip()
        same = "this model" if told["model"] == said["model"]["text"][:12] else "an older text"
        parts.append(
            f"`{took.partition(': ')[0]}`: {took.partition(': ')[2]}, of {same}. Ranks of the true "
            f"values as even as chance has them: p = {told['uniform']:.2g} (ten bins)."
        )
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
