"""An import that is taken back leaves nothing behind: no order, no customer, no figure, no membership."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import override_settings

from stammkunde.customers.models import Customer, Identity
from stammkunde.events import imports
from stammkunde.events.imports import undoing
from stammkunde.events.imports.undoing import Loss
from stammkunde.events.models import Event, Import
from stammkunde.insights import figures, mirroring
from stammkunde.segments import definitions, membership
from stammkunde.segments.models import Membership, Watch
from stammkunde.worker import loop
from tests.imports.taking import contents, values, write
from tests.segments import settled

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
FIRST = "order_id;customer;date;total\n1;Eva;2026-01-05;20,00\n2;Kaya;2026-02-03;10,00\n"
SECOND = "order_id;customer;date;total\n2;Kaya;2026-02-03;15,00\n3;Lea;2026-03-01;40,00\n4;Eva;2026-03-02;5,00\n"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path) -> Iterator[None]:
    with override_settings(HOME=tmp_path):
        yield


def bring(folder: Path, text: str) -> Import:
    file = write(folder, text)
    import_ = imports.create(file, file_name=file.name, now=NOW)
    imports.run(import_, now=NOW)
    return import_


def undo(import_: Import) -> None:
    imports.ask_undo(import_)
    imports.run(import_, now=NOW)


def test_what_would_go_is_told_before_and_is_what_goes(tmp_path: Path) -> None:
    bring(tmp_path, FIRST)
    before = contents()
    second = bring(tmp_path, SECOND)
    assert Loss(orders=3, returns=0, restored=1, kept=0, customers=1) == imports.loss(second)
    undo(second)
    assert (Import.State.UNDONE, 3, 1) == (second.state, second.taken_events, second.taken_customers)
    assert before == contents(), "all is as if the second file had never been handed in"
    assert {"1": "20", "2": "10"} == values()
    assert not Identity.objects.filter(value="Lea").exists()


def test_a_later_import_keeps_what_it_told_when_the_earlier_one_goes(tmp_path: Path) -> None:
    first = bring(tmp_path, FIRST)
    second = bring(tmp_path, SECOND)
    assert Loss(orders=2, returns=0, restored=0, kept=1, customers=0) == imports.loss(first)
    undo(first)
    assert {"2": "15", "3": "40", "4": "5"} == values()
    assert not Event.objects.exclude(replaces=None).exists()
    undo(second)
    assert {} == values()
    assert not Customer.objects.exists(), "those whom only imports brought that are gone go with the last of them"


def test_taken_back_in_the_middle_of_three_the_third_replaces_the_first(tmp_path: Path) -> None:
    bring(tmp_path, FIRST)
    middle = bring(tmp_path, FIRST.replace("10,00", "11,00"))
    bring(tmp_path, FIRST.replace("10,00", "12,00"))
    undo(middle)
    states = dict(Event.objects.filter(external_id="2").values_list("value", "replaces__value"))
    assert {100_000: None, 120_000: 100_000} == states
    bring(tmp_path, FIRST.replace("10,00", "11,00"))
    assert {"1": "20", "2": "11"} == values()


def test_the_same_file_can_come_in_again(tmp_path: Path) -> None:
    first = bring(tmp_path, FIRST)
    undo(first)
    again = bring(tmp_path, FIRST)
    assert (2, 0) == (again.imported, again.duplicate)
    assert first.pk != again.pk


def test_the_mirror_follows_also_when_more_came_in_meanwhile(tmp_path: Path) -> None:
    bring(tmp_path, FIRST)
    second = bring(tmp_path, SECOND)
    sync()
    assert [(4, 800_000)] == mirrored()
    undo(second)
    bring(tmp_path, "order_id;customer;date;total\n" + "".join(f"{n};Ada;2026-04-01;1,00\n" for n in range(50, 90)))
    assert mirroring.is_behind()
    sync()
    assert [(42, 700_000)] == mirrored()
    assert not mirroring.is_behind()


def test_segments_follow(tmp_path: Path) -> None:
    bring(tmp_path, FIRST)
    second = bring(tmp_path, SECOND)
    definitions.save("often", "count(order.placed) >= 2", now=NOW)
    definitions.save("any", "any(order.placed)", now=NOW)
    keep()
    assert {"any": 3, "often": 1} == members()
    undo(second)
    keep()
    assert {"any": 2, "often": 0} == members()
    assert {"any": 2} == {name: count for name, count in rows().items() if count}


def test_a_stale_mirror_fills_no_segment(tmp_path: Path) -> None:
    bring(tmp_path, FIRST)
    second = bring(tmp_path, SECOND)
    definitions.save("any", "any(order.placed)", now=NOW)
    keep()
    undo(second)
    assert membership.Ticked() == membership.tick(figures.snapshot(), now=NOW)
    keep()
    assert {"any": 2} == members()


def test_killed_in_between_it_goes_on_in_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = "order_id;customer;date;total\n" + "".join(f"{n};c{n % 7};2026-04-01;1,00\n" for n in range(20))
    import_ = bring(tmp_path, many)
    monkeypatch.setattr(undoing, "EVENTS", 6)
    monkeypatch.setattr(undoing, "CUSTOMERS", 2)
    imports.ask_undo(import_)
    steps_done = iter([False, False, True])
    imports.run(import_, now=NOW, stopping=lambda: next(steps_done))
    assert (Import.State.WAITING, True) == (import_.state, import_.undoing)
    assert 0 < Event.objects.count() < 20
    while loop.turn():
        pass
    import_.refresh_from_db()
    assert (Import.State.UNDONE, 20, 7) == (import_.state, import_.taken_events, import_.taken_customers)
    assert not Event.objects.exists()
    assert not Customer.objects.exists()
    assert figures.mirror() is None
    assert not import_.folder.exists()


def test_whoever_has_something_else_stays(tmp_path: Path) -> None:
    from django.db import transaction

    from stammkunde.customers.identity import Hint
    from stammkunde.events.ingest import Draft, record

    import_ = bring(tmp_path, FIRST)
    consent = {"purpose": "newsletter", "channel": "email"}
    with transaction.atomic():
        record(
            [Draft("consent.given", NOW, "portal", "1", Hint(number="Eva"), attributes=consent)], now=NOW, scope="shop"
        )
    undo(import_)
    assert ["Eva"] == list(Identity.objects.values_list("value", flat=True))
    assert ["consent.given"] == list(Event.objects.values_list("kind", flat=True))


def test_what_cannot_be_taken_back_says_why(tmp_path: Path) -> None:
    first = bring(tmp_path, FIRST)
    nothing_new = bring(tmp_path, FIRST)
    assert "nothing new" in imports.undo_refusal(nothing_new)
    file = write(tmp_path, SECOND)
    tried = imports.create(file, file_name=file.name, now=NOW, only_check=True)
    assert "not over yet" in imports.undo_refusal(imports.create(file, file_name=file.name, now=NOW))
    imports.run(tried, now=NOW)
    assert "only tried out" in imports.undo_refusal(tried)
    imports.ask_undo(first)
    with pytest.raises(imports.NotUndoable, match="being taken back already"):
        imports.ask_undo(first)
    imports.stop(first)
    imports.run(first, now=NOW)
    assert Import.State.UNDONE == first.state
    with pytest.raises(imports.NotUndoable, match="taken back already"):
        imports.ask_undo(first)


def sync() -> None:
    settled.wait()
    mirroring.sync()


def keep() -> None:
    sync()
    membership.tick(figures.snapshot(), now=NOW)
    settled.wait()
    mirroring.sync()


def mirrored() -> list[tuple[object, ...]]:
    mirror = figures.mirror()
    assert mirror is not None
    return mirror.sql("SELECT count(*), sum(value) FROM orders")


def members() -> dict[str, int]:
    return dict(Watch.objects.order_by("segment__name").values_list("segment__name", "members"))


def rows() -> dict[str, int]:
    return {name: Membership.objects.filter(segment__name=name).count() for name in ("any", "often")}
