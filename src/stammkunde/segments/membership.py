"""Keep every membership exactly: look again only at those whom an event or the clock may have moved."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from stammkunde.conditions import Condition, concerns, crowd
from stammkunde.conditions.local_clock import LocalClock, microseconds
from stammkunde.customers.models import Customer
from stammkunde.events import stretches
from stammkunde.kernel.batches import in_chunks
from stammkunde.metrics import Mirror
from stammkunde.segments import asking, definitions, histories
from stammkunde.segments.asking import Customers
from stammkunde.segments.claims import Overtaken, claim, release, settle
from stammkunde.segments.definitions import Known
from stammkunde.segments.dues import Due, due
from stammkunde.segments.entries import Change, Moves, move, tell, write
from stammkunde.segments.models import Membership, Segment, Watch

_CHUNK = 2_000
_MANY = 100_000
_POCKET = 5_000
Cause = Membership.Cause


@dataclass(frozen=True)
class Ticked:
    """What a tick did: how many customers it looked at, how many entries and exits it wrote."""

    looked_at: int = 0
    entered: int = 0
    left: int = 0

    def __add__(self, other: "Ticked") -> "Ticked":
        return Ticked(self.looked_at + other.looked_at, self.entered + other.entered, self.left + other.left)


@dataclass(frozen=True)
class _Round:
    """Segments that were kept up to the same place and moment, and whom to look at again because of what."""

    watches: tuple[Watch, ...]
    until: str
    touched: frozenset[int]
    quiet: frozenset[int]
    due: frozenset[int]

    @property
    def everybody(self) -> frozenset[int]:
        return self.touched | self.due


def tick(mirror: Mirror | None, *, now: datetime) -> Ticked:
    """Bring all memberships to now; doing it again changes nothing.

    Segments that are new, were changed, or whose log was read anew are filled from the mirror. All others are kept on:
    customers with new events of the kinds a segment asks for, and those whom time may have moved, are asked again,
    from the log itself. Memberships, the events that tell them and the place in the log are written in one
    transaction, by one worker at a time; one that is killed or overtaken leaves no trace.
    """
    known = definitions.known()
    done = Ticked()
    to_fill = _to_fill(known, mirror, now)
    if to_fill:
        done += _fill(to_fill, known, mirror, now)
    for watches in _alike(known, mirror, now):
        done += _onwards(watches, known, mirror, now)
    return done


def recompute(mirror: Mirror | None, names: Collection[str] | None = None, *, now: datetime) -> Ticked:
    """Ask all customers anew, in one pass for all segments (or those named)."""
    known = definitions.known()
    watches = [watch for watch in _watches(known) if names is None or watch.segment.name in names]
    return _fill(watches, known, mirror, now) if watches else Ticked()


def _watches(known: Known) -> list[Watch]:
    missing = Segment.objects.filter(watch=None)
    Watch.objects.bulk_create([Watch(segment=segment) for segment in missing], ignore_conflicts=True)
    watches = Watch.objects.select_related("segment").defer("segment__sheet").order_by("pk")
    return [watch for watch in watches if watch.segment.name in known.conditions]


def _fresh(watch: Watch, known: Known, mirror: Mirror | None, now: datetime) -> bool:
    """Tell whether what was kept can be kept on: the same definition, log and direction of time."""
    return (
        watch.fingerprint == known.fingerprint(watch.segment.name)
        and (mirror is None or watch.epoch == mirror.epoch)
        and watch.checked_at is not None
        and watch.checked_at <= now
        and stretches.Mark.read(watch.watermark) is not None
    )


def _to_fill(known: Known, mirror: Mirror | None, now: datetime) -> list[Watch]:
    if mirror is None or stretches.Mark.read(mirror.watermark) is None:
        return []  # there is no mirror, or it shows what has been taken out of the log: the next sync mends that
    return [watch for watch in _watches(known) if not _fresh(watch, known, mirror, now)]


def _alike(known: Known, mirror: Mirror | None, now: datetime) -> Iterable[list[Watch]]:
    """Return the segments that can be kept on, those up to the same place and moment together."""
    groups: dict[tuple[str, datetime | None], list[Watch]] = {}
    for watch in _watches(known):
        if _fresh(watch, known, mirror, now):
            groups.setdefault((watch.watermark, watch.checked_at), []).append(watch)
    return groups.values()


def _onwards(watches: Sequence[Watch], known: Known, mirror: Mirror | None, now: datetime) -> Ticked:
    found = _look(watches, known, mirror, now)
    if found is None:
        return Ticked()
    token = claim(watches, now=now)
    if token is None:
        return Ticked()
    try:
        changes = _changes(found, known, now)
        moved = [watch for watch in watches if changes[watch.pk]]
        stories = tell(moved, changes, known=known, now=now)
        with transaction.atomic():
            settle(watches, token, watermark=found.until, checked_at=now)
            write(moved, stories, now=now)
    except Overtaken:
        release(token)
        return Ticked()
    except BaseException:
        release(token)
        raise
    return _counted(len(found.everybody), changes.values())


def _look(watches: Sequence[Watch], known: Known, mirror: Mirror | None, now: datetime) -> _Round | None:
    """Find out whom to look at again; None when neither the log nor the clock has moved anybody."""
    stretch = stretches.beyond(watches[0].watermark)
    conditions = [known.conditions[watch.segment.name] for watch in watches]
    kinds = _kinds(conditions, known)
    moved = stretch.until != stretch.since
    touched = stretches.touched(stretch, kinds) if moved else set()
    live = stretches.touched(stretch, kinds, live=True) if touched else set()
    waiting = _due(watches, conditions, known, mirror, now)
    if not (moved or waiting):
        return None
    everyone = frozenset(touched)
    return _Round(tuple(watches), str(stretch.until), everyone, everyone - live, frozenset(waiting))


def _due(
    watches: Sequence[Watch], conditions: Sequence[Condition], known: Known, mirror: Mirror | None, now: datetime
) -> set[int]:
    """Return whom time alone may have moved."""
    clock, since = LocalClock.of(known.zone), watches[0].checked_at
    assert since is not None
    dues: list[Due] = [
        due(condition, segments=known.conditions, clock=clock, since=microseconds(since), until=microseconds(now))
        for condition in conditions
    ]
    found = histories.happened((one.kind, one.first, one.last) for each in dues for one in each.ranges)
    rhythm = [(watch, condition) for watch, condition, each in zip(watches, conditions, dues, strict=True)
              if each.everyone]  # fmt: skip
    if rhythm and mirror is None:
        found.update(Customer.objects.values_list("pk", flat=True))
    elif rhythm and mirror is not None:
        found |= _behind(mirror, [condition for _, condition in rhythm], known)
        holding = asking.queried(mirror, [condition for _, condition in rhythm], known=known, now=now)
        for (watch, _), members in zip(rhythm, holding, strict=True):
            found.update(np.setxor1d(members, _members(watch)).tolist())
    return found


def _behind(mirror: Mirror, conditions: Sequence[Condition], known: Known) -> set[int]:
    """Return whom the mirror does not know as the log does, since it was brought up to date some time ago."""
    return stretches.touched(stretches.beyond(mirror.watermark), _kinds(conditions, known))


def _changes(found: _Round, known: Known, now: datetime) -> dict[int, list[Change]]:
    """Ask those who may have moved again, and return for each segment who did."""
    changes: dict[int, list[Change]] = {watch.pk: [] for watch in found.watches}
    asked = [known.conditions[watch.segment.name] for watch in found.watches]
    kinds = _kinds(asked, known)
    for chunk in in_chunks(sorted(found.everybody), _POCKET):
        few = histories.crowd(chunk, kinds, zone=known.zone)
        holding = crowd.asked(asked, few, now, zone=known.zone, segments=known.conditions)
        before = _kept(found.watches, few.customers)
        for segment, truths in zip(changes, holding, strict=True):
            moved = np.flatnonzero(truths.true != before[segment])
            for customer, entered in zip(few.customers[moved].tolist(), truths.true[moved].tolist(), strict=True):
                cause = Cause.EVENT.value if customer in found.touched else Cause.TIME.value
                changes[segment].append(Change(customer, entered, cause, customer not in found.quiet))
    return changes


def _kinds(conditions: Iterable[Condition], known: Known) -> frozenset[str]:
    """Return the kinds of events that any of the conditions looks at."""
    return frozenset[str]().union(*(concerns(condition, known.conditions).kinds for condition in conditions))


def _kept(watches: Sequence[Watch], customers: Customers) -> dict[int, NDArray[np.bool_]]:
    """Return, for each segment, which of these customers are in it."""
    found = {watch.pk: np.zeros(len(customers), bool) for watch in watches}
    with connection.cursor() as cursor:
        for chunk in in_chunks(customers.tolist(), _CHUNK):
            ids = ", ".join(map(str, chunk))
            cursor.execute(f"SELECT customer_id, segment_id FROM segments_membership WHERE customer_id IN ({ids})")
            rows = np.fromiter(chain.from_iterable(cursor.fetchall()), np.int64).reshape(-1, 2)
            places, segments = np.searchsorted(customers, rows[:, 0]), rows[:, 1]
            for segment in set(segments.tolist()) & found.keys():
                found[segment][places[segments == segment]] = True
    return found


def _members(watch: Watch) -> Customers:
    query = "SELECT customer_id FROM segments_membership WHERE segment_id = %s ORDER BY customer_id"
    found: list[Customers] = [np.empty(0, np.int64)]
    with connection.cursor() as cursor:
        cursor.execute(query, [watch.pk])
        while rows := cursor.fetchmany(_MANY):
            found.append(np.fromiter(chain.from_iterable(rows), np.int64, len(rows)))
    return np.concatenate(found)


def _fill(watches: Sequence[Watch], known: Known, mirror: Mirror | None, now: datetime) -> Ticked:
    """Ask everybody in the mirror; the events it does not have yet are looked at when the segments are kept on."""
    if mirror is None:
        return Ticked()
    token = claim(watches, now=now)
    if token is None:
        return Ticked()
    done = Ticked()
    try:
        asked = [known.conditions[watch.segment.name] for watch in watches]
        for watch, members in zip(watches, asking.queried(mirror, asked, known=known, now=now), strict=True):
            done += _refill(watch, members, token, known, mirror, now)
    except Overtaken:
        release(token)  # what another worker, or a deleted segment, left of the claim
    except BaseException:
        release(token)
        raise
    return done


def _refill(watch: Watch, members: Customers, token: str, known: Known, mirror: Mirror, now: datetime) -> Ticked:
    name = watch.segment.name
    fingerprint = known.fingerprint(name)
    cause = Cause.RECOUNT.value if watch.fingerprint == fingerprint else Cause.DEFINITION.value
    with transaction.atomic():
        settle([watch], token, watermark=mirror.watermark, checked_at=now)
        before = _members(watch)
        entering = np.setdiff1d(members, before, assume_unique=True)
        leaving = np.setdiff1d(before, members, assume_unique=True)
        moves = Moves(entering.tolist(), leaving.tolist(), cause)
        move(watch, moves, now=now, silent=not watch.fingerprint)
        Watch.objects.filter(pk=watch.pk).update(fingerprint=fingerprint, epoch=mirror.epoch, members=len(members))
    return Ticked(0, len(entering), len(leaving))


def _counted(looked_at: int, changes: Iterable[Sequence[Change]]) -> Ticked:
    every = [change for some in changes for change in some]
    entered = sum(change.entered for change in every)
    return Ticked(looked_at, entered, len(every) - entered)
