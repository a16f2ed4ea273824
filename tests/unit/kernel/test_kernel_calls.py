from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InputError
from sim.ir import Series
from sim.kernel import Reducer, build
from sim.kernel.batch import by_outcome, empty
from tests.unit.kernel.graphs import busy, growth


def test_columns_stand_on_defaults(backend: str):
    kernel = build(growth(), backend=backend)
    by_name = kernel.integrate({"rate": [0.2, 0.3]})
    whole = kernel.integrate(np.array([[0.2, 1.0], [0.3, 1.0]]))
    np.testing.assert_array_equal(by_name.values, whole.values)
    assert kernel.integrate({}).values.shape == (11, 1, 3)
    assert kernel.integrate({"rate": 0.2}, members=np.arange(3)).values.shape == (11, 3, 3)


def test_outputs_are_variables_or_elements_in_the_order_asked():
    kernel = build(busy(), outputs=["seen", "stock", "seen"])
    assert kernel.outcomes == ("seen", "stock")
    both = kernel.integrate({}).values
    alone = build(busy(), outputs=["stock"]).integrate({}).values
    np.testing.assert_array_equal(both[:, :, 1:], alone)


def test_no_outcome_and_no_member_are_possible(backend: str):
    assert build(growth(), backend=backend, outputs=[]).integrate({}).values.shape == (11, 1, 0)
    assert build(growth(), backend=backend).integrate({"rate": []}).values.shape == (11, 0, 3)


def test_the_callers_array_is_filled(backend: str):
    kernel = build(growth(), backend=backend)
    out = np.full((11, 2, 3), np.nan)
    run = kernel.integrate({"rate": [0.1, 0.2]}, out=out)
    assert run.values is out
    assert np.isfinite(out).all()


@pytest.mark.parametrize("members", [1, 3, 8, 64, 77, 200])
def test_an_array_with_each_outcome_together_is_filled_with_the_same_bits(
    backend: str, members: int
):
    kernel = build(growth(), backend=backend)
    rates = np.linspace(0.01, 0.5, members)
    out = by_outcome(empty(33 * members), (11, members, 3))
    out[:] = np.nan
    run = kernel.integrate({"rate": rates}, out=out, threads=2)
    assert run.values is out
    assert out.transpose(2, 0, 1).flags.c_contiguous
    np.testing.assert_array_equal(run.values, kernel.integrate({"rate": rates}).values)


def test_an_array_that_begins_beside_a_line_is_filled_too(backend: str):
    kernel = build(growth(), backend=backend)
    rates = np.linspace(0.01, 0.5, 64)
    out = by_outcome(empty(33 * 64 + 1)[1:], (11, 64, 3))
    values = kernel.integrate({"rate": rates}, out=out).values
    np.testing.assert_array_equal(values, kernel.integrate({"rate": rates}).values)


@pytest.mark.parametrize("shape", [(11, 1, 3), (10, 2, 3), (11, 2, 4)])
def test_an_array_that_does_not_fit_is_refused(shape: tuple[int, ...]):
    with pytest.raises(InputError, match=r"\(11, 2, 3\)"):
        build(growth()).integrate({"rate": [0.1, 0.2]}, out=np.empty(shape))


def test_paths_are_replaced_for_one_call(backend: str):
    kernel = build(busy(), backend=backend, outputs=["path"])
    assert kernel.integrate({}, series={"path": [0.0, 4.0, 10.0]}).values[:5, 0, 0].tolist() == [
        0, 1, 2, 3, 4,
    ]  # fmt: skip
    other = Series("path", (0.0, 10.0), (5.0, 15.0))
    assert kernel.integrate({}, series={"path": other}).values[-1, 0, 0] == 15.0
    assert kernel.integrate({}).values[0, 0, 0] == 1.0


def test_everything_wrong_with_a_call_is_said_at_once():
    kernel = build(busy())
    with pytest.raises(InputError) as caught:
        kernel.integrate({"raet": 1.0, "rate": [1.0, 2.0], "power": [1.0, 2.0, 3.0]})
    assert [p.code for p in caught.value.problems] == ["unknown-parameter", "parameters"]
    assert "did you mean 'rate'?" in str(caught.value)
    with pytest.raises(InputError, match="2 parameters are needed"):
        kernel.integrate(np.zeros((4, 3)))
    with pytest.raises(InputError) as caught:
        kernel.integrate({}, series={"pth": [1.0], "path": [1.0]})
    assert [p.code for p in caught.value.problems] == ["unknown-series", "series"]
    with pytest.raises(InputError, match="3 members are numbered"):
        kernel.integrate({"rate": [1.0, 2.0]}, members=np.arange(3))


def test_unknown_outputs_are_all_named():
    with pytest.raises(InputError) as caught:
        build(growth(), outputs=["stok", "flow", "nothing"])
    assert len(caught.value.problems) == 2
    assert "did you mean 'stock'?" in str(caught.value)


def test_chunks_give_what_one_call_gives(backend: str):
    kernel = build(busy(), backend=backend, outputs=["stock", "noise"])
    members = {"rate": np.linspace(0.05, 0.4, 50), "power": 0.5}
    reducers = [Reducer("last", "noise")]
    whole = kernel.integrate(members, seed=6, reducers=reducers)
    seen: list[int] = []
    memory: set[int] = set()
    for rows, run in kernel.chunks(members, size=16, seed=6, reducers=reducers):
        np.testing.assert_array_equal(run.values, whole.values[:, rows])
        np.testing.assert_array_equal(run.reduced, whole.reduced[rows])
        seen += range(rows.start, rows.stop)
        memory.add(run.values.ctypes.data)
    assert seen == list(range(50))
