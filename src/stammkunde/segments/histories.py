"""Read what some customers did out of the log itself: as histories, and as a small mirror of their own."""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.db import connection

from stammkunde.conditions import Event, History
from stammkunde.customers.models import Customer
from stammkunde.events.visible import kept, visible
from stammkunde.kernel.batches import in_chunks
from stammkunde.kernel.errors import WrongInput
from stammkunde.metrics.pocket import pocket_mirror

if TYPE_CHECKING:
    from stammkunde.metrics import Mirror

_CHUNK = 2_000
_CURRENT = """
    SELECT e.id, e.customer_id, e.kind, e.at, e.value, NULL, e.attributes FROM events_event AS e
    WHERE e.customer_id IN ({ids}) AND NOT EXISTS (
        SELECT 1 FROM events_event AS later
        WHERE later.source = e.source AND later.external_id = e.external_id AND later.revision > e.revision)
"""
Row = tuple[Any, ...]


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
    for number, customer, kind, at, value, _, attributes in _rows(customers):
        events[customer].append(Event(number, kind, at, value, visible(kind, json.loads(attributes))))
    return {customer: History(found) for customer, found in events.items()}


def pocket(customers: Collection[int], *, time_zone: str) -> "Mirror":
    """Return a mirror of these customers alone, straight from the log."""
    return pocket_mirror(_rows(customers), customers, time_zone=time_zone, kept=kept())


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


def _rows(customers: Collection[int]) -> Iterator[Row]:
    with connection.cursor() as cursor:
        for chunk in in_chunks(sorted(customers), _CHUNK):
            cursor.execute(_CURRENT.format(ids=", ".join(map(str, map(int, chunk)))))
            yield from cursor.fetchall()
