"""Recognise customers: by their number in a shop, their e-mail address or their telephone."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from stammkunde.customers.models import Customer, Identity
from stammkunde.customers.newcomers import create, name
from stammkunde.kernel.among import among
from stammkunde.kernel.batches import in_chunks

_CHUNK = 5_000
_NUMBER, _EMAIL, _PHONE = (kind.value for kind in (Identity.Kind.NUMBER, Identity.Kind.EMAIL, Identity.Kind.PHONE))
_OF_THESE = "SELECT value, customer_id FROM customers_identity WHERE kind = %s AND scope = %s AND value {these}"
_NOT_DIALLED = re.compile(r"[\s()/.\-]+")


@dataclass(frozen=True)
class Hint:
    """What a row or a visit tells about who it is; empty texts mean: not told."""

    number: str = ""
    email: str = ""
    phone: str = ""


class Key(NamedTuple):
    """One name of a customer, as it stands in the database."""

    kind: str
    scope: str
    value: str


def resolve(hints: Sequence[Hint], *, scope: str, now: datetime, origin: int | None = None) -> list[int | None]:
    """Return the customer of each hint, making those that nobody has met; an empty hint has none.

    Call it inside a transaction. The number decides before the e-mail address, and this before the telephone; a name
    that already leads to a customer is never moved to another. Two processes that meet the same new customer agree on
    one. `origin` is the import that brings them.
    """
    keys = [_keys(hint, scope) for hint in hints]
    known = find({key for of_hint in keys for key in of_hint})
    fresh = _introduce(keys, known, now=now, origin=origin)
    if fresh:
        known = {**known, **fresh}
    return [next((known[key] for key in of_hint), None) for of_hint in keys]


def find(keys: Iterable[Key]) -> dict[Key, int]:
    """Return the customers of those keys that are known."""
    found: dict[Key, int] = {}
    by_group: dict[tuple[str, str], list[str]] = {}
    for key in keys:
        by_group.setdefault((key.kind, key.scope), []).append(key.value)
    for (kind, scope), values in by_group.items():
        for chunk in in_chunks(values, _CHUNK):
            these, wanted = among(connection.vendor, chunk)
            with connection.cursor() as cursor:
                cursor.execute(_OF_THESE.format(these=these), [kind, scope, wanted])
                found.update({Key(kind, scope, value): customer for value, customer in cursor.fetchall()})
    return found


def normal_email(text: str) -> str:
    """Return the address as it is compared: trimmed and in small letters."""
    return text.strip().lower()


def normal_phone(text: str) -> str:
    """Return the number as it is compared: digits only, a leading 00 as +."""
    digits = _NOT_DIALLED.sub("", text)
    return "+" + digits[2:] if digits.startswith("00") else digits


def _keys(hint: Hint, scope: str) -> tuple[Key, ...]:
    candidates = (
        Key(_NUMBER, scope, hint.number.strip()),
        Key(_EMAIL, "", normal_email(hint.email)) if hint.email else None,
        Key(_PHONE, "", normal_phone(hint.phone)) if hint.phone else None,
    )
    return tuple(key for key in candidates if key and key.value)


def _introduce(
    keys: Sequence[tuple[Key, ...]], known: dict[Key, int], *, now: datetime, origin: int | None
) -> dict[Key, int]:
    """Give every key that leads nowhere a customer: the one her other keys lead to, else a new one.

    Until they are written, newcomers count -1, -2, -3 …
    """
    newcomers = 0
    owner: dict[Key, int] = dict(known)
    fresh: dict[Key, int] = {}
    for of_hint in keys:
        unknown = [key for key in of_hint if key not in owner]
        if not unknown:
            continue
        who = next((owner[key] for key in of_hint if key in owner), None)
        if who is None:
            newcomers += 1
            who = -newcomers
        for key in unknown:
            owner[key] = fresh[key] = who
    if not fresh:
        return {}
    ids = create(newcomers, now=now, origin=origin)
    return _name({key: who if who > 0 else ids[-who - 1] for key, who in fresh.items()}, ids)


def _name(fresh: dict[Key, int], newcomers: list[int]) -> dict[Key, int]:
    """Write the new names in a fixed order (no deadlocks); where another process was quicker, its customer counts."""
    name((*key, fresh[key]) for key in sorted(fresh))
    agreed = find(fresh)
    if agreed != fresh:
        orphans = sorted(set(newcomers) - set(agreed.values()))
        for chunk in in_chunks(orphans, _CHUNK):
            Customer.objects.filter(pk__in=chunk).delete()
    return agreed
