"""The whole line on a model of one stock, of which the right answer is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration import priors, profile, recovery, screening, search
from calibration.evidence import Evidence
from calibration.likelihood import Posterior
from calibration.sampler import Plan, sample
from calibration.simulation import Simulation
from sim.errors import InputError
from sim.run.model import Model

PLAN = Plan(walkers=16, rounds=320, warm_up=128, thin=2, seed=7)


def best(target: Posterior) -> search.Found:
    starts = np.random.default_rng(0).standard_normal((4, len(target.simulation.priors)))
    return search.search(target, starts)


def test_a_prior_has_the_text_as_median_and_its_range_as_ends(growth: Model) -> None:
    known = priors.gather(growth.source)
    assert known.columns == ("people initial", "growth rate", "room", "idle")
    middle = known.at(np.zeros((1, 4)))[:, 0]
    assert middle == pytest.approx(known.values, rel=1e-6)
    ends = known.at(np.array([[-9.0] * 4, [9.0] * 4]))
    assert ends[1] == pytest.approx([0.06, 0.6], rel=1e-3)


def test_what_nothing_observed_depends_on_is_screened_out(target: Posterior) -> None:
    found = screening.screen(target, np.random.default_rng(1), places=8)
    assert [target.simulation.priors.columns[each] for each in found.chosen] == [
        "people initial",
        "growth rate",
        "room",
    ]
    assert found.information[3] == 0.0


def test_known_constants_are_found_again(target: Posterior) -> None:
    found = best(target)
    values = target.simulation.priors.at(found.places[:1])[:3, 0]
    spread = found.shape.spread()[:3]
    assert values == pytest.approx([90, 0.3, 300], rel=0.12)
    assert (spread < 0.5).all()
    assert found.shape.spread()[3] == pytest.approx(1.0, abs=1e-6)
    assert found.scores[0] >= target(np.zeros((1, 4)))[0]


def test_the_search_ends_at_a_summit(target: Posterior) -> None:
    found = best(target)
    random = np.random.default_rng(3)
    near = found.places[0] + 0.02 * random.standard_normal((200, 4))
    assert target(near).max() <= found.scores[0] + 1e-3


def test_draws_have_the_moments_that_importance_weights_give(target: Posterior) -> None:
    shape = best(target).shape
    chain = sample(target, shape, PLAN)
    wide = search.Shape(shape.middle, shape.directions, shape.strengths / 1.5)
    other = wide.draw(np.random.default_rng(5), 20_000)
    weight = target(other) - wide.depth(other)
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    flat = chain.places.reshape(-1, 4)
    mean = weight @ other
    spread = np.sqrt(weight @ (other - mean) ** 2)
    assert flat.mean(axis=0) == pytest.approx(mean, abs=0.08)
    assert flat.std(axis=0) == pytest.approx(spread, rel=0.12)
    assert 0.2 < chain.accepted < 0.95


def test_sampling_that_was_stopped_goes_on_to_the_same_draws(
    target: Posterior, tmp_path: Path
) -> None:
    shape = best(target).shape
    plan = Plan(walkers=8, rounds=192, warm_up=64, thin=4, seed=1)
    whole = sample(target, shape, plan)
    heard: list[str] = []

    def stop(said: str) -> None:
        heard.append(said)
        if len(heard) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample(target, shape, plan, folder=tmp_path, say=stop)
    before = sorted(each.name for each in tmp_path.iterdir())
    assert len(before) == 3
    again = sample(target, shape, plan, folder=tmp_path)
    assert np.array_equal(whole.places, again.places)
    assert np.array_equal(whole.scores, again.scores)
    assert whole.accepted == again.accepted


def test_a_file_that_is_no_block_is_refused(target: Posterior, tmp_path: Path) -> None:
    (tmp_path / "block-0-000000.npz").write_bytes(b"no block")
    with pytest.raises(InputError, match="no block"):
        sample(target, best(target).shape, PLAN, folder=tmp_path)


def test_profiles_say_what_the_data_bound(target: Posterior) -> None:
    found, runs = profile.profiles(target, best(target).shape, [0, 2, 3])
    assert runs > 3 * profile.POINTS
    assert (found["fall"] >= 0).all()
    assert profile.verdicts(found) == {"people initial": "both", "room": "both", "idle": "none"}


def test_true_values_lie_in_the_intervals_as_often_as_they_should(
    target: Posterior, seen: Evidence
) -> None:
    plan = Plan(walkers=16, rounds=96, warm_up=64, thin=4, seed=11)
    few = target.of(target.simulation.priors.take([0, 1, 2]))
    found = recovery.recover(few, seen, plan, trials=16)
    assert len(found) == 48
    # 48 values of 16 independent trials: two standard errors of a share are about 0.2 and 0.13.
    assert recovery.covered(found, 50) == pytest.approx(0.5, abs=0.2)
    assert recovery.covered(found, 90) == pytest.approx(0.9, abs=0.13)
    assert found["truth"].corr(found["mean"]) > 0.7
    told = recovery.table(found).set_index("constant")
    assert told["trials"].tolist() == [16, 16, 16]
    assert told.index[0] == told["spread"].idxmin()
    assert (told["spread"] < 0.6).all()
    assert told["covered_90"].mean() == pytest.approx(recovery.covered(found, 90))
    assert recovery.uniform(found) > 1e-3
    assert recovery.uniform(found.assign(rank=0)) < 1e-6


class Failing(Simulation):
    """Its second member leaves the finite numbers."""

    def __call__(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        paths, fine = super().__call__(places)
        paths[:, 1], fine[1] = np.inf, False
        return paths, fine


def test_members_that_fail_are_no_candidates(target: Posterior) -> None:
    failing = replace(target, simulation=Failing(**vars(target.simulation)))
    scores = failing(np.zeros((3, 4)))
    assert scores[1] == -np.inf
    assert scores[0] == scores[2] == target(np.zeros((1, 4)))[0]
