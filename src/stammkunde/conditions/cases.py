"""Ask one customer's history conditions at any moment, and look ahead to when the answer could change."""

from collections.abc import Iterable, Mapping
from datetime import date
from math import ceil
from zoneinfo import ZoneInfo

from stammkunde.conditions.amounts import Amount, Reckoner, earliest
from stammkunde.conditions.anniversaries import next_anniversary
from stammkunde.conditions.concerns import concerned_from
from stammkunde.conditions.history import Event, History
from stammkunde.conditions.local_clock import LocalClock
from stammkunde.conditions.matching import Matcher, test
from stammkunde.conditions.scalars import all_of, any_of, contrary
from stammkunde.conditions.segments import condition_of
from stammkunde.conditions.tree import (
    And,
    Anniversary,
    Comparison,
    Condition,
    Consent,
    Exists,
    Holds,
    InSegment,
    Last,
    Not,
    OneOf,
    Or,
    Sequence,
    TextTest,
)

_STEPS_OF_A_CLAUSE, _STEPS_OF_ALL = 64, 16
_NEVER_DAYS = 500_000
Answer = tuple[bool | None, int | None]


class Case:
    """One customer's history, asked one or more conditions."""

    def __init__(
        self,
        history: History | Iterable[Event],
        zone: ZoneInfo,
        segments: Mapping[str, Condition],
        bound: Mapping[str, Event],
    ) -> None:
        self.history = history if isinstance(history, History) else History(history)
        self.clock = LocalClock.of(zone)
        self.segments = segments
        self.reckoner = Reckoner(self.history, Matcher(self.history, bound), self.clock)
        self._open: list[str] = []

    def verdict(self, condition: Condition, now: int) -> Answer:
        """Return the value and the first moment at which it could change, future events of the history included."""
        until = concerned_from(condition, self.history, self.segments, now)
        value, flips = self._settled(condition, now, until, _STEPS_OF_ALL)
        return value, earliest(flips, until)

    def _settled(self, condition: Condition, now: int, until: int | None, steps: int) -> Answer:
        """Look on at every moment at which something changes, until the value does."""
        value, flips = self.answer(condition, now)
        for _ in range(steps):
            if flips is None or (until is not None and flips >= until):
                break
            then, later = self.answer(condition, flips)
            if then is not value:
                break
            flips = later
        return value, flips

    def settled(self, condition: Condition, now: int) -> Answer:
        """Return the value of a single clause and when it could change, if nothing new happens."""
        return self._settled(condition, now, None, _STEPS_OF_A_CLAUSE)

    def answer(self, condition: Condition, now: int) -> Answer:
        """Return the value and a moment before which it cannot change."""
        match condition:
            case And():
                answers = [self._part(part, now) for part in condition.parts]
                return _joined(all_of([value for value, _ in answers]), answers, decisive=False)
            case Or():
                answers = [self._part(part, now) for part in condition.parts]
                return _joined(any_of([value for value, _ in answers]), answers, decisive=True)
            case Not():
                value, flips = self._part(condition.part, now)
                return contrary(value), flips
            case InSegment():
                return self._segment(condition, now)
            case _:
                return self._clause(condition, now)

    def _part(self, part: Condition, now: int) -> Answer:
        joined = isinstance(part, And | Or | Not | InSegment)
        return self.answer(part, now) if joined else self.settled(part, now)

    def _clause(
        self, clause: Comparison | OneOf | TextTest | Holds | Exists | Sequence | Consent | Anniversary, now: int
    ) -> Answer:
        match clause:
            case Exists():
                return self._exists(clause, now)
            case Sequence():
                return self._sequence(clause, now)
            case Consent():
                return self.history.consents(clause.purpose, clause.channel, now), None
            case Anniversary():
                return self._anniversary(clause, now)
            case Comparison():
                return self._comparison(clause, now)
            case OneOf() | TextTest() | Holds():
                amount = self.reckoner.amount(clause.value, now)
                midnight = self.clock.midnight(self.clock.day(now) + 1) if amount.per_day else None
                return test(clause, lambda value: self.reckoner.amount(value, now).value), earliest(
                    amount.changes, midnight
                )

    def condition_of(self, segment: InSegment) -> Condition:
        """Return the condition of a segment."""
        return condition_of(segment, self.segments, self._open)

    def _segment(self, segment: InSegment, now: int) -> Answer:
        condition = self.condition_of(segment)
        self._open.append(segment.name)
        try:
            return self._part(condition, now)
        finally:
            self._open.pop()

    def _exists(self, clause: Exists, now: int) -> Answer:
        found = self.reckoner.inside(clause.selector, clause.window, now)
        if not found:
            return clause.none, None
        flips = (
            self.clock.later(found[-1].event.at, clause.window.duration) if isinstance(clause.window, Last) else None
        )
        return not clause.none, flips

    def _comparison(self, clause: Comparison, now: int) -> Answer:
        left, right = self.reckoner.amount(clause.left, now), self.reckoner.amount(clause.right, now)
        value = test(clause, lambda value: (left if value is clause.left else right).value)
        crossing = self._crossing(left, right, now)
        return value, earliest(left.changes, right.changes, crossing)

    def _crossing(self, left: Amount, right: Amount, now: int) -> int | None:
        """Return the midnight from which the order of two values may change, since one of them grows day by day."""
        per_day = left.per_day - right.per_day
        if not per_day or not (isinstance(left.value, float) and isinstance(right.value, float)):
            return None
        days = (right.value - left.value) / per_day
        if not -1 <= days < _NEVER_DAYS:
            return None
        return self.clock.midnight(self.clock.day(now) + max(1, ceil(days) - 1))

    def _anniversary(self, clause: Anniversary, now: int) -> Answer:
        day = self.reckoner.day(clause.moment, now)
        if not isinstance(day.value, date):
            return None, day.changes
        today = self.clock.day(now)
        ahead = next_anniversary(day.value, date.fromordinal(today)).toordinal()
        near = ahead - clause.days <= today
        change = ahead + 1 if near else ahead - clause.days
        return near, earliest(day.changes, self.clock.midnight(change))

    def _sequence(self, clause: Sequence, now: int) -> Answer:
        first = self.reckoner.inside(clause.first.selector, clause.first.window, now)
        then = self.reckoner.inside(clause.then.selector, clause.then.window, now)
        flips = None
        for found, exists in ((first, clause.first), (then, clause.then)):
            if found and isinstance(exists.window, Last):
                flips = earliest(flips, self.clock.later(found[0].event.at, exists.window.duration))
        if not first:
            return False, None
        starts, ends = [match.event.at for match in first], [match.event.at for match in then]
        if not clause.then.none:
            return self._followed(clause, starts, ends), flips
        due = self.clock.later(starts[-1], clause.limit) if clause.limit else now
        broken = any(starts[-1] < end <= due for end in ends)
        return now >= due and not broken, earliest(flips, due if now < due else None)

    def _followed(self, clause: Sequence, starts: list[int], ends: list[int]) -> bool:
        """Tell whether some end comes after some start and within the time; both are in order of time."""
        number = -1
        for end in ends:
            while number + 1 < len(starts) and starts[number + 1] < end:
                number += 1
            if number >= 0 and (clause.limit is None or end <= self.clock.later(starts[number], clause.limit)):
                return True
        return False


def _joined(value: bool | None, answers: list[Answer], *, decisive: bool) -> Answer:
    """Return when a conjunction (decided by a False) or disjunction (decided by a True) could change.

    A decided one stays as it is until its last decisive part changes; otherwise any change matters.
    """
    if value is not decisive:
        return value, earliest(*(flips for _, flips in answers))
    lasting = [flips for part, flips in answers if part is decisive]
    return value, None if None in lasting else max(flips for flips in lasting if flips is not None)
