"""Fit the model to the history, hold out the last years, and keep draws of what is plausible."""

from __future__ import annotations

import argparse
import json
import math
import shlex
import shutil
import sys
import time
from pathlib import Path

from calibration import fits
from calibration.fitting import Effort, Question, effort, fit, question, simulated
from calibration.recovery import covered, uniform
from calibration.targets import HISTORY
from sim.commands.arguments import count
from sim.errors import InputError
from sim.project import RUNS, shown
from sim.run import load_model
from sim.run.progress import duration
from sim.store.files import put, sweep_up

SUMMARY = "Fit the model to the history, hold out the last years, store posterior draws"
SOME_FAILED = 3
_EXAMPLE = """
Example:
  trondelag calibrate --quick
  trondelag calibrate --target salmon_volume --target population_total
  trondelag calibrate --accept
  trondelag calibrate --simulated 50

writes runs/calibration-<hash>/: summary.json, constants.csv, scores.csv, bands.csv, profiles.csv
and draws.parquet (for `design: posterior`). What was observed is in model/data/history.csv, how in
calibration/observation.yaml. Interrupted or killed, start the same command again: it goes on, to
the same files. `--accept` copies the fit to calibration/fits/, from where sweeps take it;
`trondelag fit show` shows it. The whole takes some eight minutes on two quiet processors.
`--simulated` writes ranks.csv and recovery.csv into runs/simulated-<hash>/, five seconds a trial;
with `--accept` beside the accepted fit.

Exit codes: 0 done, 2 bad input, 3 done but some draws failed, 130 interrupted.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    parser.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="OUTCOME",
        help="fit to this outcome only; may be repeated (all that were observed)",
    )
    parser.add_argument(
        "--history", type=Path, default=HISTORY, metavar="FILE", help="observations, as CSV"
    )
    parser.add_argument("--quick", action="store_true", help="a rough fit, to see that all works")
    parser.add_argument("--seed", type=_seed, default=2018, help="of all draws (2018)")
    parser.add_argument(
        "--accept", action="store_true", help="make it the fit that sweeps and fans use"
    )
    parser.add_argument(
        "--simulated",
        type=count,
        metavar="N",
        help="fit data made by the model with known constants N times, and say what is found",
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to write the fit")


def _seed(text: str) -> int:
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number < 2**31:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number from 0 to 2147483647")
    return number


def execute(arguments: argparse.Namespace) -> int:
    """Fit, or read what was fitted before; returns 0 or 3.

    Raises:
        InputError: everything wrong with history, observation model and targets.
    """
    work = effort(quick=arguments.quick, seed=arguments.seed)
    asked = question(load_model(), work, history=arguments.history, only=arguments.target)
    if arguments.simulated:
        return _recover(asked, work, arguments)
    folder: Path = arguments.to or RUNS / f"calibration-{asked.identity[:12]}"
    before = _before(folder, asked)
    if before is None:
        sampled = RUNS / f"calibration-{asked.identity[:12]}-sampling"
        start = time.monotonic()
        sweep_up(sampled)
        made = fit(asked, work, folder=sampled, say=_say)
        fits.write(folder, asked, work, made, _command(arguments))
        shutil.rmtree(sampled, ignore_errors=True)
        before = fits.read(folder)
        took = duration(time.monotonic() - start)
        told = f"{sum(made.runs.values()):,} runs of the model in {took}"
        # Beside the fit, not in it: the same fit takes another time elsewhere.
        put(folder / fits.TOOK, f"{_command(arguments)}: {told}\n".encode())
        _say(told)
    if arguments.accept:
        for name in (*fits.FILES, fits.DRAWS, fits.CHAINS, fits.TOOK):
            put(fits.ACCEPTED / name, (folder / name).read_bytes(), lost="the fit is not accepted")
    if arguments.json:
        print(json.dumps({"folder": shown(folder), **before.summary}, ensure_ascii=False, indent=1))
    else:
        print(_sentence(before, arguments.lang))
        print(shown(folder))
    return SOME_FAILED if before.summary["failed_draws"] else 0


def _recover(asked: Question, work: Effort, arguments: argparse.Namespace) -> int:
    """Write and print how well known constants are found; returns 0."""
    folder: Path = arguments.to or RUNS / f"simulated-{asked.identity[:12]}"
    start = time.monotonic()
    found = simulated(asked, work, arguments.simulated, _say)
    took = duration(time.monotonic() - start)
    command = f"{_command(arguments)} --simulated {arguments.simulated}"
    fits.write_recovery(folder, found, asked.model, f"{command}: {took}")
    if arguments.accept:
        for name in (fits.RECOVERY, fits.RECOVERY_TOOK):
            put(fits.ACCEPTED / name, (folder / name).read_bytes(), lost="it is not accepted")
    told = found[found["spread"] < math.sqrt(1.0 - fits.INFORMED)]
    answer = {
        "trials": arguments.simulated,
        "constants": int(found["constant"].nunique()),
        "covered_50": round(covered(found, 50), 3),
        "covered_90": round(covered(found, 90), 3),
        "uniform": round(uniform(found), 3),
        "informed": len(told),
        "informed_covered_50": round(covered(told, 50), 3) if len(told) else None,
        "informed_covered_90": round(covered(told, 90), 3) if len(told) else None,
    }
    if arguments.json:
        print(json.dumps({"folder": shown(folder), **answer}, indent=1))
        return 0
    inside = f"{answer['covered_50']:.0%}", f"{answer['covered_90']:.0%}"
    known = f"{answer['informed_covered_50'] or 0:.0%}", f"{answer['informed_covered_90'] or 0:.0%}"
    if arguments.lang == "nb":
        print(f"{answer['trials']} forsøk med {answer['constants']} kjente konstanter: "
              f"{inside[0]} ligger i 50 %-intervallet, {inside[1]} i 90 %-intervallet; av de "
              f"{answer['informed']} som dataene sier noe om, {known[0]} og {known[1]}. "
              f"Så jevne ranger som tilfellet gir: p = {answer['uniform']}.")  # fmt: skip
    else:
        print(f"{answer['trials']} trials with {answer['constants']} known constants: "
              f"{inside[0]} lie in the 50% interval, {inside[1]} in the 90% interval; of the "
              f"{answer['informed']} that the data inform, {known[0]} and {known[1]}. "
              f"Ranks as even as chance has them: p = {answer['uniform']}.")  # fmt: skip
    print(shown(folder))
    return 0


def _before(folder: Path, asked: Question) -> fits.Kept | None:
    try:
        kept = fits.read(folder)
    except InputError:
        return None
    return kept if kept.summary["identity"] == asked.identity else None


def _command(arguments: argparse.Namespace) -> str:
    words = ["trondelag", "calibrate"]
    words += [word for each in arguments.target for word in ("--target", each)]
    words += ["--quick"] if arguments.quick else []
    words += ["--seed", str(arguments.seed)]
    return shlex.join(words)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _sentence(kept: fits.Kept, language: str) -> str:
    """What came out, in a few lines."""
    said, walkers = kept.summary, kept.summary["sampler"]
    held = next((each for each in said["coverage"] if each["period"] == "held"), None)
    if language == "nb":
        lines = [
            f"{said['constants_fitted']} av {said['constants_with_range']} konstanter er tilpasset "
            f"{said['rows']['fit']} tall til og med {said['fit_until']}; "
            f"dataene sier noe om {said['constants_informed']} av dem.",
            f"Største R-hatt for disse: {walkers['largest_rhat_informed']}.",
        ]
        if held:
            lines.append(
                f"Av {held['count']} senere tall ligger {held['covered_50']:.0%} i "
                f"50 %-intervallet og {held['covered_90']:.0%} i 90 %-intervallet."
            )
        lines += [f"{said['failed_draws']} trekk feilet"] if said["failed_draws"] else []
        return "\n".join(lines)
    lines = [
        f"{said['constants_fitted']} of {said['constants_with_range']} constants were fitted to "
        f"{said['rows']['fit']} figures until {said['fit_until']}; "
        f"the data say something of {said['constants_informed']}.",
        f"Largest R-hat of these: {walkers['largest_rhat_informed']}.",
    ]
    if held:
        lines.append(
            f"Of {held['count']} later figures {held['covered_50']:.0%} lie in the 50 % interval "
            f"and {held['covered_90']:.0%} in the 90 % interval."
        )
    lines += [f"{said['failed_draws']} draws failed"] if said["failed_draws"] else []
    return "\n".join(lines)
