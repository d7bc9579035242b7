"""List segments with their sizes, members page by page, growth and overlap: from what is kept, without asking anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations

from django.db.models import Count

from stammkunde.customers.models import Customer
from stammkunde.events.fields import to_us
from stammkunde.metrics import Mirror
from stammkunde.segments.definitions import find
from stammkunde.segments.models import Membership, Segment

_MOVES = """
SELECT json_extract_string(attributes, '$.segment') AS segment, day, count(*) FILTER (WHERE kind = 'segment.entered'),
    count(*) FILTER (WHERE kind = 'segment.left')
FROM events WHERE kind IN ('segment.entered', 'segment.left') AND "at" >= $since GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class Listed:
    """A segment with its size; `of` counts all customers, `filled` says whether it has been counted yet."""

    segment: Segment
    members: int
    of: int
    filled: bool
    checked_at: datetime | None


@dataclass(frozen=True)
class Member:
    """One member, since when, and what brought her in."""

    customer: int
    since: datetime
    cause: str


@dataclass(frozen=True)
class Moves:
    """How many came in and fell out on one day; days of the business."""

    day: date
    entered: int
    left: int


def listed(names: Sequence[str] | None = None) -> list[Listed]:
    """Return all segments (or those named) by name, with how many customers are in each."""
    found = Segment.objects.select_related("watch").order_by("name")
    of = Customer.objects.count()
    return [
        Listed(
            segment=segment,
            members=segment.watch.members if hasattr(segment, "watch") else 0,
            of=of,
            filled=hasattr(segment, "watch") and bool(segment.watch.fingerprint),
            checked_at=segment.watch.checked_at if hasattr(segment, "watch") else None,
        )
        for segment in (found if names is None else found.filter(name__in=names))
    ]


def members(name: str, *, after: int = 0, limit: int = 100) -> list[Member]:
    """Return members in the order of their numbers, those after one of them."""
    rows = Membership.objects.filter(segment=find(name), customer_id__gt=after).order_by("customer_id")[:limit]
    return [Member(row.customer_id, row.since, row.cause) for row in rows]


def of_customer(customer: int) -> list[tuple[Segment, Member]]:
    """Return the segments that a customer is in."""
    rows = Membership.objects.filter(customer=customer).select_related("segment").order_by("segment__name")
    return [(row.segment, Member(customer, row.since, row.cause)) for row in rows]


def overlap(names: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return for each pair of these segments how many customers are in both."""
    return {
        (first, second): Membership.objects.filter(
            segment__name=first, customer__in=Membership.objects.filter(segment__name=second).values("customer")
        ).aggregate(both=Count("pk"))["both"]
        for first, second in combinations(names, 2)
    }


def movements(mirror: Mirror | None, *, now: datetime, days: int = 90) -> dict[str, list[Moves]]:
    """Return who came in and fell out day by day, of all segments; filling one for the first time counts nobody."""
    found: dict[str, list[Moves]] = {}
    if mirror is None:
        return found
    for segment, day, entered, left in mirror.sql(_MOVES, since=to_us(now - timedelta(days=days))):
        found.setdefault(segment, []).append(Moves(day, entered, left))
    return found
