"""Constants, data, tables and ranges that lie in files: read once, by PySD's own classes."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from sim.compile import sheet
from sim.compile.problems import Problems
from sim.compile.variables import Component, Element, Variable

Knots = tuple[tuple[float, ...], tuple[float, ...]]
_EMPTY: Knots = ((0.0,), (float("nan"),))
# What PySD and pandas raise for files that are not there or not as the equation says.
_UNREADABLE = (OSError, ValueError, KeyError, IndexError, AttributeError)


class Reader:
    """Reads files relative to the model's folder.

    Args:
        root: the folder, as PySD gives it (a path).
    """

    def __init__(self, root: Any) -> None:
        self._root = root
        self._read: dict[Component, Any] = {}
        self._fresh = True

    def close(self) -> None:
        """Forget the files: PySD would keep them, changed or not, for the whole process."""
        if not self._fresh:
            from pysd.py_backend.external import Excels

            Excels.clean()
            self._fresh = True

    def range(self, name: str, source: Mapping[str, str], problems: Problems) -> list[str]:
        """The elements of a subscript range (GET XLS/DIRECT SUBSCRIPT)."""
        from pysd.py_backend.external import ExtSubscript

        self._open()
        with _quiet():
            try:
                found = ExtSubscript(
                    file_name=source["file"],
                    tab=source["tab"],
                    firstcell=source["firstcell"],
                    lastcell=source["lastcell"],
                    prefix=source["prefix"],
                    root=self._root,
                ).subscript
            except _UNREADABLE as wrong:
                _note(problems, wrong, name, f"the range '{name}'")
                return []
        return [str(one) for one in found]

    def constant(self, component: Component, element: Element, problems: Problems) -> float:
        """The number of one element of GET XLS/DIRECT CONSTANTS."""
        values = self._values(component, problems)
        if values is None:
            return float("nan")
        return float(values.sel(self._at(component, element)) if element else values)

    def data(self, component: Component, element: Element, problems: Problems) -> Knots:
        """Times and values of one element of GET XLS/DIRECT DATA."""
        return self._knots(component, element, problems, "time")

    def table(self, component: Component, element: Element, problems: Problems) -> Knots:
        """The points of one element of GET XLS/DIRECT LOOKUPS."""
        return self._knots(component, element, problems, "lookup_dim")

    def _knots(
        self, component: Component, element: Element, problems: Problems, axis: str
    ) -> Knots:
        plain = self._plain(component, element)
        if plain is not None:
            return plain
        values = self._values(component, problems)
        if values is None:
            return _EMPTY
        line = values.sel(self._at(component, element)) if element else values
        return (
            tuple(float(x) for x in values[axis].values),
            tuple(float(y) for y in line.values),
        )

    def _plain(self, component: Component, element: Element) -> Knots | None:
        """The points of an element where the file is plain and the array has one range at most."""
        labels = list(self._coordinates(component).values())
        ast = component.ast
        if len(labels) > 1 or not ast.file.lower().endswith(".csv"):
            return None
        try:
            content = self._root.joinpath(ast.file).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None
        axis = ast.time_row_or_col if hasattr(ast, "time_row_or_col") else ast.x_row_or_col
        count = len(labels[0]) if labels else 1
        read = sheet.columns(content, ast.tab, axis, ast.cell, count)
        if read is None:
            return None
        times, values = read
        return times, values[labels[0].index(element[0]) if labels else 0]

    def _coordinates(self, component: Component) -> dict[str, list[str]]:
        """The labels of each range of the left side."""
        ranges = component.variable.section.ranges
        return {
            f"dim{i}": [one.label] if one.label else list(ranges.labels(one.range))
            for i, one in enumerate(component.subscripts)
        }

    def _at(self, component: Component, element: Element) -> dict[str, str]:
        return {f"dim{i}": label for i, label in enumerate(element)}

    def _values(self, component: Component, problems: Problems) -> Any:
        """What the equation's file holds, as an xarray.DataArray or number; None if it fails."""
        if component not in self._read:
            self._open()
            try:
                with _quiet():
                    self._read[component] = self._load(component)
            except _UNREADABLE as wrong:
                name = component.variable.name
                _note(problems, wrong, name, f"'{name}'")
                self._read[component] = None
        return self._read[component]

    def _open(self) -> None:
        if self._fresh:
            from pysd.py_backend.external import Excels

            Excels.clean()
            self._fresh = False

    def _load(self, component: Component) -> Any:
        from pysd.py_backend.external import ExtConstant, ExtData, ExtLookup

        variable: Variable = component.variable
        coordinates = self._coordinates(component)
        ast = component.ast
        rest = (coordinates, self._root, coordinates, variable.name)
        match type(ast).__name__:
            case "GetConstantsStructure":
                source = ExtConstant(ast.file, ast.tab, ast.cell, *rest)
            case "GetDataStructure":
                source = ExtData(
                    ast.file, ast.tab, ast.time_row_or_col, ast.cell,
                    component.keyword or None, *rest,
                )  # fmt: skip
            case _:
                source = ExtLookup(ast.file, ast.tab, ast.x_row_or_col, ast.cell, *rest)
        source.initialize()
        return source.data


def _quiet() -> warnings.catch_warnings:
    """Without PySD's remarks on gaps that it fills, and pandas' on its own future."""
    return warnings.catch_warnings(action="ignore")


def _note(problems: Problems, wrong: Exception, name: str, what: str) -> None:
    told = " ".join(str(wrong).split())
    missing = isinstance(wrong, FileNotFoundError)
    code = "no-such-file" if missing else "unreadable-data"
    problems.add(code, f"the file for {what} cannot be read: {told}", name)
