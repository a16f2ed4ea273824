"""Show a fit: what it says of every series, what the data changed, and how far to trust it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from calibration import fits
from reports import fitting, memo, style, tables, verdicts
from reports import labels as words
from reports.figures import fit as figures
from reports.figures import walkers
from sim.project import RUNS, shown
from sim.run import load_model

SUMMARY = "Show the accepted fit, or another: fit and held-out years, constants, figures"
_EXAMPLE = """
Example:
  trondelag fit show
  trondelag fit show runs/calibration-0123456789ab --lang nb
  trondelag fit show --markdown > fit.md

prints tables of the fit in calibration/fits/ (or of a folder that `trondelag calibrate` wrote) and
draws it: the series with their intervals (posterior predictive), constants before and after (prior
and posterior), the walkers' way, and pairs of constants. A fit that was made for an older text of
the model is shown with a warning.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    parser.add_argument("what", choices=("show",), help="show: tables and figures")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=fits.ACCEPTED, help="of a fit (the accepted one)"
    )
    parser.add_argument("--markdown", action="store_true", help="print tables as Markdown")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to write the figures")


def execute(arguments: argparse.Namespace) -> int:
    """Print and draw; returns 0.

    Raises:
        InputError: the folder holds no fit, or figures cannot be written.
    """
    kept = fits.read(arguments.folder)
    labels = words.load(arguments.lang)
    changed = fits.older(kept.summary, load_model())
    if changed:
        print(fitting.warning(changed, labels.language), file=sys.stderr)
    identity = kept.summary["identity"][:12]
    folder: Path = arguments.to or RUNS / f"fit-{labels.language}-{identity}"
    source = fitting.source(kept, labels.language)
    with memo.writing(folder):
        style.save(
            lambda: figures.draw(kept.bands, labels, last=kept.summary["fit_until"], source=source),
            folder / "series",
        )
        if kept.constants["informed"].any():
            style.save(
                lambda: figures.moved(kept.constants, labels, source=source), folder / "constants"
            )
        chains, draws = kept.chains, kept.draws
        if len(chains):
            style.save(lambda: walkers.traces(chains, labels, source=source), folder / "traces")
            chosen = [name for name in chains.columns if name in draws.columns]
            if len(chosen) > 1:
                style.save(
                    lambda: walkers.pairs(draws, chosen, labels, source=source), folder / "pairs"
                )
    if arguments.json:
        answer = {
            "older_than_model": changed,
            "folder": shown(folder),
            "summary": kept.summary,
            "scores": tables.records(kept.scores),
        }
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return 0
    write = tables.markdown if arguments.markdown else tables.text
    print("\n\n".join(write(each) for each in fitting.shown(kept, labels)))
    print()
    print("\n".join(verdicts.sentences(kept, labels.language)))
    if not arguments.markdown:
        print(shown(folder / "series.png"))
    return 0
