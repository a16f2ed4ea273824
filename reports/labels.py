"""What things are called for people, in English and in Norwegian bokmål.

Regions, industries, areas and tools have their words in `scenarios/labels.csv`, results in
`scenarios/outcomes.yaml`, scenarios in their own files.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sim.errors import wrong
from sim.ir import identifier
from sim.project import SCENARIOS, shown
from sim.scenario.catalogues import Outcome, catalogues
from sim.scenario.schema import Text

Language = Literal["en", "nb"]
ELEMENTS = ("region", "industry", "tool", "area", "element")
_LONGEST = 48  # letters of a scenario's name


@dataclass(frozen=True)
class Labels:
    """Words of one language.

    Args:
        language: `en` or `nb`.
        words: (kind, id) -> word, kinds being region, industry, area, tool, variable, unit
            (of a variable), and inside (a region or industry within a sentence).
        runs: run -> the name of its scenario.
    """

    language: Language
    words: Mapping[tuple[str, str], str] = field(repr=False)
    runs: Mapping[str, str]

    def of(self, kind: str, name: str) -> str:
        """The word for a name as it stands in the model; the name itself where none is given."""
        return self.words.get((kind, identifier(name)), name)

    def element(self, name: str) -> str:
        """The word for a region, an industry, or anything else that a variable lies over.

        Of several that are added up (`a + b`): the word of the whole sum where it has one
        (`element,a_b`), else that of the first and how many more.
        """
        first, *others = name.split(" + ")
        word = self._element(name) or self._element(first) or first
        if not others or self._element(name):
            return word
        if len(others) == 1:
            return f"{word} + {self.inside('industry', others[0])}"
        return f"{word} + {len(others)} {'til' if self.language == 'nb' else 'more'}"

    def _element(self, name: str) -> str | None:
        """The word for one element, or for a sum that has a word of its own."""
        found = (self.words.get((kind, identifier(name))) for kind in ELEMENTS)
        return next((word for word in found if word), None)

    def unit(self, variable: str, unit: str) -> str:
        """The unit of a variable as people write it; `unit`, the model's, where none is given."""
        return self.words.get(("unit", variable), unit)

    def run(self, run: str) -> str:
        """The name of the scenario that was run."""
        return self.runs.get(run, run)

    def inside(self, kind: str, name: str) -> str:
        """The word as it stands inside a sentence: "in {word}"."""
        word = self.of(kind, name)
        return self.words.get(("inside", identifier(name)), word[:1].lower() + word[1:])

    def quoted(self, run: str) -> str:
        """The scenario's name in the language's quotation marks."""
        return f"«{self.run(run)}»" if self.language == "nb" else f"“{self.run(run)}”"


def load(
    language: Language,
    runs: Mapping[str, Text] | None = None,
    *,
    outcomes: Mapping[str, Outcome] | None = None,
    path: Path = SCENARIOS / "labels.csv",
) -> Labels:
    """Read the words of one language.

    Args:
        language: `en` or `nb`.
        runs: run -> the name of its scenario; long names are cut.
        outcomes: those of `scenarios/outcomes.yaml` when None.
        path: a CSV file with the columns kind, id, en, nb.

    Raises:
        InputError: the file lacks one of the columns.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"kind", "id", "en", "nb"} - set(reader.fieldnames or ())
        if missing:
            names = ", ".join(sorted(missing))
            raise wrong("missing-column", f"columns are missing: {names}", file=shown(path), line=1)
        words = {(row["kind"], row["id"]): row[language] for row in reader}
    for outcome in (catalogues().outcomes if outcomes is None else outcomes).values():
        words["variable", outcome.variable] = outcome.name.said(language)
        words["unit", outcome.variable] = outcome.unit.said(language)
    said = {run: _short(name.said(language)) for run, name in (runs or {}).items()}
    return Labels(language, words, said)


def _short(name: str) -> str:
    """On one line, and no longer than a title has room for."""
    line = " ".join(name.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
