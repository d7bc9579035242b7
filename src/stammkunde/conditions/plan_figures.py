"""Gather the figures that conditions need of every customer, so that one pass over the events yields them all."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from stammkunde.conditions import fragments
from stammkunde.conditions.amounts import DECIMALS, is_money, of_lines
from stammkunde.conditions.fragments import Column
from stammkunde.conditions.local_clock import LocalClock
from stammkunde.conditions.matching import limits
from stammkunde.conditions.plan_rows import Parameters, RowReader, asks_lines
from stammkunde.conditions.tree import Aggregate, Between, Events, Exists, MedianGap, Nth, Selector, Window, kind_of

ZERO = "CAST(0 AS DOUBLE)"
_EVER = -(2**62)


@dataclass
class Gathering:
    """The columns over one set of rows, each worked out once: SQL of the aggregate by its name."""

    prefix: str
    columns: dict[str, str] = field(default_factory=dict)

    def column(self, aggregate: str) -> str:
        """Return the name of the column that holds this aggregate."""
        return self.columns.setdefault(aggregate, f"{self.prefix}{len(self.columns)}")

    def select(self) -> str:
        """Return the columns as the engine is asked for them."""
        return "".join(f", {aggregate} AS {name}" for aggregate, name in self.columns.items())


class Figures:
    """The figures over events, gathered for one query."""

    def __init__(self, parameters: Parameters, clock: LocalClock, now: int, among: str | None) -> None:
        self.parameters = parameters
        self.clock = clock
        self.now = now
        self._among = f" AND {{0}}customer IN (SELECT customer FROM {among})" if among else ""
        self._flags: dict[Selector, str] = {}
        self._flag_columns: list[str] = []
        self._starts: dict[str, int] = {}
        self._per_customer = Gathering("f")
        self._per_line = Gathering("l")
        self._line_kinds: set[str] = set()
        self._tables: dict[str, str] = {}

    def concern(self, customer: str = "") -> str:
        """Return the restriction to the customers who are asked about."""
        return self._among.format(customer)

    def table(self, query: str) -> str:
        """Return the name of a table of its own, which holds one row per customer."""
        return self._tables.setdefault(query, f"t{len(self._tables)}")

    def matched(self, selector: Selector, window: Window) -> str:
        """Return the SQL that tells whether a row of `base` is named by the selector and lies in the window."""
        start, end = limits(window, self.clock, self.now)
        named = self._named(selector, start)
        tests = [f"{named} >= {start}"] if start > _EVER else []
        tests += [f"{named} <= {end}"] if end < self.now else []
        return " AND ".join(tests) or f"{named} IS NOT NULL"

    def count(self, selector: Selector, window: Window) -> str:
        """Return the number of events, 0 where there are none."""
        if window is None:
            return f"coalesce({self._per_customer.column(f'count({self._named(selector, _EVER)})')}, 0)"
        column = self._per_customer.column(f"count(*) FILTER (WHERE {self.matched(selector, window)})")
        return f"coalesce({column}, 0)"

    def some(self, selector: Selector, window: Window) -> str:
        """Tell whether there is such an event; windows up to now share the time of the last one."""
        if isinstance(window, Between):
            return f"({self.count(selector, window)} > 0)"
        start, _ = limits(window, self.clock, self.now)
        last = self._per_customer.column(f"max({self._named(selector, start)})")
        return f"({last} IS NOT NULL)" if window is None else f"coalesce({last} >= {start}, FALSE)"

    def edge(self, function: str, column: str, exists: Exists) -> str:
        """Return the smallest or greatest value of a column over the events that are asked for."""
        rows = self.matched(exists.selector, exists.window)
        return self._per_customer.column(f'{function}("{column}") FILTER (WHERE {rows})')

    def aggregate(self, value: Aggregate) -> Column:
        """Return a figure over events."""
        if value.function == "count":
            return Column(number=f"CAST({self.count(value.selector, value.window)} AS DOUBLE)")
        if value.function in ("first", "last", "nth"):
            return self._one(value)
        if of_lines(value):
            return self._of_lines(value)
        return self._summed(value, self._per_customer, self.matched(value.selector, value.window))

    def _summed(self, value: Aggregate, gathering: Gathering, rows: str) -> Column:
        column = RowReader(self.parameters, "", "").attribute(kind_of(value.selector), value.attribute or "")
        if value.function == "distinct":
            found = gathering.column(f"count(DISTINCT {_identity(column)}) FILTER (WHERE {rows})")
            return Column(number=f"CAST(coalesce({found}, 0) AS DOUBLE)")
        number = column.number or "CAST(NULL AS DOUBLE)"
        if value.function in ("min", "max"):
            return Column(number=gathering.column(f"{value.function}({number}) FILTER (WHERE {rows})"))
        total = self._total(value, gathering, rows, number)
        if value.function == "sum":
            return Column(number=f"coalesce({total}, {ZERO})")
        known = gathering.column(f"count({number}) FILTER (WHERE {rows})")
        return Column(number=f"({total} / nullif(CAST({known} AS DOUBLE), 0))")

    @staticmethod
    def _total(value: Aggregate, gathering: Gathering, rows: str, number: str) -> str:
        if not is_money(value):
            return f"round({gathering.column(f'sum({number}) FILTER (WHERE {rows})')}, {DECIMALS})"
        stored = "discount" if value.attribute == "line_discount" else value.attribute
        return fragments.money(gathering.column(f'sum(CAST("{stored}" AS DOUBLE)) FILTER (WHERE {rows})'))

    def _of_lines(self, value: Aggregate) -> Column:
        events = value.selector.events if isinstance(value.selector, Nth) else value.selector
        start, end = limits(value.window, self.clock, self.now)
        reader = RowReader(self.parameters, "", "")
        kind = self.parameters.bind(events.kind)
        rows = f'kind = {kind} AND "at" BETWEEN {start} AND {end} AND {reader.where(events)}'
        if isinstance(value.selector, Nth):
            rows += f" AND id IN ({self._nth(value.selector)})"
        self._line_kinds.add(kind)
        return self._summed(value, self._per_line, rows)

    def _one(self, value: Aggregate) -> Column:
        if value.attribute is None and value.function != "nth":
            exists = Exists(value.selector, value.window)
            return Column(day=self.edge("min" if value.function == "first" else "max", "day", exists))
        rows = self.matched(value.selector, value.window)
        way = " DESC" if value.function == "last" else ""
        order = f'row_number() OVER (PARTITION BY customer ORDER BY "at"{way}, id{way})'
        if value.attribute is None:
            column = Column(day="day")
        else:
            column = RowReader(self.parameters, "", "").attribute(kind_of(value.selector), value.attribute)
        parts = {"n": column.number, "t": column.text, "f": column.flag, "d": column.day}
        select = "".join(f", {sql} AS {name}" for name, sql in parts.items() if sql)
        table = self.table(
            f"SELECT customer{select} FROM (SELECT *, {order} AS place FROM base WHERE {rows}) AS ordered "
            f"WHERE place = {max(value.n, 1)}"
        )
        n, t, f, d = (f"{table}.{name}" if sql else None for name, sql in parts.items())
        return Column(number=n, text=t, flag=f, day=d)

    def median_gap(self, value: MedianGap) -> Column:
        """Return the median distance in days between consecutive days with such an event."""
        days = f"SELECT DISTINCT customer, day FROM base WHERE {self.matched(value.selector, value.window)}"
        gap = "day - lag(day) OVER (PARTITION BY customer ORDER BY day)"
        table = self.table(
            f"SELECT customer, quantile_cont(gap, 0.5) AS gap FROM "
            f"(SELECT customer, {gap} AS gap FROM ({days}) AS days) AS gaps WHERE gap IS NOT NULL GROUP BY customer"
        )
        return Column(number=f"CAST({table}.gap AS DOUBLE)")

    def _named(self, selector: Selector, start: int) -> str:
        """Return the column of `base` that holds the moment of events which the selector names, and NULL for others."""
        self._look_from(kind_of(selector), _EVER if isinstance(selector, Nth) else start)
        known = self._flags.get(selector)
        if known is None:
            known = self._flags[selector] = f"m{len(self._flags)}"
            self._flag_columns.append(f'CASE WHEN {self._flag_test(selector)} THEN "at" END AS {known}')
        return known

    def _flag_test(self, selector: Selector) -> str:
        if isinstance(selector, Nth):
            return f"id IN ({self._nth(selector)})"
        kind = f"kind = {self.parameters.bind(selector.kind)}"
        if asks_lines(selector):
            return f"id IN ({self._with_lines(selector)})"
        return f"CASE WHEN {kind} THEN {self._where(selector)} END" if selector.where else kind

    def _where(self, events: Events) -> str:
        return RowReader(self.parameters, "", "").where(events)

    def _with_lines(self, events: Events) -> str:
        where = RowReader(self.parameters, "e.", "l.").where(events)
        return (
            "SELECT e.id FROM events AS e LEFT JOIN lines AS l ON l.event = e.id "
            f'WHERE e.kind = {self.parameters.bind(events.kind)} AND e."at" <= {self.now}'
            f"{self.concern('e.')} AND {where}"
        )

    def _nth(self, selector: Nth) -> str:
        events = selector.events
        test = f"id IN ({self._with_lines(events)})" if asks_lines(events) else self._where(events)
        order = 'row_number() OVER (PARTITION BY customer ORDER BY "at", id)'
        rows = (
            f"SELECT id, {order} AS place FROM events WHERE customer IS NOT NULL AND kind = "
            f'{self.parameters.bind(events.kind)} AND "at" <= {self.now}{self.concern()} AND {test}'
        )
        return f"SELECT id FROM ({rows}) AS ordered WHERE place = {selector.n}"

    def _look_from(self, kind: str, start: int) -> None:
        bound = self.parameters.bind(kind)
        self._starts[bound] = min(self._starts.get(bound, start), start)

    def with_tables(self) -> Iterable[tuple[str, str]]:
        """Yield the names and queries of what the customers are joined with; `base` comes first."""
        if self._starts:
            yield "base", self._base()
        if self._per_customer.columns:
            yield "per_customer", f"SELECT customer{self._per_customer.select()} FROM base GROUP BY customer"
        if self._per_line.columns:
            yield "per_line", self._lines()
        for query, name in self._tables.items():
            yield name, query

    def _base(self) -> str:
        flags = "".join(f", {column}" for column in self._flag_columns)
        earliest = min(self._starts.values())
        pieces = [
            f"(kind = {kind}" + (f' AND "at" >= {start})' if start > earliest else ")")
            for kind, start in self._starts.items()
        ]
        since = f' AND "at" >= {earliest}' if earliest > _EVER else ""
        return (
            f'SELECT customer, id, kind, "at", day, value, attributes{flags} FROM events WHERE customer IS NOT NULL '
            f'AND "at" <= {self.now}{since}{self.concern()} AND {fragments.joined("OR", pieces)}'
        )

    def _lines(self) -> str:
        columns = 'e.customer, e.id, e.kind, e."at", e.value, e.attributes'
        lines = "l.product, l.category, l.quantity, l.unit_price, l.line_total, l.discount"
        rows = (
            f"SELECT {columns}, {lines} FROM events AS e JOIN lines AS l ON l.event = e.id "
            f'WHERE e.customer IS NOT NULL AND e."at" <= {self.now}{self.concern("e.")} '
            f"AND e.kind IN ({', '.join(sorted(self._line_kinds))})"
        )
        return f"SELECT customer{self._per_line.select()} FROM ({rows}) AS rows GROUP BY customer"


def _identity(column: Column) -> str:
    """Return a text that differs where values differ."""
    texts = []
    if column.number:
        texts.append(f"'n' || CAST({column.number} + {ZERO} AS VARCHAR)")
    if column.text:
        texts.append(f"'t' || {column.text}")
    if column.flag:
        texts.append(f"'f' || CAST({column.flag} AS VARCHAR)")
    return f"coalesce({', '.join(texts)})"
