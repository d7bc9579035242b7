"""Several workers, killed workers, rebuilt mirrors: each entry is written once, and nobody is looked at in vain."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from stammkunde.customers.identity import Hint
from stammkunde.events.ingest import Draft, record
from stammkunde.events.models import Event
from stammkunde.insights import figures, mirroring
from stammkunde.segments import claims, definitions, listing, membership
from stammkunde.segments.claims import LEASE, Overtaken
from stammkunde.segments.models import Segment, Watch
from tests.segments import settled

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path) -> Iterator[None]:
    with override_settings(HOME=tmp_path):
        buy("eva", "eva", "kaya", "jo")
        definitions.save("twice", "count(order.placed) >= 2", now=NOW)
        settled.wait()
        mirroring.sync()
        membership.tick(figures.snapshot(), now=NOW)
        yield


def buy(*names: str, at: datetime = NOW, kind: str = "order.placed") -> None:
    with transaction.atomic():
        known = Event.objects.count()
        record(
            [
                Draft(
                    kind, at - timedelta(seconds=number), "shop", f"{known + number}", Hint(number=who), 10_000, "EUR"
                )
                for number, who in enumerate(names)
            ],
            now=NOW,
        )


def tick(after: timedelta = timedelta(minutes=1)) -> membership.Ticked:
    settled.wait()
    return membership.tick(figures.snapshot(), now=NOW + after)


def entries() -> int:
    return Event.objects.filter(source="segments").count()


def test_only_those_with_new_events_that_matter_are_looked_at_and_entries_matter_to_nobody() -> None:
    assert membership.Ticked() == tick()
    buy("kaya", "jo", "jo", kind="page.viewed")
    assert 0 == tick().looked_at
    buy("kaya")
    assert membership.Ticked(looked_at=1, entered=1) == tick()
    assert membership.Ticked() == tick()
    assert 1 == entries()


def test_two_workers_never_keep_the_same_segment_at_once() -> None:
    [watch] = Watch.objects.all()
    token = claims.claim([watch], now=NOW)
    assert token
    assert None is claims.claim([watch], now=NOW + LEASE / 2)
    buy("kaya")
    assert membership.Ticked() == tick()
    other = claims.claim([watch], now=NOW + LEASE)
    assert other
    with pytest.raises(Overtaken), transaction.atomic():
        claims.settle([watch], token, watermark="", checked_at=NOW)
    claims.release(other)
    assert 1 == tick(LEASE * 2).entered


def test_a_worker_that_dies_while_it_writes_leaves_nothing_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    buy("kaya")
    with monkeypatch.context() as patched:
        patched.setattr(membership, "write", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tick()
    assert (1, 0) == (len(listing.members("twice")), entries())
    assert 1 == tick().entered
    assert (2, 1) == (len(listing.members("twice")), entries())


def test_a_merge_that_moves_events_in_place_counts_once_the_mirror_is_written_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_event SET customer_id = (SELECT max(customer_id) FROM events_event) WHERE kind = %s",
            ["order.placed"],
        )
    settled.wait()
    mirroring.rebuild()
    assert (1, 1) == ((ticked := tick()).entered, ticked.left)
    assert {"recount"} == {event.attributes["cause"] for event in Event.objects.filter(source="segments")}
    assert not Event.objects.filter(source="segments", live=True).exists()


def test_a_clock_that_was_set_back_and_a_new_definition_mean_asking_everybody_anew() -> None:
    definitions.save("recent", "any(order.placed, last 1 day)", now=NOW)
    assert 3 == tick().entered
    assert 3 == tick(timedelta(days=2)).left
    assert 3 == tick().entered
    definitions.save("recent", "any(order.returned)", now=NOW)
    assert 3 == tick().left


def test_imported_history_tells_who_entered_but_nothing_may_be_sent_because_of_it() -> None:
    with transaction.atomic():
        record([Draft("order.placed", NOW, "old", "1", Hint(number="jo"), 1, "EUR")], now=NOW, live=False)
    tick()
    [entered] = Event.objects.filter(source="segments")
    assert ("segment.entered", False) == (entered.kind, entered.live)


def test_a_segment_that_goes_meanwhile_holds_the_others_up_for_one_round_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("aa", "bb", "cc"):
        definitions.save(name, "any(order.placed)", now=NOW)
    asked = membership.asking.answers

    def gone_meanwhile(*given: Any, **more: Any) -> Any:
        Segment.objects.filter(name="aa").delete()
        return asked(*given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(membership.asking, "answers", gone_meanwhile)
        tick(timedelta(seconds=1))
    tick(timedelta(seconds=2))
    assert [3, 3] == [watch.members for watch in Watch.objects.filter(segment__name__in=["bb", "cc"])]
