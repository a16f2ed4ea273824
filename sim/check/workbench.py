"""A model on the workbench: its runs, made when a suite first asks for them and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from sim.check.trials import Trial, run
from sim.run.model import Model
from sim.run.settings import Given
from sim.scenario import bundled
from sim.scenario.catalogues import Catalogues, Outcome, catalogues
from sim.source.catalogue import CONSTANT, CONTROL, LOOKUP, STOCK, Variable

SWITCH = "loop switch "
BALANCE = " balance"
NET = "(net sum)"  # in the sentence of a stock that may be negative by what it means
BALANCED = 1e-9  # what is left of a balance, relative, is rounding


class Workbench:
    """What the suites share.

    Args:
        model: the model.
        own: whether it is this project's, which has scenarios, outcomes and checks.
    """

    def __init__(self, model: Model, *, own: bool) -> None:
        self.model = model
        self.own = own

    @property
    def variables(self) -> Mapping[str, Variable]:
        """The catalogue, by id."""
        return self.model.variables

    @cached_property
    def catalogues(self) -> Catalogues:
        """Levers, outside world and outcomes."""
        return catalogues()

    @cached_property
    def scenarios(self) -> dict[str, Given]:
        """What each bundled scenario gives the model, by id; the text alone for others' models."""
        names = bundled() if self.own else ()
        return {name: self.model.inputs(name)[0] for name in names} or {"": Given()}

    @cached_property
    def baseline(self) -> Given:
        """What the baseline gives."""
        return self.scenarios["baseline" if self.own else ""]

    @cached_property
    def headlines(self) -> dict[str, Outcome]:
        """The headline outcomes that are single numbers a year, by the variable's id."""
        every = self.catalogues.outcomes.values()
        return {
            one.variable: one for one in every if not one.over and one.variable in self.variables
        }

    @cached_property
    def computed(self) -> list[str]:
        """Ids of everything that changes in a run."""
        fixed = {CONSTANT, CONTROL, LOOKUP}
        return [one.id for one in self.variables.values() if one.kind not in fixed]

    @cached_property
    def stocks(self) -> list[Variable]:
        """Stocks that must not be negative."""
        return [
            one
            for one in self.variables.values()
            if one.kind == STOCK and NET not in one.description
        ]

    @cached_property
    def balances(self) -> list[Variable]:
        """Variables that must be zero: named `* balance`."""
        return [one for one in self.variables.values() if one.name.lower().endswith(BALANCE)]

    @cached_property
    def switches(self) -> list[Variable]:
        """Constants that cut a loop: named `loop switch *`."""
        return [
            one
            for one in self.variables.values()
            if one.kind == CONSTANT and one.name.lower().startswith(SWITCH)
        ]

    def outcomes_of(self, inputs: Sequence[Given], outputs: Sequence[str]) -> list[Trial]:
        """Run with each of some inputs, in order."""
        done = dict(run(self.model.source, outputs, inputs))
        return [done[position] for position in range(len(inputs))]
