"""The suite `steps`: half the time step changes headline outcomes by less than half a per cent.

An eighth of the step, and Runge and Kutta's method where the model's equations do not jump, are
measured and reported, not judged.
"""

from __future__ import annotations

import numpy as np

from sim.check.finding import Finding, Outcome, Report, judged
from sim.check.trials import Array, Trial, run
from sim.check.workbench import Workbench
from sim.errors import InputError
from sim.run.settings import Given

MOST = 0.005
NEAR_ZERO = 0.01  # of an outcome's mean size


def check(bench: Workbench) -> Report:
    """Halve the step in every bundled scenario; compare integrators in the baseline."""
    findings: list[Finding] = []
    measures: dict[str, float] = {}
    step = bench.variables["time_step"].value
    if step is None or not bench.headlines:
        said = "the time step is computed, or there are no headline outcomes"
        return Report("steps", [Finding(Outcome.SKIPPED, "time step", said, "no-step")])
    half = Given({"time_step": np.asarray(step / 2)}, {})
    given = list(bench.scenarios.values())
    whole = bench.outcomes_of(given, [*bench.headlines])
    halved = bench.outcomes_of([half.over(one) for one in given], [*bench.headlines])
    for scenario, one, other in zip(bench.scenarios, whole, halved, strict=True):
        for name in bench.headlines:
            gap = apart(bench, one, other, name)
            label = f"half step, {name}"
            measures[label] = max(gap, measures.get(label, 0.0))
            findings.append(
                judged(
                    gap < MOST,
                    f"{name} in '{scenario}'",
                    f"half the step moves '{name}' by {gap:.2%} in '{scenario}'",
                    "step",
                )
            )
    baseline = whole[[*bench.scenarios].index("baseline")]
    differences, refused = _runge_kutta(bench, baseline)
    measures |= _fine(bench, baseline, step) | differences
    findings += refused
    return Report("steps", findings, measures)


def apart(bench: Workbench, one: Trial, other: Trial, name: str) -> float:
    """The largest difference of a headline outcome between two runs.

    Shares and rates (dmnl) by their plain difference; what is itself a difference (compared
    absolutely: net emissions, what was replaced) relative to its largest size; all else relative
    to the first run and, where that is near zero, to its mean size.
    """
    left: Array = one.values[name]
    right: Array = other.values[name]
    gap = np.abs(right - left)
    if bench.headlines[name].units == "dmnl":
        return float(np.max(gap))
    size = np.abs(left)
    absolute = bench.headlines[name].change == "absolute"
    scale = np.max(size) if absolute else np.maximum(size, NEAR_ZERO * np.mean(size))
    return float(np.max(gap / np.where(scale > 0, scale, 1.0)))


def _runge_kutta(bench: Workbench, euler: Trial) -> tuple[dict[str, float], list[Finding]]:
    """By how much RK4 differs from Euler in the baseline, where it can be used."""
    try:
        ((_, rk4),) = run(bench.model.source, [*bench.headlines], [bench.baseline], "rk4")
    except InputError as error:
        first, more = error.problems[0].sentence, len(error.problems) - 1
        said = f"RK4 is not defined for this model: {first}" + (
            f", and {more} more" if more else ""
        )
        return {}, [Finding(Outcome.SKIPPED, "RK4 in 'baseline'", said, "rk4")]
    return {f"RK4, {name}": apart(bench, euler, rk4, name) for name in bench.headlines}, []


def _fine(bench: Workbench, euler: Trial, step: Array) -> dict[str, float]:
    """By how much an eighth of the step differs in the baseline: what Euler has left undone."""
    eighth = Given({"time_step": np.asarray(step / 8)}, {}).over(bench.baseline)
    (fine,) = bench.outcomes_of([eighth], [*bench.headlines])
    return {
        f"eighth of the step, {name}": apart(bench, euler, fine, name) for name in bench.headlines
    }
