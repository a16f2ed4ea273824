"""Tables as bytes: whole, whatever they hold, and the same twice."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.store import parquet


@pytest.mark.parametrize("rows", [0, 1, 3, 5000])
@pytest.mark.parametrize("columns", [1, 400])
def test_numbers_that_do_not_shrink_and_long_names_find_room(rows: int, columns: int) -> None:
    rng = np.random.default_rng(0)
    names = [f"{'long name of a variable ' * 20}[{number}]" for number in range(columns)]
    noise = rng.integers(0, 2**63, size=(columns, rows)).view(np.float64)
    noise[~np.isfinite(noise)] = np.nan
    table = {"member": np.arange(rows), **dict(zip(names, noise, strict=True))}
    units = dict.fromkeys(names, "tonne/(person*Year) " * 50)
    content = parquet.encoded(table, units=units)
    assert content == parquet.encoded(table, units=units)
    again = parquet.frame(content)
    pd.testing.assert_frame_equal(again, pd.DataFrame(table))


def test_words_of_any_length_and_none_at_all_are_kept() -> None:
    words = [f"{'å' * number}{number}" for number in range(3000)]
    table = {"word": words, "value": np.arange(3000.0)}
    assert parquet.frame(parquet.encoded(table))["word"].tolist() == words
    nothing = parquet.frame(parquet.encoded({"word": [], "value": np.empty(0)}))
    assert list(nothing.columns) == ["word", "value"]


def test_a_word_that_is_the_same_in_every_row_takes_no_space():
    numbers = np.random.default_rng(1).random(50_000)
    without = parquet.encoded({"x": numbers})
    content = parquet.encoded({"scenario": parquet.alike("grønn", 50_000), "x": numbers})
    assert len(content) < len(without) + 1000
    table = parquet.frame(content)
    assert (table["scenario"] == "grønn").all()
    np.testing.assert_array_equal(table["x"], numbers)


def test_a_column_tells_its_unit_and_its_long_name() -> None:
    content = parquet.encoded({"x y[a]": np.zeros(3)}, units={"x y[a]": "people"})
    field = pq.read_schema(pa.BufferReader(content)).field("x y[a]")
    assert field.metadata == {b"units": b"people", b"long_name": b"X y[a]"}
