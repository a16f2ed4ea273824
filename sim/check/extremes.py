"""The suite `extremes`: every constant at the ends of its range and at zero, every lever likewise.

A run holds if every number is finite, no stock is negative and every balance is zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.check.finding import Finding, Outcome, Report, judged
from sim.check.trials import Trial, run
from sim.check.workbench import BALANCED, Workbench
from sim.run.columns import names
from sim.run.settings import Given
from sim.scenario.catalogues import External
from sim.source.catalogue import CONSTANT, Variable

FAR_FROM_ZERO = 1000  # a run that begins in such a year counts its time in years of a calendar
SMALL = 1e-9  # of a stock's greatest value: rounding
WORST = 3  # elements that are named in one sentence


@dataclass(frozen=True, eq=False)
class Case:
    """One extreme run.

    Args:
        subject: what is extreme, as a person should see it.
        inputs: what the run is given.
        at_zero: whether a constant is zero though its range does not hold zero.
        file: where its range stands.
        line: the line there.
    """

    subject: str
    inputs: Given
    at_zero: bool
    file: str = ""
    line: int = 0


def check(bench: Workbench) -> Report:
    """Run every case, in batches."""
    cases = [*_constants(bench), *_levers(bench)]
    every = run(bench.model.source, bench.computed, [case.inputs for case in cases])
    found = {position: _judged(bench, cases[position], trial) for position, trial in every}
    return Report("extremes", [found[position] for position in range(len(cases))])


def faults(bench: Workbench, trial: Trial) -> list[str]:
    """What is wrong with a run, in words."""
    if not np.isnan(trial.left_at):
        return [f"leaves the finite numbers in {trial.left_at:g} in '{trial.left_in}'"]
    if not trial.finite:
        wrong = [
            f"'{bench.variables[own].name}' is not finite"
            for own, array in trial.values.items()
            if not np.isfinite(array).all()
        ]
        return wrong[:WORST]
    wrong: list[str] = []
    for stock in bench.stocks:
        flat = trial.values[stock.id].reshape(len(trial.times), -1)
        least, most = flat.min(axis=0), np.abs(flat).max(axis=0)
        for place in np.flatnonzero(least < -SMALL * np.maximum(most, 1.0)):
            element = names(stock, bench.model.subscripts)[int(place)]
            when = trial.times[int(flat[:, place].argmin())]
            wrong.append(f"the stock '{element}' falls to {least[place]:.4g} in {when:g}")
    return wrong[:WORST] + unbalanced(bench, trial)


def unbalanced(bench: Workbench, trial: Trial) -> list[str]:
    """The balances that are not zero, in words."""
    wrong: list[str] = []
    for balance in bench.balances:
        size = np.abs(trial.values[balance.id])
        if not size.max() <= BALANCED:
            when = trial.times[int(size.reshape(len(trial.times), -1).max(axis=1).argmax())]
            wrong.append(f"'{balance.name}' is {size.max():.3g} in {when:g}, not zero")
    return wrong


def _constants(bench: Workbench) -> Iterator[Case]:
    """Each constant whole: at the low end, at the high end, and at zero."""
    base = bench.baseline
    for constant in bench.variables.values():
        if constant.kind != CONSTANT or constant.value is None or constant.id in base.paths:
            continue
        ends = _ends(bench, constant)
        for place, value in ends.items():
            given = Given({constant.id: value}, {}).over(base)
            at_zero = place == "zero" and not _holds_zero(constant)
            subject = f"{constant.name} at {place}"
            yield Case(subject, given, at_zero, constant.chapter, constant.line)


def _ends(bench: Workbench, constant: Variable) -> dict[str, np.ndarray]:
    """The values to try: none for what is fixed by definition, whose range is a point."""
    value, low, high = constant.value, constant.low, constant.high
    if value is None:
        return {}
    ends: dict[str, np.ndarray] = {}
    if low is not None and not np.array_equal(np.broadcast_to(low, value.shape), value):
        ends["its low end"] = np.broadcast_to(low, value.shape).copy()
    if high is not None and not np.array_equal(np.broadcast_to(high, value.shape), value):
        ends["its high end"] = np.broadcast_to(high, value.shape).copy()
    if (
        value.any()
        and not _is_date(bench, constant)
        and (ends or low is None or constant.name.lower().startswith("loop switch"))
    ):
        ends["zero"] = np.zeros(value.shape)
    return ends


def _is_date(bench: Workbench, constant: Variable) -> bool:
    """Whether a constant is a moment: within a lifetime of a run that begins long after zero."""
    control = bench.variables
    bounds = [control[name].value for name in ("initial_time", "final_time")]
    if constant.value is None or constant.units != control["time_step"].units:
        return False
    if any(bound is None or bound < FAR_FROM_ZERO for bound in bounds):
        return False
    first, last = (float(bound) for bound in bounds if bound is not None)
    reach = last - first
    return bool(((constant.value > first - reach) & (constant.value < last + reach)).all())


def _holds_zero(constant: Variable) -> bool:
    low, high = constant.low, constant.high
    return low is not None and high is not None and bool((low <= 0).all() and (high >= 0).all())


def _levers(bench: Workbench) -> Iterator[Case]:
    """Each handle of scenarios at both ends, and all levers together."""
    if not bench.own:
        return
    known = bench.catalogues
    ends = (("its low end", 0), ("its high end", 1))
    for kind, handles in (("lever", known.levers), ("outside", known.external)):
        for name, handle in handles.items():
            for place, end in ends:
                given = _at(bench, [handle], end)
                yield Case(f"{kind} {name} at {place}", given, at_zero=False)
    for place, end in ends:
        every: list[External] = [*known.levers.values()]
        yield Case(f"all levers at {place}", _at(bench, every, end), at_zero=False)
        every += [*known.external.values()]
        yield Case(f"all levers and the outside at {place}", _at(bench, every, end), at_zero=False)


def _at(bench: Workbench, handles: Sequence[External], end: int) -> Given:
    constants = {
        handle.variable: np.full(bench.variables[handle.variable].shape, handle.range[end])
        for handle in handles
    }
    return Given(constants, {}).over(bench.baseline)


def _judged(bench: Workbench, case: Case, trial: Trial) -> Finding:
    wrong = faults(bench, trial)
    # A duration or a weight of zero means nothing where the first value divides by it.
    if wrong and case.at_zero and trial.left_at <= trial.times[0]:
        sentence = f"{case.subject}: zero is outside its range and has no meaning"
        return Finding(Outcome.SKIPPED, case.subject, sentence, "no-zero", case.file, case.line)
    sentence = f"{case.subject}: {'; '.join(wrong)}"
    return judged(not wrong, case.subject, sentence, "extreme", file=case.file, line=case.line)
