"""Tell whom time alone may have moved into or out of a condition since it was last asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor

from stammkunde.conditions import Condition, concerns
from stammkunde.conditions.local_clock import Duration, LocalClock
from stammkunde.conditions.tree import (
    Aggregate,
    Anniversary,
    Comparison,
    DaysSince,
    Exists,
    InSegment,
    Last,
    MedianGap,
    Node,
    Number,
    Sequence,
    kind_of,
)
from stammkunde.conditions.walking import children


@dataclass(frozen=True)
class Range:
    """Whoever had an event of this kind between these two moments (microseconds, both included) may have moved."""

    kind: str
    first: int
    last: int


@dataclass(frozen=True)
class Due:
    """Whom to look at again; `everyone`: a midnight passed, and whom it moved depends on each one's own rhythm."""

    ranges: frozenset[Range]
    everyone: bool


def due(condition: Condition, *, segments: Mapping[str, Condition], clock: LocalClock, since: int, until: int) -> Due:
    """Return whom to look at again at `until`, when everybody was right at `since`; nobody else can have moved.

    A window loses events as their age passes its length; a silence ends when its time is over; days change at
    midnight; and an event may have been recorded before it happens.
    """
    span = _Span(clock, since, until)
    ahead = {Range(kind, since + 1, until) for kind in concerns(condition, segments).kinds}
    found = list(_moved(condition, segments, span, frozenset()))
    ranges = {one for one in found if isinstance(one, Range) and one.first <= one.last}
    return Due(frozenset(ranges | ahead), everyone=None in found)


class _Span:
    """The time from one look to the next."""

    def __init__(self, clock: LocalClock, since: int, until: int) -> None:
        self.clock, self.since, self.until = clock, since, until
        self.days = clock.day(since), clock.day(until)

    @property
    def has_midnight(self) -> bool:
        return self.days[0] != self.days[1]

    def aged(self, kind: str, length: Duration) -> Range:
        """Return the events that became older than this length."""
        first, end = (self.clock.window_start(length, moment) for moment in (self.since, self.until))
        return Range(kind, first, end - 1)

    def of_age(self, kind: str, days: float) -> Range:
        """Return the events whose age in calendar days came to this number, with a day to spare on both sides."""
        first, last = self.days[0] - floor(days) - 1, self.days[1] - ceil(days) + 1
        return Range(kind, self.clock.midnight(max(first, 1)), self.clock.midnight(max(last, 1) + 1) - 1)


def _moved(node: Node, segments: Mapping[str, Condition], span: _Span, seen: frozenset[str]) -> Iterator[Range | None]:
    """Yield the ranges that matter to a node and all below it; None stands for everyone."""
    if isinstance(node, InSegment):
        if node.name in segments and node.name not in seen:
            yield from _moved(segments[node.name], segments, span, seen | {node.name})
        return
    yield from _windowed(node, span)
    below = list(children(node))
    if span.has_midnight and isinstance(node, Comparison):
        for days, number in ((node.left, node.right), (node.right, node.left)):
            if isinstance(days, DaysSince) and isinstance(days.moment, Aggregate) and isinstance(number, Number):
                yield span.of_age(kind_of(days.moment.selector), number.value)
                below = [days.moment]
    if span.has_midnight and isinstance(node, DaysSince | Anniversary):
        yield None
    for child in below:
        yield from _moved(child, segments, span, seen)


def _windowed(node: Node, span: _Span) -> Iterator[Range | None]:
    match node:
        case Exists() | Aggregate() | MedianGap() if isinstance(node.window, Last):
            yield span.aged(kind_of(node.selector), node.window.duration)
        case Sequence() if node.limit and node.then.none:
            yield span.aged(kind_of(node.first.selector), node.limit)
        case _:
            pass
