"""Names of ranges with an apostrophe (`DimC'`), which PySD cannot write into its Python.

Such a name gets the letter ʼ in place of the sign '. It shows in no result: columns bear the
labels of elements, not the names of ranges.
"""

from __future__ import annotations

import re
from typing import Any

from pysd.translators.structures import abstract_expressions as ae
from pysd.translators.structures.abstract_model import AbstractModel

from sim.source.entries import key
from sim.source.names import nodes
from sim.source.text import Place

_HARMLESS = re.compile(r"[\w '\"]+")


def replace(model: AbstractModel, places: dict[str, Any]) -> None:
    """Rename the ranges with an apostrophe wherever they are named, and in the places."""
    new = {
        each.name: each.name.replace("'", "ʼ")
        for section in model.sections
        for each in section.subscripts
        if "'" in each.name and _HARMLESS.fullmatch(each.name)
    }
    if not new:
        return
    keys = {key(old) for old in new}
    for old, name in new.items():
        found: tuple[Place, ...] = tuple(places.get(key(old), ()))
        places[key(name)] = found

    def said(given: Any) -> Any:
        if isinstance(given, str):
            bare = given.removesuffix("!")
            return new.get(bare, bare) + given[len(bare) :]
        if isinstance(given, list | tuple):
            return type(given)(said(each) for each in given)
        return given

    for section in model.sections:
        for each in section.subscripts:
            each.name, each.subscripts = said(each.name), said(each.subscripts)
            each.mapping = said(each.mapping)
        for element in section.elements:
            for component in element.components:
                component.subscripts = said(component.subscripts)
                for node in nodes(component.ast):
                    if isinstance(node, ae.SubscriptsReferenceStructure):
                        node.subscripts = said(node.subscripts)
                    elif isinstance(node, ae.ReferenceStructure) and key(node.reference) in keys:
                        node.reference = node.reference.replace("'", "ʼ")
