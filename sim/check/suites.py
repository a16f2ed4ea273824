"""The suites by name, and which of them apply to a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.check import (
    balance_of_units,
    behaviour,
    conservation,
    extremes,
    loops,
    steps,
    text,
)
from sim.check.finding import Report
from sim.check.workbench import Workbench
from sim.errors import InputError, Problem, did_you_mean

Reach = Literal["any model", "chapters", "this project"]


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite of checks.

    Args:
        reach: to which models it applies; chapters are folders whose documentation says where
            numbers are from, and this project has scenarios and checks as well.
        check: runs it.
    """

    reach: Reach
    check: Callable[[Workbench], Report]


SUITES: dict[str, Suite] = {
    "units": Suite("any model", lambda bench: balance_of_units.check(bench.model.source)),
    "text": Suite("chapters", text.check),
    "conservation": Suite("chapters", conservation.check),
    "extremes": Suite("chapters", extremes.check),
    "behaviour": Suite("this project", behaviour.check),
    "steps": Suite("this project", steps.check),
    "loops": Suite("this project", loops.check),
}


def chosen(names: Sequence[str], bench: Workbench) -> list[str]:
    """The suites to run: those named, or all that apply.

    Raises:
        InputError: every name that is no suite's, or one's that does not apply to the model.
    """
    reaches = {"any model"}
    if bench.model.source.ours:
        reaches.add("chapters")
    if bench.own:
        reaches.add("this project")
    apply = [name for name, suite in SUITES.items() if suite.reach in reaches]
    problems: list[Problem] = []
    for name in names:
        if name not in SUITES:
            hint = did_you_mean(name, list(SUITES)) or f"known are {', '.join(SUITES)}"
            problems.append(Problem("unknown-suite", f"there is no suite '{name}'", hint=hint))
        elif name not in apply:
            said = f"the suite '{name}' is for {SUITES[name].reach} only"
            hint = f"for this model: {', '.join(apply)}"
            problems.append(Problem("suite-does-not-apply", said, hint=hint))
    if problems:
        raise InputError(problems)
    return [name for name in SUITES if name in names] if names else apply


def run(names: Sequence[str], bench: Workbench) -> Iterator[Report]:
    """Run suites, one after the other."""
    for name in names:
        yield SUITES[name].check(bench)
