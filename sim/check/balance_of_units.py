"""The suite `units`: every equation of a model held against the units that its text gives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sim.check.dimensions import Dimensions, Remark
from sim.check.finding import Finding, Outcome, Report
from sim.check.inference import Inference
from sim.check.measure import ANY, Measure
from sim.check.vocabulary import vocabulary
from sim.ir import identifier
from sim.source import Source
from sim.source.entries import key
from sim.units import DIMENSIONLESS, Unit, UnitError, Vocabulary

_BOUNDS = ("time_step", "initial_time", "final_time", "saveper")
_OF_XMILE = {"dt": "time_step", "starttime": "initial_time", "stoptime": "final_time"}
_LIMITS = re.compile(r"\s*\[[^\[\]]*\]\s*\Z")
_DEEPEST = 20  # macros within macros


def check(source: Source) -> Report:
    """Check the units of every equation.

    A variable passes if its equations do. What is only worth a look is noted: numbers without a
    unit beside a unit, variables without a unit, functions that are not known.
    """
    return Report("units", _Audit(source).findings())


class _Audit:
    """One model: its sections, and the unknown units that they share."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.inference = Inference()
        self.vocabulary = vocabulary(source)
        self.sections: dict[str, Any] = {one.name: one for one in source.abstract.sections}
        self.found: dict[tuple[str, str, str], Finding] = {}
        self.pending: list[tuple[Unit, Finding]] = []
        self.passed: list[Finding] = []
        self.time = self._time()
        self.labels = {identifier(k): len(v) for k, v in source.subscripts.items()}

    def findings(self) -> list[Finding]:
        main = next(iter(self.sections.values()))
        scope = Scope(self, main, self.vocabulary, {}, depth=0)
        scope.check()
        scope.tell_missing()
        for unit, finding in self.pending:
            known = self.inference.known(unit)
            if self.inference.whole(known) and known != DIMENSIONLESS:
                self.found.setdefault((finding.subject, finding.code, finding.sentence), finding)
        wrong = {one.subject for one in self.found.values() if one.outcome is Outcome.FAILED}
        return [*self.found.values(), *(one for one in self.passed if one.subject not in wrong)]

    def tell(
        self, subject: str, sentence: str, code: str, *, error: bool, place: tuple[str, int],
        unless: Unit | None = None,
    ) -> None:  # fmt: skip
        """Keep a finding, once; with `unless`, only if that unit turns out to be one."""
        outcome = Outcome.FAILED if error else Outcome.NOTED
        finding = Finding(outcome, subject, sentence, code, *place)
        if unless is not None:
            self.pending.append((unless, finding))
        else:
            self.found.setdefault((subject, code, sentence), finding)

    def said(self, unit: Unit) -> str:
        """A unit as a person should see it, as far as it is known."""
        if not self.inference.whole(unit):
            return "a unit not known"
        return self.vocabulary.said(self.inference.known(unit))

    def _time(self) -> Unit:
        """The unit of time: that of the first time bound that has one."""
        main = next(iter(self.sections.values()))
        units = {key(one.name): one.units for one in main.elements}
        for name in _BOUNDS:
            try:
                unit = self.vocabulary.parse(_LIMITS.sub("", units.get(name) or ""))
            except UnitError:
                continue  # told where the variable is read
            if unit is not None and unit != DIMENSIONLESS:
                return unit
        return self.inference.unknown("Time")


class Scope:
    """A section of a model: what its names stand for, and its equations.

    A macro gets a scope for each call, in which its parameters have the units of the arguments;
    the names of parameters may stand in the units of its variables.
    """

    def __init__(
        self,
        audit: _Audit,
        section: Any,
        units: Vocabulary,
        parameters: Mapping[str, Measure],
        *,
        depth: int,
    ) -> None:
        self.audit = audit
        self.section = section
        self.parameters = parameters
        self.depth = depth
        self.elements = {key(one.name): one for one in section.elements}
        self.words = {own: str(one.name) for own, one in self.elements.items()}
        self.measures: dict[str, Measure] = {}
        self.missing: list[str] = []
        self.across: dict[str, Unit] = {}
        self._inside = f"{section.name}/" if section.type == "macro" else ""
        for own, element in self.elements.items():
            self.measures[own] = self._given(own, element, units)
        self._dimensions = Dimensions(audit.inference, audit.time, self, audit.said)

    # --- what names stand for -------------------------------------------------------------

    def of(self, reference: str) -> Measure | None:
        """The measure of a variable, a parameter or the time; None for another name."""
        own = key(reference)
        own = _OF_XMILE.get(own.rstrip("_$"), own) if own not in self.measures else own
        if own in self.parameters:
            return self.parameters[own]
        if own == "time" or (own in _BOUNDS and own not in self.measures):
            return Measure(self.audit.time)
        return self.measures.get(own)

    def table(self, reference: str) -> Unit | None:
        """The unit at which a lookup is read; None for what is no lookup."""
        own = key(reference)
        element = self.elements.get(own)
        if element is None or not _is_table(element):
            return None
        if own not in self.across:
            self.across[own] = self.audit.inference.unknown(f"the input of {element.name}")
        return self.across[own]

    def macro(self, reference: str, arguments: Sequence[Measure]) -> Measure | None:
        """What a macro gives for arguments; None for what is no macro."""
        section = self.audit.sections.get(key(reference))
        if section is None or section.type != "macro":
            return None
        names = [key(name) for name in section.params]
        if len(names) != len(arguments) or self.depth >= _DEEPEST:
            return ANY
        given = {
            name: Measure(self.audit.inference.unknown(name)) if one.unit is None else one
            for name, one in zip(names, arguments, strict=True)
        }
        units = self.audit.vocabulary.with_names(
            {name: one.unit for name, one in given.items() if one.unit is not None}
        )
        inside = Scope(self.audit, section, units, given, depth=self.depth + 1)
        inside.check()
        return inside.of(section.name) or ANY

    def size(self, reference: Any) -> int | None:
        """The number of elements over which `!` runs in a reference."""
        over = getattr(getattr(reference, "subscripts", None), "subscripts", ())
        sizes = [self.audit.labels.get(identifier(one.rstrip("! "))) for one in over if "!" in one]
        count = 1
        for size in sizes:
            if size is None:
                return None
            count *= size
        return count if sizes else None

    # --- equations ------------------------------------------------------------------------

    def check(self) -> None:
        """Check every equation of the section."""
        for own, element in self.elements.items():
            for number, component in enumerate(element.components):
                tree = component.ast
                if type(tree).__name__ == "LookupsStructure":
                    continue
                given = own not in self.missing
                remarks = self._dimensions.equation(
                    element.name, self.measures[own], tree, given=given
                )
                for remark in remarks:
                    self._tell(element.name, number, remark)
            if not self._inside:
                place = self._place(element.name, 0)
                passed = Finding(Outcome.PASSED, element.name, "", "units", *place)
                self.audit.passed.append(passed)

    def tell_missing(self) -> None:
        """Note every variable without a unit, with what the equations say it is."""
        for own in self.missing:
            name = self.words[own]
            unit = self.measures[own].unit
            taken = ""
            if unit is not None and self.audit.inference.whole(unit):
                taken = f"; its use says {self.audit.said(unit)}"
            self.audit.tell(
                name, f"'{name}' has no unit{taken}", "no-unit", error=False,
                place=self._place(name, 0),
            )  # fmt: skip

    def _given(self, own: str, element: Any, units: Vocabulary) -> Measure:
        """The unit that the text gives, or an unknown."""
        text = _LIMITS.sub("", element.units or "")
        try:
            unit = units.parse(text)
        except UnitError as error:
            sentence = f"the unit of '{element.name}', '{text[:60]}', cannot be read: {error}"
            self.audit.tell(
                element.name, sentence, "unreadable-unit", error=True,
                place=self._place(element.name, 0),
            )  # fmt: skip
            return ANY
        if unit is not None:
            return Measure(unit)
        if own in _BOUNDS and not self._inside:
            return Measure(self.audit.time)
        self.missing.append(own)
        return Measure(self.audit.inference.unknown(element.name))

    def _place(self, name: str, number: int) -> tuple[str, int]:
        place = self.audit.source.place(self._inside + name, number)
        return place.file, place.line

    def _tell(self, name: str, number: int, remark: Remark) -> None:
        subject = f"{name} (macro {self.section.name})" if self._inside else name
        sentence = remark.sentence
        if not sentence.startswith(f"'{name}'"):
            sentence = f"'{name}': {sentence}"
        self.audit.tell(
            subject, sentence, remark.code, error=remark.error,
            place=self._place(name, number), unless=remark.pending,
        )  # fmt: skip


def _is_table(element: Any) -> bool:
    return any(
        type(component).__name__ == "AbstractLookup"
        or type(component.ast).__name__ in {"LookupsStructure", "GetLookupsStructure"}
        for component in element.components
    )
