"""Offer segments that every business knows, as ordinary ones: each can be changed or removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, override

from stammkunde.conditions.tokens import quoted
from stammkunde.metrics import GROUPS
from stammkunde.segments.definitions import save
from stammkunde.segments.models import Offered, Segment


@dataclass(frozen=True)
class Ready:
    """A segment with titles, and one sentence that explains it, in German and English."""

    name: str
    title: str
    title_en: str
    purpose: str
    purpose_en: str
    text: str


READY = (
    Ready(
        "first-time-buyers", "Erstkäufer", "First-time buyers",
        "Haben genau einmal bestellt, und das in den letzten 90 Tagen: Die zweite Bestellung entscheidet.",
        "Ordered exactly once, within the last 90 days: the second order decides.",
        "count(order.placed) = 1 and any(order.placed, last 90 days)",
    ),
    Ready(
        "regular-customers", "Stammkunden", "Regular customers",
        "Haben mindestens drei Mal bestellt und im letzten Jahr wenigstens zwei Mal.",
        "Ordered at least three times, at least twice of these within the last year.",
        "count(order.placed) >= 3 and count(order.placed, last 1 year) >= 2",
    ),
    Ready(
        "vip", "VIP-Kunden", "VIP customers",
        "Haben im letzten Jahr mindestens fünf Mal und für mehr als 500 bestellt.",
        "Ordered at least five times and for more than 500 within the last year.",
        "count(order.placed, last 1 year) >= 5 and sum(order.placed.value, last 1 year) > 500",
    ),
    Ready(
        "about-to-fall-silent", "Drohen zu verstummen", "About to fall silent",
        "Haben mindestens drei Mal bestellt und schweigen jetzt doppelt so lang wie sonst zwischen zwei Bestellungen.",
        "Ordered at least three times and have been silent for twice as long as usual between two orders.",
        "count(order.placed) >= 3 and any(order.placed, last 1 year) and "
        "days since last(order.placed) > 30 and days since last(order.placed) > 2 * median gap(order.placed)",
    ),
    Ready(
        "lapsed", "Eingeschlafen", "Lapsed",
        "Haben mindestens zwei Mal bestellt, im letzten Jahr aber nichts mehr.",
        "Ordered at least twice, but nothing within the last year.",
        "count(order.placed) >= 2 and none(order.placed, last 1 year)",
    ),
    Ready(
        "discount-hunters", "Rabattjäger", "Discount hunters",
        "Haben mindestens zwei Mal bestellt, und die meisten Bestellungen mit Rabatt oder Gutschein.",
        "Ordered at least twice, most of these orders with a discount or a coupon.",
        'count(order.placed) >= 2 and '
        'count(order.placed where discount > 0 or coupon != "" or line_discount > 0) > 0.5 * count(order.placed)',
    ),
)  # fmt: skip


def rfm_groups() -> list[Ready]:
    """Return a segment for each group by recency, frequency and revenue: the same groups as on the page of that name.

    Titles and sentences are those of the page, in both languages.
    """
    german, english = _told("de"), _told("en")
    return [
        Ready(
            f"rfm-{group.name.replace('_', '-')}",
            f"RFM: {german[group.name][0]}",
            f"RFM: {english[group.name][0]}",
            german[group.name][1],
            english[group.name][1],
            f'rfm_group = "{group.name}"',
        )
        for group in GROUPS
    ]


def two_hobbies(first: str, second: str) -> Ready:
    """Return the segment of those who buy from both of these categories again and again."""
    one, other = quoted(first), quoted(second)
    return Ready(
        "two-hobbies",
        "Zwei Hobbys",
        "Two hobbies",
        f"Haben im letzten Jahr je mindestens zwei Mal aus „{first}“ und aus „{second}“ bestellt, den beiden "
        "meistgekauften Warengruppen; setzen Sie andere ein.",
        f"Ordered at least twice each from “{first}” and from “{second}” within the last year, the two categories "
        "bought most; put in others.",
        f"count(order.placed where category = {one}, last 1 year) >= 2\n"
        f"and count(order.placed where category = {other}, last 1 year) >= 2",
    )


def provide(*, now: datetime, hobbies: Sequence[str] = ()) -> int:
    """Create the ready segments that were never offered before; return how many.

    One that the business has changed stays as it is, and one it has removed stays away. `hobbies` are the categories
    bought by most customers; with fewer than two of them there is no segment of two hobbies yet.
    """
    offered = set(Offered.objects.values_list("name", flat=True))
    every = [*READY, *([two_hobbies(hobbies[0], hobbies[1])] if len(hobbies) > 1 else []), *rfm_groups()]
    missing = [ready for ready in every if ready.name not in offered]
    if not missing:
        return 0
    with transaction.atomic():
        return sum(_offer(ready, now) for ready in missing)


def wants_hobbies() -> bool:
    """Tell whether the segment of two hobbies has still to be offered."""
    return not Offered.objects.filter(name="two-hobbies").exists()


def _offer(ready: Ready, now: datetime) -> bool:
    _, first = Offered.objects.get_or_create(name=ready.name)
    if not first or Segment.objects.filter(name=ready.name).exists():
        return False
    _create(ready, now)
    return True


def _told(language: str) -> dict[str, tuple[str, str]]:
    """Return title and advice of each RFM group in a language."""
    with override(language):
        return {group.name: (gettext(group.title), gettext(group.advice)) for group in GROUPS}


def _create(ready: Ready, now: datetime) -> None:
    save(
        ready.name,
        ready.text,
        now=now,
        title=ready.title,
        title_en=ready.title_en,
        purpose=ready.purpose,
        purpose_en=ready.purpose_en,
    )
    Segment.objects.filter(name=ready.name).update(ready=True)
