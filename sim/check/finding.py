"""What a check found, and what a suite of checks adds up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOTED = "noted"  # not wrong, but worth a look; counts neither as passed nor as failed


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Args:
        outcome: how it ended.
        subject: the variable, the run or the check.
        sentence: what was found; "" where it passed.
        code: stable, kebab-case, for machines.
        file: where to mend it, as a person should see it; or "".
        line: the line there, from 1; or 0.
    """

    outcome: Outcome
    subject: str
    sentence: str = ""
    code: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        """Render as `file:line: sentence [code]`."""
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        code = f" [{self.code}]" if self.code else ""
        return f"{place}{self.sentence or self.subject}{code}"


@dataclass(frozen=True)
class Report:
    """A suite, run.

    Args:
        suite: its name.
        findings: everything that was looked at.
        measures: figures worth telling, by what they are.
    """

    suite: str
    findings: Sequence[Finding]
    measures: Mapping[str, float] = field(default_factory=dict[str, float])

    def of(self, outcome: Outcome) -> list[Finding]:
        """The findings that ended in one way."""
        return [finding for finding in self.findings if finding.outcome is outcome]

    @property
    def failed(self) -> bool:
        """Whether something failed."""
        return any(finding.outcome is Outcome.FAILED for finding in self.findings)


def judged(
    good: bool, subject: str, sentence: str, code: str, *, file: str = "", line: int = 0
) -> Finding:
    """Passed, or failed with a sentence."""
    if good:
        return Finding(Outcome.PASSED, subject, code=code, file=file, line=line)
    return Finding(Outcome.FAILED, subject, sentence, code, file, line)
