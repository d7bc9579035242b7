"""The worker takes up what waits, keeps the mirror in step, and lets no bad file stop it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from threading import Timer

import pytest
from django.contrib.sessions.models import Session
from django.test import override_settings

from stammkunde.events import imports
from stammkunde.events.models import Import
from stammkunde.insights import figures, mirroring
from stammkunde.worker import loop

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ORDERS = "order_id;customer;date;total\n1;Eva;2026-01-05;20,00\n2;Kaya;2026-02-03;10,00\n"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path) -> Iterator[None]:
    with override_settings(HOME=tmp_path):
        yield


def wait_for(file: Path, text: str) -> Import:
    file.write_text(text)
    return imports.create(file, file_name=file.name, now=NOW)


def test_one_turn_imports_the_file_and_brings_the_figures_up_to_date(tmp_path: Path) -> None:
    waiting = wait_for(tmp_path / "orders.csv", ORDERS)
    assert loop.turn()
    waiting.refresh_from_db()
    assert (Import.State.DONE, 2) == (waiting.state, waiting.imported)
    mirror = figures.mirror()
    assert mirror is not None
    assert [(2,)] == mirror.sql("SELECT count(*) FROM orders")
    assert not loop.turn(), "nothing is left to do"


def test_a_file_that_is_refused_is_told_on_its_page_and_stops_nothing(tmp_path: Path) -> None:
    bad = wait_for(tmp_path / "bad.csv", ORDERS.replace("2026-01-05", "2026-02-31").replace("2026-02-03", "2026-02-30"))
    good = wait_for(tmp_path / "good.csv", ORDERS)
    while loop.turn():
        pass
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (Import.State.REFUSED, Import.State.DONE) == (bad.state, good.state)
    assert bad.message


def test_the_worker_stops_when_asked_and_forgets_log_ins_that_are_over() -> None:
    Session.objects.create(session_key="over", session_data="", expire_date=NOW - timedelta(days=4000))
    stop = Flag()
    Timer(1.0, stop.set).start()
    loop.run(stopping=stop)
    assert not Session.objects.exists()
    assert not mirroring.is_behind()
