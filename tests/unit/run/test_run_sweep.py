"""A sweep is kept part by part: what is there, damaged, another's, or cannot be written."""

import errno
import fcntl
import io
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim import store
from sim.errors import InputError, StoppedError, wrong
from sim.run import estimate as estimates
from sim.run import sweep
from sim.run.bundle import unpacked
from sim.run.executors.cluster import Dask
from sim.run.executors.threads import Threads
from sim.run.model import Model
from sim.run.order import Sweep, pack
from sim.run.reproduce import reproduce
from sim.run.work import work
from sim.store import files, reading
from tests.unit.run import sweeps


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return sweeps.model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def asked(model: Model) -> Sweep:
    return pack(model, sweeps.order())


@pytest.fixture
def kept(asked: Sweep, tmp_path: Path) -> store.SweepFolder:
    return sweep.run(asked, Threads(2), runs=tmp_path).folder


def codes(ask) -> list[str]:
    with pytest.raises(InputError) as caught:
        ask()
    return [each.code for each in caught.value.problems]


def test_what_is_kept_is_what_the_ensemble_gives(model, kept):
    table = sweeps.table()
    many = model.ensemble(table, ["people", "total"], scenario=None, seed=3)
    columns = ["people[here]", "people[there]", "total"]
    values = reading.trajectories(kept, "", columns)
    np.testing.assert_array_equal(values[:, :, :2], many["people"].to_numpy())
    np.testing.assert_array_equal(values[:, :, 2], many["total"].to_numpy())
    np.testing.assert_array_equal(reading.times(kept), many["time"])
    pd.testing.assert_frame_equal(
        reading.inputs(kept), table, check_index_type=False, check_names=False
    )


def test_the_summary_is_of_all_members_with_units_beside_the_numbers(kept):
    values = reading.trajectories(kept, "", ["people[there]"])[:, :, 0]
    told = reading.summary(kept).query("outcome == 'people' and element == 'there'")
    assert told["time"].tolist() == list(range(11))
    assert (told["count"] == sweeps.MEMBERS).all()
    np.testing.assert_allclose(told["mean"], values.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(told["sd"], values.std(axis=1, ddof=1), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(told["q95"], np.quantile(values, 0.95, axis=1), rtol=1e-12)
    schema = pq.read_schema(kept.path("outputs", 0))
    told = {b"units": b"person", b"long_name": b"People[there]"}
    assert schema.field("people[there]").metadata == told
    assert list(reading.outcomes(kept)) == ["people", "total", "strained"]
    assert reading.outcomes(kept)["people"]["units"] == "person"


def test_asked_again_it_is_read_from_disk(asked, kept, tmp_path):
    before = sweeps.files(tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    again = sweep.run(asked, Threads(1), runs=tmp_path)
    assert again.asked_before
    assert sweeps.files(tmp_path) == before
    assert stamps == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    assert kept.whole


@pytest.mark.parametrize(
    ("file", "damage", "said"),
    [
        ("outputs/part-00003.parquet", lambda raw: raw[:-9], "outputs/part-00003.parquet is not"),
        ("outputs/part-00003.parquet", lambda raw: raw[:99] + b"x" + raw[100:], "is not what"),
        ("sketches/part-00000.npy", lambda raw: b"", "sketches/part-00000.npy is not"),
        ("outputs/part-00015.parquet", None, "outputs/part-00015.parquet is gone"),
        ("records/part-00001.json", lambda raw: raw[:40], "records/part-00001.json cannot be read"),
        ("records/part-00001.json", lambda raw: b"[]", "records/part-00001.json cannot be read"),
        ("records/part-00001.json", None, "15 of 16 parts are there"),
        ("summary.parquet", lambda raw: raw[:-1], "summary.parquet damaged"),
        ("summary.parquet", None, "summary.parquet damaged"),
        ("inputs.parquet", lambda raw: raw[:-1], ""),
        ("bundle.json.zz", lambda raw: raw[:-1], ""),
        ("manifest.json", lambda raw: raw[:-9], ""),
        ("manifest.json", None, ""),
    ],
)
def test_what_is_damaged_is_said_and_made_again(asked, kept, tmp_path, file, damage, said):
    whole = sweeps.files(tmp_path)
    path = kept.folder / file
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage(path.read_bytes()))
    heard: list[str] = []
    sweep.run(asked, Threads(2), runs=tmp_path, say=heard.append)
    assert said in "\n".join(heard)
    assert sweeps.files(tmp_path) == whole


def test_half_written_files_of_a_killed_writer_are_swept_up(asked, kept, tmp_path):
    whole = sweeps.files(tmp_path)
    (kept.folder / "records" / "part-00004.json").unlink()
    (kept.folder / "outputs" / f"{files.BESIDE}abc").write_bytes(b"half")
    sweep.run(asked, Threads(1), runs=tmp_path)
    assert sweeps.files(tmp_path) == whole


def test_a_changed_model_is_another_sweep_and_that_is_said(asked, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        sweep.run(asked, sweeps.Stopping(4), runs=tmp_path)
    left = sweeps.files(tmp_path)
    (tmp_path / "other").mkdir()
    other = pack(sweeps.model(tmp_path / "other", "0.5"), sweeps.order())
    said: list[str] = []
    swept = sweep.run(other, Threads(2), runs=tmp_path, say=said.append)
    assert len(said) == 1
    assert "was begun with another question and is left as it is" in said[0]
    assert "the model's text" in said[0]
    assert "the members" not in said[0]
    now = sweeps.files(tmp_path)
    assert {name: now[name] for name in left} == left
    assert swept.folder.folder.name not in {name.split("/")[0] for name in left}


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 4},
        {"storage": "summary"},
        {"outputs": ["people"]},
        {"times": [0.0, 10.0]},
        {"table": sweeps.table(1999)},
        {"settings": {"final_time": 9}},
        {"integrator": "rk4", "outputs": ["people"]},
        {"design": {"kind": "morris"}},
    ],
)
def test_another_question_is_another_folder(model, asked, changes):
    other = pack(model, sweeps.order(**changes))
    assert store.name("x", other.question) != store.name("x", asked.question)


def test_a_full_disk_is_said_and_what_is_done_is_kept(asked, tmp_path, monkeypatch):
    whole = tmp_path / "whole"
    sweep.run(asked, Threads(2), runs=whole)
    put, written = files.put, []

    def full(path: Path, content: bytes, *, lost: str = "") -> None:
        written.append(path)
        if len(written) > 17:
            raise files.unwritable(path.parent, OSError(errno.ENOSPC, "no space"), lost)
        put(path, content, lost=lost)

    with monkeypatch.context() as patch:
        patch.setattr(files, "put", full)
        with pytest.raises(StoppedError, match="the disk is full; what is done is kept"):
            sweep.run(asked, Threads(2), runs=tmp_path / "runs")
    assert len(list(tmp_path.glob("runs/*/records/*.json"))) == 5
    sweep.run(asked, Threads(2), runs=tmp_path / "runs")
    assert sweeps.files(tmp_path / "runs") == sweeps.files(whole)


def test_nothing_half_written_stays_when_a_write_fails(tmp_path, monkeypatch):
    def no(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", no)
    assert codes(lambda: files.put(tmp_path / "a" / "b", b"content")) == ["disk-full"]
    assert list((tmp_path / "a").iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(asked, tmp_path):
    (tmp_path / "runs").write_text("a file where the folder should be")
    assert codes(lambda: sweep.run(asked, Threads(1), runs=tmp_path / "runs")) == [
        "runs-unwritable"
    ]


def test_two_at_a_time_are_kept_apart_and_a_finished_sweep_is_read_all_the_same(
    asked, kept, tmp_path
):
    with (kept.folder / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert sweep.run(asked, Threads(1), runs=tmp_path).asked_before
        (kept.folder / "records" / "part-00004.json").unlink()
        assert codes(lambda: sweep.run(asked, Threads(1), runs=tmp_path)) == ["run-busy"]
    assert not sweep.run(asked, Threads(1), runs=tmp_path).asked_before


def failing(share: float) -> pd.DataFrame:
    table = sweeps.table()
    table.loc[: round(share * len(table)) - 1, "gap"] = 2.0  # divides by zero in year 7
    return table


def test_members_that_fail_are_counted_named_and_left_out_of_the_summary(model, tmp_path):
    asked = pack(model, sweeps.order(table=failing(0.04)))
    swept = sweep.run(asked, Threads(2), runs=tmp_path)
    assert (swept.failed, swept.over) == ({"": 80}, False)
    assert swept.examples[0] == "text, member 0: at 7 in 'strained'"
    manifest = json.loads((swept.folder.folder / "manifest.json").read_text())
    assert manifest["failed"] == {"": 80}
    table = reading.failed(swept.folder)
    assert table["member"].tolist() == list(range(80))
    assert set(table["failed_in"]) == {"strained"}
    told = reading.summary(swept.folder)
    assert set(told["count"]) == {sweeps.MEMBERS - 80}
    assert np.isfinite(told[["mean", "sd", "max", "q95"]].to_numpy()).all()
    again = sweep.run(asked, Threads(2), runs=tmp_path)
    assert again.asked_before
    assert again.failed == swept.failed


def test_when_more_fail_than_allowed_it_stops(model, tmp_path):
    asked = pack(model, sweeps.order(table=failing(0.5), limit=0.1))
    swept = sweep.run(asked, Threads(1), runs=tmp_path)
    assert swept.over
    assert not swept.folder.whole
    assert swept.failed[""] == 2 * sweeps.PART
    assert codes(lambda: reading.summary(swept.folder)) == ["unfinished"]
    lenient = pack(model, sweeps.order(table=failing(0.5), limit=0.6))
    assert not sweep.run(lenient, Threads(1), runs=tmp_path).over


def test_a_part_in_which_nobody_finishes_has_a_sketch_of_nobody(model, tmp_path):
    asked = pack(model, sweeps.order(table=failing(1.0), limit=1.0))
    told = reading.summary(sweep.run(asked, Threads(2), runs=tmp_path).folder)
    assert set(told["count"]) == {0}
    assert told["mean"].isna().all()


@pytest.mark.parametrize("storage", ["summary", "trajectories"])
def test_only_what_is_asked_for_is_kept(model, kept, tmp_path, storage):
    asked = pack(model, sweeps.order(storage=storage))
    folder = sweep.run(asked, Threads(2), runs=tmp_path / storage).folder
    names = {path.name for path in folder.folder.iterdir()}
    if storage == "summary":
        assert "outputs" not in names
        assert codes(lambda: reading.trajectories(folder, "", ["total"])) == ["no-trajectories"]
        pd.testing.assert_frame_equal(reading.summary(folder), reading.summary(kept))
    else:
        assert not names & {"sketches", "summary.parquet"}
        assert codes(lambda: reading.summary(folder)) == ["no-summary"]


def test_readers_are_told_what_they_ask_wrongly_and_what_is_damaged(kept):
    assert codes(lambda: reading.trajectories(kept, "base", ["totl"])) == [
        "unknown-element",
        "unknown-scenario",
    ]
    path = kept.path("outputs", 2)
    path.write_bytes(path.read_bytes()[:-1])
    assert codes(lambda: reading.trajectories(kept, "", ["total"])) == ["damaged"]
    assert codes(lambda: store.open_sweep(kept.folder / "outputs")) == ["no-run"]


def test_everything_wrong_with_an_order_is_said_before_anything_is_written(model, tmp_path):
    table = sweeps.table(5).rename(columns={"rate": "rte", "gap": "people"})
    assert codes(lambda: pack(model, sweeps.order(table=table))) == [
        "unknown-parameter",
        "not-a-constant",
    ]
    assert codes(lambda: pack(model, sweeps.order(outputs=["nobody"]))) == ["unknown-name"]
    assert codes(lambda: pack(model, sweeps.order(scenarios=[None, None]))) == ["scenario-twice"]
    assert codes(lambda: pack(model, sweeps.order(scenarios=[]))) == ["no-scenario"]
    twice = pd.concat([sweeps.table(5), sweeps.table(5)], axis=1)
    assert codes(lambda: pack(model, sweeps.order(table=twice))) == ["column-twice"]
    assert list(tmp_path.iterdir()) == []


def test_parts_hang_on_the_question_and_share_small_sweeps_out(model):
    small = pack(model, sweeps.order(part=None))
    assert (small.part, small.parts) == (256, 8)
    large = pack(model, sweeps.order(part=None, table=sweeps.table(200_000)))
    assert large.part == 12544
    assert sum(len(large.task(part).values) for part in range(large.parts)) == 200_000


def test_a_bundle_is_all_that_a_worker_needs(asked):
    content = asked.bundle.packed
    bundle = unpacked(content)
    assert bundle.packed == content
    assert bundle == asked.bundle
    piece = work(content, asked.task(3))
    assert (piece.part, piece.members) == (3, sweeps.PART)
    assert b"places" not in content


def test_a_worker_of_another_version_refuses(asked, monkeypatch):
    content = asked.bundle.packed
    unpacked.cache_clear()
    monkeypatch.setattr("sim.run.bundle.engine", lambda: "another")
    assert codes(lambda: work(content, asked.task(0))) == ["other-engine"]
    assert codes(lambda: unpacked(b"nonsense")) == ["bundle"]


def test_estimates_come_near_and_write_nothing(model, asked, tmp_path):
    told = estimates.estimate(asked, 1, runs=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert (told.runs, told.missing) == (2000, 2000)
    folder = sweep.run(asked, Threads(1), runs=tmp_path).folder.folder
    size = sum(path.stat().st_size for path in folder.rglob("*.*"))
    assert told.disk == pytest.approx(size, rel=0.3)
    assert told.memory > 50e6
    assert 0 < told.each < 1
    assert told.seconds > told.each * told.runs
    (folder / "records" / "part-00001.json").unlink()
    assert estimates.estimate(asked, 1, runs=tmp_path).missing == sweeps.PART


def test_reproduced_it_is_identical(kept):
    done = reproduce(kept.folder, pytest.fail, Threads(2))
    assert (done.identical, done.runs, done.notes) == (True, sweeps.MEMBERS, ())


def test_what_differs_when_reproduced_is_told_with_name_and_size(asked, kept, monkeypatch):
    record, damage = kept.record(2)
    assert record is not None, damage
    table = pq.read_table(kept.path("outputs", 2)).to_pandas()
    table.loc[5, "total"] *= 1.5
    sink = io.BytesIO()
    table.to_parquet(sink)
    changed = {"outputs": sink.getvalue()}
    changed["sketches"] = kept.path("sketches", 2).read_bytes()
    kept.keep(2, changed, {"members": record["members"], "failed": record["failed"]})
    monkeypatch.setattr("sim.run.bundle.engine", lambda: "another")
    monkeypatch.setattr("sim.run.reproduce.engine", lambda: "another")
    unpacked.cache_clear()
    done = reproduce(kept.folder, pytest.fail, Threads(1))
    assert not done.identical
    (said,) = done.differences
    assert said.startswith("outputs/part-00002.parquet: 'total' differs in 1 of 1,408 values, by")
    assert "0.33 of the value" in said
    assert "another version" in done.notes[0]


def test_a_cluster_that_does_not_answer_is_said(asked, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.run.executors.cluster.PATIENCE", 0.3)
    ask = lambda: sweep.run(asked, Dask("tcp://127.0.0.1:9"), runs=tmp_path)  # noqa: E731
    assert codes(ask) == ["no-cluster"]


def test_a_local_cluster_that_does_not_start_is_said(asked, tmp_path, monkeypatch):
    def broken(**_: object) -> None:
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr("distributed.LocalCluster", broken)
    ask = lambda: sweep.run(asked, Dask("local", 1), runs=tmp_path)  # noqa: E731
    assert codes(ask) == ["no-cluster"]


def test_wrong_input_in_another_process_is_heard_as_it_was_said():
    import pickle

    error = pickle.loads(pickle.dumps(wrong("a-code", "a sentence", hint="a hint")))  # noqa: S301
    assert [(p.code, p.sentence, p.hint) for p in error.problems] == [
        ("a-code", "a sentence", "a hint")
    ]
