"""Answer what messages know: which campaigns ran for whom, which incentives run, what follows an order."""

from typing import Any

from stammkunde.insights.checkup.answers import Answer, Link, Measure, State, Table, part_of_all, share_measure, unknown
from stammkunde.insights.checkup.known import Known
from stammkunde.metrics.wording import Sentence, Share, Verbatim, gettext_noop

_RECENT_DAYS = 90
_CAMPAIGNS = """
-- Messages of the last 90 days by name: when, to how many customers, how many of them ordered before, and how many
-- redeemed a voucher in the 30 days after.
with sent as (
  select json_extract_string(attributes, '$.message') as message,
    json_extract_string(attributes, '$.channel') as channel, customer, min(day) as day
  from events where kind = 'message.delivered' and customer is not null and day >= $since and day < $until
  group by 1, 2, 3
)
select message, any_value(channel) as channel, min(sent.day) as first_day, count(distinct sent.customer) as customers,
  count(distinct sent.customer) filter (where customers.first_day < sent.day) as customers_before,
  count(distinct sent.customer) filter (where used.customer is not null) as redeemed
from sent left join customers using (customer)
left join (select distinct customer, day from events where kind = 'voucher.redeemed') as used
  on used.customer = sent.customer and used.day >= sent.day and used.day < sent.day + 30
group by message order by first_day, message
""".strip()


def limited_offers(known: Known) -> Answer:
    """Answer e2.2, which offers went to a restricted circle lately; prices and the law stay with a person."""
    rows = known.rows(_CAMPAIGNS, since=known.before_end(_RECENT_DAYS), until=known.tomorrow)
    everybody = known.one("select count(*) as n from customers where first_day < $until", until=known.end)
    if not rows or not everybody["n"]:
        return unknown(Sentence(gettext_noop("No campaign of the last 90 days is on record.")), "campaigns", "prices")
    widest = max(rows, key=lambda row: int(row[3]))
    restricted = [row for row in rows if int(row[3]) < everybody["n"]]
    sentence = Sentence(
        gettext_noop(
            "In the last 90 days of the data %(campaigns)s campaigns went to a circle of their own, the widest to "
            "%(reached)s of %(customers)s customers. Whether their prices were public, and the lowest of 30 days, "
            "nobody has recorded."
        ),
        campaigns=len(restricted),
        reached=int(widest[3]),
        customers=int(everybody["n"]),
    )
    title, definition = (
        gettext_noop("Reached by the widest campaign"),
        gettext_noop("Share of all customers with an order who got the campaign with the most recipients."),
    )
    measure = part_of_all(
        "campaign_reach", title, min(int(widest[3]), int(everybody["n"])), int(everybody["n"]), definition
    )
    return Answer(
        "partly" if restricted else "no",
        sentence,
        (measure,),
        _CAMPAIGNS,
        next_step=Sentence(
            gettext_noop(
                "Have somebody who knows the law look at the prices of these campaigns, and write down the result."
            )
        ),
        next_link=Link("checkup-question", "e2.2"),
        connect=("prices",),
        table=_campaign_table(rows),
    )


def incentives(known: Known) -> Answer:
    """Answer q4, which incentives to buy again are running: declared ones and those that were sent lately."""
    declared = [one for read in known.maps for one in read.journey.initiatives if one.status == "running"]
    rows = known.rows(_CAMPAIGNS, since=known.before_end(_RECENT_DAYS), until=known.tomorrow)
    worth = [row for row in rows if int(row[5])]
    if not declared and not worth:
        return unknown(
            Sentence(gettext_noop("No incentive is on record: neither declared in a map nor redeemed by anybody.")),
            *known.missing(("initiatives", "vouchers", "campaigns")),
        )
    reached, redeemed = sum(int(row[3]) for row in worth), sum(int(row[5]) for row in worth)
    sentence = Sentence(
        gettext_noop(
            "%(declared)s incentives are declared as running; in the last 90 days of the data vouchers were redeemed "
            "after %(campaigns)s campaigns."
        ),
        declared=len(declared),
        campaigns=len(worth),
    )
    figures: list[Measure] = []
    if reached:
        title = gettext_noop("Redeemed within 30 days")
        definition = gettext_noop(
            "Share of the recipients (once per campaign) who redeemed a voucher, of whatever programme, in the 30 days "
            "after. Seen, not caused."
        )
        figures.append(share_measure("campaign_redeemed", title, redeemed, reached, definition))
    if declared:
        every = sum(len(read.journey.initiatives) for read in known.maps)
        title = gettext_noop("Declared initiatives that are running")
        definition = gettext_noop("Share of the initiatives on all published maps whose status is running.")
        figures.append(part_of_all("initiatives_running", title, len(declared), every, definition))
    listed = Table(
        tuple(
            map(
                Sentence,
                (gettext_noop("Incentive"), gettext_noop("Since"), gettext_noop("Customers"), gettext_noop("Redeemed")),
            )
        ),
        (
            *((Verbatim(one.label.in_language("de")), None, None, None) for one in declared),
            *((Verbatim(str(row[0])), row[2], int(row[3]), int(row[5])) for row in worth),
        ),
    )
    return Answer(
        "yes",
        sentence,
        tuple(figures),
        _CAMPAIGNS,
        next_step=Sentence(
            gettext_noop("Write on the map what each of them shall achieve, and leave out a part by lot.")
        ),
        next_link=Link("journeys"),
        connect=("experiments",),
        table=listed,
    )


_THANKED = """
-- Orders of the last 90 days, and how many were followed by an e-mail within an hour.
with asked as (
  select event, customer, orders.at as at from orders
  where customer is not null and day >= $since and day < $until
),
mails as (
  select customer, "at" as at from events
  where kind = 'message.delivered' and json_extract_string(attributes, '$.channel') = 'email'
)
select count(distinct event) as orders, count(distinct event) filter (where mails.customer is not null) as thanked
from asked
left join mails on mails.customer = asked.customer and mails.at >= asked.at and mails.at < asked.at + 3600000000
""".strip()


def thanked(known: Known) -> Answer:
    """Answer e4.1, how many buyers get a mail within an hour; without any mail on record nobody knows."""
    if not known.has("mails") or not known.has_orders:
        return unknown(
            Sentence(gettext_noop("No e-mail is on record, so nobody can see whether buyers get one.")), "mails"
        )
    row = known.one(_THANKED, since=known.before_end(_RECENT_DAYS), until=known.end)
    if not row["orders"]:
        return unknown(Sentence(gettext_noop("There is no order in the last 90 days of the data.")), "orders")
    part, of = int(row["thanked"]), int(row["orders"])
    title = gettext_noop("Orders followed by an e-mail within an hour")
    definition = gettext_noop("Share of the orders of the last 90 days of the data; every delivered e-mail counts.")
    sentence = Sentence(
        gettext_noop("%(part)s of %(of)s orders were followed by an e-mail within an hour (%(share)s)."),
        part=part,
        of=of,
        share=Share(part / of),
    )
    state: State = "yes" if part / of >= 0.99 else "partly" if part / of >= 0.5 else "no"
    return Answer(
        state,
        sentence,
        (share_measure("thanked_within_1h", title, part, of, definition),),
        _THANKED,
        next_step=Sentence(gettext_noop("Look at an order without a mail: on which channel did it come in?")),
        next_link=Link("customers"),
    )


def _campaign_table(rows: list[tuple[Any, ...]]) -> Table:
    head = (
        gettext_noop("Campaign"),
        gettext_noop("Since"),
        gettext_noop("Customers"),
        gettext_noop("Had bought before"),
        gettext_noop("Redeemed within 30 days"),
    )
    return Table(
        tuple(map(Sentence, head)),
        tuple((Verbatim(str(row[0])), row[2], int(row[3]), int(row[4]), int(row[5])) for row in rows),
    )
