"""`trondelag simulate`: the engine by itself, for any Vensim or XMILE model."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.deferred import pd
from sim.errors import InputError, Problem, wrong
from sim.path import Path as Over
from sim.project import shown
from sim.run import columns, gaps, observed
from sim.run.model import DEFAULT, ENGINES, load_model
from sim.run.settings import Given
from sim.source import Source
from sim.source.entries import key

SUMMARY = "run any Vensim or XMILE model and write a table"
DONE, SOME_FAILED = 0, 3
Answer = TypeVar("Answer")

Table = dict[str, NDArray[np.float64]]  # by column, `time` first


def _text(table: Table, mark: str = ",") -> str:
    """The table as pandas writes it, which takes half a second to import."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=mark, lineterminator="\n")
    writer.writerow(table)
    columns: list[list[Any]] = []
    for values in table.values():
        column = values.tolist()
        for row in np.flatnonzero(np.isnan(values)).tolist():
            column[row] = "NaN"
        columns.append(column)
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue()


WRITERS: dict[str, Callable[[Table, Path], object]] = {
    ".csv": lambda table, path: path.write_bytes(_text(table).encode()),
    ".tab": lambda table, path: path.write_bytes(_text(table, "\t").encode()),
    ".parquet": lambda table, path: pd.DataFrame(table).to_parquet(path, index=False),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("model", metavar="MODEL", help=".mdl, .xmile or .stmx file")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a constant, an element of one (x[a]=3), TIME STEP or FINAL TIME; may be repeated",
    )
    parser.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="FILE",
        help="data where the model has none: CSV (times, then a column for each) or Vensim's .dat",
    )
    parser.add_argument(
        "--outputs",
        metavar="A,B",
        help="variables or single elements to write; without it all but lookups",
    )
    parser.add_argument(
        "--engine", choices=sorted(ENGINES), default=DEFAULT, help=f"default: {DEFAULT}"
    )
    parser.add_argument(
        "--integrator",
        choices=("euler", "rk4"),
        default="euler",
        help="rk4 where every state is continuous; default: euler",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help=".csv, .tab or .parquet; else CSV is printed"
    )
    parser.epilog = (
        "Example:\n"
        "  trondelag simulate teacup.mdl --set 'room temperature=20' --set 'FINAL TIME=60' \\\n"
        "      --outputs 'teacup temperature' -o teacup.csv\n\n"
        "The table has the column `time` and one column per element, named as in PySD's output.\n"
        "Exit code 3: the run left the finite numbers; the values are written as they are.\n"
        "What the model itself says is not there (:NA:) is told and is no failure."
    )


def execute(arguments: argparse.Namespace) -> int:
    """Run the model and write the table."""
    problems: list[Problem] = []
    output = _file(arguments.output, problems)
    settings = _settings(arguments.set, problems)
    model = _collect(problems, lambda: load_model(arguments.model))
    if model is None:
        raise InputError(problems)
    wanted = _collect(
        problems, lambda: columns.chosen(model.source, split(arguments.outputs or "") or None)
    )
    data: dict[str, Over] = {}
    for file in map(Path, arguments.data):
        data |= _collect(problems, lambda file=file: observed.read(file, model.source)) or {}
    inputs = _collect(problems, lambda: model.inputs(None, settings)[0].over(Given(paths=data)))
    if problems or wanted is None or inputs is None:
        raise InputError(problems)
    for name in model.source.found.unfinished:
        print(f"'{name}' has no equation yet: it is not a number (NaN)", file=sys.stderr)
    _say_method(model.source.method, arguments.integrator)
    run = model.trajectories(inputs, list(wanted), arguments.engine, arguments.integrator)
    known = columns.table(model.source, len(run.times), run.values)
    chosen = [column for each in wanted.values() for column in each]
    table = {"time": run.times, **{column: known[column] for column in chosen}}
    _write(table, output, as_json=arguments.json)
    if run.failed and not _only_gaps(model.source, wanted, table):
        where = f"in '{run.left_in}'" if run.left_in else "somewhere"
        print(f"the run left the finite numbers at {run.left_at:g} {where}", file=sys.stderr)
        return SOME_FAILED
    return DONE


def _only_gaps(source: Source, wanted: Mapping[str, Sequence[str]], table: Table) -> bool:
    """Whether all that is not a number is what the model says is not there; says so then."""
    broken = {
        variable: [column for column in known if not np.isfinite(table[column]).all()]
        for variable, known in wanted.items()
    }
    lacking = [column for known in broken.values() for column in known]
    if not lacking or any(np.isinf(table[column]).any() for column in lacking):
        return False
    told = gaps.told(source)
    if any(known and key(source.variables[one].name) not in told for one, known in broken.items()):
        return False
    some = ", ".join(f"'{column}'" for column in lacking[:3])
    more = f" and {len(lacking) - 3} more" if len(lacking) > 3 else ""
    print(f"not there at some times, as the model says (:NA:): {some}{more}", file=sys.stderr)
    return True


def _say_method(asked: str, integrator: str) -> None:
    """On standard error, if a file asks for another integration than it gets."""
    if asked not in {"euler", integrator}:
        way = "RK4" if integrator == "rk4" else "Euler, as PySD's; --integrator rk4 is nearer"
        print(f"the file asks for {asked.upper()}: this run is by {way}", file=sys.stderr)


def split(text: str) -> list[str]:
    """Names between commas; a comma inside brackets or quotes belongs to the name."""
    parts, depth, quoted = [""], 0, False
    for sign in text:
        quoted ^= sign == '"'
        depth += 0 if quoted else (sign == "[") - (sign == "]")
        if sign == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def _collect(problems: list[Problem], ask: Callable[[], Answer]) -> Answer | None:
    """The answer, or None with what is wrong added to `problems`."""
    try:
        return ask()
    except InputError as error:
        problems.extend(error.problems)
        return None


def _file(name: str | None, problems: list[Problem]) -> Path | None:
    """Where to write, None for standard output."""
    if name is None:
        return None
    path = Path(name)
    if path.suffix.lower() not in WRITERS:
        known = ", ".join(WRITERS)
        sentence = f"'{path.suffix}' is no format to write"
        problems.append(Problem("unknown-format", sentence, name, hint=f"known are {known}"))
    elif path.is_dir():
        problems.append(Problem("not-a-file", "this is a folder", name))
    elif not path.parent.is_dir():
        sentence = f"there is no folder '{shown(path.parent)}'"
        problems.append(Problem("no-such-folder", sentence, name))
    return path


def _settings(given: Sequence[str], problems: list[Problem]) -> dict[str, float]:
    """The numbers of `--set`, by name."""
    settings: dict[str, float] = {}
    for each in given:
        name, sign, number = (part.strip() for part in each.rpartition("="))
        if not sign or not name:
            hint = "write --set 'name=value'"
            problems.append(Problem("setting", f"'{each}' sets nothing", hint=hint))
            continue
        try:
            value = float(number)
        except ValueError:
            problems.append(Problem("not-a-number", f"'{number}' for '{name}' is no number"))
            continue
        if not math.isfinite(value):
            problems.append(Problem("not-finite", f"'{number}' for '{name}' is not finite"))
            continue
        if name in settings:
            problems.append(Problem("set-twice", f"'{name}' is set twice"))
        settings[name] = value
    return settings


def _write(table: Table, output: Path | None, *, as_json: bool) -> None:
    """Write the table: whole or not at all."""
    if output is None:
        if as_json:
            print(json.dumps(_plain(table), ensure_ascii=False))
        else:
            sys.stdout.write(_text(table))
        return
    half: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".writing-", suffix=output.suffix, dir=output.parent)
        os.close(handle)
        half = Path(name)
        WRITERS[output.suffix.lower()](table, half)
        half.chmod(0o666 & ~_umask())
        half.replace(output)
    except OSError as error:
        reason = error.strerror or str(error)
        raise wrong("unwritable", f"cannot be written: {reason}", file=shown(output)) from None
    finally:
        if half is not None:
            half.unlink(missing_ok=True)
    rows, width = len(table["time"]), len(table) - 1
    if as_json:
        print(json.dumps({"file": str(output), "times": rows, "columns": width}))
    else:
        print(f"{shown(output)}: {rows} times, {width} columns", file=sys.stderr)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _plain(table: Table) -> dict[str, list[float | None]]:
    """The table by column; JSON knows no NaN and no infinity, they become null."""
    return {
        name: [value if math.isfinite(value) else None for value in values.tolist()]
        for name, values in table.items()
    }
