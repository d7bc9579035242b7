"""Show what the members of a segment bring, figure by figure, beside all customers."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from stammkunde.insights import figures
from stammkunde.metrics import Figure
from stammkunde.segments.asking import Customers
from stammkunde.workspace.formatting import percent, quantity
from stammkunde.workspace.period_choice import Choice, usual_period
from stammkunde.workspace.reading import Reading, read
from stammkunde.workspace.words import during

NAMES = ("retention_rate", "revenue", "average_order_value", "purchase_frequency")


@dataclass(frozen=True)
class Card:
    """One figure of the members, and what it is of all customers."""

    figure: Figure
    title: str
    trend: list[float | None]
    note: str
    url: str


@dataclass(frozen=True)
class Brings:
    """The figures of the members in the usual period, and the pages that show more of them alone."""

    when: str
    currency: str
    cards: list[Card]
    ways: list[tuple[str, str]]


def bring(name: str, members: Customers | None) -> Brings | None:
    """Return the figures of a segment's members; None while there are no orders, or no members."""
    mirror = figures.mirror()
    if mirror is None or mirror.first_day is None or mirror.end is None or members is None or not len(members):
        return None
    choice = Choice(usual_period(mirror.first_day, mirror.end), mirror.first_day, mirror.end).within(name)
    currency = mirror.currency or ""
    mine, everybody = read(NAMES, choice, among=figures.Among.of(members)), read(NAMES, choice)
    return Brings(
        when=during(choice.period),
        currency=currency,
        cards=[_card(mine[one], everybody[one], choice, currency) for one in NAMES],
        ways=[
            (gettext("Overview of these customers"), reverse("overview") + choice.query),
            (gettext("All figures"), reverse("figures") + choice.query),
            (gettext("Cohorts"), f"{reverse('cohorts')}?segment={name}"),
            (gettext("RFM groups"), f"{reverse('rfm')}?segment={name}"),
        ],
    )


def _card(mine: Reading, everybody: Reading, choice: Choice, currency: str) -> Card:
    url = reverse("figure", args=[mine.figure.name]) + choice.query
    return Card(mine.figure, mine.title, mine.trend, _beside(mine.figure, everybody.figure, currency), url)


def _beside(mine: Figure, everybody: Figure, currency: str) -> str:
    """Say what all customers have; of what adds up, which share of it is the segment's."""
    if everybody.value is None:
        return ""
    if mine.name == "revenue":
        if mine.value is None or not everybody.value:
            return ""
        return gettext("%(share)s of the revenue of all") % {"share": percent(mine.value / everybody.value)}
    value = quantity(everybody.value, everybody.unit, currency=currency)
    return gettext("all customers: %(value)s") % {"value": value}
