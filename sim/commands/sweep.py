"""Run an experiment: many members under every scenario, kept part by part."""

from __future__ import annotations

import argparse
import json
import shutil
import sys

from sim.commands import stopping, workers
from sim.project import shown
from sim.run import sweep
from sim.run.estimate import Estimate, estimate
from sim.run.executors import Executor
from sim.run.experiment import prepared
from sim.run.order import Sweep
from sim.run.progress import duration
from sim.run.sweep import Swept

SUMMARY = "Run an experiment's members under every scenario; started again, it goes on"
_EXAMPLE = """
Example:
  trondelag sweep screening --dry-run
  trondelag sweep my/experiment.yaml --jobs 4
  trondelag sweep screening --dask tcp://head-node:8786

writes runs/<experiment>-<hash>/: manifest.json, inputs.parquet, outputs/part-*.parquet,
summary.parquet. Interrupted or killed, start the same command again: it does what is missing,
and the files are the same to the byte. `trondelag analyze` reads the folder.

Exit codes: 0 done, 1 more members failed than the experiment allows, 2 bad input, 3 done but
some members failed, 130 interrupted.
"""
SOME_FAILED, TOO_MANY = 3, 1
_TOLD = {
    "en": (
        "runs    {members} members x {scenarios} scenarios = {runs}",
        "; {missing} of them are missing",
        "time    about {time} with {jobs} jobs ({each} ms a run, measured with {trial})",
        "memory  about {memory}",
        "disk    about {disk} of {free} free, in {folder}",
        "at most; it ends after {stages} members once all intervals are within ±{stop}",
    ),
    "nb": (
        "kjøringer  {members} medlemmer x {scenarios} scenarioer = {runs}",
        "; {missing} av dem mangler",
        "tid        omtrent {time} med {jobs} samtidig ({each} ms per kjøring, målt med {trial})",
        "minne      omtrent {memory}",
        "disk       omtrent {disk} av {free} ledig, i {folder}",
        "høyst; den slutter etter {stages} medlemmer når alle intervaller er innenfor ±{stop}",
    ),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    parser.add_argument("experiment", metavar="ID|FILE", help="bundled experiment, or a file")
    workers.configure(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="say members, time, memory and disk; write nothing"
    )


def execute(arguments: argparse.Namespace) -> int:
    """Run what is missing, print the folder and counts; returns 0, 1 or 3.

    Raises:
        InputError: everything wrong with the experiment; the disk is full or closed to us.
    """
    members, packed = prepared(arguments.experiment)
    executor = workers.executor(arguments)
    if arguments.dry_run:
        separate = arguments.workers == "processes" or arguments.dask is not None
        told = estimate(packed, executor.jobs, separate=separate)
        _tell(packed, executor, told, members.sample.stop, arguments)
        return 0
    swept = sweep.run(
        packed,
        executor,
        progress=workers.progress,
        say=_say,
        enough=stopping.rule(members, _say),
    )
    failed = sum(swept.failed.values())
    if arguments.json:
        print(json.dumps(_record(swept), ensure_ascii=False, indent=1))
    else:
        print(_sentence(swept, failed, arguments.lang))
        for example in swept.examples:
            print(f"  {example}")
        print(shown(swept.folder.folder))
    return TOO_MANY if swept.over else SOME_FAILED if failed else 0


def _record(swept: Swept) -> dict[str, object]:
    return {
        "folder": shown(swept.folder.folder),
        "runs": swept.runs,
        "failed": dict(swept.failed),
        "from_disk": swept.asked_before,
        "stopped": swept.folder.manifest.get("stopped"),
        "too_many_failed": swept.over,
    }


def _sentence(swept: Swept, failed: int, language: str) -> str:
    share = failed / swept.runs
    limit = float(swept.folder.manifest["limit"])
    if language == "nb":
        start = f"{swept.runs:,} kjøringer" + (" lest fra disk" if swept.asked_before else "")
        if swept.runs < swept.asked:
            start += f" av {swept.asked:,} var nok: intervallene er smale nok"
        if swept.over:
            return f"stanset: {failed:,} kjøringer feilet, mer enn tillatt ({limit:.2%} av alle)"
        return f"{start}; {failed:,} feilet ({share:.2%})" if failed else f"{start}; ingen feilet"
    start = f"{swept.runs:,} runs" + (" read from disk" if swept.asked_before else "")
    if swept.runs < swept.asked:
        start += f" of {swept.asked:,} were enough: the intervals are narrow enough"
    if swept.over:
        return f"stopped: {failed:,} runs failed, more than allowed ({limit:.2%} of all)"
    return f"{start}; {failed:,} failed ({share:.2%})" if failed else f"{start}; none failed"


def _tell(
    packed: Sweep, executor: Executor, told: Estimate, stop: float, arguments: argparse.Namespace
) -> None:
    """Print an estimate."""
    place = told.folder
    while not place.exists():
        place = place.parent
    free = float(shutil.disk_usage(place).free)
    if arguments.json:
        record = {
            "runs": told.runs,
            "missing": told.missing,
            "stages": list(packed.stages),
            "parts": packed.parts,
            "jobs": executor.jobs,
            "seconds": told.seconds,
            "memory_bytes": told.memory,
            "disk_bytes": told.disk,
            "disk_free_bytes": free,
            "folder": shown(told.folder),
        }
        print(json.dumps(record, ensure_ascii=False, indent=1))
        return
    words = {
        "members": f"{packed.members:,}",
        "scenarios": len(packed.bundle.settings),
        "runs": f"{told.runs:,}",
        "missing": f"{told.missing:,}",
        "time": duration(told.seconds),
        "jobs": executor.jobs,
        "each": f"{told.each * 1e3:.3g}",
        "trial": told.trial,
        "memory": _size(told.memory),
        "disk": _size(told.disk),
        "free": _size(free),
        "folder": shown(told.folder),
    }
    lines = _TOLD[arguments.lang]
    print(
        lines[0].format(**words) + ("" if told.missing == told.runs else lines[1].format(**words))
    )
    for line in lines[2:5]:
        print(line.format(**words))
    if len(packed.stages) > 1 and told.missing:
        each = ", ".join(f"{stage:,}" for stage in packed.stages[:-1])
        print(lines[5].format(stages=each, stop=f"{stop:g}"))


def _size(count: float) -> str:
    """Bytes as people say them: `350 kB`, `7.5 GB`."""
    unit, rest = "bytes", count
    for larger in ("kB", "MB", "GB"):
        if rest >= 1000:
            unit, rest = larger, rest / 1000
    return f"{rest:.1f} {unit}" if rest < 10 and unit != "bytes" else f"{rest:,.0f} {unit}"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
