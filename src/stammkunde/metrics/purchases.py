"""Count what was bought: customers, orders, revenue, and how soon and how often people buy again."""

from stammkunde.metrics.dialect import Dialect
from stammkunde.metrics.figure import Answer, count, money, ratio, share, unknown
from stammkunde.metrics.metric import Metric, Plan, Row
from stammkunde.metrics.wording import Sentence, gettext_noop


def _activity(d: Dialect) -> str:
    return f"""
-- What identified customers ordered in the period.
select
  count(distinct customer) as customers,
  count(*) as orders,
  coalesce(sum(value), 0) as revenue
from orders
where customer is not null and day >= {d.parameter("start")} and day < {d.parameter("end")}
"""


def _everything(d: Dialect) -> str:
    return f"""
-- All that was ordered in the period, also without a customer.
select
  count(*) as orders,
  coalesce(sum(value), 0) as revenue
from orders
where day >= {d.parameter("start")} and day < {d.parameter("end")}
"""


def _net(d: Dialect) -> str:
    start, end = d.parameter("start"), d.parameter("end")
    return f"""
-- What identified customers ordered in the period, and what they gave back in it.
select
  (select count(*) from orders
    where customer is not null and day >= {start} and day < {end}) as orders,
  (select coalesce(sum(value), 0) from orders
    where customer is not null and day >= {start} and day < {end}) as ordered,
  (select coalesce(sum(value), 0) from returns
    where customer is not null and day >= {start} and day < {end}) as given_back
"""


def _repeaters(d: Dialect) -> str:
    return f"""
-- Everybody with an order before the end of the period, and how many have at least two.
select
  count(*) as customers,
  count(*) filter (where orders >= 2) as repeaters
from (
  select customer, count(*) as orders
  from orders
  where customer is not null and day < {d.parameter("end")}
  group by customer
) as customers
"""


def _gaps(d: Dialect) -> str:
    start, end = d.parameter("start"), d.parameter("end")
    return f"""
-- The days between one purchase day and the next, where the next lies in the period.
with purchase_days as (
  select distinct customer, day
  from orders
  where customer is not null and day >= {start} and day < {end}
  union all
  select customer, max(day)  -- the last purchase day before the period
  from orders
  where customer is not null and day < {start}
  group by customer
),
steps as (
  select day, lag(day) over (partition by customer order by day) as before
  from purchase_days
)
select
  count(*) as gaps,
  coalesce({d.quantile("0.5", d.days_between("before", "day"))}, 0) as median_days
from steps
where before is not null
"""


def _second_orders(d: Dialect) -> str:
    return f"""
-- First purchase days that lie at least 90 days before the last day of the data, and who came back in time.
with newcomers as (
  select customer, first_day
  from customers
  where orders > 0 and {d.days_between("first_day", "(select max(day) from orders)")} >= 90
),
second_days as (
  select orders.customer, min(day) as second_day
  from orders
  join newcomers on newcomers.customer = orders.customer
  where day > first_day
  group by orders.customer
)
select
  count(*) as newcomers,
  count(*) filter (where {d.days_between("first_day", "second_day")} <= 90) as came_back
from newcomers
left join second_days on second_days.customer = newcomers.customer
"""


ACTIVITY = Plan(_activity, kernel="activity")
EVERYTHING = Plan(_everything)
NET = Plan(_net)
REPEATERS = Plan(_repeaters, kernel="repeaters")
GAPS = Plan(_gaps)
SECOND_ORDERS = Plan(_second_orders)

NOBODY_BOUGHT = gettext_noop("Nobody bought anything in this period.")
NOBODY_YET = gettext_noop("Nobody had bought anything by the end of this period.")
NOBODY_TWICE = gettext_noop("Nobody bought on a second day in this period.")
NOBODY_RIPE = gettext_noop("No customer's first order is 90 days old yet: the figure needs that long.")

_TRADE = gettext_noop("Common usage in trade; exact definition: Stammkunde.")


def _average_order_value(row: Row) -> Answer:
    if not row["orders"]:
        return unknown(Sentence(NOBODY_BOUGHT), n=0)
    return money(row["revenue"] / row["orders"], n=row["orders"])


def _purchase_frequency(row: Row) -> Answer:
    if not row["customers"]:
        return unknown(Sentence(NOBODY_BOUGHT), n=0)
    return ratio(row["orders"], row["customers"], n=row["customers"])


def _repeat_purchase_rate(row: Row) -> Answer:
    if not row["customers"]:
        return unknown(Sentence(NOBODY_YET), n=0)
    return share(row["repeaters"], row["customers"])


def _median_days(row: Row) -> Answer:
    if not row["gaps"]:
        return unknown(Sentence(NOBODY_TWICE), n=0)
    return Answer(float(row["median_days"]), n=int(row["gaps"]))


def _second_order(row: Row) -> Answer:
    if not row["newcomers"]:
        return unknown(Sentence(NOBODY_RIPE), n=0)
    return share(row["came_back"], row["newcomers"])


customers_active = Metric(
    name="customers_active",
    title=gettext_noop("Active customers"),
    unit="customers",
    definition=gettext_noop("Distinct customers with at least one order in the period."),
    formula=gettext_noop("number of distinct customers with an order in [from, to)"),
    source=_TRADE,
    plan=ACTIVITY,
    answer=lambda row: count(row["customers"]),
)
orders = Metric(
    name="orders",
    title=gettext_noop("Orders"),
    unit="orders",
    definition=gettext_noop("Orders of identified customers in the period, with a value above 0."),
    formula=gettext_noop("number of orders in [from, to)"),
    source=_TRADE,
    plan=ACTIVITY,
    answer=lambda row: count(row["orders"]),
)
orders_all = Metric(
    name="orders_all",
    title=gettext_noop("Orders, including those without a customer"),
    unit="orders",
    definition=gettext_noop("All orders in the period with a value above 0, also those that name no customer."),
    formula=gettext_noop("number of orders in [from, to), with or without a customer"),
    source=_TRADE,
    plan=EVERYTHING,
    answer=lambda row: count(row["orders"]),
)
revenue = Metric(
    name="revenue",
    title=gettext_noop("Revenue"),
    unit="money",
    definition=gettext_noop(
        "Sum of the values of the orders of identified customers in the period, before returns and cancellations."
    ),
    formula=gettext_noop("Σ value of orders in [from, to)"),
    source=_TRADE,
    plan=ACTIVITY,
    answer=lambda row: money(row["revenue"], n=row["orders"]),
)
revenue_all = Metric(
    name="revenue_all",
    title=gettext_noop("Revenue, including orders without a customer"),
    unit="money",
    definition=gettext_noop("Sum of the values of all orders in the period, also those that name no customer."),
    formula=gettext_noop("Σ value of orders in [from, to), with or without a customer"),
    source=_TRADE,
    plan=EVERYTHING,
    answer=lambda row: money(row["revenue"], n=row["orders"]),
)
revenue_net = Metric(
    name="revenue_net",
    title=gettext_noop("Revenue after returns"),
    unit="money",
    definition=gettext_noop(
        "Revenue minus the returns and cancellations of identified customers that happened in the period."
    ),
    formula=gettext_noop("Σ value of orders − Σ value of returns and cancellations, both in [from, to)"),
    source=_TRADE,
    plan=NET,
    answer=lambda row: money(row["ordered"] - row["given_back"], n=row["orders"]),
)
average_order_value = Metric(
    name="average_order_value",
    title=gettext_noop("Average order value"),
    unit="money",
    definition=gettext_noop("Revenue divided by orders."),
    formula=gettext_noop("revenue / orders"),
    source=_TRADE,
    plan=ACTIVITY,
    answer=_average_order_value,
)
purchase_frequency = Metric(
    name="purchase_frequency",
    title=gettext_noop("Orders per customer"),
    unit="ratio",
    definition=gettext_noop("Orders divided by active customers."),
    formula=gettext_noop("orders / customers_active"),
    source=_TRADE,
    plan=ACTIVITY,
    answer=_purchase_frequency,
)
repeat_purchase_rate = Metric(
    name="repeat_purchase_rate",
    title=gettext_noop("Repeat purchase rate"),
    unit="share",
    definition=gettext_noop(
        "Share of the customers with an order up to the end of the period who have at least two orders by then."
    ),
    formula=gettext_noop("customers with ≥ 2 orders before to / customers with ≥ 1 order before to"),
    source=gettext_noop("Common usage in trade; interval: Wilson (1927)."),
    plan=REPEATERS,
    answer=_repeat_purchase_rate,
)
median_days_between_orders = Metric(
    name="median_days_between_orders",
    title=gettext_noop("Days between purchases"),
    unit="days",
    definition=gettext_noop(
        "Median distance of consecutive purchase days of the same customer, where the later day lies in the period."
    ),
    formula=gettext_noop("median of (day − purchase day before), day in [from, to)"),
    source=gettext_noop("Common usage in trade; exact median, linear between neighbours."),
    plan=GAPS,
    answer=_median_days,
)
second_order_within_90d = Metric(
    name="second_order_within_90d",
    title=gettext_noop("Second order within 90 days"),
    unit="share",
    definition=gettext_noop(
        "Of the customers whose first order is at least 90 days before the end of the data: share who ordered again on "
        "a later calendar day within 90 days. It looks at all the data, whatever the period."
    ),
    formula=gettext_noop(
        "newcomers with a next purchase day ≤ 90 days after the first / newcomers of all but the last 90 days"
    ),
    source=gettext_noop("Common usage in trade, on ripe customers only; interval: Wilson (1927)."),
    plan=SECOND_ORDERS,
    answer=_second_order,
)
