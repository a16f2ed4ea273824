"""XMILE's conveyors, said with functions that the compiler knows (`sim.compile.conveyors`)."""

from __future__ import annotations

from typing import Any

from sim.errors import Problem
from sim.source.entries import key

_SPREAD = {"", "none", "even"}
_DROPPED = ("inflow", "outflow", "conveyor", "non_negative")


def conveyors(root: Any, ns: dict[str, str], file: str) -> list[Problem]:
    """Turn every conveyor of the tree, and the flows out of it, into plain variables.

    Args:
        root: the tree, changed in place.
        ns: its namespace, under the prefix `ns`.
        file: what it is called, for complaints.

    Returns:
        What a conveyor has that is not supported.
    """
    flows = {
        _plain(node.get("name", "")): node
        for node in root.xpath("ns:model/ns:variables/ns:flow", namespaces=ns)
    }
    problems: list[Problem] = []
    for stock in root.xpath("ns:model/ns:variables/ns:stock[ns:conveyor]", namespaces=ns):
        problems += _conveyor(stock, flows, ns, file)
    return problems


def _conveyor(stock: Any, flows: dict[str, Any], ns: dict[str, str], file: str) -> list[Problem]:
    name = _reference(stock.get("name", ""))
    belt = stock.xpath("ns:conveyor", namespaces=ns)[0]
    inflows, outflows = (
        [_reference((part.text or "").strip()) for part in stock.xpath(f"ns:{what}", namespaces=ns)]
        for what in ("inflow", "outflow")
    )
    leaking = [_flow(flow, flows) for flow in outflows[1:]]
    unknown = [flow for flow in (*inflows, *outflows) if _flow(flow, flows) is None]
    said = _unsupported(stock, belt, [flow for flow in leaking if flow is not None], ns)
    said += [f"the unknown flow '{flow}'" for flow in unknown]
    spread = [_spread(flow, flows) for flow in inflows]
    said += [f"an inflow spread by '{how}'" for how in spread if how not in _SPREAD]
    even = [flow for flow, how in zip(inflows, spread, strict=True) if how == "even"]
    if even and leaking and not _exponential(belt):
        said.append("leaks that are not exponential from what is spread over it")
    said += ["no transit time"] if not _text(belt, "len", ns) else []
    said += ["no flow out of it"] if not outflows else []
    if said:
        sentence = f"the conveyor '{stock.get('name')}' has {', '.join(said)}"
        if not unknown:
            sentence += ", which is not supported"
        return [Problem("unsupported-stock", sentence, file, int(stock.sourceline))]
    leaks: list[str] = []
    for number, flow in enumerate(leaking, 1):
        fraction = _text(flow, "leak", ns) or _text(flow, "eqn", ns) or "0"
        leaks += [fraction, flow.get("leak_start", "0"), flow.get("leak_end", "1")]
        _say(flow, f"CONVEYOR_LEAK({name}, {number})", ns)
    _say(_flow(outflows[0], flows), f"CONVEYOR_OUTFLOW({name})", ns)
    _limit(name, belt, inflows, outflows, flows, ns)
    exponential = "1" if _exponential(belt) else "0"
    entering = [flow for flow in inflows if flow not in even]
    sums = [f"({' + '.join(some) or '0'})" for some in (entering, even)]
    rest = ", ".join([_text(belt, "len", ns), *sums, exponential, *leaks])
    for owner in stock.xpath("ns:element", namespaces=ns) or [stock]:
        start = _text(owner, "eqn", ns) or "0"
        _say(owner, f"CONVEYOR_CONTENT({start}, {rest})", ns)
    for what in _DROPPED:
        for part in stock.xpath(f"ns:{what}", namespaces=ns):
            stock.remove(part)
    stock.tag = f"{{{ns['ns']}}}aux"
    return []


def _unsupported(stock: Any, belt: Any, leaking: list[Any], ns: dict[str, str]) -> list[str]:
    said: list[str] = []
    if belt.get("discrete", "").lower() == "true":
        said.append("batches (discrete)")
    if _text(belt, "arrest", ns) not in {"", "0"}:
        said.append("a condition that arrests it")
    if any("," in _text(owner, "eqn", ns) for owner in (stock, *stock)):
        said.append("a list of starting values")
    zones = {(flow.get("leak_start", "0"), flow.get("leak_end", "1")) for flow in leaking}
    if len(leaking) > 1 and not all(map(_whole, zones)) and not _exponential(belt):
        said.append("several leaks that do not all take from its whole length")
    if any(flow.xpath("ns:leak_integers", namespaces=ns) for flow in leaking):
        said.append("leaks of whole units")
    return said


def _spread(name: str, flows: dict[str, Any]) -> str:
    """How Stella lays an inflow onto the belt: "" at its beginning."""
    flow = _flow(name, flows)
    how = (
        ""
        if flow is None
        else next((str(value) for what, value in flow.items() if what.endswith("}spreadflow")), "")
    )
    return how.lower()


def _exponential(belt: Any) -> bool:
    return belt.get("exponential_leak", "").lower() == "true"


def _whole(zone: tuple[str, str]) -> bool:
    try:
        return float(zone[0]) <= 0 and float(zone[1]) >= 1
    except ValueError:
        return False


def _limit(
    name: str, belt: Any, inflows: list[str], outflows: list[str], flows: dict[str, Any], ns: Any
) -> None:
    """Let no more flow in than there is room for, the first inflow before the next."""
    capacity, limit = _text(belt, "capacity", ns), _text(belt, "in_limit", ns)
    limits = [f"({limit})"] if limit else []
    if capacity:
        limits.append(f"((({capacity}) - {name})/DT + {' + '.join(outflows)})")
    for number, inflow in enumerate(inflows if limits else []):
        flow = _flow(inflow, flows)
        earlier = "".join(f" - {each}" for each in inflows[:number])
        said = _text(flow, "eqn", ns) or "0"
        for room in limits:
            said = f"MIN({said}, MAX(0, {room}{earlier}))"
        _say(flow, said, ns)


def _flow(name: str, flows: dict[str, Any]) -> Any:
    return flows.get(_plain(name))


def _plain(name: str) -> str:
    return key(name.replace("\\n", " ").strip().strip('"'))


def _reference(name: str) -> str:
    name = name.replace("\\n", " ").strip('"')
    return f'"{name}"' if not name.replace(" ", "_").isidentifier() else name.replace(" ", "_")


def _text(node: Any, what: str, ns: dict[str, str]) -> str:
    found = node.xpath(f"ns:{what}", namespaces=ns)
    return (found[0].text or "").strip() if found else ""


def _say(node: Any, equation: str, ns: dict[str, str]) -> None:
    found = node.xpath("ns:eqn", namespaces=ns)
    if not found:
        found = [node.makeelement(f"{{{ns['ns']}}}eqn")]
        node.append(found[0])
    found[0].text = equation
