"""A sweep packed for the way: all that a worker needs but the members' numbers.

It holds the compiled program of each scenario, not the checkout: a worker needs this package
at the same version, and neither model text nor scenario files. Packed, it is the same bytes
for the same question, and stays in the sweep's folder, so that the sweep can be run again.
"""

from __future__ import annotations

import hashlib
import json
import threading
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.errors import wrong
from sim.ir import Program, Series
from sim.kernel import Kernel, build
from sim.run.prepared import Backend, Integrator
from sim.run.program import plain, read

ENGINE = ("kernel", "ir.py", "run/bundle.py", "run/work.py", "run/sketch.py", "store/parquet.py")
"""What in this package makes the bytes of a part from a bundle."""

STANDS_ON = ("llvmlite", "numpy", "pyarrow")
"""What else does."""


@dataclass(frozen=True)
class Setting:
    """A scenario as the engine takes it.

    Args:
        id: the scenario's id; "" for the model as its text has it.
        program: position of its program.
        parameters: values by element; a member's own win.
        series: paths by element.
    """

    id: str
    program: int
    parameters: Mapping[str, float]
    series: Mapping[str, Series]


@dataclass(frozen=True)
class Bundle:
    """All that a sweep hangs on but the table.

    Args:
        programs: compiled models; scenarios mostly share one.
        settings: one per scenario.
        outcomes: elements to compute, as the text names them.
        units: of each outcome.
        times: moments to store.
        columns: element → its column in the members' numbers.
        seed: of the model's random functions; a member's draws hang on its row.
        backend: "llvm" or "numpy".
        integrator: "euler" or "rk4".
        kept: what is made of each part: "outputs", "sketches" or both.
        points: of a sketch, at most.
        engine: `engine()` where it was packed.
    """

    programs: tuple[Program, ...]
    settings: tuple[Setting, ...]
    outcomes: tuple[str, ...]
    units: tuple[str, ...]
    times: tuple[float, ...]
    columns: Mapping[str, int]
    seed: int
    backend: Backend
    integrator: Integrator
    kept: tuple[str, ...]
    points: int
    engine: str

    @cached_property
    def packed(self) -> bytes:
        """As bytes."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        fields["programs"] = [plain(program) for program in self.programs]
        fields["settings"] = [asdict(setting) for setting in self.settings]
        text = json.dumps(fields, sort_keys=True)
        return zlib.compress(text.encode(), 9)


@lru_cache(maxsize=4)
def unpacked(content: bytes, *, ours: bool = True) -> Bundle:
    """The bundle in these bytes.

    Args:
        content: as `Bundle.packed` has it.
        ours: refuse what another version of the engine packed.

    Raises:
        InputError: it was packed by another version of the engine, or is none.
    """
    try:
        fields: dict[str, Any] = json.loads(zlib.decompress(content))
        settings = [_setting(one) for one in fields.pop("settings")]
        programs = [read(one) for one in fields.pop("programs")]
        listed = {"outcomes", "units", "times", "kept"}
        plain_fields: dict[str, Any] = {
            k: tuple(v) if k in listed else v for k, v in fields.items()
        }
        bundle = Bundle(programs=tuple(programs), settings=tuple(settings), **plain_fields)
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise wrong("bundle", f"the bundle cannot be read: {error}") from error
    if ours and bundle.engine != engine():
        raise wrong(
            "other-engine",
            "the sweep was packed by another version of this package than this one",
            hint="install the same version here and there",
        )
    return bundle


_MAKING = threading.Lock()


def kernel(content: bytes, scenario: int) -> Kernel:
    """The kernel for a scenario of a packed bundle; made once in a process."""
    with _MAKING:
        return _kernel(content, unpacked(content).settings[scenario].program)


@lru_cache(maxsize=16)
def _kernel(content: bytes, program: int) -> Kernel:
    bundle = unpacked(content)
    return build(
        bundle.programs[program],
        backend=bundle.backend,
        integrator=bundle.integrator,
        outputs=bundle.outcomes,
        save_times=bundle.times,
    )


def _setting(fields: dict[str, Any]) -> Setting:
    series = {
        name: Series(one["name"], tuple(one["times"]), tuple(one["values"]), one["reading"])
        for name, one in fields.pop("series").items()
    }
    return Setting(**fields, series=series)


@cache
def engine() -> str:
    """SHA-256 over what makes the bytes of a part, and the versions of what it stands on."""
    digest = hashlib.sha256()
    folder = Path(__file__).resolve().parents[1]
    for own in ENGINE:
        path = folder / own
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            content = file.read_bytes().replace(b"\r\n", b"\n")
            digest.update(file.relative_to(folder).as_posix().encode() + content)
    digest.update(" ".join(version(name) for name in STANDS_ON).encode())
    return digest.hexdigest()
