"""Answer how much of the revenue is made with discounts, and whether that share rises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from stammkunde.insights.checkup.answers import Answer, Link, Measure, Table, unknown
from stammkunde.insights.checkup.known import Known
from stammkunde.insights.checkup.on_orders import NO_ORDERS
from stammkunde.insights.checkup.uncertainty import Sums, share_of_money
from stammkunde.kernel.periods import shift_unit, unit_start
from stammkunde.metrics.wording import Sentence, Share, gettext_noop

_ROW = 3
_RISES = gettext_noop(
    "In the quarter from %(quarter)s, %(share)s of the revenue was made with a discount (surely between %(low)s and "
    "%(high)s); the share has risen three quarters in a row."
)
_DOES_NOT_RISE = gettext_noop(
    "In the quarter from %(quarter)s, %(share)s of the revenue was made with a discount (surely between %(low)s and "
    "%(high)s); it has not risen three quarters in a row. Which messages help and which sell is not told."
)
_TOO_SHORT = gettext_noop(
    "In the quarter from %(quarter)s, %(share)s of the revenue was made with a discount (surely between %(low)s and "
    "%(high)s). With %(quarters)s complete quarters nobody can say yet whether it rises three times in a row; which "
    "messages help and which sell is not told either."
)
_REDUCED = """
-- Per quarter, summed over customers: what was bought, how much of it with a discount on the line or on the order, and
-- the squares that the interval needs.
with named as (
  select id, try_cast(json_extract_string(attributes, '$.discount') as double) <> 0
    or coalesce(json_extract_string(attributes, '$.coupon'), '') <> '' as whole
  from events where kind = 'order.placed'
),
parts as (
  select orders.event, orders.customer, orders.day, coalesce(lines.line_total, orders.value) as worth,
    coalesce(lines.discount, 0) <> 0 or coalesce(named.whole, false) as reduced
  from orders
  join named on named.id = orders.event
  left join lines on lines.event = orders.event and lines.line_total > 0
),
bought as (
  select date_trunc('quarter', day)::date as quarter, coalesce(customer, -event) as who,
    coalesce(sum(worth) filter (where reduced), 0) / 10000.0 as part, sum(worth) / 10000.0 as whole
  from parts where day >= $since and day < $until group by 1, 2
)
select quarter, count(*) as customers, sum(part), sum(whole), sum(part * part), sum(part * whole), sum(whole * whole)
from bought group by quarter order by quarter
""".strip()


def discounted_revenue(known: Known) -> Answer:
    """Answer s6.1, how much revenue is made with discounts, and whether that share rises."""
    if not known.has_orders:
        return unknown(Sentence(NO_ORDERS), "orders", "messages")
    if not known.discounts:
        return unknown(
            Sentence(gettext_noop("No order says that a discount was given: perhaps the export leaves it out.")),
            "discounts",
        )
    quarters = _by_quarter(known)
    if not quarters:
        return unknown(Sentence(gettext_noop("No quarter is complete in the data yet.")), "orders")
    rises = _rises(quarters)
    latest = quarters[-1]
    said = _RISES if rises else _DOES_NOT_RISE if len(quarters) > _ROW else _TOO_SHORT
    told: dict[str, date | int | str] = {
        "share": Share(latest.value),
        "low": Share(latest.low),
        "high": Share(latest.high),
        "quarter": latest.start,
        "quarters": len(quarters),
    }
    measure = Measure(
        name="revenue_with_discount",
        title=Sentence(gettext_noop("Revenue with a discount")),
        value=latest.value,
        unit="share",
        n=latest.customers,
        interval=(latest.low, latest.high),
        definition=Sentence(
            gettext_noop(
                "Share of the quarter's revenue in lines with a discount, or in orders with a discount or coupon as a "
                "whole; interval: ratio of sums over customers."
            )
        ),
    )
    head = (
        gettext_noop("Quarter from"),
        gettext_noop("Revenue with a discount"),
        gettext_noop("Surely from"),
        gettext_noop("Surely to"),
    )
    return Answer(
        "no" if rises else "partly",
        Sentence(said, **told),
        (measure,),
        _REDUCED,
        next_step=Sentence(gettext_noop("See who buys only with a discount, and write to them about something else.")),
        next_link=Link("segments"),
        connect=("templates",),
        table=Table(
            tuple(map(Sentence, head)), tuple((q.start, Share(q.value), Share(q.low), Share(q.high)) for q in quarters)
        ),
    )


@dataclass(frozen=True)
class Quarter:
    """The share of revenue with a discount in one quarter."""

    start: date
    customers: int
    value: float
    low: float
    high: float


def _rises(quarters: Sequence[Quarter]) -> bool:
    """Tell whether the share has risen three quarters in a row, none of them left out."""
    newest = quarters[-_ROW - 1 :]
    return len(newest) > _ROW and all(
        a.value < b.value and shift_unit(a.start, "quarter", 1) == b.start for a, b in pairwise(newest)
    )


def _by_quarter(known: Known) -> list[Quarter]:
    """Return the complete quarters in the data in which there was revenue, of the last two years."""
    end = unit_start(known.end, "quarter")
    first = known.mirror.first_day if known.mirror else None
    start = max(shift_unit(end, "quarter", -8), first or end)
    start = start if start == unit_start(start, "quarter") else shift_unit(unit_start(start, "quarter"), "quarter", 1)
    if start >= end:
        return []
    found = []
    for quarter, customers, *sums in known.rows(_REDUCED, since=start, until=end):
        share = share_of_money(Sums(int(customers), *map(float, sums)))
        if share is not None:
            found.append(Quarter(quarter, int(customers), share[0], *share[1]))
    return found
