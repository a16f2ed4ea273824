"""XMILE as Vensim writes it: Vensim's equations in XMILE's frame, read as a Vensim text.

Its tags of its own (`vensim:netflow`, `vensim:saveper`, `vensim:kind`) and its equations
(`:NA:`, `:AND:`, `SMOOTH`, macros with further values) are no XMILE, so that PySD would pass over
the first and stumble over the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sim.source.entries import MAIN, Entry, Listing, Macro, key
from sim.source.text import Place

_TAGS = "http://www.vensim.com/XMILE"
_CONTROLS = (("start", "INITIAL TIME"), ("stop", "FINAL TIME"), ("dt", "TIME STEP"))
_NAME = re.compile(r"[^\W\d][\w' ]*")
_REPEATED = {"time_step", "initial_time", "final_time", "saveper"}


def written_by_vensim(root: Any, ns: dict[str, str]) -> bool:
    """Whether an XMILE tree has tags or attributes of Vensim's own."""
    own = f"//*[namespace-uri()='{_TAGS}'] | //@*[namespace-uri()='{_TAGS}']"
    return bool(root.xpath(own, namespaces=ns))


def listed(root: Any, ns: dict[str, str], file: str) -> Listing:
    """The entries of the tree, as `entries.listing` has them of a text.

    Args:
        root: the tree.
        ns: its namespace, under the prefix `ns`.
        file: what it is called, for places.
    """
    tree = _Tree(ns, file)
    macros: list[Macro] = []
    entries = list(tree.controls(root))
    for dim in root.xpath("ns:dimensions/ns:dim", namespaces=ns):
        entries.append(tree.range(dim))
    for macro in root.xpath("ns:macro[@name]", namespaces=ns):
        name = key(str(macro.get("name")))
        inputs = tuple((part.text or "").strip() for part in macro.xpath("ns:parm", namespaces=ns))
        parts = macro.xpath("ns:variables/*", namespaces=ns)
        outputs = tuple(str(one.get("name")) for one in parts if one.get("access") == "output")
        macros.append(Macro(name, inputs, outputs, Place(file, int(macro.sourceline))))
        for node in parts:
            entries += tree.variable(node, name)
    for node in root.xpath("ns:model/ns:variables/*", namespaces=ns):
        entries += tree.variable(node, MAIN)
    return Listing(tuple(entries), tuple(macros), ())


class _Tree:
    def __init__(self, ns: dict[str, str], file: str) -> None:
        self.ns, self.file = ns, file

    def entry(self, node: Any, equation: str, section: str = MAIN) -> Entry:
        equation = " ".join(equation.split())
        line = int(node.sourceline)
        units, doc = (self.text(node, what) for what in ("units", "doc"))
        return Entry(
            section, equation, units, doc, Place(self.file, line), (line,) * len(equation), (0, 0)
        )

    def text(self, node: Any, what: str) -> str:
        found = node.xpath(f"ns:{what}", namespaces=self.ns)
        return " ".join((found[0].text or "").split()) if found else ""

    def controls(self, root: Any) -> Iterator[Entry]:
        for specs in root.xpath("ns:sim_specs", namespaces=self.ns):
            for what, name in _CONTROLS:
                for node in specs.xpath(f"ns:{what}", namespaces=self.ns):
                    value = (node.text or "").strip()
                    if what == "dt" and node.get("reciprocal") == "true":
                        value = f"1/{value}"
                    yield self.entry(node, f"{name} = {value}")
            for node in specs.iter(f"{{{_TAGS}}}saveper"):
                yield self.entry(node, f"SAVEPER = {(node.text or '').strip()}")

    def range(self, dim: Any) -> Entry:
        labels = [str(one) for one in dim.xpath("ns:elem/@name", namespaces=self.ns)]
        if not labels and str(dim.get("size", "")).isdecimal():
            labels = [f"(1-{dim.get('size')})"]
        return self.entry(
            dim, f"{_quoted(str(dim.get('name')))}: {', '.join(map(_quoted, labels))}"
        )

    def variable(self, node: Any, section: str) -> Iterator[Entry]:
        kind = str(node.tag).rpartition("}")[2]
        name = str(node.get("name", "")).strip('"')
        if kind not in {"aux", "flow", "stock", "gf"} or not str(node.tag).startswith(
            "{" + self.ns["ns"]
        ):
            return
        if node.get(f"{{{_TAGS}}}kind") == "string":
            return
        if key(name) in _REPEATED and self.text(node, "eqn").upper() == "DT":
            return
        over = [
            _quoted(str(one))
            for one in node.xpath("ns:dimensions/ns:dim/@name", namespaces=self.ns)
        ]
        elements = node.xpath("ns:element", namespaces=self.ns)
        for owner in elements or [node]:
            at = str(owner.get("subscript", "")) if elements else ", ".join(over)
            head = f"{_quoted(name)}[{at}]" if at else _quoted(name)
            yield self.entry(node, self.equation(node, owner, kind, head, at), section)

    def equation(self, node: Any, owner: Any, kind: str, head: str, at: str) -> str:
        said = self.text(owner, "eqn") or self.text(node, "eqn")
        if kind == "stock":
            return f"{head} = INTEG({self.flow(node, owner, at)}, {said})"
        graphs = owner.xpath("ns:gf", namespaces=self.ns) or node.xpath("ns:gf", namespaces=self.ns)
        if kind == "gf":
            graphs = [owner]
        if graphs and said:
            return f"{head} = WITH LOOKUP({said}, ({self.points(graphs[0])}))"
        if graphs:
            return f"{head}({self.points(graphs[0])})"
        if node.get(f"{{{_TAGS}}}kind") == "data":
            # `:RAW:` by itself is a series without equation; `:RAW::= x` is one with.
            return (
                f"{head} {said}" if said.startswith(":") else f"{head} := {said}" if said else head
            )
        return f"{head} = {said}" if said else head

    def flow(self, node: Any, owner: Any, at: str) -> str:
        for place in (owner, node):
            for net in place.iter(f"{{{_TAGS}}}netflow"):
                return (net.text or "0").strip()
        inner = f"[{at}]" if at else ""
        said = ""
        for what, sign in (("inflow", "+"), ("outflow", "-")):
            for part in node.xpath(f"ns:{what}", namespaces=self.ns):
                name = _quoted(part.text or "")
                said += f" {sign} {name}{'' if '[' in name else inner}"
        return said.removeprefix(" + ").strip() or "0"

    def points(self, graph: Any) -> str:
        ys = _numbers(self.text(graph, "ypts"))
        xs = _numbers(self.text(graph, "xpts"))
        if not xs and len(ys) > 1:
            scale = graph.xpath("ns:xscale", namespaces=self.ns)
            low, high = (float(scale[0].get(end)) for end in ("min", "max"))
            xs = [repr(low + (high - low) * number / (len(ys) - 1)) for number in range(len(ys))]
        return ", ".join(f"({x}, {y})" for x, y in zip(xs, ys, strict=False))


def _numbers(text: str) -> list[str]:
    return [part for part in re.split(r"[,;\s]+", text) if part]


def _quoted(name: str) -> str:
    """A name, an element or a sum of flows, as Vensim's text has it."""
    name = name.strip()
    return name if _NAME.fullmatch(name) or re.search(r'["\[(]', name) else f'"{name}"'
