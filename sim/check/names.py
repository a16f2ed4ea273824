"""What the names in an equation stand for, as the walk through it asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from sim.check.measure import Measure
from sim.units import Unit


@runtime_checkable  # so that the tests check the types of arguments
class Names(Protocol):
    """What the names in an equation stand for."""

    @property
    def words(self) -> Mapping[str, str]:
        """The variables' names by `entries.key` of them."""
        ...

    def of(self, reference: str) -> Measure | None:
        """The measure of a variable; None for a name that is none."""
        ...

    def table(self, reference: str) -> Unit | None:
        """The unit at which a lookup is read; None for what is no lookup."""
        ...

    def macro(self, reference: str, arguments: Sequence[Measure]) -> Measure | None:
        """What a macro gives; None for what is no macro."""
        ...

    def size(self, reference: Any) -> int | None:
        """The number of elements that `!` runs over in a reference, or None."""
        ...
