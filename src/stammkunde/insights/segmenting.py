"""Ask segments and conditions of the mirror as it stands: counts, members, the reason, figures of some customers."""

from dataclasses import dataclass
from datetime import datetime

from stammkunde.conditions import BadCondition, Condition
from stammkunde.insights import figures, mirroring
from stammkunde.kernel.errors import WrongInput
from stammkunde.segments import asking, definitions, listing, membership, privacy, ready
from stammkunde.segments.asking import Coming, Customers
from stammkunde.segments.listing import Listed
from stammkunde.segments.models import Segment

_MOST_BOUGHT = """
SELECT category FROM lines WHERE kind = 'order.placed' AND customer IS NOT NULL AND category <> ''
GROUP BY category ORDER BY count(DISTINCT customer) DESC, category LIMIT 2
"""


class EitherOr(WrongInput):
    """Narrow figures down by a segment or by a condition, not by both."""


@dataclass(frozen=True)
class Counted:
    """Of how many customers something is true, of how many it was asked, and as of when."""

    count: int
    of: int
    as_of: datetime


def condition_of(asked: str) -> Condition:
    """Return the condition of the segment of this name, or the one that the text says."""
    if Segment.objects.filter(name=asked).exists():
        return definitions.conditions()[asked]
    try:
        return definitions.check(asked, mirror=figures.snapshot())
    except BadCondition:
        if asked.replace("-", "").replace("_", "").isalnum():
            definitions.find(asked)
        raise


def allowed(asked: str, *, personal: bool) -> Condition:
    """Return the condition that somebody asks; raises AsksAddresses when she may not see what it asks for."""
    condition = condition_of(asked)
    privacy.refuse_addresses(asked, condition, definitions.conditions(), personal=personal)
    return condition


def count(asked: str, *, now: datetime) -> Counted:
    """Count the customers in a segment, or those of whom a condition is true."""
    found = asking.count(figures.snapshot(), [condition_of(asked)], known=definitions.known(), now=now)
    return Counted(found.counts[0], found.of, found.as_of)


def who(asked: str, *, now: datetime) -> Customers:
    """Return the customers in a segment, or those of whom a condition is true, sorted."""
    return asking.who(figures.snapshot(), condition_of(asked), known=definitions.known(), now=now)


def coming(asked: str, *, now: datetime, days: int = 7) -> Coming:
    """Return who enters and who leaves in the next days by time alone."""
    return asking.coming(figures.snapshot(), condition_of(asked), known=definitions.known(), now=now, days=days)


def chosen(*, segment: str | None, where: str | None, now: datetime, personal: bool = True) -> figures.Among | None:
    """Return the customers to whom figures are to be narrowed down; None means all.

    Whoever may not see addresses (`personal` is false) may use any segment, but write no condition that asks for one.
    """
    if segment and where:
        raise EitherOr(str(EitherOr.__doc__))
    if segment:
        definitions.find(segment)
    if where:
        allowed(where, personal=personal)
    asked = segment or where
    return figures.Among.of(who(asked, now=now)) if asked else None


def save(name: str, text: str, *, now: datetime) -> Segment:
    """Save a segment, and count it at once."""
    segment = definitions.save(name, text, now=now, mirror=figures.snapshot())
    keep(now=now)
    return segment


def provide(*, now: datetime) -> int:
    """Offer the ready segments that were never offered before; return how many were made."""
    return ready.provide(now=now, hobbies=_hobbies() if ready.wants_hobbies() else ())


def _hobbies() -> list[str]:
    """Return the two categories that most customers have bought from."""
    mirror = figures.mirror()
    return [str(category) for (category,) in mirror.sql(_MOST_BOUGHT)] if mirror is not None else []


def keep(*, now: datetime) -> membership.Ticked:
    """Bring the mirror and every membership to now."""
    mirroring.sync()
    return membership.tick(figures.snapshot(), now=now)


def listed(*, now: datetime) -> list[Listed]:
    """Return all segments with their sizes as of now; the ready ones are there from the first time on."""
    provide(now=now)
    keep(now=now)
    return listing.listed()
