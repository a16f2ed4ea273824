"""What the page says of the model, its checks and its fit, from their own files."""

import csv
import math
from pathlib import Path

import pytest

import sim
from reports.pages import doubts, trust
from reports.pages.evidence import Evidence
from reports.pages.finding import Name, Quantity
from reports.pages.page import said
from reports.pages.phrases import written
from reports.pages.results import Results
from sim.check import record
from sim.check.finding import Report, judged
from sim.project import ROOT


def test_what_the_page_says_of_the_model(results: Results) -> None:
    """From the files themselves."""
    told = {each.rule: each.values for each in doubts.everything(results.evidence)}
    source = sim.load_model().source
    constants = [each for each in source.variables.values() if each.kind == "constant"]
    assert told["assumed"] == {
        "every": Quantity("count", len(constants)),
        "assumed": Quantity("count", sum(not each.sources for each in constants)),
        "judged": Quantity("count", [each.grade for each in constants].count("D")),
    }
    with (ROOT / "calibration/fits/history/scores.csv").open(encoding="utf-8") as file:
        rows = [{**row, **{name: float(row[name]) for name in row if name.endswith("rmse")}}
                for row in csv.DictReader(file) if row["headline"] == "True"]  # fmt: skip
    held = [row for row in rows if row["period"] == "held" and not math.isnan(row["last_rmse"])]
    best = {row["outcome"]: min(row["last_rmse"],
                                math.inf if math.isnan(row["trend_rmse"]) else row["trend_rmse"])
            for row in held}  # fmt: skip
    worse = {row["outcome"]: row["forecast_rmse"] / best[row["outcome"]] for row in held
             if row["forecast_rmse"] > best[row["outcome"]]}  # fmt: skip
    values = told.get("forecast_worse") or told["forecast"]
    assert values["compared"] == Quantity("count", len(held))
    assert values["met"] == Quantity("count", len(held) - len(worse))
    trend = [row for row in held if not math.isnan(row["trend_rmse"])]
    beaten = sum(row["forecast_rmse"] <= row["trend_rmse"] for row in trend)
    assert values["trended"] == Quantity("count", len(trend))
    assert values["beaten"] == Quantity("count", beaten)
    items = values.get("items", ())
    assert isinstance(items, tuple)
    said_worse = {item.of.id: item.quantity.value for item in items if isinstance(item.of, Name)}
    assert said_worse == pytest.approx(worse)


def test_a_record_of_checks_belongs_to_one_model(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRONDELAG_CACHE", str(tmp_path))
    reports = [
        Report("units", [judged(True, "a", "", "x"), judged(False, "b", "b is wrong", "x")]),
        Report("text", [judged(True, "c", "", "x")]),
    ]
    made = record.record(reports)
    record.keep(made, "text", "data")
    assert record.find("text", "data") == made
    assert record.find("text", "other data") is None
    assert record.find("other text", "data") is None
    shown = Evidence(made, None, None)
    (told,) = doubts.everything(shown)
    assert told.rule == "checked_failed"
    assert told.values["checks"] == Quantity("count", 3)
    assert told.values["failed"] == Quantity("count", 1)
    for language, words in (("en", "units (1)"), ("nb", "enheter (1)")):
        assert words in written(told, said(results.futures, language))
        page = str(trust.blocks(shown, said(results.futures, language)))
        assert "b is wrong" in page
    nothing = str(trust.blocks(Evidence(None, None, None), said(results.futures, "en")))
    assert "not run for this model" in nothing
