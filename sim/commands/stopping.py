"""Whether a sweep has members enough: the stop rule of its experiment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.errors import InputError
from sim.plan import MemberTable
from sim.run.sweep import Enough
from sim.sensitivity import Indices, Sample, enough, indices
from sim.store import reading
from sim.store.sweep import SweepFolder


def rule(members: MemberTable, say: Callable[[str], None]) -> Enough:
    """The rule of an experiment; it hangs on the members that are there and on nothing else.

    Args:
        members: of the experiment.
        say: is told how wide the intervals are.
    """
    design = members.sample
    if design.stop <= 0.0:
        return lambda _, __: None
    inputs = {str(name): members.table[name].to_numpy() for name in members.table.columns}

    def look(folder: SweepFolder, count: int) -> Mapping[str, Any] | None:
        try:
            found = enough(design, _indices(folder, Sample.of(design, inputs), count), count)
        except InputError as error:  # members failed, say: `analyze` tells what of that
            say(f"{count:,} members: no intervals yet ({error.problems[0].sentence})")
            return None
        if found is None:
            return None
        met, widest, _ = found
        say(f"{count:,} members: the widest interval is ±{widest:.3f}, ±{design.stop:g} is asked")
        if not met:
            return None
        told = {"of": design.stop_of, "ci_halfwidth": design.stop, "widest": widest}
        return {"why": "intervals are narrow enough", "members": count, **told}

    return look


def _indices(folder: SweepFolder, sample: Sample, count: int) -> dict[str, Indices]:
    """Of every outcome under every scenario, of the first members."""
    names = [name for told in reading.outcomes(folder).values() for name in told["elements"]]
    found: dict[str, Indices] = {}
    for scenario in folder.question["scenarios"]:
        failed = reading.left(folder, scenario, count)
        for name, values in reading.each(folder, scenario, names, count):
            found[f"{scenario} {name}"] = indices(sample.first(count), values, failed)
    return found
