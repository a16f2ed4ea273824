"""The suite `conservation`: every `* balance` is zero to rounding, in every scenario."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.check.finding import Finding, Report, judged
from sim.check.workbench import BALANCED, Workbench


def check(bench: Workbench) -> Report:
    """Look at every balance in every bundled scenario; extreme runs do so for themselves."""
    names = [balance.id for balance in bench.balances]
    findings: list[Finding] = []
    if names:
        runs = bench.outcomes_of(list(bench.scenarios.values()), names)
        for scenario, trial in zip(bench.scenarios, runs, strict=True):
            where = f" in scenario '{scenario}'" if scenario else ""
            for balance in bench.balances:
                worst = float(np.max(np.abs(trial.values[balance.id]), initial=0.0))
                findings.append(
                    judged(
                        worst <= BALANCED,
                        f"{balance.name}{where}",
                        f"'{balance.name}' is {worst:.3g}{where}, not zero",
                        "balance",
                        file=balance.chapter,
                        line=balance.line,
                    )
                )
    return Report("conservation", [*findings, *_relative(bench)])


def _relative(bench: Workbench) -> Iterator[Finding]:
    """A balance in persons or tonnes would be zero to what rounding? It is stated relative."""
    for balance in bench.balances:
        yield judged(
            balance.units.lower() in {"dmnl", "dimensionless", "1"},
            f"unit of {balance.name}",
            f"'{balance.name}' is in {balance.units}; divide it by what it balances",
            "balance-unit",
            file=balance.chapter,
            line=balance.line,
        )
