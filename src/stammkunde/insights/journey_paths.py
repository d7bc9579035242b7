"""Show the ways that customers really take, beside those that were planned."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from stammkunde.conditions.local_clock import LocalClock, microseconds
from stammkunde.conditions.tree import Events
from stammkunde.insights.figures import Among
from stammkunde.insights.journey_keeping import remembered, tick
from stammkunde.insights.journey_off_map import off_map
from stammkunde.insights.journey_steps import signals, steps_of
from stammkunde.insights.journey_values import DropOff, Share, Transition, Way, Ways
from stammkunde.journeys.document import Journey
from stammkunde.metrics.mirror import Mirror
from stammkunde.metrics.steps import Steps
from stammkunde.metrics.transitions import last_stations, transitions
from stammkunde.metrics.variants import Variant, first_stations, lengths, variants, without_repeats

STATIONS = 8
QUIET_DAYS = 90


def ways(
    journey: Journey,
    mirror: Mirror | None,
    *,
    start: date,
    end: date,
    now: datetime,
    among: Among | None = None,
    most: int = 12,
    quiet_days: int = QUIET_DAYS,
) -> Ways:
    """Return the most frequent ways in [start, end), what follows what, and where people were last seen.

    A way is the first eight stations of a customer, direct repetitions drawn together; an event that belongs to
    several touchpoints is at the rarest of them. Somebody drops off where nothing has followed for `quiet_days` before
    the end; those who are at the goal do not.
    """
    if mirror is None:
        return Ways((), (), (), Share(None, 0, None), 0, 0, quiet_days)
    question = ("ways", journey, start, end, among.name if among else "", most, quiet_days, tick(now))
    return remembered(mirror, question, lambda: _ways(journey, mirror, start, end, now, among, most, quiet_days))


def _ways(
    journey: Journey,
    mirror: Mirror,
    start: date,
    end: date,
    now: datetime,
    among: Among | None,
    most: int,
    quiet_days: int,
) -> Ways:
    clock = LocalClock.of(ZoneInfo(mirror.time_zone))
    begin, close = clock.midnight(start.toordinal()), clock.midnight(end.toordinal())
    close = min(close, microseconds(now) + 1)
    every = steps_of(journey, mirror).between(begin, close)
    steps = every.of_customers(among.customers) if among else every
    merged = steps.merged()
    away, customers = off_map(steps, _everywhere(journey), mirror, begin, close, among)
    planned = {(path.start, path.end) for path in journey.paths}
    walked = without_repeats(merged)
    short = first_stations(walked, STATIONS)
    found = variants(short, most=most)
    beyond = _cut(walked, short)
    top = tuple(_way(one, merged.names, planned, len(short.starts), beyond) for one in found.top)
    last_day = date.fromordinal(clock.day(close)) - timedelta(days=quiet_days)
    drops = _drop_offs(journey, merged, clock.midnight(last_day.toordinal()))
    return Ways(top, drops, _transitions(merged, planned), away, customers, found.count, quiet_days)


def _everywhere(journey: Journey) -> frozenset[str]:
    return frozenset(one.kind for one in signals(journey).values() if isinstance(one, Events) and one.where is None)


def _cut(walked: Steps, short: Steps) -> frozenset[tuple[int, ...]]:
    """Return the ways of full length that go on for somebody."""
    if not len(short) or int(lengths(walked).max()) <= STATIONS:
        return frozenset()
    longer = lengths(walked) > STATIONS
    return frozenset(one.steps for one in variants(short.only(longer[short.place])).top)


def _way(
    found: Variant,
    names: tuple[str, ...],
    planned: Collection[tuple[str, str]],
    of: int,
    beyond: frozenset[tuple[int, ...]],
) -> Way:
    steps = tuple(names[one] for one in found.steps)
    twice = {one for one in found.steps if found.steps.count(one) > 1}
    loops = tuple(names[one] for one in sorted(twice))
    known = all(pair in planned for pair in pairwise(steps))
    return Way(steps, found.customers, found.customers / of, known, loops, found.steps in beyond)


def _transitions(merged: Steps, planned: Collection[tuple[str, str]]) -> tuple[Transition, ...]:
    table = transitions(merged)
    rows, columns = np.nonzero(table.events)
    found = [
        Transition(
            table.names[row],
            table.names[column],
            int(table.events[row, column]),
            int(table.customers[row, column]),
            float(table.median_days[row, column]),
            (table.names[row], table.names[column]) in planned,
        )
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.customers, -one.events, one.start, one.end)))


def _drop_offs(journey: Journey, merged: Steps, before: int) -> tuple[DropOff, ...]:
    last = last_stations(merged, before=before)
    ends = {journey.goal.touchpoint} if journey.goal else set()
    found = []
    for number, name in enumerate(merged.names):
        here = len(np.unique(merged.place[merged.rows(number)]))
        if last[number] and name not in ends:
            found.append(DropOff(name, int(last[number]), here, int(last[number]) / here))
    return tuple(sorted(found, key=lambda one: (-one.customers, one.touchpoint)))
