"""Difference tables for people: the same cells as plain text and as Markdown.

Every table is a header and rows of strings; numbers in them come from
`frames.differences` and go through `numbers`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from reports import numbers
from reports.labels import Labels

# What the comparison shows, in this order, where the model has it.
VARIABLES = (
    "effort_total",
    "value_added_total",
    "value_added_by_region",
    "value_added_by_industry",
    "employment_total",
    "employment_by_region",
    "employment_by_industry",
    "population_total",
    "population_by_region",
    "exports_total",
    "exports_by_industry",
)
HEADLINES = (
    "effort_total",
    "value_added_total",
    "value_added_by_region",
    "employment_total",
    "population_total",
)
_KEY = ["variable", "region", "industry"]


@dataclass(frozen=True)
class Table:
    """A table ready to be written; the first column holds words, the others numbers."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def change(row: pd.Series, labels: Labels) -> str:
    """A difference and its percentage in one cell."""
    absolute = numbers.amount(float(row["difference"]), labels.language, sign=True)
    return f"{absolute}  {numbers.relative(float(row['percent']), labels.language, sign=True)}"


def place(region: str, industry: str, labels: Labels) -> str:
    """The words for a region or an industry; "" for the county as a whole."""
    named = [
        labels.of(kind, name) for kind, name in (("region", region), ("industry", industry)) if name
    ]
    return ", ".join(named)


def difference_table(
    differences: pd.DataFrame,
    run: str,
    labels: Labels,
    *,
    baseline: str,
    variables: Sequence[str] = VARIABLES,
) -> Table:
    """One run against the baseline: a row per variable, region and industry, a column per year.

    Args:
        differences: as from `frames.differences`, for the report years.
        run: the run shown.
        labels: words and number format.
        baseline: the run compared with, for the title.
        variables: ids in the order wanted; those the model lacks are left out.
    """
    mine = differences[differences["run"] == run]
    years = sorted(float(year) for year in mine["year"].unique())
    rows: list[tuple[str, ...]] = []
    for variable in variables:
        of_variable = mine[mine["variable"] == variable]
        for key, group in of_variable.groupby(_KEY, sort=False):
            _, region, industry = cast("tuple[str, str, str]", key)
            cells = {float(row["year"]): change(row, labels) for _, row in group.iterrows()}
            where = place(region, industry, labels)
            unit = labels.unit(variable, str(group["unit"].iloc[0]))
            name = f"  {where}" if where else f"{labels.of('variable', variable)} ({unit})"
            rows.append((name, *(cells.get(year, numbers.NONE) for year in years)))
    against = {"en": "compared with", "nb": "sammenlignet med"}[labels.language]
    title = f"{labels.quoted(run)} {against} {labels.quoted(baseline)}"
    return Table(title, ("", *(f"{year:g}" for year in years)), tuple(rows))


def winners(differences: pd.DataFrame, run: str, year: int, labels: Labels) -> Table:
    """Who gains and who loses value added in a year: regions, then industries, best first.

    The jobs of the same region or industry stand beside it.
    """
    mine = differences[(differences["run"] == run) & (differences["year"] == year)]
    rows: list[tuple[str, ...]] = []
    for kind in ("region", "industry"):
        money = mine[mine["variable"] == f"value_added_by_{kind}"].set_index(kind)
        jobs = mine[mine["variable"] == f"employment_by_{kind}"].set_index(kind)
        for name in money.sort_values("difference", ascending=False, kind="stable").index:
            beside = change(jobs.loc[name], labels) if name in jobs.index else numbers.NONE
            rows.append(
                (
                    labels.of(kind, str(name)),
                    _verdict(float(money.loc[name]["difference"]), labels),
                    change(money.loc[name], labels),
                    beside,
                )
            )
    words = {
        "en": ("Who gains and who loses, {year}", "", "value added", "jobs"),
        "nb": ("Hvem vinner og hvem taper, {year}", "", "verdiskaping", "sysselsatte"),
    }[labels.language]
    return Table(words[0].format(year=year), ("", *words[1:]), tuple(rows))


def _verdict(gain: float, labels: Labels) -> str:
    """Gains, loses, or neither, as the rounded number says."""
    if numbers.vanishes(gain):
        return {"en": "same", "nb": "uendret"}[labels.language]
    words = {"en": ("gains", "loses"), "nb": ("vinner", "taper")}[labels.language]
    return words[0] if gain > 0 else words[1]


def text(table: Table) -> str:
    """For a terminal: words to the left, numbers to the right."""
    lines = [table.header, *table.rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.header))]

    def aligned(line: tuple[str, ...]) -> str:
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        return "  ".join(cells).rstrip()

    return "\n".join([table.title, *map(aligned, lines)])


def markdown(table: Table) -> str:
    """For a memo: a pipe table under a heading."""
    rule = ("---", *("---:" for _ in table.header[1:]))
    # Two spaces at the start of a name set it in under its variable.
    rows = [
        (row[0].replace("  ", "\u2003", 1) if row[0].startswith("  ") else row[0], *row[1:])
        for row in table.rows
    ]
    lines = ["| " + " | ".join(_escaped(row)) + " |" for row in (table.header, rule, *rows)]
    return "\n".join([f"## {_literal(table.title)}", "", *lines, ""])


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame's rows as plain JSON values; numbers that are not finite become null."""
    return json.loads(frame.to_json(orient="records", double_precision=15))


def _escaped(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_literal(cell) for cell in row)


def _literal(text: str) -> str:
    """Names come from scenario files: in one, a bar makes no column and a tag no element."""
    return text.translate({ord(mark): f"\\{mark}" for mark in "\\|<>[]`*_"})
