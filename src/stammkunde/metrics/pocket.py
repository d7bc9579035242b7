"""Hold the events of a few customers in the shape that conditions ask, without any file."""

from collections.abc import Collection, Iterable
from typing import Any

from stammkunde.metrics.attributes import Kept
from stammkunde.metrics.mirror import Mirror, connect
from stammkunde.metrics.storage_layer import lay_open

_COLUMNS = (
    ("id", "int64"),
    ("customer", "int64"),
    ("kind", "string"),
    ("at", "int64"),
    ("value", "int64"),
    ("attributes", "string"),
)


def pocket_mirror(
    events: Iterable[tuple[Any, ...]], customers: Collection[int], *, time_zone: str, kept: Kept
) -> Mirror:
    """Return a mirror with the views events, lines, traits and customers_all over these rows.

    Columns as for `storage.append`, without `replaces`: what corrections have replaced must have been left out. It
    answers conditions, no figures: there are no orders or months in it.
    """
    import pyarrow as pa

    schema = pa.schema([(name, getattr(pa, sort)()) for name, sort in _COLUMNS])
    columns = list(zip(*events, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
    rows = pa.table(arrays, schema=schema).append_column("replaces", pa.nulls(len(arrays[0]), pa.int64()))
    connection = connect()
    lay_open(
        connection,
        rows,
        pa.table({"customer": pa.array(sorted(customers), pa.int64())}),
        zone=time_zone,
        kept=kept,
    )
    return Mirror(connection, time_zone=time_zone, first_day=None, last_day=None)
