"""Walk through customers in the order of their names, those without a name last, without sorting a million of them."""

from collections.abc import Iterator
from itertools import count

from django.db.models import QuerySet

from stammkunde.customers.models import Customer

AT_ONCE = 20_000


def names_at(start: int, length: int, *, descending: bool) -> list[int]:
    """Return the ids of so many customers from that place on in the order of names."""
    named, nameless = _parts(Customer.objects.all(), descending=descending)
    found = list(named[start : start + length])
    if len(found) == length:
        return found
    before = len(found) + start if found else named.count()
    rest = max(start - before, 0)
    return found + list(nameless[rest : rest + length - len(found)])


def in_order(customers: QuerySet[Customer], *, descending: bool) -> Iterator[list[int]]:
    """Yield the ids of these customers in the order of names, piece by piece; stop asking, and no more is read."""
    for part in _parts(customers, descending=descending):
        for start in count(0, AT_ONCE):
            piece = list(part[start : start + AT_ONCE])
            yield piece
            if len(piece) < AT_ONCE:
                break


def _parts(customers: QuerySet[Customer], *, descending: bool) -> tuple["QuerySet[Customer, int]", ...]:
    """Return those with a name in the order of names, then those without in the order of ids."""
    order = ("-by_family_name", "-pk") if descending else ("by_family_name", "pk")
    named = customers.filter(by_family_name__gt="").order_by(*order).values_list("pk", flat=True)
    nameless = customers.filter(by_family_name="").order_by("pk").values_list("pk", flat=True)
    return named, nameless
