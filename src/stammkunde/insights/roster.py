"""Know of every customer, in arrays, what the mirror counts: so a million can be filtered and sorted at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from threading import Lock
from typing import Any, Literal
from weakref import ref

import numpy as np
import numpy.typing as npt
from django.db import connection

from stammkunde import metrics
from stammkunde.customers.models import Customer
from stammkunde.insights import figures
from stammkunde.insights.rhythm import Gaps, rhythm
from stammkunde.insights.standing import days, standings

Positions = npt.NDArray[np.intp]
Integers = npt.NDArray[Any]
Measure = Literal["orders", "revenue", "first", "last"]
NO_GROUP = -1
_building = Lock()
_kept: "dict[str, Roster]" = {}


@dataclass(frozen=True, eq=False)
class Roster:
    """All customers by ascending id, those without any order too; value is in 1/10,000 of the currency unit.

    Days count from 1970-01-01 and mean nothing where there is no order. `as_of` is the last day with an order.
    """

    key: tuple[object, ...]
    customer: Integers
    orders: Integers
    value: Integers
    first_day: Integers
    last_day: Integers
    as_of: date | None
    _sorted: dict[Measure, Positions] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.customer)

    def positions(self, customers: Iterable[int]) -> Positions:
        """Return where these customers stand in the arrays, in the order given; unknown ones are left out."""
        places, known = _places(self.customer, np.fromiter(customers, np.int64))
        return places[known]

    def measured(self, by: Measure) -> Integers:
        """Return the array that this sorting goes by."""
        columns = {"orders": self.orders, "revenue": self.value, "first": self.first_day, "last": self.last_day}
        return columns[by]

    def ascending(self, by: Measure) -> Positions:
        """Return the positions of those with orders, ascending by the measure; worked out once."""
        if by not in self._sorted:
            buyers = np.flatnonzero(self.orders)
            self._sorted[by] = buyers[np.argsort(self.measured(by)[buyers], kind="stable")]
        return self._sorted[by]

    @cached_property
    def without_orders(self) -> Positions:
        """Return the positions of those who have not ordered yet."""
        return np.flatnonzero(self.orders == 0)

    @cached_property
    def gap(self) -> Gaps:
        """Return the usual distance between purchase days of everybody, NaN without one."""
        mirror = figures.mirror()
        return rhythm(mirror).of(self.customer) if mirror is not None else np.full(len(self), np.nan)

    @cached_property
    def standing(self) -> npt.NDArray[np.int8]:
        """Return the place in STANDINGS of everybody."""
        as_of = days(self.as_of) if self.as_of else 0
        return standings(
            orders=self.orders, first_day=self.first_day, last_day=self.last_day, gap=self.gap, as_of=as_of
        )

    @cached_property
    def group(self) -> npt.NDArray[np.int8]:
        """Return the place in metrics.GROUPS of everybody's RFM group, NO_GROUP without an order."""
        scores = figures.rfm()
        groups = np.full(len(self), NO_GROUP, np.int8)
        places, known = _places(self.customer, scores.customer)
        groups[places[known]] = scores.group[known]
        return groups


def roster() -> Roster:
    """Return what is known now; worked out anew only when the mirror or the set of customers has changed."""
    mirror = figures.mirror()
    newest = Customer.objects.order_by("-pk").values_list("pk", flat=True).first()
    key = (connection.settings_dict["NAME"], ref(mirror) if mirror else None, newest, Customer.objects.count())
    with _building:
        kept = _kept.get("roster")
        if kept is None or kept.key != key:
            kept = _kept["roster"] = _build(mirror, key)
        return kept


def _build(mirror: metrics.Mirror | None, key: tuple[object, ...]) -> Roster:
    everybody = _all_ids()
    orders, value, first_day, last_day = (np.zeros(len(everybody), np.int64) for _ in range(4))
    if mirror is not None:
        rows = mirror.customer_arrays()
        places, known = _places(everybody, rows.customer)
        at = places[known]
        orders[at], value[at] = rows.orders[known], rows.value[known]
        first_day[at], last_day[at] = rows.first_day[known], rows.last_day[known]
    return Roster(
        key=key,
        customer=everybody,
        orders=orders,
        value=value,
        first_day=first_day,
        last_day=last_day,
        as_of=mirror.end - timedelta(days=1) if mirror is not None and mirror.end else None,
    )


def _all_ids() -> Integers:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_customer ORDER BY id")
        return np.fromiter((row[0] for row in cursor.fetchall()), np.int64)


def _places(everybody: Integers, customers: Integers) -> tuple[Positions, npt.NDArray[np.bool_]]:
    """Return where the customers stand among everybody, and which of them stand there at all."""
    places = np.searchsorted(everybody, customers)
    known = places < len(everybody)
    known[known] = everybody[places[known]] == customers[known]
    return places, known
