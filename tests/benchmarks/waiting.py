"""Where a step's time goes, by a model of the processor: `python -m tests.benchmarks.waiting`.

llvm-mca (of LLVM) runs the machine code of every function of the step, with the functions that it
calls written into it, through a model of a processor whose memory never lets it wait. What it
needs is compared with what it would need if no operation had to wait for another's result, and
with what this processor needs. Needs objdump and llvm-mca on the machine.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.kernel.llvm import driver, machine, objects
from sim.kernel.schedule import Schedule
from tests.benchmarks import ceiling
from tests.benchmarks.cases import cases
from tests.benchmarks.engines import Ours

SKIPPED = ("push", "pop", "nop", "data16", "cs", "xchg", "j")  # no work of the step
ROUNDS = 10


@dataclass
class Told:
    """What llvm-mca says of code that is run once."""

    instructions: int = 0
    cycles: int = 0
    least: float = 0.0  # cycles if nothing waited for a result

    def __iadd__(self, other: Told) -> Told:
        self.instructions += other.instructions
        self.cycles += other.cycles
        self.least += other.least
        return self


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", default="ours,world,planned")
    parser.add_argument("--processor", default="icelake-server", help="as llvm-mca calls it")
    arguments = parser.parse_args()
    for tool in ("objdump", "llvm-mca"):
        if shutil.which(tool) is None:
            raise SystemExit(f"{tool} is not on this machine")
    tell("| model | instructions a step | cycles, nothing waits | cycles, waiting | ns here |")
    tell("|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as name:
        for case in cases(Path(name), arguments.models.split(",")):
            ours = Ours(case, 1)
            best = min(ours.measure() for _ in range(ROUNDS))
            schedule = ceiling.own(ours.kernel)
            told = of_step(schedule, arguments.processor, Path(name))
            at = machine.processor()
            nanoseconds = best * at.lanes / schedule.grid.steps * 1e9
            tell(
                f"| {case.name} | {told.instructions} | {told.least:.0f} | {told.cycles} "
                f"| {nanoseconds:.0f} |"
            )


def tell(row: str) -> None:
    """Print a row of the table."""
    print(row, flush=True)  # noqa: T201 -- a command


def of_step(schedule: Schedule, processor: str, folder: Path) -> Told:
    """What llvm-mca says of one step of as many members as there are lanes."""
    at = machine.processor()
    texts, _, _ = driver.write(schedule, at.lanes)
    told = Told()
    for place, image in enumerate(machine.assemble(texts, at, objects.LEVEL)):
        path = folder / f"{place}.o"
        path.write_bytes(image)
        functions = _functions(path)
        for name in functions:
            if name.startswith("step"):
                told += _told("\n".join(_flat(functions, name)) + "\n", processor)
    return told


def _functions(path: Path) -> dict[str, list[str]]:
    """The instructions of each function of a file, as objdump writes them."""
    command = ["objdump", "-d", "--no-show-raw-insn", str(path)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    found: dict[str, list[str]] = {}
    body: list[str] = []
    for line in listed.splitlines():
        if head := re.match(r"[0-9a-f]+ <(.*)>:", line):
            body = found[head.group(1)] = []
        elif instruction := re.match(r"\s+[0-9a-f]+:\s+(.*)", line):
            body.append(instruction.group(1))
    return found


def _flat(functions: dict[str, list[str]], name: str) -> Iterator[str]:
    """A function up to its return, with the quick way through what it calls."""
    for instruction in functions[name]:
        if instruction.startswith("ret"):
            return
        if instruction.startswith("call"):
            called = re.search("<(.*)>", instruction)
            # what is called from there is for odd numbers
            if called and name.startswith("step"):
                yield from _flat(functions, called.group(1))
        elif not instruction.startswith(SKIPPED):
            yield re.sub(r"<.*|#.*", "", instruction).strip()


def _told(text: str, processor: str) -> Told:
    command = ["llvm-mca", f"-mcpu={processor}", "-iterations=1"]
    said = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout  # noqa: S603

    def figure(name: str) -> float:
        found = re.search(rf"{name}:\s+([\d.]+)", said)
        assert found is not None
        return float(found.group(1))

    return Told(
        int(figure("Instructions")), int(figure("Total Cycles")), figure("Block RThroughput")
    )


if __name__ == "__main__":
    main()
