"""Count the regulars who have been silent for longer than is usual for them, while they may still be won back."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from stammkunde import metrics
from stammkunde.insights.rhythm import rhythm
from stammkunde.insights.standing import STANDINGS, days, standings

REGULAR_FROM_ORDERS = 4
STILL_NEAR_DAYS = 365


@dataclass(frozen=True)
class Silence:
    """How many regulars are silent, and what they have brought so far, in 1/10,000 of the currency unit."""

    customers: int
    value: int


def silent_regulars(mirror: metrics.Mirror) -> Silence:
    """Count customers with at least 4 orders, the last within a year, who are silent for more than twice their gap."""
    if mirror.end is None:
        return Silence(0, 0)
    as_of = days(mirror.end - timedelta(days=1))
    rows = mirror.customer_arrays()
    gap = rhythm(mirror).of(rows.customer)
    where = standings(orders=rows.orders, first_day=rows.first_day, last_day=rows.last_day, gap=gap, as_of=as_of)
    regular = (rows.orders >= REGULAR_FROM_ORDERS) & (rows.last_day > as_of - STILL_NEAR_DAYS)
    silent = regular & (where == STANDINGS.index("silent"))
    return Silence(int(np.count_nonzero(silent)), int(rows.value[silent].sum()))
