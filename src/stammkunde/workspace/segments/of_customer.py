"""Say of one customer in which segments she is, since when, why, and until when time alone leaves it so."""

from dataclasses import dataclass
from datetime import datetime

from stammkunde.segments import definitions, listing
from stammkunde.segments.models import Segment
from stammkunde.segments.privacy import names_members
from stammkunde.workspace.segments.draft import language
from stammkunde.workspace.segments.why import Answer, answers


@dataclass(frozen=True)
class Belonging:
    """One segment that a customer is in."""

    segment: Segment
    title: str
    since: datetime
    answer: Answer


def segments_of(customer: int, *, now: datetime, personal: bool) -> list[Belonging]:
    """Return the segments of one customer by title; those that ask addresses only to those who may see them."""
    known = definitions.conditions()
    found = [
        (segment, member)
        for segment, member in listing.of_customer(customer)
        if names_members(segment.name, known, personal=personal)
    ]
    views = [
        Belonging(
            segment=segment,
            title=segment.title_in(language()),
            since=member.since,
            answer=answers(known[segment.name], [customer], now=now, personal=personal)[customer],
        )
        for segment, member in found
    ]
    return sorted(views, key=lambda view: view.title.casefold())
