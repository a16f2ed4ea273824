"""Headline outcomes as tables for other programs: IAMC's wide one, and a long one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version

import pandas as pd
import xarray as xr

from reports.labels import Labels
from sim.scenario.catalogues import Catalogues, Outcome

PLACE = "Trøndelag"
_SMALL = {"of", "per", "by", "and"}
_BROKEN_DOWN = re.compile(r"_(total|by_\w+)$")
_HEADER = {
    "en": ("scenario", "outcome", "region", "industry", "element", "unit", "year", "value"),
    "nb": ("scenario", "resultat", "region", "næring", "element", "enhet", "år", "verdi"),
}
_COLUMNS = ("region", "industry")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip file can hold
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def iamc(runs: Mapping[str, xr.Dataset], known: Catalogues) -> pd.DataFrame:
    """IAMC's table: Model, Scenario, Region, Variable, Unit, then a column per year.

    Variables are named in English with bars (`Value Added|Aquaculture`), regions likewise
    (`Trøndelag|Districts`).

    Args:
        runs: scenario's id -> its results.
        known: whose outcomes are taken.
    """
    rows: list[dict[str, object]] = []
    model = f"trondelag {version('trondelag')}"
    for scenario, run in runs.items():
        for outcome, place, series in _series(run, known):
            parts = [_capital(name) for dim, name in place.items() if dim != "region"]
            region = [_capital(name) for dim, name in place.items() if dim == "region"]
            rows.append(
                {
                    "Model": model,
                    "Scenario": scenario,
                    "Region": "|".join([PLACE, *region]),
                    "Variable": "|".join([_title(outcome.variable), *parts]),
                    "Unit": outcome.unit.said("en"),
                    **{f"{year:g}": value for year, value in series.items()},
                }
            )
    return pd.DataFrame(rows)


def long(runs: Mapping[str, xr.Dataset], known: Catalogues, labels: Labels) -> pd.DataFrame:
    """A row a value: scenario, outcome, region, industry, other element, unit, year, in words.

    Args:
        runs: scenario's id -> its results.
        known: whose outcomes are taken.
        labels: what things are called.
    """
    rows = [
        (
            scenario,
            outcome.name.said(labels.language),
            labels.element(place["region"]) if "region" in place else "",
            labels.element(place["industry"]) if "industry" in place else "",
            ", ".join(labels.of(dim, name) for dim, name in place.items() if dim not in _COLUMNS),
            outcome.unit.said(labels.language),
            f"{year:g}",
            value,
        )
        for scenario, run in runs.items()
        for outcome, place, series in _series(run, known)
        for year, value in series.items()
    ]
    return pd.DataFrame(rows, columns=list(_HEADER[labels.language]))


def csv(table: pd.DataFrame, *, norwegian: bool) -> bytes:
    """The table as CSV: commas and points, or as Norwegian spreadsheets read it, `;` and `,`.

    Those take a file for UTF-8 only if it begins with a byte order mark.
    """
    buffer = io.StringIO()
    sep, decimal = (";", ",") if norwegian else (",", ".")
    table.to_csv(buffer, index=False, lineterminator="\n", sep=sep, decimal=decimal)
    return buffer.getvalue().encode("utf-8-sig" if norwegian else "utf-8")


def xlsx(table: pd.DataFrame) -> bytes:
    """The table as a workbook; the same table gives the same bytes."""
    made, kept = io.BytesIO(), io.BytesIO()
    table.to_excel(made, sheet_name="data", index=False, engine="openpyxl")
    # openpyxl writes the time of day into the file and into its entries.
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = _DATES.sub(rb"\g<1>1980-01-01T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _series(
    run: xr.Dataset, known: Catalogues
) -> Iterator[tuple[Outcome, dict[str, str], pd.Series]]:
    """Every element of every outcome over the whole years: where it is, and its values."""
    years = [float(t) for t in run["time"].values if float(t).is_integer()]
    for outcome in known.outcomes.values():
        if outcome.variable not in run:
            continue
        values = run[outcome.variable].sel(time=years) * outcome.factor
        dims = [str(dim) for dim in values.dims if dim != "time"]
        flat = values.stack(element=dims) if dims else values.expand_dims("element", axis=1)
        for position in range(flat.sizes["element"]):
            one = flat.isel(element=position)
            place = {dim: str(one[dim].item()) for dim in dims}
            yield outcome, place, pd.Series(one.values, index=years)


def _title(variable: str) -> str:
    """`value_added_by_region` as IAMC writes it: `Value Added`."""
    words = _BROKEN_DOWN.sub("", variable).split("_")
    return " ".join(word if word in _SMALL else word.capitalize() for word in words)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
