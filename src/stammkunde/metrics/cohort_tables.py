"""Follow everybody who bought for the first time in the same month, quarter or week: how many buy again, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast, get_args

import numpy as np
import numpy.typing as npt

from stammkunde.kernel.periods import month_start, shift_unit
from stammkunde.metrics.dialect import DUCKDB, Dialect, Unit
from stammkunde.metrics.month_kernels import changes
from stammkunde.metrics.windows import UnknownUnit

if TYPE_CHECKING:
    from stammkunde.metrics.mirror import Mirror

TRUNCATED_DAYS = 90
LONGEST_TABLE = 1200
Cells = dict[date, dict[int, int]]


@dataclass(frozen=True)
class Cohort:
    """Everybody whose first order lies in one unit; `active[k]` of them ordered in the k-th unit after it.

    Units that are not over in the data are None. A cohort within the first 90 days of the data is `truncated`: some of
    its customers may have bought before the data begin.
    """

    label: str
    start: date
    size: int
    active: list[int | None]
    truncated: bool


def cohorts(mirror: "Mirror", *, by: str = "month", start: date | None = None, end: date | None = None) -> list[Cohort]:
    """Return the cohorts in the order of time, each up to the last unit in the data.

    With `start` and `end` only the cohorts whose unit touches [start, end) are returned, always whole.
    """
    if by not in get_args(Unit):
        raise UnknownUnit(f"Cohorts are formed by week, month or quarter, not by {by!r}.")
    unit = cast(Unit, by)
    if mirror.first_day is None or mirror.end is None:
        return []
    cells = cells_by_query(mirror, unit) if unit == "week" else cells_by_months(mirror, unit)
    return [
        _cohort(first, cells[first], unit, first_day=mirror.first_day, data_end=mirror.end)
        for first in sorted(cells)
        if (start is None or shift_unit(first, unit, 1) > start) and (end is None or first < end)
    ]


def cohort_query(by: Unit = "month", *, dialect: Dialect = DUCKDB) -> str:
    """Return the SQL that counts, for each cohort, the customers active k units after their first order."""
    d = dialect
    return f"""
-- Each customer's first {by} is her cohort; she is active in every {by} in which she ordered.
with first_orders as (
  select customer, {d.unit_start(by, "min(day)")} as cohort
  from orders
  where customer is not null
  group by customer
),
activity as (
  select distinct customer, {d.unit_start(by, "day")} as unit
  from orders
  where customer is not null
)
select
  cohort,
  {d.units_between(by, "cohort", "unit")} as later,
  count(*) as customers
from activity
join first_orders on first_orders.customer = activity.customer
group by cohort, later
order by cohort, later
""".strip()


def cells_by_query(mirror: "Mirror", by: Unit) -> Cells:
    """Count the cohorts' active customers with the plan, for any unit."""
    cells: Cells = {}
    for cohort, later, customers in mirror.sql(cohort_query(by)):
        cells.setdefault(cohort, {})[later] = customers
    return cells


def cells_by_months(mirror: "Mirror", by: Unit) -> Cells:
    """Count the cohorts' active customers on the warm customer × month rows, for months and quarters.

    One pass: rows of one customer stand together and ascend, so the first row of each customer names her cohort.
    """
    rows = mirror.month_arrays()
    if not len(rows.month):
        return {}
    months = 1 if by == "month" else 3
    earliest = int(rows.month.min()) // months
    unit = (rows.month // months - earliest).astype(np.int32, copy=False)
    newcomers = changes(rows.customer)
    if months > 1:
        kept = newcomers | changes(unit)
        unit, newcomers = unit[kept], newcomers[kept]
    return _table(unit, np.flatnonzero(newcomers), start_of=lambda number: month_start((number + earliest) * months))


def _table(unit: npt.NDArray[np.int32], starts: npt.NDArray[np.intp], *, start_of: Callable[[int], date]) -> Cells:
    units = int(unit.max()) + 1
    lengths = np.diff(starts, append=len(unit))
    cohort = np.repeat(unit[starts], lengths)
    cells: Cells = {}
    for place, customers in zip(*_counted(cohort, unit - cohort, units), strict=True):
        number, later = divmod(int(place), units)
        cells.setdefault(start_of(number), {})[later] = int(customers)
    return cells


def _counted(
    cohort: npt.NDArray[np.int32], later: npt.NDArray[np.int32], units: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Count equal pairs; a single stray year 1 or 9999 among the orders must not cost a huge table."""
    if units > LONGEST_TABLE:
        return np.unique(cohort.astype(np.int64) * units + later, return_counts=True)
    counts = np.bincount(cohort * units + later, minlength=units * units)
    places = np.flatnonzero(counts)
    return places, counts[places]


def _cohort(unit: date, cells: dict[int, int], by: Unit, *, first_day: date, data_end: date) -> Cohort:
    active: list[int | None] = []
    start = unit
    while start < data_end:
        following = shift_unit(start, by, 1)
        active.append(cells.get(len(active), 0) if following <= data_end else None)
        start = following
    truncated = unit < first_day + timedelta(days=TRUNCATED_DAYS)
    return Cohort(label(unit, by), unit, cells[0], active, truncated)


def label(unit: date, by: Unit) -> str:
    """Name a unit: 2010-01, 2010-Q1, 2010-W05.

    >>> label(date(2010, 4, 1), "quarter"), label(date(2009, 12, 28), "week")
    ('2010-Q2', '2009-W53')
    """
    if by == "month":
        return f"{unit:%Y-%m}"
    if by == "quarter":
        return f"{unit.year}-Q{(unit.month + 2) // 3}"
    year, week, _ = unit.isocalendar()
    return f"{year}-W{week:02}"
