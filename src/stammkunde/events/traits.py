"""Tell the log what becomes known of a customer, so that conditions know it as of any moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from stammkunde.customers.models import Customer
from stammkunde.events.ingest import Draft, record
from stammkunde.events.models import Event
from stammkunde.kernel.batches import in_chunks

# Where she lives and how she wishes to be addressed; names, streets and identities stay with the customer alone.
CUSTOMER_TRAITS = ("city", "postcode", "country", "language", "tone")
SOURCE = "customers"
KIND = "trait.changed"
_CHUNK = 2_000
Value = str | float | bool | None


@dataclass(frozen=True)
class Change:
    """What a trait of one customer became, and when."""

    customer: int
    trait: str
    after: Value
    at: datetime
    before: Value = None


def change(
    changes: Iterable[Change], *, now: datetime, source: str = SOURCE, live: bool = True, corrections: bool = False
) -> int:
    """Record the changes; call it inside a transaction. The same change told again is kept once.

    With `corrections`, another value for the same trait and moment replaces what was told before.
    """
    drafts = [_draft(one, source) for one in changes]
    told = (record(chunk, now=now, live=live, corrections=corrections) for chunk in in_chunks(drafts, _CHUNK))
    return sum(one.recorded for one in told)


def note(customers: Sequence[Customer], *, now: datetime, at: Mapping[int, datetime] | None = None) -> int:
    """Record what is known of these customers and not in the log yet; call it in the transaction that saves them.

    It counts from `now`, or from the moment that `at` gives for a customer.
    """
    moments = at or {}
    changes = [
        Change(customer.pk, trait, after or None, moments.get(customer.pk, now), before)
        for customer, known in _with_known(customers)
        for trait, before, after in _differences(customer, known)
    ]
    return change(changes, now=now, live=not moments)


def _with_known(customers: Sequence[Customer]) -> Iterator[tuple[Customer, dict[str, Value]]]:
    for chunk in in_chunks(customers, _CHUNK):
        known: dict[int, dict[str, Value]] = {}
        told = Event.objects.filter(customer_id__in=[customer.pk for customer in chunk], kind=KIND, source=SOURCE)
        for event in told.order_by("at", "pk").only("customer_id", "attributes"):
            said = cast("dict[str, Value]", event.attributes)
            known.setdefault(event.customer_id or 0, {})[str(said.get("trait"))] = said.get("after")
        yield from ((customer, known.get(customer.pk, {})) for customer in chunk)


def _differences(customer: Customer, known: Mapping[str, Value]) -> Iterator[tuple[str, Value, Value]]:
    for trait in CUSTOMER_TRAITS:
        before, after = known.get(trait), getattr(customer, trait) or None
        if before != after:
            yield trait, before, after


def _draft(one: Change, source: str) -> Draft:
    told = {"trait": one.trait, "before": one.before, "after": one.after}
    return Draft(
        kind=KIND,
        at=one.at,
        source=source,
        external_id=f"{one.trait}/{one.customer}/{one.at.isoformat()}",
        customer=one.customer,
        attributes={name: value for name, value in told.items() if value is not None or name == "after"},
    )
