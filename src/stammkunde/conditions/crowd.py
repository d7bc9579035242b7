"""Ask many conditions of all customers in memory: arrays where they answer, one query for what they cannot."""

from collections.abc import Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

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
from stammkunde.kernel.money import SCALE

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
    """Of whom a condition is true, and of whom it is false; of the others it is unknown."""

    true: Flags
    false: Flags


@dataclass(frozen=True)
class Numbers:
    """A number per customer (or one for all), and of whom it is known."""

    value: NDArray[np.float64]
    known: Flags | np.bool_


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
        self._figures: dict[object, NDArray[Any]] = {}
        self._traits: dict[str, Traits] = {}

    def prepare(self, conditions: Several[Condition], now: datetime, zone: ZoneInfo) -> None:
        """Ask the clauses that arrays cannot answer, all in one query."""
        others = dict.fromkeys(
            clause for condition in conditions for clause in self._leaves(condition, ()) if not _simple(clause)
        )
        if not others:
            return
        plan = planned(list(others), now=now, zone=zone)
        rows = self._crowd.load(f"SELECT * FROM ({plan.sql}) AS asked ORDER BY customer", **plan.parameters)
        for clause, name in zip(others, plan.columns, strict=True):
            known, true = ~np.ma.getmaskarray(rows[name]), np.ma.filled(rows[name], False).astype(bool)
            self._clauses[clause] = Truths(known & true, known & ~true)

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
        """Return of whom the condition is true or false."""
        match condition:
            case And():
                parts = [self.truth(part) for part in condition.parts]
                return Truths(_all([part.true for part in parts]), ~_all([~part.false for part in parts]))
            case Or():
                parts = [self.truth(part) for part in condition.parts]
                return Truths(~_all([~part.true for part in parts]), _all([part.false for part in parts]))
            case Not():
                part = self.truth(condition.part)
                return Truths(part.false, part.true)
            case InSegment():
                return self.truth(self._segments[condition.name])
            case _:
                found = self._clauses.get(condition)
                if found is None:
                    found = self._clauses[condition] = self._clause(condition)
                return found

    def _clause(self, clause: Condition) -> Truths:
        match clause:
            case Exists():
                some = self._count(clause.selector, clause.window) > 0
                return Truths(~some, some) if clause.none else Truths(some, ~some)
            case Sequence(limit=limit) if limit:
                due = self._clock.window_start(limit, self._now)
                silent = self._edge("at", clause.first.selector, None, last=True) < due
                silent &= self._count(clause.first.selector, None) > 0
                return Truths(silent, ~silent)
            case Comparison(right=Text() | Flag()) | OneOf() | TextTest() | Holds():
                return self._known(clause)
            case Comparison():
                left, right = self._number(clause.left), self._number(clause.right)
                known = np.broadcast_to(left.known & right.known, self._crowd.size)
                true = _COMPARE[clause.operator](left.value, right.value)
                return Truths(known & true, known & ~true)
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
        alike = (worded if len(numbers) == 0 else np.bool_(False)) | (traits.numbered if not texts else np.bool_(False))
        return Truths(true, alike & ~true)

    def _equal(self, clause: Comparison) -> Truths:
        assert isinstance(clause.left, Trait), "only traits are asked here"
        traits = self._trait(clause.left)
        if isinstance(clause.right, Flag):
            same, other = (traits.true, traits.false) if clause.right.value else (traits.false, traits.true)
            found = Truths(same, other)
        else:
            assert isinstance(clause.right, Text), "only texts and flags are asked here"
            found = _looked_up(traits, np.array([text == clause.right.value for text in traits.texts], bool))
        return found if clause.operator == "=" else Truths(found.false, found.true)

    def _holds(self, clause: Holds) -> Truths:
        if isinstance(clause.value, Trait):
            traits = self._trait(clause.value)
            return Truths(traits.true, traits.false)
        true = np.full(self._crowd.size, isinstance(clause.value, Flag) and clause.value.value)
        return Truths(true, ~true)

    def _number(self, value: Value) -> Numbers:
        match value:
            case Number():
                return Numbers(np.array(value.value), np.bool_(True))
            case Trait():
                traits = self._trait(value)
                return Numbers(traits.number, traits.numbered)
            case Aggregate(function="count"):
                return Numbers(self._count(value.selector, value.window).astype(np.float64), np.bool_(True))
            case Aggregate():
                return Numbers(self._sum(value.selector, value.window) / SCALE, np.bool_(True))
            case DaysSince(moment=Aggregate() as moment):
                day = self._edge("day", moment.selector, moment.window, last=moment.function == "last")
                today = self._clock.day(self._now) - _EPOCH_DAY
                return Numbers((today - day).astype(np.float64), self._count(moment.selector, moment.window) > 0)
            case Arithmetic():
                left, right = self._number(value.left), self._number(value.right)
                with np.errstate(all="ignore"):
                    found = _RECKON[value.sign](left.value, right.value)
                return Numbers(found, left.known & right.known & np.isfinite(found))
            case _:
                raise AssertionError("other values have been asked of the engine")

    def _trait(self, trait: Trait) -> Traits:
        if trait.name not in self._traits:
            self._traits[trait.name] = self._crowd.traits(trait.name, self._now)
        return self._traits[trait.name]

    def _inside(self, selector: Selector, window: Window) -> tuple[Rows, "slice | Flags", tuple[str, int, int]]:
        assert isinstance(selector, Events), "the n-th events are asked of the engine"
        start, end = limits(window, self._clock, self._now)
        rows = self._crowd.rows(selector.kind)
        key = (selector.kind, start, end)
        if ("inside", key) not in self._figures:
            inside = rows.between(start, end)
            places = rows.customer[inside]
            self._figures["inside", key] = inside  # type: ignore[assignment]
            self._figures["places", key] = places
        return rows, self._figures["inside", key], key

    def _count(self, selector: Selector, window: Window) -> NDArray[np.int64]:
        _, _, key = self._inside(selector, window)
        if ("count", key) not in self._figures:
            self._figures["count", key] = np.bincount(self._figures["places", key], minlength=self._crowd.size)
        return self._figures["count", key]

    def _sum(self, selector: Selector, window: Window) -> NDArray[np.float64]:
        rows, inside, key = self._inside(selector, window)
        if ("sum", key) not in self._figures:
            places = self._figures["places", key]
            self._figures["sum", key] = np.bincount(places, rows.value[inside], minlength=self._crowd.size)
        return self._figures["sum", key]

    def _edge(self, column: str, selector: Selector, window: Window, *, last: bool) -> NDArray[np.int64]:
        """Return the moment or day of the first or last event: rows are in order, and what is written last stays."""
        rows, inside, key = self._inside(selector, window)
        found = np.zeros(self._crowd.size, np.int64)
        values, places = (rows.at if column == "at" else rows.day)[inside], self._figures["places", key]
        found[places if last else places[::-1]] = values if last else values[::-1]
        return found


def _all(flags: list[Flags]) -> Flags:
    found = flags[0].copy()
    for more in flags[1:]:
        found &= more
    return found


def _looked_up(traits: Traits, fitting: Flags) -> Truths:
    """Return whose text fits, and whose does not; those without a text are unknown."""
    worded = traits.code >= 0
    true = worded & (fitting[traits.code] if len(fitting) else False)
    return Truths(true, worded & ~true)


def _simple(clause: Condition) -> bool:
    """Tell whether arrays answer the clause."""
    match clause:
        case Exists():
            return _plain(clause.selector)
        case Sequence():
            same = clause.first.selector == clause.then.selector and not (clause.first.window or clause.then.window)
            return clause.then.none and same and _plain(clause.first.selector)
        case Comparison(left=Trait(), right=Text() | Flag()):
            return clause.operator in ("=", "!=")
        case Comparison():
            both_known = isinstance(clause.left, Trait) and isinstance(clause.right, Trait)
            return _numeric(clause.left) and _numeric(clause.right) and not both_known
        case OneOf() | TextTest():
            return isinstance(clause.value, Trait)
        case Holds():
            return isinstance(clause.value, Trait | Flag)
        case _:
            return False


def _numeric(value: Value) -> bool:
    match value:
        case Number() | Trait():
            return True
        case Aggregate(function="count"):
            return _plain(value.selector)
        case Aggregate(function="sum", attribute="value"):
            return _plain(value.selector)
        case DaysSince(moment=Aggregate(function="first" | "last") as moment):
            return _plain(moment.selector)
        case Arithmetic():
            return _numeric(value.left) and _numeric(value.right)
        case _:
            return False


def _plain(selector: Selector) -> bool:
    return isinstance(selector, Events) and selector.where is None
