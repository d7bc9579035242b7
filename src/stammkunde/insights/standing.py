"""Say where a customer stands: new, buying in her rhythm, silent for longer than usual, bought once, never bought."""

from datetime import date, timedelta
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from stammkunde.insights.rhythm import ENOUGH_DAYS, Gaps
from stammkunde.kernel.money import SCALE

Standing = Literal["new", "regular", "silent", "once", "none"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
NEW_FOR_DAYS = 90
SILENT_AFTER_GAPS = 2
SILENT_AFTER_DAYS = 30
EPOCH = date(1970, 1, 1)
Integers = npt.NDArray[Any]

QUERY = f"""
-- $as_of is the last day with an order; money counts 1/{SCALE} of the currency unit.
with days as (
  select distinct customer, day from orders where value > 0
), distances as (
  select customer, day - lag(day) over (partition by customer order by day) as distance from days
), gaps as (
  select customer, median(distance) as gap, count(*) + 1 as days
  from distances where distance is not null group by customer
), shop as (
  select median(gap) as gap from gaps where days >= {ENOUGH_DAYS}
)
select
  customers.customer, orders, value, first_day, last_day,
  case
    when first_day > $as_of - {NEW_FOR_DAYS} then 'new'
    when first_day = last_day then 'once'
    when ($as_of - last_day) > {SILENT_AFTER_DAYS}
     and ($as_of - last_day) > {SILENT_AFTER_GAPS} * (
       case when gaps.days >= {ENOUGH_DAYS} then gaps.gap else coalesce(shop.gap, gaps.gap) end
     ) then 'silent'
    else 'regular'
  end as standing
from customers
left join gaps on gaps.customer = customers.customer
cross join shop
""".strip()


def standings(
    *, orders: Integers, first_day: Integers, last_day: Integers, gap: Gaps, as_of: int
) -> npt.NDArray[np.int8]:
    """Return the place in STANDINGS of each customer; days count from 1970-01-01, `as_of` is the last day that counts.

    New: the first order lies at most 90 days back. Silent: more than 30 days and more than twice her usual distance
    between purchase days (`gap`, see `rhythm`) have passed since the last one. Once: all orders on one day. None: no
    order at all.
    """
    since = as_of - last_day.astype(np.int64)
    span = last_day.astype(np.int64) - first_day
    silent = (since > SILENT_AFTER_DAYS) & (since > SILENT_AFTER_GAPS * gap)
    cases = [orders == 0, first_day > as_of - NEW_FOR_DAYS, span == 0, silent]
    names: list[Standing] = ["none", "new", "once", "silent"]
    numbers = [STANDINGS.index(name) for name in names]
    return np.select(cases, numbers, STANDINGS.index("regular")).astype(np.int8)


def standing(*, orders: int, first_day: date | None, last_day: date | None, gap: float | None, as_of: date) -> Standing:
    """Return where one customer stands, by the same rules.

    >>> standing(orders=3, first_day=date(2026, 1, 1), last_day=date(2026, 3, 1), gap=30.0, as_of=date(2026, 9, 1))
    'silent'
    """
    if first_day is None or last_day is None:
        return "none"
    columns = [np.array([number]) for number in (orders, days(first_day), days(last_day))]
    gaps = np.array([np.nan if gap is None else gap])
    numbers = standings(orders=columns[0], first_day=columns[1], last_day=columns[2], gap=gaps, as_of=days(as_of))
    return STANDINGS[int(numbers[0])]


def days(day: date) -> int:
    """Number the day from 1970-01-01, as the mirror's arrays do."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """Return the day with this number."""
    return EPOCH + timedelta(days=number)
