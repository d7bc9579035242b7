"""Ask many conditions of all customers in memory: arrays where they answer, one query for what they cannot."""

from collections.abc import Iterator, Mapping
from collections.abc import Sequence as Several
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions.crowd_clauses import simple
from stammkunde.conditions.crowd_columns import Column, Flags, Truths, tested
from stammkunde.conditions.crowd_figures import EVER, NO_DAY, Figure, Figures, Wanted
from stammkunde.conditions.crowd_rows import Crowd
from stammkunde.conditions.local_clock import LocalClock, microseconds
from stammkunde.conditions.matching import limits
from stammkunde.conditions.segments import condition_of
from stammkunde.conditions.tree import (
    Aggregate,
    And,
    Comparison,
    Condition,
    DaysSince,
    Events,
    Exists,
    Holds,
    InSegment,
    Not,
    OneOf,
    Or,
    Selector,
    Sequence,
    TextTest,
    Trait,
    Value,
    Window,
)
from stammkunde.conditions.walking import nodes
from stammkunde.kernel.money import SCALE

__all__ = ["Truths", "asked", "counted", "members"]

_EPOCH_DAY = 719_163
# So many customers are counted at once: what is worked out about them stays within the processor's own memory.
_BLOCK = 262_144


def asked(
    conditions: Several[Condition],
    crowd: Crowd,
    now: datetime,
    *,
    zone: ZoneInfo,
    segments: Mapping[str, Condition] | None = None,
) -> list[Truths]:
    """Return of whom each condition is true or false as of now, in the order of `crowd.customers`."""
    answers = _Answers(crowd, LocalClock.of(zone), microseconds(now), segments or {})
    answers.prepare(conditions, now, zone)
    return [answers.truth(condition) for condition in conditions]


def counted(
    conditions: Several[Condition],
    crowd: Crowd,
    now: datetime,
    *,
    zone: ZoneInfo,
    segments: Mapping[str, Condition] | None = None,
) -> list[int]:
    """Return of how many customers each condition is true."""
    answers = _Answers(crowd, LocalClock.of(zone), microseconds(now), segments or {})
    answers.prepare(conditions, now, zone)
    counts = np.zeros(len(conditions), np.int64)
    for start in range(0, crowd.size, _BLOCK):
        answers.look_at(slice(start, min(start + _BLOCK, crowd.size)))
        counts += [np.count_nonzero(answers.true(condition)) for condition in conditions]
    return [int(count) for count in counts]


def members(
    condition: Condition,
    crowd: Crowd,
    now: datetime,
    *,
    zone: ZoneInfo,
    segments: Mapping[str, Condition] | None = None,
) -> NDArray[np.int64]:
    """Return the customers of whom the condition is true."""
    [truths] = asked([condition], crowd, now, zone=zone, segments=segments)
    return crowd.customers[truths.true]


class _Answers:
    def __init__(self, crowd: Crowd, clock: LocalClock, now: int, segments: Mapping[str, Condition]) -> None:
        self._crowd = crowd
        self._clock = clock
        self._now = now
        self._segments = segments
        self._figures = Figures(crowd, now)
        self._asked: dict[Condition, Truths] = {}
        self._traits: dict[str, Column] = {}
        self._spans: dict[tuple[int, int], tuple[Events, int, int]] = {}
        self._starts: dict[int, int] = {}
        self._same: dict[int, Condition] = {}
        self._distinct: dict[Condition, Condition] = {}
        self.look_at(slice(0, crowd.size))

    def look_at(self, part: slice) -> None:
        """Answer from now on for some of the customers only."""
        self._part = part
        self._size = part.stop - part.start
        self._clauses: dict[int, Truths] = {}
        self._columns: dict[Value, Column] = {}

    def prepare(self, conditions: Several[Condition], now: datetime, zone: ZoneInfo) -> None:
        """Ask the clauses that arrays cannot answer, all at once, and work out what the others share."""
        clauses = dict.fromkeys(clause for condition in conditions for clause in self._leaves(condition, ()))
        others = [clause for clause in clauses if not simple(clause)]
        self._figures.prepare(one for clause in clauses if simple(clause) for one in self._wanted(clause))
        if others:
            answers = self._crowd.source.answers(others, now, zone)
            self._asked.update(zip(others, answers, strict=True))

    def _wanted(self, clause: Condition) -> Iterator[Wanted]:
        if isinstance(clause, Sequence):
            yield from self._silence(clause)
            return
        for node in nodes(clause):
            match node:
                case Exists():
                    yield "some", *self._span(node.selector, node.window)
                case Aggregate(function="count"):
                    yield "count", *self._span(node.selector, node.window)
                case Aggregate(function="sum"):
                    yield "sum", *self._span(node.selector, node.window)
                case _:
                    pass

    def _silence(self, clause: Sequence) -> tuple[Wanted, Wanted]:
        """Return what tells that there was an event, and what that none came since the time was over."""
        assert clause.limit, "the reader of conditions insists on `for`"
        selector = clause.first.selector
        assert isinstance(selector, Events), "the n-th events are asked of the engine"
        due = self._starts.get(id(clause))
        if due is None:
            due = self._starts[id(clause)] = self._clock.window_start(clause.limit, self._now)
        return ("some", selector, EVER, self._now), ("some", selector, due, self._now)

    def _leaves(self, condition: Condition, opened: tuple[str, ...]) -> list[Condition]:
        match condition:
            case And() | Or():
                return [leaf for part in condition.parts for leaf in self._leaves(part, opened)]
            case Not():
                return self._leaves(condition.part, opened)
            case InSegment():
                found = condition_of(condition, self._segments, opened)
                return self._leaves(found, (*opened, condition.name))
            case _:
                return [condition]

    def truth(self, condition: Condition) -> Truths:
        """Return of whom the condition is true, and of whom it is known."""
        if not isinstance(condition, And | Or | Not | InSegment):
            return self._found(condition)
        true = self.true(condition)
        return Truths(true, true | self.false(condition))

    def true(self, condition: Condition) -> Flags:
        """Return of whom the condition is true."""
        match condition:
            case And():
                return reduce(and_, [self.true(part) for part in condition.parts])
            case Or():
                return reduce(or_, [self.true(part) for part in condition.parts])
            case Not():
                return self.false(condition.part)
            case InSegment():
                return self.true(self._segments[condition.name])
            case _:
                return self._found(condition).true

    def false(self, condition: Condition) -> Flags:
        """Return of whom the condition is false."""
        match condition:
            case And():
                return reduce(or_, [self.false(part) for part in condition.parts])
            case Or():
                return reduce(and_, [self.false(part) for part in condition.parts])
            case Not():
                return self.true(condition.part)
            case InSegment():
                return self.false(self._segments[condition.name])
            case _:
                return self._found(condition).false

    def _found(self, clause: Condition) -> Truths:
        known = self._same.get(id(clause)) or self._first(clause)
        found = self._clauses.get(id(known))
        if found is None:
            found = self._clauses[id(known)] = self._clause(known)
        return found

    def _first(self, clause: Condition) -> Condition:
        """Return the first clause that says the same: a tree takes long to hash, so do it once for each."""
        known = self._same[id(clause)] = self._distinct.setdefault(clause, clause)
        return known

    def _clause(self, clause: Condition) -> Truths:
        asked = self._asked.get(clause)
        if asked is not None:
            return Truths(asked.true[self._part], None if asked.known is None else asked.known[self._part])
        match clause:
            case Exists():
                some = self._figure("some", *self._span(clause.selector, clause.window))
                return Truths(~some if clause.none else some)
            case Sequence():
                ever, late = (self._figure(*wanted) for wanted in self._silence(clause))
                return Truths(ever & ~late)
            case Comparison() | OneOf() | TextTest() | Holds():
                return tested(clause, self._value, self._size)
            case _:
                raise AssertionError("other clauses have been asked of the engine")

    def _value(self, value: Value) -> Column:
        found = self._columns.get(value)
        if found is None:
            found = self._columns[value] = self._column(value)
        return found

    def _column(self, value: Value) -> Column:
        match value:
            case Trait():
                return self._trait(value.name).taken(self._part)
            case Aggregate(function="count"):
                return Column(number=self._figure("count", *self._span(value.selector, value.window)))
            case Aggregate():
                return Column(number=self._figure("sum", *self._span(value.selector, value.window)) / SCALE)
            case DaysSince(moment=Aggregate() as moment):
                span = self._span(moment.selector, moment.window)
                day = self._figures.day(*span, last=moment.function == "last")[self._part]
                today = self._clock.day(self._now) - _EPOCH_DAY
                return Column(number=today - day, numbered=day != NO_DAY)
            case _:
                raise AssertionError("other values have been asked of the engine")

    def _figure(self, figure: Figure, events: Events, start: int, end: int) -> NDArray[Any]:
        return self._figures.figure(figure, events, start, end)[self._part]

    def _trait(self, name: str) -> Column:
        if name not in self._traits:
            self._traits[name] = self._crowd.trait(name, self._now)
        return self._traits[name]

    def _span(self, selector: Selector, window: Window) -> tuple[Events, int, int]:
        assert isinstance(selector, Events), "the n-th events are asked of the engine"
        # By identity, for both are part of a condition that the caller holds: a tree takes long to hash.
        known = self._spans.get((id(selector), id(window)))
        if known is None:
            known = self._spans[id(selector), id(window)] = (selector, *limits(window, self._clock, self._now))
        return known
