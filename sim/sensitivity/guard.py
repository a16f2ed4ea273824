"""What stands between a run and an estimator: nothing is analysed that does not fit it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError, wrong
from sim.plan.design import Cube, Design, correlated, fingerprint, sampled
from sim.sensitivity.estimate import Outputs
from sim.shapes import Bool

GIVEN_DATA = "given_data"
FEWEST = 32  # members left for an estimator that needs no design


@dataclass(frozen=True, eq=False)
class Sample:
    """A design with its sample made again.

    Args:
        design: as the run tells it.
        cube: coordinates as the design laid them out.
        places: coordinates of the inputs in their distributions (after copulas).
    """

    design: Design
    cube: Cube
    places: Cube

    @classmethod
    def of(cls, design: Design, inputs: Mapping[str, np.ndarray] | None = None) -> Sample:  # pyright: ignore[reportMissingTypeArgument]
        """Make it.

        Args:
            design: as the run tells it.
            inputs: the members' parameters by column, where `needs_inputs` says so.

        Raises:
            InputError: this version of SALib or SciPy makes another sample than the run's did.
        """
        cube = sampled(design)
        if fingerprint(cube) != design.cube:
            said = f"the members were sampled by {design.made_by}, which here makes other ones"
            raise wrong("other-sample", said, hint=f"install {design.made_by}, or sweep again")
        places = correlated(design, cube)
        if needs_inputs(design) and places is cube:
            places = cube.copy()
        for at, factor in enumerate(design.factors):
            if factor.own and inputs is not None:
                order = np.argsort(np.asarray(inputs[factor.columns[0]]), kind="stable")
                places[order, at] = (np.arange(len(cube)) + 0.5) / len(cube)
        return cls(design, cube, places)

    def first(self, members: int) -> Sample:
        """The beginning of it, of a sweep that ended early."""
        return Sample(self.design, self.cube[:members], self.places[:members])


@dataclass(frozen=True, eq=False)
class Fitting:
    """What an estimator may have.

    Args:
        estimator: the one that may have it.
        values: outputs of the members that are left.
        cube: their coordinates.
        left_out: how many members are not among them because some failed.
        failed: how many failed.
        fallback: whether the design's own estimator had to give way.
    """

    estimator: str
    values: Outputs
    cube: Cube
    left_out: int
    failed: int
    fallback: bool


def needs_inputs(design: Design) -> bool:
    """Whether coordinates alone do not say how inputs are to be judged."""
    return any(factor.own for factor in design.factors)


def fitting(
    sample: Sample,
    values: Outputs,
    failed: Bool[np.ndarray, " member"],
    estimator: str | None = None,
) -> Fitting:
    """What is left for the estimator after the policy for failed members.

    Args:
        sample: of the run.
        values: outputs, a row a member.
        failed: members that left the finite numbers.
        estimator: None for the design's own; `given_data` fits every design.

    Raises:
        InputError: the outputs are not those of the design, the estimator is another design's,
            members failed and the policy does not let them be left out.
    """
    design = sample.design
    wanted = estimator or design.estimator
    if wanted not in {design.estimator, GIVEN_DATA}:
        said = f"a {design.kind} sample cannot be analysed as {wanted}"
        raise wrong("mixed-design", said, hint=f"use {design.estimator} or {GIVEN_DATA}")
    if not len(values) == len(failed) == len(sample.cube):
        said = f"there are {len(values):,} members, but the design has {len(sample.cube):,}"
        raise wrong("wrong-length", said, hint="run the sweep again")
    out: Bool[np.ndarray, " member"] = failed.copy()
    out[~np.isfinite(values).all(axis=1)] = True
    count = int(out.sum())
    if not count:
        return _given(sample, values, wanted, out, 0, 0, fallback=False)
    if design.failed == "refuse":
        raise _refused(f"{count:,} of {len(out):,} members failed", design)
    if design.failed == GIVEN_DATA or wanted == GIVEN_DATA:
        _within(design, count, len(out), "members")
        fallback = wanted != GIVEN_DATA
        return _given(sample, values, GIVEN_DATA, out, count, count, fallback=fallback)
    step = design.block
    if step == 0:
        raise _refused(f"{count:,} members failed, and {design.kind} can spare none", design)
    blocks = np.asarray(out.reshape(-1, step).any(axis=1))
    _within(design, int(blocks.sum()), len(blocks), "blocks" if step > 1 else "members")
    gone = np.repeat(blocks, step)
    if len(blocks) - blocks.sum() < 2:
        raise _refused("hardly a member is left", design)
    cube = sample.places if step == 1 else sample.cube
    return Fitting(wanted, values[~gone], cube[~gone], int(gone.sum()), count, False)


def _given(
    sample: Sample,
    values: Outputs,
    estimator: str,
    out: Bool[np.ndarray, " member"],
    left_out: int,
    failed: int,
    *,
    fallback: bool,
) -> Fitting:
    """The members for an estimator; for one that needs no design those that are independent."""
    if estimator == sample.design.estimator and estimator not in {"pawn", "delta", GIVEN_DATA}:
        return Fitting(estimator, values, sample.cube, left_out, failed, fallback)
    keep = ~out
    step = sample.design.block
    if sample.design.kind in {"sobol", "dgsm", "morris"}:
        # Within a block members differ in one input only. Its first is independent of all
        # others, and of sobol its last.
        first = np.zeros(step, dtype=bool)
        first[[0, -1] if sample.design.kind == "sobol" else [0]] = True
        keep &= np.tile(first, len(out) // step)
    if keep.sum() < FEWEST:
        raise _refused(f"{int(keep.sum())} members are too few to analyse", sample.design)
    return Fitting(estimator, values[keep], sample.places[keep], left_out, failed, fallback)


def _within(design: Design, lost: int, of: int, what: str) -> None:
    if lost > design.at_most * of:
        said = f"{lost:,} of {of:,} {what} would be left out, more than {design.at_most:.1%}"
        raise _refused(said, design)


def _refused(said: str, design: Design) -> InputError:
    hints = {
        "refuse": "`analyze --failed quarantine` leaves them out, as does "
        "failed: {policy: quarantine} in the experiment",
        "quarantine": "`--failed given_data` uses estimators that need no design, "
        "and `--at-most` says how many may be missing",
        GIVEN_DATA: "narrow the inputs so that fewer members fail, or raise `--at-most`",
    }
    return wrong("members-failed", f"no indices: {said}", hint=hints.get(design.failed, ""))
