"""Groups and scores become traits once a day: those of the RFM page, exact, repeatable, corrected with the orders."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import override_settings

from stammkunde import conditions
from stammkunde.customers.identity import Hint
from stammkunde.events.ingest import Draft, record
from stammkunde.events.models import Event
from stammkunde.insights import daily_traits, figures, mirroring, segmenting
from stammkunde.metrics import GROUPS
from tests.segments import settled

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path) -> Iterator[None]:
    with override_settings(HOME=tmp_path):
        daily_traits._memory = daily_traits._Memory()
        yield


def orders(number: str, *days_ago: int, value: int = 100_000) -> list[Draft]:
    return [
        Draft("order.placed", NOW - timedelta(days=days), "shop", f"{number}/{days}", Hint(number=number), value, "EUR")
        for days in days_ago
    ]


def place(*drafts: Draft, corrected: bool = False) -> None:
    with transaction.atomic():
        record(drafts, now=NOW, corrections=corrected)
    settled.wait()
    mirroring.sync()


def a_shop() -> None:
    """Thirty customers: the first ones order often and lately, the last ones once and long ago."""
    numbers = range(1, 31)
    every = [orders(f"C{one}", *range(one, 400, 12 * one), value=1_000_000 // one) for one in numbers]
    place(*(draft for some in every for draft in some))


def tell(day: date = TODAY, now: datetime = NOW) -> int:
    told = daily_traits.tell(day, now=now)
    settled.wait()
    mirroring.sync()
    return told


def known(trait: str, now: datetime = NOW) -> dict[int, str]:
    """Return what a condition finds, by asking for each group in turn."""
    mirror = figures.snapshot()
    assert mirror is not None
    found: dict[int, str] = {}
    for group in GROUPS:
        plan = conditions.compile(conditions.parse(f'{trait} = "{group.name}"'), now=now, zone=ZoneInfo("UTC"))
        for customer, holds in mirror.sql(plan.sql, **plan.parameters):
            if holds:
                found[customer] = group.name
    return found


def by_page(as_of: date = TODAY) -> dict[int, str]:
    scored = figures.rfm(as_of=as_of)
    return {int(who): GROUPS[int(place)].name for who, place in zip(scored.customer, scored.group, strict=True)}


def test_the_groups_are_those_of_the_rfm_page_and_are_told_once() -> None:
    a_shop()
    assert 30 * len(daily_traits.TRAITS) == tell()
    assert by_page() == known("rfm_group")
    assert len(set(by_page().values())) > 4
    assert 0 == tell()


def test_the_next_day_tells_only_what_has_changed_and_last_week_still_knows_last_week() -> None:
    a_shop()
    tell()
    before = by_page()
    place(*orders("C30", 0))
    tomorrow = NOW + timedelta(days=1)
    told = tell(tomorrow.date(), now=tomorrow)
    assert 0 < told < 30
    assert by_page(tomorrow.date()) == known("rfm_group", tomorrow)
    assert before == known("rfm_group", NOW)
    [last] = Event.objects.filter(source="rfm", kind="trait.changed").order_by("-pk")[:1]
    assert (last.at, last.live) == (datetime(2026, 3, 1, 23, 0, tzinfo=UTC), True)


def test_orders_of_past_days_that_come_late_correct_what_was_told_today() -> None:
    a_shop()
    tell()
    place(*orders("C29", 3, 9, 17, 40, value=5_000_000))
    assert tell() > 0
    assert by_page() == known("rfm_group")
    assert 0 == tell()


def test_who_has_no_order_any_more_has_no_group_any_more() -> None:
    a_shop()
    tell()
    assert len(known("rfm_group")) == 30
    place(*orders("C30", 30, 390, value=0), corrected=True)
    tell()
    assert by_page() == known("rfm_group")
    assert len(known("rfm_group")) == 29


def test_the_worker_tells_a_day_once_and_the_ready_segments_count_it() -> None:
    a_shop()
    assert daily_traits.tell_due(now=NOW) > 0
    settled.wait()
    assert 0 == daily_traits.tell_due(now=NOW)
    counts = {one.segment.name: one.members for one in segmenting.listed(now=NOW)}
    rows = figures.rfm(as_of=TODAY).groups
    assert {row.name: row.customers for row in rows} == {
        row.name: counts[f"rfm-{row.name.replace('_', '-')}"] for row in rows
    }


def test_stopping_leaves_a_part_that_the_next_worker_completes() -> None:
    a_shop()
    assert 0 == daily_traits.tell(TODAY, now=NOW, stopping=lambda: True)
    assert tell() > 0
    assert by_page() == known("rfm_group")


def test_very_many_changes_are_told_in_several_turns_all_of_them_as_history(monkeypatch: pytest.MonkeyPatch) -> None:
    a_shop()
    monkeypatch.setattr(daily_traits, "_TURN_SECONDS", 0.0)
    assert 0 == daily_traits.tell_due(now=NOW)
    monkeypatch.setattr(daily_traits, "_CHUNK", 25)
    monkeypatch.setattr(daily_traits, "_TURN_SECONDS", 0.001)
    turns = 0
    while daily_traits._memory.day != TODAY:
        daily_traits.tell_due(now=NOW)
        settled.wait()
        turns += 1
    assert turns > 1
    assert by_page() == known("rfm_group")
    assert not Event.objects.filter(source="rfm", live=True).exists()
