"""Measures how long a user waits: `python -m tests.benchmarks.starts [--times 3]`.

Every figure is of a fresh process, the least of several: by the clock, and in processor time of
all its threads, which hangs less on what else the machine does. Edited is one equation, or one
constant, of a text that is in the cache.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sim.project import MODEL
from tests.benchmarks.cases import cases
from tests.benchmarks.peers import machine
from tests.benchmarks.scales import START

CHAPTER = "chapters/02_population.mdl"
COMMANDS = ("--help", "list", "validate", "show baseline", "demo")
EQUATION = re.compile(r"(=\s*)(?=[a-z][\w ]* \* )")  # the first that is a product
CONSTANT = re.compile(r"(=\s*[\d.]+)(?=\s*~)")


def main() -> None:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    times = parser.parse_args().times
    lines = [f"`python -m tests.benchmarks.starts --times {times}`", "", machine(), ""]
    lines += ["| what | without cache | an equation edited | a number edited | with cache |",
              "|---|---:|---:|---:|---:|"]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (world,) = cases(folder, ["world"])
        shutil.copytree(MODEL, folder / "ours")
        for title, path, text in (
            ("Trøndelag", folder / "ours", folder / "ours" / CHAPTER),
            ("World3-class", world.file, world.file),
        ):
            words = [sys.executable, "-c", START, str(path)]
            lines.append(row(f"{title}: first `model.run`", words, folder, times, text))
            words = [*command("simulate"), str(path), "-o", str(folder / "out.csv")]
            lines.append(row(f"{title}: `trondelag simulate`", words, folder, times, text))
        for verb in COMMANDS:
            words = command(*verb.split())
            lines.append(row(f"`trondelag {verb}`", words, folder, times))
    print("\n".join(lines))  # noqa: T201 -- a command


def command(*words: str) -> list[str]:
    """The command line of a verb."""
    return [sys.executable, "-m", "sim", *words]


def row(
    title: str, words: Sequence[str], folder: Path, times: int, text: Path | None = None
) -> str:
    """One line of the table; what was edited is put back."""
    cache = folder / "cache"
    cells = [measured(words, cache, times, lambda: shutil.rmtree(cache, ignore_errors=True))]
    for pattern, more in ((EQUATION, "2 * "), (CONSTANT, "1")):
        cells.append("" if text is None else edited(words, cache, times, text, pattern, more))
    return f"| {title} | {' | '.join([*cells, measured(words, cache, times)])} |"


def edited(
    words: Sequence[str], cache: Path, times: int, text: Path, pattern: re.Pattern[str], more: str
) -> str:
    """Measured, with one more change of the text before each time."""
    before = text.read_text("utf-8")
    assert pattern.search(before), "nothing to edit"
    marks = iter(range(1, times + 1))

    def edit() -> None:
        text.write_text(pattern.sub(rf"\g<1>{more * next(marks)}", before, count=1), "utf-8")

    try:
        return measured(words, cache, times, edit)
    finally:
        text.write_text(before, "utf-8")


def measured(
    words: Sequence[str], cache: Path, times: int, prepare: Callable[[], None] = lambda: None
) -> str:
    """Least seconds by the clock, and of processor time."""
    clock, spent = [], []
    for _ in range(times):
        prepare()
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter
            words,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "TRONDELAG_CACHE": str(cache)},
        )
        _, status, usage = os.wait4(process.pid, 0)
        clock.append(time.perf_counter() - begun)
        spent.append(usage.ru_utime + usage.ru_stime)
        if status:
            raise RuntimeError(f"{' '.join(words[1:])}: exit status {status}")
    return f"{min(clock):.2f} s ({min(spent):.2f})"


if __name__ == "__main__":
    main()
