"""Find customers by how their name, place, e-mail address, telephone or number begins."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from stammkunde.customers.discreet import discreet
from stammkunde.customers.folding import LAST, fold
from stammkunde.customers.identity import normal_email, normal_phone
from stammkunde.customers.models import Customer, Identity

_OWN_NUMBER = re.compile(r"#\s*(\d{1,18})")
_DIALLED = re.compile(r"[+\d][\d\s()/.\-]{2,}")


def matching(text: str, *, personal: bool) -> Iterator[int]:
    """Yield the ids of the customers who are meant by what somebody typed; one may come several times.

    Large and small letters and accents make no difference in names and places. Without `personal` only customer numbers
    that name nobody and our own (#17) are looked at: names and addresses must not be guessed from what is found.
    """
    text = text.strip()
    own = _OWN_NUMBER.fullmatch(text)
    if own:
        return iter(Customer.objects.filter(pk=int(own[1])).values_list("pk", flat=True))
    if not personal:
        return _by_discreet_number(text)
    rows = chain.from_iterable(_fetched(query) for query in _queries(text))
    return (customer for (customer,) in rows)


def exactly(text: str) -> list[int]:
    """Return the ids of whom a customer number means, in order: #17 is ours, 17 a shop's, or ours if no shop has it.

    There are several where two shops have given the same number.
    """
    text = text.strip()
    own = _OWN_NUMBER.fullmatch(text)
    if not own:
        numbered = Identity.objects.filter(kind=Identity.Kind.NUMBER, value=text)
        found = sorted(set(numbered.values_list("customer_id", flat=True)))
        own = None if found else _OWN_NUMBER.fullmatch(f"#{text}")
        if own is None:
            return found
    return list(Customer.objects.filter(pk=int(own[1])).values_list("pk", flat=True))


def begins(column: str, prefix: str) -> Q:
    """Say that the column begins with these characters, in a way that an index answers on both databases."""
    return Q(**{f"{column}__gte": prefix, f"{column}__lt": prefix + LAST})


def _by_discreet_number(text: str) -> Iterator[int]:
    """Yield whoever has a number that begins so and names nobody."""
    for number in {text, text.lower(), text.upper()} - {""}:
        begun = Identity.objects.filter(begins("value", number), kind=Identity.Kind.NUMBER)
        for customer, value in begun.values_list("customer_id", "value").iterator():
            if discreet(value):
                yield customer


def _queries(text: str) -> Iterator[QuerySet[Any, int]]:
    if not text:
        return
    for number in {text, text.lower(), text.upper()}:
        yield _identities(Identity.Kind.NUMBER, number)
    yield _identities(Identity.Kind.EMAIL, normal_email(text))
    if _DIALLED.fullmatch(text):
        yield _identities(Identity.Kind.PHONE, normal_phone(text))
    folded = fold(text)
    if not folded:
        return
    for column in ("by_family_name", "by_given_name", "by_city", "by_postcode"):
        yield Customer.objects.filter(begins(column, folded)).values_list("pk", flat=True)


def _fetched(query: QuerySet[Any, int]) -> list[tuple[int]]:
    """Fetch bare rows: one letter may be how two hundred thousand names begin."""
    statement, parameters = query.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[int]] = cursor.fetchall()
        return rows


def _identities(kind: Identity.Kind, prefix: str) -> QuerySet[Any, int]:
    return Identity.objects.filter(begins("value", prefix), kind=kind).values_list("customer_id", flat=True)
