"""Read other people's tables of orders into the views of a mirror."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb
import numpy.typing as npt


class NotATable(TypeError):
    """Give a pandas, polars or Arrow frame, the path of a Parquet file or folder, or a DuckDB relation."""


class MissingColumn(LookupError):
    """The table has no column of that name; the message lists what it has."""


class UnfitColumn(ValueError):
    """A column holds something that cannot be a moment or an amount; the message says how to convert it."""


class UnknownTimeZone(ValueError):
    """Time zones are named like Europe/Berlin."""


@dataclass(frozen=True)
class Columns:
    """Which column of the table holds what."""

    customer: str
    at: str
    value: str
    order_id: str | None
    returned: str | None


@dataclass(frozen=True)
class Loaded:
    """What was found: the days of the first and last order and the customers' own keys."""

    first_day: date | None
    last_day: date | None
    keys: "npt.NDArray[Any] | None"


def load(connection: duckdb.DuckDBPyConnection, source: object, columns: Columns, *, time_zone: str) -> Loaded:
    """Create the views orders, returns, months, customers, lines, products and events from the table."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UnknownTimeZone(f"There is no time zone {time_zone!r}: name one such as Europe/Berlin.") from error
    _present(connection, source)
    connection.execute(f"set timezone = '{time_zone}'")  # text without an offset is local time
    return _load(connection, columns, time_zone)


def load_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the same views without a row."""
    connection.execute(
        """
        create view source as
        select null::bigint as customer, null::timestamp as "at", null::bigint as value where false
        """
    )
    _load(connection, Columns("customer", "at", "value", order_id=None, returned=None), "UTC")


def _load(connection: duckdb.DuckDBPyConnection, columns: Columns, time_zone: str) -> Loaded:
    types = {name: kind for name, kind, *_ in connection.execute("describe source").fetchall()}
    _read_rows(connection, columns, types, time_zone)
    connection.execute("drop view source")
    keys = _number_customers(connection)
    for statement in _VIEWS:
        connection.execute(statement)
    first_day, last_day = connection.execute("select min(day), max(day) from orders").fetchall()[0]
    return Loaded(first_day, last_day, keys)


def _present(connection: duckdb.DuckDBPyConnection, source: object) -> None:
    if isinstance(source, str | Path):
        _present_files(connection, Path(source))
    elif isinstance(source, duckdb.DuckDBPyRelation):
        connection.register("source", source.to_arrow_table())
    elif hasattr(source, "__arrow_c_stream__"):
        connection.register("source", _arrow_table(source))
    else:
        raise NotATable(
            f"{type(source).__name__} is not a table: give a pandas, polars or Arrow frame, the path of a Parquet file "
            "or folder, or a DuckDB relation such as duckdb.read_csv('orders.csv')."
        )


def _arrow_table(frame: object) -> object:
    import pyarrow  # only frames need it, and it takes long to load

    try:
        return pyarrow.table(frame)
    except (TypeError, ValueError) as error:
        raise UnfitColumn(
            f"A column mixes kinds of values: {error}. Make them one kind first, for example with astype(str)."
        ) from error


def _present_files(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    if not path.exists():
        raise NotATable(f"There is no file or folder {path}.")
    try:
        connection.read_parquet(str(path / "**/*.parquet" if path.is_dir() else path)).create_view("source")
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        raise NotATable(
            f"{path} holds no Parquet. For CSV give duckdb.read_csv({str(path)!r}), or `stammkunde import orders`."
        ) from error


def _read_rows(
    connection: duckdb.DuckDBPyConnection, columns: Columns, types: Mapping[str, str], time_zone: str
) -> None:
    customer = _customer(_known(columns.customer, types), types)
    moment, day = _moment(_known(columns.at, types), types, time_zone)
    value = _value(_known(columns.value, types), types)
    order_id = _quoted(_known(columns.order_id, types)) if columns.order_id else "null"
    returned = f"{_quoted(_known(columns.returned, types))}::boolean" if columns.returned else "false"
    try:
        connection.execute(
            f"""
            create temp table source_rows as
            select
              {customer} as customer,
              {order_id}::varchar as order_id,
              {moment} as moment,
              {day} as day,
              case when {returned} then -abs({value}) else {value} end as value
            from source
            """
        )
    except duckdb.ConversionException as error:
        raise UnfitColumn(
            f"The columns must hold moments ({columns.at}), numbers ({columns.value}) and, where returns are marked, "
            f"truth values; this one does not: {str(error).splitlines()[0]}. Convert it first, for example with "
            "pandas.to_datetime or pandas.to_numeric."
        ) from error
    _check_moments(connection, columns.at)


def _check_moments(connection: duckdb.DuckDBPyConnection, at: str) -> None:
    query = "select count(*) filter (where day is null), count(*) filter (where year(day) not between 1900 and 2199)"
    timeless, far = connection.execute(f"{query} from source_rows").fetchall()[0]
    if timeless:
        raise UnfitColumn(f"{timeless} rows have no moment in column {at!r}: fill it or leave them out.")
    if far:
        raise UnfitColumn(f"{far} rows have a moment before 1900 or after 2199 in column {at!r}: leave them out.")


def _known(name: str, types: Mapping[str, str]) -> str:
    if name in types:
        return name
    near = get_close_matches(name, types, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise MissingColumn(f"The table has no column {name!r}.{hint} It has: {', '.join(types)}.")


def _customer(name: str, types: Mapping[str, str]) -> str:
    column, kind = _quoted(name), types[name]
    if kind == "VARCHAR":
        return f"nullif(trim({column}), '')"
    if kind in ("DOUBLE", "FLOAT"):
        return f"case when isnan({column}) then null else {column} end"
    return column


def _moment(name: str, types: Mapping[str, str], time_zone: str) -> tuple[str, str]:
    column, kind = _quoted(name), types[name]
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"epoch_us({column})", f"cast(timezone('{time_zone}', {column}) as date)"
    if kind == "VARCHAR":
        moment = f"cast({column} as timestamp with time zone)"
        return f"epoch_us({moment})", f"cast(timezone('{time_zone}', {moment}) as date)"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        local = f"cast({column} as timestamp)"
        return f"epoch_us(timezone('{time_zone}', {local}))", f"cast({local} as date)"
    raise UnfitColumn(f"Column {name!r} holds {kind}, not moments: convert it to dates or time stamps first.")


def _value(name: str, types: Mapping[str, str]) -> str:
    column, kind = _quoted(name), types[name]
    if kind in ("DOUBLE", "FLOAT"):
        return f"case when isfinite({column}) then round({column}::double * 10000)::bigint end"
    if kind.startswith(("DECIMAL", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "U")):
        return f"round({column}::decimal(38, 6) * 10000)::bigint"
    raise UnfitColumn(f"Column {name!r} holds {kind}, not amounts: convert it to numbers first.")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _number_customers(connection: duckdb.DuckDBPyConnection) -> "npt.NDArray[Any] | None":
    kind = next(row[1] for row in connection.execute("describe source_rows").fetchall() if row[0] == "customer")
    if kind in _WHOLE_NUMBERS:
        connection.execute("create temp view numbered as select *, customer::bigint as number from source_rows")
        return None
    connection.execute(
        """
        create temp table keys as
        select customer, row_number() over (order by customer) - 1 as number
        from (select distinct customer from source_rows where customer is not null)
        """
    )
    connection.execute(
        """
        create temp view numbered as
        select source_rows.*, number
        from source_rows left join keys on keys.customer = source_rows.customer
        """
    )
    return connection.execute("select customer from keys order by number").fetchnumpy()["customer"]


_WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_GATHERED = """
    select number as customer, min(day) as day, min(moment) as "at", sum(abs(value))::bigint as value
    from numbered
    where {condition}
    group by number, order_id, case when order_id is null then moment end
"""
_VIEWS = (
    f"""
    create table orders as
    select *, row_number() over () as event
    from ({_GATHERED.format(condition="value > 0")})
    order by customer, "at"
    """,
    f"""
    create table returns as
    select *, -row_number() over () as event
    from ({_GATHERED.format(condition="value < 0")})
    order by customer, "at"
    """,
    "drop view numbered",
    "drop table if exists keys",
    "drop table source_rows",
    """
    create table months as
    select customer, year(day) * 12 + month(day) - 1 as month, count(*) as orders, sum(value)::bigint as value
    from orders where customer is not null
    group by all order by all
    """,
    """
    create table customers as
    select
      customer, min(day) as first_day, max(day) as last_day, count(*) as orders, sum(value)::bigint as value,
      arg_min(event, "at") as first_order
    from orders where customer is not null
    group by all order by customer
    """,
    """
    create view events as
    select event as id, customer, 'order.placed' as kind, "at", day, value, null::varchar as attributes from orders
    union all
    select event, customer, 'order.returned', "at", day, value, null from returns
    """,
    """
    create view lines as
    select
      event, 'order.placed' as kind, customer, day, null::varchar as product, null::varchar as category,
      null::double as quantity, null::bigint as unit_price, value as line_total, null::bigint as discount
    from orders where false
    """,
    """
    create view traits as
    select
      customer, id as event, "at", null::varchar as trait, null::double as number, null::varchar as text,
      null::boolean as flag
    from events where false
    """,
    """
    create view customers_all as
    select distinct customer from events where customer is not null
    """,
    """
    create view products as
    select null::varchar as code, null::varchar as name, null::varchar as category, null::varchar as department
    where false
    """,
)
