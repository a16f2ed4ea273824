"""A sweep that may end before all its members are computed."""

import numpy as np
import pytest

from sim import store
from sim.run import estimate as estimates
from sim.run import sweep
from sim.run.executors.threads import Threads
from sim.run.model import Model
from sim.run.order import pack
from sim.run.reproduce import reproduce
from sim.store import reading
from tests.unit.run import sweeps


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return sweeps.model(tmp_path_factory.mktemp("model"))


def narrow(folder: store.SweepFolder, members: int) -> dict[str, object] | None:
    """Whether the mean of the first members is known well enough."""
    values = reading.trajectories(folder, "", ["total"], members)[-1, :, 0]
    width = values.std() / np.sqrt(members)
    return {"why": "narrow", "members": members, "widest": width} if width < 6.0 else None


def test_a_sweep_ends_as_soon_as_its_members_are_enough(model, tmp_path):
    asked = pack(model, sweeps.order(block=1, part=None, storage="both"))
    assert asked.stages == (256, 512, 1024, 2000)
    looked: list[int] = []

    def look(folder: store.SweepFolder, members: int) -> dict[str, object] | None:
        looked.append(members)
        return narrow(folder, members)

    done = sweep.run(asked, Threads(2), runs=tmp_path / "one", enough=look)
    kept = done.folder
    assert looked == [256, 512]
    assert kept.manifest["stopped"]["why"] == "narrow"
    assert (done.runs, done.asked, kept.members) == (512, 2000, 512)
    assert len(list(kept.folder.glob("outputs/*"))) == len(kept.needed()) == 2
    assert len(reading.inputs(kept)) == 512
    assert set(reading.summary(kept)["count"]) == {512}
    whole = pack(model, sweeps.order(part=None))
    every = sweep.run(whole, Threads(2), runs=tmp_path / "all").folder
    np.testing.assert_array_equal(
        reading.trajectories(kept, "", ["total"]),
        reading.trajectories(every, "", ["total"])[:, :512],
    )
    again = sweep.run(asked, Threads(1), runs=tmp_path / "one", enough=look)
    assert again.asked_before
    assert looked == [256, 512]
    assert reproduce(kept.folder, lambda: model, Threads(1)).identical
    assert estimates.estimate(asked, 1, runs=tmp_path / "one").missing == 0


def test_it_ends_at_the_same_place_when_it_was_interrupted_or_damaged(model, tmp_path):
    asked = pack(model, sweeps.order(block=1, part=None))
    sweep.run(asked, Threads(2), runs=tmp_path / "whole", enough=narrow)
    whole = sweeps.files(tmp_path / "whole")
    runs = tmp_path / "other"
    for after in (0, 1):  # in the first stage, in the second
        with pytest.raises(KeyboardInterrupt):
            sweep.run(asked, sweeps.Stopping(0), runs=runs, enough=narrow)
        sweep.run(asked, Threads(1), runs=runs, enough=narrow)
        assert sweeps.files(runs) == whole
        (next(runs.glob("*")) / f"records/part-0000{after}.json").unlink()
    (next(runs.glob("*")) / "manifest.json").unlink()
    sweep.run(asked, Threads(4), runs=runs, enough=narrow)
    assert sweeps.files(runs) == whole


def test_never_enough_is_the_whole_design(model, tmp_path):
    asked = pack(model, sweeps.order(block=1, part=None))
    done = sweep.run(asked, Threads(2), runs=tmp_path)
    assert done.runs == done.asked == sweeps.MEMBERS
    assert done.folder.manifest["stopped"] is None


@pytest.mark.parametrize(
    ("members", "block", "stages"),
    [(2000, 0, (2000,)), (256, 1, (256,)), (257, 1, (256, 257)), (32 * 64, 32, (2048,)),
     (32 * 256, 32, (2048, 4096, 8192)), (3 * 80, 3, (192, 240))],
)  # fmt: skip
def test_stages_double_and_parts_end_with_them(model, members, block, stages):
    asked = pack(model, sweeps.order(table=sweeps.table(members), block=block, part=None))
    assert asked.stages == stages
    if len(stages) > 1:
        assert all(stage % asked.part == 0 for stage in stages[:-1])
        assert asked.part % max(block, 1) == 0
