"""Is everything there that a run needs?"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import sim
from sim import project, scenario
from sim.errors import InputError
from sim.run.model import DEFAULT, ENGINES

SUMMARY = "Show versions, engines, cores and caches, and what is missing"
_EXAMPLE = """
Example:
  trondelag doctor

exits with 0 when nothing is missing and 1 when something is; what is missing is marked with !.
"""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what, what was found, and whether that will do."""

    what: str
    found: str
    well: bool = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: none of its own."""
    parser.epilog = _EXAMPLE


def execute(arguments: argparse.Namespace) -> int:
    """Print what was found; returns 0, or 1 when something is missing."""
    findings = examine()
    if arguments.json:
        records = [{"what": f.what, "found": f.found, "well": f.well} for f in findings]
        print(json.dumps(records, ensure_ascii=False, indent=1))
    else:
        width = max(len(finding.what) for finding in findings)
        for finding in findings:
            print(f"{' ' if finding.well else '!'} {finding.what:<{width}}  {finding.found}")
    return 0 if all(finding.well for finding in findings) else 1


def examine() -> list[Finding]:
    """Look at the installation, the model, the scenarios and the folders written to."""
    return [
        Finding("python", f"{platform.python_version()} on {platform.system()}"),
        Finding("cores", str(os.cpu_count())),
        *_distributions(),
        Finding("engines", f"{', '.join(ENGINES)} (used: {DEFAULT})", DEFAULT in ENGINES),
        _model(),
        _scenarios(),
        _folder("cache", project.cache()),
        _folder("runs", project.RUNS),
    ]


def _distributions() -> list[Finding]:
    """This distribution and all that it needs, each at least as new as it asks for."""
    findings = [Finding("trondelag", version("trondelag"))]
    for line in sorted(requires("trondelag") or [], key=str.lower):
        match = re.match(r"([\w.-]+)\s*(?:>=\s*([\d.]+))?", line)
        if match is None or "extra ==" in line:
            continue
        name, least = match.group(1), match.group(2) or "0"
        try:
            found = version(name)
        except PackageNotFoundError:
            findings.append(Finding(name, "not installed", well=False))
            continue
        new = _parts(found) >= _parts(least)
        findings.append(Finding(name, found if new else f"{found}, older than {least}", well=new))
    return findings


def _parts(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", text)[:3]]


def _model() -> Finding:
    try:
        model = sim.load_model()
    except InputError as error:
        return Finding("model", f"{len(error.problems)} problems: {error.problems[0]}", well=False)
    return Finding("model", f"{len(model.variables)} variables, hash {model.hash[:12]}")


def _scenarios() -> Finding:
    problems: list[str] = []
    names = scenario.bundled()
    for name in names:
        try:
            scenario.load(name)
        except InputError as error:
            problems += map(str, error.problems)
    if problems or not names:
        first = f": {problems[0]}" if problems else ""
        return Finding("scenarios", f"{len(problems)} problems{first}", well=False)
    return Finding("scenarios", ", ".join(names))


def _folder(what: str, folder: Path) -> Finding:
    """A folder that is written to: where it is, how large, and whether it can be written."""
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    writable = existing.is_dir() and os.access(existing, os.W_OK)
    size = sum(map(_size, folder.rglob("*")))
    found = f"{project.shown(folder)}, {size / 1e6:.1f} MB"
    return Finding(what, found if writable else f"{found}, not writable", well=writable)


def _size(path: Path) -> int:
    """Bytes of a file; 0 of what is none, or was taken away meanwhile by another process."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
