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
from sim.source.reservoirs import reservoirs

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
    reservoirs(root, ns, names)
    for node in list(_variables(root, ns)):
        for kind, said in _REFUSED.items():
            if node.xpath(f"ns:{kind}", namespaces=ns):
                sentence = f"'{node.get('name')}' {said}, which is not supported"
                problems.append(Problem("unsupported-stock", sentence, file, int(node.sourceline)))
        _variable(node, ns, names)
    for node in list(_variables(root, ns)):
        table = names.tables.get(_known(node), "")
        if table in names.used and not node.get("aliased"):
            node.getparent().append(_table(node, table, ns))
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
        variables[_known(node)] = list(map(str, over))
    ranges: dict[str, tuple[str, list[str]]] = {}
    for dim in root.xpath("ns:dimensions/ns:dim", namespaces=ns):
        labels = list(map(str, dim.xpath("ns:elem/@name", namespaces=ns)))
        ranges[key(str(dim.get("name", "")))] = str(dim.get("name", "")), labels
    return smile.Names(variables, ranges, _tables(root, ns, set(variables)))


def _tables(root: Any, ns: dict[str, str], taken: set[str]) -> dict[str, str]:
    """Names for the graphs of variables that have an equation too, to be read by LOOKUP.

    An input of a module that is connected to a graph reads that graph (`modules.Flattening`).
    """
    nodes = {_known(node): node for node in _variables(root, ns)}
    tables: dict[str, str] = {}
    for known, node in nodes.items():
        if node.xpath(".//ns:gf", namespaces=ns) and node.xpath(".//ns:eqn", namespaces=ns):
            name = f"graph of {str(node.get('name')).strip(chr(34)).replace(chr(92) + 'n', ' ')}"
            while key(name) in taken:
                name += "_"
            tables[known] = f'"{name}"'
    for known, node in nodes.items():
        source, steps = node, 0
        while (of := source.get("aliased")) and key(of) in nodes and steps < len(nodes):
            source, steps = nodes[key(of)], steps + 1
        if source is node or not (_kind(source) == "gf" or source.xpath(".//ns:gf", namespaces=ns)):
            continue
        by_itself = _kind(source) == "gf" or not source.xpath(".//ns:eqn", namespaces=ns)
        tables[known] = f'"{source.get("name")}"' if by_itself else tables[_known(source)]
        if by_itself:
            node.getparent().remove(node)
    return tables


def _table(node: Any, name: str, ns: dict[str, str]) -> Any:
    """The graph of a variable, or those of its elements, as a variable by itself."""
    table = node.makeelement(f"{{{ns['ns']}}}gf")
    table.set("name", name.strip('"'))
    for part in node.xpath("ns:dimensions", namespaces=ns):
        table.append(deepcopy(part))
    shared = node.xpath("ns:gf", namespaces=ns)
    for element in node.xpath("ns:element", namespaces=ns):
        own = element.xpath("ns:gf", namespaces=ns) or shared
        if own:
            copy = _child(table, ns, "element")
            copy.set("subscript", element.get("subscript"))
            for part in deepcopy(own[0]):
                copy.append(part)
            copy.set("type", own[0].get("type", "continuous"))
    if not table.xpath("ns:element", namespaces=ns):
        for part in deepcopy(shared[0]):
            table.append(part)
        table.set("type", shared[0].get("type", "continuous"))
    return table


def _known(node: Any) -> str:
    return key(str(node.get("name", "")).replace("\\n", " ").strip('"'))


def _variable(node: Any, ns: dict[str, str], names: smile.Names) -> None:
    for graph in [node, *node.xpath(".//ns:gf", namespaces=ns)]:
        if graph.get("type"):
            graph.set("type", graph.get("type").lower())
    elements = node.xpath("ns:element", namespaces=ns)
    for element in elements:
        element.set("subscript", re.sub(r"\s*,\s*", ",", element.get("subscript", "").strip()))
    kind = _kind(node)
    graphs, equations = (node.xpath(f"ns:{what}", namespaces=ns) for what in ("gf", "eqn"))
    if kind == "aux" and not equations and elements and _drawn(node, ns):
        # A graphical function for each element.
        table = _table(node, str(node.get("name")), ns)
        for part in list(node):
            node.remove(part)
        for part in list(table):
            node.append(part)
        node.tag = table.tag
        return
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


def saved(root: Any, ns: dict[str, str], components: list[Any]) -> None:
    """Let Stella's save interval, which PySD passes over, be the model's.

    Args:
        root: the tree.
        ns: its namespace, under the prefix `ns`.
        components: PySD's elements, those of the bounds in time among them.
    """
    for specs in root.xpath("ns:sim_specs", namespaces=ns):
        for what, value in specs.items():
            if what.endswith("}save_interval") and value.strip() not in {"", "0"}:
                for part in components:
                    if key(part.name) == "saveper":
                        part.eqn = value


def _drawn(node: Any, ns: dict[str, str]) -> bool:
    """Whether the elements have graphs, and no equation."""
    elements = node.xpath("ns:element", namespaces=ns)
    return all(
        one.xpath("ns:gf", namespaces=ns) and not one.xpath("ns:eqn", namespaces=ns)
        for one in elements
    )


def graphs_by_element(part: Any, behaviors: dict[str, bool]) -> None:
    """Read a variable whose elements have graphs of their own, which PySD passes over.

    Args:
        part: PySD's element, not read yet; its components are filled.
        behaviors: of the section.
    """
    node, ns = part.node, part.ns
    marks = node.xpath("ns:non_negative", namespaces=ns)
    for element in node.xpath("ns:element", namespaces=ns):
        drawn = _kind(node) == "gf" or bool(element.xpath("ns:gf", namespaces=ns))
        if drawn:
            for mark in marks:
                element.append(deepcopy(mark))
        part.node = element if drawn else node
        (tree,) = part._parse_component(element, behaviors)
        part.components.append(((element.get("subscript").split(","), []), tree))
    part.node = node


def has_graphs_by_element(part: Any) -> bool:
    """Whether this is such a variable."""
    node = getattr(part, "node", None)
    if node is None:
        return False
    drawn = node.xpath("ns:element/ns:gf | ns:element/ns:ypts", namespaces=part.ns)
    return _kind(node) != "stock" and bool(drawn)


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
