"""Draw the portrait of a group: how often it buys, for how much, when and what, beside all customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from stammkunde import conditions
from stammkunde.conditions import Condition
from stammkunde.insights import figures
from stammkunde.metrics import Mirror
from stammkunde.segments import definitions

YEAR_DAYS = 365
MOST = 5
_ENGAGED = ("message.clicked", "message.opened", "message.replied", "page.viewed", "product.viewed", "review.written")


@dataclass(frozen=True)
class Habits:
    """What one group of customers does, within the last year of the data; money in 1/10,000, days in days.

    `weekdays` and `hours` are shares of the orders (Monday first; hour 0 to 23, empty when the data tell only days);
    `categories` and `channels` are shares of the revenue and of the orders, the largest first. None: unknown.
    """

    customers: int
    buyers: int
    orders: int
    value: int
    usual_gap: float | None
    repeaters: int
    engaged: int | None
    weekdays: tuple[float, ...]
    hours: tuple[float, ...]
    categories: tuple[tuple[str, float], ...]
    channels: tuple[tuple[str, float], ...]
    cities: tuple[tuple[str, float], ...]

    @property
    def order_value(self) -> float | None:
        """Return the average value of an order, in 1/10,000."""
        return self.value / self.orders if self.orders else None

    @property
    def frequency(self) -> float | None:
        """Return the orders per customer who ordered, in the last year."""
        return self.orders / self.buyers if self.buyers else None

    @property
    def evenings(self) -> float | None:
        """Return the share of orders from 17 o'clock on."""
        return sum(self.hours[17:]) if self.hours else None

    @property
    def weekend(self) -> float | None:
        """Return the share of orders on Saturday and Sunday."""
        return sum(self.weekdays[5:]) if self.weekdays else None


@dataclass(frozen=True)
class GroupPortrait:
    """The habits of a group, and of all customers to compare with."""

    group: Habits
    everybody: Habits


def group_portrait(condition: Condition, *, now: datetime) -> GroupPortrait | None:
    """Return what those do of whom the condition is true now; None while there are no orders."""
    mirror = figures.mirror()
    if mirror is None:
        return None
    minute = now.replace(second=0, microsecond=0)
    known = definitions.known()
    return _portrait(mirror, condition, frozenset(known.conditions.items()), minute, str(known.zone))


@lru_cache(maxsize=64)
def _portrait(
    mirror: Mirror, condition: Condition, known: frozenset[tuple[str, Condition]], now: datetime, zone: str
) -> GroupPortrait:
    asked = _Question(mirror, condition, dict(known), now)
    return GroupPortrait(asked.habits("kept"), asked.habits("true"))


class _Question:
    """The questions about one group; every table below knows of each row whether its customer is `kept`."""

    def __init__(self, mirror: Mirror, condition: Condition, known: Mapping[str, Condition], now: datetime) -> None:
        zone = definitions.known().zone
        plan = conditions.compile(condition, now=now, zone=zone, segments=known)
        self._mirror, self._zone = mirror, zone
        start = (mirror.end or now.date()) - timedelta(days=YEAR_DAYS)
        self._parameters: dict[str, Any] = {**plan.parameters, "year_start": start}
        self._kept = (
            f"told AS MATERIALIZED (SELECT customer, coalesce({plan.columns[0]}, false) AS kept FROM ({plan.sql}))"
        )
        self._answers = {name: self._ask(query) for name, query in _QUERIES.items()}

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        names = {name for name in self._parameters if f"${name}" in query or f"${name}" in self._kept}
        used = {name: self._parameters[name] for name in names}
        return self._mirror.sql(f"WITH {self._kept} {query}", **used)

    def habits(self, which: str) -> Habits:
        """Return the habits of the group ("kept") or of everybody ("true")."""
        at = 0 if which == "kept" else 1
        whole = self._answers["whole"][0]
        customers, buyers, orders, value, repeaters = (int(whole[2 * i + at] or 0) for i in range(5))
        engaged = self._answers["engaged"][0]
        return Habits(
            customers=customers,
            buyers=buyers,
            orders=orders,
            value=value,
            repeaters=repeaters,
            usual_gap=self._answers["gap"][0][at],
            engaged=int(engaged[at] or 0) if engaged[2] else None,
            weekdays=_spread(self._answers["weekdays"], at, range(1, 8)),
            hours=_hours(self._answers["hours"], at, self._zone),
            categories=_largest(self._answers["categories"], at),
            channels=_largest(self._answers["channels"], at),
            cities=_largest(self._answers["cities"], at),
        )


def _spread(rows: list[tuple[Any, ...]], at: int, places: range) -> tuple[float, ...]:
    counts = {row[0]: row[1 + at] or 0 for row in rows}
    whole = sum(counts.values())
    return tuple(counts.get(place, 0) / whole for place in places) if whole else ()


def _hours(rows: list[tuple[Any, ...]], at: int, zone: ZoneInfo) -> tuple[float, ...]:
    """Return the shares of the local hours; nothing when all orders stand at one hour: only days are known then."""
    counts = [0] * 24
    for row in rows:
        counts[datetime.fromtimestamp(int(row[0]) * 3600, zone).hour] += row[1 + at] or 0
    whole = sum(counts)
    return tuple(count / whole for count in counts) if sum(map(bool, counts)) > 1 else ()


def _largest(rows: list[tuple[Any, ...]], at: int) -> tuple[tuple[str, float], ...]:
    whole = sum(float(row[1 + at] or 0) for row in rows)
    shares = sorted(((str(row[0]), float(row[1 + at] or 0) / whole) for row in rows if whole), key=lambda one: -one[1])
    return tuple(share for share in shares[:MOST] if share[1] > 0)


_QUERIES = {
    "whole": """
SELECT
  (SELECT count(*) FILTER (WHERE kept) FROM told), (SELECT count(*) FROM told),
  count(*) FILTER (WHERE kept), count(*),
  sum(n) FILTER (WHERE kept), sum(n), sum(v) FILTER (WHERE kept), sum(v),
  count(*) FILTER (WHERE kept AND n > 1), count(*) FILTER (WHERE n > 1)
FROM (SELECT customer, count(*) AS n, sum(value) AS v FROM orders WHERE day >= $year_start GROUP BY customer) AS o
JOIN told USING (customer)""",
    "gap": """
SELECT median(gap) FILTER (WHERE kept), median(gap)
FROM (SELECT customer, (last_day - first_day)::DOUBLE / (orders - 1) AS gap FROM customers
      WHERE orders > 1 AND last_day > first_day) AS c
JOIN told USING (customer)""",
    "engaged": f"""
SELECT count(DISTINCT customer) FILTER (WHERE kept), count(DISTINCT customer), count(*)
FROM events JOIN told USING (customer) WHERE kind IN {_ENGAGED!r} AND day >= $year_start""",
    "weekdays": """
SELECT isodow(day), count(*) FILTER (WHERE kept), count(*)
FROM orders JOIN told USING (customer) WHERE day >= $year_start GROUP BY 1""",
    "hours": """
SELECT orders."at" // 3600000000, count(*) FILTER (WHERE kept), count(*)
FROM orders JOIN told USING (customer) WHERE day >= $year_start GROUP BY 1""",
    "categories": """
SELECT category, sum(line_total) FILTER (WHERE kept), sum(line_total)
FROM lines JOIN told USING (customer)
WHERE kind = 'order.placed' AND category <> '' AND day >= $year_start GROUP BY 1""",
    "channels": """
SELECT coalesce(json_extract_string(attributes, '$.channel'), json_extract_string(attributes, '$.source')) AS channel,
  count(*) FILTER (WHERE kept), count(*)
FROM events JOIN told USING (customer)
WHERE kind = 'order.placed' AND value > 0 AND day >= $year_start AND channel IS NOT NULL GROUP BY 1""",
    "cities": """
SELECT text, count(*) FILTER (WHERE kept), count(*)
FROM (SELECT customer, arg_max(text, "at") AS text FROM traits WHERE trait = 'city' GROUP BY customer) AS t
JOIN told USING (customer) WHERE text <> '' GROUP BY 1""",
}
