"""Answer for one customer: is she in it, since when, until when, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from stammkunde.conditions import Condition, evaluate
from stammkunde.segments import definitions
from stammkunde.segments.histories import histories
from stammkunde.segments.models import Membership


@dataclass(frozen=True)
class Why:
    """The verdict on one customer: `until` is when it may change by time alone; sentences have no full stop."""

    customer: int
    value: bool | None
    since: datetime | None
    until: datetime | None
    reason: dict[str, str]


def why(asked: str | Condition, customer: int, *, now: datetime) -> Why:
    """Say whether and why the customer is in the segment of this name, or satisfies the condition."""
    known = definitions.known()
    if isinstance(asked, str):
        definitions.find(asked)
        condition = known.conditions[asked]
        member = Membership.objects.filter(segment__name=asked, customer=customer).first()
    else:
        condition, member = asked, None
    past = histories([customer])[customer]
    verdict = evaluate(condition, past, now, zone=known.zone, segments=known.conditions)
    sentences = {"de": verdict.reason.sentence("de"), "en": verdict.reason.sentence("en")}
    return Why(customer, verdict.value, cast("datetime | None", member and member.since), verdict.flips_at, sentences)
