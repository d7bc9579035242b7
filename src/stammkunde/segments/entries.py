"""Write who came in and who fell out: the memberships, and the events that tell it with the reason."""

from collections.abc import Collection, Mapping, Sequence
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
# Beyond so many changes of one segment at once the reasons are left to be asked one by one (`reasons.why`).
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
class _Told:
    """A change with its moment and the reason in both languages."""

    change: Change
    at: datetime
    reasons: Mapping[str, str]


def write(watch: Watch, changes: Sequence[Change], *, known: Known, since: datetime | None, now: datetime) -> None:
    """Write the changes of one segment inside the caller's transaction, memberships and events alike.

    `since` is when everybody was looked at last; a segment that is filled for the first time (None) makes no events.
    """
    told = _tell(watch, changes, known, since, now)
    gone = [one.change.customer for one in told if not one.change.entered]
    for chunk in in_chunks(gone, _CHUNK):
        Membership.objects.filter(segment_id=watch.pk, customer_id__in=chunk).delete()
    rows = [(watch.pk, one.change.customer, to_us(one.at), one.change.cause) for one in told if one.change.entered]
    _insert(rows)
    Watch.objects.filter(pk=watch.pk).update(members=F("members") + len(rows) - len(gone))
    if since is not None:
        _record(watch, told, now)


def _insert(rows: Sequence[tuple[int, int, int, str]]) -> None:
    with connection.cursor() as cursor:
        for chunk in in_chunks(rows, _CHUNK):
            cursor.executemany(_INSERT, chunk)


def _record(watch: Watch, told: Sequence[_Told], now: datetime) -> None:
    for live in (True, False):
        for chunk in in_chunks([one for one in told if one.change.live is live], _CHUNK):
            record([_draft(watch, one) for one in chunk], now=now, live=live)


def _draft(watch: Watch, one: _Told) -> Draft:
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


def _tell(watch: Watch, changes: Sequence[Change], known: Known, since: datetime | None, now: datetime) -> list[_Told]:
    """Find the moment and the reason of each change; many at once are told by their cause alone."""
    if since is None or len(changes) > REASONED:
        return [_Told(change, now, {}) for change in changes]
    pasts = histories(_customers(changes))
    condition = known.conditions[watch.segment.name]
    return [_explained(change, condition, pasts[change.customer], known, since, now) for change in changes]


def _customers(changes: Sequence[Change]) -> Collection[int]:
    return {change.customer for change in changes}


def _explained(
    change: Change, condition: Condition, past: History, known: Known, since: datetime, now: datetime
) -> _Told:
    at = turned_at(condition, past, entered=change.entered, known=known, since=since, now=now)
    verdict = evaluate(condition, past, now, zone=known.zone, segments=known.conditions)
    return _Told(change, at, {"de": verdict.reason.sentence("de"), "en": verdict.reason.sentence("en")})


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
