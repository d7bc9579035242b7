"""Name those whom a letter would still reach in time: regulars who are silent for longer than is usual for them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import ngettext

from stammkunde.insights.silence import REGULAR_FROM_ORDERS, STILL_NEAR_DAYS, Silence
from stammkunde.workspace.formatting import money, number


@dataclass(frozen=True)
class NextStep:
    """What to do next, and the list of those it is about."""

    sentence: str
    url: str


def next_step(silence: Silence, *, currency: str) -> NextStep | None:
    """Return the next step, or None if nobody calls for it."""
    if not silence.customers:
        return None
    sentence = ngettext(
        "{customers} regular, with {orders} orders or more, has been silent for over twice the usual time between "
        "orders, but not yet for a year: {revenue} of revenue so far. Ask what is missing.",
        "{customers} regulars, with {orders} orders or more each, have been silent for over twice their usual time "
        "between orders, but not yet for a year: {revenue} of revenue so far. Ask what is missing.",
        silence.customers,
    ).format(
        customers=number(silence.customers),
        orders=number(REGULAR_FROM_ORDERS),
        revenue=money(silence.value, currency),
    )
    asked = {"standing": "silent", "min_orders": REGULAR_FROM_ORDERS, "last": STILL_NEAR_DAYS, "sort": "-revenue"}
    return NextStep(sentence, f"{reverse('customers')}?{urlencode(asked)}")
