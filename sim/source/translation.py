"""From text to PySD's abstract model; every complaint with its file and line.

The equations are read by PySD's translators, one by one, so that one that cannot be read
does not hide the next.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from xml.parsers import expat

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # a C module without stubs
from parsimonious.exceptions import ParseError, VisitationError
from pysd.translators.structures.abstract_model import AbstractModel
from pysd.translators.vensim import vensim_element
from pysd.translators.vensim.vensim_section import Section
from pysd.translators.xmile.xmile_file import XmileFile

from sim.compile.engine import deep_stack
from sim.errors import InputError, Problem, wrong
from sim.project import shown
from sim.source import quick, stella, vensim_xmile, xmile_macro
from sim.source.calls import called
from sim.source.entries import MAIN, Entry, Listing, key, listing
from sim.source.ranges import MOST
from sim.source.spelling import parted, series, spelt
from sim.source.text import Place, Text, content

_UNFINISHED = re.compile(r"=\s*A FUNCTION OF\s*\(", re.IGNORECASE)
Places = dict[str, list[Place]]
"""Where the entries of each name (as `key` has it) were written, in order.

Names in a macro have it and a slash before them.
"""


def vensim(
    text: Text, path: Path, *, ours: bool = True
) -> tuple[AbstractModel, Places, list[Problem]]:
    """Translate a Vensim text.

    Args:
        text: the assembled text.
        path: the model file or folder; it names the sections.
        ours: whether every entry must have its three parts.

    Returns:
        The abstract model of what could be read, where its names stand, all problems.
    """
    return _translated(listing(text, brief=not ours), path)


def _translated(split: Listing, path: Path) -> tuple[AbstractModel, Places, list[Problem]]:
    problems = list(split.problems)
    places: Places = defaultdict(list)
    sections = [_section(MAIN, path.with_suffix(".py"), (), ())]
    for macro in split.macros:
        file = path.with_name("".join(c if c.isalnum() else "_" for c in macro.name) + ".py")
        sections.append(_section(macro.name, file, macro.inputs, macro.outputs))
    with warnings.catch_warnings(), deep_stack():
        # PySD's remarks on ignored reality checks and mappings have no place to go to here.
        warnings.simplefilter("ignore")
        for section in sections:
            _fill(section, split, problems, places)
    model = AbstractModel(
        original_path=path, sections=tuple(section.get_abstract_section() for section in sections)
    )
    return model, places, problems


def _fill(section: Any, split: Listing, problems: list[Problem], places: Places) -> None:
    """Read the entries of one section."""
    entries = _once([entry for entry in split.entries if entry.section == section.name])
    entries = [each for entry in entries for each in called(entry, split.macros)]
    parts = [part for entry in entries if (part := _part(entry, problems, places)) is not None]
    if section.name == MAIN and "saveper" not in places and "time_step" in places:
        # Vensim saves every step then.
        parts.append(_part(_saveper(split, places), problems, places))
    section.subscripts = _of(parts, vensim_element.SubscriptRange)
    section.components = _of(parts, vensim_element.Component)
    section.constraints = _of(parts, vensim_element.Constraint)
    section.test_inputs = _of(parts, vensim_element.TestInput)


def _once(entries: list[Entry]) -> list[Entry]:
    """Without the lines that Vensim writes before a variable that has no equation yet.

    `x = A FUNCTION OF(x, y) ~~|` tells what it is to hang on; the variable itself follows.
    """
    named = Counter(key(entry.equation.partition("=")[0]) for entry in entries)
    return [
        entry
        for entry in entries
        if named[key(entry.equation.partition("=")[0])] == 1
        or not _UNFINISHED.search(entry.equation)
    ]


def _saveper(split: Listing, places: Places) -> Entry:
    """The equation that a text without SAVEPER is read with, at the place of TIME STEP."""
    equation = "SAVEPER = TIME STEP"
    place = places["time_step"][0]
    near = (one for one in split.entries if one.place == place)
    units = next((one.units for one in near), "")
    lines = (place.line,) * len(equation)
    return Entry(MAIN, equation, units, "", place, lines, (0, 0))


def _section(name: str, path: Path, inputs: Iterable[str], outputs: Iterable[str]) -> Any:
    kind = "main" if name == MAIN else "macro"
    return Section(name, path, kind, list(inputs), list(outputs), "", split=False, views_dict=None)


def _of(parts: list[Any], kind: type) -> list[Any]:
    return [part for part in parts if isinstance(part, kind)]


def _part(entry: Entry, problems: list[Problem], places: Places) -> Any:
    """PySD's reading of one entry, or None where it cannot be read."""
    entry = replace(entry, equation=spelt(entry.equation))
    if series(entry.equation) > MOST:
        # PySD would write the names out before anybody can look at them.
        sentence = f"'{entry.equation[:60]}' names more than {MOST:,} elements"
        problems.append(Problem("range-size", sentence, entry.place.file, entry.place.line))
        return None
    name = entry.equation.split("=")[0].split("[")[0].strip()[:60]
    expression = ""
    inside = "" if entry.section == MAIN else f"{entry.section}/"
    try:
        element = vensim_element.Element(entry.equation, entry.units, entry.documentation)
        if (part := quick.component(entry.equation)) is not None:
            part.units, part.limits = element.units, element.limits
            part.documentation = entry.documentation
            places[key(inside + part.name)].append(entry.place)
            return part
        part: Any = element.parse()
        name = part.name
        places[key(inside + name)].append(entry.place)
        if not isinstance(part, vensim_element.SubscriptRange):
            expression = part.expression or ""
            part.parse()
        elif re.search(r"->.*\(", entry.equation):
            # PySD takes the parts for elements of the range.
            part.definition, part.mapping = parted(entry.equation)
    except (
        ParseError,
        VisitationError,
        ValueError,
        TypeError,
        IndexError,
        KeyError,
        RecursionError,
    ) as error:
        start = len(entry.equation) - len(expression) if expression else 0
        problems.append(_unread(entry, name, start, error))
        return None
    return part


def _unread(entry: Entry, name: str, start: int, error: Exception) -> Problem:
    """The problem of an entry that PySD cannot read; `start`: where in it PySD began."""
    if isinstance(error, ParseError):
        rest = entry.equation[start + error.pos :]
        at = min(start + error.pos + len(rest) - len(rest.lstrip()), len(entry.equation) - 1)
        near = entry.equation[at : at + 30]
        sentence = f"cannot read the equation of '{name}' at '{near}'"
        return Problem("syntax", sentence, entry.place.file, entry.lines[at])
    # A visitation error ends in the parse tree, which is of no use to the modeller.
    reason = str(error).split("\n\nParse tree")[0].strip().splitlines()[-1]
    if "recursion" in reason:
        reason = "it is nested too deep, or too long; split it into several variables"
    if "argument" in reason:
        reason = "a function has the wrong number of arguments"
    sentence = f"cannot read the equation of '{name}': {reason}"
    return Problem("syntax", sentence, entry.place.file, entry.place.line)


class _Tree(XmileFile):
    """PySD's file in whatever encoding it says, and whatever it is called."""

    def _get_root(self) -> Any:
        return etree.fromstring(content(self.xmile_path), etree.XMLParser(resolve_entities=False))


def xmile(path: Path) -> tuple[AbstractModel, Places, list[Problem]]:
    """Translate an XMILE file, as `vensim` does a text.

    Raises:
        InputError: unreadable, malformed XML, or no XMILE.
    """
    name = shown(path)
    parser = expat.ParserCreate()
    try:
        parser.Parse(content(path), True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise wrong("xml", f"malformed XML: {reason}", file=name, line=error.lineno) from None
    except LookupError as error:
        raise wrong("encoding", f"the file names an {error}", file=name, line=1) from None
    problems: list[Problem] = []
    places: Places = defaultdict(list)

    def attempt(what: str, line: int, read: Callable[[], Any]) -> None:
        try:
            read()
        except (
            ParseError,
            VisitationError,
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            AttributeError,
            NotImplementedError,
            RecursionError,
        ) as error:
            reason = str(error).split("\n\nParse tree")[0].strip().splitlines()
            sentence = f"cannot read {what}: {reason[-1] if reason else type(error).__name__}"
            problems.append(Problem("syntax", sentence, name, line))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            file = _Tree(path)
            file.parse(parse_all=False)
            (section,) = file.sections
            if vensim_xmile.written_by_vensim(section.content, section.ns):
                return _translated(vensim_xmile.listed(section.content, section.ns, name), path)
            file.sections += xmile_macro.sections(section.content, section.ns, path)
            for each in file.sections:
                problems += stella.mend(each.content, each.ns, name)
                each.parse(parse_all=False)
            stella.saved(section.content, section.ns, section.components)
        except etree.XMLSyntaxError as error:
            line = int(error.lineno or 0)
            raise wrong("xml", f"malformed XML: {error.msg}", file=name, line=line) from None
        except (KeyError, IndexError, AttributeError, ValueError, TypeError):
            hint = "an XMILE model has <sim_specs> with start, stop and dt, and <model>"
            raise wrong("not-xmile", "this is not an XMILE model", file=name, hint=hint) from None
        if problems:
            raise InputError(problems)
        for section in file.sections:
            inside = f"{section.name}/" if section.type == "macro" else ""
            for part in section.components:
                line = int(getattr(getattr(part, "node", None), "sourceline", 0) or 0)
                places[key(inside + part.name)].append(Place(name, line))
                read = part.parse
                if stella.is_by_element(part):
                    read = partial(stella.by_element, part)
                elif stella.has_graphs_by_element(part):
                    read = partial(stella.graphs_by_element, part)
                attempt(f"'{part.name}'", line, partial(read, section.behaviors))
        if problems:
            raise InputError(problems)
        return file.get_abstract_model(), places, problems
