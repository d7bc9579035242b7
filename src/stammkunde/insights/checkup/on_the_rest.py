"""Answer what needs more than there is, as far as it goes: known figures, and what is missing for the rest."""

from datetime import datetime

from stammkunde import metrics
from stammkunde.insights.checkup.answers import (
    Answer,
    Link,
    Measure,
    Table,
    of_figure,
    part_of_all,
    share_measure,
    unknown,
)
from stammkunde.insights.checkup.known import Known
from stammkunde.metrics.wording import Sentence, Share, Verbatim, gettext_noop

_YEAR = 365
_WEEKDAYS = (
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)


def measured_and_raised(known: Known) -> Answer:
    """Answer q2, whether retention and satisfaction are measured, and what runs to raise them."""
    names = ("retention_rate", "churn_rate", "repeat_purchase_rate")
    found = [one for name in names if (one := known.figure(name)) is not None and one.value is not None]
    running = sum(one.status == "running" for read in known.maps for one in read.journey.initiatives)
    if not found:
        return unknown(
            Sentence(gettext_noop("Neither retention nor satisfaction can be measured yet.")), "orders", "surveys"
        )
    sentence = Sentence(
        gettext_noop(
            "Retention is measured by %(figures)s figures, satisfaction by none: no survey is on record. %(running)s "
            "initiatives are declared as running; that there is a plan a person must say."
        ),
        figures=len(found),
        running=running,
    )
    return Answer(
        "partly",
        sentence,
        tuple(of_figure(one, metrics.FIGURES[one.name].title) for one in found),
        metrics.query("retention_rate"),
        next_step=Sentence(gettext_noop("Ask customers after the purchase, and write the plan beside the figures.")),
        next_link=Link("checkup-question", "q2"),
        connect=known.missing(("surveys", "plan", "initiatives")),
    )


_PRODUCTS = """
-- The products with the most revenue in the last 365 days of the data.
select coalesce(nullif(products.name, ''), lines.product) as product, sum(line_total) as revenue,
  count(distinct customer) as customers, (select sum(line_total) from lines where kind = 'order.placed'
    and line_total > 0 and day >= $since and day < $until) as whole
from lines left join products on products.code = lines.product
where kind = 'order.placed' and line_total > 0 and lines.product <> '' and day >= $since and day < $until
group by 1 order by revenue desc, product limit 20
""".strip()


def guides_for_the_best(known: Known) -> Answer:
    """Answer s6.3; which products need a guide is known, whether there is one is not."""
    rows = known.rows(_PRODUCTS, since=known.before_end(_YEAR), until=known.end) if known.has_orders else []
    if not rows:
        return unknown(
            Sentence(gettext_noop("The orders do not say which products were bought.")), "orders", "articles"
        )
    part = sum(float(row[1]) for row in rows) / float(rows[0][3])
    measure = Measure(
        "revenue_share_of_best_products",
        Sentence(gettext_noop("Revenue of the 20 best products")),
        part,
        "share",
        len(rows),
        Sentence(gettext_noop("Share of the revenue of the last 365 days of the data, by line totals.")),
    )
    sentence = Sentence(
        gettext_noop(
            "The %(products)s best products make %(share)s of the revenue; which of them have a guide is not on record."
        ),
        products=len(rows),
        share=Share(part),
    )
    listed = Table(
        tuple(
            map(Sentence, (gettext_noop("Product"), gettext_noop("Share of the revenue"), gettext_noop("Customers")))
        ),
        tuple((Verbatim(str(row[0])), Share(float(row[1]) / float(row[3])), int(row[2])) for row in rows),
    )
    return Answer("unknown", sentence, (measure,), _PRODUCTS, connect=known.missing(("articles",)), table=listed)


_HOURS = """
-- Orders of the last 365 days by weekday and hour.
select orders.at // 3600000000 as hour, count(*) as orders
from orders where day >= $since and day < $until group by 1
""".strip()


def chat_at_main_hours(known: Known) -> Answer:
    """Answer e5.1; the main hours are known where orders carry the time of day, who sits at the chat is not."""
    rows = known.rows(_HOURS, since=known.before_end(_YEAR), until=known.end)
    counts: dict[tuple[int, int], int] = {}
    for hour, orders in rows:
        local = datetime.fromtimestamp(int(hour) * 3600, known.zone)
        place = (local.weekday(), local.hour)
        counts[place] = counts.get(place, 0) + int(orders)
    if len({hour for _, hour in counts}) < 2:
        return unknown(Sentence(gettext_noop("The orders do not carry the time of day.")), "orders", "chat")
    busiest = sorted(counts.items(), key=lambda one: -one[1])
    top = busiest[: max(24 * 7 // 5, 1)]
    whole = sum(counts.values())
    title = gettext_noop("Orders in the busiest fifth of the week")
    definition = gettext_noop(
        "Share of the orders of the last 365 days in the 33 hours of the week with the most orders."
    )
    part = sum(count for _, count in top)
    (weekday, hour), _ = busiest[0]
    sentence = Sentence(
        gettext_noop(
            "Most orders come on %(weekday)s at %(hour)s:00; %(share)s of them in the busiest fifth of the "
            "week. Who is at the chat then is not on record."
        ),
        weekday=_WEEKDAYS[weekday],
        hour=hour,
        share=Share(part / whole),
    )
    head = (gettext_noop("Weekday"), gettext_noop("Hour"), gettext_noop("Orders"))
    return Answer(
        "unknown",
        sentence,
        (share_measure("orders_at_main_hours", title, part, whole, definition),),
        _HOURS,
        connect=("chat",),
        table=Table(
            tuple(map(Sentence, head)),
            tuple((Sentence(_WEEKDAYS[day]), at, count) for (day, at), count in top[:10]),
        ),
    )


_CONSENTS = """
-- Of all customers, how many have given a newsletter consent by e-mail that they have not withdrawn since.
with latest as (
  select customer, arg_max(kind, ("at", id)) as kind from events
  where kind in ('consent.given', 'consent.withdrawn') and customer is not null
    and json_extract_string(attributes, '$.purpose') = 'newsletter'
    and json_extract_string(attributes, '$.channel') = 'email'
  group by customer
)
select (select count(*) from customers_all) as customers, count(*) filter (where kind = 'consent.given') as allowed
from latest
""".strip()


def suggestions_by_mail(known: Known) -> Answer:
    """Answer e1.1; how many may get suggestions is known where consents are, whether any go out is not."""
    missing = known.missing(("flows", "recs", "consent"))
    if not known.has("consent"):
        return unknown(Sentence(gettext_noop("No consent is on record, and no suggestion either.")), *missing)
    row = known.one(_CONSENTS)
    title = gettext_noop("May get a newsletter by e-mail")
    definition = gettext_noop("Share of all customers whose last word on it is a consent.")
    allowed, customers = int(row["allowed"]), int(row["customers"])
    sentence = Sentence(
        gettext_noop(
            "%(allowed)s of %(customers)s customers may get suggestions by e-mail; whether any go out is not known."
        ),
        allowed=allowed,
        customers=customers,
    )
    measure = share_measure("newsletter_consent", title, allowed, customers, definition)
    return unknown(sentence, *missing, figures=(measure,), query=_CONSENTS)


_TAILORED = """
-- Messages of the last 90 days, and how many name a flow: what a flow sends is asked for by behaviour.
select count(*) as messages,
  count(*) filter (where coalesce(json_extract_string(attributes, '$.flow'), '') <> '') as flows
from events where kind = 'message.delivered' and day >= $since and day < $until
""".strip()


def tailored_messages(known: Known) -> Answer:
    """Answer s5.3; for whom a message was tailored is known only where it names its flow."""
    missing = known.missing(("messages", "flows", "experiments"))
    row = known.one(_TAILORED, since=known.before_end(90), until=known.end) if known.has("messages") else {}
    if not row or not row["messages"]:
        return unknown(Sentence(gettext_noop("No message of the last 90 days is on record.")), *missing)
    messages, flows = int(row["messages"]), int(row["flows"])
    if not flows:
        sentence = Sentence(
            gettext_noop(
                "%(messages)s messages of the last 90 days are on record; none says whom it was tailored for."
            ),
            messages=messages,
        )
        return unknown(sentence, *missing, query=_TAILORED)
    title = gettext_noop("Messages of flows")
    definition = gettext_noop("Share of the messages of the last 90 days of the data that name a flow.")
    sentence = Sentence(
        gettext_noop(
            "%(share)s of %(messages)s messages of the last 90 days belong to a flow; whether that works nobody has "
            "tried."
        ),
        share=Share(flows / messages),
        messages=messages,
    )
    return Answer(
        "partly" if flows / messages >= 0.5 else "no",
        sentence,
        (part_of_all("messages_of_flows", title, flows, messages, definition),),
        _TAILORED,
        next_step=Sentence(
            gettext_noop("Leave out a part of the recipients by lot: only then it shows whether it works.")
        ),
        connect=("experiments",),
    )


def wished_for(known: Known) -> Answer:
    """Answer t1; only people who look at the home page can say, but the picture of the customer must be there first."""
    if not known.counts.personas:
        return unknown(
            Sentence(gettext_noop("There is no persona yet whom the home page could be shown to.")), "persona"
        )
    said = gettext_noop(
        "%(personas)s personas are drawn; show the home page to five people like them for five seconds."
    )
    return unknown(Sentence(said, personas=known.counts.personas))
