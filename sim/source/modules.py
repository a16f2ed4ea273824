"""Models within an XMILE model: brought into one, each variable under its module's name.

A variable `size` of the module `herd` becomes `herd.size`; an input of a module becomes what is
connected to it. Names are looked for as the standard says: in the module itself, then outwards;
one that begins with a dot is the whole model's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from sim.errors import Problem, did_you_mean
from sim.source.entries import key

_PART = r'(?:[^\W\d][\w\'$]*|"(?:\\.|[^"\\])*")'
_CHAIN = re.compile(rf"\{{[^}}]*\}}|(?<![\w.])(\.?{_PART}(?:\.{_PART})*)(\s*\()?|[\[\]]")
_SPLIT = re.compile(r'"(?:\\.|[^"\\])*"|[^."]+')
_TEXTS = (
    "eqn",
    "init_eqn",
    "inflow",
    "outflow",
    "len",
    "capacity",
    "in_limit",
    "sample",
    "arrest",
    "leak",
)
_INNER = (
    "inflow",
    "outflow",
    "gf",
    "non_negative",
    "eqn",
    "init_eqn",
    "element",
    "conveyor",
    "queue",
)
_VARIABLES = ("aux", "flow", "stock", "gf")
DEEP, MOST = 50, 10_000  # modules within modules, modules in all


@dataclass
class _Use:
    """One use of a model: its variables by `entries.key`, under their full names."""

    path: tuple[str, ...]
    model: Any
    variables: dict[str, str] = field(default_factory=dict[str, str])


class Flattening:
    """Brings the models of a tree into its first one.

    Args:
        root: the tree, changed in place.
        ns: its namespace, under the prefix `ns`.
        file: what it is called, for complaints.
    """

    def __init__(self, root: Any, ns: dict[str, str], file: str) -> None:
        self.root, self.ns, self.file = root, ns, file
        self.problems: list[Problem] = []
        self.uses: dict[tuple[str, ...], _Use] = {}  # by the keys of the modules' names
        self.sources: dict[str, str] = {}
        self.ranges = {
            key(name) for name in root.xpath("ns:dimensions/ns:dim/@name", namespaces=ns)
        }

    def run(self) -> list[Problem]:
        """Do it; gives what cannot be done."""
        models = self.root.xpath("ns:model", namespaces=self.ns)
        if not self.root.xpath("ns:model/ns:variables/ns:module", namespaces=self.ns):
            return []
        top = next((model for model in models if not model.get("name")), models[0])
        named = {key(model.get("name")): model for model in models if model.get("name")}
        self._use((), top, named)
        if self.problems:
            return self.problems
        for use in list(self.uses.values()):
            self._connect(use)
        target = top.xpath("ns:variables", namespaces=self.ns)[0]
        moved = [self._moved(use, node) for use in self.uses.values() for node in self._nodes(use)]
        for node in list(target):
            target.remove(node)
        for node in moved:
            target.append(node)
        for model in models:
            if model is not top:
                self.root.remove(model)
        return self.problems

    def _use(self, path: tuple[str, ...], model: Any, named: dict[str, Any]) -> None:
        use = self.uses[tuple(map(key, path))] = _Use(path, model)
        for node in self._nodes(use):
            name = str(node.get("name", "")).replace("\\n", " ")
            use.variables[key(name.strip('"'))] = ".".join((*path, name.strip('"')))
        for module in self._modules(use):
            name = str(module.get("name", ""))
            if module.get("resource"):
                sentence = f"the module '{name}' lies in another file, '{module.get('resource')}'"
                self._complain(module, sentence, "save the model with its modules in one file")
            elif key(name) not in named:
                sentence = f"the module '{name}' has no model"
                self._complain(module, sentence, did_you_mean(name, list(named)))
            elif len(path) == DEEP or len(self.uses) > MOST:
                self._complain(module, f"the module '{name}' holds modules without end")
                return
            else:
                inner = named[key(name)]
                if inner.xpath("ns:sim_specs", namespaces=self.ns):
                    self._complain(module, f"the module '{name}' runs by time bounds of its own")
                self._use((*path, name.strip('"').replace("\\n", " ")), inner, named)

    def _connect(self, use: _Use) -> None:
        for module in self._modules(use):
            inner = (*use.path, str(module.get("name", "")).strip('"').replace("\\n", " "))
            for connect in module.xpath("ns:connect", namespaces=self.ns):
                to, source = str(connect.get("to", "")), str(connect.get("from", ""))
                if not to or not source:
                    continue
                # An input may be named from the module or from the model that the module is in.
                goal = self._found(to, inner) if "." not in to else None
                goal = goal or self._found(to, use.path) or self._found(to, inner)
                start = self._found(source, use.path)
                if goal is None or start is None:
                    missing = to if goal is None else source
                    self._complain(connect, f"'{missing}', which is connected, is not there")
                elif self.sources.setdefault(key(goal), start) != start:
                    self._complain(connect, f"'{goal}' is connected to two variables")

    def _found(self, written: str, path: tuple[str, ...]) -> str | None:
        """The full name that a written one means in a use of a model."""
        parts = [key(part.strip('"').replace("\\n", " ")) for part in _SPLIT.findall(written)]
        starts = (
            [()] if written.startswith(".") else [path[:end] for end in range(len(path), -1, -1)]
        )
        for start in starts:
            # A single name is the module's own.
            if len(parts) == 1 and start != path and not written.startswith("."):
                return None
            wanted = (*map(key, start), *parts[:-1])
            use = self.uses.get(wanted)
            if use is not None and parts[-1] in use.variables:
                return use.variables[parts[-1]]
        return None

    def _moved(self, use: _Use, node: Any) -> Any:
        """A variable as it is in the one model."""
        node = deepcopy(node)
        name = use.variables[key(str(node.get("name", "")).replace("\\n", " ").strip('"'))]
        node.set("name", name)
        source = self.sources.get(key(name))
        if source is not None:
            for inner in _INNER:
                for part in node.xpath(f"ns:{inner}", namespaces=self.ns):
                    node.remove(part)
            node.tag = f"{{{self.ns['ns']}}}aux"
            node.set("aliased", source)
            equation = node.makeelement(f"{{{self.ns['ns']}}}eqn")
            equation.text = _quoted(source)
            node.append(equation)
            return node
        for text in _TEXTS:
            for part in node.xpath(f".//ns:{text}", namespaces=self.ns):
                part.text = self._renamed(part.text or "", use.path)
        return node

    def _renamed(self, text: str, path: tuple[str, ...]) -> str:
        def name(match: re.Match[str]) -> str:
            chain = match.group(1)
            if chain is None or key(_SPLIT.findall(chain)[0]) in self.ranges:
                return match.group(0)
            found = self._found(chain, path)
            return match.group(0) if found is None else _quoted(found) + (match.group(2) or "")

        return _CHAIN.sub(name, text)

    def _nodes(self, use: _Use) -> Iterator[Any]:
        for kind in _VARIABLES:
            yield from use.model.xpath(f"ns:variables/ns:{kind}", namespaces=self.ns)

    def _modules(self, use: _Use) -> list[Any]:
        return list(use.model.xpath("ns:variables/ns:module", namespaces=self.ns))

    def _complain(self, node: Any, sentence: str, hint: str = "") -> None:
        self.problems.append(Problem("modules", sentence, self.file, int(node.sourceline), hint))


def _quoted(name: str) -> str:
    return f'"{name}"' if "." in name else re.sub(r"\s+", "_", name)
