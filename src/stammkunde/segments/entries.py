"""Write who came in and who fell out: the memberships, and the events that tell it with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F

from stammkunde.conditions import Condition, History, evaluate
from stammkunde.events.fields import to_us
from stammkunde.events.ingest import Draft, record
from stammkunde.kernel.batches import in_chunks
from stammkunde.segments.definitions import Known
from stammkunde.segments.histories import histories
from stammkunde.segments.models import Membership, Watch

SOURCE = "segments"
# Beyond so many changes at once the reasons are left to be asked one by one (`reasons.why`).
REASONED = 1_000
_STEPS = 64
_CHUNK = 2_000
_INSERT = (
    "INSERT INTO segments_membership (segment_id, customer_id, since, cause) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True)
class Change:
    """One customer who came in or fell out, what brought it about, and whether anything may be sent because of it."""

    customer: int
    entered: bool
    cause: str
    live: bool


@dataclass(frozen=True)
class Told:
    """A change with its moment and, unless too many came at once, the reason in both languages."""

    change: Change
    at: datetime
    reasons: Mapping[str, str]


Stories = Mapping[int, Sequence[Told]]


def tell(watches: Sequence[Watch], changes: Mapping[int, Sequence[Change]], *, known: Known, now: datetime) -> Stories:
    """Find the moment and the reason of each change, by segment; of many at once only the cause is told.

    It takes its time, so do it before the transaction that writes.
    """
    many = sum(map(len, changes.values())) > REASONED
    pasts = {} if many else histories({change.customer for some in changes.values() for change in some})
    stories: dict[int, Sequence[Told]] = {}
    for watch in watches:
        since = None if many else watch.checked_at
        stories[watch.pk] = [_told(watch, change, pasts, known, since, now) for change in changes[watch.pk]]
    return stories


def write(watches: Sequence[Watch], stories: Stories, *, now: datetime, silent: bool = False) -> None:
    """Write the changes inside the caller's transaction: memberships, and unless `silent` the events that tell them."""
    for watch in watches:
        gone = [one.change.customer for one in stories[watch.pk] if not one.change.entered]
        came = [one for one in stories[watch.pk] if one.change.entered]
        for chunk in in_chunks(gone, _CHUNK):
            Membership.objects.filter(segment_id=watch.pk, customer_id__in=chunk).delete()
        _insert([(watch.pk, one.change.customer, to_us(one.at), one.change.cause) for one in came])
        if len(came) != len(gone):
            Watch.objects.filter(pk=watch.pk).update(members=F("members") + len(came) - len(gone))
    if not silent:
        _record([(watch, one) for watch in watches for one in stories[watch.pk]], now)


def _insert(rows: Sequence[tuple[int, int, int, str]]) -> None:
    with connection.cursor() as cursor:
        for chunk in in_chunks(rows, _CHUNK):
            cursor.executemany(_INSERT, chunk)


def _record(told: Sequence[tuple[Watch, Told]], now: datetime) -> None:
    for live in (True, False):
        for chunk in in_chunks([pair for pair in told if pair[1].change.live is live], _CHUNK):
            record([_draft(watch, one) for watch, one in chunk], now=now, live=live)


def _draft(watch: Watch, one: Told) -> Draft:
    attributes = {"segment": watch.segment.name, "cause": one.change.cause}
    if one.reasons:
        attributes |= {"reason": one.reasons["en"], "grund": one.reasons["de"]}
    return Draft(
        kind="segment.entered" if one.change.entered else "segment.left",
        at=one.at,
        source=SOURCE,
        external_id=f"{watch.pk}/{watch.turn}/{one.change.customer}",
        customer=one.change.customer,
        attributes=attributes,
    )


def _told(
    watch: Watch,
    change: Change,
    pasts: Mapping[int, History],
    known: Known,
    since: datetime | None,
    now: datetime,
) -> Told:
    if since is None:
        return Told(change, now, {})
    condition, past = known.conditions[watch.segment.name], pasts[change.customer]
    at = turned_at(condition, past, entered=change.entered, known=known, since=min(since, now), now=now)
    verdict = evaluate(condition, past, now, zone=known.zone, segments=known.conditions)
    return Told(change, at, {"de": verdict.reason.sentence("de"), "en": verdict.reason.sentence("en")})


def turned_at(
    condition: Condition, past: History, *, entered: bool, known: Known, since: datetime, now: datetime
) -> datetime:
    """Return the last moment after `since` at which the condition became what it is now.

    By what is known today: when it held at `since` already, the log learned late, and the moment is now.
    """
    moment, turned = since, now
    held: bool | None = None
    for _ in range(_STEPS):
        verdict = evaluate(condition, past, moment, zone=known.zone, segments=known.conditions)
        holds = verdict.value is True
        if held is not None and holds != held:
            turned = moment if holds is entered else now
        held = holds
        if verdict.flips_at is None or verdict.flips_at > now:
            break
        moment = verdict.flips_at
    return turned
