"""Work out the figures in a condition for one customer, and when time alone will change them."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import fsum
from statistics import median

from stammkunde.conditions.history import History
from stammkunde.conditions.local_clock import LocalClock
from stammkunde.conditions.matching import Match, Matcher
from stammkunde.conditions.scalars import Scalar, as_day, reckon
from stammkunde.conditions.tree import (
    LINE_ATTRIBUTES,
    LINE_MONEY,
    LINED,
    Aggregate,
    Arithmetic,
    Attribute,
    DaysSince,
    Last,
    MedianGap,
    Nth,
    Selector,
    Trait,
    Value,
    Window,
)
from stammkunde.kernel.money import SCALE

DECIMALS = 6


@dataclass(frozen=True)
class Amount:
    """A value as of now; `per_day` is what each midnight adds to it; `changes` the first moment it may change else."""

    value: Scalar
    changes: int | None = None
    per_day: float = 0.0


class Reckoner:
    """Works values out over one history."""

    def __init__(self, history: History, matcher: Matcher, clock: LocalClock) -> None:
        self.history = history
        self.matcher = matcher
        self.clock = clock

    def amount(self, value: Value, now: int) -> Amount:
        """Return the value as of now."""
        match value:
            case Aggregate():
                return self._aggregate(value, now)
            case DaysSince():
                return self._days_since(value, now)
            case MedianGap():
                matches = self.inside(value.selector, value.window, now)
                return Amount(self._median_gap(matches), self._oldest_leaves(matches, value.window))
            case Arithmetic():
                return self._arithmetic(value, now)
            case Trait():
                return Amount(self.history.trait(value.name, now))
            case Attribute():
                return Amount(None)
            case _:
                return Amount(self.matcher.constant(value))

    def inside(self, selector: Selector, window: Window, now: int) -> tuple[Match, ...]:
        """Return the events that the selector names inside the window."""
        return self.matcher.find(selector).inside(window, self.clock, now)

    def day(self, moment: Aggregate | Trait, now: int) -> Amount:
        """Return the local day of an event, or the day that a trait names."""
        found = self.amount(moment, now)
        return Amount(as_day(found.value), found.changes)

    def _oldest_leaves(self, matches: tuple[Match, ...], window: Window) -> int | None:
        if not matches or not isinstance(window, Last):
            return None
        return self.clock.later(matches[0].event.at, window.duration)

    def _aggregate(self, value: Aggregate, now: int) -> Amount:
        matches = self.inside(value.selector, value.window, now)
        changes = self._oldest_leaves(matches, value.window)
        if value.function == "count":
            return Amount(float(len(matches)), changes)
        if value.function in ("first", "last", "nth"):
            return Amount(self._one(value, matches), changes)
        return Amount(_figure(value, matches), changes)

    def _one(self, value: Aggregate, matches: tuple[Match, ...]) -> Scalar:
        number = {"first": 0, "last": len(matches) - 1}.get(value.function, value.n - 1)
        if not 0 <= number < len(matches):
            return None
        event = matches[number].event
        if value.attribute is None:
            return date.fromordinal(self.clock.day(event.at))
        return event.attribute(value.attribute, None)

    def _median_gap(self, matches: tuple[Match, ...]) -> float | None:
        days = sorted({self.clock.day(match.event.at) for match in matches})
        if len(days) < 2:
            return None
        return float(median(later - earlier for earlier, later in pairwise(days)))

    def _days_since(self, value: DaysSince, now: int) -> Amount:
        day = self.day(value.moment, now)
        if not isinstance(day.value, date):
            return Amount(None, day.changes)
        return Amount(float(self.clock.day(now) - day.value.toordinal()), day.changes, 1.0)

    def _arithmetic(self, value: Arithmetic, now: int) -> Amount:
        left, right = self.amount(value.left, now), self.amount(value.right, now)
        changes = earliest(left.changes, right.changes)
        found = reckon(value.sign, left.value, right.value)
        if not (left.per_day or right.per_day):
            return Amount(found, changes)
        per_day = _slope(value, left, right)
        if found is None or per_day is None:
            return Amount(found, earliest(changes, self.clock.midnight(self.clock.day(now) + 1)))
        return Amount(found, changes, per_day)


def earliest(*moments: int | None) -> int | None:
    """Return the first of the moments that are known."""
    return min((moment for moment in moments if moment is not None), default=None)


def of_lines(value: Aggregate) -> bool:
    """Tell whether the figure is over lines of orders rather than over events."""
    events = value.selector.events if isinstance(value.selector, Nth) else value.selector
    return value.attribute in LINE_ATTRIBUTES and events.kind in LINED


def _figure(value: Aggregate, matches: tuple[Match, ...]) -> float | None:
    known = _values(value, matches)
    if value.function == "distinct":
        return float(len({(type(value), value) for value in known}))
    numbers = [number for number in known if isinstance(number, float)]
    if value.function == "sum":
        return total(value, numbers)
    if not numbers:
        return None
    if value.function == "avg":
        return total(value, numbers) / len(numbers)
    return min(numbers) if value.function == "min" else max(numbers)


def is_money(value: Aggregate) -> bool:
    """Tell whether the figure is over amounts of money that the log keeps to 1/10,000."""
    return value.attribute == "value" or (of_lines(value) and value.attribute in LINE_MONEY)


def total(value: Aggregate, numbers: list[float]) -> float:
    """Add up: money to the last digit, other numbers to six decimals."""
    if is_money(value):
        return sum(round(number * SCALE) for number in numbers) / SCALE
    return round(fsum(numbers), DECIMALS) + 0.0


def _values(value: Aggregate, matches: tuple[Match, ...]) -> list[Scalar]:
    name = value.attribute or ""
    if of_lines(value):
        found = [match.event.attribute(name, line) for match in matches for line in match.lines]
    else:
        found = [match.event.attribute(name, None) for match in matches]
    return [value for value in found if value is not None]


def _slope(value: Arithmetic, left: Amount, right: Amount) -> float | None:
    """Return by how much the result grows each midnight; None when it does not grow evenly."""
    match value.sign:
        case "+":
            return left.per_day + right.per_day
        case "-":
            return left.per_day - right.per_day
        case "*" if not right.per_day and isinstance(right.value, float):
            return left.per_day * right.value
        case "*" if not left.per_day and isinstance(left.value, float):
            return left.value * right.per_day
        case "/" if not right.per_day and isinstance(right.value, float):
            return left.per_day / right.value
    return None
