"""Write what a file tells into the log: batch by batch, each whole or absent, so that dying does no harm."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import duckdb
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F

from stammkunde.accounts.models import Business
from stammkunde.catalogue import products
from stammkunde.customers import identity
from stammkunde.events import ingest, log
from stammkunde.events.imports import claims, learning, people
from stammkunde.events.imports.refusals import Refused
from stammkunde.events.models import Event, Import

UNITS = 5_000
_TRIES = 6
_AGAIN = ("40001", "40P01", "23503")
_COLUMNS = "kind, external_id, number, email, phone, utc, utc_offset, value, rows, attributes, digest"
T = TypeVar("T")


class OtherCurrency(Refused):
    """The file's amounts are in another currency than the business counts in."""


class Happened(NamedTuple):
    """One event as the workbench holds it, not yet knowing its customer's id."""

    kind: str
    external_id: str
    number: str
    email: str
    phone: str
    utc: int
    utc_offset: int
    value: int
    rows: int
    attributes: str
    digest: str


class Counts(NamedTuple):
    """What became of some events: rows imported and known already, orders, returns, and orders that were replaced."""

    imported: int
    duplicate: int
    orders: int
    returns: int
    changed: int


NOTHING = Counts(0, 0, 0, 0, 0)


def batch(con: duckdb.DuckDBPyConnection, after: int) -> list[Happened]:
    """Return what happened in the units after this one, as many as make a batch."""
    rows = con.execute(
        f"SELECT {_COLUMNS} FROM happened WHERE unit > {after} AND unit <= {after + UNITS} "
        "ORDER BY unit, kind, external_id"
    ).fetchall()
    return [Happened(*row) for row in rows]


def write(
    con: duckdb.DuckDBPyConnection, import_: Import, after: int, *, currency: str, now: datetime, clock: datetime
) -> Counts:
    """Write one batch with its customers, products, counts and cursor in one transaction; raise claims.Lost if void."""
    happened = batch(con, after)
    seen = learning.seen(con, after=after, until=after + UNITS)

    def in_transaction() -> Counts:
        with transaction.atomic():
            _settle_currency(currency)
            products.learn(seen)
            customers = _customers(happened, import_=import_, now=now)
            people.write(con, import_.shop, after=after, until=after + UNITS, now=now, origin=import_.pk)
            outcomes = ingest.store(
                [_row(event, customer, import_, currency) for event, customer in zip(happened, customers, strict=True)],
                now=now,
                corrections=True,
            )
            counts = _count(happened, outcomes)
            changes = {name: F(name) + value for name, value in counts._asdict().items()}
            claims.keep(import_, now=clock, cursor=after + UNITS, **changes)
        return counts

    return again_when_rivals_collide(in_transaction)


def rehearse(con: duckdb.DuckDBPyConnection, after: int, *, shop: str) -> Counts:
    """Count what writing a batch would do, and write nothing."""
    happened = batch(con, after)
    known = log.newest_states({(shop, event.external_id) for event in happened})
    outcomes: list[ingest.Outcome] = []
    for event in happened:
        state = known.get((shop, event.external_id))
        outcomes.append("recorded" if state is None else "duplicate" if state.digest == event.digest else "corrected")
    return _count(happened, outcomes)


def check_currency(currency: str) -> None:
    """Refuse amounts in another currency than the one in which the business already counts."""
    counted = Business.current().currency
    if currency and counted and currency != counted and Event.objects.filter(kind="order.placed").exists():
        raise OtherCurrency(
            f"The file is in {currency}, but the orders so far are in {counted}, and the two cannot be added up. "
            f"Convert the amounts, or take only the rows in {counted}: --currency {counted}."
        )


def _settle_currency(currency: str) -> None:
    """Let the first import decide in which currency the business counts."""
    Business.current()
    if currency and Business.objects.filter(id=1).exclude(currency=currency).update(currency=currency):
        others = Event.objects.filter(kind="order.placed").exclude(currency=currency)
        if others.exists():
            check = others.values_list("currency", flat=True)[0]
            raise OtherCurrency(
                f"The file is in {currency}, but meanwhile orders in {check} were imported. Convert the amounts."
            )


def _customers(happened: Sequence[Happened], *, import_: Import, now: datetime) -> list[int | None]:
    """Return the customer of each event, asking once for each of them."""
    names = [(event.number, event.email, event.phone) for event in happened]
    different = list(dict.fromkeys(names))
    hints = [identity.Hint(*name) for name in different]
    found = identity.resolve(hints, scope=import_.shop, now=now, origin=import_.pk)
    customer = dict(zip(different, found, strict=True))
    return [customer[name] for name in names]


def _row(event: Happened, customer: int | None, import_: Import, currency: str) -> ingest.Row:
    return ingest.Row(
        event.kind, customer, event.utc, event.utc_offset, import_.shop, event.external_id, event.value,
        currency, event.attributes, event.digest, False, import_.pk,
    )  # fmt: skip


def _count(happened: Sequence[Happened], outcomes: Sequence[ingest.Outcome]) -> Counts:
    imported = duplicate = orders = returns = changed = 0
    for event, outcome in zip(happened, outcomes, strict=True):
        if outcome == "duplicate":
            duplicate += event.rows
            continue
        imported += event.rows
        changed += outcome == "corrected"
        orders += event.kind == "order.placed"
        returns += event.kind != "order.placed"
    return Counts(imported, duplicate, orders, returns, changed)


def again_when_rivals_collide(work: Callable[[], T]) -> T:
    """Repeat a transaction that the database gave up because another one stood in its way.

    So it is when one names a customer whom another takes away with the import that brought her.
    """
    for attempt in range(1, _TRIES):
        try:
            return work()
        except (OperationalError, IntegrityError) as problem:
            if transaction.get_connection().in_atomic_block or not _is_collision(problem):
                raise
            time.sleep(timedelta(milliseconds=50 * 2**attempt).total_seconds())
    return work()


def _is_collision(problem: Exception) -> bool:
    state: Any = getattr(problem.__cause__, "sqlstate", None)
    return state in _AGAIN or "database is locked" in str(problem)
