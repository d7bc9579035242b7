"""The mirror follows the log: nothing lost, nothing twice, also when a slow transaction commits late."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from django.test import override_settings

from stammkunde.accounts.models import Business
from stammkunde.customers.identity import Hint
from stammkunde.events import ingest
from stammkunde.events.ingest import Draft, record
from stammkunde.insights import figures, mirroring
from stammkunde.kernel.periods import Period
from stammkunde.metrics import storage

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
YEAR = Period(NOW.date().replace(month=1, day=1), NOW.date().replace(year=2027, month=1, day=1))

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path) -> Iterator[None]:
    with override_settings(HOME=tmp_path):
        yield


def place(*orders: str, value: int = 100_000, at: datetime = NOW) -> None:
    with transaction.atomic():
        record(
            [Draft("order.placed", at, "shop", order, Hint(number=order[0]), value, "EUR") for order in orders],
            now=NOW,
        )


def orders() -> int:
    mirror = figures.mirror()
    return 0 if mirror is None else int(mirror.sql("SELECT count(*) FROM orders")[0][0])


def test_a_sync_brings_what_is_new_and_a_second_one_nothing() -> None:
    place("a1", "b1")
    assert mirroring.is_behind()
    assert mirroring.sync().changed
    assert not mirroring.is_behind()
    assert not mirroring.sync().changed
    place("a2")
    mirroring.sync()
    assert 3 == orders()


def test_an_empty_log_has_no_mirror_to_ask() -> None:
    mirroring.sync()
    assert figures.mirror() is None
    assert figures.usual_period() is None


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    place("a1")
    mirroring.sync()
    corrected = ingest.Row("order.placed", None, 0, 0, "shop", "a1", 50_000, "EUR", "{}", "other", live=False)
    with transaction.atomic():
        ingest.store([corrected], now=NOW, corrections=True)
    mirroring.sync()
    mirror = figures.mirror()
    assert mirror is not None
    assert [(1, 50_000, None)] == mirror.sql("SELECT count(*), sum(value), max(customer) FROM orders")


def test_another_time_zone_or_a_lost_folder_means_a_rebuild() -> None:
    place("a1", at=datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    mirroring.sync()
    assert "2026-02-01" == first_day()
    business = Business.current()
    business.time_zone = "Atlantic/Azores"
    business.save()
    assert mirroring.is_behind()
    mirroring.sync()
    assert "2026-01-31" == first_day()


def test_the_rebuilt_mirror_says_the_same_as_the_one_kept_in_step() -> None:
    for month in range(1, 9):
        place(*(f"{who}{month}" for who in "abcdef"[: 1 + month % 5]), at=NOW + timedelta(days=31 * month))
        mirroring.sync()
    in_step = figures.answer(period=YEAR)
    mirroring.rebuild()
    assert in_step == figures.answer(period=YEAR)


def test_a_transaction_that_commits_late_is_not_lost(request: pytest.FixtureRequest) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nothing can commit out of order there")
    place("a1")
    mirroring.sync()
    slow = connections.create_connection("default")
    request.addfinalizer(slow.close)
    slow.set_autocommit(False)
    with slow.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_event (kind, at, utc_offset, recorded_at, source, external_id, revision, value,"
            " currency, attributes, digest, live) VALUES"
            " ('order.placed', 0, 0, 0, 'shop', 'late', 0, 100, 'EUR', '{}', '', true)"
        )
    place("b1")
    mirroring.sync()
    assert 1 == orders(), "nothing behind the open transaction may be passed yet"
    slow.commit()
    mirroring.sync()
    assert 3 == orders()


def first_day() -> str:
    manifest = storage.read_manifest(mirroring.storage_folder())
    assert manifest is not None
    return str(manifest.first_day)
