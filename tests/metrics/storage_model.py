"""Say a second time, event by event in plain Python, what the mirror must show."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from stammkunde.metrics import layers, storage

BERLIN = "Europe/Berlin"
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("customer", pa.int64()),
        ("kind", pa.string()),
        ("at", pa.int64()),
        ("value", pa.int64()),
        ("replaces", pa.int64()),
        ("attributes", pa.string()),
    ]
)
VIEWS = {
    "events": 'id, customer, kind, "at", day, value, attributes',
    "traits": 'customer, event, "at", trait, number, text, flag',
    "customers_all": "customer",
    "orders": 'customer, day, "at", value, event',
    "returns": 'customer, day, "at", value, event',
    "lines": "event, kind, customer, day, product, category, quantity, unit_price, line_total, discount",
    "months": "customer, month, orders, value",
    "customers": "customer, first_day, last_day, orders, value, first_order",
}
State = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Happened:
    """One event as the log holds it."""

    id: int
    customer: int | None
    at: int
    value: int | None = 10_0000
    kind: str = "order.placed"
    replaces: int | None = None
    attributes: str | None = None


def moment(text: str) -> int:
    """Return microseconds since 1970 of a local time in Berlin."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN)).timestamp()) * 1_000_000


def table(events: Iterable[Happened]) -> pa.Table:
    """Return the events as the mirror takes them in."""
    return pa.Table.from_pylist([asdict(event) for event in events], schema=SCHEMA)


def append(folder: Path, events: Iterable[Happened], watermark: str, **more: Any) -> storage.Manifest:
    """Append under the rules of a business in Berlin."""
    return storage.append(folder, table(events), watermark=watermark, time_zone=BERLIN, currency="EUR", **more)


def shown(folder: Path) -> State:
    """Return all rows of all views of the mirror, sorted."""
    with duckdb.connect(config={"autoinstall_known_extensions": False, "threads": 1}) as con:
        layers.attach(con, folder)
        return {
            name: _sorted(con.execute(f"SELECT {columns} FROM {name}").fetchall()) for name, columns in VIEWS.items()
        }


def expected(events: Sequence[Happened]) -> State:
    """Recompute all rows of all views from all events ever appended."""
    replaced = {event.replaces for event in events}
    current = [event for event in events if event.id not in replaced]
    orders = [event for event in current if event.kind == "order.placed" and (event.value or 0) > 0]
    returns = [event for event in current if event.kind in ("order.returned", "order.cancelled")]
    history = defaultdict(list)
    for event in sorted(orders, key=lambda order: (order.at, order.id)):
        if event.customer is not None:
            history[event.customer].append(event)
    return {
        "events": _sorted((e.id, e.customer, e.kind, e.at, _day(e), e.value, _kept(e)) for e in current),
        "traits": _sorted(_trait(e) for e in current if e.kind == "trait.changed" and e.customer is not None),
        "customers_all": _sorted((c,) for c in {e.customer for e in events} if c is not None),
        "orders": _sorted((e.customer, _day(e), e.at, e.value, e.id) for e in orders),
        "returns": _sorted((e.customer, _day(e), e.at, e.value and abs(e.value), e.id) for e in returns),
        "lines": _sorted(line for event in current for line in _lines(event)),
        "months": _sorted(row for customer, placed in history.items() for row in _months(customer, placed)),
        "customers": _sorted(
            (customer, _day(placed[0]), _day(placed[-1]), len(placed), sum(e.value or 0 for e in placed), placed[0].id)
            for customer, placed in history.items()
        ),
    }


def _kept(event: Happened) -> str | None:
    if event.kind in ("order.placed", "order.returned", "order.cancelled"):
        return None
    try:
        told = json.loads(event.attributes or "{}")
    except json.JSONDecodeError:
        return None
    if not isinstance(told, dict):
        return None
    single = {
        name: value
        for name, value in told.items()
        if isinstance(value, str | int | float | bool) and name.lower() != "lines"
    }
    return json.dumps(single, separators=(",", ":"), ensure_ascii=False) if single else None


def _trait(event: Happened) -> tuple[Any, ...]:
    told = json.loads(_kept(event) or "{}")
    after = told.get("after")
    number = float(after) if isinstance(after, int | float) and not isinstance(after, bool) else None
    text = after if isinstance(after, str) else None
    return (
        event.customer, event.id, event.at, told.get("trait"), number, text, after if isinstance(after, bool) else None
    )  # fmt: skip


def order_days(state: State) -> tuple[date | None, date | None]:
    """Return the first and last day of the orders in the state."""
    days = [row[1] for row in state["orders"]]
    return (min(days), max(days)) if days else (None, None)


def _months(customer: int, placed: list[Happened]) -> Iterable[tuple[int, int, int, int]]:
    months: dict[int, list[int]] = defaultdict(list)
    for event in placed:
        day = _day(event)
        months[day.year * 12 + day.month - 1].append(event.value or 0)
    return ((customer, month, len(values), sum(values)) for month, values in months.items())


def _lines(event: Happened) -> Iterable[tuple[Any, ...]]:
    if event.kind not in ("order.placed", "order.returned", "order.cancelled"):
        return
    try:
        payload = json.loads(event.attributes or "{}", parse_float=Decimal)
    except json.JSONDecodeError:
        return
    lines = payload.get("lines") if isinstance(payload, dict) else None
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, dict) and any(value is not None for value in _line(line)):
            yield (event.id, event.kind, event.customer, _day(event), *_line(line))


def _line(line: dict[str, Any]) -> tuple[Any, ...]:
    quantity, price, total = line.get("quantity"), line.get("unit_price"), line.get("line_total")
    if total is None and quantity is not None and price is not None:
        total = Decimal(quantity) * Decimal(price)
    return (
        line.get("product"),
        line.get("category"),
        None if quantity is None else float(quantity),
        _e4(price),
        _e4(total),
        _e4(line.get("discount")),
    )


def _e4(amount: Decimal | int | None) -> int | None:
    return None if amount is None else int(Decimal(amount) * 10_000)


def _day(event: Happened) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=event.at)).astimezone(ZoneInfo(BERLIN)).date()


def _sorted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: tuple((value is not None, value) for value in row))
