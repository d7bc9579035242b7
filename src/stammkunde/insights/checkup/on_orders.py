"""Answer what orders alone know: retention and its definition, and who buys through several channels."""

from collections.abc import Sequence
from datetime import timedelta

from stammkunde import metrics
from stammkunde.insights import figures
from stammkunde.insights.checkup.answers import Answer, Link, Measure, State, Table, of_figure, share_measure, unknown
from stammkunde.insights.checkup.known import Known
from stammkunde.kernel.periods import Period, shift_unit, unit_start
from stammkunde.metrics import Figure
from stammkunde.metrics.wording import Sentence, Share, gettext_noop

RATES = ("retention_rate", "churn_rate")
_QUARTERS = 12
NO_ORDERS = gettext_noop("There are no orders yet.")


def computed_by_definition(known: Known) -> Answer:
    """Answer s1.2, whether the three figures are computed for two comparable periods."""
    if not known.has_orders:
        return unknown(Sentence(NO_ORDERS), "orders")
    ripe = {name: _ripe(known, row) for name, row in zip(RATES, _by_quarter(known, RATES), strict=True)}
    least = min(len(row) for row in ripe.values())
    if not least:
        return unknown(Sentence(gettext_noop("No quarter can be compared with the one before it yet.")), "orders")
    state: State = "partly" if least >= 2 else "no"
    sentence = Sentence(
        gettext_noop(
            "Retention and churn rate stand for %(periods)s comparable quarters, each with n and interval; the value "
            "of a customer over her lifetime has no fixed definition here yet."
        ),
        periods=least,
    )
    rows = tuple(
        (kept.period.start, Share(kept.value or 0), Share(lost.value or 0), kept.n)
        for kept, lost in zip(ripe["retention_rate"], ripe["churn_rate"], strict=True)
    )
    return Answer(
        state,
        sentence,
        tuple(of_figure(row[-1], metrics.FIGURES[name].title) for name, row in ripe.items()),
        metrics.query("retention_rate"),
        next_step=Sentence(gettext_noop("Look at how both went, quarter by quarter.")),
        next_link=Link("figure", "retention_rate", "by=quarter"),
        table=Table(
            (
                Sentence(gettext_noop("Quarter from")),
                Sentence(metrics.FIGURES["retention_rate"].title),
                Sentence(metrics.FIGURES["churn_rate"].title),
                Sentence("n"),
            ),
            rows,
        ),
    )


def retention(known: Known) -> Answer:
    """Answer q1, how high the retention rate is, and how it compares."""
    found = known.figure("retention_rate")
    if found is None or found.value is None or found.interval is None:
        return unknown(Sentence(gettext_noop("The retention rate cannot be worked out yet.")), "orders")
    low, high = found.interval
    sentence = Sentence(
        gettext_noop(
            "%(share)s of those who were there before bought again from %(start)s to %(end)s, surely between %(low)s "
            "and %(high)s. Whom to compare it with is not known yet."
        ),
        share=Share(found.value),
        low=Share(low),
        high=Share(high),
        start=found.period.start,
        end=found.period.end - timedelta(days=1),
    )
    return Answer(
        "partly",
        sentence,
        (of_figure(found, metrics.FIGURES["retention_rate"].title),),
        metrics.query("retention_rate"),
        next_step=Sentence(
            gettext_noop("Until a benchmark is there, compare with your own quarters before: the best one is a target.")
        ),
        next_link=Link("figure", "retention_rate", "by=quarter"),
        connect=("benchmarks",),
    )


def below_benchmark(known: Known) -> Answer:
    """Answer s3.2: where are we below the benchmark? No benchmark is on record, so the figures alone are shown."""
    names = ("retention_rate", "repeat_purchase_rate", "second_order_within_90d")
    found = [one for name in names if (one := known.figure(name)) is not None and one.value is not None]
    return unknown(
        Sentence(gettext_noop("Your figures are there; no benchmark is, so nothing can be below it.")),
        "benchmarks",
        figures=tuple(of_figure(one, metrics.FIGURES[one.name].title) for one in found),
        query=metrics.query("retention_rate"),
    )


_CHANNELS = """
-- Identified customers who ordered in the period, and through how many channels (as the export names them).
select count(*) as customers, count(*) filter (where channels > 0) as told,
  count(*) filter (where channels > 1) as several
from (
  select customer, count(distinct coalesce(json_extract_string(attributes, '$.channel'),
                                           json_extract_string(attributes, '$.source'))) as channels
  from events
  where kind = 'order.placed' and value > 0 and customer is not null and day >= $since and day < $until
  group by customer
) as buyers
""".strip()
_IDENTIFIED = """
-- Orders of the period, and how many of them name a customer.
select count(*) as orders, count(customer) as identified
from orders where day >= $since and day < $until
""".strip()


def several_channels(known: Known) -> Answer:
    """Answer s5.2, who uses several channels, and whether she is recognised."""
    since, until = known.before_end(365), known.end
    whole = known.one(_IDENTIFIED, since=since, until=until)
    if not whole or not whole["orders"]:
        return unknown(Sentence(NO_ORDERS), "orders")
    row = known.one(_CHANNELS, since=since, until=until)
    matched = share_measure(
        "orders_identified",
        gettext_noop("Orders that belong to somebody"),
        int(whole["identified"]),
        int(whole["orders"]),
        gettext_noop("Share of the orders of the last 365 days of the data that name a customer."),
    )
    query = f"{_CHANNELS}\n\n{_IDENTIFIED}"
    if not row["told"]:
        sentence = Sentence(gettext_noop("The orders do not say through which channel they came."))
        return Answer("partly", sentence, (matched,), query, connect=("orders",))
    several = share_measure(
        "customers_of_several_channels",
        gettext_noop("Customers of two or more channels"),
        int(row["several"]),
        int(row["told"]),
        gettext_noop(
            "Share of the customers with an order in the last 365 days who ordered through two or more channels."
        ),
    )
    sentence = Sentence(
        gettext_noop(
            "%(several)s of %(customers)s customers bought through two or more channels or branches within 365 days "
            "(%(share)s); %(matched)s of the orders belong to somebody."
        ),
        several=int(row["several"]),
        customers=int(row["told"]),
        share=Share(several.value or 0),
        matched=Share(matched.value or 0),
    )
    return Answer(
        "yes" if (matched.value or 0) >= 0.8 else "partly",
        sentence,
        (several, matched, *_trend(known)),
        query,
        next_step=Sentence(gettext_noop("Look at whether customers of several channels come back more often.")),
        next_link=Link("segment-new"),
    )


def _trend(known: Known) -> tuple[Measure, ...]:
    """Return the share of customers of several channels in the year before, where the data reach back that far."""
    since, until = known.before_end(730), known.before_end(365)
    if known.mirror is None or known.mirror.first_day is None or known.mirror.first_day > since:
        return ()
    row = known.one(_CHANNELS, since=since, until=until)
    if not row["told"]:
        return ()
    title = gettext_noop("The same, in the year before")
    definition = gettext_noop("The share of customers of two or more channels, 365 days earlier.")
    return (
        share_measure("customers_of_several_channels_before", title, int(row["several"]), int(row["told"]), definition),
    )


def _by_quarter(known: Known, names: Sequence[str]) -> list[list[Figure]]:
    end = unit_start(known.end, "quarter")
    return figures.series(names, period=Period(shift_unit(end, "quarter", -_QUARTERS), end), by="quarter")


def _ripe(known: Known, row: Sequence[Figure]) -> list[Figure]:
    """Return the quarters with a known rate of at least one customer whose quarter before is whole in the data."""
    first = known.mirror.first_day if known.mirror else None
    return [
        figure
        for figure in row
        if figure.value is not None and figure.n and first is not None and figure.period.before().start >= first
    ]
