"""Subscript ranges of one section: elements, subranges, copies, mappings, positions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


def loose(name: str) -> str:
    """A name as Vensim compares it: no case, blanks and underscores alike."""
    return "_".join(name.strip().strip('"').lower().replace("_", " ").split())


@dataclass(frozen=True, slots=True)
class Subscript:
    """One subscript as written: an element (`label`), or a range (`range`, with `!` or not)."""

    label: str = ""
    range: str = ""
    reduced: bool = False

    @property
    def binding(self) -> str:
        """The name under which the range's element is bound in an environment."""
        return self.range + "!" if self.reduced else self.range


class Ranges:
    """The ranges of a section.

    Args:
        abstract: PySD's `AbstractSubscriptRange`s.
        read: reads the elements of a range (name, source) that lies in a file.
    """

    def __init__(
        self, abstract: Sequence[Any], read: Callable[[str, Mapping[str, str]], list[str]]
    ) -> None:
        self.elements: dict[str, tuple[str, ...]] = {}
        self._ranges = {one.name for one in abstract}
        self._maps: dict[str, list[str]] = {}
        self._listed: dict[tuple[str, str], list[str]] = {}
        copies: dict[str, str] = {}
        for one in abstract:
            key = loose(one.name)
            self._maps[key] = [loose(name) for name in one.mapping]
            # A mapping in parts bears them: `sim.source.spelling.Parted`.
            self._listed |= {
                (key, loose(name)): list(name.parts)
                for name in one.mapping
                if hasattr(name, "parts")
            }
            if isinstance(one.subscripts, str):
                # PySD shares one list of mappings between all copies: only their own is kept.
                copies[key] = loose(one.subscripts)
                self._maps[key] = []
            elif isinstance(one.subscripts, dict):
                self.elements[key] = tuple(read(one.name, one.subscripts))
            else:
                self.elements[key] = tuple(one.subscripts)
        self._flatten()
        for copy in copies:
            self._copy(copy, copies)
        self._labels = {
            loose(label): label for labels in self.elements.values() for label in labels
        }
        self._numbers = self._positions(copies)

    def _flatten(self) -> None:
        """Put the elements of subranges in the place of their names, at any depth."""
        for key in self.elements:
            for _ in self.elements:
                labels = self.elements[key]
                parts = [
                    self.elements.get(loose(label), (label,)) if loose(label) != key else (label,)
                    for label in labels
                ]
                if all(part == (label,) for part, label in zip(parts, labels, strict=True)):
                    break
                self.elements[key] = tuple(element for part in parts for element in part)

    def _copy(self, key: str, copies: Mapping[str, str]) -> None:
        origin = copies[key]
        if origin in copies and origin not in self.elements:
            self._copy(origin, copies)
        self.elements[key] = self.elements.get(origin, ())
        self._maps[key].append(origin)
        self._maps.setdefault(origin, []).append(key)

    def _positions(self, copies: Mapping[str, str]) -> dict[str, int]:
        """The number of each element in its main range, as PySD counts: from 1."""
        sets = {key: set(labels) for key, labels in self.elements.items()}
        numbers: dict[str, int] = {}
        for key, labels in sets.items():
            within = any(
                labels < other or (labels == other and (key in copies or name < key))
                for name, other in sets.items()
                if name != key and not (labels == other and name in copies)
            )
            if not within:
                numbers.update({one: i for i, one in enumerate(self.elements[key], start=1)})
        return numbers

    def subscript(self, text: str) -> Subscript | None:
        """What a subscript as written means, or None if there is no such thing."""
        reduced = text.endswith("!")
        name = text.rstrip("!").strip()
        key = loose(name)
        # Spelt as a range and not as an element: PySD tells capitals apart.
        if name in self._ranges and self._labels.get(key) != name:
            return Subscript(range=key, reduced=reduced)
        # An element goes before a range of the same name, as in PySD.
        if key in self._labels and not reduced:
            return Subscript(label=self._labels[key])
        if key in self.elements:
            return Subscript(range=key, reduced=reduced)
        return None

    def number(self, label: str) -> int:
        """The position of an element in its main range, from 1."""
        return self._numbers[label]

    def label(self, name: str) -> str | None:
        """The label of an element, however its name is written."""
        return self._labels.get(loose(name))

    def labels(self, binding: str) -> tuple[str, ...]:
        """The elements of a range, whether bound by a left side or by `!`."""
        return self.elements[binding.rstrip("!")]

    def mapped(self, key: str, bound: Sequence[str]) -> tuple[str, dict[str, str]] | None:
        """The bound range that `key` maps to, and how its elements go over to those of `key`."""
        for target in self._maps.get(key, ()):
            if target in bound:
                ours, theirs = self.elements[key], self.elements[target]
                listed = self._listed.get((key, target), [])
                if listed and len(listed) == len(ours):
                    return target, {
                        part: own
                        for own, name in zip(ours, listed, strict=True)
                        for part in self.elements.get(loose(name), (name,))
                    }
                if not listed and len(ours) == len(theirs):
                    return target, dict(zip(theirs, ours, strict=True))
        return None

    def names(self) -> list[str]:
        """Every name that can stand as a subscript, for hints."""
        return [*self.elements, *self._labels]
