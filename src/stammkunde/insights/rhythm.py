"""Know each customer's rhythm: the median distance of her purchase days, of those with few the shop's usual one."""

from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from stammkunde import metrics

# With fewer purchase days there is no more than one distance, which says little.
ENOUGH_DAYS = 3
_AT_ONCE = 100_000
_DAYS = (
    "select distinct customer, date_diff('day', date '1970-01-01', day) as day from orders "
    "where customer between $first and $last and value > 0"
)
_kept: "WeakKeyDictionary[metrics.Mirror, Rhythm]" = WeakKeyDictionary()
_measuring = Lock()
Numbers = npt.NDArray[np.int64]
Gaps = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rhythm:
    """The usual distance between purchase days, in days: of each customer (ascending by id), and in the whole shop.

    `gap` is NaN for those who have bought on one day only; `shop` is the median over customers with enough days, None
    when there are none.
    """

    customer: Numbers
    gap: Gaps
    shop: float | None

    def of(self, customers: npt.NDArray[np.int64]) -> Gaps:
        """Return the distances of these customers."""
        found = np.full(len(customers), np.nan)
        if len(self.customer):
            places = np.minimum(np.searchsorted(self.customer, customers), len(self.customer) - 1)
            known = self.customer[places] == customers
            found[known] = self.gap[places[known]]
        return found


def rhythm(mirror: metrics.Mirror) -> Rhythm:
    """Return the rhythm of everybody; worked out once for each state of the mirror."""
    with _measuring:
        if mirror not in _kept:
            _kept[mirror] = _measured(mirror)
        return _kept[mirror]


def usual(own: float | None, days: int, shop: float | None) -> float | None:
    """Return the distance that counts for somebody with so many purchase days.

    >>> usual(10.0, 5, 40.0), usual(10.0, 2, 40.0), usual(10.0, 2, None), usual(None, 1, 40.0)
    (10.0, 40.0, 10.0, None)
    """
    if own is None or days >= ENOUGH_DAYS or shop is None:
        return own
    return shop


def _measured(mirror: metrics.Mirror) -> Rhythm:
    customers = np.sort(mirror.customer_arrays().customer)
    parts = [_gaps(mirror, chunk) for chunk in np.array_split(customers, max(1, -(-len(customers) // _AT_ONCE)))]
    who, own, days = (np.concatenate(column) for column in zip(*parts, strict=True))
    enough = days >= ENOUGH_DAYS
    shop = float(np.median(own[enough])) if enough.any() else None
    return Rhythm(who, own if shop is None else np.where(enough, own, shop), shop)


def _gaps(mirror: metrics.Mirror, customers: Numbers) -> tuple[Numbers, Gaps, Numbers]:
    """Return who of these bought on several days, the median distance of her days, and how many there are."""
    if not len(customers):
        return np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64)
    rows = mirror.arrays(_DAYS, first=int(customers[0]), last=int(customers[-1]))
    who, day = np.asarray(rows["customer"], np.int64), np.asarray(rows["day"], np.int64)
    order = np.lexsort((day, who))
    who, day = who[order], day[order]
    same = who[1:] == who[:-1]
    owner, gap = who[1:][same], np.diff(day)[same]
    order = np.lexsort((gap, owner))
    gap = gap[order]
    names, start, count = np.unique(owner, return_index=True, return_counts=True)
    low, high = start + (count - 1) // 2, start + count // 2
    return names, (gap[low] + gap[high]) / 2, count + 1
