"""Answer for whole months from the warm customer × month rows: the same rows as the plans give, many times faster."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from stammkunde.kernel.periods import month_index
from stammkunde.metrics.windows import Scope

if TYPE_CHECKING:
    from stammkunde.metrics.layers import MonthRows
    from stammkunde.metrics.metric import Row
    from stammkunde.metrics.mirror import Mirror

Numbers = npt.NDArray[np.int64]


def activity(mirror: "Mirror", scope: Scope) -> "Row":
    """Count customers, orders and revenue of the period."""
    rows = mirror.month_arrays()
    chosen = _within(rows, scope)
    return {
        "customers": int(np.count_nonzero(changes(rows.customer[chosen]))),
        "orders": int(rows.orders[chosen].sum()),
        "revenue": int(rows.value[chosen].sum()),
    }


def repeaters(mirror: "Mirror", scope: Scope) -> "Row":
    """Count everybody with an order before the end of the period, and those with two."""
    rows = mirror.month_arrays()
    chosen = rows.month < month_index(scope.period.end)
    _, orders = _per_customer(rows.customer[chosen], rows.orders[chosen])
    return {"customers": len(orders), "repeaters": int(np.count_nonzero(orders >= 2))}


def bridge(mirror: "Mirror", scope: Scope) -> "Row":
    """Count who is there at the start and at the end, and who was lost, is new, came back."""
    rows = mirror.month_arrays()
    start, end = month_index(scope.period.start), month_index(scope.period.end)
    at_start = _people(rows, month_index(scope.start_from), start)
    at_end = _people(rows, month_index(scope.end_from), end)
    arrived = np.setdiff1d(at_end, at_start, assume_unique=True)
    newcomers = int(np.count_nonzero(_first_months(rows, arrived) >= start))
    return {
        "there_at_start": len(at_start),
        "there_at_end": len(at_end),
        "lost": len(at_start) - (len(at_end) - len(arrived)),
        "newcomers": newcomers,
        "returned": len(arrived) - newcomers,
    }


def concentration(mirror: "Mirror", scope: Scope) -> "Row":
    """Sum up the revenue of all customers of the period and of the top fifth, rounded up to whole customers."""
    rows = mirror.month_arrays()
    chosen = _within(rows, scope)
    _, revenue = _per_customer(rows.customer[chosen], rows.value[chosen])
    top = (len(revenue) + 4) // 5
    best = np.partition(revenue, len(revenue) - top)[len(revenue) - top :] if top else revenue
    return {"customers": len(revenue), "revenue": int(revenue.sum()), "top_revenue": int(best.sum())}


def frequency_by_tenure(mirror: "Mirror", scope: Scope) -> "Row":
    """Count customers and orders of the period, apart for those who bought before it and those who are new."""
    rows = mirror.month_arrays()
    chosen = _within(rows, scope)
    people, orders = _per_customer(rows.customer[chosen], rows.orders[chosen])
    new = _first_months(rows, people) >= month_index(scope.period.start)
    return {
        "loyal_customers": int(np.count_nonzero(~new)),
        "loyal_orders": int(orders[~new].sum()),
        "new_customers": int(np.count_nonzero(new)),
        "new_orders": int(orders[new].sum()),
    }


def changes(column: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Mark where a column differs from the row before; the first row does."""
    differs = np.empty(len(column), np.bool_)
    differs[:1] = True
    np.not_equal(column[1:], column[:-1], out=differs[1:])
    return differs


def _within(rows: "MonthRows", scope: Scope) -> npt.NDArray[np.bool_]:
    return (rows.month >= month_index(scope.period.start)) & (rows.month < month_index(scope.period.end))


def _people(rows: "MonthRows", start: int, end: int) -> Numbers:
    customer = rows.customer[(rows.month >= start) & (rows.month < end)]
    return customer[changes(customer)]


def _first_months(rows: "MonthRows", people: Numbers) -> npt.NDArray[np.int32]:
    return rows.month[np.searchsorted(rows.customer, people)]


def _per_customer(customer: Numbers, number: npt.NDArray[Any]) -> tuple[Numbers, Numbers]:
    starts = np.flatnonzero(changes(customer))
    sums = np.add.reduceat(number.astype(np.int64, copy=False), starts) if len(starts) else np.empty(0, np.int64)
    return customer[starts], sums
