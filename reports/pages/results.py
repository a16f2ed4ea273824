"""Everything the page tells, computed once from the worlds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from reports.pages import bottlenecks, box, costs, drivers, indices, robustness, scorecard, split
from reports.pages.bottlenecks import Binding
from reports.pages.box import Box
from reports.pages.costs import EFFORT, MONEY, Cost
from reports.pages.drivers import Drivers
from reports.pages.evidence import Evidence, evidence
from reports.pages.futures import Futures
from reports.pages.indices import Research, Shares
from reports.pages.robustness import Robustness
from reports.pages.scorecard import Score
from reports.pages.split import Split
from sim.errors import wrong
from sim.project import shown
from sim.shapes import Bool

JOBS = "employment_total"
# Results whose uncertainty is taken apart; the first one decides which inputs are looked at.
SHARED = (MONEY, JOBS, "population_total", "exports_total", "emissions_total",
          "district_share_of_value_added")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Results:
    """What was found in the worlds.

    Args:
        futures: the worlds.
    """

    futures: Futures

    def __post_init__(self) -> None:
        """Hold that what every sentence needs was kept.

        Raises:
            InputError: value added was not.
        """
        if (MONEY, "") not in self.futures.values:
            said = f"the sweep kept no '{MONEY}', by which the page judges"
            place = shown(self.futures.folder.folder)
            raise wrong("no-value-added", said, file=place, hint="add it to outputs")

    @property
    def year(self) -> int:
        """In which final results are taken."""
        return self.futures.horizon

    @cached_property
    def robustness(self) -> Robustness:
        """Programmes over the worlds, by value added."""
        return robustness.judge(self.futures, MONEY, self.year)

    @property
    def favourite(self) -> str:
        """The programme with the highest median gain."""
        return self.robustness.favourite

    @cached_property
    def scores(self) -> list[Score]:
        """The goals."""
        return scorecard.scores(self.futures)

    @cached_property
    def costs(self) -> list[Cost]:
        """What the programmes cost and give for it."""
        return costs.costs(self.futures)

    @cached_property
    def level(self) -> Drivers:
        """What value added itself hangs on."""
        return drivers.drivers(self.futures, MONEY, self.futures.baseline, self.year)

    @cached_property
    def gain(self) -> Drivers:
        """What the favourite's gain hangs on."""
        return drivers.drivers(self.futures, MONEY, self.favourite, self.year)

    @cached_property
    def shares(self) -> Shares | None:
        """Sobol indices of the favourite's gain, and of the first scenario's results."""
        kept = [own for own in SHARED if (own, "") in self.futures.values]
        return indices.shares(self.futures, self.favourite, kept)

    @cached_property
    def research(self) -> list[Research]:
        """What to find out, the most worthwhile first."""
        return indices.research(self.futures, self.shares, MONEY, self.year)

    @cached_property
    def bindings(self) -> list[Binding]:
        """Which limits bind."""
        return bottlenecks.bindings(self.futures)

    @cached_property
    def splits(self) -> list[Split]:
        """The programmes' differences over what they change."""
        wanted = [(name, "") for name in (MONEY, JOBS) if (name, "") in self.futures.values]
        return split.splits(self.futures, wanted)

    @cached_property
    def failing(self) -> Bool[np.ndarray, " world"]:
        """Worlds in which the favourite fails.

        Of several programmes: where it gives less than is acceptable beside the best one.
        Alone: where a krone gives less than a krone, or it gives nothing.
        """
        found = self.robustness
        gains, top = found.gains[found.lead], found.gains.max(axis=0)
        if len(found.scenarios) > 1:
            return gains < robustness.least(top)
        if self.costs and np.isfinite(self.costs[0].pays):
            given = costs.summed(self.futures, MONEY, self.favourite)
            return given < costs.summed(self.futures, EFFORT, self.favourite)
        return gains <= 0

    @cached_property
    def box(self) -> Box | None:
        """The part of the worlds in which the favourite fails most often."""
        return box.find(self.futures.inputs.to_numpy(dtype=np.float64), self.failing)

    @cached_property
    def evidence(self) -> Evidence:
        """What speaks for the model, and what does not."""
        return evidence(self.futures)

    def cost_of(self, scenario: str) -> Cost | None:
        """The cost of one programme, if it has any."""
        found = next((one for one in self.costs if one.scenario == scenario), None)
        return found if found and np.isfinite(found.pays) else None

    def split_of(self, scenario: str) -> Split | None:
        """The split of one programme."""
        return next((one for one in self.splits if one.scenario == scenario), None)

    def by(self, kind: str) -> Sequence[str]:
        """The regions, or the industries, of value added."""
        return self.futures.elements(f"value_added_by_{kind}")
