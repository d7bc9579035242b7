"""Make Arrow columns of Python values from memory: pyarrow.array would load pandas (a second) where there is one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa


def column(values: Sequence[int | None] | Sequence[str | None], kind: "pa.DataType") -> "pa.Array":
    """Return whole numbers (int64) or texts as an Arrow column; None is null."""
    import pyarrow as pa

    known = np.fromiter((value is not None for value in values), np.bool_, len(values))
    validity = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    if kind == pa.int64():
        numbers = np.fromiter((value or 0 for value in values), np.int64, len(values))
        return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(numbers)])
    texts = [str(value).encode() if value is not None else b"" for value in values]
    ends = np.zeros(len(texts) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=ends[1:])
    return pa.Array.from_buffers(kind, len(texts), [validity, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))])
