"""Name the one group that a letter would reach in time: the best customers who have gone silent."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import ngettext

from stammkunde.metrics import RFM
from stammkunde.workspace.formatting import money, number

GROUP = "cannot_lose"
ENOUGH = 25


@dataclass(frozen=True)
class NextStep:
    """What to do next, and the list of those it is about."""

    sentence: str
    url: str


def next_step(scored: RFM, *, currency: str) -> NextStep | None:
    """Return the next step, or None if nobody calls for it or there are too few customers to form groups."""
    row = next(row for row in scored.groups if row.name == GROUP)
    if not row.customers or len(scored) < ENOUGH:
        return None
    sentence = ngettext(
        "{customers} customer who was among your best has gone silent. She has brought {revenue} so far. Get in touch "
        "in person and ask why.",
        "{customers} customers who were among your best have gone silent. Together they have brought {revenue} so far. "
        "Get in touch in person and ask why.",
        row.customers,
    )
    written = sentence.format(customers=number(row.customers), revenue=money(row.revenue, currency))
    return NextStep(written, _list_of(GROUP))


def _list_of(group: str) -> str:
    try:
        return f"{reverse('customers')}?group={group}"
    except NoReverseMatch:
        return f"{reverse('rfm')}#{group}"
