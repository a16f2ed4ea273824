"""The moments of a run: its steps and those of them that are saved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, wrong
from sim.ir import Control, Series

NEAR = 1e-5  # a moment within this share of a step counts as reached; PySD's figure


@dataclass(frozen=True)
class Grid:
    """Steps and saved moments.

    Args:
        times: [step + 1] the moments, added up step by step as PySD does.
        saved: [save] the positions in `times` whose outcomes are stored.
        labels: [save] those moments, rounded to what the step can resolve.
        width: what a level's rate is multiplied by in a step: its length, or 1 (`ir.Control`).
    """

    times: NDArray[np.float64]
    saved: NDArray[np.int64]
    labels: NDArray[np.float64]
    width: float

    @property
    def steps(self) -> int:
        """How often the states go on."""
        return len(self.times) - 1

    @property
    def slots(self) -> NDArray[np.int64]:
        """[step + 1] the position among the saved moments, or -1."""
        slots = np.full(len(self.times), -1, dtype=np.int64)
        slots[self.saved] = np.arange(len(self.saved))
        return slots


def lay(control: Control, save_times: Sequence[float] | NDArray[np.float64] | None) -> Grid:
    """Lay out the moments of a run.

    Args:
        control: bounds and steps of time.
        save_times: moments to store, each on a step; None: every `saveper`.

    Raises:
        InputError: time runs backwards, or a moment to store lies on no step.
    """
    if control.moments:
        return _laid(control, save_times)
    width = control.time_step
    if not math.isfinite(control.final_time - control.initial_time):
        sentence = f"the run would go from {control.initial_time:g} to {control.final_time:g}"
        raise wrong("time-bounds", sentence)
    if not width > 0:
        raise wrong("time-step", f"the time step must be above zero, and it is {width:g}")
    times = [control.initial_time]
    while times[-1] + NEAR * width < control.final_time:
        if times[-1] + width == times[-1]:
            raise wrong("time-step", f"a time step of {width:g} is lost beside {times[-1]:g}")
        times.append(times[-1] + width)
    moments = np.array(times)
    if save_times is None:
        saved = _every(moments, control.saveper, NEAR * width)
    else:
        saved = _nearest(moments, np.asarray(save_times, dtype=np.float64), NEAR * width)
    return Grid(moments, saved, _labels(moments[saved], width), width)


def _laid(control: Control, save_times: Sequence[float] | NDArray[np.float64] | None) -> Grid:
    """The moments of a run whose steps or saved moments follow no fixed period."""
    moments = np.array(control.moments)
    least = float(np.diff(moments).min(initial=math.inf))
    least = least if math.isfinite(least) else 1.0
    if save_times is None:
        saved = np.array(control.kept, dtype=np.int64)
    else:
        saved = _nearest(moments, np.asarray(save_times, dtype=np.float64), NEAR * least)
    return Grid(moments, saved, _labels(moments[saved], least), control.time_step)


def _labels(times: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """The moments as they are shown: rounded to what a step of this width can resolve."""
    digits = max(0, -int(math.log10(NEAR * width)))
    return np.array([round(float(moment), digits) for moment in times])


def _every(times: NDArray[np.float64], period: float, near: float) -> NDArray[np.int64]:
    if not period > 0:
        raise wrong("saveper", f"the saving period must be above zero, and it is {period:g}")
    passed = times - times[0]
    return np.flatnonzero((passed % period < near) | (-passed % period < near)).astype(np.int64)


def _nearest(
    times: NDArray[np.float64], wanted: NDArray[np.float64], near: float
) -> NDArray[np.int64]:
    if wanted.size == 0:
        return np.zeros(0, dtype=np.int64)
    wanted = np.unique(wanted)
    after = np.clip(np.searchsorted(times, wanted), 0, len(times) - 1)
    before = np.maximum(after - 1, 0)
    nearer = wanted - times[before] <= times[after] - wanted
    found = np.where(nearer, before, after)
    missed = [
        Problem("save-time", f"{moment:g} is no step of the run", hint=_bounds(times))
        for moment, position in zip(wanted, found, strict=True)
        if not abs(times[position] - moment) <= near
    ]
    if missed:
        raise InputError(missed)
    return np.unique(found).astype(np.int64)


def _bounds(times: NDArray[np.float64]) -> str:
    width = times[1] - times[0] if len(times) > 1 else 0.0
    return f"the run goes from {times[0]:g} to {times[-1]:g} in steps of {width:g}"


def read(series: Series, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """A path's values at `times`, read as PySD reads data.

    At a knot its value; between knots as `series.reading` says; outside, the end is held
    (`raw`: not a number wherever there is no knot).
    """
    knots = np.asarray(series.times, dtype=np.float64)
    values = np.asarray(series.values, dtype=np.float64)
    if series.reading == "interpolate":
        return np.interp(times, knots, values)
    last = len(knots) - 1
    before = np.searchsorted(knots, times, side="right") - 1  # the last knot not after
    if series.reading == "hold_backward":
        return values[np.clip(before, 0, last)]
    after = np.searchsorted(knots, times, side="left")  # the first knot not before
    if series.reading == "look_forward":
        return values[np.clip(after, 0, last)]
    at_knot = knots[np.clip(before, 0, last)] == times
    return np.where(at_knot, values[np.clip(before, 0, last)], np.nan)
