"""Draw what happens to a few customers at random, and say a second time, plainly, who is in which segment."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction

from stammkunde.conditions import Condition, Event, evaluate, parse
from stammkunde.customers.models import Customer
from stammkunde.events import ingest
from stammkunde.events.fields import as_json, from_us, to_us
from stammkunde.events.models import Event as Row

ZONE = ZoneInfo("Europe/Berlin")
STARTS = (
    datetime(2026, 3, 27, 22, 30, tzinfo=UTC),  # daylight saving begins on the 29th
    datetime(2026, 10, 23, 21, 59, tzinfo=UTC),  # and ends on the 25th
    datetime(2026, 1, 30, 11, 0, tzinfo=UTC),  # a month end
    datetime(2028, 2, 27, 23, 0, tzinfo=UTC),  # a leap year
)
CONDITIONS = (
    "count(order.placed, last 3 days) >= 2",
    "none(order.placed, last 2 days)",
    "any(order.placed, last 36 hours) and not any(order.returned)",
    "any(order.placed) then none(order.placed) for 2 days",
    "any(order.placed) then any(order.returned) within 1 day",
    "any(order.placed, last 1 month) then none(order.returned) for 30 hours",
    "sum(order.placed.value, last 4 days) > 150",
    "days since last(order.placed) > 2",
    "days since last(order.placed) = 1",
    "1.5 < days since first(order.placed where value > 60)",
    "days since last(order.placed) > 2 * median gap(order.placed)",
    "days since last(order.placed) + 1 > 2 or customer.city = \"Wien\"",
    "anniversary(first(order.placed)) within 7 days",
    "customer.city in (\"Wien\", \"Graz\") and any(order.placed, last 2 days)",
    "consent(\"newsletter\") and none(message.delivered, last 1 day)",
    "any(nth(order.placed, 2), last 3 days)",
    "count(order.placed where product = \"A\", last 1 week) >= 1",
    "any(order.placed, between 2026-03-29 and 2026-03-30)",
    "median gap(order.placed, last 5 days) < 2",
    "not tier = \"gold\" and avg(order.placed.value) >= 50",
    "none(order.placed)",
)  # fmt: skip
KINDS = (
    ("order.placed",) * 6
    + ("order.returned", "message.delivered", "consent.given", "consent.withdrawn")
    + ("trait.changed",) * 2
)


@dataclass
class World:
    """What has happened so far, as the tests know it."""

    random: Random
    now: datetime
    customers: list[int] = field(default_factory=list)
    definitions: dict[str, Condition] = field(default_factory=dict)
    numbers: int = 0

    def go_on(self) -> None:
        """Let time pass: seconds, hours or days, often exactly to a moment that matters."""
        steps = (timedelta(seconds=1), timedelta(minutes=59), timedelta(hours=12), timedelta(days=1), timedelta(days=2))
        self.now += self.random.choice(steps) + timedelta(microseconds=self.random.choice((0, 0, 1, -1)))

    def happen(self) -> None:
        """Record some events: on time, late, ahead of time, some again, some corrected, some for another customer."""
        with transaction.atomic():
            for _ in range(self.random.choice((0, 1, 1, 2))):
                self.customers.append(Customer.objects.create(created_at=self.now).pk)
            rows = [self._row() for _ in range(self.random.randint(0, 6))] if self.customers else []
            ingest.store(rows, now=self.now, corrections=True)

    def _row(self) -> ingest.Row:
        kind = self.random.choice(KINDS)
        again = self.numbers and self.random.random() < 0.2
        number = self.random.randrange(self.numbers) if again else self.numbers
        self.numbers += 0 if again else 1
        ago = self.random.choice((0, 0, 1, 24, 36, 48, 72, 24 * 365, -1, -24))
        at = to_us(self.now - timedelta(hours=ago)) + self.random.choice((0, 0, 1, -1))
        customer = self.random.choice([*self.customers, None]) if again else self.random.choice(self.customers)
        told = as_json(self._attributes(kind))
        value = self.random.choice((400_000, 700_000, 1_200_000)) if kind.startswith("order") else None
        print_of = ingest.digest(kind, customer, at, value, told)
        return ingest.Row(kind, customer, at, 60, "shop", str(number), value, "EUR", told, print_of, live=True)

    def _attributes(self, kind: str) -> dict[str, object]:
        if kind == "trait.changed":
            trait, values = self.random.choice(
                (("city", ["Wien", "Graz", "Linz", None]), ("tier", ["gold", None, 3, True]))
            )
            return {"trait": trait, "after": self.random.choice(values)}
        if kind.startswith("consent"):
            return {"purpose": "newsletter", "channel": "email", "proof": "x"}
        if kind == "message.delivered":
            return {"message": "m"}
        return {"lines": [{"product": self.random.choice("AB"), "quantity": 1}], "order_id": "x"}

    def define(self) -> tuple[str, str]:
        """Choose a segment and what it is to say, perhaps by way of another one."""
        name = self.random.choice("abcde")
        text = self.random.choice(CONDITIONS)
        if name in "de" and self.definitions.keys() & set("abc"):
            inner = self.random.choice(sorted(self.definitions.keys() & set("abc")))
            text = f'({text}) or in segment("{inner}")' if name == "d" else f'({text}) and not in segment("{inner}")'
        self.definitions[name] = parse(text)
        return name, text

    def expected(self) -> dict[str, set[int]]:
        """Ask every customer's history one by one, by the evaluation for one."""
        pasts: dict[int, list[Event]] = {customer: [] for customer in self.customers}
        newest: dict[str, Row] = {}
        for row in Row.objects.filter(source="shop").order_by("revision"):
            newest[row.external_id] = row
        for row in newest.values():
            if row.customer_id is not None:
                pasts[row.customer_id].append(Event(row.pk, row.kind, to_us(row.at), row.value, row.attributes))
        return {
            name: {
                customer
                for customer, past in pasts.items()
                if evaluate(condition, past, self.now, zone=ZONE, segments=self.definitions).value is True
            }
            for name, condition in self.definitions.items()
        }


__all__ = ["CONDITIONS", "STARTS", "ZONE", "World", "from_us", "json"]
