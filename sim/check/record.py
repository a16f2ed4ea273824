"""What all suites found of this project's model, kept under the hashes of what was checked.

`trondelag check` keeps it among what can be made again; the project brings the result of its own
model, `model/checks/result.json`. A record of another text, data or checks is no record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import project
from sim.check.finding import Outcome, Report
from sim.project import MODEL
from sim.store.files import put

CHECKS = MODEL / "checks"
BUNDLED = CHECKS / "result.json"
SCHEMA = "checks/1"
TOLD = 5  # failures that are named


@dataclass(frozen=True)
class Tally:
    """A suite's result.

    Args:
        suite: its name.
        passed: how many checks passed.
        failed: how many failed.
        skipped: how many could not be made.
    """

    suite: str
    passed: int
    failed: int
    skipped: int


@dataclass(frozen=True)
class Record:
    """What the suites found.

    Args:
        tallies: by suite, in order.
        failures: what the first failures say, in English.
    """

    tallies: tuple[Tally, ...]
    failures: tuple[str, ...]

    @property
    def checks(self) -> int:
        """How many passed or failed."""
        return sum(each.passed + each.failed for each in self.tallies)

    @property
    def failed(self) -> int:
        """How many failed."""
        return sum(each.failed for each in self.tallies)


def record(reports: Sequence[Report]) -> Record:
    """The record of suites that were run."""
    outcomes = (Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED)
    tallies = (Tally(each.suite, *(len(each.of(one)) for one in outcomes)) for each in reports)
    failures = [str(one) for each in reports for one in each.of(Outcome.FAILED)]
    return Record(tuple(tallies), tuple(failures[:TOLD]))


def keep(found: Record, text: str, data: str, place: Path | None = None) -> None:
    """Write a record.

    Args:
        found: of all suites.
        text: SHA-256 of the model's text.
        data: of its data.
        place: where to; where `find` looks first, when None.

    Raises:
        InputError: the file cannot be written.
    """
    plain = {
        "schema": SCHEMA,
        **_belongs(text, data),
        "suites": [each.__dict__ for each in found.tallies],
        "failures": list(found.failures),
    }
    content = json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
    put(place or _place(text, data), content.encode(), lost="the checks are not kept")


def find(text: str, data: str) -> Record | None:
    """What was found of a model by these hashes; None where nothing is kept of it."""
    wanted = _belongs(text, data)
    for place in (_place(text, data), BUNDLED):
        try:
            plain = json.loads(place.read_text(encoding="utf-8"))
            if plain["schema"] == SCHEMA and all(plain[own] == wanted[own] for own in wanted):
                return _read(plain)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def _read(plain: dict[str, Any]) -> Record:
    counts = ("passed", "failed", "skipped")
    tallies = (
        Tally(str(each["suite"]), *(int(each[one]) for one in counts)) for each in plain["suites"]
    )
    return Record(tuple(tallies), tuple(map(str, plain["failures"])))


def _belongs(text: str, data: str) -> dict[str, str]:
    """What a record is a record of."""
    digest = hashlib.sha256()
    for path in sorted(CHECKS.glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return {"text": text, "data": data, "checks": digest.hexdigest()}


def _place(text: str, data: str) -> Path:
    both = hashlib.sha256((text + data).encode()).hexdigest()
    return project.cache() / "checks" / f"{both[:32]}.json"
