"""XMILE's macros: each a section of its own, as PySD has those of Vensim."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from pysd.translators.xmile.xmile_section import Section

from sim.source.entries import key


def sections(root: Any, ns: dict[str, str], path: Path) -> list[Any]:
    """The sections of a tree's macros; their equations are not spelt as PySD reads them yet.

    Calls of macros whose name holds blanks are joined by underscores throughout the tree.
    """
    macros = [macro for macro in root.xpath("ns:macro", namespaces=ns) if macro.get("name")]
    for macro in macros:
        name = str(macro.get("name"))
        if " " in name.strip():
            _join(root, ns, name.strip())
    return [_section(root, macro, ns, path) for macro in macros]


def _section(root: Any, macro: Any, ns: dict[str, str], path: Path) -> Any:
    name = key(str(macro.get("name")))
    parameters = [key(part.text or "") for part in macro.xpath("ns:parm", namespaces=ns)]

    def made(tag: str, parent: Any = None) -> Any:
        node = root.makeelement(f"{{{ns['ns']}}}{tag}")
        if parent is not None:
            parent.append(node)
        return node

    content = made("xmile")
    for ranges in root.xpath("ns:dimensions", namespaces=ns):
        content.append(deepcopy(ranges))
    variables = made("variables", made("model", content))
    for node in macro.xpath("ns:variables/*", namespaces=ns):
        if key(str(node.get("name", ""))) not in parameters:  # else it stands for what is given
            variables.append(deepcopy(node))
    said = macro.xpath("ns:eqn", namespaces=ns)
    equation = (said[0].text or "").strip() if said else ""
    names = {key(str(node.get("name", ""))) for node in variables}
    if name not in names:
        value = made("aux", variables)
        value.set("name", name)
        made("eqn", value).text = equation
    file = path.with_name("".join(c if c.isalnum() else "_" for c in name) + ".py")
    return Section(name, file, "macro", parameters, [], content, ns["ns"], False, None)


def _join(root: Any, ns: dict[str, str], name: str) -> None:
    call = re.compile(r"[ _]+".join(map(re.escape, name.split())) + r"(?=\s*\()", re.IGNORECASE)
    joined = "_".join(name.split())
    for text in root.xpath("//ns:eqn", namespaces=ns):
        text.text = call.sub(joined, text.text or "")
