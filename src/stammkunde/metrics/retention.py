"""Compare who was there at the start of a period with who is there at its end: lost, new, returned."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stammkunde.kernel.periods import Period
from stammkunde.metrics.dialect import Dialect
from stammkunde.metrics.figure import Answer, count, ratio, share, unknown
from stammkunde.metrics.metric import Asking, Metric, Plan, Row
from stammkunde.metrics.wording import Sentence, gettext_noop

if TYPE_CHECKING:
    from stammkunde.metrics.mirror import Mirror


@dataclass(frozen=True)
class Bridge:
    """The way from the start of a period to its end: start − lost + new + returned = end.

    `new` and `returned` are None when the data do not reach back far enough; `arrived` is their sum all the same.
    """

    period: Period
    start: int
    lost: int
    new: int | None
    returned: int | None
    end: int
    why_unknown: Sentence | None = None

    @property
    def stayed(self) -> int:
        """Return how many were there at the start and still are."""
        return self.start - self.lost

    @property
    def arrived(self) -> int:
        """Return how many are there at the end and were not at the start."""
        return self.end - self.stayed


def bridge(mirror: "Mirror", *, period: Period, window: int | None = None) -> Bridge:
    """Return how the customers of the start became those of the end."""
    asking = Asking(mirror, period=period, window=window)
    row = {name: int(number) for name, number in asking.row(BRIDGE).items()}
    why = asking.scope.newcomers_unknown
    return Bridge(
        period=period,
        start=row["there_at_start"],
        lost=row["lost"],
        new=None if why else row["newcomers"],
        returned=None if why else row["returned"],
        end=row["there_at_end"],
        why_unknown=why,
    )


def _bridge(d: Dialect) -> str:
    start, end = d.parameter("start"), d.parameter("end")
    start_from, end_from = d.parameter("start_from"), d.parameter("end_from")
    return f"""
-- Who was there at the start, who is there at the end, and who of them bought for the first time in between.
with present as (
  select
    customer,
    count(*) filter (where day >= {start_from} and day < {start}) > 0 as at_start,
    count(*) filter (where day >= {end_from} and day < {end}) > 0 as at_end
  from orders
  where customer is not null and day >= least({start_from}, {end_from}) and day < {end}
  group by customer
)
select
  count(*) filter (where at_start) as there_at_start,
  count(*) filter (where at_end) as there_at_end,
  count(*) filter (where at_start and not at_end) as lost,
  count(*) filter (where at_end and not at_start and first_day >= {start}) as newcomers,
  count(*) filter (where at_end and not at_start and first_day < {start}) as returned
from present
join customers on customers.customer = present.customer
"""


BRIDGE = Plan(_bridge, kernel="bridge")

NOBODY_AT_START = gettext_noop("Nobody was there at the start of this period.")

_SET_BASED = gettext_noop("Set-based comparison of two periods; exact definition: Stammkunde.")


def _retention_rate(row: Row) -> Answer:
    if not row["there_at_start"]:
        return unknown(Sentence(NOBODY_AT_START), n=0)
    return share(row["there_at_start"] - row["lost"], row["there_at_start"])


def _retention_rate_formula(row: Row) -> Answer:
    if not row["there_at_start"]:
        return unknown(Sentence(NOBODY_AT_START), n=0)
    return ratio(row["there_at_end"] - row["newcomers"], row["there_at_start"], n=row["there_at_start"])


def _churn_rate(row: Row) -> Answer:
    if not row["there_at_start"]:
        return unknown(Sentence(NOBODY_AT_START), n=0)
    return share(row["lost"], row["there_at_start"])


customers_start = Metric(
    name="customers_start",
    title=gettext_noop("Customers at the start"),
    unit="customers",
    definition=gettext_noop("Customers who were there at the start: with an order in the window before the period."),
    formula=gettext_noop("number of customers with an order in the window that ends at from"),
    source=_SET_BASED,
    plan=BRIDGE,
    answer=lambda row: count(row["there_at_start"]),
)
customers_end = Metric(
    name="customers_end",
    title=gettext_noop("Customers at the end"),
    unit="customers",
    definition=gettext_noop(
        "Customers who are there at the end: with an order in the window before the end of the period."
    ),
    formula=gettext_noop("number of customers with an order in the window that ends at to"),
    source=_SET_BASED,
    plan=BRIDGE,
    answer=lambda row: count(row["there_at_end"]),
)
customers_lost = Metric(
    name="customers_lost",
    title=gettext_noop("Lost customers"),
    unit="customers",
    definition=gettext_noop("Customers who were there at the start and are not at the end."),
    formula=gettext_noop("start and not end"),
    source=_SET_BASED,
    plan=BRIDGE,
    answer=lambda row: count(row["lost"]),
)
customers_new = Metric(
    name="customers_new",
    title=gettext_noop("New customers"),
    unit="customers",
    definition=gettext_noop("Customers at the end whose first order ever lies in the period."),
    formula=gettext_noop("end, and first order ever in [from, to)"),
    source=_SET_BASED,
    plan=BRIDGE,
    answer=lambda row: count(row["newcomers"]),
    needs_newcomers=True,
)
customers_returned = Metric(
    name="customers_returned",
    title=gettext_noop("Returned customers"),
    unit="customers",
    definition=gettext_noop("Customers at the end who were not there at the start and are not new."),
    formula=gettext_noop("end, not start, not new"),
    source=_SET_BASED,
    plan=BRIDGE,
    answer=lambda row: count(row["returned"]),
    needs_newcomers=True,
)
retention_rate = Metric(
    name="retention_rate",
    title=gettext_noop("Retention rate"),
    unit="share",
    definition=gettext_noop("Share of the customers at the start who are still there at the end."),
    formula=gettext_noop("(start − lost) / start"),
    source=gettext_noop("Set-based comparison of two periods; interval: Wilson (1927)."),
    plan=BRIDGE,
    answer=_retention_rate,
)
retention_rate_formula = Metric(
    name="retention_rate_formula",
    title=gettext_noop("Retention rate by the textbook formula"),
    unit="share",
    definition=gettext_noop(
        "Customers at the end without the new ones, divided by the customers at the start. It counts customers who "
        "returned as if they had never been away, and can exceed 100 %."
    ),
    formula=gettext_noop("(end − new) / start"),
    source=gettext_noop("The formula of most guides; compare retention_rate."),
    plan=BRIDGE,
    answer=_retention_rate_formula,
    needs_newcomers=True,
)
churn_rate = Metric(
    name="churn_rate",
    title=gettext_noop("Churn rate"),
    unit="share",
    definition=gettext_noop("Share of the customers at the start who are no longer there at the end."),
    formula=gettext_noop("lost / start"),
    source=gettext_noop("Set-based comparison of two periods; interval: Wilson (1927)."),
    plan=BRIDGE,
    answer=_churn_rate,
)
