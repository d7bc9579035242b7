"""Read what some customers did out of the log itself: as histories, and as a crowd that answers conditions."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from stammkunde.conditions import Condition, Event, History
from stammkunde.conditions.crowd_columns import Truths
from stammkunde.conditions.crowd_log import FromLog, Row
from stammkunde.conditions.crowd_rows import Crowd
from stammkunde.conditions.crowd_sources import FromMirror
from stammkunde.conditions.local_clock import LocalClock
from stammkunde.customers.models import Customer
from stammkunde.events.visible import kept, visible
from stammkunde.kernel.batches import in_chunks
from stammkunde.kernel.errors import WrongInput
from stammkunde.metrics.pocket import pocket_mirror

_CHUNK = 2_000
_CURRENT = """
    SELECT e.id, e.customer_id, e.kind, e.at, e.value, e.attributes FROM events_event AS e
    WHERE e.customer_id IN ({ids}) AND {kinds} AND NOT EXISTS (
        SELECT 1 FROM events_event AS later WHERE later.replaces_id = e.id)
"""


class NoSuchCustomer(WrongInput):
    """There is no customer with this number."""

    @staticmethod
    def unless_known(customer: int) -> int:
        """Return the number of a customer whom we know; raises NoSuchCustomer."""
        if not Customer.objects.filter(pk=customer).exists():
            raise NoSuchCustomer(f"There is no customer {customer}: numbers are those of `segment list NAME`.")
        return customer


def histories(customers: Collection[int]) -> dict[int, History]:
    """Return the history of each of these customers, without what corrections have replaced."""
    events: dict[int, list[Event]] = {customer: [] for customer in customers}
    for number, customer, kind, at, value, attributes in _rows(customers):
        events[customer].append(Event(number, kind, at, value, visible(kind, json.loads(attributes))))
    return {customer: History(found) for customer, found in events.items()}


def crowd(customers: Collection[int], kinds: Collection[str], *, zone: ZoneInfo) -> Crowd:
    """Return these customers with their events of these kinds, straight from the log."""
    rows = _rows(customers, kinds)

    def engine(clauses: Sequence[Condition], now: datetime, zone: ZoneInfo) -> list[Truths]:
        with pocket_mirror(rows, customers, time_zone=str(zone), kept=kept()) as few:
            return FromMirror(few.arrays).answers(clauses, now, zone)

    return Crowd(FromLog(customers, rows, LocalClock.of(zone), visible, engine))


def happened(ranges: Iterable[tuple[str, int, int]]) -> set[int]:
    """Return whoever had an event of a kind between two moments (microseconds, both included)."""
    found: set[int] = set()
    query = "SELECT DISTINCT customer_id FROM events_event WHERE at BETWEEN %s AND %s AND kind = %s"
    with connection.cursor() as cursor:
        for kind, first, last in _joined(ranges):
            cursor.execute(query, [first, last, kind])
            found.update(customer for (customer,) in cursor.fetchall() if customer is not None)
    return found


def _joined(ranges: Iterable[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """Yield the ranges of each kind, those that overlap or touch as one."""
    open_kind, first, last = "", 0, -1
    for kind, start, end in sorted(ranges):
        if kind == open_kind and start <= last + 1:
            last = max(last, end)
            continue
        if open_kind:
            yield open_kind, first, last
        open_kind, first, last = kind, start, end
    if open_kind:
        yield open_kind, first, last


def _rows(customers: Collection[int], kinds: Collection[str] | None = None) -> list[Row]:
    found: list[Row] = []
    of_kinds = f"e.kind IN ({', '.join(['%s'] * len(kinds)) or 'NULL'})" if kinds is not None else "1 = 1"
    with connection.cursor() as cursor:
        for chunk in in_chunks(sorted(customers), _CHUNK):
            query = _CURRENT.format(ids=", ".join(map(str, map(int, chunk))), kinds=of_kinds)
            cursor.execute(query, sorted(kinds) if kinds else None)
            found += cursor.fetchall()
    return found
