"""Notice orders that seem to be in the log already, under another number or shop: same customer, day and value."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import duckdb
from django.db import connection

from stammkunde.customers import identity
from stammkunde.events import log
from stammkunde.events.imports.plan import Plan
from stammkunde.events.models import Event, Import
from stammkunde.kernel.among import among
from stammkunde.kernel.batches import in_chunks

LOOKED_AT = 2_000
SHARE = 0.2
_FEWEST = 2
_CHUNK = 1_000
_DAY = 86_400_000_000
_MINUTE = 60_000_000
_OF_CUSTOMERS = (
    "SELECT customer_id, at, utc_offset, value, source, external_id FROM events_event "
    "WHERE kind = 'order.placed' AND customer_id {these}"
)


class _Order(NamedTuple):
    external_id: str
    number: str
    email: str
    phone: str
    day: int
    value: int


def warnings(con: duckdb.DuckDBPyConnection, plan: Plan) -> list[str]:
    """Return what is to be said of the orders in `happened` before they come in, if many seem to be there already."""
    some = _some(con)
    known = log.newest_states({(plan.shop, order.external_id) for order in some})
    fresh = [order for order in some if (plan.shop, order.external_id) not in known]
    if not fresh:
        return []
    found = _by_customer(fresh, plan.shop) | _by_number(fresh, plan.shop)
    if len(found) < _FEWEST or len(found) <= SHARE * len(some):
        return []
    new = min(found)
    said = (
        f"{len(found)} of {len(some)} orders looked at seem to be here already under another number or shop: same "
        f"customer, day and value, such as {new} and {found[new]}. Imported, they count twice. Take the earlier import "
        "back first (stammkunde import list), or import only what is new; if they really are other orders, go on."
    )
    return [said]


def _some(con: duckdb.DuckDBPyConnection) -> list[_Order]:
    """Return some orders from all over the file, always the same ones, worth something."""
    rows = con.execute(
        f"SELECT external_id, number, email, phone, (utc + utc_offset::BIGINT * {_MINUTE}) // {_DAY}, value "
        f"FROM happened WHERE kind = 'order.placed' AND value > 0 ORDER BY hash(external_id) LIMIT {LOOKED_AT}"
    ).fetchall()
    return [_Order(*row) for row in rows]


def _by_customer(orders: Sequence[_Order], shop: str) -> dict[str, str]:
    """Return the new orders whose customer has one of the same day and value under another name, and that name."""
    kinds = (("number", shop), ("email", ""), ("phone", ""))
    keys = {
        identity.Key(kind, scope, name): None
        for order in orders
        for (kind, scope), name in zip(kinds, (order.number, order.email, order.phone), strict=True)
        if name
    }
    customers = identity.find(keys)
    there: dict[tuple[int, int, int], str] = {}
    for customer, day, value, name in _theirs(set(customers.values())):
        there.setdefault((customer, day, value), name)
    found = {}
    for order in orders:
        names = (identity.Key("number", shop, order.number), identity.Key("email", "", order.email),
                 identity.Key("phone", "", order.phone))  # fmt: skip
        who = next((customers[name] for name in names if name in customers), 0)
        if (who, order.day, order.value) in there:
            found[order.external_id] = there[who, order.day, order.value]
    return found


def _theirs(customers: Iterable[int]) -> Iterable[tuple[int, int, int, str]]:
    for chunk in in_chunks(sorted(customers), _CHUNK):
        these, wanted = among(connection.vendor, chunk)
        with connection.cursor() as cursor:
            cursor.execute(_OF_CUSTOMERS.format(these=these), [wanted])
            for customer, at, offset, value, _, name in cursor.fetchall():
                yield customer, (at + offset * _MINUTE) // _DAY, value or 0, name


def _by_number(orders: Sequence[_Order], shop: str) -> dict[str, str]:
    """Return the new orders that another shop has under the same number, of the same day and value."""
    others = set(Import.objects.exclude(shop=shop).values_list("shop", flat=True).distinct())
    states = log.newest_states({(other, order.external_id) for other in others for order in orders})
    told: dict[str, set[tuple[int, int]]] = {}
    for chunk in in_chunks(sorted(state.id for state in states.values()), _CHUNK):
        for event in Event.objects.filter(pk__in=chunk).only("external_id", "at", "utc_offset", "value"):
            day = (event.at.timestamp() * 1_000_000 + event.utc_offset * _MINUTE) // _DAY
            told.setdefault(event.external_id, set()).add((int(day), event.value or 0))
    return {
        order.external_id: order.external_id
        for order in orders
        if (order.day, order.value) in told.get(order.external_id, ())
    }
