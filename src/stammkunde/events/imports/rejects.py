"""Hand back the rows that were not imported, each with line, column, value and reason, ready to be mended."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import duckdb

from stammkunde.events.imports import decoding, reading, staging
from stammkunde.events.imports.plan import Plan
from stammkunde.events.imports.shape import BLANKS
from stammkunde.events.imports.vocabulary import EXPLAINING
from stammkunde.kernel.spreadsheets import FORMULA_SIGNS

NAME = "rejects.csv"
_REASONS = {
    "missing": "is empty",
    "unreadable": "cannot be read",
    "impossible": "is no date there ever was since 1970",
    "future": "lies in the future",
    "too long": "is longer than 180 characters",
    "other": "is another currency than the one to import",
    "no order": "says that no order came about",
}
_NO_NUMBER = "is not a number, or too large a one"
_NUMBER = re.compile(r"[-+]?[\d.,]+")


@dataclass(frozen=True)
class Reject:
    """Why one row was not imported: the line it stands in, the column to blame and its value, and the reason."""

    line: int
    column: str
    value: str
    reason: str


def find(con: duckdb.DuckDBPyConnection, plan: Plan) -> Iterator[Reject]:
    """Yield what keeps each rejected row out, in the order of the file."""
    cursor = con.execute(
        """
        SELECT lines.line, lines.failure, orders.failure, spoilers.line, coalesce(lines.order_id, ''), raw.uneven,
            orders.one, orders.other, orders.status, lines.amount IS NULL
        FROM lines JOIN orders USING (key) JOIN raw ON raw.row = lines.row
        LEFT JOIN lines AS spoilers ON spoilers.row = orders.spoiler
        WHERE orders.failure IS NOT NULL ORDER BY lines.row
        """
    )
    while rows := cursor.fetchmany(10_000):
        for line, own, shared, spoiler, order_id, uneven, one, other, status, worthless in rows:
            failure = own or (shared if shared == "value:missing" and worthless else None)
            if failure:
                column, reason = explain(failure, plan, uneven)
            elif shared == "customer:two":
                column, reason = (
                    _name(plan, "customer", "email"),
                    f"order {order_id} names two customers: {one} and {other}",
                )
            elif shared == "status:no order":
                column, reason = _name(plan, "status"), f"order {order_id} did not come about: {status}"
            else:
                column, reason = "", f"belongs to order {order_id}, whose line {spoiler} was rejected"
            yield Reject(line, column, "", reason)


def write(con: duckdb.DuckDBPyConnection, source: Path, plan: Plan, target: Path) -> None:
    """Write every rejected row behind the columns that explain it; the mended file can be imported as it is.

    Cells that a spreadsheet would calculate get an apostrophe in front; the import takes it off again.
    """
    places = {name: place for place, name in enumerate(plan.names)}
    rejects = {reject.line: reject for reject in find(con, plan)}
    separator = "," if plan.file == "parquet" or plan.shape.separator == BLANKS else plan.shape.separator
    written = target.with_suffix(".part")
    skipped = len(EXPLAINING) if plan.is_mended else 0
    with written.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=separator)
        writer.writerow([*EXPLAINING, *(_harmless(name) for name in plan.names[skipped:])])
        for line, row in _rows(con, source, plan, rejects):
            reject = rejects[line]
            place = places.get(reject.column, -1)
            value = row[place] if 0 <= place < len(row) else ""
            explained = [str(line), reject.column, value, reject.reason, *row[skipped:]]
            writer.writerow([_harmless(cell) for cell in explained])
    written.replace(target)


def explain(failure: str, plan: Plan, uneven: str | None) -> tuple[str, str]:
    """Return the column to blame for a failure, and the reason in words."""
    field, _, why = failure.partition(":")
    if field == "row":
        return "", f"the row {uneven}"
    if failure == "value:too large":
        return _name(plan, "line_total", "total", "unit_price"), _NO_NUMBER
    if field == "value":
        return "", "the row tells no amount: neither total nor line total nor quantity and price"
    if field == "at":
        return _name(plan, "at"), f"the date {_REASONS[why]}"
    if why == "unreadable" and field != "currency":
        return _name(plan, field), _NO_NUMBER
    return _name(plan, field), f"the {field.replace('_', ' ')} {_REASONS[why]}"


def _name(plan: Plan, *fields: str) -> str:
    return next((plan.names[plan.columns[field]] for field in fields if field in plan.columns), "")


def _rows(
    con: duckdb.DuckDBPyConnection, source: Path, plan: Plan, rejects: dict[int, Reject]
) -> Iterator[tuple[int, Sequence[str]]]:
    if plan.file == "parquet":
        yield from staging.parquet_lines(con, source, rejects)
        return
    needed, unbroken = staging.needed_cells(plan), staging.unbroken_cells(plan)
    batches = reading.careful(
        source, plan.shape, plan.encoding, needed=needed, unbroken=unbroken, odd=decoding.Oddities()
    )
    for batch in batches:
        for line, row in zip_longest(batch.lines, batch.rows):
            if line in rejects:
                yield line, row


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from calculating what a stranger wrote."""
    return "'" + cell if cell.startswith(FORMULA_SIGNS) and not _NUMBER.fullmatch(cell) else cell
