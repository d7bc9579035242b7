"""Offer segments that every business knows, as ordinary ones: each can be changed or removed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

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
        "days since last(order.placed) > 2 * median gap(order.placed)",
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
    Ready(
        "two-hobbies", "Zwei Hobbys", "Two hobbies",
        "Haben im letzten Jahr aus mindestens zwei Warengruppen bestellt.",
        "Ordered from at least two categories within the last year.",
        "distinct(order.placed.category, last 1 year) >= 2",
    ),
    Ready(
        "rfm-champions", "RFM: Spitzenkunden", "RFM: champions",
        "Haben in den letzten 60 Tagen bestellt und im letzten Jahr mindestens vier Mal.",
        "Ordered within the last 60 days and at least four times within the last year.",
        "any(order.placed, last 60 days) and count(order.placed, last 1 year) >= 4",
    ),
    Ready(
        "rfm-promising", "RFM: Vielversprechende", "RFM: promising",
        "Haben in den letzten 60 Tagen bestellt, im letzten Jahr zwei oder drei Mal.",
        "Ordered within the last 60 days, two or three times within the last year.",
        "any(order.placed, last 60 days) and count(order.placed, last 1 year) >= 2 and "
        "count(order.placed, last 1 year) <= 3",
    ),
    Ready(
        "rfm-at-risk", "RFM: Gefährdete", "RFM: at risk",
        "Haben mindestens vier Mal bestellt, seit einem halben Jahr aber nicht mehr, zuletzt vor höchstens einem Jahr.",
        "Ordered at least four times, but not for half a year; the last order is at most a year ago.",
        "count(order.placed) >= 4 and none(order.placed, last 6 months) and any(order.placed, last 1 year)",
    ),
)  # fmt: skip


def provide(*, now: datetime) -> int:
    """Create the ready segments that were never offered before; return how many.

    One that the business has changed stays as it is, and one it has removed stays away.
    """
    made = 0
    with transaction.atomic():
        offered = set(Offered.objects.values_list("name", flat=True))
        for ready in READY:
            if ready.name in offered:
                continue
            Offered.objects.get_or_create(name=ready.name)
            if not Segment.objects.filter(name=ready.name).exists():
                _create(ready, now)
                made += 1
    return made


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
