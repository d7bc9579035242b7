"""Ask many conditions of all customers in memory: arrays where they answer, one query for what they cannot."""

from collections.abc import Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from operator import and_, or_
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions.crowd_clauses import simple
from stammkunde.conditions.crowd_rows import Crowd, Flags, Rows, Traits
from stammkunde.conditions.local_clock import LocalClock, microseconds
from stammkunde.conditions.matching import limits
from stammkunde.conditions.plan import planned
from stammkunde.conditions.segments import condition_of
from stammkunde.conditions.tree import (
    Aggregate,
    And,
    Arithmetic,
    Comparison,
    Condition,
    DaysSince,
    Events,
    Exists,
    Flag,
    Holds,
    InSegment,
    Not,
    Number,
    OneOf,
    Or,
    Selector,
    Sequence,
    Text,
    TextTest,
    Trait,
    Value,
    Window,
)
from stammkunde.conditions.walking import nodes
from stammkunde.kernel.money import SCALE

Span = tuple[str, int, int]
_EPOCH_DAY = 719_163
_COMPARE = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_RECKON = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}


@dataclass(frozen=True)
class Truths:
    """Of whom a clause is true; and of whom it is known, where that is not everyone."""

    true: Flags
    known: Flags | None = None

    @cached_property
    def false(self) -> Flags:
        """Return of whom it is false; of those who are in neither it is unknown."""
        return ~self.true if self.known is None else self.known & ~self.true


@dataclass(frozen=True)
class Numbers:
    """A number per customer, or one for all; and of whom it is known, where that is not everyone."""

    value: NDArray[np.float64]
    known: Flags | None = None


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
    return [int(np.count_nonzero(answers.true(condition))) for condition in conditions]


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
        self._clauses: dict[Condition, Truths] = {}
        self._rows: dict[Span, Rows] = {}
        self._figures: dict[tuple[str, Span], NDArray[np.float64]] = {}
        self._traits: dict[str, Traits] = {}

    def prepare(self, conditions: Several[Condition], now: datetime, zone: ZoneInfo) -> None:
        """Ask the clauses that arrays cannot answer, all in one query."""
        clauses = dict.fromkeys(clause for condition in conditions for clause in self._leaves(condition, ()))
        others = [clause for clause in clauses if not simple(clause)]
        self._cut([clause for clause in clauses if simple(clause)])
        if not others:
            return
        plan = planned(others, now=now, zone=zone)
        rows = self._crowd.load(f"SELECT * FROM ({plan.sql}) AS asked ORDER BY customer", **plan.parameters)
        for clause, name in zip(others, plan.columns, strict=True):
            known, true = ~np.ma.getmaskarray(rows[name]), np.ma.filled(rows[name], False).astype(bool)
            self._clauses[clause] = Truths(known & true, known)

    def _cut(self, clauses: list[Condition]) -> None:
        """Cut out the windows that are asked for, the widest first: a narrow one is cut out of a wider one."""
        spans = {
            (events.kind, *limits(getattr(node, "window", None), self._clock, self._now))
            for clause in clauses
            for node in nodes(clause)
            if isinstance(events := getattr(node, "selector", None), Events)
        }
        wider: list[Span] = []
        for span in sorted(spans, key=lambda span: span[1] - span[2]):
            kind, start, end = span
            source = [one for one in wider if one[0] == kind and one[1] <= start and one[2] >= end]
            rows = self._rows[source[-1]] if source else self._crowd.rows(kind)
            self._rows[span] = rows.between(start, end)
            wider.append(span)

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
        found = self._clauses.get(clause)
        if found is None:
            found = self._clauses[clause] = self._clause(clause)
        return found

    def _clause(self, clause: Condition) -> Truths:
        match clause:
            case Exists():
                some = self._count(clause.selector, clause.window) > 0
                return Truths(~some if clause.none else some)
            case Sequence(limit=limit) if limit:
                due = self._clock.window_start(limit, self._now)
                silent = self._edge("at", clause.first.selector, None, last=True) < due
                return Truths(silent & (self._count(clause.first.selector, None) > 0))
            case Comparison(right=Text() | Flag()) | OneOf() | TextTest() | Holds():
                return self._known(clause)
            case Comparison():
                left, right = self._number(clause.left), self._number(clause.right)
                known = _both(left.known, right.known)
                true = np.broadcast_to(_COMPARE[clause.operator](left.value, right.value), self._crowd.size)
                return Truths(true if known is None else known & true, known)
            case _:
                raise AssertionError("other clauses have been asked of the engine")

    def _known(self, clause: Comparison | OneOf | TextTest | Holds) -> Truths:
        """Answer a question about a trait as a text or a flag."""
        if isinstance(clause, Comparison):
            return self._equal(clause)
        if isinstance(clause, Holds):
            return self._holds(clause)
        assert isinstance(clause.value, Trait), "only traits are asked here"
        traits = self._trait(clause.value)
        worded = traits.code >= 0
        if isinstance(clause, TextTest):
            part, starts = clause.part.value, clause.test == "starts with"
            fitting = [text.startswith(part) if starts else part in text for text in traits.texts]
            return _looked_up(traits, np.array(fitting, bool))
        texts = {option.value for option in clause.options if isinstance(option, Text)}
        numbers = [option.value for option in clause.options if isinstance(option, Number)]
        true = _looked_up(traits, np.array([text in texts for text in traits.texts], bool)).true
        true |= traits.numbered & np.isin(traits.number, numbers)
        unlike = np.zeros(self._crowd.size, bool)
        unlike |= worded if not numbers else False
        unlike |= traits.numbered if not texts else False
        return Truths(true, true | unlike)

    def _equal(self, clause: Comparison) -> Truths:
        assert isinstance(clause.left, Trait), "only traits are asked here"
        traits = self._trait(clause.left)
        if isinstance(clause.right, Flag):
            found = Truths(traits.true if clause.right.value else traits.false, traits.true | traits.false)
        else:
            assert isinstance(clause.right, Text), "only texts and flags are asked here"
            found = _looked_up(traits, np.array([text == clause.right.value for text in traits.texts], bool))
        return found if clause.operator == "=" else Truths(found.false, found.known)

    def _holds(self, clause: Holds) -> Truths:
        if isinstance(clause.value, Trait):
            traits = self._trait(clause.value)
            return Truths(traits.true, traits.true | traits.false)
        return Truths(np.full(self._crowd.size, isinstance(clause.value, Flag) and clause.value.value))

    def _number(self, value: Value) -> Numbers:
        match value:
            case Number():
                return Numbers(np.array(value.value))
            case Trait():
                traits = self._trait(value)
                return Numbers(traits.number, traits.numbered)
            case Aggregate(function="count"):
                return Numbers(self._count(value.selector, value.window))
            case Aggregate():
                return Numbers(self._sum(value.selector, value.window))
            case DaysSince(moment=Aggregate() as moment):
                day = self._edge("day", moment.selector, moment.window, last=moment.function == "last")
                today = self._clock.day(self._now) - _EPOCH_DAY
                return Numbers((today - day).astype(np.float64), self._count(moment.selector, moment.window) > 0)
            case Arithmetic():
                left, right = self._number(value.left), self._number(value.right)
                with np.errstate(all="ignore"):
                    found = _RECKON[value.sign](left.value, right.value)
                return Numbers(found, _both(_both(left.known, right.known), np.isfinite(found)))
            case _:
                raise AssertionError("other values have been asked of the engine")

    def _trait(self, trait: Trait) -> Traits:
        if trait.name not in self._traits:
            self._traits[trait.name] = self._crowd.traits(trait.name, self._now)
        return self._traits[trait.name]

    def _span(self, selector: Selector, window: Window) -> Span:
        assert isinstance(selector, Events), "the n-th events are asked of the engine"
        return (selector.kind, *limits(window, self._clock, self._now))

    def _count(self, selector: Selector, window: Window) -> NDArray[np.float64]:
        span = self._span(selector, window)
        if ("count", span) not in self._figures:
            found = np.bincount(self._rows[span].customer, minlength=self._crowd.size)
            self._figures["count", span] = found.astype(np.float64)
        return self._figures["count", span]

    def _sum(self, selector: Selector, window: Window) -> NDArray[np.float64]:
        span = self._span(selector, window)
        if ("sum", span) not in self._figures:
            rows = self._rows[span]
            self._figures["sum", span] = np.bincount(rows.customer, rows.value, self._crowd.size) / SCALE
        return self._figures["sum", span]

    def _edge(self, column: str, selector: Selector, window: Window, *, last: bool) -> NDArray[np.int64]:
        """Return the moment or day of the first or last event: rows are in order, and what is written last stays."""
        rows = self._rows[self._span(selector, window)]
        found = np.zeros(self._crowd.size, np.int64)
        values = rows.at if column == "at" else rows.day
        found[rows.customer if last else rows.customer[::-1]] = values if last else values[::-1]
        return found


def _both(first: Flags | None, second: Flags | None) -> Flags | None:
    if first is None or second is None:
        return second if first is None else first
    return first & second


def _looked_up(traits: Traits, fitting: Flags) -> Truths:
    """Return whose text fits, and whose does not; those without a text are unknown."""
    worded = traits.code >= 0
    true = worded & (fitting[traits.code] if len(fitting) else False)
    return Truths(true, worded)
