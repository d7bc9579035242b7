"""Find the events that a selector names in one customer's history."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stammkunde.conditions.history import Event, History, Line
from stammkunde.conditions.local_clock import LocalClock
from stammkunde.conditions.scalars import Scalar, all_of, any_of, compare, contrary, reckon
from stammkunde.conditions.tokens import BadCondition
from stammkunde.conditions.tree import (
    And,
    Arithmetic,
    Attribute,
    Bound,
    Comparison,
    Condition,
    Day,
    Events,
    Flag,
    Holds,
    Last,
    Not,
    Nth,
    Number,
    OneOf,
    Or,
    Selector,
    Text,
    TextTest,
    Value,
    Window,
)


@dataclass(frozen=True)
class Match:
    """An event that a selector names, with the lines that satisfy it."""

    event: Event
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Matches:
    """All events that a selector names, in order of time, past and future."""

    all: tuple[Match, ...]
    moments: tuple[int, ...]

    def inside(self, window: Window, clock: LocalClock, now: int) -> tuple[Match, ...]:
        """Return those that have happened by now and lie in the window."""
        start, end = limits(window, clock, now)
        return self.all[bisect_left(self.moments, start) : bisect_right(self.moments, end)]


def limits(window: Window, clock: LocalClock, now: int) -> tuple[int, int]:
    """Return the first and the last microsecond of a window as of now."""
    if window is None:
        return -(2**62), now
    if isinstance(window, Last):
        return clock.window_start(window.duration, now), now
    end = clock.midnight(window.last.toordinal() + 1) - 1
    return clock.midnight(window.first.toordinal()), min(end, now)


class Matcher:
    """Looks selectors up in one history, each of them once."""

    def __init__(self, history: History, bound: Mapping[str, Event]) -> None:
        self._history = history
        self._bound = bound
        self._found: dict[Selector, Matches] = {}

    def find(self, selector: Selector) -> Matches:
        """Return all events that the selector names."""
        found = self._found.get(selector)
        if found is None:
            found = self._found[selector] = self._nth(selector) if isinstance(selector, Nth) else self._search(selector)
        return found

    def _nth(self, selector: Nth) -> Matches:
        every = self.find(selector.events)
        part = slice(selector.n - 1, selector.n)
        return Matches(every.all[part], every.moments[part])

    def _search(self, events: Events) -> Matches:
        found = []
        for event in self._history.of_kind(events.kind):
            lines = tuple(line for line in event.lines if self._satisfies(events.where, event, line))
            if lines or (not event.lines and self._satisfies(events.where, event, None)):
                found.append(Match(event, lines))
        return Matches(tuple(found), tuple(match.event.at for match in found))

    def _satisfies(self, where: Condition | None, event: Event, line: Line | None) -> bool:
        return where is None or self._truth(where, event, line) is True

    def _truth(self, where: Condition, event: Event, line: Line | None) -> bool | None:
        match where:
            case And():
                return all_of([self._truth(part, event, line) for part in where.parts])
            case Or():
                return any_of([self._truth(part, event, line) for part in where.parts])
            case Not():
                return contrary(self._truth(where.part, event, line))
            case Comparison() | OneOf() | TextTest() | Holds():
                return test(where, lambda value: self._value(value, event, line))
            case _:
                raise BadCondition("After `where` only attributes of the event can be asked.", where.place)

    def _value(self, value: Value, event: Event, line: Line | None) -> Scalar:
        match value:
            case Attribute():
                return event.attribute(value.name, line)
            case Arithmetic():
                return reckon(value.sign, self._value(value.left, event, line), self._value(value.right, event, line))
            case Number() | Text() | Flag() | Day() | Bound():
                return self.constant(value)
            case _:
                raise BadCondition("After `where` only attributes of the event can be asked.", value.place)

    def constant(self, value: Number | Text | Flag | Day | Bound) -> Scalar:
        """Return a value that does not depend on the history."""
        if not isinstance(value, Bound):
            return value.value
        if value.scope not in self._bound:
            raise BadCondition(f"`{value.scope}.{value.name}` has a meaning inside a flow only.", value.place)
        return self._bound[value.scope].attribute(value.name, None)


def test(condition: Comparison | OneOf | TextTest | Holds, read: Callable[[Value], Scalar]) -> bool | None:
    """Answer a simple question about values, which `read` looks up."""
    match condition:
        case Comparison():
            return compare(condition.operator, read(condition.left), read(condition.right))
        case OneOf():
            value = read(condition.value)
            return any_of([compare("=", value, option.value) for option in condition.options])
        case TextTest():
            text = read(condition.value)
            if not isinstance(text, str):
                return None
            starts = condition.test == "starts with"
            return text.startswith(condition.part.value) if starts else condition.part.value in text
        case Holds():
            value = read(condition.value)
            return value if isinstance(value, bool) else None
