"""Raise the alarm when a map and what happens grow apart, and suggest what to write into the map."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from stammkunde.conditions.local_clock import LocalClock, microseconds
from stammkunde.conditions.tree import Events, Nth, kind_of
from stammkunde.insights.journey_keeping import remembered, tick
from stammkunde.insights.journey_kinds import BOOKKEEPING, kinds_seen
from stammkunde.insights.journey_steps import signals, steps_of
from stammkunde.insights.journey_values import Dead, Drift, KindSeen, Unexplained, UnknownPath
from stammkunde.journeys.document import Journey, Silence
from stammkunde.metrics.mirror import Mirror
from stammkunde.metrics.steps import Steps
from stammkunde.metrics.transitions import transitions

__all__ = ["drift", "kinds_seen"]
LOOKED_BACK_DAYS = 365
_RECENT = """
SELECT kind, count(*), count(DISTINCT customer) FROM events
WHERE customer IS NOT NULL AND "at" >= $start AND "at" <= $now GROUP BY kind ORDER BY 3 DESC, 2 DESC, 1
"""


def drift(
    journey: Journey, mirror: Mirror | None, *, now: datetime, quiet_days: int = 30, share: float = 0.05
) -> Drift:
    """Return the events of the last year that no touchpoint explains, touchpoints without events for `quiet_days`, and
    ways between touchpoints that more than `share` of those on the map take and the map does not know. Falling silent
    is no way that a map would plan.

    What the product notes for itself needs no touchpoint. Time is counted up to `now`, or up to the last event in the
    data where these are older.
    """
    if mirror is None:
        return Drift((), (), (), quiet_days, share)
    question = ("drift", journey, quiet_days, share, tick(now))
    return remembered(mirror, question, lambda: _drift(journey, mirror, now, quiet_days, share))


def _drift(journey: Journey, mirror: Mirror, now: datetime, quiet_days: int, share: float) -> Drift:
    clock = LocalClock.of(ZoneInfo(mirror.time_zone))
    until = _until(mirror, microseconds(now))
    steps = steps_of(journey, mirror).at_most(until)
    today = date.fromordinal(clock.day(until))
    since = clock.midnight((today - timedelta(days=LOOKED_BACK_DAYS)).toordinal())
    quiet = clock.midnight((today - timedelta(days=quiet_days)).toordinal())
    return Drift(
        tuple(_unexplained(journey, mirror, since, until)),
        tuple(_dead(journey, steps, clock, quiet)),
        tuple(_unknown_paths(journey, steps.between(since, until + 1), share)),
        quiet_days,
        share,
    )


def _until(mirror: Mirror, now: int) -> int:
    """Return now, or the last moment in the data before it."""
    [(last,)] = mirror.sql('SELECT max("at") FROM events WHERE "at" <= $now', now=now)
    return int(last) if last is not None else now


def _unexplained(journey: Journey, mirror: Mirror, since: int, until: int) -> Iterator[Unexplained]:
    explained = {kind for found in signals(journey).values() for kind in _kinds(found)}
    seen = {one.kind: one for one in kinds_seen(mirror)}
    for kind, events, customers in mirror.sql(_RECENT, start=since, now=until):
        if kind not in explained and kind not in BOOKKEEPING:
            yield Unexplained(kind, events, customers, suggested_signal(seen[kind]))


def _kinds(found: object) -> Sequence[str]:
    if isinstance(found, Silence):
        return (kind_of(found.first), kind_of(found.missing))
    assert isinstance(found, Events | Nth), "a signal is events or a silence"
    return (kind_of(found),)


def suggested_signal(seen: KindSeen) -> str:
    """Return the text of a signal for a kind of events: narrowed down where one value makes up most of them."""
    for attribute in seen.attributes:
        for value, events in attribute.values[:1]:
            if seen.events * 0.5 <= events < seen.events and "'" not in value:
                return f"{seen.kind} where {attribute.name} = '{value}'"
    return seen.kind


def _dead(journey: Journey, steps: Steps, clock: LocalClock, quiet: int) -> Iterator[Dead]:
    for touchpoint in journey.touchpoints:
        if touchpoint.signal.found is None:
            continue
        rows = steps.rows(steps.number(touchpoint.id))
        last = int(steps.at[rows].max()) if len(rows) else None
        if last is None:
            yield Dead(touchpoint.id, None)
        elif last < quiet:
            yield Dead(touchpoint.id, date.fromordinal(clock.day(last)))


def _unknown_paths(journey: Journey, steps: Steps, share: float) -> Iterator[UnknownPath]:
    known = {(path.start, path.end) for path in journey.paths}
    silences = {name for name, found in signals(journey).items() if isinstance(found, Silence)}
    table = transitions(steps.merged())
    customers = len(steps.starts)
    for place in np.argsort(-table.customers, axis=None, kind="stable").tolist():
        row, column = divmod(place, len(table.names))
        count = int(table.customers[row, column])
        if not customers or count <= share * customers:
            return
        start, end = table.names[row], table.names[column]
        if (start, end) not in known and end not in silences:
            days = float(table.median_days[row, column])
            yield UnknownPath(start, end, count, count / customers, days, _line(start, end, days))


def _line(start: str, end: str, days: float) -> str:
    """Return the line for the map: a path within a time that about three quarters should keep, in round numbers."""
    steps = (1, 2, 3, 7, 14, 30, 60, 90, 180, 365)
    within = next((one for one in steps if one >= 2 * days), steps[-1])
    loop = ", loop: true" if start == end else ""
    return f"- {{from: {start}, to: {end}, within: {within}d{loop}}}"
