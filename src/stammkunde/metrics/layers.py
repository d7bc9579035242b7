"""Read the mirror: lay its layers over one another so that each customer appears in the newest state only."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from stammkunde.metrics.storage_manifest import Layer, Manifest, Part, read_manifest

EVENT_COLUMNS = 'id, customer, kind, "at", day, value, attributes'
TRAIT_COLUMNS = 'customer, event, "at", trait, number, text, flag'
LINE_COLUMNS = "event, kind, customer, day, product, category, quantity, unit_price, line_total, discount"
MONTH_COLUMNS = "customer, month, orders, value"
CUSTOMER_COLUMNS = "customer, first_day, last_day, orders, value, first_order"
PRODUCT_COLUMNS = "code, name, category, department"
_TRIES = 5


class NoMirror(FileNotFoundError):
    """There is no mirror in this folder; run `stammkunde mirror sync`."""


@dataclass(frozen=True)
class MonthRows:
    """Orders and value (e4) per customer and month, sorted by customer and month."""

    customer: NDArray[np.int64]
    month: NDArray[np.int32]
    orders: NDArray[np.int32]
    value: NDArray[np.int64]


@dataclass(frozen=True)
class CustomerRows:
    """First and last order day, orders and value (e4), one row per customer, sorted; days count from 1970-01-01."""

    customer: NDArray[np.int64]
    first_day: NDArray[np.int32]
    last_day: NDArray[np.int32]
    orders: NDArray[np.int32]
    value: NDArray[np.int64]


def attach(con: duckdb.DuckDBPyConnection, folder: Path) -> Manifest:
    """Create the views of the mirror on the connection and return the snapshot they show.

    Views: events, orders, returns, lines, traits, months, customers, customers_all, products; superseded events are
    gone from all of them. `traits` tells what was known of customers from a moment on; `customers_all` names every
    customer, also those without events.
    Orders and returns are one row per event, money is whole 1/10,000 ("e4"), a return's value is what was given back.
    The column `at` must be written `"at"` or `orders.at`: the bare word is reserved in DuckDB 2.
    Raises NoMirror when there is none. A query that runs into `gone(error)` later attaches again and repeats.
    """
    for remaining in reversed(range(_TRIES)):
        manifest = read_manifest(folder)
        if manifest is None:
            raise NoMirror(f"There is no mirror in {folder}: run `stammkunde mirror sync`.")
        try:
            attach_snapshot(con, folder, manifest)
            return manifest
        except duckdb.IOException as error:
            if not (remaining and gone(error)):
                raise
    raise AssertionError("the last try returns or raises")


def attach_snapshot(con: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest) -> None:
    """Create the views over exactly this snapshot, or any part of its stack."""
    layers = manifest.layers
    _superseded(con, folder, layers)
    _touched(con, folder, layers)
    _view(con, "every_event", f"SELECT {EVENT_COLUMNS} FROM {files(folder, (layer.events for layer in layers))}")
    _view(con, "events", _current(folder, layers, [layer.events for layer in layers], EVENT_COLUMNS, "id"))
    _view(con, "lines", _current(folder, layers, [layer.lines for layer in layers], LINE_COLUMNS, "event"))
    _view(con, "months", _newest(folder, [layer.months for layer in layers], MONTH_COLUMNS))
    _view(con, "touched_customers", _newest(folder, [layer.customers for layer in layers], CUSTOMER_COLUMNS))
    _view(con, "customers", f"SELECT {CUSTOMER_COLUMNS} FROM touched_customers WHERE orders > 0")
    _view(con, "traits", _current(folder, layers, [layer.traits for layer in layers], TRAIT_COLUMNS, "event"))
    _view(con, "customers_all", f"SELECT customer FROM {files(folder, (layer.people for layer in layers))}")
    _view(con, "orders", ORDERS)
    _view(con, "returns", RETURNS)
    _view(con, "products", _products(folder, manifest.products))


ORDERS = """SELECT customer, day, "at", value, id AS event FROM events WHERE kind = 'order.placed' AND value > 0"""
RETURNS = """SELECT customer, day, "at", abs(value) AS value, id AS event FROM events
WHERE kind IN ('order.returned', 'order.cancelled')"""


def gone(error: Exception) -> bool:
    """Tell whether a query failed because compaction took a file of an old snapshot away: attach again and repeat."""
    return isinstance(error, duckdb.IOException) and "no files found" in str(error).lower()


def month_rows(folder: Path, manifest: Manifest) -> MonthRows:
    """Load the customer × month roll-up of the snapshot; nothing is sorted, the files already are."""
    columns = "customer, month, orders::INTEGER AS orders, value"
    return MonthRows(**_load(folder, [layer.months for layer in manifest.layers], manifest.layers, columns))


def customer_rows(folder: Path, manifest: Manifest) -> CustomerRows:
    """Load the roll-up per customer of the snapshot: every customer who ever ordered."""
    days = "(first_day - DATE '1970-01-01')::INTEGER AS first_day, (last_day - DATE '1970-01-01')::INTEGER AS last_day"
    columns = f"customer, {days}, orders::INTEGER AS orders, value"
    return CustomerRows(**_load(folder, [layer.customers for layer in manifest.layers], manifest.layers, columns))


def _load(folder: Path, parts: list[Part], layers: tuple[Layer, ...], columns: str) -> dict[str, NDArray[Any]]:
    """Load a roll-up sorted by customer: each file is, so laying the layers together is a merge, not a sort."""
    query = f"SELECT {columns} FROM {{}} WHERE orders > 0"
    with duckdb.connect(config={"autoinstall_known_extensions": False, "threads": 2}) as con:
        stack = [con.execute(query.format(files(folder, [part]))).fetchnumpy() for part in parts]
        touched = [
            con.execute(f"SELECT customer FROM {files(folder, [layer.customers])}").fetchnumpy()["customer"]
            for layer in layers[1:]
        ]
    if not touched:
        return stack[0]
    none = np.empty(0, np.int64)
    hidden = [np.isin(rows["customer"], np.concatenate([none, *touched[n:]])) for n, rows in enumerate(stack)]
    kept = ~np.concatenate(hidden)
    order = np.argsort(np.concatenate([rows["customer"] for rows in stack]), kind="stable")
    order = order[kept[order]]
    return {name: np.concatenate([rows[name] for rows in stack])[order] for name in stack[0]}


def _superseded(con: duckdb.DuckDBPyConnection, folder: Path, layers: tuple[Layer, ...]) -> None:
    ids = files(folder, (layer.superseded for layer in layers))
    con.execute(f"CREATE OR REPLACE TABLE superseded AS SELECT DISTINCT id FROM {ids}")


def _touched(con: duckdb.DuckDBPyConnection, folder: Path, layers: tuple[Layer, ...]) -> None:
    """Remember for each customer whom a later layer touched which layer shows her newest state."""
    stack = [
        f"SELECT customer, {number} AS layer FROM {files(folder, [layer.customers])}"
        for number, layer in enumerate(layers)
        if number
    ]
    rows = " UNION ALL ".join(stack) or "SELECT NULL::BIGINT AS customer, 0 AS layer LIMIT 0"
    newest = f"SELECT customer, max(layer) AS layer FROM ({rows}) AS stack GROUP BY customer"
    con.execute(f"CREATE OR REPLACE TABLE touched AS {newest}")


def _current(folder: Path, layers: tuple[Layer, ...], parts: list[Part], columns: str, event: str) -> str:
    """Return the query that shows the rows of all layers but those of events a later one has replaced."""
    query = f"SELECT {columns} FROM {files(folder, parts)} AS stack"
    if any(layer.superseded.rows for layer in layers):
        query += f" ANTI JOIN superseded ON superseded.id = stack.{event}"
    return query


def _newest(folder: Path, parts: list[Part], columns: str) -> str:
    """Return the query that shows, of each customer, the rows of the newest layer that touched her."""
    base, *later = parts
    query = f"SELECT {columns} FROM {files(folder, [base])}"
    if not later:
        return query
    stack = " UNION ALL ".join(
        f"SELECT {columns}, {number} AS layer FROM {files(folder, [part])}" for number, part in enumerate(later, 1)
    )
    return (
        f"{query} ANTI JOIN touched USING (customer) UNION ALL "
        f"SELECT {columns} FROM ({stack}) AS stack SEMI JOIN touched USING (customer, layer)"
    )


def _products(folder: Path, part: Part | None) -> str:
    if part:
        return f"SELECT {PRODUCT_COLUMNS} FROM {files(folder, [part])}"
    nothing = ", ".join(f"NULL::VARCHAR AS {name}" for name in PRODUCT_COLUMNS.split(", "))
    return f"SELECT {nothing} LIMIT 0"


def _view(con: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    con.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")


def files(folder: Path, parts: Iterable[Part]) -> str:
    """Return the table function that reads these files one after another."""
    names = ", ".join(quoted(folder / part.file) for part in parts)
    return f"read_parquet([{names}])"


def quoted(path: Path) -> str:
    """Return the path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"
