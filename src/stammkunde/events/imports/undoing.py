"""Take an import back: all that it recorded goes, as if it had never been handed in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from stammkunde.customers.models import Customer
from stammkunde.events.imports import claims
from stammkunde.events.imports.writing import again_when_rivals_collide
from stammkunde.events.models import Event, Import
from stammkunde.kernel.among import among
from stammkunde.kernel.errors import WrongInput

EVENTS, CUSTOMERS = 5_000, 2_000
# What we conclude ourselves of a customer, or note of what is told of her; it is no reason to keep her.
CONCLUDED = ("segment.entered", "segment.left", "trait.changed")
_ORPHANS = f"""
    FROM customers_customer WHERE origin {{these}} AND NOT EXISTS (
        SELECT 1 FROM events_event AS e
        WHERE e.customer_id = customers_customer.id AND e.kind NOT IN {CONCLUDED} {{but}}
    )
"""
State = Import.State
Step = Callable[[datetime], None]


class NotUndoable(WrongInput):
    """An import cannot be taken back; the message says why, and what to do."""


@dataclass(frozen=True)
class Loss:
    """What taking an import back would do: what goes, what becomes again what it was, what a later import keeps."""

    orders: int
    returns: int
    restored: int
    kept: int
    customers: int

    @property
    def counts(self) -> dict[str, int]:
        """Return what is worth remembering of it."""
        return {"orders": self.orders, "customers": self.customers}


def loss(import_: Import) -> Loss:
    """Return what would go with the import; nothing is changed."""
    brought = Event.objects.filter(brought_by=import_)
    orders = brought.filter(kind="order.placed").count()
    later = "SELECT replaces_id FROM events_event WHERE replaces_id IS NOT NULL"
    [[restored, kept]] = _rows(
        f"SELECT count(*) FILTER (WHERE replaces_id IS NOT NULL), count(*) FILTER (WHERE id IN ({later})) "
        "FROM events_event WHERE brought_by_id = %s",
        [import_.pk],
    )
    these, origins = _among(_origins(import_))
    orphans = _ORPHANS.format(these=these, but="AND coalesce(e.brought_by_id, 0) <> %s")
    [[customers]] = _rows(f"SELECT count(*) {orphans}", [origins, import_.pk])
    returns = brought.filter(kind__startswith="order.").count() - orders
    return Loss(orders, returns, restored, kept, customers)


def refusal(import_: Import) -> str:
    """Say why this import cannot be taken back; empty when it can."""
    if import_.state == State.UNDONE:
        return f"Import {import_.pk} has been taken back already."
    if import_.only_check:
        return f"Import {import_.pk} was only tried out: it has written nothing."
    if import_.undoing and not import_.is_over:
        return f"Import {import_.pk} is being taken back already."
    if not import_.is_over:
        return f"Import {import_.pk} is not over yet: stop it first."
    if import_.undoing or Event.objects.filter(brought_by=import_).exists() or _orphans(import_, 1):
        return ""
    if import_.imported:
        return (
            f"Of import {import_.pk} nothing is left to take back: it is from before imports could be, or later ones "
            "have replaced all of it."
        )
    return f"Import {import_.pk} has brought nothing new."


def ask(import_: Import) -> None:
    """Say that the import is to be taken back; the worker, or `running.run`, does it. Raises NotUndoable."""
    why = refusal(import_)
    free = [State.DONE, State.STOPPED, State.FAILED, State.REFUSED]
    asked = {"undoing": True, "state": State.WAITING, "holder": "", "stop_asked": False, "share": 0.0, "phase": ""}
    if why or not Import.objects.filter(pk=import_.pk, state__in=free).update(**asked):
        raise NotUndoable(why or f"Import {import_.pk} is not over yet: stop it first.")
    import_.refresh_from_db()


def steps(import_: Import) -> Iterator[Step]:
    """Yield what is to be done one after the other, each in a transaction of its own; killed, it goes on from there.

    First the events go, then the customers whom nothing else speaks of any more.
    """
    while ids := list(Event.objects.filter(brought_by=import_).order_by("pk").values_list("pk", flat=True)[:EVENTS]):
        yield _step(import_, ids, _take_events, "taken_events")
    while ids := _orphans(import_, CUSTOMERS):
        yield _step(import_, ids, _take_customers, "taken_customers")


def _step(import_: Import, ids: list[int], take: Callable[[Import, list[int]], int], count: str) -> Step:
    def in_transaction(now: datetime) -> None:
        with transaction.atomic():
            # The lease first: it locks the import's row, so that nobody else can take it over in between.
            claims.keep(import_, now=now)
            taken = take(import_, ids)
            changes: dict[str, Any] = {count: F(count) + taken}
            claims.keep(import_, now=now, **changes)

    return lambda now: again_when_rivals_collide(lambda: in_transaction(now))


def _take_events(import_: Import, ids: list[int]) -> int:
    """Delete these events; what replaced one of them then replaces what that one had replaced."""
    these, wanted = _among(ids)
    earlier = "SELECT gone.replaces_id FROM events_event AS gone WHERE gone.id = events_event.replaces_id"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE events_event SET replaces_id = ({earlier}) WHERE replaces_id {these}", [wanted])
        cursor.execute(f"UPDATE events_event SET cause_id = NULL WHERE cause_id {these}", [wanted])
        cursor.execute(f"DELETE FROM events_event WHERE id {these}", [wanted])
        return int(cursor.rowcount)


def _take_customers(import_: Import, ids: list[int]) -> int:
    """Delete those of these customers whom still nothing speaks of, with what we concluded of them ourselves."""
    these, wanted = _among(ids)
    still = f"SELECT id {_ORPHANS.format(these=these, but='')} AND id {these}"
    gone = [customer for (customer,) in _rows(still, [_among(_origins(import_))[1], wanted])]
    Event.objects.filter(customer__in=gone, kind__in=CONCLUDED).delete()
    Customer.objects.filter(pk__in=gone).delete()
    return len(gone)


def _orphans(import_: Import, most: int) -> list[int]:
    these, origins = _among(_origins(import_))
    found = _rows(f"SELECT id {_ORPHANS.format(these=these, but='')} ORDER BY id LIMIT {most}", [origins])
    return [customer for (customer,) in found]


def _origins(import_: Import) -> list[int]:
    """Return the imports that nobody needs to remember a customer for: this one, and those taken back before."""
    return [import_.pk, *Import.objects.filter(state=State.UNDONE).values_list("pk", flat=True)]


def _among(ids: list[int]) -> tuple[str, Any]:
    return among(connection.vendor, ids)


def _rows(query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
