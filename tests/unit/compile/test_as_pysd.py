"""A model that uses much at once, and PySD's own answer, to the last bit.

Single features are compared in tests/reference; here they meet.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pysd
import pytest
from interpreter import run

from sim.compile import compile_model

MODEL = """
:MACRO: LAGGED(input, span)
LAGGED = INTEG((input - LAGGED) / span, start) ~~|
start = input * 0.5 ~~|
:END OF MACRO:
DimA: da1, da2, da3 ~~|
DimB: db1, db2, db3 -> DimC ~~|
DimC: dc1, dc2, dc3 -> DimB ~~|
DimD <-> DimA ~~|
Sub: da1, da3 ~~|
l2[DimA, DimC] = INTEG(ll[DimA, DimB] - o2[DimA, DimC], 2.22) ~~|
l1[DimA, DimB] = INTEG(i1[DimA, DimB] - ll[DimA, DimB], 122) ~~|
ll[DimA, DimB] = l2[DimA, DimC] ~~|
o2[DimA, DimC] = l2[DimA, DimC] * mb[DimA, DimC] ~~|
i1[DimA, DimB] = ma[DimA, DimB] * l1[DimA, DimB] ~~|
ma[DimA, DimB] = 0.01, 0.2, 0.5; 0.31, 0.21, 0.12; 0.03, 0.7, 0.9; ~~|
mb[DimA, DimC] = 0.07, 0.1, 0.16; 0.6, 0.19, 0.4; 0.54, 0.23, 0.12; ~~|
va[DimA] = l1[DimA, db1] * 2 ~~|
vd[DimA] = va[DimA] + wd[DimA] ~~|
wd[DimD] = va[DimD] * 3 ~~|
part[Sub] = va[Sub] + 1 ~~|
part[da2] = 7 ~~|
ex[DimA] :EXCEPT: [da2] = va[DimA] * 10 ~~|
ex[da2] = 3 ~~|
lag[DimA] = LAGGED(va[DimA], 3 + Time / 10) ~~|
lag2 = LAGGED(lag[da1], 2) ~~|
trans[DimB, DimA] = l1[DimA, DimB] ~~|
tot[DimB] = SUM(l1[DimA!, DimB] * va[DimA!]) ~~|
tot2[DimA] = SUM(l1[DimA, DimB!] * tot[DimB!]) + SUM(l1[Sub!, db2]) ~~|
nest = SUM(va[DimA!] * VMAX(l1[DimA!, DimB!])) ~~|
num[DimA] = DimA + va[DimA] * 0 ~~|
num2[Sub] = Sub * 10 ~~|
num3 = da3 ~~|
flag[DimA] = IF THEN ELSE(DimA = da2 :OR: va[DimA] > 300, 1, 0) ~~|
moving[DimA] = DELAY N(va[DimA], 2 + Time / 5, va[DimA] / 2, 3) ~~|
fixed[DimA] = DELAY FIXED(va[DimA], 1.7, 5) ~~|
held = SAMPLE IF TRUE(MODULO(Time, 2) < 0.1, lag2, 1) ~~|
trend = TREND(va[da2], 3, 0.01) ~~|
ahead = FORECAST(va[da2], 3, 5) ~~|
"""


@pytest.fixture
def answer(parsed: Callable[..., Any], tmp_path: Path) -> Any:
    """PySD's results, with the numbers of arrays written in full (it keeps eight decimals)."""
    model = parsed(MODEL)
    with (
        warnings.catch_warnings(action="ignore"),
        np.printoptions(precision=17, floatmode="unique"),
    ):
        return model, pysd.read_vensim(str(tmp_path / "model.mdl")).run(flatten_output=True)


def test_every_element_has_pysds_bits(answer: Any) -> None:
    model, theirs = answer
    times, ours = run(compile_model(model))
    np.testing.assert_array_equal(times, theirs.index)
    for column in theirs.columns:
        np.testing.assert_array_equal(ours[column], theirs[column].astype(float), err_msg=column)
