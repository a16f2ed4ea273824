"""The suite `loops`: cutting a loop moves a headline outcome, and the way its chapter says.

The way is stated by a check in `model/checks` that sets the switch to 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from sim.check.behaviour import sentences
from sim.check.finding import Finding, Report, judged
from sim.check.steps import apart
from sim.check.workbench import Workbench
from sim.run.settings import Given

LEAST = 1e-6  # relative; below it a change is rounding


def check(bench: Workbench) -> Report:
    """Cut every loop in turn, in the scenarios in which a check cuts it, else in the baseline."""
    stated: dict[str, list[str]] = {}
    for sentence in sentences():
        given = sentence.check.given
        for name, value in given.settings.items():
            if value == 0:
                stated.setdefault(name, []).append(given.scenario)
    pairs: list[tuple[str, Given]] = []
    for switch in bench.switches:
        if switch.value is not None:
            for scenario in dict.fromkeys(stated.get(switch.id, ["baseline"])):
                base = bench.scenarios.get(scenario, bench.baseline)
                pairs += [(switch.id, base)]
    outputs = [*bench.headlines]
    whole = bench.outcomes_of([base for _, base in pairs], outputs)
    off = {switch.id: np.zeros(switch.shape) for switch in bench.switches}
    cut = bench.outcomes_of([Given({own: off[own]}, {}).over(base) for own, base in pairs], outputs)
    moved: dict[str, float] = {}
    for (own, _), one, other in zip(pairs, whole, cut, strict=True):
        most = max((apart(bench, one, other, name) for name in outputs), default=0.0)
        moved[own] = max(most, moved.get(own, 0.0))
    return Report("loops", [*_moving(bench, moved), *_stated(bench, stated)])


def _moving(bench: Workbench, moved: Mapping[str, float]) -> Iterator[Finding]:
    for switch in bench.switches:
        yield judged(
            moved.get(switch.id, 0.0) > LEAST,
            f"{switch.name}: moves an outcome",
            f"'{switch.name}' set to 0 moves no headline outcome",
            "idle-loop",
            file=switch.chapter,
            line=switch.line,
        )


def _stated(bench: Workbench, stated: Collection[str]) -> Iterator[Finding]:
    for switch in bench.switches:
        yield judged(
            switch.id in stated,
            f"{switch.name}: direction stated",
            f"no check in model/checks sets '{switch.id}' to 0 and says what follows",
            "loop-direction",
            file=switch.chapter,
            line=switch.line,
        )
