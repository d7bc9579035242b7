"""Answer what goes with staying: signs in the orders of those who stayed and of those who did not; never a cause."""

from dataclasses import dataclass
from datetime import date, timedelta

from stammkunde.insights.checkup.answers import Answer, Link, Measure, Table, unknown
from stammkunde.insights.checkup.known import Known
from stammkunde.insights.checkup.on_orders import NO_ORDERS
from stammkunde.insights.checkup.uncertainty import difference
from stammkunde.metrics.figure import Interval
from stammkunde.metrics.wording import Sentence, Share, gettext_noop

_FEWEST = 30
_MOST = 3
_NAMES = {
    "twice": gettext_noop("bought on two or more days"),
    "categories": gettext_noop("bought from two or more categories"),
    "reduced": gettext_noop("bought with a discount"),
    "written_to": gettext_noop("was written to"),
    "redeemed": gettext_noop("redeemed a voucher"),
    "known_before": gettext_noop("had bought before already"),
}
_STRONGEST = gettext_noop(
    "The strongest sign in the orders from %(start)s to %(end)s: “%(sign)s”. With it %(with_it)s stayed in the quarter "
    "after, without it %(without)s. Whether that is a cause only a test or a person can say."
)
_NOTHING_CERTAIN = gettext_noop(
    "No sign in the orders from %(start)s to %(end)s goes with staying by more than the uncertainty."
)
_SIGNS = """
-- Everybody who ordered in the quarter before: what she did in it, and whether she ordered again in the quarter after.
with there as (
  select customer, count(distinct day) as days from orders
  where customer is not null and day >= $before and day < $start group by customer
),
stayed as (select distinct customer from orders where day >= $start and day < $until),
bought as (
  select customer, count(distinct category) as categories, bool_or(coalesce(discount, 0) <> 0) as reduced
  from lines where kind = 'order.placed' and day >= $before and day < $start group by customer
),
told as (
  select customer, bool_or(kind = 'message.delivered') as written_to, bool_or(kind = 'voucher.redeemed') as redeemed
  from events where kind in ('message.delivered', 'voucher.redeemed') and day >= $before and day < $start
  group by customer
),
signs as (
  select there.customer, stayed.customer is not null as stayed, days > 1 as twice,
    coalesce(categories, 0) > 1 as categories, coalesce(reduced, false) as reduced,
    coalesce(written_to, false) as written_to, coalesce(redeemed, false) as redeemed,
    customers.first_day < $before as known_before
  from there join customers using (customer) left join stayed using (customer)
  left join bought using (customer) left join told using (customer)
),
long as (unpivot signs on twice, categories, reduced, written_to, redeemed, known_before into name sign value here)
select sign, count(*) filter (where here) as with_it, count(*) filter (where here and stayed) as with_it_stayed,
  count(*) filter (where not here) as without, count(*) filter (where not here and stayed) as without_stayed
from long group by sign order by sign
""".strip()


@dataclass(frozen=True)
class Sign:
    """One thing some customers did, how many of those stayed, and how many of the others."""

    name: str
    with_it: tuple[int, int]
    without: tuple[int, int]
    change: float
    interval: Interval

    @property
    def is_certain(self) -> bool:
        """Tell whether the interval leaves out zero."""
        return self.interval[0] > 0 or self.interval[1] < 0


def drivers(known: Known) -> Answer:
    """Answer q5, which signs go with staying."""
    period = known.quarter
    if period is None or known.mirror is None:
        return unknown(Sentence(NO_ORDERS), "orders")
    before = period.before()
    rows = known.rows(_SIGNS, before=before.start, start=period.start, until=period.end)
    found = [sign for row in rows if (sign := _sign(*row)) is not None and _is_telling(known, sign.name, before.start)]
    found.sort(key=lambda sign: -abs(sign.change))
    certain = [sign for sign in found if sign.is_certain][:_MOST]
    if not found:
        return unknown(
            Sentence(gettext_noop("There are too few customers in two complete quarters to tell them apart.")),
            "orders",
            query=_SIGNS,
        )
    told: dict[str, date | str] = {"start": before.start, "end": before.end - timedelta(days=1)}
    if certain:
        best = certain[0]
        told |= {
            "sign": _NAMES[best.name],
            "with_it": Share(best.with_it[0] / best.with_it[1]),
            "without": Share(best.without[0] / best.without[1]),
        }
    said = _STRONGEST if certain else _NOTHING_CERTAIN
    return Answer(
        "partly",
        Sentence(said, **told),
        tuple(map(_measure, certain)),
        _SIGNS,
        next_step=Sentence(
            gettext_noop("Say which sign you hold for a cause; then try it with a part of the customers drawn by lot.")
        ),
        next_link=Link("checkup-question", "q5"),
        connect=("experiments", "tracking", "tickets"),
        table=_table(found),
    )


def _sign(name: str, with_it: int, with_it_stayed: int, without: int, without_stayed: int) -> Sign | None:
    if min(with_it, without) < _FEWEST:
        return None
    change, interval = difference((with_it_stayed, with_it), (without_stayed, without))
    return Sign(name, (with_it_stayed, with_it), (without_stayed, without), change, interval)


def _is_telling(known: Known, name: str, start: date) -> bool:
    """Leave out who bought before, where the data do not reach back a quarter before the quarter."""
    first = known.mirror.first_day if known.mirror else None
    if name != "known_before":
        return True
    return first is not None and first + timedelta(days=90) <= start


def _measure(sign: Sign) -> Measure:
    return Measure(
        name=f"sign_{sign.name}",
        title=Sentence(gettext_noop("More who stayed, in percentage points: %(sign)s"), sign=_NAMES[sign.name]),
        value=sign.change,
        unit="share",
        n=sign.with_it[1] + sign.without[1],
        interval=sign.interval,
        definition=Sentence(
            gettext_noop(
                "Share of those who stayed among customers with the sign, minus the share among those without it; "
                "interval: Newcombe (1998). Seen, not caused: those who do it differ in other ways too."
            )
        ),
    )


def _table(signs: list[Sign]) -> Table:
    head = (
        gettext_noop("Sign"),
        gettext_noop("Customers"),
        gettext_noop("Stayed with it"),
        gettext_noop("Stayed without"),
    )
    return Table(
        tuple(map(Sentence, head)),
        tuple(
            (Sentence(_NAMES[sign.name]), sign.with_it[1], Share(sign.with_it[0] / sign.with_it[1]),
             Share(sign.without[0] / sign.without[1]))
            for sign in signs
        ),
    )  # fmt: skip
