"""Make random histories, conditions and moments, of the sort at which time goes wrong."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random

import duckdb

from stammkunde.conditions import tree as t
from stammkunde.conditions.history import Event
from stammkunde.conditions.local_clock import Duration, microseconds

ANCHORS = [
    datetime(2024, 3, 31, 1, 0, tzinfo=UTC),  # clocks go forward in Berlin
    datetime(2024, 10, 27, 0, 0, tzinfo=UTC),  # the hour that comes twice begins
    datetime(2024, 10, 27, 1, 0, tzinfo=UTC),  # and begins again
    datetime(2024, 2, 29, 12, 0, tzinfo=UTC),
    datetime(2023, 12, 31, 23, 0, tzinfo=UTC),  # midnight in Berlin, a year ends
    datetime(2024, 1, 31, 22, 59, 59, tzinfo=UTC),
    datetime(2024, 3, 30, 1, 30, tzinfo=UTC),
    datetime(2023, 3, 1, 0, 0, tzinfo=UTC),
]
KINDS = ["order.placed", "order.placed", "order.placed", "message.clicked", "order.returned"]
TEXTS = ["a", "b", "ab", "Ä'\"", "2024-02-29", ""]
TRAITS = ["city", "tier", "vip", "birthday", "clv"]
NUMBERS = [0.0, 1.0, 2.0, 2.5, 7.0, 30.0, -1.0]
CHANNELS = ["email", "sms", None]
DURATIONS = [
    *(Duration(n, "day") for n in (1, 7, 30, 31, 60)),
    *(Duration(n, "month") for n in (1, 2, 3)),
    *(Duration(1, unit) for unit in ("hour", "week", "year")),
    Duration(90, "minute"),
]


TABLES = {
    "events": 'id BIGINT, customer BIGINT, kind VARCHAR, "at" BIGINT, day DATE, value BIGINT, attributes VARCHAR',
    "lines": "event BIGINT, kind VARCHAR, customer BIGINT, day DATE, product VARCHAR, category VARCHAR, "
    "quantity DOUBLE, unit_price BIGINT, line_total BIGINT, discount BIGINT",
    "traits": 'customer BIGINT, trait VARCHAR, text VARCHAR, number DOUBLE, flag BOOLEAN, "at" BIGINT, event BIGINT',
    "customers_all": "customer BIGINT",
}


def moment(random: Random) -> datetime:
    steps = [timedelta(), timedelta(microseconds=1), timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)]
    steps += [timedelta(days=7), timedelta(days=30), timedelta(days=31), timedelta(days=366)]
    away = random.choice([-1, 0, 0, 1]) * random.choice(steps)
    return random.choice(ANCHORS) + away


def history(random: Random, first_id: int) -> list[Event]:
    return [event(random, first_id + number) for number in range(random.choice([0, 1, 2, 4, 8, 12]))]


def event(random: Random, number: int) -> Event:
    at = microseconds(moment(random))
    sort = random.random()
    if sort < 0.2:
        name = random.choice(TRAITS)
        after = {
            "vip": random.choice([True, False, None, "a"]),
            "birthday": random.choice(["2000-02-29", "2001-03-31", "x"]),
        }
        return Event(number, "trait.changed", at, None, {"trait": name, "after": after.get(name, scalar(random))})
    if sort < 0.35:
        kind = random.choice(["consent.given", "consent.given", "consent.withdrawn", "consent.objected"])
        purpose = "news" if kind == "consent.given" else random.choice(["news", "news", None])
        found = {"purpose": purpose, "channel": random.choice(CHANNELS)}
        return Event(number, kind, at, None, {key: one for key, one in found.items() if one is not None})
    kind = random.choice(KINDS)
    attributes = {name: scalar(random) for name in ("x", "y") if random.random() < 0.7}
    if kind != "message.clicked" and random.random() < 0.7:
        attributes["lines"] = [line(random) for _ in range(random.choice([0, 1, 1, 2, 3]))]
    value = random.choice([None, 0, 10_000, 25_000, 70_000, 300_000]) if kind != "message.clicked" else None
    return Event(number, kind, at, value, attributes)


def line(random: Random) -> dict:
    found = {
        "product": random.choice(["p", "q"]),
        "category": random.choice(["a", "b", None]),
        "quantity": random.choice([1, 2, 2.5]),
        "line_total": random.choice([1, 2.5, 7]),
        "discount": random.choice([0, 0.5]),
    }
    return {key: one for key, one in found.items() if one is not None and random.random() < 0.9}


def scalar(random: Random) -> object:
    return random.choice([*TEXTS, *NUMBERS, 2, True, False, None])


class Conditions:
    def __init__(self, random: Random, segments: list[str]) -> None:
        self.random = random
        self.segments = segments

    def pick(self, *options):
        return self.random.choice(options)

    def condition(self, depth=2):
        if depth and self.random.random() < 0.6:
            parts = tuple(self.condition(depth - 1) for _ in range(self.pick(2, 2, 3)))
            return self.pick(lambda: t.And(parts), lambda: t.Or(parts), lambda: t.Not(self.condition(depth - 1)))()
        return self.clause()

    def clause(self):
        makers = [self.exists, self.exists, self.sequence, self.sequence, self.numeric, self.numeric, self.numeric]
        makers += [self.known, self.known, self.anniversary, self.consent, self.segment, self.dated]
        return self.pick(*makers)()

    def duration(self):
        return self.pick(*DURATIONS)

    def window(self):
        days = sorted(moment(self.random).date() for _ in range(2))
        return self.pick(None, t.Last(self.duration()), t.Last(self.duration()), t.Between(*days))

    def operator(self):
        return self.pick(*t.OPERATORS)

    def events(self, kind=None):
        kind = kind or self.pick(*KINDS)
        return t.Events(kind, self.where(kind) if self.random.random() < 0.4 else None)

    def where(self, kind, depth=1):
        if depth and self.random.random() < 0.3:
            parts = (self.where(kind, 0), self.where(kind, 0))
            return self.pick(t.And(parts), t.Or(parts), t.Not(parts[0]))
        names = ["x", "y", "value"] + (
            ["category", "product", "quantity", "line_total", "line_discount"] if kind != "message.clicked" else []
        )
        value = t.Attribute(self.pick(*names))
        return self.simple(value, t.Attribute(self.pick(*names)))

    def simple(self, value, other):
        literal = self.literal()
        return self.pick(
            lambda: t.Comparison(self.operator(), value, literal),
            lambda: t.Comparison(self.operator(), value, literal),
            lambda: t.Comparison(self.operator(), value, other),
            lambda: t.Comparison(
                self.operator(), t.Arithmetic(self.pick("+", "-", "*", "/"), value, self.number()), self.number()
            ),
            lambda: t.OneOf(value, tuple(self.pick(self.text(), self.number()) for _ in range(self.pick(1, 2, 3)))),
            lambda: t.TextTest(self.pick("starts with", "contains"), value, self.text()),
            lambda: t.Holds(value),
            lambda: t.Comparison(self.operator(), value, t.Day(date(2024, 2, 29))),
        )()

    def text(self):
        return t.Text(self.pick(*TEXTS))

    def number(self):
        return t.Number(self.pick(*NUMBERS))

    def literal(self):
        return self.pick(self.text(), self.number(), self.number(), t.Flag(self.pick(True, False)))

    def selector(self):
        return t.Nth(self.events(), self.pick(1, 2)) if self.random.random() < 0.15 else self.events()

    def exists(self):
        return t.Exists(self.selector(), self.window(), self.pick(True, False))

    def sequence(self):
        none, same = self.pick(True, False), self.random.random() < 0.4
        first = t.Exists(self.selector(), self.pick(None, None, self.window()))
        then = (
            t.Exists(first.selector, first.window, none)
            if same
            else t.Exists(self.selector(), self.pick(None, None, self.window()), none)
        )
        return t.Sequence(
            first, then, self.duration() if none else self.pick(None, *[self.duration() for _ in range(4)])
        )

    def amount(self, depth=1):
        if depth and self.random.random() < 0.35:
            return t.Arithmetic(self.pick("+", "-", "*", "/"), self.amount(0), self.pick(self.amount(0), self.number()))
        return self.pick(
            self.aggregate,
            self.aggregate,
            self.days,
            self.days,
            self.gap,
            self.number,
            lambda: t.Trait(self.pick(*TRAITS)),
        )()

    def aggregate(self):
        function = self.pick("count", "sum", "avg", "min", "max", "distinct", "first", "last", "nth")
        if function == "count":
            return t.Aggregate("count", self.selector(), None, self.window())
        events = self.events()
        of_order = events.kind != "message.clicked"
        names = (
            ["x", "value"]
            if function in ("first", "last", "nth") or not of_order
            else ["x", "value", "quantity", "line_total", "line_discount", "category"]
        )
        return t.Aggregate(
            function, events, self.pick(*names), self.window(), self.pick(1, 2) if function == "nth" else 0
        )

    def moment(self):
        function = self.pick("first", "last", "last", "nth")
        return self.pick(
            t.Aggregate(function, self.events(), None, self.window(), self.pick(1, 2) if function == "nth" else 0),
            t.Aggregate("last", self.selector()),
            t.Trait("birthday"),
        )

    def days(self):
        return t.DaysSince(self.moment())

    def gap(self):
        return t.MedianGap(self.events(), self.window())

    def numeric(self):
        return t.Comparison(self.operator(), self.amount(), self.pick(self.number(), self.number(), self.amount()))

    def known(self):
        return self.simple(t.Trait(self.pick(*TRAITS)), t.Trait(self.pick(*TRAITS)))

    def dated(self):
        moment = self.moment()
        return t.Comparison(self.operator(), moment, self.pick(t.Day(date(2024, 2, 29)), self.moment()))

    def anniversary(self):
        return t.Anniversary(self.moment(), self.pick(1, 7, 30, 366))

    def consent(self):
        return t.Consent("news", self.pick(*CHANNELS))

    def segment(self):
        return t.InSegment(self.pick(*self.segments)) if self.segments else self.exists()


def mirror(histories: dict[int, list[Event]], zone) -> duckdb.DuckDBPyConnection:
    """Lay the histories out as the mirror does."""
    con = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": "false"})
    for table, columns in TABLES.items():
        con.execute(f"CREATE TABLE {table} ({columns})")
    events, lines, traits = [], [], []
    for customer, happened in histories.items():
        for one in happened:
            day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=one.at)).astimezone(zone).date()
            attributes = {key: value for key, value in one.attributes.items() if key != "lines"}
            events.append((one.id, customer, one.kind, one.at, day, one.value, json.dumps(attributes)))
            for line in one.attributes.get("lines") or []:
                money = [
                    None if line.get(name) is None else round(line[name] * 10_000)
                    for name in ("unit_price", "line_total", "discount")
                ]
                lines.append(
                    (
                        one.id,
                        one.kind,
                        customer,
                        day,
                        line.get("product"),
                        line.get("category"),
                        line.get("quantity"),
                        *money,
                    )
                )
            if one.kind == "trait.changed":
                after = attributes.get("after")
                text = after if isinstance(after, str) else None
                flag = after if isinstance(after, bool) else None
                number = float(after) if isinstance(after, int | float) and flag is None else None
                traits.append((customer, attributes["trait"], text, number, flag, one.at, one.id))
    for table, rows in (
        ("events", events),
        ("lines", lines),
        ("traits", traits),
        ("customers_all", [(one,) for one in histories]),
    ):
        if rows:
            con.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    return con
