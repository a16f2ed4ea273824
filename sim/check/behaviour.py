"""The suite `behaviour`: the sentences of `model/checks/*.yaml`, run in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.check.finding import Finding, Report, judged
from sim.check.schema import FOLDER, Check, ChecksFile, Claim
from sim.check.trials import Trial
from sim.check.workbench import Workbench
from sim.errors import InputError, Problem, did_you_mean
from sim.ir import identifier
from sim.path import Path as Values
from sim.path import through
from sim.run.settings import Given, given
from sim.scenario import bundled
from sim.scenario.catalogues import External
from sim.scenario.document import Document, read
from sim.scenario.fit import fit
from sim.scenario.schema import YearPath

Array = NDArray[np.float64]
NEAR = 1e-6  # years: a moment asked for is one that is saved


@dataclass(frozen=True, eq=False)
class Sentence:
    """A check with where it stands.

    Args:
        describe: what its file is about.
        check: the check.
        file: the file, as a person should see it.
        line: the line of the check there.
        lines: the line of each claim.
    """

    describe: str
    check: Check
    file: str
    line: int
    lines: tuple[int, ...]

    @property
    def subject(self) -> str:
        """The sentence as a whole: `the labour market: no labour means no value added`."""
        return f"{self.describe}: {self.check.it}"


class Variant(NamedTuple):
    """One run of a check: what it is given and what it is held against."""

    said: str
    inputs: Given
    base: Given


def sentences(folder: Path = FOLDER) -> list[Sentence]:
    """Every check of a folder, in the order of the files' names.

    Raises:
        InputError: everything that is wrong in all files.
    """
    found: list[Sentence] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = read(path)
            said, wrong = fit(document, ChecksFile, {})
        except InputError as error:
            problems += error.problems
            continue
        problems += [*document.problems, *wrong]
        found += _of(document, said)
    if problems:
        raise InputError(problems)
    return found


def _of(document: Document, said: ChecksFile) -> Iterator[Sentence]:
    for number, check in enumerate(said.checks):
        place = ("checks", number)
        lines = [document.root.line_of(*place, "then", claim) for claim in range(len(check.then))]
        line = document.root.line_of(*place)
        yield Sentence(said.describe, check, document.file, line, tuple(lines))


def check(bench: Workbench, folder: Path = FOLDER) -> Report:
    """Run every check.

    Raises:
        InputError: everything in the files that the model does not have.
    """
    found = sentences(folder)
    problems: list[Problem] = []
    variants = [_variants(bench, sentence, problems) for sentence in found]
    for sentence in found:
        problems += _misfits(bench, sentence)
    if problems:
        raise InputError(dict.fromkeys(problems))
    asked: dict[str, Given] = {}
    for each in variants:
        asked |= {run.digest: run for one in each for run in (one.inputs, one.base)}
    claims = [claim for sentence in found for claim in sentence.check.then]
    outputs = dict.fromkeys(
        name for claim in claims for name in (claim.outcome, claim.per) if name is not None
    )
    runs = dict(zip(asked, bench.outcomes_of(list(asked.values()), list(outputs)), strict=True))
    return Report(
        "behaviour",
        [
            _judged(bench, sentence, each, runs)
            for sentence, each in zip(found, variants, strict=True)
        ],
    )


# --- what a check asks for ----------------------------------------------------------------


def _variants(bench: Workbench, sentence: Sentence, problems: list[Problem]) -> list[Variant]:
    said, base = sentence.check.given, sentence.check.base
    inputs = _inputs(bench, sentence, said.scenario, said.settings, problems)
    against = _inputs(bench, sentence, base.scenario or said.scenario, base.settings, problems)
    if inputs is None or against is None:
        return []
    if said.levers is None:
        return [Variant("", inputs, against)]
    known = bench.catalogues.levers
    variants: list[Variant] = []
    for place in said.levers.at:
        groups: dict[str, Sequence[External]] = (
            {name: [lever] for name, lever in known.items()}
            if said.levers.which == "each"
            else {"all levers": [*known.values()]}
        )
        for name, levers in groups.items():
            moved = inputs if place == "default" else _moved(bench, levers, place).over(inputs)
            variants.append(Variant(f"{name} at its {place}", moved, against))
    return variants


def _moved(bench: Workbench, levers: Sequence[External], place: str) -> Given:
    end = ("minimum", "maximum").index(place)
    shapes = {lever.variable: bench.variables[lever.variable].shape for lever in levers}
    constants = {
        lever.variable: np.full(shapes[lever.variable], lever.range[end]) for lever in levers
    }
    return Given(constants, {})


def _inputs(
    bench: Workbench,
    sentence: Sentence,
    scenario: str,
    settings: Mapping[str, float | YearPath],
    problems: list[Problem],
) -> Given | None:
    if scenario not in bench.scenarios:
        hint = did_you_mean(scenario, bundled())
        said = f"'{sentence.check.it}' names the unknown scenario '{scenario}'"
        problems.append(Problem("unknown-scenario", said, sentence.file, sentence.line, hint))
        return None
    values: dict[str, Any] = {name: _value(value) for name, value in settings.items()}
    try:
        return given(values, bench.variables, bench.model.subscripts, bench.scenarios[scenario])
    except InputError as error:
        problems += [
            Problem(one.code, one.sentence, sentence.file, sentence.line, one.hint)
            for one in error.problems
        ]
        return None


def _value(value: float | YearPath) -> float | Values:
    if isinstance(value, YearPath):
        return through(value.knots, step=value.interp == "step")
    return value


def _misfits(bench: Workbench, sentence: Sentence) -> Iterator[Problem]:
    """Outcomes, elements and moments that the model does not have."""
    computed = set(bench.computed)
    for claim, line in zip(sentence.check.then, sentence.lines, strict=True):
        for name in (claim.outcome, claim.per):
            if name is not None and name not in computed:
                hint = did_you_mean(name, bench.computed)
                said = f"the model computes no '{name}'"
                yield Problem("unknown-outcome", said, sentence.file, line, hint)
        if claim.outcome not in computed:
            continue
        known = {
            identifier(label)
            for dim in bench.variables[claim.outcome].dims
            for label in bench.model.subscripts[dim]
        }
        for label in (*claim.elements, *claim.without):
            if label not in known:
                hint = did_you_mean(label, sorted(known))
                said = f"'{claim.outcome}' has no element '{label}'"
                yield Problem("unknown-subscript", said, sentence.file, line, hint)


# --- whether it holds ---------------------------------------------------------------------


def _judged(
    bench: Workbench, sentence: Sentence, variants: Sequence[Variant], runs: Mapping[str, Trial]
) -> Finding:
    """The finding of a check: passed if every claim holds in every variant."""
    for variant in variants:
        trial, base = runs[variant.inputs.digest], runs[variant.base.digest]
        for claim, line in zip(sentence.check.then, sentence.lines, strict=True):
            wrong = _broken(bench, claim, trial, base)
            if wrong:
                also = f" ({variant.said})" if variant.said else ""
                said = f"{sentence.subject}{also}: {wrong}"
                return judged(
                    False, sentence.subject, said, "behaviour", file=sentence.file, line=line
                )
    return judged(True, sentence.subject, "", "behaviour", file=sentence.file, line=sentence.line)


def _broken(bench: Workbench, claim: Claim, trial: Trial, base: Trial) -> str:
    """How a claim is broken, in words; "" where it holds."""
    names, values = _number(bench, claim, trial)
    if claim.against is not None:
        other = _number(bench, claim, base)[1]
        with np.errstate(divide="ignore", invalid="ignore"):
            values = values - other if claim.against == "difference" else values / other
    window = _window(claim, trial.times)
    if not window.any():
        return f"no moment between {claim.since} and {claim.until} is saved"
    if claim.relative_to is not None:
        if claim.relative_to == "greatest":
            scale = values[window].max(axis=0)
        else:
            near = np.abs(trial.times - claim.relative_to) < NEAR
            if not near.any():
                return f"the year {claim.relative_to} is not saved"
            scale = values[near][0]
        with np.errstate(divide="ignore", invalid="ignore"):
            values = values / scale
    times, judged_ = trial.times[window], values[window]
    return _compared(claim, names, times, judged_)


def _number(bench: Workbench, claim: Claim, trial: Trial) -> tuple[list[str], Array]:
    """Names, and values of shape (time, name), before any comparison."""
    variable = bench.variables[claim.outcome]
    values = trial.values[claim.outcome].reshape(len(trial.times), -1)
    names: list[str] = []
    chosen: list[int] = []
    labels = [bench.model.subscripts[dim] for dim in variable.dims]
    for column, position in enumerate(np.ndindex(variable.shape)):
        own = [identifier(each[at]) for each, at in zip(labels, position, strict=True)]
        wanted = not claim.elements or any(label in claim.elements for label in own)
        if wanted and not any(label in claim.without for label in own):
            chosen.append(column)
            names.append(f"{claim.outcome}[{','.join(own)}]" if own else claim.outcome)
    values = values[:, chosen]
    if claim.sum:
        names, values = [f"the sum of {claim.outcome}"], values.sum(axis=1, keepdims=True)
    if claim.per is not None:
        below = trial.values[claim.per].reshape(len(trial.times), -1).sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            values = values / below
        names = [f"{name} per {claim.per}" for name in names]
    return names, values


def _window(claim: Claim, times: Array) -> NDArray[np.bool_]:
    if claim.at is not None:
        return np.abs(times - claim.at) < NEAR
    since = -np.inf if claim.since is None else claim.since
    until = np.inf if claim.until is None else claim.until
    return (times >= since - NEAR) & (times <= until + NEAR)


def _compared(claim: Claim, names: Sequence[str], times: Array, values: Array) -> str:
    # Written so that what is no number holds of nothing.
    tests: list[tuple[str, NDArray[np.bool_]]] = []
    if claim.above is not None:
        tests.append((f"not above {claim.above:g}", ~(values > claim.above)))
    if claim.below is not None:
        tests.append((f"not below {claim.below:g}", ~(values < claim.below)))
    if claim.at_least is not None:
        tests.append((f"less than {claim.at_least:g}", ~(values >= claim.at_least)))
    if claim.at_most is not None:
        tests.append((f"more than {claim.at_most:g}", ~(values <= claim.at_most)))
    if claim.equals is not None and claim.within is not None:
        gap = np.abs(values - claim.equals)
        tests.append((f"not {claim.equals:g} within {claim.within:g}", ~(gap <= claim.within)))
    if claim.monotone is not None:
        steps = np.diff(values, axis=0, prepend=values[:1])
        wrong = ~(steps >= 0) if claim.monotone == "rising" else ~(steps <= 0)
        tests.append((f"not {claim.monotone} there", wrong))
    for said, wrong in tests:
        if wrong.any():
            row, column = (int(at) for at in np.argwhere(wrong)[0])
            number = f"{values[row, column]:.6g}"
            return f"{names[column]}{_made(claim)} is {number} in {times[row]:g}, {said}"
    return ""


def _made(claim: Claim) -> str:
    """What was done to an outcome, in words."""
    words = {
        "difference": " less the base run's",
        "ratio": " over the base run's",
    }.get(claim.against or "", "")
    if claim.relative_to is not None:
        words += f" relative to its {claim.relative_to} value"
    return words
