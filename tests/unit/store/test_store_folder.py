import errno
import json
import os
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from sim import store
from sim.errors import InputError

QUESTION = {"model": "abc", "inputs": "def", "engine": "pysd", "outputs": ["x"], "seed": None}


@pytest.fixture
def dataset() -> xr.Dataset:
    return xr.Dataset(
        {
            "x": (("time", "region"), np.arange(6.0).reshape(3, 2) / 7, {"units": "NOK million"}),
            "y": ("time", np.array([np.nan, 1, -0.0]), {"units": "1", "long_name": "Ås"}),
        },
        {"time": [2008.0, 2009.0, 2010.0], "region": np.array(["Trondheim region", "Fosen ø"])},
        {"model": "abc", "step": 0.125},
    )


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_kept_is_found_as_it_was(dataset, tmp_path):
    kept = store.keep("a run", QUESTION, dataset, tmp_path)
    assert kept.folder.parent == tmp_path
    assert kept.folder.name.startswith("a_run-")
    found, damage = store.find("a run", QUESTION, tmp_path)
    assert damage == ""
    assert found is not None
    assert found.folder == kept.folder
    xr.testing.assert_identical(found.dataset, dataset)


def test_the_same_run_written_at_another_time_and_place_is_the_same_bytes(dataset, tmp_path):
    first = content(store.keep("r", QUESTION, dataset, tmp_path / "one").folder)
    time.sleep(1.1)  # formats that keep a time keep whole seconds
    second = content(store.keep("r", QUESTION, dataset, tmp_path / "two").folder)
    assert first == second
    assert sorted(first) == ["manifest.json", "outputs.nc"]
    assert first["outputs.nc"][:4] == b"CDF\x02"


def test_another_question_is_another_folder(dataset, tmp_path):
    store.keep("r", QUESTION, dataset, tmp_path)
    assert store.find("r", QUESTION | {"inputs": "other"}, tmp_path) == (None, "")
    assert store.find("r", QUESTION | {"seed": 1}, tmp_path) == (None, "")


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("outputs.nc", lambda raw: raw[: len(raw) // 2]),
        ("outputs.nc", lambda raw: raw[:-9] + b"x" + raw[-8:]),
        ("manifest.json", lambda raw: raw[: len(raw) // 2]),
        ("manifest.json", lambda raw: b"[]"),
        ("manifest.json", lambda raw: raw.replace(b'"def"', b'"eee"')),
        ("manifest.json", lambda raw: b"\xff"),
        ("outputs.nc", None),
        ("manifest.json", None),
    ],
)
def test_a_damaged_folder_is_noticed_and_made_again(dataset, tmp_path, file, damage):
    folder = store.keep("r", QUESTION, dataset, tmp_path).folder
    whole = content(folder)
    if damage is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(damage(whole[file]))
    found, said = store.find("r", QUESTION, tmp_path)
    assert found is None
    assert said
    store.keep("r", QUESTION, dataset, tmp_path)
    assert content(folder) == whole
    assert store.find("r", QUESTION, tmp_path)[0] is not None


def test_a_full_disk_is_said_and_nothing_half_written_stays(dataset, tmp_path, monkeypatch):
    def full(*_args: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(xr.Dataset, "to_netcdf", full)
    with pytest.raises(InputError, match="disk is full"):
        store.keep("r", QUESTION, dataset, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(dataset, tmp_path):
    (tmp_path / "runs").write_text("a file where the folder should be")
    with pytest.raises(InputError) as caught:
        store.keep("r", QUESTION, dataset, tmp_path / "runs")
    assert caught.value.problems[0].code == "runs-unwritable"


def test_a_process_that_was_first_is_let_be(dataset, tmp_path, monkeypatch):
    rename = Path.rename

    def late(self: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        store.keep("r", QUESTION, dataset, tmp_path)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    kept = store.keep("r", QUESTION, dataset, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [kept.folder.name]
    assert store.find("r", QUESTION, tmp_path)[0] is not None


def test_the_manifest_can_be_read_by_people(dataset, tmp_path):
    scenario = {"id": "havrommet", "story": {"nb": "Mer ut av havet på kysten"}}
    folder = store.keep("r", QUESTION, dataset, tmp_path, scenario=scenario).folder
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    assert "på kysten" in text
    manifest = json.loads(text)
    assert manifest["question"] == QUESTION
    assert manifest["scenario"] == scenario
    assert folder.name == f"r-{manifest['identity'][:12]}"
