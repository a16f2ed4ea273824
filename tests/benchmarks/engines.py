"""The engines that are compared: each measures one run's seconds, per core or on all of them."""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import shutil
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from sim.kernel import Kernel, build, sharing
from sim.kernel.kernel import processors
from sim.run.prepared import Backend
from sim.run.program import program
from sim.source.interpolation import quicken
from tests.benchmarks.cases import Case


class Skipped(Exception):  # noqa: N818 -- no error: the peer is not here
    """Why an engine cannot be measured here."""


class Engine(Protocol):
    """Something that runs a case."""

    name: str
    cores: int

    def measure(self) -> float:
        """Seconds per run, measured once; a run gives all outputs once a year."""
        ...


class Ours:
    """This engine, on batches that take a fraction of a second."""

    def __init__(self, case: Case, threads: int, backend: Backend = "llvm") -> None:
        self.cores = threads
        spoken = "machine code" if backend == "llvm" else "NumPy"
        self.name = f"this engine, {spoken}, {threads} thread{'s' if threads > 1 else ''}"
        self.kernel = kernel(case, backend)
        sharing.PAYS = 0  # as in ensembles that are large enough for it
        self._threads = threads
        self._members = 2048 * threads
        table = case.table(self._members)
        self._columns = {name: table[name].to_numpy() for name in case.uncertain}
        # touched, so that no page is met for the first time while measuring
        self._out = np.ones((len(self.kernel.times), self._members, len(self.kernel.outcomes)))

    def _run(self) -> None:
        self.kernel.integrate(self._columns, out=self._out, threads=self._threads)

    def measure(self) -> float:
        """Seconds per run."""
        return _repeated(self._run) / self._members


def kernel(case: Case, backend: Backend = "llvm") -> Kernel:
    """A kernel for the outputs of a case, once a year."""
    start, stop, _ = case.bounds
    made = program(case.model.source, {}, exact=backend == "numpy")
    moments = np.arange(start, stop + 0.5)
    return build(made, backend=backend, outputs=case.outputs, save_times=moments)


class PySD:
    """PySD, as its users get it, or with its lookups read by numpy."""

    cores = 1

    def __init__(self, case: Case, *, patched: bool) -> None:
        self.name = "PySD, lookups patched to numpy" if patched else "PySD as users get it"
        start, stop, _ = case.bounds
        self._outputs = list(case.outputs)
        self._share = case.quick
        self._stop = start + max(1.0, round((stop - start) * self._share))
        self._scale = (stop - start) / (self._stop - start)
        import pysd

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._model = pysd.read_vensim(str(case.file))
            if patched:
                quicken(self._model)

    def measure(self) -> float:
        """Seconds of one processor per run; a part of the span is run and scaled."""
        start = time.process_time()
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            self._model.run(return_columns=self._outputs, final_time=self._stop, saveper=1)
        return (time.process_time() - start) * self._scale


class Simlin:
    """pysimlin; it saves everything."""

    cores = 1
    name = "pysimlin"

    def __init__(self, case: Case) -> None:
        if importlib.util.find_spec("simlin") is None:
            raise Skipped("not installed; `pip install -e '.[peers]'` brings it")
        simlin: Any = importlib.import_module("simlin")
        try:
            self._model = simlin.load(str(case.plain))
            self._run()
        except Exception as error:
            raise Skipped(f"it cannot run the model: {_reason(str(error), '')}") from None

    def _run(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._model.run(analyze_loops=False)

    def measure(self) -> float:
        """Seconds per run: the best of as many as fit into a second."""
        return _repeated(self._run)


class SDEverywhere:
    """The C that SDEverywhere generates, with gcc at its fastest, in one process and thread.

    Needs `SDEVERYWHERE`: a folder with `node_modules/@sdeverywhere/compile` (npm; where its
    dependency xlsx cannot be had, one from npm in its place) and, as `c`, the C sources of
    SDEverywhere's command line (packages/cli/src/c) or what does their work.
    """

    cores = 1
    name = "SDEverywhere, C, gcc -O3 -march=native -ffast-math"

    def __init__(self, case: Case, folder: Path) -> None:
        home = Path(os.environ.get("SDEVERYWHERE", ""))
        if not (home / "node_modules/@sdeverywhere/compile").is_dir() or not (home / "c").is_dir():
            raise Skipped("SDEVERYWHERE names no folder with its compiler and its C sources")
        node, gcc = shutil.which("node"), shutil.which("gcc")
        if not node or not gcc:
            raise Skipped("node or gcc is missing")
        script = home / "generate.mjs"
        script.write_text(_GENERATE, encoding="utf-8")
        spec = {"inputVarNames": list(case.uncertain), "outputVarNames": list(case.outputs)}
        words = [node, script, case.plain, folder, json.dumps(spec)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise Skipped(f"its compiler fails: {_reason(done.stderr, 'Error: ')}")
        library = folder / f"{case.file.stem}.so"
        sources = [folder / "generated.c", home / "c" / "model.c", home / "c" / "vensim.c"]
        flags = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", "-w", "-Wl,-Bsymbolic"]
        words = [gcc, *flags, f"-I{home / 'c'}", "-o", library, *sources, "-lm"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise Skipped(f"gcc refuses its C: {_reason(done.stderr, 'error: ')}")
        self._c = ctypes.CDLL(str(library))
        values = case.values()
        self._inputs = np.array([values[name] for name in case.uncertain])
        start, stop, _ = case.bounds
        self._outputs = np.zeros((len(case.outputs), round(stop - start) + 1))

    def _run(self) -> None:
        double = ctypes.POINTER(ctypes.c_double)
        inputs = self._inputs.ctypes.data_as(double)
        outputs = self._outputs.ctypes.data_as(double)
        self._c.runModelWithBuffers(inputs, None, outputs, None, None, None)

    def measure(self) -> float:
        """Seconds per run: the best of as many as fit into a second."""
        return _repeated(self._run)


_GENERATE = """
import fs from 'fs'
import path from 'path'
import { parseAndGenerate } from '@sdeverywhere/compile'
const [, , file, folder, spec] = process.argv
const text = fs.readFileSync(file, 'utf8')
const what = JSON.parse(spec)
const home = path.dirname(file)
await parseAndGenerate(text, 'vensim', what, ['generateC'], home, 'generated', folder)
"""


def _reason(text: str, mark: str) -> str:
    """The first line of a complaint that holds the mark, cut to a table's size."""
    lines = [line for line in text.splitlines() if mark in line] or text.splitlines() or ["?"]
    first = lines[0].split(mark, 1)[-1] if mark else lines[0]
    return first.strip()[:120]


def _repeated(run: Any) -> float:
    """The best of as many runs as fit into a second: other work on the machine disturbs some."""
    best, spent = float("inf"), 0.0
    while spent < 1.0:
        start = time.perf_counter()
        run()
        took = time.perf_counter() - start
        best, spent = min(best, took), spent + took
    return best


def engines(case: Case, folder: Path) -> tuple[list[Engine], dict[str, str]]:
    """All engines that can run the case here, and why the others cannot."""
    made: list[Engine] = []
    skipped: dict[str, str] = {}
    makers = (
        lambda: Ours(case, processors()),
        lambda: Ours(case, 1),
        lambda: Ours(case, 1, "numpy"),
        lambda: SDEverywhere(case, folder),
        lambda: Simlin(case),
        lambda: PySD(case, patched=True),
        lambda: PySD(case, patched=False),
    )
    names = ("", "", "", SDEverywhere.name, Simlin.name, "PySD patched", "PySD")
    for make, name in zip(makers, names, strict=True):
        try:
            made.append(make())
        except Skipped as reason:
            skipped[name] = str(reason)
    return made, skipped
