"""What an analysis found, for people: names, tables, and a plain sentence per outcome."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from reports import numbers
from reports.analysis import Analysis, Cell
from reports.labels import Labels
from sim.plan import Design
from sim.scenario import names as inputs
from sim.sensitivity import Indices, Rank
from sim.sensitivity.ranking import WEAKNESS, grades

NAMED = 3  # inputs that a sentence names
IDLE = 0.05  # of the greatest: an input below it hardly moves the outcome
MEASURES = {
    "en": {
        "first": "first-order index",
        "total": "total index",
        "mu": "mean effect",
        "mu_star": "mean size of effect",
        "mu_star_relative": "effect, standard deviations",
        "sigma": "spread of effects",
        "median": "PAWN index",
        "delta": "delta",
        "bound": "upper bound of the total index",
        "effect_relative": "effect, standard deviations",
    },
    "nb": {
        "first": "førsteordens indeks",
        "total": "total indeks",
        "mu": "gjennomsnittlig virkning",
        "mu_star": "gjennomsnittlig størrelse på virkningen",
        "mu_star_relative": "virkning, standardavvik",
        "sigma": "spredning i virkningene",
        "median": "PAWN-indeks",
        "delta": "delta",
        "bound": "øvre grense for total indeks",
        "effect_relative": "virkning, standardavvik",
    },
}
_WORDS = {
    "en": {
        "and": "and",
        "grade": "grade {}",
        "ungraded": "without a grade",
        "constant": "{outcome} does not vary: none of the inputs has any effect on it.",
        "unclear": "{outcome}: no input stands out from chance in this sample{width}; the largest "
        "is {list}. More members would tell.",
        "total": "{outcome} depends most on {list}: so much of its variance over the years each "
        "has a part in{width}.",
        "together": " What inputs only do together makes up {share}.",
        "first": "{outcome} depends most on {list}: so much of its variance over the years each "
        "explains by itself{width}.",
        "unexplained": " {share} is left to what inputs do together, and to chance in the sample.",
        "morris": "{outcome} moves most with {list}: so many of its standard deviations for a "
        "move through the whole range{width}. {idle} of {count} inputs hardly move it.",
        "other": "{outcome} depends most on {list} ({measure}).",
        "floor": " An input that does nothing would get {floor} in this sample.",
        "research": " To be researched first: {name} ({grade}).",
        "sure": " The evidence for these is as good as it gets.",
        "left_out": " {left} of {all} members were left out because {failed} failed.",
        "fallback": " The design's own estimator had to give way to one that needs no design.",
        "difference": "difference from {against}",
        "model": "the model as it is",
    },
    "nb": {
        "and": "og",
        "grade": "grad {}",
        "ungraded": "uten grad",
        "constant": "{outcome} varierer ikke: ingen av inndataene virker på det.",
        "unclear": "{outcome}: ingen av inndataene skiller seg fra tilfeldigheter i dette "
        "utvalget{width}; størst er {list}. Flere medlemmer ville vise det.",
        "total": "{outcome} avhenger mest av {list}: så mye av variansen over årene har hver av "
        "dem del i{width}.",
        "together": " Det som inndata bare gjør sammen, utgjør {share}.",
        "first": "{outcome} avhenger mest av {list}: så mye av variansen over årene forklarer "
        "hver av dem alene{width}.",
        "unexplained": " {share} blir igjen til det inndata gjør sammen, og til tilfeldigheter i "
        "utvalget.",
        "morris": "{outcome} flytter seg mest med {list}: så mange standardavvik når hver av dem "
        "flyttes gjennom hele spennet{width}. {idle} av {count} inndata flytter det knapt.",
        "other": "{outcome} avhenger mest av {list} ({measure}).",
        "floor": " Inndata uten noen virkning ville fått {floor} i dette utvalget.",
        "research": " Bør undersøkes først: {name} ({grade}).",
        "sure": " Grunnlaget for disse er så godt som det kan bli.",
        "left_out": " {left} av {all} medlemmer er utelatt fordi {failed} feilet.",
        "fallback": " Utvalgets egen estimator måtte vike for en som ikke krever noe design.",
        "difference": "avvik fra {against}",
        "model": "modellen som den er",
    },
}


def outcome(cell: Cell, labels: Labels) -> str:
    """What an outcome is called: `Jobs: Trondheim region`."""
    name, _, rest = cell.element.partition("[")
    return _with_labels(labels.words.get(("variable", cell.outcome), name), rest, labels)


def difference(analysis: Analysis, labels: Labels) -> str:
    """`, difference from “Baseline”` where differences were analysed; else nothing."""
    if not analysis.against:
        return ""
    told = _WORDS[labels.language]["difference"]
    return f", {told.format(against=labels.quoted(analysis.against))}"


def _with_labels(name: str, rest: str, labels: Labels) -> str:
    """`jobs` and `fish,Districts]` → `jobs: Fish, Districts`, in the language of the labels."""
    if not rest:
        return name
    parts = [labels.element(part.strip()) for part in rest.removesuffix("]").split(",")]
    return f"{name}: {', '.join(parts)}"


def scenario(own: str, labels: Labels) -> str:
    """What a scenario is called."""
    return labels.run(own) if own else _WORDS[labels.language]["model"]


def called(design: Design, labels: Labels) -> dict[str, str]:
    """What factors and groups are called, by id: their given name, or the model's."""
    names: dict[str, str] = {}
    known = inputs.names()
    for factor in design.factors:
        given = factor.name.get(labels.language) or next(iter(factor.name.values()), "")
        mine = known.get(factor.variable, {}).get(labels.language, "")
        plain = factor.id.replace("_", " ")
        if not given and ":" not in factor.id:
            name, _, rest = factor.columns[0].partition("[")
            if len(factor.columns) == 1:
                plain = _with_labels(mine or name, rest, labels)
            elif mine:
                plain = mine
        names[factor.id] = given or plain
        if factor.group != factor.id:
            shared = given if ":" in factor.id or factor.id.startswith(factor.group) else ""
            if factor.group == factor.variable:
                shared = shared or mine
            names.setdefault(factor.group, shared or factor.group.replace("_", " "))
    return names


def sentence(analysis: Analysis, cell: Cell, labels: Labels) -> str:
    """What an outcome hangs on, in plain words with numbers."""
    words, found, language = _WORDS[labels.language], cell.found, labels.language
    title = outcome(cell, labels) + difference(analysis, labels)
    if not np.isfinite(found.importance).any():
        return words["constant"].format(outcome=title)
    names, graded = called(analysis.design, labels), grades(analysis.design)
    order: list[int] = np.argsort(
        -np.nan_to_num(found.importance, nan=-np.inf), kind="stable"
    ).tolist()
    shares = found.headline in {"first", "total"}
    widths = np.nan_to_num(found.over_time_widths[found.headline])
    top = [at for at in order[:NAMED] if found.importance[at] > max(float(widths[at]), 0.0)]
    clear, top = bool(top), top or order[:1]
    listed = _listed(
        [f"{names[found.names[at]]} ({_value(float(found.importance[at]), labels, shares)})"
         for at in top], words["and"],
    )  # fmt: skip
    widths = found.over_time_widths[found.headline][top]
    width = ""
    if np.isfinite(widths).any():
        width = f" (±{_value(float(np.nanmax(widths)), labels, shares)})"
    kind = found.headline if shares else "morris" if found.estimator == "morris" else "other"
    said = words[kind if clear else "unclear"].format(
        outcome=title,
        list=listed,
        width=width,
        count=len(found.names),
        idle=int((found.importance < IDLE * np.nanmax(found.importance)).sum()),
        measure=MEASURES[language].get(found.headline, found.headline),
    )
    if clear and shares and not _dependent(analysis.design, found):
        rest = 1.0 - float(np.nansum(found.over_time["first"]))
        share = numbers.percent(100.0 * min(max(rest, 0.0), 1.0), language, decimals=0)
        said += words["together" if found.headline == "total" else "unexplained"].format(
            share=share
        )
    if found.floor > 0.0:
        said += words["floor"].format(floor=numbers.number(found.floor, language, decimals=2))
    if clear:
        said += _research(found, names, graded, labels)
    if found.left_out:
        said += words["left_out"].format(
            left=numbers.number(float(found.left_out), language),
            all=numbers.number(float(found.left_out + found.members), language),
            failed=numbers.number(float(found.failed), language),
        )
    return said + (words["fallback"] if found.fallback else "")


def over_time(analysis: Analysis) -> pd.DataFrame:
    """One row per scenario, outcome and factor: measures over time, intervals, grade, score."""
    graded = grades(analysis.design)
    rows: list[dict[str, object]] = []
    for cell in analysis.cells:
        found = cell.found
        for at, name in enumerate(found.names):
            grade = graded.get(name, "")
            weakness = WEAKNESS.get(grade, 1.0)
            row: dict[str, object] = {
                "scenario": cell.scenario, "outcome": cell.element, "units": cell.units,
                "estimator": found.estimator, "factor": name, "grade": grade,
            }  # fmt: skip
            for measure, values in found.over_time.items():
                row[measure] = values[at]
                row[f"{measure}_halfwidth"] = found.over_time_widths[measure][at]
            row["research_score"] = max(float(found.importance[at]), 0.0) * weakness
            rows.append(row)
    return pd.DataFrame(rows)


def by_time(analysis: Analysis, top: int) -> pd.DataFrame:
    """One row per scenario, outcome, factor and time, for the `top` factors of each outcome."""
    parts: list[pd.DataFrame] = []
    for cell in analysis.cells:
        found = cell.found
        for at in np.argsort(-np.nan_to_num(found.importance), kind="stable")[:top]:
            columns: dict[str, object] = {
                "scenario": cell.scenario,
                "outcome": cell.element,
                "factor": found.names[at],
                "time": analysis.times,
                "variance": found.variance,
            }
            for measure, values in found.measures.items():
                columns[measure] = values[at]
                columns[f"{measure}_halfwidth"] = found.widths[measure][at]
            parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def pairs(analysis: Analysis) -> pd.DataFrame | None:
    """One row per scenario, outcome and pair of factors; None where none were asked for."""
    rows: list[tuple[str, str, str, str, float]] = []
    for cell in analysis.cells:
        second = cell.found.pairs_over_time
        if second is None:
            continue
        for one, other in zip(*np.triu_indices(len(second), 1), strict=True):
            names = cell.found.names
            rows.append((cell.scenario, cell.element, names[one], names[other],
                         float(second[one, other])))  # fmt: skip
    columns = ["scenario", "outcome", "factor", "other", "second"]
    return pd.DataFrame(rows, columns=columns) if rows else None


def ranking(ranks: Sequence[Rank], design: Design, labels: Labels, top: int) -> list[list[str]]:
    """Rows for people: name, importance with interval, grade, score."""
    names, language = called(design, labels), labels.language
    rows: list[list[str]] = []
    for rank in ranks[:top]:
        value = numbers.number(rank.importance, language, decimals=3)
        if math.isfinite(rank.width):
            value += f" ±{numbers.number(rank.width, language, decimals=3)}"
        score = numbers.number(rank.score, language, decimals=3)
        rows.append([names[rank.name], value, rank.grade or "–", score])
    return rows


def _research(found: Indices, names: dict[str, str], graded: dict[str, str], labels: Labels) -> str:
    words = _WORDS[labels.language]
    scores = [
        max(float(value), 0.0) * WEAKNESS.get(graded.get(name, ""), 1.0) if value == value else 0.0
        for name, value in zip(found.names, found.importance, strict=True)
    ]
    best = int(np.argmax(scores))
    if scores[best] <= 0.0:
        return words["sure"]
    name = found.names[best]
    grade = graded.get(name, "")
    told = words["grade"].format(grade) if grade else words["ungraded"]
    return words["research"].format(name=names[name], grade=told)


def _dependent(design: Design, found: Indices) -> bool:
    """Whether inputs that were judged by themselves move together: their parts overlap."""
    alone = {factor.id for factor in design.factors} & set(found.names)
    tied = {name for copula in design.copulas for name in copula.factors}
    own = {factor.id for factor in design.factors if factor.own}
    return bool(alone & (tied | own))


def _value(value: float, labels: Labels, share: bool) -> str:
    if share:
        return numbers.percent(100.0 * float(value), labels.language, decimals=0)
    return numbers.number(float(value), labels.language, decimals=2)


def _listed(words: Sequence[str], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
