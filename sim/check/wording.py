"""An expression as a modeller would write it, from PySD's syntax tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from sim.source.entries import key

LONGEST = 100
_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "negative": 3, "^": 4}
_SPOKEN = {
    "IntegStructure": "INTEG",
    "InitialStructure": "INITIAL",
    "GameStructure": "GAME",
    "DelayFixedStructure": "DELAY FIXED",
    "DelayNStructure": "DELAY N",
    "SmoothNStructure": "SMOOTH N",
    "SampleIfTrueStructure": "SAMPLE IF TRUE",
    "InlineLookupsStructure": "WITH LOOKUP",
}


def worded(tree: Any, names: Mapping[str, str]) -> str:
    """The text of an expression, cut where it is long.

    Args:
        tree: an expression of PySD's.
        names: the variables' names by `entries.key` of them.
    """
    whole = _Writer(names).text(tree, 0)
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"


class _Writer:
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def text(self, tree: Any, outer: int) -> str:
        """The text of a tree, in brackets where what stands around it binds closer."""
        if isinstance(tree, bool | int | float | np.number):
            return f"{float(tree):g}"
        if isinstance(tree, np.ndarray):
            return ", ".join(f"{value:g}" for value in tree.ravel()[:5])
        if isinstance(tree, str):
            return tree
        match type(tree).__name__:
            case "ArithmeticStructure":
                return self._operators(tree.operators, tree.arguments, outer)
            case "LogicStructure":
                return self._logic(tree.operators, tree.arguments)
            case "ReferenceStructure":
                return self._reference(tree)
            case "CallStructure":
                return f"{self._function(tree.function)}({self._list(tree.arguments)})"
            case name:
                return self._structure(name, tree)

    def _operators(self, operators: list[str], arguments: Any, outer: int) -> str:
        binding = _BINDING.get(operators[0], 1)
        if operators[0] == "negative":
            whole = f"-{self.text(arguments[0], binding)}"
        else:
            whole = self.text(arguments[0], binding)
            for sign, argument in zip(operators, arguments[1:], strict=True):
                whole += f" {sign} {self.text(argument, binding + (sign in '-/'))}"
        return f"({whole})" if binding < outer else whole

    def _logic(self, operators: list[str], arguments: Any) -> str:
        if len(arguments) == 1:
            return f"{operators[0]} {self.text(arguments[0], 9)}"
        whole = self.text(arguments[0], 0)
        for sign, argument in zip(operators, arguments[1:], strict=True):
            whole += f" {sign} {self.text(argument, 0)}"
        return whole

    def _reference(self, tree: Any) -> str:
        name = self.names.get(key(tree.reference), tree.reference.replace("_", " "))
        over = tree.subscripts
        return f"{name}[{','.join(over.subscripts)}]" if over is not None else name

    def _function(self, function: Any) -> str:
        name = str(getattr(function, "reference", function))
        if key(name) in self.names:
            return self._reference(function)
        return name.removeprefix("X").replace("_", " ").upper()

    def _structure(self, name: str, tree: Any) -> str:
        spoken = _SPOKEN.get(name)
        if spoken is None:
            spoken = name.removesuffix("Structure").upper()
            if name in {"SmoothStructure", "DelayStructure"}:
                spoken += "3" if tree.order == 3 else ""
        if not is_dataclass(tree):
            return spoken
        parts = [getattr(tree, field.name) for field in fields(tree)]
        inner = [part for part in parts if is_dataclass(part) or isinstance(part, float | int)]
        if spoken in {"SMOOTH", "SMOOTH3", "DELAY", "DELAY3", "INTEG"}:
            inner = inner[:-1]  # the order, or whether the stock may be negative
        return f"{spoken}({self._list(inner)})"

    def _list(self, trees: Any) -> str:
        return ", ".join(self.text(tree, 0) for tree in trees)
