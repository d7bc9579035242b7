"""A shop with letters, first and second orders, in the log and in the mirror; and a map that looks at it."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings

from stammkunde.accounts.models import Business
from stammkunde.customers.models import Customer, Identity
from stammkunde.events.ingest import Draft, record
from stammkunde.insights import figures, mirroring
from stammkunde.kernel import clock

PEOPLE = 40
MAP = """\
journey: shop
version: 1
label: {de: Vom Brief zum zweiten Kauf, en: From letter to second order}
language: de
phases:
  - id: meet
    label: {de: Kennenlernen, en: Awareness}
    stage: prepurchase
    touchpoints:
      - id: talk
        label: Gespräch mit Freundinnen
        channel: offline
        owned_by: social
        initiator: third_party
        signal: {none: "nicht messbar; Näherung: Umfrage"}
      - id: letter
        label: {de: Brief, en: Letter}
        channel: letter
        initiator: company
        consent: existing_customer
        owner: mara
        signal: message.delivered where channel = "letter"
        initiatives: [campaign]
        pains:
          - id: unheard
            label: Brief bleibt ohne Antwort
            severity: high
            evidence: ["any(message.delivered) and none(order.placed)"]
          - {id: boring, label: Zu viel Text, evidence: [{assumption: true}]}
  - id: buy
    label: {de: Kaufen, en: Buying}
    stage: purchase
    touchpoints:
      - id: first
        label: {de: Erster Kauf, en: First order}
        channel: web
        moment_of_truth: true
        signal: "nth(order.placed, 1)"
  - id: stay
    label: {de: Bleiben, en: Staying}
    stage: postpurchase
  - id: again
    label: {de: Wiederkommen, en: Coming back}
    stage: postpurchase
    parent: stay
    touchpoints:
      - id: second
        label: {de: Zweiter Kauf, en: Second order}
        channel: web
        signal: "nth(order.placed, 2)"
        customer: {thinks: "Die kennen mich."}
      - id: ask
        label: Umfrage
        channel: email
        consent: opt_in
        signal: survey.sent
        sentiment: {survey: nps_t21, metric: nps}
paths:
  - {from: letter, to: first, within: 30d}
  - {from: first, to: second, within: 60d}
opportunities:
  - {id: shorter, label: Kürzer schreiben, pains: [unheard], score: {impact: 2, confidence: 0.5, effort_weeks: 2}}
initiatives:
  - {id: campaign, label: Kampagnenbriefe, type: campaign, status: running}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[dict[str, int]]:
    """Forty people got a letter 150 days ago; half of them ordered 10 days later, a quarter again after 30 more."""
    now = clock.now()
    with override_settings(HOME=tmp_path):
        business = Business.current()
        business.name, business.currency, business.accent = "Seifenladen", "EUR", "#0f6b5c"
        business.save()
        people = {f"Kundin{number}": _person(number, now) for number in range(PEOPLE)}
        ids = list(people.values())
        drafts = [_order(ids[0], 300, now), *(_letter(customer, 150, now) for customer in ids)]
        drafts += [_order(customer, 140, now) for customer in ids[1 : PEOPLE // 2]]
        drafts += [_order(customer, 110, now) for customer in ids[1 : PEOPLE // 4]]
        drafts += [_stranger(customer, 5, now) for customer in ids[:8]]
        with transaction.atomic():
            record(drafts, now=now)
        _sync(len(drafts))
        yield people


def days(first: int, last: int) -> str:
    """Return the query that asks for the days from so many days ago to so many."""
    today = clock.now().date()
    return f"?from={today - timedelta(days=first)}&to={today - timedelta(days=last)}"


def html(client: Client, address: str, *, status: int = 200) -> str:
    """Open a page and return what it says."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return str(response.content.decode())


def _person(number: int, now: datetime) -> int:
    person = Customer.objects.create(
        given_name=f"Kundin{number}", family_name="Muster", city="Wien", created_at=now - timedelta(days=300)
    )
    Identity.objects.create(customer=person, kind="number", scope="shop", value=f"N-{number}")
    return person.pk


def _order(customer: int, days_ago: int, now: datetime) -> Draft:
    line = {"product": "T1", "category": "Seife", "quantity": 1, "unit_price": 20, "line_total": 20}
    attributes = {"order_id": f"{customer}-{days_ago}", "lines": [line], "total": 20, "channel": "shop"}
    at = now - timedelta(days=days_ago, hours=1)
    return Draft("order.placed", at, "shop", f"{customer}-{days_ago}", customer, 200_000, "EUR", attributes)


def _letter(customer: int, days_ago: int, now: datetime) -> Draft:
    at = now - timedelta(days=days_ago, hours=2)
    attributes = {"message": "Frühling", "channel": "letter"}
    return Draft("message.delivered", at, "shop", f"letter-{customer}", customer, None, "", attributes)


def _stranger(customer: int, days_ago: int, now: datetime) -> Draft:
    at = now - timedelta(days=days_ago, hours=2)
    return Draft("lead.created", at, "shop", f"lead-{customer}", customer, None, "", {"form": "hauttyp"})


def _sync(events: int) -> None:
    for _ in range(200):
        mirroring.sync()
        mirror = figures.snapshot()
        if mirror is not None and [(events,)] == mirror.sql("SELECT count(*) FROM events"):
            return
        time.sleep(0.05)
    raise AssertionError("the mirror does not catch up")
