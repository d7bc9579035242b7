"""A little shop for the check-up, whose answers can be worked out by hand."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

from stammkunde.accounts.models import Business
from stammkunde.customers.models import Customer
from stammkunde.events.ingest import Draft, record
from stammkunde.insights import figures, mirroring

NOW = datetime(2026, 10, 10, 9, tzinfo=UTC)
Put = Callable[[Iterable[Draft]], None]
_CATEGORIES = ("Tee", "Seife")


@pytest.fixture
def put(transactional_db: None, tmp_path: Path) -> Iterator[Put]:
    """Open a shop in Berlin; `put(events)` writes them into its log and its mirror."""
    written = 0

    def write(drafts: Iterable[Draft]) -> None:
        nonlocal written
        wanted = list(drafts)
        with transaction.atomic():
            record(wanted, now=NOW)
        written += len(wanted)
        for _ in range(200):
            mirroring.sync()
            mirror = figures.snapshot()
            if mirror is not None and [(written,)] == mirror.sql("SELECT count(*) FROM events"):
                return
            time.sleep(0.05)
        raise AssertionError("the mirror does not catch up")

    with override_settings(HOME=tmp_path):
        business = Business.current()
        business.currency = "EUR"
        business.save()
        yield write


def people(count: int) -> list[int]:
    """Return so many new customers."""
    made = [Customer(given_name=f"Kundin {number}", created_at=NOW) for number in range(count)]
    return [customer.pk for customer in Customer.objects.bulk_create(made)]


def order(customer: int, day: str, *, value: float = 20.0, reduced: float = 0.0, channel: str = "shop",
          categories: int = 1, hour: int = 12, number: str = "") -> Draft:  # fmt: skip
    """Return an order of one line per category, `reduced` of its value with a discount."""
    at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=hour)
    lines = [
        {
            "product": f"P{place}",
            "category": _CATEGORIES[place],
            "quantity": 1,
            "line_total": (value - reduced) / categories,
        }
        for place in range(categories)
    ]
    if reduced:
        lines.append({"product": "P9", "category": _CATEGORIES[0], "quantity": 1, "line_total": reduced, "discount": 1})
    name = f"{customer}/{day}/{number or hour}"
    attributes = {"order_id": name, "lines": lines, "total": value, "channel": channel}
    return Draft("order.placed", at, "shop", name, customer, round(value * 10_000), "EUR", attributes)


def event(kind: str, customer: int, day: str, *, hour: float = 12, **attributes: str) -> Draft:
    """Return any other event."""
    at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=hour)
    name = f"{kind}/{customer}/{day}/{hour}/{attributes}"
    return Draft(kind, at, "shop", name[:200], customer, None, "", attributes)
