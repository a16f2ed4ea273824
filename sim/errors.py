"""Wrong input, said once.

InputError
    Carries every `Problem` found, so that the user mends all of them in one go.
    The command line prints them and exits with 2; no traceback, nothing written.
    StoppedError
        The same once work was begun: what was done is kept, and can be gone on with.

A member of an ensemble that leaves the finite numbers is no error but data: see
`sim.kernel`. Anything else that is raised is a fault of ours and is not caught.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input.

    Args:
        code: stable, kebab-case, for machines ("unknown-key").
        sentence: what is wrong, in plain words.
        file: the file as the user named it, or "".
        line: line in that file counted from 1, or 0 where there is none.
        hint: the mend, usually the nearest valid name; or "".
    """

    code: str
    sentence: str
    file: str = ""
    line: int = 0
    hint: str = ""

    def __str__(self) -> str:
        """Render as `file:line: sentence (hint) [code]`."""
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.sentence}{hint} [{self.code}]"


class InputError(Exception):
    """The input is wrong; `problems` lists everything that is."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        # Another process hears it as it was raised.
        return type(self), (self.problems,)


class StoppedError(InputError):
    """Work stopped half-way for want of disk, workers or the like; what was done is kept."""


def wrong(code: str, sentence: str, *, file: str = "", line: int = 0, hint: str = "") -> InputError:
    """An `InputError` with a single problem."""
    return InputError([Problem(code, sentence, file, line, hint)])


def did_you_mean(name: str, valid: Sequence[str]) -> str:
    """A hint with the valid name nearest to `name`, or "" when none is near."""
    near = difflib.get_close_matches(name, valid, n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""
