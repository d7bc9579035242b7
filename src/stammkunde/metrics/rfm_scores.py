"""Score every customer by how recently, how often and for how much she bought (RFM)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

import numpy as np
import numpy.typing as npt

from stammkunde.kernel.errors import WrongInput
from stammkunde.kernel.money import SCALE
from stammkunde.metrics.dialect import DUCKDB, Dialect
from stammkunde.metrics.rfm_groups import GROUPS, Group, group_of

if TYPE_CHECKING:
    from stammkunde.metrics.mirror import Mirror

BINS = 5
EPOCH = date(1970, 1, 1)
Ties = Literal["low", "high"]
Integers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.int8]


class BadThresholds(WrongInput):
    """Fixed thresholds are four numbers each, ascending."""


class UnknownTies(WrongInput):
    """A value equal to a boundary counts as not above it (low) or as above it (high)."""


@dataclass(frozen=True)
class Thresholds:
    """Fixed limits instead of quantiles, four each and ascending; money in currency units.

    `recency_days`: at most so many days since the last order for the scores 5, 4, 3, 2; more is 1.
    `frequency`, `monetary`: at least so many orders, so much revenue for the scores 2, 3, 4, 5; less is 1.
    """

    recency_days: tuple[int, int, int, int] = (30, 90, 180, 365)
    frequency: tuple[int, int, int, int] = (2, 3, 5, 10)
    monetary: tuple[float, float, float, float] = (50, 100, 250, 1000)

    def __post_init__(self) -> None:
        for limits in (self.recency_days, self.frequency, self.monetary):
            if len(limits) != BINS - 1 or list(limits) != sorted(set(limits)):
                raise BadThresholds(f"{limits} are not four ascending limits, such as (30, 90, 180, 365).")


@dataclass(frozen=True)
class Boundaries:
    """The four limits between the scores 1 to 5 of each measure, and how they were found; money in currency units."""

    recency_days: tuple[float, ...]
    frequency: tuple[float, ...]
    monetary: tuple[float, ...]
    rule: Literal["quantiles", "thresholds"]
    ties: Ties | None


@dataclass(frozen=True)
class GroupRow:
    """What one named group amounts to; revenue in currency units, shares of all customers and of all revenue."""

    group: Group
    customers: int
    revenue: float
    share: float
    revenue_share: float

    @property
    def name(self) -> str:
        """Return the name of the group."""
        return self.group.name


@dataclass(frozen=True, eq=False)
class RFM:
    """One entry per customer with an order before `as_of`; `group` is the place in GROUPS.

    `monetary` is in 1/10,000 of the currency unit; `r`, `f`, `m` run from 1 (worst) to 5 (best).
    """

    as_of: date | None
    customer: npt.NDArray[Any]
    recency_days: Integers
    frequency: Integers
    monetary: Integers
    r: Scores
    f: Scores
    m: Scores
    group: Scores
    groups: tuple[GroupRow, ...]
    boundaries: Boundaries

    def __len__(self) -> int:
        return len(self.customer)

    def among(self, customers: npt.NDArray[Any]) -> "RFM":
        """Return the scores and groups that some of the customers have among all."""
        kept = np.isin(self.customer, customers)
        columns = ("customer", "recency_days", "frequency", "monetary", "r", "f", "m", "group")
        fewer = {name: getattr(self, name)[kept] for name in columns}
        return replace(self, groups=_groups(fewer["group"], fewer["monetary"]), **fewer)


@dataclass(frozen=True, eq=False)
class Measures:
    """What is scored, one entry per customer."""

    customer: Integers
    recency_days: Integers
    frequency: Integers
    monetary: Integers


def rfm(
    mirror: "Mirror",
    *,
    as_of: date | None = None,
    ties: str = "low",
    thresholds: Thresholds | None = None,
) -> RFM:
    """Score everybody with an order before `as_of` (by default the day after the last order).

    Scores are quintiles: the boundaries are the quantiles at 20, 40, 60 and 80 %, linear between neighbours (type 7).
    The score is 1 + the number of boundaries below the value, so that equal values always share a score; a value equal
    to a boundary counts as not above it (ties="low": whoever ordered once gets 1, as in the R package rfm) or as above
    it (ties="high"). With `thresholds` the limits are fixed instead. Recency counts the days from the last order to
    `as_of`, and few are good: its score is turned round.
    """
    if ties not in get_args(Ties):
        raise UnknownTies(f"Ties go low or high, not {ties!r}.")
    day = as_of or mirror.end
    measures = measures_at(mirror, as_of=day)
    scores, boundaries = (
        _by_thresholds(measures, thresholds) if thresholds else _by_quantiles(measures, cast(Ties, ties))
    )
    r, f, m = scores
    group = _GROUP_OF[r, f, m]
    customer = measures.customer if mirror.keys is None else mirror.keys[measures.customer]
    return RFM(
        as_of=day,
        customer=customer,
        recency_days=measures.recency_days,
        frequency=measures.frequency,
        monetary=measures.monetary,
        r=r,
        f=f,
        m=m,
        group=group,
        groups=_groups(group, measures.monetary),
        boundaries=boundaries,
    )


def measures_at(mirror: "Mirror", *, as_of: date | None) -> Measures:
    """Return recency, frequency and revenue as they were at the start of that day."""
    if as_of is None:
        return Measures(*(np.empty(0, np.int64) for _ in range(4)))
    if mirror.end is not None and as_of < mirror.end:
        return Measures(**{name: column.astype(np.int64) for name, column in _measured(mirror, as_of).items()})
    rows = mirror.customer_arrays()
    recency = (as_of - EPOCH).days - rows.last_day.astype(np.int64)
    return Measures(rows.customer, recency, rows.orders.astype(np.int64), rows.value)


def _measured(mirror: "Mirror", as_of: date) -> dict[str, npt.NDArray[Any]]:
    return mirror.arrays(f"select customer, recency_days, frequency, monetary from ({measures_query()})", as_of=as_of)


def measures_query(*, dialect: Dialect = DUCKDB) -> str:
    """Return the SQL for recency, frequency and revenue of every customer."""
    d = dialect
    return f"""
-- How long ago, how often and for how much each customer bought.
select
  customer,
  {d.days_between("max(day)", d.parameter("as_of"))} as recency_days,
  count(*) as frequency,
  cast(sum(value) as bigint) as monetary
from orders
where customer is not null and day < {d.parameter("as_of")}
group by customer
order by customer
""".strip()


def rfm_query(*, ties: Ties = "low", dialect: Dialect = DUCKDB) -> str:
    """Return the SQL for the scores by quintiles; rounding makes quantiles that are whole numbers exactly whole."""
    d = dialect
    below = "<" if ties == "low" else "<="
    shares = ("0.2", "0.4", "0.6", "0.8")

    def boundaries(measure: str) -> str:
        return ",\n    ".join(
            f"round({d.quantile(share, measure)}, 1) as {measure}_{number}" for number, share in enumerate(shares, 1)
        )

    def passed(measure: str) -> str:
        return " + ".join(
            f"case when {measure}_{number} {below} {measure} then 1 else 0 end" for number in range(1, BINS)
        )

    return f"""
with measures as (
{measures_query(dialect=d)}
),
boundaries as (
  select
    {boundaries("recency_days")},
    {boundaries("frequency")},
    {boundaries("monetary")}
  from measures
)
select
  customer,
  {BINS} - ({passed("recency_days")}) as r,
  1 + {passed("frequency")} as f,
  1 + {passed("monetary")} as m
from measures
cross join boundaries
order by customer
""".strip()


def _by_quantiles(measures: Measures, ties: Ties) -> tuple[tuple[Scores, Scores, Scores], Boundaries]:
    recency, frequency, monetary = (
        _fifths(values) for values in (measures.recency_days, measures.frequency, measures.monetary)
    )
    side: Literal["left", "right"] = "left" if ties == "low" else "right"
    scores = (
        BINS + 1 - _passed(measures.recency_days * BINS, recency, side),
        _passed(measures.frequency * BINS, frequency, side),
        _passed(measures.monetary * BINS, monetary, side),
    )
    stated = Boundaries(
        recency_days=_divided(recency, BINS),
        frequency=_divided(frequency, BINS),
        monetary=_divided(monetary, BINS * SCALE),
        rule="quantiles",
        ties=ties,
    )
    return scores, stated


def _by_thresholds(measures: Measures, limits: Thresholds) -> tuple[tuple[Scores, Scores, Scores], Boundaries]:
    monetary = [round(limit * SCALE) for limit in limits.monetary]
    scores = (
        BINS + 1 - _passed(measures.recency_days, limits.recency_days, "left"),
        _passed(measures.frequency, limits.frequency, "right"),
        _passed(measures.monetary, monetary, "right"),
    )
    return scores, Boundaries(limits.recency_days, limits.frequency, limits.monetary, rule="thresholds", ties=None)


def _fifths(values: Integers) -> list[int]:
    """Return five times the quantiles at 20, 40, 60 and 80 %: whole numbers, so that ties are decided exactly."""
    if not len(values):
        return []
    places = [divmod((len(values) - 1) * number, BINS) for number in range(1, BINS)]
    needed = sorted({place for place, _ in places} | {min(place + 1, len(values) - 1) for place, _ in places})
    ordered = np.partition(values, needed)
    return [
        int(ordered[place]) * BINS + (int(ordered[min(place + 1, len(values) - 1)]) - int(ordered[place])) * rest
        for place, rest in places
    ]


def _passed(values: Integers, limits: Sequence[int], side: Literal["left", "right"]) -> Scores:
    return (1 + np.searchsorted(np.asarray(limits, np.int64), values, side=side)).astype(np.int8)


def _divided(numbers: list[int], by: int) -> tuple[float, ...]:
    return tuple(number / by for number in numbers)


def _groups(group: Scores, monetary: Integers) -> tuple[GroupRow, ...]:
    customers = np.bincount(group, minlength=len(GROUPS))
    revenue = [int(monetary[group == number].sum()) for number in range(len(GROUPS))]
    return tuple(
        GroupRow(
            each,
            customers=int(customers[number]),
            revenue=revenue[number] / SCALE,
            share=float(customers[number] / max(len(group), 1)),
            revenue_share=revenue[number] / max(sum(revenue), 1),
        )
        for number, each in enumerate(GROUPS)
    )


_GROUP_OF = np.array(
    [
        [[group_of(max(r, 1), max(f, 1), max(m, 1)) for m in range(BINS + 1)] for f in range(BINS + 1)]
        for r in range(BINS + 1)
    ],
    np.int8,
)
