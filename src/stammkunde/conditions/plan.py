"""Ask conditions of all customers at once: one query over the columnar mirror, whatever the number of conditions."""

from collections.abc import Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from stammkunde.conditions import fragments
from stammkunde.conditions.anniversaries import anniversary
from stammkunde.conditions.fragments import Column
from stammkunde.conditions.local_clock import LocalClock, microseconds
from stammkunde.conditions.plan_figures import Figures
from stammkunde.conditions.plan_rows import Bindable, Parameters, literal, tested, unbound
from stammkunde.conditions.plan_states import consent_table, trait_column, traits_table
from stammkunde.conditions.segments import condition_of
from stammkunde.conditions.tokens import BadCondition
from stammkunde.conditions.tree import (
    Aggregate,
    And,
    Anniversary,
    Arithmetic,
    Bound,
    Comparison,
    Condition,
    Consent,
    Day,
    DaysSince,
    Exists,
    Flag,
    Holds,
    InSegment,
    MedianGap,
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
)

MAX_LENGTH = 2_000_000


@dataclass(frozen=True)
class Plan:
    """A query over the views events, lines, traits and customers_all, and the values bound in it.

    `sql` returns a row per customer: `customer` and, for each condition, a column TRUE, FALSE or NULL (`columns`).
    `count_sql` returns a single row: for each condition the number of customers of whom it is true, then `of`, the
    number of all customers.
    """

    sql: str
    count_sql: str
    columns: tuple[str, ...]
    parameters: Mapping[str, Bindable]


def planned(
    conditions: Condition | Several[Condition],
    *,
    now: datetime,
    zone: ZoneInfo,
    segments: Mapping[str, Condition] | None = None,
    among: str | None = None,
) -> Plan:
    """Return the query that asks the conditions of all customers, or of those in the view named `among`."""
    several = list(conditions) if isinstance(conditions, Several) else [conditions]
    builder = _Builder(LocalClock.of(zone), microseconds(now), segments or {}, among)
    columns = tuple(f"c{number}" for number in range(len(several)))
    truths = [builder.truth(condition) for condition in several]
    told = builder.told()
    if len(told) > MAX_LENGTH or sum(map(len, truths)) > MAX_LENGTH:
        raise BadCondition("Together these conditions are too long: segments within segments repeat themselves.")
    rows = ", ".join(f"{truth} AS {name}" for truth, name in zip(truths, columns, strict=True))
    held = [builder.holds(condition) for condition in several]
    counts = ", ".join(f"count(*) FILTER (WHERE {truth}) AS {name}" for truth, name in zip(held, columns, strict=True))
    return Plan(
        f"SELECT customer, {rows} FROM ({told}) AS told",
        f'SELECT {counts}, count(*) AS "of" FROM ({told}) AS told',
        columns,
        builder.parameters.used(told),
    )


def planned_selector(selector: Selector, *, now: datetime, zone: ZoneInfo, among: str | None = None) -> Plan:
    """Return the query that lists the events a selector names, of all customers: customer, event, at."""
    builder = _Builder(LocalClock.of(zone), microseconds(now), {}, among)
    rows = builder.figures.matched(selector, None)
    tables = dict(builder.figures.with_tables())
    found = f'SELECT customer, id AS event, "at" FROM ({tables["base"]}) AS base WHERE {rows}'
    counts = f'SELECT count(DISTINCT customer) AS c0, count(*) AS "of" FROM ({found}) AS found'
    return Plan(found, counts, ("event", "at"), builder.parameters.used(found))


class _Builder:
    """Turns conditions into SQL over one row per customer, and gathers what that row must hold."""

    def __init__(self, clock: LocalClock, now: int, segments: Mapping[str, Condition], among: str | None) -> None:
        self.parameters = Parameters()
        self.clock = clock
        self.now = now
        self.figures = Figures(self.parameters, clock, now, among)
        self.today = date.fromordinal(clock.day(now))
        self._segments = segments
        self._open: list[str] = []
        self._traits: dict[str, str] = {}
        self._clauses: dict[str, str] = {}

    def told(self) -> str:
        """Return the query for the clauses that the conditions consist of, one row per customer."""
        tables = list(self.figures.with_tables())
        if self._traits:
            asked = traits_table(self._traits, " ".join(self._clauses), self.now, self.figures.concern())
            tables.append(("known", asked))
        named = [f"{name} AS {'NOT MATERIALIZED ' if name == 'base' else ''}({query})" for name, query in tables]
        joins = [f"LEFT JOIN {name} ON {name}.customer = everyone.customer" for name, _ in tables if name != "base"]
        head = f"WITH {', '.join(named)} " if named else ""
        who = f"customers_all AS everyone {' '.join(joins)} WHERE TRUE{self.figures.concern('everyone.')}"
        clauses = "".join(f", {clause} AS {name}" for clause, name in self._clauses.items())
        return f"{head}SELECT everyone.customer{clauses} FROM {who}"

    def holds(self, condition: Condition) -> str:
        """Return SQL that is TRUE exactly where the condition is, and looks at no more clauses than it must."""
        match condition:
            case And():
                *others, last = [self.holds(part) for part in condition.parts]
                return "".join(f"CASE WHEN {part} THEN " for part in others) + last + " END" * len(others)
            case Or():
                return "CASE " + " ".join(f"WHEN {self.holds(part)} THEN TRUE" for part in condition.parts) + " END"
            case _:
                return self.truth(condition)

    def truth(self, condition: Condition) -> str:
        """Return a condition as SQL."""
        match condition:
            case And():
                return fragments.joined("AND", [self.truth(part) for part in condition.parts])
            case Or():
                return fragments.joined("OR", [self.truth(part) for part in condition.parts])
            case Not():
                return f"(NOT {self.truth(condition.part)})"
            case InSegment():
                return self._segment(condition)
            case _:
                return self._clauses.setdefault(self._clause(condition), f"b{len(self._clauses)}")

    def _clause(
        self, condition: Comparison | OneOf | TextTest | Holds | Exists | Sequence | Consent | Anniversary
    ) -> str:
        match condition:
            case Comparison() | OneOf() | TextTest() | Holds():
                return tested(condition, self.parameters, self.value)
            case Exists():
                some = self.figures.some(condition.selector, condition.window)
                return f"(NOT {some})" if condition.none else some
            case Consent():
                table = self.figures.table(consent_table(condition, self.parameters, self.now, self.figures.concern()))
                return f"coalesce({table}.agreed, FALSE)"
            case Anniversary():
                return self._anniversary(condition)
            case Sequence():
                return self._silence(condition) if condition.then.none else self._followed(condition)

    def _segment(self, segment: InSegment) -> str:
        found = condition_of(segment, self._segments, self._open)
        self._open.append(segment.name)
        try:
            return self.truth(found)
        finally:
            self._open.pop()

    def value(self, value: Value) -> Column:
        """Return a value as SQL."""
        match value:
            case Number() | Text() | Flag() | Day():
                return literal(self.parameters, value)
            case Trait():
                return trait_column(self._traits, value.name, self.parameters)
            case Aggregate():
                return self.figures.aggregate(value)
            case MedianGap():
                return self.figures.median_gap(value)
            case DaysSince():
                days = f"(DATE '{self.today}' - {self.value(value.moment).as_day()})"
                return Column(number=f"CAST({days} AS DOUBLE)")
            case Arithmetic():
                return fragments.reckon(value.sign, self.value(value.left), self.value(value.right))
            case Bound():
                raise unbound(value)
            case _:
                raise BadCondition("Attributes can be asked after `where` only.", value.place)

    def _anniversary(self, condition: Anniversary) -> str:
        day = self.value(condition.moment).as_day()
        coming: dict[int, set[int]] = {}
        for ahead in range(condition.days + 1):
            found = self.today + timedelta(days=ahead)
            coming.setdefault(found.year, set()).add(found.month * 100 + found.day)
            if anniversary(date(2000, 2, 29), found.year) == found:
                coming[found.year].add(229)
        tests = [
            f"(month({day}) * 100 + day({day}) IN ({', '.join(map(str, sorted(days)))}) AND year({day}) < {year})"
            for year, days in coming.items()
        ]
        return fragments.joined("OR", tests)

    def _followed(self, sequence: Sequence) -> str:
        first, then = sequence.first, sequence.then
        if sequence.limit is None:
            start, end = self.figures.edge("min", "at", first), self.figures.edge("max", "at", then)
            return f"coalesce({start} < {end}, FALSE)"
        started = (
            "max(CASE WHEN a THEN t END) OVER "
            "(PARTITION BY customer ORDER BY t RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
        )
        within = fragments.within(self.clock, "s", "t", sequence.limit, self.now)
        table = self.figures.table(
            f"SELECT customer, TRUE AS hit FROM (SELECT customer, t, b, {started} AS s FROM ({self._pairs(sequence)}) "
            f"AS marked) AS pairs WHERE b AND s IS NOT NULL AND {within} GROUP BY customer"
        )
        return f"coalesce({table}.hit, FALSE)"

    def _silence(self, sequence: Sequence) -> str:
        """Nothing followed the last start: its time is over, and what came first after it came too late."""
        assert sequence.limit, "the reader of conditions insists on `for`"
        due = self.clock.window_start(sequence.limit, self.now)
        last = self.figures.edge("max", "at", sequence.first)
        if (sequence.first.selector, sequence.first.window) == (sequence.then.selector, sequence.then.window):
            return f"coalesce({last} < {due}, FALSE)"
        within = fragments.within(self.clock, "s", "t", sequence.limit, self.now)
        table = self.figures.table(
            "SELECT customer, TRUE AS broken FROM (SELECT customer, t, b, max(CASE WHEN a THEN t END) OVER "
            f"(PARTITION BY customer) AS s FROM ({self._pairs(sequence)}) AS marked) AS pairs "
            f"WHERE b AND t > s AND {within} GROUP BY customer"
        )
        return f"(coalesce({last} < {due}, FALSE) AND {table}.broken IS NULL)"

    def _pairs(self, sequence: Sequence) -> str:
        first = self.figures.matched(sequence.first.selector, sequence.first.window)
        then = self.figures.matched(sequence.then.selector, sequence.then.window)
        return f'SELECT customer, "at" AS t, ({first}) AS a, ({then}) AS b FROM base WHERE ({first}) OR ({then})'
