"""Recognise customers: by their number in a shop, their e-mail address or their telephone."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from stammkunde.customers.models import Customer, Identity
from stammkunde.kernel.batches import in_chunks

_CHUNK = 5_000
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


def resolve(hints: Sequence[Hint], *, scope: str, now: datetime) -> list[int | None]:
    """Return the customer of each hint, making those that nobody has met; an empty hint has none.

    Call it inside a transaction. The number decides before the e-mail address, and this before the telephone; a name
    that already leads to a customer is never moved to another. Two processes that meet the same new customer agree on
    one.
    """
    keys = [_keys(hint, scope) for hint in hints]
    known = find({key for of_hint in keys for key in of_hint})
    fresh = _introduce(keys, known, now=now)
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
            rows = Identity.objects.filter(kind=kind, scope=scope, value__in=chunk).values_list("value", "customer_id")
            found.update({Key(kind, scope, value): customer for value, customer in rows})
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
        Key(Identity.Kind.NUMBER.value, scope, hint.number.strip()),
        Key(Identity.Kind.EMAIL.value, "", normal_email(hint.email)),
        Key(Identity.Kind.PHONE.value, "", normal_phone(hint.phone)),
    )
    return tuple(key for key in candidates if key.value)


def _introduce(keys: Sequence[tuple[Key, ...]], known: dict[Key, int], *, now: datetime) -> dict[Key, int]:
    """Give every key that leads nowhere a customer: the one her other keys lead to, else a new one."""
    newcomers: list[Customer] = []
    owner: dict[Key, int | Customer] = dict(known)
    fresh: dict[Key, int | Customer] = {}
    for of_hint in keys:
        unknown = [key for key in of_hint if key not in owner]
        if not unknown:
            continue
        who = next((owner[key] for key in of_hint if key in owner), None)
        if who is None:
            who = Customer(created_at=now)
            newcomers.append(who)
        for key in unknown:
            owner[key] = fresh[key] = who
    if not fresh:
        return {}
    Customer.objects.bulk_create(newcomers, batch_size=_CHUNK)
    return _name({key: who.pk if isinstance(who, Customer) else who for key, who in fresh.items()}, newcomers)


def _name(fresh: dict[Key, int], newcomers: list[Customer]) -> dict[Key, int]:
    """Write the new names in a fixed order (no deadlocks); where another process was quicker, its customer counts."""
    Identity.objects.bulk_create(
        [Identity(kind=key.kind, scope=key.scope, value=key.value, customer_id=fresh[key]) for key in sorted(fresh)],
        batch_size=_CHUNK,
        ignore_conflicts=True,
    )
    agreed = find(fresh)
    if agreed != fresh:
        used = set(agreed.values())
        orphans = [customer.pk for customer in newcomers if customer.pk not in used]
        for chunk in in_chunks(orphans, _CHUNK):
            Customer.objects.filter(pk__in=chunk).delete()
    return agreed
