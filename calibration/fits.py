"""A fit on disk: a folder of small files, and the accepted one under `calibration/fits/`.

`draws.parquet` is what sweeps take with `design: posterior`: a column for each fitted constant,
and for those that tell the structures apart.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from calibration import recovery
from calibration.diagnostics import AGREED
from calibration.evidence import Evidence
from calibration.fitting import Effort, Fit, Question
from calibration.origins import AHEAD, ORIGINS
from calibration.profile import verdicts
from calibration.scores import LEVELS, coverage, table
from sim.errors import InputError, Problem, wrong
from sim.ir import identifier
from sim.project import ACCEPTED_FIT, shown
from sim.run.model import Model
from sim.store.files import put

ACCEPTED = ACCEPTED_FIT
FILES = (
    "summary.json", "constants.csv", "scores.csv", "bands.csv", "profiles.csv", "lasting.csv",
)  # fmt: skip
DRAWS = "draws.parquet"
CHAINS = "chains.parquet"  # some walkers' way, to be looked at
RECOVERY = "recovery.csv"  # of simulated data; beside the fit, where it was asked for
RECOVERY_TOOK = "recovery.txt"
TOOK = "took.txt"  # the command and the time that it took, where it was made
# A constant is informed where the data took this share of the prior's variance away, and the
# walkers agree on what is left.
INFORMED = 0.1
TRACED = 8  # constants whose chains are kept: the best informed
DIGITS = 5
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False)
class Kept:
    """A fit as read.

    Args:
        folder: where it lies.
        summary: what was asked, with what, and the main findings.
        constants: each fitted constant before and after.
        scores: see `scores.table`.
        bands: each observation with quantiles of what the fit says of it.
        profiles: see `profile.profiles`.
        lasting: see `fitting.Fit`.
    """

    folder: Path
    summary: dict[str, Any]
    constants: pd.DataFrame
    scores: pd.DataFrame
    bands: pd.DataFrame
    profiles: pd.DataFrame
    lasting: pd.DataFrame

    @property
    def chains(self) -> pd.DataFrame:
        """walker, round, and a column for each constant traced; empty where none was kept."""
        return _table(self.folder / CHAINS)

    @property
    def draws(self) -> pd.DataFrame:
        """The posterior draws, by the constants' ids."""
        return _table(self.folder / DRAWS)

    @property
    def recovery(self) -> pd.DataFrame | None:
        """See `recovery.table`; None where no data were simulated."""
        path = self.folder / RECOVERY
        return pd.read_csv(path) if path.is_file() else None


def _table(path: Path) -> pd.DataFrame:
    return pq.read_table(path).to_pandas() if path.is_file() else pd.DataFrame()


def write(folder: Path, asked: Question, work: Effort, fit: Fit, command: str) -> None:
    """Write a fit; the summary last, so that a folder with one is whole.

    Raises:
        InputError: the folder cannot be written.
    """
    scored = table(fit.forecasts)
    known = _constants(fit)
    put(folder / "constants.csv", _csv(known))
    put(folder / "scores.csv", _csv(scored))
    put(folder / "bands.csv", _csv(_bands(fit)))
    put(folder / "profiles.csv", _csv(fit.profiled))
    put(folder / "lasting.csv", _csv(fit.lasting))
    put(folder / DRAWS, _draws(asked, fit))
    put(folder / CHAINS, _chains(fit, known))
    summary = _summary(asked, work, fit, command, known, scored)
    put(
        folder / "summary.json", (json.dumps(summary, indent=1, ensure_ascii=False) + "\n").encode()
    )


def write_recovery(folder: Path, found: pd.DataFrame, model: Model, took: str) -> None:
    """Write what fits to simulated data found: every rank, and a table of the constants."""
    put(folder / "ranks.csv", _csv(found))
    told = recovery.table(found).assign(
        uniform=recovery.uniform(found), model=model.source.text_hash[:12]
    )
    put(folder / RECOVERY, _csv(told))
    put(folder / RECOVERY_TOOK, f"{took}\n".encode())


def read(folder: Path = ACCEPTED) -> Kept:
    """Read a fit.

    Raises:
        InputError: files that are missing or no files of a fit.
    """
    hint = "make one with `trondelag calibrate`"
    if not folder.is_dir():
        raise wrong("no-fit", "there is no such folder", file=shown(folder), hint=hint)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise InputError(
            Problem("no-fit", f"there is no {name}", shown(folder), hint=hint) for name in missing
        )
    try:
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
        tables = [pd.read_csv(folder / name, keep_default_na=False, na_values=["nan"])
                  for name in FILES[1:]]  # fmt: skip
        if summary["schema"] != "fit/1":
            raise KeyError("schema")
    except (ValueError, KeyError, UnicodeDecodeError) as error:
        raise wrong("not-a-fit", f"this is no fit ({error})", file=shown(folder)) from None
    return Kept(folder, summary, *tables)


def older(summary: dict[str, Any], model: Model) -> list[str]:
    """What of the model has changed since the fit: text, data; empty if nothing has."""
    now = {"text": model.source.text_hash, "data": model.source.data_hash}
    return [part for part, own in now.items() if summary["model"][part] != own]


def _csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False, float_format=f"%.{DIGITS}g", lineterminator="\n",
                        na_rep="nan").encode()  # fmt: skip


def _constants(fit: Fit) -> pd.DataFrame:
    """Before and after, of the structures' pooled draws; diagnostics are the worst of them."""
    values = fit.chosen.at(fit.draws)
    quantiles = np.quantile(values, QUANTILES, axis=1)
    before = fit.chosen.at(_normal(QUANTILES, len(fit.chosen)))
    spread = np.mean([each.checks.spread for each in fit.structures], axis=0)
    mean = np.mean([each.checks.mean for each in fit.structures], axis=0)
    rhat = np.max([each.checks.rhat for each in fit.structures], axis=0)
    told = 1.0 - np.minimum(spread, 1.0) ** 2
    said = verdicts(fit.profiled)
    frame = pd.DataFrame(
        {
            "constant": fit.chosen.columns,
            "grade": fit.chosen.grades,
            "text": fit.chosen.values,
            "prior_05": before[:, 0],
            "prior_50": before[:, 2],
            "prior_95": before[:, 4],
            "fit_05": quantiles[0],
            "fit_50": quantiles[2],
            "fit_95": quantiles[4],
            "moved": mean,
            "spread": spread,
            "told": told,
            "informed": (told >= INFORMED) & (rhat <= AGREED),
            "rhat": rhat,
            "ess": np.min([each.checks.ess for each in fit.structures], axis=0),
            "profile": [said.get(column, "") for column in fit.chosen.columns],
        }
    )
    return frame.sort_values("told", ascending=False, kind="stable")


def _normal(quantiles: tuple[float, ...], count: int) -> Any:
    from scipy.special import ndtri

    return np.repeat(ndtri(np.array(quantiles))[:, None], count, axis=1)


def _bands(fit: Fit) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for each in fit.forecasts:
        series = each.series
        model, told = (np.quantile(part, QUANTILES, axis=0) for part in (each.model, each.told))
        for place, year in enumerate(series.years):
            row: dict[str, object] = {
                "outcome": series.outcome,
                "element": series.element,
                "year": int(year),
                "source_id": series.sources[place],
                "period": "held" if series.held[place] else "fit",
                "observed": series.observed[place],
            }
            for name, band in (("model", model), ("told", told)):
                for quantile, value in zip(QUANTILES, band[:, place], strict=True):
                    row[f"{name}_{round(100 * quantile):02d}"] = value
            rows.append(row)
    return pd.DataFrame(rows)


def _draws(asked: Question, fit: Fit) -> bytes:
    values = fit.chosen.at(fit.draws)
    columns = {
        _id(name): np.array([float(f"{value:.{DIGITS}g}") for value in column])
        for name, column in zip(fit.chosen.columns, values, strict=True)
    }
    switches = dict.fromkeys(name for each in fit.structures for name in each.structure.set)
    for name in switches:
        variable = asked.model.variables[name]
        own = float(variable.value.ravel()[0]) if variable.value is not None else 0.0
        told = np.array([each.structure.set.get(name, own) for each in fit.structures])
        columns[name] = told[fit.owner]
    columns["_structure"] = fit.owner.astype(np.int64)
    facts = {"model": asked.model.hash, "fit": asked.identity}
    return _parquet(pa.table(columns).replace_schema_metadata(facts))


def _chains(fit: Fit, known: pd.DataFrame) -> bytes:
    """What some walkers did, in the constants' own units."""
    traces = fit.structures[0].traces
    rounds, walkers, size = traces.shape
    values = fit.chosen.at(traces.reshape(-1, size).astype(np.float64))
    columns: dict[str, Any] = {
        "walker": np.tile(np.arange(walkers), rounds).astype(np.int32),
        "round": np.repeat(np.arange(rounds), walkers).astype(np.int32),
    }
    place = {name: position for position, name in enumerate(fit.chosen.columns)}
    for name in known["constant"].head(TRACED):
        columns[_id(str(name))] = values[place[str(name)]].astype(np.float32)
    return _parquet(pa.table(columns))


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", compression_level=9)
    return buffer.getvalue()


def _id(column: str) -> str:
    head, bracket, rest = column.partition("[")
    labels = [identifier(label) for label in rest.removesuffix("]").split(",")]
    return identifier(head) + (f"[{','.join(labels)}]" if bracket else "")


def _summary(
    asked: Question, work: Effort, fit: Fit, command: str, known: pd.DataFrame, scored: pd.DataFrame
) -> dict[str, Any]:
    source, seen = asked.model.source, asked.evidence
    informed = known[known["informed"]]
    return {
        "schema": "fit/1",
        "identity": asked.identity,
        "command": command,
        "model": {"hash": source.hash, "text": source.text_hash, "data": source.data_hash},
        "made_by": {name: version(name) for name in ("numpy", "scipy", "emcee", "arviz-stats")},
        "seed": work.plan.seed,
        "fit_until": seen.fit_until,
        "held_until": int(seen.times[-1]),
        "left_out": list(seen.left_out),
        "series_without_entry": [each.name for each in seen.series if not each.own],
        "series": len(seen.series),
        "rows": _rows(seen),
        "constants_with_range": len(fit.priors),
        "constants_fitted": len(fit.chosen),
        "constants_informed": len(informed),
        "constants_unsettled": known.loc[
            (known["told"] >= INFORMED) & ~known["informed"], "constant"
        ].tolist(),
        "combinations_informed": fit.screening.dimensions,
        "sampler": {
            "walkers": work.plan.walkers,
            "rounds": work.plan.rounds,
            "warm_up": work.plan.warm_up,
            "accepted": [round(each.accepted, 4) for each in fit.structures],
            "largest_rhat_informed": round(float(informed["rhat"].max()), 4)
            if len(informed)
            else None,
            "largest_rhat": round(float(known["rhat"].max()), 4),
            "smallest_ess": round(float(known["ess"].min())),
            "agreed": AGREED,
        },
        "runs": {**fit.runs, "all": sum(fit.runs.values())},
        "failed_draws": fit.failed,
        "draws": len(fit.draws),
        "structures": [
            {
                "id": each.structure.id,
                "name": dict(each.structure.name),
                "set": dict(each.structure.set),
                "best": round(float(each.found.scores[0]), 3),
                "origins": round(each.origins.score, 3),
                "origins_worth": round(each.origins.worth, 3),
                "held_out_log_density": round(each.density, 3),
                "worth": round(each.worth, 4),
                "weight": round(float(weight), 4),
            }
            for each, weight in zip(fit.structures, fit.weights, strict=True)
        ],
        "summits": [round(float(score), 2) for score in fit.structures[0].found.scores],
        "coverage": coverage(scored).round(4).to_dict("records"),
        "origins": _origins(fit),
    }


def _origins(fit: Fit) -> dict[str, Any]:
    """Rolling origins inside the fit, of the model's own structure."""
    own = fit.structures[0].origins
    told = {"first": ORIGINS[0], "ahead": AHEAD, "count": len(own.rows)}
    share = {f"covered_{level}": round(own.covered(level), 4) for level in LEVELS}
    return {**told, **share}


def _rows(seen: Evidence) -> dict[str, int]:
    held = sum(int(each.held.sum()) for each in seen.series)
    return {"fit": sum(len(each.years) for each in seen.series) - held, "held": held}
