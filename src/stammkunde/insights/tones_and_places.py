"""Count how the members of a segment want to be addressed, and where they live: to hold a picture against them."""

from dataclasses import dataclass

from django.db.models import Count

from stammkunde.customers.models import Customer
from stammkunde.segments.models import Membership, Segment


@dataclass(frozen=True)
class Shares:
    """Shares of those of whom it is known, the largest first, and of how many it is known."""

    shares: tuple[tuple[str, float], ...]
    known: int

    def of(self, name: str) -> float:
        """Return the share of one value, whatever its capitals."""
        return sum(share for value, share in self.shares if value.casefold() == name.strip().casefold())


def tones(segment: Segment | None) -> Shares:
    """Return the forms of address of the members; of all customers without a segment."""
    return _shares(segment, "tone")


def cities(segment: Segment | None) -> Shares:
    """Return the cities of the members; of all customers without a segment."""
    return _shares(segment, "city")


def _shares(segment: Segment | None, column: str) -> Shares:
    people = Customer.objects.all()
    if segment is not None:
        people = people.filter(pk__in=Membership.objects.filter(segment=segment).values("customer"))
    rows = people.exclude(**{column: ""}).values_list(column).annotate(n=Count("pk")).order_by("-n", column)
    counts = [(str(value), int(count)) for value, count in rows]
    known = sum(count for _, count in counts)
    return Shares(tuple((value, count / known) for value, count in counts), known)
