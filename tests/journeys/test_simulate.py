"""`trondelag simulate` in the hands of people with other models."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.__main__ import main

MODELS = Path(__file__).parents[1] / "reference" / "models"
CONTROL = """INITIAL TIME = {start} ~~|
FINAL TIME = {stop} ~~|
TIME STEP = {step} ~~|
SAVEPER = {save} ~~|
"""


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


def simulate(*words: str | Path) -> Done:
    """The command, in this process: a new one for each would take the suite a minute."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(["simulate", *map(str, words)])
        except SystemExit as end:
            code = int(end.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def model(
    folder: Path, equations: str, *, start="0", stop="10", step="0.5", save="1", **how: str
) -> Path:
    path = folder / "model.mdl"
    text = equations + CONTROL.format(start=start, stop=stop, step=step, save=save)
    path.write_bytes(text.encode(how.get("encoding", "utf-8")))
    return path


def test_a_public_model_as_a_table(tmp_path: Path) -> None:
    done = simulate(MODELS / "subscripts.mdl", "-o", tmp_path / "out.csv")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "out.csv")
    assert next(iter(table)) == "time"
    assert {"both[sweden,y2]", "FINAL TIME", "sum of bordering"} <= set(table)
    assert list(table["time"]) == list(np.arange(0, 4.5, 0.5))
    assert (table["both[sweden,y2]"] == 10 + 2 * table["time"]).all()
    assert done.stdout == ""


def test_the_same_bytes_in_another_process_and_to_standard_output(tmp_path: Path) -> None:
    first = simulate(MODELS / "smooths.mdl", "-o", tmp_path / "a.csv")
    command = [sys.executable, "-m", "sim", "simulate", str(MODELS / "smooths.mdl")]
    second = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- ourselves
    assert (tmp_path / "a.csv").read_bytes() == second.stdout
    assert first.returncode == second.returncode == 0


def test_settings_and_chosen_outputs(tmp_path: Path) -> None:
    path = model(tmp_path, "Kind: a, b ~~|\nx[Kind] = 1, 2 ~~|\ns = INTEG(SUM(x[Kind!]), 0) ~~|\n")
    words = ("--set", "x[a]=3", "--set", "Final Time = 4", "--set", "time_step=0.25")
    done = simulate(path, *words, "--outputs", "s, x[b],x[a]")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "time,s,x[b],x[a]"
    assert lines[-1] == "4.0,20.0,2.0,3.0"
    assert len(lines) == 6


def test_every_mistake_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    path = model(tmp_path, "growth rate = 0.1 ~~|\ns = INTEG(s * growth rate, 1) ~~|\n")
    done = simulate(
        path,
        *("--set", "grow rate=0.2"),
        *("--set", "growth rate=abc"),
        *("--set", "nothing"),
        *("--set", "s=3"),
        *("--outputs", "ss"),
        *("-o", tmp_path / "out.csv"),
    )
    assert done.returncode == 2
    assert "did you mean 'growth_rate'" in done.stderr
    for said in ("'abc'", "'nothing'", "'s' is a stock", "'ss'"):
        assert said in done.stderr, done.stderr
    assert not (tmp_path / "out.csv").exists()
    assert done.stdout == ""


def test_an_unreadable_model_names_file_and_line(tmp_path: Path) -> None:
    path = model(tmp_path, "a = 1 +* 2 ~~|\nb = FIND ZERO(a, 1, 2) ~~|\nc = missing + 1 ~~|\n")
    done = simulate(path)
    assert done.returncode == 2
    assert "model.mdl:1" in done.stderr
    assert "Traceback" not in done.stderr
    done = simulate(tmp_path / "modle.mdl")
    assert done.returncode == 2
    assert "did you mean 'model.mdl'" in done.stderr


def test_a_run_that_leaves_the_finite_numbers(tmp_path: Path) -> None:
    equations = (
        "gap = 12 - Time ~~|\nratio = 1 / gap ~~|\ns = INTEG(ratio, 1) ~~|\nsteady = 4 ~~|\n"
    )
    path = model(tmp_path, equations, stop="15")
    done = simulate(path, "--outputs", "s,ratio,steady", "-o", tmp_path / "out.csv")
    assert done.returncode == 3, done.stderr
    assert "at 12 in 'ratio'" in done.stderr
    table = pd.read_csv(tmp_path / "out.csv", index_col="time")
    assert np.isinf(table["ratio"].loc[12])
    assert np.isfinite(table["s"].loc[:12]).all()
    assert np.isinf(table["s"].loc[13:]).all()
    assert (table["steady"] == 4).all()
    other = simulate(path, "--outputs", "s,ratio,steady", "--engine", "numpy")
    assert other.returncode == 3
    assert "at 12 in 'ratio'" in other.stderr


@pytest.mark.parametrize("engine", ["fast", "numpy", "pysd"])
def test_engines_agree_on_everything(engine: str) -> None:
    done = simulate(MODELS / "events.mdl", "--engine", engine)
    assert done.returncode == 0, done.stderr
    fast = simulate(MODELS / "events.mdl").stdout
    lines = [line.split(",") for line in done.stdout.splitlines()]
    want = [line.split(",") for line in fast.splitlines()]
    assert lines[0] == want[0]
    ours, theirs = np.array(lines[1:], float), np.array(want[1:], float)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def test_rk4_where_states_are_continuous(tmp_path: Path) -> None:
    path = model(tmp_path, "s = INTEG(-s, 1) ~~|\n", stop="5", step="0.125")
    done = simulate(path, "--integrator", "rk4", "--outputs", "s")
    assert done.returncode == 0, done.stderr
    last = float(done.stdout.splitlines()[-1].split(",")[1])
    assert last == pytest.approx(np.exp(-5), rel=1e-4)
    refused = simulate(MODELS / "delay_fixed.mdl", "--integrator", "rk4")
    assert refused.returncode == 2
    assert "rk4" in refused.stderr.lower() or "RK4" in refused.stderr
    refused = simulate(path, "--integrator", "rk4", "--engine", "pysd")
    assert refused.returncode == 2


@pytest.mark.parametrize("suffix", [".tab", ".parquet"])
def test_other_formats(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out{suffix}"
    assert simulate(MODELS / "stocks.mdl", "-o", out).returncode == 0
    table = pd.read_table(out) if suffix == ".tab" else pd.read_parquet(out)
    assert next(iter(table)) == "time"
    assert table["population[north]"].iloc[0] == 100


def test_json_for_machines(tmp_path: Path) -> None:
    path = model(tmp_path, "a = 1 / (Time - 5) ~~|\n")
    done = simulate(path, "--json", "--outputs", "a")
    table = json.loads(done.stdout)
    assert list(table) == ["time", "a"]
    assert table["a"][5] is None
    assert done.returncode == 3
    done = simulate(path, "--json", "--outputs", "b")
    assert json.loads(done.stdout)["problems"][0]["code"] == "unknown-name"


def test_an_old_file_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")
    assert simulate(MODELS / "stocks.mdl", "-o", out).returncode == 0
    assert out.read_text().startswith("time,")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.csv"]
    assert simulate(MODELS / "stocks.mdl", "-o", tmp_path / "no" / "out.csv").returncode == 2
    assert simulate(MODELS / "stocks.mdl", "-o", tmp_path / "out.docx").returncode == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings_of_others(tmp_path: Path, encoding: str) -> None:
    path = model(tmp_path, "fjørå größe = 2 ~~|\n", encoding=encoding)
    done = simulate(path, "--set", "Fjørå Größe=3", "--outputs", "fjørå größe")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "time,fjørå größe"
    assert done.stdout.splitlines()[-1] == "10.0,3.0"


def test_windows_line_ends_groups_sketch_and_supplementary() -> None:
    path = MODELS / "sketch.mdl"
    crlf = path.read_bytes().replace(b"\n", b"\r\n")
    done = simulate(path, "--outputs", "x")
    assert done.returncode == 0, done.stderr
    copy = path.parent.parent / "crlf.mdl"
    try:
        copy.write_bytes(crlf)
        again = simulate(copy, "--outputs", "x")
    finally:
        copy.unlink(missing_ok=True)
    assert again.stdout == done.stdout


def test_times_in_days_from_elsewhere_and_saved_seldom(tmp_path: Path) -> None:
    path = model(
        tmp_path, "s = INTEG(1, 0) ~~|\n", start="-100", stop="10000", step="1", save="100"
    )
    done = simulate(path, "--outputs", "s")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 103
    assert done.stdout.splitlines()[-1] == "10000.0,10100.0"


def test_xmile(tmp_path: Path) -> None:
    done = simulate(MODELS / "xmile_stocks.xmile", "--outputs", "Cup Temperature")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("time,Cup Temperature\n0.0,180.0\n")


def test_a_chain_of_thousands_of_equations_is_simulated(tmp_path: Path) -> None:
    chain = "".join(
        f"v{i} = v{i - 1} * 1.001 + s{i} ~~|\ns{i} = INTEG(v{i - 1} - s{i}, {i}) ~~|\n"
        for i in range(1, 1500)
    )
    path = model(tmp_path, "v0 = Time ~~|\n" + chain)
    done = simulate(path, "--outputs", "v1499", "--engine", "numpy")
    assert done.returncode == 0, done.stderr[-500:]
    first = float(done.stdout.splitlines()[1].split(",")[-1])
    assert first == pytest.approx(sum(i * 1.001 ** (1499 - i) for i in range(1, 1500)))


def test_help_has_an_example() -> None:
    done = simulate("--help")
    assert done.returncode == 0
    assert "Example:" in done.stdout


DATA = """Port: north, south, west ~~|
price ~ NOK ~ Seen. |
catch[Port] :HOLD BACKWARD: ~~|
half[north] ~~|
half[south] ~~|
worth[Port] = price * catch[Port] ~~|
total = SUM(worth[Port!]) + half[north] ~~|
"""
SEEN = """year,price,catch[north],"catch[ south ]",catch[west],half[north],half[south],other
0,1,10,20,30,1,1,words
5,2,,21,30,2,1,
10,3,12,22,30,3,1,
"""


def test_data_variables_follow_a_table(tmp_path: Path) -> None:
    path, file = model(tmp_path, DATA), tmp_path / "seen.csv"
    file.write_text(SEEN, encoding="utf-8")
    done = simulate(path, "--data", file, "-o", tmp_path / "out.csv")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "out.csv", index_col="time")
    assert list(table["price"][[0, 2.0, 5, 9]]) == [1, 1.4, 2, 2.8]
    assert list(table["catch[south]"][[0, 4, 5, 9, 10]]) == [20, 20, 21, 21, 22]
    assert table["total"][10] == 3 * (12 + 22 + 30) + 3
    # On its side, and with other signs between: the same.
    rows = [line.split("|") for line in SEEN.replace('"', "").replace(",", "|").splitlines()]
    file.write_text("\n".join("\t".join(column) for column in zip(*rows, strict=True)))
    assert simulate(path, "--data", file, "-o", tmp_path / "turned.csv").returncode == 0
    assert (tmp_path / "turned.csv").read_bytes() == (tmp_path / "out.csv").read_bytes()


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("year,nothing\n0,1\n", "its data variables are price, catch, half"),
        ("year,price,total\n0,1,2\n", "'total' has an equation"),
        ("year,price,catch[north]\n0,1,2\n", "'catch[south]' has no column"),
        ("year,price\nsoon,1\n", "'soon' is no time"),
        ("year,price\n0,1\n5,2;5\n", "seen.csv:3: '2;5' is no number, in 'price'"),
        ("year,price\n0,1\n5,inf\n", "'inf' is no number"),
        ("year,price\n0,1\n0,2\n", "'price' has two values at 0"),
        ("year,price\n\n0,1\n5,x\n", "seen.csv:4: 'x' is no number"),
        ("year,price\n0,1,7\n", "seen.csv:2: the row has 3 cells, the first 2"),
        ("year,price\n0,1\0\n", "binary file"),
        ("", "empty"),
    ],
)
def test_a_table_that_does_not_fit_is_one_clear_error(tmp_path: Path, seen: str, said: str) -> None:
    file = tmp_path / "seen.csv"
    file.write_text(seen)
    done = simulate(model(tmp_path, DATA), "--data", file)
    assert done.returncode == 2
    assert said in done.stderr


def test_data_are_read_between_their_times_as_the_model_says(tmp_path: Path) -> None:
    text = (
        "next :LOOK FORWARD: ~~|\nlast :HOLD BACKWARD: ~~|\nonly :RAW: ~~|\nline ~~|\n"
        "since = GET TIME VALUE(1, 3, 0) ~~|\n"
    )
    file = tmp_path / "seen.csv"
    file.write_text("time,next,last,only,line\n0,1,1,1,1\n2,5,5,5,5\n10,9,9,9,9\n")
    done = simulate(model(tmp_path, text), "--data", file, "--outputs", "next,last,only,line,since")
    assert done.returncode == 0, done.stderr
    assert "not there at some times, as the model says (:NA:): 'only'" in done.stderr
    assert done.stdout.splitlines()[1:5] == [
        "0.0,1.0,1.0,1.0,1.0,3.0",
        "1.0,5.0,1.0,NaN,3.0,3.0",
        "2.0,5.0,5.0,5.0,5.0,3.0",
        "3.0,9.0,5.0,NaN,5.5,3.0",
    ]


def test_what_the_model_says_is_not_there_is_no_failure(tmp_path: Path) -> None:
    text = (
        ":MACRO: LATE(x)\nLATE = IF THEN ELSE(x > 2, :NA:, x) ~~|\n:END OF MACRO:\n"
        "late = LATE(Time) ~~|\nhangs on it = late + 1 ~~|\nbroken = SQRT(2 - Time) ~~|\n"
    )
    path = model(tmp_path, text)
    done = simulate(path, "--outputs", "late,hangs on it")
    assert done.returncode == 0
    assert "(:NA:): 'late', 'hangs on it'" in done.stderr
    assert done.stdout.splitlines()[4] == "3.0,NaN,NaN"
    done = simulate(path)
    assert done.returncode == 3
    assert "left the finite numbers at 3" in done.stderr


def test_data_may_come_as_vensim_writes_them(tmp_path: Path) -> None:
    file, lone = tmp_path / "seen.dat", "price ~~|\nworth = price * 2 ~~|\n"
    file.write_bytes(b"price\r\n0\t1\r\n5\t2\r\nother[a,b]\r\n0\t1\r\n")
    done = simulate(model(tmp_path, lone), "--data", file, "--outputs", "worth")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[3] == "2.0,2.8"
    file.write_text("price\n0\t1\t9\n")
    done = simulate(model(tmp_path, lone), "--data", file)
    assert done.returncode == 2
    assert "seen.dat:2: neither" in done.stderr


def test_a_file_that_asks_for_another_integration_is_told(tmp_path: Path) -> None:
    path = tmp_path / "one.stmx"
    path.write_text(
        '<xmile xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header/>'
        '<sim_specs time_units="year" method="RK4"><start>0</start><stop>1</stop></sim_specs>'
        '<model><variables><aux name="a"><eqn>1</eqn></aux></variables></model></xmile>'
    )
    assert "asks for RK4: this run is by Euler" in simulate(path).stderr
    assert simulate(path, "--integrator", "rk4").stderr == ""


def test_missing_data_say_how_they_are_given(tmp_path: Path) -> None:
    done = simulate(model(tmp_path, DATA))
    assert done.returncode == 2
    assert "'price' has no data" in done.stderr
    assert "--data FILE" in done.stderr


def test_a_variable_without_equation_is_told(tmp_path: Path) -> None:
    done = simulate(model(tmp_path, "a = A FUNCTION OF(b) ~~|\nb = 1 ~~|\n"), "--outputs", "a,b")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1] == "0.0,NaN,1.0"
    assert "'a' has no equation yet" in done.stderr
