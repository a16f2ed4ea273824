"""What each variable's equation names: the causal links of a model, and the flows of its stocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pysd.translators.structures import abstract_expressions as ae
from pysd.translators.structures.abstract_model import AbstractModel

from sim.source.catalogue import Variable
from sim.source.entries import key
from sim.source.names import nodes

_START = ("initial", "initial_trend")


@dataclass(frozen=True, slots=True)
class Flow:
    """One term of a stock's rate of change.

    Args:
        sign: 1 where it fills the stock, -1 where it drains it.
        variable: id of the variable that is the flow, or "" where it is written out.
        reads: ids of the variables that the term names.
        term: the same for flows that are the same, in whatever stock's equation.
    """

    sign: int
    variable: str
    reads: tuple[str, ...]
    term: str


@dataclass(frozen=True, slots=True)
class Links:
    """What one variable depends on; ids in order of first use.

    Args:
        reads: variables that its equation names at every moment.
        at_start: variables that are named for its initial value alone.
        flows: the terms of its rate of change, if it is a stock; each term once.
        delays: whether a delay, smooth or trend in its equation holds a stock of its own.
    """

    reads: tuple[str, ...]
    at_start: tuple[str, ...]
    flows: tuple[Flow, ...]
    delays: bool


def links(model: AbstractModel, variables: Mapping[str, Variable]) -> dict[str, Links]:
    """The links of every variable, by id, in the order of the text.

    Args:
        model: the abstract model.
        variables: its catalogue.
    """
    ids = {key(variable.name): own for own, variable in variables.items()}
    found: dict[str, Links] = {}
    for element in model.sections[0].elements:
        own = ids[key(element.name)]
        now: dict[str, None] = {}
        start: dict[str, None] = {}
        flows: dict[Flow, None] = {}
        delays = False
        for component in element.components:
            for tree in (component.ast, *_subtrees(component.ast)):
                delays = delays or _holds(tree)
                for part in _initials(tree):
                    start.update(dict.fromkeys(_named(part, ids)))
                if isinstance(tree, ae.IntegStructure):
                    flows.update(dict.fromkeys(_terms(tree.flow, 1, ids)))
            now.update(dict.fromkeys(_moving(component.ast, ids)))
        found[own] = Links(
            tuple(now), tuple(name for name in start if name not in now), tuple(flows), delays
        )
    return found


def readers(of: Mapping[str, Links]) -> dict[str, tuple[str, ...]]:
    """The variables whose equations name each variable, by id, in the order of the text."""
    found: dict[str, list[str]] = {own: [] for own in of}
    for own, each in of.items():
        for name in (*each.reads, *each.at_start):
            found[name].append(own)
    return {own: tuple(each) for own, each in found.items()}


def _subtrees(tree: Any) -> Iterator[Any]:
    return (node for node in nodes(tree) if node is not tree)


def _holds(tree: Any) -> bool:
    """Whether a structure keeps something from step to step, other than a stock."""
    return not isinstance(tree, ae.IntegStructure | ae.InitialStructure) and any(
        hasattr(tree, field) for field in _START
    )


def _initials(tree: Any) -> list[Any]:
    return [getattr(tree, field) for field in _START if hasattr(tree, field)]


def _named(tree: Any, ids: Mapping[str, str]) -> Iterator[str]:
    """Ids of the variables in an expression."""
    for node in nodes(tree):
        if isinstance(node, ae.ReferenceStructure) and key(node.reference) in ids:
            yield ids[key(node.reference)]


def _moving(tree: Any, ids: Mapping[str, str]) -> Iterator[str]:
    """Ids of the variables in an expression, those of initial values left out."""
    if isinstance(tree, list | tuple):
        for part in tree:
            yield from _moving(part, ids)
    elif isinstance(tree, ae.ReferenceStructure):
        if key(tree.reference) in ids:
            yield ids[key(tree.reference)]
    elif hasattr(tree, "__dataclass_fields__"):
        for field in tree.__dataclass_fields__:
            if field not in _START:
                yield from _moving(getattr(tree, field), ids)


def _terms(tree: Any, sign: int, ids: Mapping[str, str]) -> Iterator[Flow]:
    """The terms of a sum, whatever its brackets."""
    if isinstance(tree, ae.ArithmeticStructure):
        operators: list[str] = list(tree.operators)
        if operators == ["negative"]:
            yield from _terms(tree.arguments[0], -sign, ids)
            return
        if set(operators) <= {"+", "-"}:
            signs = [1, *(1 if operator == "+" else -1 for operator in operators)]
            for part, own in zip(tree.arguments, signs, strict=True):
                yield from _terms(part, sign * own, ids)
            return
        first, *others = tree.arguments
        if getattr(first, "operators", None) == ["negative"]:  # -a / b
            factors: Any = (first.arguments[0], *others)
            yield from _terms(ae.ArithmeticStructure(operators, factors), -sign, ids)
            return
    reads = tuple(dict.fromkeys(_named(tree, ids)))
    if reads:
        alone = _alone(tree, reads)
        yield Flow(sign, alone, reads, alone or repr(tree))


def _alone(tree: Any, reads: Iterable[str]) -> str:
    """The one variable that a term is, itself or summed over a range."""
    if isinstance(tree, ae.CallStructure) and getattr(tree.function, "reference", "") == "sum":
        (tree,) = tree.arguments
    return next(iter(reads)) if isinstance(tree, ae.ReferenceStructure) else ""
