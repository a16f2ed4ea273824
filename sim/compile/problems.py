"""Everything wrong that the compiler meets, gathered and raised once."""

from __future__ import annotations

from collections.abc import Callable

from sim.errors import InputError, Problem

Locate = Callable[[str], tuple[str, int]]


class Problems:
    """A list of problems, each said once, with the place of the variable it concerns.

    Args:
        file: the model's file as named by the user, where `locate` knows no better.
        locate: from a variable's name as in the text to (file, line), or None.
    """

    def __init__(self, file: str, locate: Locate | None = None) -> None:
        self._file = file
        self._locate = locate
        self._found: dict[Problem, None] = {}

    def place(self, name: str) -> tuple[str, int]:
        """File and line of a variable; line 0 where it is not known."""
        return self._locate(name) if self._locate else (self._file, 0)

    def add(self, code: str, sentence: str, name: str = "", hint: str = "") -> None:
        """Note a problem of the variable `name`."""
        file, line = self.place(name) if name else (self._file, 0)
        self._found[Problem(code, sentence, file, line, hint)] = None

    def raise_any(self) -> None:
        """Raise an `InputError` if anything was noted."""
        if self._found:
            raise InputError(self._found)
