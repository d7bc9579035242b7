"""Weigh the loyal against the rest: how concentrated revenue is, and how much more often regulars buy."""

from stammkunde.metrics.dialect import Dialect
from stammkunde.metrics.figure import Answer, ratio, unknown
from stammkunde.metrics.metric import Metric, Plan, Row
from stammkunde.metrics.purchases import NOBODY_BOUGHT
from stammkunde.metrics.wording import Sentence, gettext_noop


def _concentration(d: Dialect) -> str:
    return f"""
-- The customers of the period in the order of their revenue; the top fifth is rounded up to whole customers.
with ranked as (
  select
    sum(value) as revenue,
    row_number() over (order by sum(value) desc) as place,
    count(*) over () as customers
  from orders
  where customer is not null and day >= {d.parameter("start")} and day < {d.parameter("end")}
  group by customer
)
select
  count(*) as customers,
  coalesce(sum(revenue), 0) as revenue,
  coalesce(sum(revenue) filter (where 5 * (place - 1) < customers), 0) as top_revenue
from ranked
"""


def _frequency_by_tenure(d: Dialect) -> str:
    start, end = d.parameter("start"), d.parameter("end")
    return f"""
-- The orders of the period, apart for customers who bought before it and for those who are new in it.
select
  count(distinct orders.customer) filter (where first_day < {start}) as loyal_customers,
  count(*) filter (where first_day < {start}) as loyal_orders,
  count(distinct orders.customer) filter (where first_day >= {start}) as new_customers,
  count(*) filter (where first_day >= {start}) as new_orders
from orders
join customers on customers.customer = orders.customer
where day >= {start} and day < {end}
"""


CONCENTRATION = Plan(_concentration, kernel="concentration")
FREQUENCY_BY_TENURE = Plan(_frequency_by_tenure, kernel="frequency_by_tenure")

NO_REGULARS = gettext_noop("Nobody who bought in this period had bought before it.")
NO_NEWCOMERS = gettext_noop("Nobody bought for the first time in this period.")


def _revenue_share_top20(row: Row) -> Answer:
    if not row["customers"]:
        return unknown(Sentence(NOBODY_BOUGHT), n=0)
    return ratio(row["top_revenue"], row["revenue"], n=row["customers"])


def _loyal_frequency_ratio(row: Row) -> Answer:
    n = row["loyal_customers"] + row["new_customers"]
    if not n:
        return unknown(Sentence(NOBODY_BOUGHT), n=0)
    if not row["new_customers"]:
        return unknown(Sentence(NO_NEWCOMERS), n=n)
    if not row["loyal_customers"]:
        return unknown(Sentence(NO_REGULARS), n=n)
    return ratio(row["loyal_orders"] / row["loyal_customers"], row["new_orders"] / row["new_customers"], n=n)


revenue_share_top20 = Metric(
    name="revenue_share_top20",
    title=gettext_noop("Revenue of the top 20 %"),
    unit="share",
    definition=gettext_noop(
        "Share of the period's revenue that comes from the 20 % of active customers with the highest revenue, rounded "
        "up to whole customers."
    ),
    formula=gettext_noop("revenue of the top ceil(20 %) of active customers / revenue"),
    source=gettext_noop("Pareto's rule of thumb (80 %), as your own number."),
    plan=CONCENTRATION,
    answer=_revenue_share_top20,
)
loyal_frequency_ratio = Metric(
    name="loyal_frequency_ratio",
    title=gettext_noop("How much more often regulars buy"),
    unit="ratio",
    definition=gettext_noop(
        "Orders per active customer who is not new, divided by orders per new customer, both in the period."
    ),
    formula=gettext_noop("(orders / customers, not new) ÷ (orders / customers, new)"),
    source=gettext_noop("The guides' rule of thumb that regulars buy more often, as your own number."),
    plan=FREQUENCY_BY_TENURE,
    answer=_loyal_frequency_ratio,
    needs_newcomers=True,
)
