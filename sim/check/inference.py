"""Units that nobody wrote down: unknowns, and what the equations say of them.

That two units are the same is one linear equation in the exponents of their names. Unknown
units are names too; each equation that holds one settles it, so whatever order the equations
come in, a contradiction is a real one: no choice of units would mend it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sim.units import Unit, named

# No written name holds a line break: a text's white space is folded.
_MARK = "\n"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two units that cannot be the same.

    Args:
        left: as far as it is known.
        right: likewise.
        guessed: what was settled by other equations and stands in one of them: the name of the
            variable without a unit, and the variable whose equation settled it.
    """

    left: Unit
    right: Unit
    guessed: tuple[tuple[str, str], ...]


class Inference:
    """Unknown units and what is known of them so far."""

    def __init__(self) -> None:
        self._settled: dict[str, tuple[Unit, str]] = {}
        self._owners: dict[str, str] = {}
        self._lost: set[str] = set()

    def unknown(self, owner: str) -> Unit:
        """A new unknown unit, that of `owner`."""
        symbol = f"{_MARK}{len(self._owners)}"
        self._owners[symbol] = owner
        return named(symbol)

    def known(self, unit: Unit) -> Unit:
        """A unit with everything put in that was settled."""
        while True:
            settled = next((name for name, _ in unit.powers if name in self._settled), None)
            if settled is None:
                return unit
            power = dict(unit.powers)[settled]
            unit = unit / named(settled).to(power) * self._settled[settled][0].to(power)

    def whole(self, unit: Unit) -> bool:
        """Whether nothing unknown is left in a unit."""
        return not any(name.startswith(_MARK) for name, _ in self.known(unit).powers)

    def written(self, unit: Unit) -> set[str]:
        """The names in a unit that stand in the text."""
        return {name for name, _ in self.known(unit).powers if not name.startswith(_MARK)}

    def equate(self, left: Unit, right: Unit, where: str) -> Clash | None:
        """Let two units be the same; the contradiction where they cannot.

        What contributed to a contradiction is given up: it fits everything from then on, so that
        one mistake is told once.

        Args:
            left: one.
            right: the other.
            where: the variable whose equation says so.
        """
        rest = self.known(left / right)
        for name, power in rest.powers:
            if name.startswith(_MARK):
                others = rest / named(name).to(power)
                self._settled[name] = (others.to(Fraction(-1) / power), where)
                return None
        if not rest.powers or self._touches_lost(left) or self._touches_lost(right):
            return None
        used = self._used(left) | self._used(right)
        self._lost |= used
        settled = used & self._settled.keys()
        guessed = tuple(sorted({(self._owners[name], self._settled[name][1]) for name in settled}))
        return Clash(self.known(left), self.known(right), guessed)

    def _used(self, unit: Unit) -> set[str]:
        """The unknowns that stand in a unit, however deep."""
        found: set[str] = set()
        waiting = [name for name, _ in unit.powers]
        while waiting:
            name = waiting.pop()
            if name.startswith(_MARK) and name not in found:
                found.add(name)
                if name in self._settled:
                    waiting += [inner for inner, _ in self._settled[name][0].powers]
        return found

    def _touches_lost(self, unit: Unit) -> bool:
        return bool(self._used(unit) & self._lost)
