"""Answer how much of the revenue is made with discounts, and whether that share rises."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from stammkunde.insights.checkup.answers import Answer, Link, Measure, Table, unknown
from stammkunde.insights.checkup.known import Known
from stammkunde.insights.checkup.on_orders import NO_ORDERS
from stammkunde.insights.checkup.uncertainty import share_of_money
from stammkunde.kernel.periods import Period, shift_unit, unit_start
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
-- Per customer and quarter: what was bought, and how much of it with a discount on the line or on the order.
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
)
select date_trunc('quarter', day)::date as quarter, coalesce(customer, -event) as who,
  sum(worth) filter (where reduced) as reduced, sum(worth) as whole
from parts where day >= $since and day < $until
group by 1, 2
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
    quarters = _discount_by_quarter(known)
    if not quarters:
        return unknown(Sentence(gettext_noop("No quarter is complete in the data yet.")), "orders")
    rises = len(quarters) > _ROW and all(a.value < b.value for a, b in pairwise(quarters[-_ROW - 1 :]))
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


class _Quarter:
    """The share of revenue with a discount in one quarter."""

    def __init__(self, period: Period, rows: Sequence[tuple[float, float]]) -> None:
        self.start, self.customers = period.start, len(rows)
        self.value, (self.low, self.high) = share_of_money(rows) or (0.0, (0.0, 1.0))


def _discount_by_quarter(known: Known) -> list[_Quarter]:
    """Return the complete quarters in the data, at most eight."""
    end = unit_start(known.end, "quarter")
    first = known.mirror.first_day if known.mirror else None
    start = max(shift_unit(end, "quarter", -8), first or end)
    start = start if start == unit_start(start, "quarter") else shift_unit(unit_start(start, "quarter"), "quarter", 1)
    if start >= end:
        return []
    rows = known.rows(_REDUCED, since=start, until=end)
    found = []
    for period in Period(start, end).split("quarter"):
        mine = [(float(part or 0), float(whole)) for quarter, _, part, whole in rows if quarter == period.start]
        if mine:
            found.append(_Quarter(period, mine))
    return found
