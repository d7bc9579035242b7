"""Write one layer of the mirror: the events of a sync, their lines, and the roll-ups of the customers they touch."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from stammkunde.metrics.attributes import Kept, extracted
from stammkunde.metrics.layers import PRODUCT_COLUMNS, attach_snapshot, files, quoted
from stammkunde.metrics.storage_manifest import Layer, Manifest, Part, keep

if TYPE_CHECKING:
    import pyarrow as pa

MEMORY_LIMIT = "500MB"
_CHUNK_BYTES = 32_000_000
_PARQUET = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy"
_IS_ORDER = "kind = 'order.placed' AND value > 0"


@contextmanager
def workbench(folder: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """Open an engine with little memory and a room of its own in the mirror's folder for what does not fit."""
    room = folder / f"work-{secrets.token_hex(4)}"
    room.mkdir()
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "memory_limit": MEMORY_LIMIT,
        "preserve_insertion_order": False,
        "temp_directory": str(room / "spill"),
        "threads": 2,
    }
    con = duckdb.connect(config=config)
    try:
        yield con, room
    finally:
        con.close()
        discard(room)


def discard(path: Path) -> None:
    """Remove a file, or a folder with all that is in it."""
    if path.is_dir():
        for inside in path.iterdir():
            discard(inside)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def spool(
    con: duckdb.DuckDBPyConnection, room: Path, events: "pa.RecordBatchReader | pa.Table", *, zone: str, kept: Kept
) -> int:
    """Read the stream once: keep its rows, with their local day, lines and attributes, in the view `incoming`."""
    parts = []
    for number, chunk in enumerate(_chunks(events)):
        con.register("stream", chunk)
        parts.append(_copy(con, room, f"incoming-{number:06d}.parquet", _incoming(zone, kept)))
        con.unregister("stream")
    con.execute(f"CREATE VIEW incoming AS SELECT * FROM {files(room, parts)}")
    return sum(part.rows for part in parts)


def _chunks(events: "pa.RecordBatchReader | pa.Table") -> "Iterator[pa.RecordBatchReader]":
    """Draw the stream in the caller's thread: the database cursor behind it may not be read from the engine's."""
    import pyarrow as pa

    drawn: list[pa.RecordBatch] = []
    batches = iter(events.to_batches() if isinstance(events, pa.Table) else events)
    for batch in batches:
        drawn.append(batch)
        if sum(known.nbytes for known in drawn) >= _CHUNK_BYTES:
            yield pa.RecordBatchReader.from_batches(events.schema, drawn)
            drawn = []
    yield pa.RecordBatchReader.from_batches(events.schema, drawn)


def introduce(con: duckdb.DuckDBPyConnection, people: "pa.Table | None") -> int:
    """Keep the customers whom the mirror may not know yet, with or without events, in the table `met`."""
    con.execute("CREATE TABLE met (customer BIGINT)")
    if people is not None:
        con.register("people", people)
        con.execute("INSERT INTO met SELECT customer::BIGINT FROM people")
        con.unregister("people")
    return people.num_rows if people is not None else 0


def write_layer(con: duckdb.DuckDBPyConnection, folder: Path, generation: int, before: Manifest | None) -> Layer:
    """Write the layer that `incoming` and `met` make on top of the snapshot before it (attached here), or as a base."""
    if before:
        attach_snapshot(con, folder, before)
    else:
        con.execute("CREATE TABLE superseded (id BIGINT)")
    con.execute("CREATE TABLE replaced AS SELECT DISTINCT replaces AS id FROM incoming WHERE replaces IS NOT NULL")
    name = _new_layer(folder, generation)
    events = _copy(con, folder, f"{name}/events.parquet", _EVENTS)
    lines = _copy(con, folder, f"{name}/lines.parquet", _LINES)
    con.execute(f"CREATE VIEW added AS SELECT * FROM read_parquet({quoted(folder / events.file)})")
    if before:
        con.execute(f"CREATE TABLE predecessors AS {_PREDECESSORS}")
        con.execute(f"CREATE TABLE touched_now AS {_TOUCHED}")
        con.execute(f"CREATE TABLE history AS {_HISTORY_OF_TOUCHED}")
    else:
        con.execute(f"CREATE VIEW history AS {_HISTORY}")
    layer = Layer(
        name,
        events,
        lines,
        months=_copy(con, folder, f"{name}/months.parquet", _MONTHS),
        customers=_copy(con, folder, f"{name}/customers.parquet", _TOUCHED_CUSTOMERS if before else _CUSTOMERS),
        superseded=_copy(con, folder, f"{name}/superseded.parquet", _STILL_REPLACED),
        traits=_copy(con, folder, f"{name}/traits.parquet", _TRAITS),
        people=_copy(con, folder, f"{name}/people.parquet", _NEWCOMERS if before else _PEOPLE),
    )
    _keep_all(folder / name)
    return layer


def lay_open(con: duckdb.DuckDBPyConnection, events: "pa.Table", people: "pa.Table", *, zone: str, kept: Kept) -> None:
    """Keep the events of a few customers in tables of their own: events, lines, traits and customers_all."""
    con.register("stream", events)
    con.register("people", people)
    con.execute(f"CREATE TABLE incoming AS {_incoming(zone, kept)}")
    con.execute("CREATE TABLE superseded (id BIGINT)")
    con.execute("CREATE TABLE replaced (id BIGINT)")
    con.execute(f"CREATE TABLE events AS {_EVENTS}")
    con.execute("CREATE VIEW added AS SELECT * FROM events")
    con.execute(f"CREATE TABLE lines AS {_LINES}")
    con.execute(f"CREATE TABLE traits AS {_TRAITS}")
    con.execute("CREATE TABLE customers_all AS SELECT customer FROM people")


def order_days(con: duckdb.DuckDBPyConnection, before: Manifest | None) -> list[date | None]:
    """Return the first and the last day with an order once the layer just written lies on top."""
    known = [before.first_day, before.last_day] if before else []
    days = f"SELECT day FROM added WHERE {_IS_ORDER}"
    if before and con.execute("SELECT 1 FROM predecessors WHERE day IN (?, ?) LIMIT 1", known).fetchall():
        known = []
        days += " UNION ALL SELECT day FROM orders ANTI JOIN replaced ON replaced.id = orders.event"
    [found] = con.execute(f"SELECT min(day), max(day) FROM ({days}) AS days").fetchall()
    both = [day for day in (*known, *found) if day]
    return [min(both), max(both)] if both else [None, None]


def fold(con: duckdb.DuckDBPyConnection, folder: Path, snapshot: Manifest, generation: int, *, base: bool) -> Layer:
    """Write the layers of the snapshot as a single one; as a new base it forgets customers without orders."""
    attach_snapshot(con, folder, snapshot)
    name = _new_layer(folder, generation)
    customers = "customers" if base else "touched_customers"
    unmet = "SELECT id FROM superseded ANTI JOIN every_event USING (id) ORDER BY id"
    layer = Layer(
        name,
        events=_copy(con, folder, f"{name}/events.parquet", f"SELECT * FROM events AS e {_CLUSTERED}"),
        lines=_copy(con, folder, f"{name}/lines.parquet", "SELECT * FROM lines"),
        months=_copy(con, folder, f"{name}/months.parquet", "SELECT * FROM months ORDER BY customer, month"),
        customers=_copy(con, folder, f"{name}/customers.parquet", f"SELECT * FROM {customers} ORDER BY customer"),
        superseded=_copy(con, folder, f"{name}/superseded.parquet", unmet),
        traits=_copy(con, folder, f"{name}/traits.parquet", f"SELECT * FROM traits AS e {_BY_TRAIT}"),
        people=_copy(con, folder, f"{name}/people.parquet", "SELECT customer FROM customers_all ORDER BY customer"),
    )
    _keep_all(folder / name)
    return layer


def write_products(con: duckdb.DuckDBPyConnection, folder: Path, products: "pa.Table", generation: int) -> Part:
    """Write the products that lines refer to by their code."""
    con.register("catalogue", products)
    file = f"products-{_stamp(generation)}.parquet"
    columns = ", ".join(f"{name}::VARCHAR AS {name}" for name in PRODUCT_COLUMNS.split(", "))
    part = _copy(con, folder, file, f"SELECT {columns} FROM catalogue ORDER BY code")
    con.unregister("catalogue")
    keep(folder / part.file)
    return part


_CLUSTERED = "ORDER BY customer, e.at, id"
_EVENTS = f"""
SELECT id, customer, kind, e.at AS "at", day, value, attributes
FROM incoming AS e ANTI JOIN replaced USING (id) ANTI JOIN superseded USING (id)
{_CLUSTERED}"""

# An order states a line's total, or it is quantity × unit price. What is no number stays unknown, and a line that says
# nothing at all is left out.
_LINES = """
SELECT event, kind, customer, day, line.product AS product, line.category AS category, line.quantity AS quantity,
    TRY((line.unit_price::DECIMAL(24, 4) * 10000)::BIGINT) AS unit_price,
    TRY((coalesce(line.line_total::DECIMAL(24, 4),
        round(line.quantity::DECIMAL(16, 4)::DECIMAL(34, 4) * line.unit_price, 4)::DECIMAL(24, 4)) * 10000)::BIGINT)
        AS line_total,
    TRY((line.discount::DECIMAL(24, 4) * 10000)::BIGINT) AS discount
FROM (
    SELECT id AS event, kind, customer, day, unnest(lines) AS line
    FROM incoming ANTI JOIN replaced USING (id) ANTI JOIN superseded USING (id)
) AS exploded
WHERE line.product IS NOT NULL OR line.category IS NOT NULL OR line.quantity IS NOT NULL
    OR line.unit_price IS NOT NULL OR line.line_total IS NOT NULL OR line.discount IS NOT NULL"""

# What was known of a customer from a moment on; `after` is a number, a text, a flag, or nothing any more.
_BY_TRAIT = "ORDER BY customer, e.at, event"
_AFTER = """json_type(attributes, '$.after')"""
_TRAITS = f"""
SELECT customer, id AS event, e.at AS "at", json_extract_string(attributes, '$.trait') AS trait,
    CASE WHEN {_AFTER} IN ('BIGINT', 'UBIGINT', 'DOUBLE', 'HUGEINT')
        THEN json_extract_string(attributes, '$.after')::DOUBLE END AS number,
    CASE WHEN {_AFTER} = 'VARCHAR' THEN json_extract_string(attributes, '$.after') END AS text,
    CASE WHEN {_AFTER} = 'BOOLEAN' THEN json_extract_string(attributes, '$.after') = 'true' END AS flag
FROM added AS e WHERE kind = 'trait.changed' AND customer IS NOT NULL {_BY_TRAIT}"""

_PEOPLE = """
SELECT DISTINCT customer FROM (SELECT customer FROM met UNION ALL SELECT customer FROM incoming) AS met
WHERE customer IS NOT NULL ORDER BY customer"""
_NEWCOMERS = f"SELECT customer FROM ({_PEOPLE}) AS met ANTI JOIN customers_all USING (customer) ORDER BY customer"

_HISTORY = f"""
SELECT customer, day, e.at AS "at", value, id AS event FROM added AS e WHERE {_IS_ORDER} AND customer IS NOT NULL"""

_PREDECESSORS = f"SELECT customer, day FROM every_event SEMI JOIN replaced USING (id) WHERE {_IS_ORDER}"

_TOUCHED = f"""
SELECT customer FROM added WHERE {_IS_ORDER} AND customer IS NOT NULL
UNION
SELECT customer FROM predecessors WHERE customer IS NOT NULL"""

_HISTORY_OF_TOUCHED = f"""
SELECT customer, day, orders.at AS "at", value, event
FROM orders SEMI JOIN touched_now USING (customer) ANTI JOIN replaced ON replaced.id = orders.event
UNION ALL {_HISTORY}"""

_MONTHS = """
SELECT customer, (year(day) * 12 + month(day) - 1)::INTEGER AS month, count(*) AS orders, sum(value)::BIGINT AS value
FROM history GROUP BY ALL ORDER BY customer, month"""

_STATE = """
SELECT customer, min(day) AS first_day, max(day) AS last_day, count(event) AS orders,
    coalesce(sum(value), 0)::BIGINT AS value, arg_min(event, (h.at, event)) AS first_order"""
_CUSTOMERS = f"{_STATE} FROM history AS h GROUP BY customer ORDER BY customer"
_TOUCHED_CUSTOMERS = (
    f"{_STATE} FROM touched_now LEFT JOIN history AS h USING (customer) GROUP BY customer ORDER BY customer"
)

_STILL_REPLACED = "SELECT id FROM replaced ANTI JOIN incoming USING (id) ORDER BY id"


def _incoming(zone: str, kept: Kept) -> str:
    """Return the query that adds to the stream's rows their local day, lines and attributes; broken JSON has none."""
    return f"""
    SELECT id::BIGINT AS id, customer::BIGINT AS customer, kind::VARCHAR AS kind, parsed.at::BIGINT AS "at",
        timezone('{_text(zone)}', make_timestamptz(parsed.at::BIGINT))::DATE AS day,
        value::BIGINT AS value, replaces::BIGINT AS replaces, lines, kept AS attributes
    FROM ({extracted(kept, "stream")}) AS parsed"""


def _new_layer(folder: Path, generation: int) -> str:
    name = f"layer-{_stamp(generation)}"
    (folder / name).mkdir()
    return name


def _stamp(generation: int) -> str:
    """Return a name no other snapshot ever uses: readers of an older one may still hold their files."""
    return f"{generation:06d}-{secrets.token_hex(4)}"


def _copy(con: duckdb.DuckDBPyConnection, folder: Path, file: str, query: str) -> Part:
    target = folder / file
    [[rows]] = con.execute(f"COPY ({query}) TO {quoted(target)} ({_PARQUET})").fetchall()
    return Part(file, rows)


def _keep_all(layer: Path) -> None:
    """Make the layer survive a power cut before a manifest names it."""
    for file in layer.iterdir():
        keep(file)
    keep(layer)


def _text(value: str) -> str:
    return value.replace("'", "''")
