"""Draw the portrait of one customer: how often she buys, when she last did, and where that puts her."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import cast

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from stammkunde.accounts.models import Business
from stammkunde.events.models import Event
from stammkunde.insights import figures
from stammkunde.insights.rhythm import rhythm, usual
from stammkunde.insights.standing import Standing, standing
from stammkunde.metrics import GROUPS

PLACED = "order.placed"
GIVEN_BACK = ("order.returned", "order.cancelled")


@dataclass(frozen=True)
class PurchaseDay:
    """What one customer ordered on one day; value in 1/10,000."""

    day: date
    orders: int
    value: int


@dataclass(frozen=True)
class Scores:
    """Recency, frequency and monetary scores (1 to 5) and the name of the group they lead to."""

    r: int
    f: int
    m: int
    group: str


@dataclass(frozen=True)
class Portrait:
    """The figures of one customer, counted in the log itself; money in 1/10,000.

    `as_of` is the last day with an order of anybody (or of hers, if that is later): days are counted back from it.
    `usual_gap` is the median distance of her consecutive purchase days, None while she has bought on one day only.
    """

    days: tuple[PurchaseDay, ...]
    given_back: int
    as_of: date | None
    standing: Standing
    scores: Scores | None

    @property
    def orders(self) -> int:
        return sum(day.orders for day in self.days)

    @property
    def value(self) -> int:
        return sum(day.value for day in self.days)

    @property
    def first_day(self) -> date | None:
        return self.days[0].day if self.days else None

    @property
    def last_day(self) -> date | None:
        return self.days[-1].day if self.days else None

    @property
    def usual_gap(self) -> float | None:
        return _gap(self.days)

    @property
    def days_since_last(self) -> int | None:
        return (self.as_of - self.last_day).days if self.as_of and self.last_day else None


def portrait(customer: int) -> Portrait:
    """Return what the log says about one customer; an order is one that counts in every figure (value above 0)."""
    zone = Business.current().zone
    by_day: dict[date, list[int]] = {}
    given_back = 0
    rows = current_events(customer).filter(kind__in=(PLACED, *GIVEN_BACK)).values_list("kind", "at", "value")
    for kind, moment, value in cast("Iterable[tuple[str, datetime, int | None]]", rows.order_by("at", "pk")):
        if kind != PLACED:
            given_back += abs(value or 0)
        elif value and value > 0:
            by_day.setdefault(moment.astimezone(zone).date(), []).append(value)
    days = tuple(PurchaseDay(day, len(values), sum(values)) for day, values in by_day.items())
    as_of = _as_of(days)
    return Portrait(
        days=days,
        given_back=given_back,
        as_of=as_of,
        standing=_standing(days, as_of),
        scores=_scores(customer),
    )


def current_events(customer: int) -> QuerySet[Event]:
    """Return the events of a customer without those that a later state has replaced."""
    return Event.objects.filter(customer=customer).filter(~superseded())


def superseded() -> Exists:
    """Say of an event that a correction has taken its place."""
    later = Event.objects.filter(
        source=OuterRef("source"), external_id=OuterRef("external_id"), revision__gt=OuterRef("revision")
    )
    return Exists(later)


def _as_of(days: tuple[PurchaseDay, ...]) -> date | None:
    mirror = figures.mirror()
    known = [mirror.end - timedelta(days=1)] if mirror is not None and mirror.end else []
    return max([*known, *(day.day for day in days[-1:])], default=None)


def _gap(days: tuple[PurchaseDay, ...]) -> float | None:
    if len(days) < 2:
        return None
    return float(median((later.day - earlier.day).days for earlier, later in pairwise(days)))


def _standing(days: tuple[PurchaseDay, ...], as_of: date | None) -> Standing:
    if not days or as_of is None:
        return "none"
    orders = sum(day.orders for day in days)
    mirror = figures.mirror()
    shop = rhythm(mirror).shop if mirror is not None else None
    gap = usual(_gap(days), len(days), shop)
    return standing(orders=orders, first_day=days[0].day, last_day=days[-1].day, gap=gap, as_of=as_of)


def _scores(customer: int) -> Scores | None:
    scored = figures.rfm()
    places = np.flatnonzero(scored.customer == customer)
    if not len(places):
        return None
    place = int(places[0])
    r, f, m = (int(scores[place]) for scores in (scored.r, scored.f, scored.m))
    return Scores(r, f, m, GROUPS[int(scored.group[place])].name)
