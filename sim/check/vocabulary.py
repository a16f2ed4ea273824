"""The names of units that a model may use: ours, and those its own settings add."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from sim.source import Source
from sim.source.model import XMILE
from sim.source.text import content
from sim.units import DIMENSIONLESS, UnitError, Vocabulary

FILE = Path(__file__).with_name("synonyms.txt")
_SETTING = re.compile(rb"^22:(.*)$", re.MULTILINE)
# Where a Vensim file's drawings end and its settings begin.
_SETTINGS = re.compile(rb":L\x7f?<%\^E!@|///---\\\\\\")


def vocabulary(source: Source) -> Vocabulary:
    """What the names of units mean in a model; its own settings come before ours."""
    made = Vocabulary()
    suffix = source.path.suffix.lower()
    if not source.ours and suffix == ".mdl":
        for group in _vensim(source.path):
            made.equal(group)
    definitions: list[tuple[str, str]] = []
    if not source.ours and suffix in XMILE:
        definitions = _xmile(source.path, made)
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            made.equal(line.split(","))
    for name, equation in definitions:
        try:
            meaning = made.parse(equation)
        except UnitError:
            continue  # the variables that use the name will tell that it means nothing else
        made.define(name, DIMENSIONLESS if meaning is None else meaning)
    return made


def _vensim(path: Path) -> Iterator[list[str]]:
    """The groups of a Vensim file's settings: lines `22:$,Dollar,Dollars`."""
    raw = content(path).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    mark = _SETTINGS.search(raw)
    if mark is None:
        return
    for line in _SETTING.findall(raw, mark.end()):
        yield line.decode("utf-8", "replace").split(",")


def _xmile(path: Path, made: Vocabulary) -> list[tuple[str, str]]:
    """The aliases of <model_units> go into the vocabulary; names with an equation are returned."""
    definitions: list[tuple[str, str]] = []
    group: list[str] = []
    text: list[str] = []
    equation = ""

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal equation
        text.clear()
        if tag.endswith("unit") and "name" in attributes:
            group[:] = [attributes["name"]]
            equation = ""

    def end(tag: str) -> None:
        nonlocal equation
        said = "".join(text).strip()
        if tag.endswith("alias") and group:
            group.append(said)
        elif tag.endswith("eqn") and group:
            equation = said
        elif tag.endswith("unit") and group:
            if equation:
                definitions.extend((name, equation) for name in group)
            elif len(group) > 1:
                made.equal(group)
            group.clear()
        text.clear()

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    parser.Parse(content(path), True)
    return definitions
