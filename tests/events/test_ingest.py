"""The log takes each event once, keeps later states as revisions, and refuses what does not fit its kind."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.db import transaction

from stammkunde.customers.identity import Hint
from stammkunde.customers.models import Customer, Identity
from stammkunde.events import ingest, kinds
from stammkunde.events.fields import from_us, to_us
from stammkunde.events.ingest import Draft, Recorded, record
from stammkunde.events.models import Event

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EVA, HERR_KAYA = Hint(number="17", email="Eva@Example.org"), Hint(number="18")


def placed(order: str, *, by: Hint | None = EVA, value: int = 250_000) -> Draft:
    return Draft("order.placed", NOW, "shop", order, by, value, "EUR", {"order_id": order})


def test_drafts_are_recorded_once_however_often_they_come(db: None) -> None:
    assert record([placed("1"), placed("2"), placed("1")], now=NOW) == Recorded(recorded=2, duplicate=1)
    assert record([placed("2"), placed("3")], now=NOW) == Recorded(recorded=1, duplicate=1)
    assert ["1", "2", "3"] == list(Event.objects.order_by("id").values_list("external_id", flat=True))


def test_an_event_keeps_its_moment_its_offset_and_its_umlauts(db: None) -> None:
    at = datetime(2026, 7, 1, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    record([Draft("order.placed", at, "shop", "9", EVA, None, "", {"coupon": "Frühling"})], now=NOW)
    event = Event.objects.get()
    assert (at, 120, {"coupon": "Frühling"}) == (event.at, event.utc_offset, event.attributes)
    assert NOW == event.recorded_at


def test_moments_survive_the_database_to_the_microsecond() -> None:
    moment = datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert (-1, moment) == (to_us(moment), from_us(-1))


def test_a_kind_that_nobody_registered_is_kept_as_custom(db: None) -> None:
    record([Draft("workshop.attended", NOW, "crm", "w1", EVA)], now=NOW)
    assert kinds.kind("workshop.attended").custom
    assert Event.objects.filter(kind="workshop.attended").exists()


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (Draft("Order Placed", NOW, "s", "1"), "write noun.past_participle"),
        (Draft("order.placed", NOW, "s", "1", attributes={"lines": "many"}), "lines is 'many', expected list"),
        (Draft("voucher.redeemed", NOW, "s", "1"), "needs the attribute 'code'"),
    ],
    ids=["a name of the wrong form", "an attribute of the wrong type", "a required attribute left out"],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(db: None, draft: Draft, says: str) -> None:
    with pytest.raises(kinds.BadEvent, match=says):
        record([placed("1"), draft], now=NOW)
    assert not Event.objects.exists()


def test_a_changed_state_becomes_the_next_revision_and_the_same_one_does_not(db: None) -> None:
    def row(digest: str) -> ingest.Row:
        return ingest.Row("order.placed", None, 1, 0, "shop", "7", 100, "EUR", "{}", digest, live=False)

    states = [ingest.store([row(digest)], now=NOW, corrections=True)[0] for digest in ("a", "a", "b", "a")]
    assert ["recorded", "duplicate", "corrected", "corrected"] == states
    revisions = list(Event.objects.order_by("revision").values_list("revision", "digest", "replaces_id"))
    ids = list(Event.objects.order_by("revision").values_list("id", flat=True))
    assert [(0, "a", None), (1, "b", ids[0]), (2, "a", ids[1])] == revisions


def test_without_corrections_another_state_changes_nothing(db: None) -> None:
    record([placed("1", value=1)], now=NOW)
    assert record([placed("1", value=2)], now=NOW) == Recorded(recorded=0, duplicate=1)
    assert [1] == list(Event.objects.values_list("value", flat=True))


def test_the_names_of_one_customer_lead_to_her_and_to_nobody_else(db: None) -> None:
    record([placed("1"), placed("2", by=Hint(email="eva@example.org ")), placed("3", by=HERR_KAYA)], now=NOW)
    customers = list(Event.objects.order_by("external_id").values_list("customer_id", flat=True))
    assert customers[0] == customers[1] != customers[2]
    assert 2 == Customer.objects.count()
    assert {"17", "18", "eva@example.org"} == set(Identity.objects.values_list("value", flat=True))


_WRITER = """
import sys, django
django.setup()
from datetime import UTC, datetime
from django.db import transaction
from stammkunde.customers.identity import Hint
from stammkunde.events.ingest import Draft, record
now = datetime(2026, 3, 1, tzinfo=UTC)
numbers = range(300) if sys.argv[1] == "up" else reversed(range(300))
drafts = [Draft("order.placed", now, "shop", str(n), Hint(number=str(n % 50)), n) for n in numbers]
written = 0
for start in range(0, 300, 30):
    with transaction.atomic():
        written += record(drafts[start:start + 30], now=now).recorded
print(written)
"""


@pytest.mark.django_db(transaction=True)
def test_four_processes_that_bring_the_same_orders_write_each_once(tmp_path: Path) -> None:
    with transaction.atomic():
        record([placed("first", by=Hint(number="0"))], now=NOW)
    environment = process_environment(tmp_path)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, way], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for way in ("up", "down", "up", "down")
    ]
    done = [writer.communicate() for writer in writers]
    assert [0] * 4 == [writer.returncode for writer in writers], done
    assert 300 == sum(json.loads(out) for out, _ in done)
    assert 301 == Event.objects.count()
    assert 50 == Customer.objects.count() == Identity.objects.count()


def process_environment(home: Path) -> dict[str, str]:
    """Return the environment in which another process works on this test's database."""
    from django.db import connection

    settings = connection.settings_dict
    url = f"sqlite://{settings['NAME']}"
    if connection.vendor == "postgresql":
        host = f"?host={settings['HOST']}" if str(settings["HOST"]).startswith("/") else ""
        at = "" if host else f"{settings['HOST']}:{settings['PORT']}"
        port = f"&port={settings['PORT']}" if host and settings["PORT"] else ""
        url = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{at}/{settings['NAME']}{host}{port}"
    return os.environ | {
        "DATABASE_URL": url,
        "STAMMKUNDE_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
    }
