"""Answer what vouchers know: who redeems what is meant for regulars, and what is for existing customers only."""

from dataclasses import dataclass
from datetime import date

from stammkunde.insights.checkup.answers import Answer, Link, State, Table, share_measure, unknown
from stammkunde.insights.checkup.known import Known
from stammkunde.metrics.intervals import wilson
from stammkunde.metrics.wording import Sentence, Share, Verbatim, gettext_noop

LEAK = 0.02
_FEWEST = 20
_REACH_DAYS = 180
_RECENT_DAYS = 90
_REDEEMED = """
-- By programme: redemptions, and how many came from regulars (3 orders before that day, 2 of them within a year) and
-- from anybody who had ordered before that day. Redemptions of the first 180 days of the data are left out: who was a
-- regular then nobody can know.
with used as (
  select id, customer, day, coalesce(json_extract_string(attributes, '$.programme'),
                                     json_extract_string(attributes, '$.code')) as programme
  from events where kind = 'voucher.redeemed' and customer is not null and day < $until
    and day >= $since and day >= (select min(day) from orders) + $reach::integer
),
before as (
  select used.id, used.customer, used.programme, used.day, count(orders.event) as orders,
    count(orders.event) filter (where orders.day > used.day - 365) as recent
  from used left join orders on orders.customer = used.customer and orders.day < used.day
  group by used.id, used.customer, used.programme, used.day
)
select programme, count(*) as redeemed, count(distinct customer) as customers,
  count(*) filter (where orders >= 3 and recent >= 2) as by_regulars, count(*) filter (where orders >= 1) as by_known,
  max(day) as last_day
from before group by programme order by redeemed desc, programme
""".strip()


@dataclass(frozen=True)
class Programme:
    """Who redeemed the vouchers of one programme."""

    name: str
    redeemed: int
    customers: int
    by_regulars: int
    by_known: int
    last_day: date

    @property
    def leaks(self) -> int:
        """Return the redemptions by others than regulars."""
        return self.redeemed - self.by_regulars


def only_for_regulars(known: Known) -> Answer:
    """Answer e2.1, whether a discount is redeemed by regulars only."""
    programmes = _programmes(known, _FEWEST)
    if not programmes:
        return _no_vouchers(known)
    best = min(programmes, key=lambda one: one.leaks / one.redeemed)
    redeemed, leaks = sum(one.redeemed for one in programmes), sum(one.leaks for one in programmes)
    state = _judged([(one.leaks, one.redeemed) for one in programmes])
    sentence = Sentence(
        gettext_noop(
            "“%(programme)s” comes nearest: %(leak)s of %(redeemed)s redemptions came from others than regulars, "
            "surely between %(low)s and %(high)s; at most 2 %% would do."
        ),
        programme=Verbatim(best.name),
        redeemed=best.redeemed,
        leak=Share(best.leaks / best.redeemed),
        low=Share(wilson(best.leaks, best.redeemed)[0]),
        high=Share(wilson(best.leaks, best.redeemed)[1]),
    )
    title = gettext_noop("Redeemed by others than regulars")
    definition = gettext_noop(
        "Share of redemptions of programmes with 20 or more, by customers with fewer than three orders before that "
        "day or fewer than two of them within a year."
    )
    return Answer(
        state,
        sentence,
        (share_measure("voucher_leak", title, leaks, redeemed, definition),),
        _REDEEMED,
        next_step=Sentence(
            gettext_noop(
                "Build the group that shall get it as a segment, and let the shop accept the code from it alone."
            )
        ),
        next_link=Link("segment", "regular-customers") if known.counts.segments else Link("segments"),
        table=_programme_table(programmes),
    )


def only_for_customers(known: Known) -> Answer:
    """Answer t5, whether something ran lately that only existing customers got."""
    programmes = _programmes(known, 5, since_days=_RECENT_DAYS)
    if not programmes:
        return _no_vouchers(known)
    redeemed, by_known = sum(one.redeemed for one in programmes), sum(one.by_known for one in programmes)
    only = [one for one in programmes if one.by_known == one.redeemed and one.redeemed >= _FEWEST]
    surely_others = all(wilson(one.redeemed - one.by_known, one.redeemed)[0] > LEAK for one in programmes)
    state: State = "yes" if only else "no" if surely_others else "partly"
    said = (
        gettext_noop(
            "In the last 90 days of the data %(programmes)s offers were redeemed five times or more; in %(only)s of "
            "them all of 20 or more redemptions came from customers who had bought before."
        )
        if only
        else gettext_noop(
            "In the last 90 days of the data %(programmes)s offers were redeemed five times or more; %(share)s of the "
            "redemptions came from customers who had bought before, of none of the offers surely all."
        )
    )
    title = gettext_noop("Redeemed by existing customers")
    definition = gettext_noop("Share of redemptions by customers with an order before that day.")
    return Answer(
        state,
        Sentence(said, programmes=len(programmes), only=len(only), share=Share(by_known / redeemed)),
        (share_measure("voucher_existing", title, by_known, redeemed, definition),),
        _REDEEMED,
        next_step=Sentence(gettext_noop("Tell them that it is for them alone: that is what makes it worth something.")),
        next_link=Link("segments"),
        table=_programme_table(programmes),
    )


def _programmes(known: Known, fewest: int, *, since_days: int = 3_650) -> list[Programme]:
    if not known.has("vouchers") or not known.has_orders:
        return []
    rows = known.rows(_REDEEMED, since=known.before_end(since_days), until=known.tomorrow, reach=_REACH_DAYS)
    return [found for row in rows if (found := Programme(*row)).redeemed >= fewest]


def _no_vouchers(known: Known) -> Answer:
    if known.has("vouchers"):
        return unknown(
            Sentence(
                gettext_noop(
                    "Too few redemptions are on record, or the data begin too shortly before them, to say whose they "
                    "are."
                )
            ),
            "vouchers",
            query=_REDEEMED,
        )
    return unknown(Sentence(gettext_noop("No redemption of a voucher is on record.")), "vouchers")


def _judged(leaks: list[tuple[int, int]]) -> State:
    """Say yes when one programme leaks at most 2 %, no when all surely leak more, else partly."""
    if any(leak / of <= LEAK for leak, of in leaks):
        return "yes"
    return "no" if all(wilson(leak, of)[0] > LEAK for leak, of in leaks) else "partly"


def _programme_table(programmes: list[Programme]) -> Table:
    head = (
        gettext_noop("Offer"),
        gettext_noop("Redeemed"),
        gettext_noop("By regulars"),
        gettext_noop("By existing customers"),
        gettext_noop("Last time"),
    )
    return Table(
        tuple(map(Sentence, head)),
        tuple((Verbatim(one.name), one.redeemed, one.by_regulars, one.by_known, one.last_day) for one in programmes),
    )
