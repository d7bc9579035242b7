"""Lay a file's rows out as texts on a workbench, where they can be questioned all at once."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from stammkunde.events.imports import decoding, reading
from stammkunde.events.imports.plan import Plan
from stammkunde.events.imports.refusals import Refused

ESSENTIAL = (
    "order_id", "customer", "email", "at", "time", "product", "quantity", "unit_price", "line_total", "total",
    "currency",
)  # fmt: skip
# What never reaches over the end of a line; where it seems to, a quotation mark was opened and not closed.
_UNBROKEN = (
    "order_id", "customer", "email", "phone", "at", "time", "quantity", "unit_price", "line_total", "total", "discount",
    "shipping", "tax", "refunded", "currency",
)  # fmt: skip
_ROW_NUMBER = "file_row_number"
_MEMORY = "320MB"
_BEARABLE = 96 << 20
_FRONT = "row BIGINT, line BIGINT, uneven VARCHAR"


class DamagedParquet(Refused):
    """The Parquet file cannot be read; write or copy it again."""


class TooMuchAtOnce(Refused):
    """The file needs more memory than is allowed; import it in several parts."""


@contextmanager
def within_memory() -> Iterator[None]:
    """Refuse what does not fit: a cell of many megabytes, or an order of millions of rows."""
    try:
        yield
    except duckdb.OutOfMemoryException as problem:
        raise TooMuchAtOnce(
            "The file has cells or orders so large that they need more memory than is allowed. "
            "Export the orders in several parts, without columns of long texts."
        ) from problem


def workbench(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open an empty workbench in memory that moves to the folder what does not fit."""
    con = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false", "TimeZone": "UTC"})
    con.execute(f"SET memory_limit = '{_MEMORY}'")
    con.execute("SET threads = 1")  # the other core is for the pages
    con.execute("SET preserve_insertion_order = false")
    if folder:
        con.execute("SET temp_directory = $folder", {"folder": str(folder)})
    return con


def lay_out(
    con: duckdb.DuckDBPyConnection, path: Path, plan: Plan, *, progress: Callable[[int], None] = lambda rows: None
) -> list[str]:
    """Make the table `raw` (row, line, uneven, one text column per field of the plan) and return what was odd."""
    if plan.file == "parquet":
        _lay_out_parquet(con, path, plan)
        return []
    odd = decoding.Oddities()
    try:
        _lay_out_quickly(con, path, plan, odd, progress)
    except reading.NotPlain:
        odd = decoding.Oddities()
        _lay_out_carefully(con, path, plan, odd, progress)
    return odd.warnings(plan.encoding)


def lay_out_rows(con: duckdb.DuckDBPyConnection, batch: reading.Batch, plan: Plan) -> None:
    """Make the table `raw` of some rows that have been read already."""
    _make_raw(con, plan)
    _add(con, batch, plan, 0)


def needed_cells(plan: Plan) -> int:
    """Return how many cells of a row must be there: up to the last column that the row cannot do without."""
    return max((place + 1 for field, place in plan.columns.items() if field in ESSENTIAL), default=1)


def unbroken_cells(plan: Plan) -> list[int]:
    """Return the places of the columns whose cells stand on one line each."""
    return [place for field, place in plan.columns.items() if field in _UNBROKEN]


def parquet_columns(path: Path) -> dict[str, str]:
    """Return the names and types of a Parquet file's columns."""
    try:
        with workbench() as con:
            rows = con.execute("DESCRIBE SELECT * FROM read_parquet($path)", {"path": str(path)}).fetchall()
    except duckdb.Error as problem:
        raise DamagedParquet(f"{path.name} cannot be read as Parquet ({problem}). Write or copy it again.") from problem
    names = {name: kind for name, kind, *_ in rows}
    if _ROW_NUMBER in {name.lower() for name in names}:
        raise DamagedParquet(f"{path.name} has a column called {_ROW_NUMBER}, as the reader calls its own. Rename it.")
    return names


def parquet_rows(path: Path, count: int) -> list[list[str]]:
    """Return the first rows of a Parquet file as texts."""
    with workbench() as con:
        columns = "replace(COLUMNS(*)::VARCHAR, chr(0), '')"
        rows = con.execute(f"SELECT {columns} FROM read_parquet($path) LIMIT {count}", {"path": str(path)}).fetchall()
    return [[cell or "" for cell in row] for row in rows]


def parquet_lines(
    con: duckdb.DuckDBPyConnection, path: Path, lines: Collection[int]
) -> Iterator[tuple[int, list[str]]]:
    """Yield those rows of a Parquet file as texts, each with its number."""
    con.register("wanted", {"line": np.array(sorted(lines), dtype=np.int64)})
    rows = con.execute(
        "SELECT replace(COLUMNS(*)::VARCHAR, chr(0), '') FROM read_parquet($path, file_row_number = true) "
        "WHERE file_row_number + 1 IN (SELECT line FROM wanted) ORDER BY file_row_number",
        {"path": str(path)},
    ).fetchall()
    con.unregister("wanted")
    for *cells, number in rows:
        yield int(number) + 1, [cell or "" for cell in cells]


def _make_raw(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    columns = ", ".join(f'"{field}" VARCHAR' for field in plan.columns)
    con.execute(f"CREATE OR REPLACE TABLE raw ({_FRONT}, {columns})")


def _lay_out_quickly(
    con: duckdb.DuckDBPyConnection, path: Path, plan: Plan, odd: decoding.Oddities, progress: Callable[[int], None]
) -> None:
    """Leave a file of bearable size as it was read; put a larger one into a table, which may move to the disk."""
    import pyarrow as pa

    waiting: list[Any] = []
    rows = size = 0
    for batch in reading.quick(path, plan.shape, plan.encoding, places=_places(plan), odd=odd):
        waiting.append(batch.append_column("row", _whole_numbers(rows, batch.num_rows)))
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if size > _BEARABLE:
            if size - batch.nbytes <= _BEARABLE:
                _make_raw(con, plan)
            _insert(con, plan, pa.Table.from_batches(waiting), f"row, row + {plan.shape.before}", "NULL")
            waiting.clear()
        progress(rows)
    if not waiting:
        return
    read = pa.Table.from_batches(waiting)
    if size > _BEARABLE or plan.is_mended or _has_blank_rows(con, read, plan):
        if size <= _BEARABLE:
            _make_raw(con, plan)
        _insert(con, plan, read, f"row, row + {plan.shape.before}", "NULL")
        return
    con.register("as_read", read)
    cells = ", ".join(f'c{place} AS "{field}"' for field, place in plan.columns.items())
    front = f"row, row + {plan.shape.before} AS line, NULL::VARCHAR AS uneven"
    con.execute(f"CREATE TEMP VIEW raw AS SELECT {front}, {cells} FROM as_read")


def _has_blank_rows(con: duckdb.DuckDBPyConnection, read: Any, plan: Plan) -> bool:
    con.register("incoming", read)
    dull = f"c{plan.columns.get('at', 0)} < '!'"  # empty, or begins with a blank: quickly seen
    found = con.execute(f"SELECT EXISTS (FROM (FROM incoming WHERE {dull}) WHERE {_empty(plan)})").fetchall()
    con.unregister("incoming")
    return bool(found[0][0])


def _empty(plan: Plan) -> str:
    """Match rows that tell nothing at all."""
    return " AND ".join(f"trim(c{place}) = ''" for place in _places(plan))


def _whole_numbers(first: int, count: int) -> Any:
    """Return row numbers for Arrow; made from memory, because pyarrow.array would load pandas where there is one."""
    import pyarrow as pa

    numbers = np.arange(first + 1, first + count + 1, dtype=np.int64)
    return pa.Array.from_buffers(pa.int64(), count, [None, pa.py_buffer(numbers)])


def _lay_out_carefully(
    con: duckdb.DuckDBPyConnection, path: Path, plan: Plan, odd: decoding.Oddities, progress: Callable[[int], None]
) -> None:
    _make_raw(con, plan)
    rows = 0
    for batch in reading.careful(
        path, plan.shape, plan.encoding, needed=needed_cells(plan), unbroken=unbroken_cells(plan), odd=odd
    ):
        _add(con, batch, plan, rows)
        rows += len(batch.rows)
        progress(rows)


def _add(con: duckdb.DuckDBPyConnection, batch: reading.Batch, plan: Plan, rows: int) -> None:
    if not batch.rows:
        return
    uneven = np.array([batch.uneven.get(place) for place in range(len(batch.rows))], dtype=object)
    source = {
        "row": np.arange(rows + 1, rows + len(batch.rows) + 1),
        "line": np.array(batch.lines, dtype=np.int64),
        "uneven": uneven if batch.uneven else np.full(len(batch.rows), "", dtype=object),
        **reading.as_arrays(batch, _places(plan)),
    }
    _insert(con, plan, source, "row, line", "nullif(uneven, '')")


def _insert(con: duckdb.DuckDBPyConnection, plan: Plan, source: Any, numbers: str, uneven: str) -> None:
    """Add rows, without those that tell nothing at all."""
    cells = ", ".join(_cell(f"c{place}", plan) for place in plan.columns.values())
    con.register("incoming", source)
    con.execute(
        f"INSERT INTO raw SELECT {numbers}, {uneven} AS problem, {cells} FROM incoming "
        f"WHERE NOT ({_empty(plan)}) OR problem IS NOT NULL"
    )
    con.unregister("incoming")


def _cell(column: str, plan: Plan) -> str:
    """Take off the apostrophe that a rejects file puts before what a spreadsheet would calculate."""
    return f"regexp_replace({column}, '^''([=+@\\t\\r\\n＝＋－＠-])', '\\1')" if plan.is_mended else column


def _lay_out_parquet(con: duckdb.DuckDBPyConnection, path: Path, plan: Plan) -> None:
    quoted = ['"' + name.replace('"', '""') + '"' for name in plan.names]
    cells = ", ".join(
        f"coalesce(replace({quoted[place]}::VARCHAR, chr(0), ''), '') AS \"{field}\""
        for field, place in plan.columns.items()
    )
    filled = " OR ".join(f"{quoted[place]} IS NOT NULL" for place in _places(plan))
    con.execute(
        f"CREATE OR REPLACE TABLE raw AS SELECT file_row_number + 1 AS row, file_row_number + 1 AS line, "
        f"NULL::VARCHAR AS uneven, {cells} FROM read_parquet($path, file_row_number = true) WHERE {filled}",
        {"path": str(path)},
    )


def _places(plan: Plan) -> Sequence[int]:
    return sorted(set(plan.columns.values()))
