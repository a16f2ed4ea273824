"""What XMILE files hold that PySD does not take in: mended in the tree before it reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from sim.errors import Problem
from sim.source import smile
from sim.source.conveyor import conveyors
from sim.source.entries import key
from sim.source.modules import Flattening
from sim.source.ranges import MOST

_KINDS = ("aux", "flow", "stock", "gf")
_REFUSED = {
    "queue": "is a queue",
    "oven": "is an oven",
}


def mend(root: Any, ns: dict[str, str], file: str) -> list[Problem]:
    """Spell the equations of an XMILE tree as PySD reads them.

    Args:
        root: the tree, changed in place.
        ns: its namespace, under the prefix `ns`.
        file: what it is called, for complaints.

    Returns:
        What cannot be said in PySD's terms.
    """
    _bounds(root, ns)
    problems = Flattening(root, ns, file).run()
    for dim in root.xpath("ns:dimensions/ns:dim", namespaces=ns):
        if not len(dim) and str(dim.get("size", "")).isdecimal():
            if int(dim.get("size")) > MOST:
                sentence = f"the range '{dim.get('name')}' has more than {MOST:,} elements"
                problems.append(Problem("range-size", sentence, file, int(dim.sourceline)))
                continue
            for number in range(1, int(dim.get("size")) + 1):
                _child(dim, ns, "elem").set("name", str(number))
    problems += conveyors(root, ns, file)
    names = _names(root, ns)
    for node in _variables(root, ns):
        for kind, said in _REFUSED.items():
            if node.xpath(f"ns:{kind}", namespaces=ns):
                sentence = f"'{node.get('name')}' {said}, which is not supported"
                problems.append(Problem("unsupported-stock", sentence, file, int(node.sourceline)))
        _variable(node, ns, names)
    return problems


def _bounds(root: Any, ns: dict[str, str]) -> None:
    """A step that is not given is 1, by the standard."""
    for specs in root.xpath("ns:sim_specs", namespaces=ns):
        if not specs.xpath("ns:dt", namespaces=ns):
            _child(specs, ns, "dt").text = "1"


def _variables(root: Any, ns: dict[str, str]) -> Iterator[Any]:
    for kind in _KINDS:
        yield from root.xpath(f"ns:model/ns:variables/ns:{kind}", namespaces=ns)


def _names(root: Any, ns: dict[str, str]) -> smile.Names:
    variables: dict[str, list[str]] = {}
    for node in _variables(root, ns):
        over = node.xpath("ns:dimensions/ns:dim/@name", namespaces=ns)
        variables[key(str(node.get("name", "")).replace("\\n", " "))] = list(map(str, over))
    ranges: dict[str, tuple[str, list[str]]] = {}
    for dim in root.xpath("ns:dimensions/ns:dim", namespaces=ns):
        labels = list(map(str, dim.xpath("ns:elem/@name", namespaces=ns)))
        ranges[key(str(dim.get("name", "")))] = str(dim.get("name", "")), labels
    return smile.Names(variables, ranges)


def _variable(node: Any, ns: dict[str, str], names: smile.Names) -> None:
    for graph in [node, *node.xpath(".//ns:gf", namespaces=ns)]:
        if graph.get("type"):
            graph.set("type", graph.get("type").lower())
    elements = node.xpath("ns:element", namespaces=ns)
    for element in elements:
        element.set("subscript", re.sub(r"\s*,\s*", ",", element.get("subscript", "").strip()))
    kind = _kind(node)
    graphs, equations = (node.xpath(f"ns:{what}", namespaces=ns) for what in ("gf", "eqn"))
    if kind == "aux" and graphs and not equations and not elements:
        # A graphical function by itself.
        for part in list(graphs[0]):
            node.append(part)
        node.remove(graphs[0])
        node.tag = f"{{{ns['ns']}}}gf"
        return
    if kind == "gf":
        return
    for owner in elements or [node]:
        if not owner.xpath("ns:eqn", namespaces=ns):
            _child(owner, ns, "eqn")
    for equation in node.xpath(".//ns:eqn", namespaces=ns):
        equation.text = smile.spelt(equation.text or "", names, str(node.get("name", "")))


def by_element(stock: Any, behaviors: dict[str, bool]) -> None:
    """Read a stock whose elements start from equations of their own, which PySD cannot.

    Args:
        stock: PySD's element, not read yet; its components are filled.
        behaviors: of the section.
    """
    node, ns = stock.node, stock.ns
    flows = node.xpath("ns:inflow | ns:outflow", namespaces=ns)
    written = [flow.text for flow in flows]
    for element in node.xpath("ns:element", namespaces=ns):
        subscript = element.get("subscript")
        initial = deepcopy(element.xpath("ns:eqn", namespaces=ns)[0])
        node.insert(0, initial)
        for flow, name in zip(flows, written, strict=True):
            flow.text = name if "[" in name else f"{name.strip()}[{_underscored(subscript)}]"
        (tree,) = stock._parse_component(node, behaviors)
        node.remove(initial)
        stock.components.append(((subscript.split(","), []), tree))
    for flow, name in zip(flows, written, strict=True):
        flow.text = name


def is_by_element(part: Any) -> bool:
    """Whether this is such a stock."""
    node = getattr(part, "node", None)
    if node is None or _kind(node) != "stock":
        return False
    return bool(node.xpath("ns:element", namespaces=part.ns))


def _kind(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def _child(node: Any, ns: dict[str, str], name: str) -> Any:
    child = node.makeelement(f"{{{ns['ns']}}}{name}")
    node.append(child)
    return child


def _underscored(subscripts: str) -> str:
    return ", ".join(re.sub(r"\s+", "_", part.strip()) for part in subscripts.split(","))
