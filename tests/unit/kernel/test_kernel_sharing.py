"""What members share is computed once, and nobody can tell from the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from sim.ir import Op, Rule
from sim.kernel import Kernel, Reducer, Run, build, sharing
from sim.run.program import program
from sim.source import load
from tests.unit.kernel.graphs import Graph, busy

MODELS = Path(__file__).parents[2] / "reference" / "models"
COUNT = 37


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Divide even what has little to share."""
    monkeypatch.setattr(sharing, "LESS", 2.0)


def both(
    kernel: Kernel, given: Mapping[str, object], monkeypatch: pytest.MonkeyPatch, **more: object
) -> list[Run]:
    """The run as a whole, and in two halves."""
    runs: list[Run] = []
    for pays in (10**18, 0):
        monkeypatch.setattr(sharing, "PAYS", pays)
        runs.append(kernel.integrate(given, seed=2, **more))  # pyright: ignore[reportArgumentType]
    return runs


def same(one: Run, other: Run) -> None:
    np.testing.assert_array_equal(one.values, other.values)
    np.testing.assert_array_equal(np.signbit(one.values), np.signbit(other.values))
    np.testing.assert_array_equal(one.reduced, other.reduced)
    np.testing.assert_array_equal(one.left_at, other.left_at)
    assert one.left_in == other.left_in
    assert one.engine == other.engine


@pytest.mark.parametrize(
    "name",
    ["smooths.mdl", "delay_fixed.mdl", "sample_if_true.mdl", "trends.mdl", "events.mdl"],
)
@pytest.mark.parametrize("exact", [True, False])
def test_models_give_the_same_bits(name: str, exact: bool, monkeypatch: pytest.MonkeyPatch):
    made = program(load(MODELS / name), {}, exact=exact)
    kernel = build(made)
    rng = np.random.default_rng(4)
    for parameter in made.parameters[:2]:
        column = parameter.default * rng.uniform(0.9, 1.1, COUNT)
        same(*both(kernel, {parameter.name: column}, monkeypatch))
    assert kernel.sharing is not None
    assert kernel.sharing.made


@pytest.mark.parametrize("varied", ["rate", "power"])
def test_random_draws_delays_paths_and_figures(varied: str, monkeypatch: pytest.MonkeyPatch):
    kernel = build(busy())
    column = np.append(np.linspace(0.05, 0.4, COUNT), [np.nan, 1e308])
    figures = [Reducer("last", "stock"), Reducer("maximum", "seen")]
    same(*both(kernel, {varied: column}, monkeypatch, reducers=figures))
    path = {"path": (2.0, 1.0, 5.0)}
    same(*both(kernel, {varied: column, "rate": 0.2} if varied == "power" else {varied: column},
               monkeypatch, series=path, threads=2))  # fmt: skip


def two_stocks() -> Kernel:
    """One hangs on `own`, the other on `common` alone and grows beyond all numbers if that is 9."""
    graph = Graph()
    own, common = graph.parameter("own", 0.1), graph.parameter("common", 0.1)
    first, second = graph.state("first"), graph.state("second")
    inverse = graph.node(Op.DIV, graph.constant(1.0), graph.node(Op.SUB, common, common))
    guarded = graph.node(Op.SELECT, graph.node(Op.GT, common, own), second, first)
    big = graph.node(Op.MUL, second, graph.node(Op.EXP, graph.node(Op.MUL, common, second)))
    graph.follow(first, graph.constant(1.0), graph.node(Op.MUL, own, guarded))
    graph.follow(second, graph.constant(1.0), graph.node(Op.MUL, common, big), Rule.LEVEL)
    graph.name(inverse, "inverse")
    return build(graph.program(), outputs=["first", "second"])


@pytest.mark.parametrize("common", [0.1, 9.0])
def test_what_is_shared_may_leave_the_finite_numbers(
    common: float, monkeypatch: pytest.MonkeyPatch
):
    kernel = two_stocks()
    given = {"own": np.linspace(0.0, 0.5, COUNT), "common": common}
    whole, halves = both(kernel, given, monkeypatch)
    same(whole, halves)
    assert (whole.status == (common == 9.0)).all()
    assert kernel.sharing is not None
    ((split, _, _),) = kernel.sharing.made.values()
    assert len(split.own.states) == 1


def test_shared_numbers_change_between_calls(monkeypatch: pytest.MonkeyPatch):
    kernel = two_stocks()
    for common in (0.1, 0.2, 0.05):
        same(*both(kernel, {"own": np.linspace(0.0, 0.5, COUNT), "common": common}, monkeypatch))
    assert kernel.sharing is not None
    assert len(kernel.sharing.made) == 1


def test_nothing_is_made_where_nothing_is_shared(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sharing, "LESS", 0.97)
    kernel = build(busy())
    same(*both(kernel, {"rate": np.linspace(0.05, 0.4, COUNT)}, monkeypatch))
    assert kernel.sharing is not None
    assert not kernel.sharing.made


def test_it_is_made_when_it_pays(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sharing, "PAYS", 3 * COUNT * 10)
    kernel = two_stocks()
    assert kernel.sharing is not None
    seen: list[int] = []
    for _ in range(4):
        kernel.integrate({"own": np.linspace(0.0, 0.5, COUNT)})
        seen.append(len(kernel.sharing.made))
    assert seen == [0, 0, 1, 1]
