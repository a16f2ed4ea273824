"""XMILE's plain stocks: flows over more ranges than the stock, and stocks that stay above zero.

A flow between stocks of different ranges has those of both (STELLA's rules for arrayed
variables), so each stock takes the sum over what it lacks. A stock marked non-negative holds its
outflows back: each gives at most what is there, what flows in during the step, and what the
outflows named before it leave (isee systems, "Flow prioritization"; the standard orders outflows
likewise). PySD cuts the stock at zero and leaves the flows as they are.
"""

from __future__ import annotations

import re
from typing import Any

from sim.source.entries import key
from sim.source.smile import Names

_WORD = re.compile(r'"(?:\\.|[^"\\])*"|[^\W\d][\w$\']*(?:\.[^\W\d][\w$\']*)*')


def reservoirs(root: Any, ns: dict[str, str], names: Names) -> None:
    """Say in equations what stocks do with their flows; changes the tree.

    Args:
        root: the tree, with conveyors already turned into plain variables.
        ns: its namespace, under the prefix `ns`.
        names: what its names mean.
    """
    stocks = root.xpath("ns:model/ns:variables/ns:stock", namespaces=ns)
    flows = {
        _known(str(node.get("name", ""))): node
        for node in root.xpath("ns:model/ns:variables/ns:flow", namespaces=ns)
    }
    everywhere = bool(
        root.xpath(
            "ns:behavior/ns:non_negative | ns:behavior/ns:stock/ns:non_negative", namespaces=ns
        )
    )
    links = _links(root, ns)
    owners = [_known(part.text or "") for part in root.xpath("//ns:outflow", namespaces=ns)]
    for stock in stocks:
        _summed(stock, names, ns)
        if _non_negative(stock, everywhere, ns):
            _limited(stock, flows, links, owners, ns)


def _summed(stock: Any, names: Names, ns: dict[str, str]) -> None:
    own = {key(one) for one in stock.xpath("ns:dimensions/ns:dim/@name", namespaces=ns)}
    for part in stock.xpath("ns:inflow | ns:outflow", namespaces=ns):
        if _known(part.text or "") in names.variables:
            part.text = _reference(part.text)
        over = names.variables.get(_known(part.text or ""), ())
        if over and not own.issuperset(map(key, over)):
            places = (_plain(one) if key(one) in own else f"{_plain(one)}!" for one in over)
            part.text = f"SUM({(part.text or '').strip()}[{', '.join(places)}])"


def _limited(
    stock: Any, flows: dict[str, Any], links: dict[str, set[str]], owners: list[str], ns: Any
) -> None:
    name = str(stock.get("name", "")).replace("\\n", " ").strip('"')
    inflows, outflows = (
        [(part.text or "").strip() for part in stock.xpath(f"ns:{what}", namespaces=ns)]
        for what in ("inflow", "outflow")
    )
    mine: list[Any] = [flows.get(_known(flow)) for flow in outflows]
    if any(flow is None or flow.xpath("ns:gf", namespaces=ns) for flow in mine):
        return  # summed, unknown or drawn: PySD's cut alone
    if any(
        not _alike(stock, flow, ns) or owners.count(_known(out)) > 1
        for flow, out in zip(mine, outflows, strict=True)
    ):
        return
    # What flows in during the step counts, unless it waits for one of the outflows itself.
    waiting = _reached({_known(flow) for flow in outflows}, links)
    if any(_known(part) in waiting for flow in inflows for part in _WORD.findall(flow)):
        inflows = []
    for number, (flow, out) in enumerate(zip(mine, outflows, strict=True)):
        for owner in flow.xpath("ns:element", namespaces=ns) or [flow]:
            at = owner.get("subscript")

            def said(variable: str, at: str | None = at) -> str:
                return f"{variable}[{at}]" if at and not variable.startswith("SUM(") else variable

            room = [f"{said(_reference(name))}/DT", *map(said, inflows)]
            gone = "".join(f" - {said(each)}" for each in outflows[:number])
            for equation in owner.xpath("ns:eqn", namespaces=ns):
                limit = f"MAX(0, {' + '.join(room)}{gone})"
                equation.text = f"MIN(({equation.text or '0'}), {limit})"
        for each in (*inflows, *outflows[:number]):
            links.setdefault(_known(each), set()).add(_known(out))


def _alike(stock: Any, flow: Any, ns: dict[str, str]) -> bool:
    """Whether a flow has the ranges of its stock, so that each element has its own."""
    over, own = (
        [key(one) for one in node.xpath("ns:dimensions/ns:dim/@name", namespaces=ns)]
        for node in (flow, stock)
    )
    return over == own


def _links(root: Any, ns: dict[str, str]) -> dict[str, set[str]]:
    """Which variables read each one in the same step; stocks end the way."""
    links: dict[str, set[str]] = {}
    for kind in ("aux", "flow"):
        for node in root.xpath(f"ns:model/ns:variables/ns:{kind}", namespaces=ns):
            name = _known(str(node.get("name", "")))
            for equation in node.xpath(".//ns:eqn", namespaces=ns):
                for word in _WORD.findall(equation.text or ""):
                    links.setdefault(_known(word), set()).add(name)
    return links


def _reached(start: set[str], links: dict[str, set[str]]) -> set[str]:
    found, left = set(start), list(start)
    while left:
        for each in links.get(left.pop(), ()):
            if each not in found:
                found.add(each)
                left.append(each)
    return found


def _non_negative(stock: Any, everywhere: bool, ns: dict[str, str]) -> bool:
    marks = stock.xpath("ns:non_negative", namespaces=ns)
    if marks and marks[0].text is not None:
        return "false" not in marks[0].text.lower()
    return everywhere or bool(marks)


def _known(name: str) -> str:
    return key(name.replace("\\n", " ").strip().strip('"'))


def _plain(name: str) -> str:
    return re.sub(r"\s+", "_", name.strip().strip('"'))


def _reference(name: str) -> str:
    plain = _plain(name)
    return plain if plain.isidentifier() else '"' + name.strip().strip('"') + '"'
