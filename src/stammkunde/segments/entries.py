"""Write who came in and who fell out: the memberships, and the events that tell it with the reason."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from stammkunde.conditions import Condition, History, evaluate
from stammkunde.events.fields import as_json, to_us
from stammkunde.events.ingest import Row, digest, store
from stammkunde.kernel.batches import in_chunks
from stammkunde.segments.definitions import Known
from stammkunde.segments.histories import histories
from stammkunde.segments.models import Watch

SOURCE = "segments"
# Beyond so many changes at once the reasons are left to be asked one by one (`reasons.why`).
REASONED = 1_000
_STEPS = 64
_CHUNK = 2_000
_INTO = "INSERT INTO segments_membership (segment_id, customer_id, since, cause)"
_INSERT = f"{_INTO} VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
_INSERT_MANY = (
    f"{_INTO} SELECT %s, given.one, %s, %s FROM (SELECT {{these}}) AS given WHERE TRUE ON CONFLICT DO NOTHING"
)
_DELETE = "DELETE FROM segments_membership WHERE segment_id = %s AND customer_id = %s"
_GROW = "UPDATE segments_watch SET members = members + %s WHERE segment_id = %s"
_DELETE_MANY = "DELETE FROM segments_membership WHERE segment_id = %s AND customer_id IN (SELECT {these})"
_THESE = {"sqlite": "value AS one FROM json_each(%s)", "postgresql": "unnest(%s::bigint[]) AS one"}
_MANY = 20_000


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


def write(watches: Sequence[Watch], stories: Stories, *, now: datetime) -> None:
    """Write the changes inside the caller's transaction: memberships, and the events that tell them."""
    told = [(watch.pk, one, one.change) for watch in watches for one in stories[watch.pk]]
    gone = [(segment, change.customer) for segment, _, change in told if not change.entered]
    came = [(pk, change.customer, to_us(one.at), change.cause) for pk, one, change in told if change.entered]
    growth: Counter[int] = Counter(segment for segment, *_ in came)
    growth.subtract(segment for segment, _ in gone)
    with connection.cursor() as cursor:
        for left in in_chunks(gone, _CHUNK):
            cursor.executemany(_DELETE, left)
        for entered in in_chunks(came, _CHUNK):
            cursor.executemany(_INSERT, entered)
        cursor.executemany(_GROW, [(by, segment) for segment, by in growth.items() if by])
    _record([(watch, one) for watch in watches for one in stories[watch.pk]], now)


@dataclass(frozen=True)
class Moves:
    """Whom a filling brings into a segment and takes out of it, and why it was filled."""

    entering: Sequence[int]
    leaving: Sequence[int]
    cause: str


def move(watch: Watch, moves: Moves, *, now: datetime, silent: bool) -> None:
    """Write many moves inside the caller's transaction, without reasons; the first time without events that tell it."""
    these = _THESE[connection.vendor]
    with connection.cursor() as cursor:
        for chunk in in_chunks(moves.leaving, _MANY):
            among = [json.dumps(chunk)] if connection.vendor == "sqlite" else [chunk]
            cursor.execute(_DELETE_MANY.format(these=these), [watch.pk, *among])
        for chunk in in_chunks(moves.entering, _MANY):
            among = [json.dumps(chunk)] if connection.vendor == "sqlite" else [chunk]
            cursor.execute(_INSERT_MANY.format(these=these), [watch.pk, to_us(now), moves.cause, *among])
    for entered, customers in () if silent else ((True, moves.entering), (False, moves.leaving)):
        for chunk in in_chunks(customers, _CHUNK):
            changes = (Change(customer, entered, moves.cause, live=False) for customer in chunk)
            _record([(watch, Told(change, now, {})) for change in changes], now)


def _record(told: Sequence[tuple[Watch, Told]], now: datetime) -> None:
    told_alike: dict[tuple[int, str], str] = {}
    for chunk in in_chunks(told, _CHUNK):
        store([_row(watch, one, told_alike) for watch, one in chunk], now=now, corrections=False)


def _row(watch: Watch, one: Told, told_alike: dict[tuple[int, str], str]) -> Row:
    """Return the event that tells a change; those without a reason of their own say the same."""
    kind, change, at = "segment.entered" if one.change.entered else "segment.left", one.change, to_us(one.at)
    attributes = None if one.reasons else told_alike.get((watch.pk, change.cause))
    if attributes is None:
        said = {"segment": watch.segment.name, "cause": change.cause}
        attributes = as_json(said | {"reason": one.reasons["en"], "grund": one.reasons["de"]} if one.reasons else said)
        if not one.reasons:
            told_alike[watch.pk, change.cause] = attributes
    offset = one.at.utcoffset()
    return Row(
        kind=kind,
        customer=change.customer,
        at=at,
        utc_offset=int(offset.total_seconds() // 60) if offset else 0,
        source=SOURCE,
        external_id=f"{watch.pk}/{watch.turn}/{change.customer}",
        value=None,
        currency="",
        attributes=attributes,
        digest=digest(kind, change.customer, at, None, attributes),
        live=change.live,
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
