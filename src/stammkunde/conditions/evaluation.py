"""Decide a condition for one customer at one moment, and tell when time alone could change the verdict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from stammkunde.conditions.cases import Case
from stammkunde.conditions.history import Event, History
from stammkunde.conditions.local_clock import LocalClock, from_microseconds, microseconds
from stammkunde.conditions.reasons import Reason, explain
from stammkunde.conditions.tree import (
    Condition,
    Goal,
    Selector,
)


@dataclass(frozen=True)
class Verdict:
    """Whether a condition holds (None: unknown), and the first moment at which time alone could change that."""

    value: bool | None
    flips_at: datetime | None
    _case: Case
    _condition: Condition
    _now: int

    @cached_property
    def reason(self) -> Reason:
        """Return why, as a tree that reads as a sentence in German and in English."""
        return explain(self._case, self._condition, self._now)


def evaluate(
    condition: Condition,
    history: History | Iterable[Event],
    now: datetime,
    *,
    zone: ZoneInfo,
    segments: Mapping[str, Condition] | None = None,
    bound: Mapping[str, Event] | None = None,
) -> Verdict:
    """Decide the condition for the customer with this history.

    Only events up to `now` count; later ones may be in the history and bring `flips_at` forward. `flips_at` is never
    late, and early only when the figure changes more than some sixty times before the verdict does. `segments` are the
    conditions of the segments by name, `bound` the events that `event.x` and `start.x` speak of.
    """
    case = Case(history, zone, segments or {}, bound or {})
    moment = microseconds(now)
    value, flips = case.verdict(condition, moment)
    return Verdict(value, None if flips is None else from_microseconds(flips), case, condition, moment)


def matching(
    selector: Selector,
    history: History | Iterable[Event],
    now: datetime,
    *,
    zone: ZoneInfo,
    bound: Mapping[str, Event] | None = None,
) -> tuple[Event, ...]:
    """Return the events up to now that the selector names, in order of time."""
    case = Case(history, zone, {}, bound or {})
    return tuple(match.event for match in case.reckoner.inside(selector, None, microseconds(now)))


def reached(
    goal: Goal,
    history: History | Iterable[Event],
    now: datetime,
    *,
    started_at: datetime,
    zone: ZoneInfo,
    bound: Mapping[str, Event] | None = None,
) -> Event | None:
    """Return the first event after the start, and within the goal's time, that reaches the goal."""
    start, clock = microseconds(started_at), LocalClock.of(zone)
    end = clock.later(start, goal.within) if goal.within else None
    events = matching(goal.selector, history, now, zone=zone, bound=bound)
    return next((event for event in events if event.at > start and (end is None or event.at <= end)), None)
