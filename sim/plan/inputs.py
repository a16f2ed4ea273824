"""What an experiment varies, looked up in a model; every misfit is a problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np

from sim.errors import Problem, did_you_mean
from sim.ir import identifier
from sim.plan import quantiles
from sim.plan.blocks import Bent, Block, Place, Plain, Rows, Spread
from sim.plan.design import GROUPED, Factor
from sim.scenario import catalogues
from sim.scenario import distribution as d
from sim.scenario.experiment import Experiment, Shares
from sim.scenario.schema import Text
from sim.source.catalogue import CONSTANT, Variable

Keys = tuple[str | int, ...]
DRAWN = "draws"  # the group of what a table of draws moves


class Reader:
    """Collects blocks and problems; a column belongs to one block."""

    def __init__(
        self,
        experiment: Experiment,
        variables: Mapping[str, Variable],
        subscripts: Mapping[str, Sequence[str]],
    ) -> None:
        self.experiment = experiment
        self.variables = variables
        self.subscripts = subscripts
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []
        self._taken: dict[str, str] = {}
        self._constants = [own for own, each in variables.items() if each.kind == CONSTANT]

    def read(self) -> None:
        """Everything that the experiment varies, explicit inputs before ranges."""
        said = self.experiment
        for own, given in said.inputs.items():
            self._input(own, given, ("inputs", own), own)
        for own, shares in said.shares.items():
            self._shares(own, shares)
        for own in said.curves:
            self._curve(own)
        self._draws()
        self._ranges()

    def places(self, element: str, keys: Keys) -> tuple[Variable, list[Place]] | None:
        """The elements that a name stands for; None, with a problem, where it names none."""
        head, labels = d.parted(element)
        variable = self.variables.get(head)
        if variable is None:
            hint = did_you_mean(head, self._constants)
            self._complain("unknown-input", f"the model has no constant '{head}'", keys, hint)
            return None
        if variable.kind != CONSTANT or variable.value is None:
            why = f"is a {variable.kind}" if variable.kind != CONSTANT else "is computed"
            self._complain("not-a-constant", f"'{head}' {why}; only constants vary", keys)
            return None
        every = _places(variable, self.subscripts)
        if not labels:
            return variable, every
        ids = [f"{head}[{','.join(each)}]" for each in _ids(variable, self.subscripts)]
        wanted = f"{head}[{','.join(labels)}]"
        if wanted not in ids:
            hint = did_you_mean(wanted, ids)
            self._complain("unknown-element", f"there is no element '{element}'", keys, hint)
            return None
        return variable, [every[ids.index(wanted)]]

    def _input(self, element: str, given: d.Drawn, keys: Keys, name: str) -> None:
        found = self.places(element, keys)
        if found is None:
            return
        variable, places = found
        if isinstance(given, d.ByGrade) and not any(_ranged(each) for each in places):
            said = f"'{name}' has no range in the model's text"
            self._complain("no-range", said, keys, "give a distribution")
            return
        if not isinstance(given, d.ByGrade):
            together = len(places) > 1 and given.elements == "together"
            if together and not given.relative:
                said = f"'{name}' is an array: one value for all its elements is rarely meant"
                hint = "say `relative: true`, `elements: each`, or name one element"
                self._complain("array-input", said, keys, hint)
                return
            if not given.beyond_range:
                self._outside(name, given, places, keys)
        if isinstance(given, d.ByGrade):
            places = [each for each in places if _ranged(each)]
        self._plain(element, given, variable, places, keys)

    def _plain(
        self, element: str, given: d.Drawn, variable: Variable, places: list[Place], keys: Keys
    ) -> None:
        """Blocks for the places of an input: one for all, or one for each."""
        labels = dict(zip(_columns(variable, self.subscripts), _ids(variable, self.subscripts),
                          strict=True))  # fmt: skip
        whole = "[" in element or given.elements == "together" or not variable.dims
        group = given.group
        if group is None and given.elements == "grouped" and len(places) > 1:
            group = element if self.experiment.design.kind in GROUPED else None
        for part in [places] if whole else [[each] for each in places]:
            own = element if whole else f"{element}[{','.join(labels[part[0].column])}]"
            columns = tuple(each.column for each in part)
            if self._take(columns, own, keys):
                words = _words(given.name)
                factor = Factor(own, group or own, variable.id, columns, variable.grade, words)
                self.blocks.append(Plain((factor,), given, tuple(part)))

    def _outside(self, name: str, given: d.Drawn, places: Sequence[Place], keys: Keys) -> None:
        """A problem where a distribution leaves the range that the model's text gives."""
        low, high = _ends(given)
        for each in places:
            ends = [low, high]
            if given.relative:
                ends = sorted((low * each.value, high * each.value))
            room = 1e-9 * max(abs(ends[0]), abs(ends[1]))
            below = each.low is not None and ends[0] < each.low - room
            above = each.high is not None and ends[1] > each.high + room
            if below or above:
                said = (
                    f"'{name}' goes from {ends[0]:g} to {ends[1]:g}, beyond the range of "
                    f"'{each.column}' in the model's text, {_bounds(each)}"
                )
                hint = "narrow it, or say `beyond_range: true` if it is meant"
                self._complain("outside-range", said, keys, hint)
                return

    def _shares(self, own: str, shares: Shares) -> None:
        keys = ("shares", own)
        every: list[Place] = []
        variables: list[Variable] = []
        for element in shares.of:
            found = self.places(element, (*keys, "of"))
            if found is None:
                return
            variables.append(found[0])
            every += [each for each in found[1] if each.value != 0.0]
        if len(every) < 2 or any(each.value < 0.0 for each in every):
            said = f"shares '{own}' need two or more positive values in the model's text"
            self._complain("no-shares", said, keys)
            return
        if not self._take([each.column for each in every], own, keys):
            return
        grade = _weakest(variable.grade for variable in variables)
        factors = tuple(
            Factor(
                f"{own}:{each.column}",
                own,
                variables[0].id,
                (each.column,),
                grade,
                _words(shares.name),
                own="share",
            )
            for each in every
        )
        self.blocks.append(Spread(factors, shares.concentration, tuple(every)))

    def _curve(self, own: str) -> None:
        curve, keys = self.experiment.curves[own], ("curves", own)
        found = self.places(curve.of, keys)
        if found is None:
            return
        variable, places = found
        if not variable.dims or variable.shape[-1] < 2:
            said = f"'{curve.of}' is no array over a range of two or more elements"
            self._complain("no-curve", said, keys, "vary a single number under inputs")
            return
        parts = {
            name: given
            for name in ("level", "tilt", "bend")
            if (given := getattr(curve, name)) is not None
        }
        bad = [name for name, given in parts.items() if isinstance(given, d.ByGrade)]
        if bad:
            said = f"'{bad[0]}' of a curve has no grade; give a distribution"
            self._complain("no-range", said, (*keys, bad[0]))
            return
        if not self._take([each.column for each in places], own, keys):
            return
        words = _words(curve.name)
        columns = tuple(each.column for each in places)
        factors = tuple(
            Factor(f"{own}:{name}", given.group or f"{own}:{name}", variable.id, columns,
                   variable.grade, words)
            for name, given in parts.items()
        )  # fmt: skip
        self.blocks.append(Bent(factors, parts, tuple(places), variable.shape[-1]))

    def _draws(self) -> None:
        draws = self.experiment.draws
        if draws is None:
            return
        drawn, keys = self.experiment.drawn, ("draws",)
        columns: dict[str, Sequence[float]] = {}
        factors: list[Factor] = []
        words = _words(draws.name)
        for element in draws.columns or tuple(drawn):
            plain = element.replace(", ", ",")
            if plain not in drawn:
                hint = did_you_mean(element, list(drawn))
                self._complain("unknown-column", f"the draws have no '{element}'", keys, hint)
                continue
            found = self.places(element, keys)
            if found is None:
                continue
            variable, places = found
            if len(places) > 1:
                said = f"'{element}' of the draws is an array; name its elements"
                self._complain("array-input", said, keys)
            elif self._take([places[0].column], "draws", keys):
                column = places[0].column
                columns[column] = drawn[plain]
                factors.append(Factor(plain, DRAWN, variable.id, (column,), variable.grade,
                                      words, own="drawn"))  # fmt: skip
        if columns:
            self.blocks.append(Rows(tuple(factors), columns))

    def _ranges(self) -> None:
        """The constants that vary by their own range and grade."""
        said = self.experiment
        left_out: set[str] = set()
        for number, element in enumerate(said.leave_out):
            found = self.places(element, ("leave_out", number))
            if found is not None:
                left_out |= {each.column for each in found[1]}
        if said.constants != "all":
            for number, element in enumerate(said.constants):
                given = d.ByGrade(distribution="by_grade")
                self._input(element, given, ("constants", number), element)
            return
        decided = set() if said.model is not None else _decided()
        for own in self._constants:
            variable = self.variables[own]
            if own in decided or variable.value is None:
                continue
            free = [
                each
                for each in _places(variable, self.subscripts)
                if _ranged(each) and each.column not in left_out and each.column not in self._taken
            ]
            if free:
                given = d.ByGrade(distribution="by_grade")
                self._plain(own, given, variable, free, ("constants",))

    def _take(self, columns: Sequence[str], own: str, keys: Keys) -> bool:
        twice = [column for column in columns if column in self._taken]
        if twice:
            said = f"'{twice[0]}' is varied by '{self._taken[twice[0]]}' and by '{own}'"
            if len(twice) > 1:
                said += f", and so are {len(twice) - 1} more"
            self._complain("varied-twice", said, keys)
            return False
        self._taken |= dict.fromkeys(columns, own)
        return True

    def _complain(self, code: str, sentence: str, keys: Keys, hint: str = "") -> None:
        self.problems.append(self.experiment.problem(code, sentence, *keys, hint=hint))


def _ends(given: d.Drawn) -> tuple[float, float]:
    """The least and the greatest value that a distribution gives."""
    ends = given.ends()
    if ends is not None:
        return ends
    low, high = quantiles.values(given, np.array([0.0, 1.0])).tolist()
    return low, high


def _decided() -> set[str]:
    """What scenarios decide or assume: asked about by scenarios, not by ranges."""
    known = catalogues()
    return {each.variable for each in (*known.levers.values(), *known.external.values())}


def _ranged(place: Place) -> bool:
    return place.low is not None and place.high is not None and place.low < place.high


def _bounds(place: Place) -> str:
    low = "–∞" if place.low is None else f"{place.low:g}"
    high = "∞" if place.high is None else f"{place.high:g}"
    return f"{low} to {high}"


def _weakest(grades: Iterable[str]) -> str:
    """The last letter: how good the evidence is for something that rests on several."""
    return max(grades, default="")


def _words(name: Text | None) -> dict[str, str]:
    return name.model_dump(exclude_none=True) if name else {}


def _places(variable: Variable, subscripts: Mapping[str, Sequence[str]]) -> list[Place]:
    """The elements of a constant, the last range running fastest."""
    if variable.value is None:
        return []
    value = variable.value
    low, high = (
        [None] * value.size
        if bound is None
        else np.broadcast_to(bound, value.shape).ravel().tolist()
        for bound in (variable.low, variable.high)
    )
    columns = _columns(variable, subscripts)
    return [
        Place(column, number, least, most, variable.grade)
        for column, number, least, most in zip(
            columns, value.ravel().tolist(), low, high, strict=True
        )
    ]


def _columns(variable: Variable, subscripts: Mapping[str, Sequence[str]]) -> list[str]:
    """What the table calls each element, in the same order."""
    if not variable.dims:
        return [variable.name]
    labels = product(*(subscripts[dim] for dim in variable.dims))
    return [f"{variable.name}[{','.join(each)}]" for each in labels]


def _ids(variable: Variable, subscripts: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Ids of the labels of each element, in the same order."""
    ranges = ([identifier(label) for label in subscripts[dim]] for dim in variable.dims)
    return list(product(*ranges))
