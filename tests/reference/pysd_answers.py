"""What PySD, as its users get it, answers: every saved element of a model at every saved time."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pysd


def answer(model: Path, folder: Path) -> pd.DataFrame:
    """Run a copy of the model in `folder` (PySD writes Python next to the text it reads)."""
    copy = folder / model.name
    shutil.copy(model, copy)
    if (data := model.parent / "data").is_dir():
        shutil.copytree(data, folder / "data")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PySD's remarks are not what is tested
        read = pysd.read_vensim if model.suffix == ".mdl" else pysd.read_xmile
        return read(str(copy)).run()


def difference(ours: pd.DataFrame, theirs: pd.DataFrame, floor: float = 0.0) -> pd.Series:
    """The largest relative difference of each column, in the order of `theirs`.

    Relative to the value, or, where a variable passes through zero, to a millionth of its
    largest one. Equal infinities and two NaNs agree; a missing column is infinitely far.
    `floor` is added to the scale: balances that should be zero hold nothing but rounding.
    """
    result: dict[str, float] = {}
    for column in theirs.columns:
        want = theirs[column].to_numpy(dtype=float)
        have = ours[column].to_numpy(dtype=float) if column in ours else np.full_like(want, np.inf)
        if have.shape != want.shape:
            result[column] = np.inf
            continue
        same = (have == want) | (np.isnan(have) & np.isnan(want))
        finite = want[np.isfinite(want)]
        scale = floor + np.abs(want) + 1e-6 * (np.abs(finite).max() if finite.size else 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            apart = np.abs(have - want) / scale
        result[column] = float(np.where(same, 0.0, np.nan_to_num(apart, nan=np.inf)).max())
    return pd.Series(result)
