"""Hold the orders in the shape that questions need: a few views over a columnar engine, and arrays kept warm."""

from atexit import register
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock, Timer
from typing import Any, TypeVar
from uuid import uuid4
from weakref import finalize

import duckdb
import numpy as np
import numpy.typing as npt

from stammkunde.kernel.patience import TookTooLong, time_left
from stammkunde.metrics.frames import Columns, load, load_nothing
from stammkunde.metrics.layers import CustomerRows, MonthRows, attach, customer_rows, gone, month_rows

Value = bool | int | float | str | date
Rows = TypeVar("Rows", MonthRows, CustomerRows)
_OF_CUSTOMERS = (
    "events", "orders", "returns", "lines", "traits", "months", "customers", "customers_all",
)  # fmt: skip
_ROOMS = count()
MEMORY_LIMIT = "1GB"


class Outdated(RuntimeError):
    """The files behind this mirror have been replaced by newer ones: open the folder again."""


class Mirror:
    """Orders, ready for questions. `Mirror.open` reads a mirror folder, `Mirror.of` your own data frame.

    `first_day` is the day of the first order, `end` the day after the last one; both are None while there is none.
    `keys` maps the customer numbers used inside to the customers of your frame, where they differ.
    One mirror may answer several threads at once. It never changes: open the folder again for newer data.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        time_zone: str,
        first_day: date | None,
        last_day: date | None,
        generation: int = 0,
        watermark: str = "",
        epoch: int = 0,
        currency: str | None = None,
        keys: "npt.NDArray[Any] | None" = None,
        load_months: Callable[[], MonthRows] | None = None,
        load_customers: Callable[[], CustomerRows] | None = None,
    ) -> None:
        self._connection = connection
        self._lock = Lock()
        self._load_months = load_months or (lambda: MonthRows(**self.arrays(_MONTHS)))
        self._load_customers = load_customers or (lambda: CustomerRows(**self.arrays(_CUSTOMERS)))
        self._room = ""
        self._months: MonthRows | None = None
        self._customers: CustomerRows | None = None
        self.time_zone = time_zone
        self.generation = generation
        self.watermark = watermark
        self.epoch = epoch
        self.currency = currency
        self.first_day = first_day
        self.end = last_day + timedelta(days=1) if last_day else None
        self.keys = keys

    @classmethod
    def open(cls, folder: str | Path, *, memory_limit: str = MEMORY_LIMIT) -> "Mirror":
        """Open the mirror folder as it is now."""
        connection = connect(memory_limit)
        manifest = attach(connection, Path(folder))
        return cls(
            connection,
            time_zone=manifest.time_zone,
            first_day=manifest.first_day,
            last_day=manifest.last_day,
            generation=manifest.generation,
            watermark=manifest.watermark,
            epoch=manifest.epoch,
            currency=manifest.currency or None,
            load_months=lambda: month_rows(Path(folder), manifest),
            load_customers=lambda: customer_rows(Path(folder), manifest),
        )

    @classmethod
    def of(
        cls,
        source: object,
        *,
        customer: str = "customer",
        at: str = "at",
        value: str = "value",
        order_id: str | None = None,
        returned: str | None = None,
        time_zone: str = "Europe/Berlin",
        currency: str | None = None,
        memory_limit: str = MEMORY_LIMIT,
    ) -> "Mirror":
        """Read orders or order lines from a pandas, polars or Arrow frame, a Parquet file or folder, a DuckDB relation.

        Name the columns that hold the customer, the moment (a time without zone is local time in `time_zone`) and the
        value in currency units. Rows with the same customer and `order_id` form one order; without `order_id`, rows of
        one customer at the same moment do. Rows without a customer are anonymous orders. Rows with a value above 0 are
        orders; negative ones, and those whose column `returned` is true, are returns.
        """
        columns = Columns(customer=customer, at=at, value=value, order_id=order_id, returned=returned)
        connection = connect(memory_limit)
        loaded = load(connection, source, columns, time_zone=time_zone)
        return cls(
            connection,
            time_zone=time_zone,
            first_day=loaded.first_day,
            last_day=loaded.last_day,
            currency=currency,
            keys=loaded.keys,
        )

    @classmethod
    def empty(cls, *, time_zone: str = "Europe/Berlin", currency: str | None = None) -> "Mirror":
        """Return a mirror without any orders, for a business that has not imported any yet."""
        connection = connect()
        load_nothing(connection)
        return cls(connection, time_zone=time_zone, currency=currency, first_day=None, last_day=None)

    def among(self, customers: "npt.NDArray[Any]") -> "Mirror":
        """Return this mirror as if only these customers existed; the days on which data begin and end stay the same.

        It shares the engine of this one: closing one closes both.
        """
        few = np.unique(np.asarray(customers, dtype=np.int64))
        room = f"among_{next(_ROOMS)}"
        with self._connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {room}")
            cursor.execute(
                f"CREATE TABLE {room}.few AS SELECT unnest($few::BIGINT[]) AS customer", {"few": few.tolist()}
            )
            for view in _OF_CUSTOMERS:
                query = f"SELECT * FROM main.{view} SEMI JOIN {room}.few USING (customer)"
                cursor.execute(f"CREATE VIEW {room}.{view} AS {query}")
        fewer = Mirror(
            self._connection,
            time_zone=self.time_zone,
            first_day=self.first_day,
            last_day=self.end - timedelta(days=1) if self.end else None,
            generation=self.generation,
            watermark=self.watermark,
            epoch=self.epoch,
            currency=self.currency,
            keys=self.keys,
            load_months=lambda: _only(self.month_arrays(), few),
            load_customers=lambda: _only(self.customer_arrays(), few),
        )
        fewer._room = room
        finalize(fewer, _clear_away, self._connection, room)
        return fewer

    def sql(self, query: str, **parameters: Value) -> list[tuple[Any, ...]]:
        """Run a query over the views orders, returns, months, customers, lines, products, events, traits and
        customers_all.

        Money in them is in 1/10,000 of the currency unit. Parameters are written `$name`.
        """
        with self._result(query, parameters) as result:
            return result.fetchall()

    def row(self, query: str, **parameters: Value) -> Mapping[str, float]:
        """Run a query that returns exactly one row of numbers; return them by the names of their columns."""
        with self._result(query, parameters) as result:
            names = [column[0] for column in result.description or ()]
            (row,) = result.fetchall()
        return dict(zip(names, row, strict=True))

    def arrays(self, query: str, **parameters: Value) -> dict[str, npt.NDArray[Any]]:
        """Run a query and return its columns as numpy arrays; columns with nulls are masked arrays."""
        with self._result(query, parameters) as result:
            return result.fetchnumpy()

    def month_arrays(self) -> MonthRows:
        """Return orders per customer and month; read once and kept."""
        with self._lock:
            if self._months is None:
                with _outdated_when_gone():
                    self._months = self._load_months()
            return self._months

    def customer_arrays(self) -> CustomerRows:
        """Return first day, last day, orders and value per customer; read once and kept."""
        with self._lock:
            if self._customers is None:
                with _outdated_when_gone():
                    self._customers = self._load_customers()
            return self._customers

    @contextmanager
    def _result(self, query: str, parameters: Mapping[str, Value]) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._connection.cursor() as cursor, _outdated_when_gone(), _in_time(cursor):
            if self._room:
                cursor.execute(f"SET search_path = '{self._room},main'")
            yield cursor.execute(query, parameters or None)

    def close(self) -> None:
        """Let go of the engine and its memory."""
        self._connection.close()
        self._months = self._customers = None

    def __enter__(self) -> "Mirror":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _outdated_when_gone() -> Iterator[None]:
    """Say in the words of the mirror that a compaction has taken its files away."""
    try:
        yield
    except duckdb.IOException as error:
        if gone(error):
            raise Outdated("Newer files have replaced this mirror: open its folder again.") from error
        raise


@contextmanager
def _in_time(cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Stop the engine at the deadline of whoever waits for the answer, if there is one."""
    left = time_left()
    if left is None:
        yield
        return
    alarm = Timer(left, cursor.interrupt)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    except duckdb.InterruptException as stopped:
        raise TookTooLong from stopped
    finally:
        alarm.cancel()


def connect(memory_limit: str = MEMORY_LIMIT) -> duckdb.DuckDBPyConnection:
    """Start an engine in this process that never fetches extensions and spills to a folder of its own."""
    return duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory_limit,
            "temp_directory": f"{_private_folder()}/{uuid4().hex}",
        },
    )


@cache
def _private_folder() -> str:
    """Return this process's temporary folder; nobody else may read it, for a frame may hold names."""
    folder = mkdtemp(prefix="stammkunde-")
    register(rmtree, folder, ignore_errors=True)
    return folder


def _clear_away(connection: duckdb.DuckDBPyConnection, room: str) -> None:
    """Drop what only a narrowed mirror needed, unless the engine is gone already."""
    with suppress(duckdb.Error), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {room} CASCADE")


def _only(rows: Rows, few: "npt.NDArray[np.int64]") -> Rows:
    """Keep the rows of these customers."""
    kept = np.isin(rows.customer, few, assume_unique=False)
    return replace(rows, **{name: column[kept] for name, column in vars(rows).items()})


_MONTHS = """
select customer, month::integer as month, orders::integer as orders, value::bigint as value
from months
order by customer, month
"""
_CUSTOMERS = """
select
  customer,
  date_diff('day', date '1970-01-01', first_day)::integer as first_day,
  date_diff('day', date '1970-01-01', last_day)::integer as last_day,
  orders::integer as orders,
  value::bigint as value
from customers
order by customer
"""
