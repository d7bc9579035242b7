"""Cut the log into stretches that nobody can add to any more, and read what one of them holds."""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

_POSTGRESQL = "postgresql"
_WITHIN = {
    "sqlite": ("id > %s AND id <= %s", "id > %s AND id <= %s"),
    _POSTGRESQL: ("xid >= %s::text::xid8 AND xid < %s::text::xid8",) * 2,
}
Bounds = list[int | str]


@dataclass(frozen=True)
class Mark:
    """A place in the log, by the database it is in: event and customer ids (SQLite), transactions (PostgreSQL).

    `edition` counts what has been taken out of the log: whoever read it before knows things that are no longer there.
    """

    vendor: str
    events: int = 0
    customers: int = 0
    edition: int = 0

    def __str__(self) -> str:
        place = f"{self.vendor}:{self.events}" + (f".{self.customers}" if self.vendor != _POSTGRESQL else "")
        return place + (f"~{self.edition}" if self.edition else "")

    @classmethod
    def read(cls, text: str, edition: int | None = None) -> "Mark | None":
        """Return the place that a watermark names; nothing when it is of another database or edition, or none at all.

        Without `edition` the present one counts.
        """
        named, _, number = text.partition("~")
        vendor, _, place = named.partition(":")
        events, _, customers = place.partition(".")
        if vendor != connection.vendor or not events.isdigit():
            return None
        found = int(number) if number.isdigit() else 0
        if found != (present_edition() if edition is None else edition):
            return None
        return cls(vendor, int(events), int(customers) if customers.isdigit() else 0, found)


@dataclass(frozen=True)
class Stretch:
    """A part of the log, from one mark to another."""

    since: Mark
    until: Mark

    @property
    def goes_back(self) -> bool:
        """Tell whether it ends before it begins: the database is not the one the mark was set in."""
        return self.until.events < self.since.events or self.until.customers < self.since.customers

    def of_events(self) -> tuple[str, Bounds]:
        """Return the SQL that picks its events, and the values in it."""
        return _WITHIN[self.since.vendor][0], self._bounds(self.since.events, self.until.events)

    def of_customers(self) -> tuple[str, Bounds]:
        """Return the SQL that picks the customers who came in it, and the values in it."""
        on_postgresql = self.since.vendor == _POSTGRESQL
        ends = (self.since.events, self.until.events) if on_postgresql else (self.since.customers, self.until.customers)
        return _WITHIN[self.since.vendor][1], self._bounds(*ends)

    def _bounds(self, since: int, until: int) -> Bounds:
        return [str(since), str(until)] if self.since.vendor == _POSTGRESQL else [since, until]


def beyond(watermark: str) -> Stretch:
    """Return the stretch of the log behind the watermark (from the start, if it means nothing here) up to now.

    SQLite has one writer at a time, so ids are committed in their order. On PostgreSQL a slow transaction may commit
    behind a quick one: only what was written by transactions older than every running one is safe to pass.
    """
    edition = present_edition()  # before anything else is read: what is taken out meanwhile is noticed next time
    since = Mark.read(watermark, edition) or Mark(connection.vendor, edition=edition)
    if connection.vendor == _POSTGRESQL:
        [[until]] = _rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        stretch = Stretch(since, Mark(since.vendor, until, edition=edition))
        return stretch if stretch.goes_back or _holds_anything(stretch) else Stretch(since, since)
    [[events, customers]] = _rows(
        "SELECT (SELECT coalesce(max(id), 0) FROM events_event), (SELECT coalesce(max(id), 0) FROM customers_customer)"
    )
    return Stretch(since, Mark(since.vendor, events, customers, edition))


def present_edition() -> int:
    """Return how much has been taken out of the log so far."""
    [[taken]] = _rows("SELECT coalesce(sum(taken_events + taken_customers), 0) FROM events_import")
    return int(taken)


def between(since: str, until: str) -> Stretch | None:
    """Return the stretch from one watermark to another; nothing when one of them means nothing here."""
    first, last = Mark.read(since), Mark.read(until)
    return Stretch(first, last) if first and last else None


def touched(stretch: Stretch, kinds: Collection[str], *, live: bool = False) -> set[int]:
    """Return the customers who came, or had events of these kinds, or lost one to a correction, in the stretch.

    With `live` only those with such an event that is no imported history.
    """
    of_events, bounds = stretch.of_events()
    of_customers, arrivals = stretch.of_customers()
    named = ", ".join(["%s"] * len(kinds)) or "NULL"
    new = f"SELECT DISTINCT customer_id FROM events_event WHERE {of_events} AND kind IN ({named})"
    new += " AND live" if live else ""
    found = {customer for (customer,) in _rows(new, [*bounds, *sorted(kinds)])}
    if live:
        return {customer for customer in found if customer is not None}
    found |= {customer for (customer,) in _rows(f"SELECT id FROM customers_customer WHERE {of_customers}", arrivals)}
    found |= _corrected(stretch)
    return {customer for customer in found if customer is not None}


@contextmanager
def reading() -> Iterator[None]:
    """Open what a streaming cursor needs: a transaction on PostgreSQL; on SQLite that would lock out every writer."""
    scope: AbstractContextManager[Any] = transaction.atomic() if connection.vendor == _POSTGRESQL else nullcontext()
    with scope:
        yield


def _corrected(stretch: Stretch) -> set[int | None]:
    """Return whose events were replaced; the earlier state may have been another kind, or another customer's."""
    where, bounds = stretch.of_events()
    later = f"SELECT replaces_id FROM events_event WHERE {where} AND replaces_id IS NOT NULL"
    return {customer for (customer,) in _rows(f"SELECT customer_id FROM events_event WHERE id IN ({later})", bounds)}


def _holds_anything(stretch: Stretch) -> bool:
    (events, bounds), (customers, arrivals) = stretch.of_events(), stretch.of_customers()
    [[found]] = _rows(
        f"SELECT EXISTS (SELECT FROM events_event WHERE {events}) "
        f"OR EXISTS (SELECT FROM customers_customer WHERE {customers})",
        [*bounds, *arrivals],
    )
    return bool(found)


def _rows(query: str, values: Bounds | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return list(cursor.fetchall())
