"""Tables as the bytes of a Parquet file: the same table, the same bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.ir import long_name

LEVEL = -50  # of zstd: numbers that vary in every bit hardly shrink further, at any price
BATCH = 65536  # values encoded at once; the library's 1,024 take a tenth more time


def encoded(columns: dict[str, Any], *, units: dict[str, str] | None = None) -> pa.Buffer:
    """Bytes of a Parquet file, not copied once more.

    Args:
        columns: by name: arrays of the same length, or Arrow arrays.
        units: by the column's name, kept in the metadata of the column beside its long name.
    """
    arrays = {name: _array(values) for name, values in columns.items()}
    units = units or {}
    told = {name: {"units": unit, "long_name": long_name(name)} for name, unit in units.items()}
    fields = [
        pa.field(
            name,
            array.type,
            nullable=False,  # what is missing is NaN; levels that say so would be computed
            metadata=told.get(name),
        )
        for name, array in arrays.items()
    ]
    table = pa.Table.from_arrays(list(arrays.values()), schema=pa.schema(fields))
    words = [field.name for field in fields if pa.types.is_string(field.type)]
    few = [field.name for field in fields if pa.types.is_dictionary(field.type)]
    repeated: Any = [*words, *few]
    numbers: Any = [field.name for field in fields if pa.types.is_floating(field.type)]
    letters = sum(len(f"{name}{units.get(name, '')}".encode()) for name in columns)
    room = None if words else pa.allocate_buffer(_most(table, letters))
    sink = pa.BufferOutputStream() if room is None else pa.FixedSizeBufferWriter(room)
    pq.write_table(
        table,
        sink,
        row_group_size=max(table.num_rows, 1),
        compression="zstd",
        compression_level=LEVEL,
        use_dictionary=repeated,
        # the bytes of numbers side by side: half the time and a fifth less disk
        use_byte_stream_split=numbers,
        write_statistics=False,
        write_batch_size=BATCH,
    )
    return sink.getvalue() if room is None else room.slice(0, sink.tell())


def alike(word: str, count: int) -> pa.Array:
    """A column of one word, in next to no space."""
    places = pa.array(np.zeros(count, dtype=np.int32))
    return pa.DictionaryArray.from_arrays(places, pa.array([word]))


def _array(values: Any) -> pa.Array:
    """As Arrow has it; no values at all are words, where they are no numbers."""
    made = pa.array(values)
    return made.cast(pa.string()) if pa.types.is_null(made.type) else made


def _most(table: pa.Table, letters: int) -> int:
    """More bytes than a file of numbers can have, with so many of names and units.

    They may not shrink, and every column has a head and a foot, with its name and unit.
    Memory taken at once: a sink that grows copies all that it has, again and again.
    """
    return table.nbytes + table.nbytes // 64 + 2048 * (table.num_columns + 8) + 16 * letters


def frame(content: bytes | pa.Buffer) -> pd.DataFrame:
    """The table in a Parquet file's bytes."""
    return pq.read_table(pa.BufferReader(content)).to_pandas()
