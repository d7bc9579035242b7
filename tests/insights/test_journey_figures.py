"""The figures of a map: counted again by hand and by brute force, honest about the young and the unknown."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import numpy as np
import pytest

from stammkunde.conditions.local_clock import Duration, LocalClock
from stammkunde.insights.figures import Among
from stammkunde.insights.journey_figures import EmptyPeriod, as_json, figures, months_before
from stammkunde.metrics import wilson
from tests.insights.journeys import BERLIN, LATER, Happened, journey, opened, random_history, world

MARCH, JULY = date(2024, 3, 1), date(2024, 7, 1)


def test_by_hand() -> None:
    asked = journey(
        {"letter": "message.delivered", "first": "nth(order.placed, 1)", "second": "nth(order.placed, 2)", "talk": ""},
        [("letter", "first", "30d"), ("first", "second", ""), ("letter", "talk", "5d")],
    )
    ada: list[Happened] = [("message.delivered", "2024-03-02"), ("order.placed", "2024-03-12", 200_000)]
    ben: list[Happened] = [("message.delivered", "2024-03-05"), ("message.delivered", "2024-03-06")]
    cem: list[Happened] = [("message.delivered", "2024-06-20"), ("order.placed", "2024-06-21", 50_000)]
    dia: list[Happened] = [("case.opened", "2024-04-01")]
    with world({1: ada, 2: ben, 3: cem, 4: dia}) as mirror:
        found = figures(asked, mirror, start=MARCH, end=JULY, now=LATER)
    letter, first, talk = (found.cells[name] for name in ("letter", "first", "talk"))
    assert (3, 4, None) == (letter.customers, letter.events, letter.revenue)
    assert (2, 2, 250_000) == (first.customers, first.events, first.revenue)
    assert (None, None) == (talk.customers, talk.events)
    assert talk.unknown.startswith("No signal has been chosen yet")
    [to_first, _] = letter.moved_on
    assert (3, 2, 1) == (to_first.entered, to_first.matured, to_first.moved_on)
    assert ("unknown", None) == (to_first.method, to_first.share)
    assert (0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1) == letter.trend
    assert (3, 4, 0.25) == (found.customers, found.off_map.n, found.off_map.value)
    assert {"id": "letter", "customers": 3, "events": 4} in as_json(found)["touchpoints"]


def test_what_nobody_ever_recorded_is_unknown_to_programs_and_not_none() -> None:
    asked = journey({"letter": "message.delivered", "visit": "site.visited", "talk": ""}, [])
    with world({1: [("message.delivered", "2023-03-02")]}) as mirror:
        found = as_json(figures(asked, mirror, start=MARCH, end=JULY, now=LATER))
    letter, visit, talk = found["touchpoints"]
    assert {"id": "letter", "customers": 0, "events": 0} == letter
    assert ("visit", None, None) == (visit["id"], visit["customers"], visit["events"])
    assert "site.visited" in visit["unknown"]
    assert talk["unknown"].startswith("No signal has been chosen yet")


@pytest.mark.parametrize("seed", range(8))
def test_by_brute_force(seed: int) -> None:
    random = Random(seed)
    histories = {n: random_history(random, n) for n in range(1, 200)}
    within = random.choice([Duration(1, "day"), Duration(30, "day"), Duration(1, "month"), Duration(36, "hour")])
    spans = {"day": "d", "month": " months", "hour": "h"}
    asked = journey(
        {"a": "a.x", "b": "b.x", "second": "nth(b.x, 2)"},
        [("a", "b", f"{within.amount}{spans[within.unit]}"), ("b", "b", "30d"), ("a", "second", "60d")],
    )
    start, end = date(2024, 3, 10), date(2024, 6, random.choice([1, 10, 20]))
    clock = LocalClock.of(BERLIN)
    begin, close = clock.midnight(start.toordinal()), clock.midnight(end.toordinal())
    with opened(histories) as mirror:
        found = figures(asked, mirror, start=start, end=end, now=LATER)
    for path, kinds in zip(found.paths, [("a.x", "b.x"), ("b.x", "b.x"), ("a.x", "second")], strict=True):
        entered = matured = moved = 0
        assert path.within is not None
        for events in histories.values():
            ordered = sorted(events, key=lambda event: (event.at, event.id))
            hits = [event.at for event in ordered if event.kind == kinds[1].replace("second", "b.x")]
            hits = hits[1:2] if kinds[1] == "second" else hits
            begun = [event.at for event in ordered if event.kind == kinds[0] and begin <= event.at < close]
            if begun:
                entered += 1
                until = clock.later(begun[0], path.within)
                matured += until <= close
                moved += until <= close and any(begun[0] < hit <= until for hit in hits)
        assert (entered, matured, moved) == (path.entered, path.matured, path.moved_on)
        if path.method == "matured":
            assert (moved / matured, wilson(moved, matured)) == (path.share, path.interval)
    for name, kind in {"a": "a.x", "b": "b.x"}.items():
        inside = {n: [e for e in events if e.kind == kind and begin <= e.at < close] for n, events in histories.items()}
        assert sum(bool(events) for events in inside.values()) == found.cells[name].customers
        assert sum(map(len, inside.values())) == found.cells[name].events
        assert sum(e.value or 0 for events in inside.values() for e in events) == found.cells[name].revenue


def test_who_came_lately_is_not_counted_as_staying_away() -> None:
    """Everybody buys 20 days after the letter; two thirds got it within the last 30 days."""
    asked = journey({"letter": "message.delivered", "order": "order.placed"}, [("letter", "order", "30d")])
    happened: dict[int, list[Happened]] = {}
    for n in range(90):
        sent = MARCH + timedelta(days=n)
        bought = sent + timedelta(days=20)
        happened[n + 1] = [("message.delivered", sent.isoformat()), ("order.placed", bought.isoformat())]
    with world(happened) as mirror:
        found = figures(asked, mirror, start=MARCH, end=date(2024, 5, 10), now=LATER)
    [path] = found.paths
    assert (70, 41, 41, "kaplan-meier") == (path.entered, path.matured, path.moved_on, path.method)
    assert path.share == 1.0
    assert path.median_days == pytest.approx(20)


def test_whoever_came_in_the_period_is_watched_beyond_its_end_while_more_is_known() -> None:
    asked = journey({"letter": "message.delivered", "order": "order.placed"}, [("letter", "order", "30d")])
    happened: dict[int, list[Happened]] = {}
    for n in range(80):
        sent = MARCH + timedelta(days=n)
        bought = [("order.placed", (sent + timedelta(days=20)).isoformat())] if n % 2 else []
        happened[n + 1] = [("message.delivered", sent.isoformat()), *bought]
    with world(happened) as mirror:
        close = figures(asked, mirror, start=MARCH, end=date(2024, 5, 10), now=LATER)
        wide = figures(asked, mirror, start=MARCH, end=date(2024, 5, 10), watched_to=date(2024, 7, 1), now=LATER)
    [closely], [widely] = close.paths, wide.paths
    assert (70, 70, 35, "matured") == (widely.entered, widely.matured, widely.moved_on, widely.method)
    assert closely.matured < widely.matured
    assert [close.cells[one].customers for one in ("letter", "order")] == [
        wide.cells[one].customers for one in ("letter", "order")
    ], "who was there in the period stays the same"


def test_too_few_watched_long_enough_are_told_as_of_an_earlier_day() -> None:
    asked = journey({"letter": "message.delivered", "order": "order.placed"}, [("letter", "order", "180d")])
    happened: dict[int, list[Happened]] = {n: [("message.delivered", "2024-03-01")] for n in range(1, 31)}
    with world(happened) as mirror:
        found = figures(asked, mirror, start=MARCH, end=date(2024, 3, 11), now=LATER)
    [path] = found.paths
    assert (30, 0, "kaplan-meier", 0.0) == (path.entered, path.matured, path.method, path.share)
    assert path.horizon_days == pytest.approx(10, abs=0.1)
    assert path.interval is not None
    assert 0.1 < path.interval[1] < 0.15


def test_nothing_after_now_counts() -> None:
    asked = journey({"order": "order.placed", "silent": "any(order.placed) then none(order.placed) for 60 days"})
    now = datetime(2024, 5, 1, tzinfo=UTC)
    with world({1: [("order.placed", "2024-03-05")], 2: [("order.placed", "2024-05-02")]}) as mirror:
        early = figures(asked, mirror, start=MARCH, end=JULY, now=now)
        late = figures(asked, mirror, start=MARCH, end=JULY, now=now + timedelta(days=5))
    assert (1, 0) == (early.cells["order"].customers, early.cells["silent"].customers)
    assert (2, 1) == (late.cells["order"].customers, late.cells["silent"].customers)
    assert now == early.observed_to


def test_some_customers_only() -> None:
    asked = journey({"order": "order.placed"})
    everybody: dict[int, list[Happened]] = {n: [("order.placed", "2024-03-05")] for n in (1, 2, 3)}
    with world({**everybody, 4: [("case.opened", "2024-03-05")]}) as mirror:
        found = figures(asked, mirror, start=MARCH, end=JULY, among=Among.of(np.array([1, 4])), now=LATER)
    assert (1, 2, 0.5) == (found.cells["order"].customers, found.off_map.n, found.off_map.value)


def test_what_was_never_recorded_says_so() -> None:
    asked = journey({"parcel": "shipment.delivered", "order": "order.placed where value > 99"})
    with world({1: [("order.placed", "2024-03-05", 10_000)]}) as mirror:
        found = figures(asked, mirror, start=MARCH, end=JULY, now=LATER)
    assert "shipment.delivered has been recorded yet" in found.cells["parcel"].unknown
    assert (0, "") == (found.cells["order"].customers, found.cells["order"].unknown)


def test_without_any_data() -> None:
    asked = journey({"order": "order.placed", "talk": ""}, [("order", "talk", "5d")])
    found = figures(asked, None, start=MARCH, end=JULY, now=LATER)
    assert found.cells["order"].unknown.startswith("There are no data yet")
    assert [("unknown", None, 0)] == [(path.method, path.share, path.entered) for path in found.paths]


def test_a_period_ends_after_it_starts() -> None:
    with pytest.raises(EmptyPeriod, match="must come later"):
        figures(journey({}), None, start=JULY, end=MARCH, now=LATER)


def test_answers_are_kept_while_nothing_changes() -> None:
    asked = journey({"order": "order.placed"})
    with world({1: [("order.placed", "2024-03-05")]}) as mirror:
        first = figures(asked, mirror, start=MARCH, end=JULY, now=LATER)
        assert figures(asked, mirror, start=MARCH, end=JULY, now=LATER + timedelta(days=1)) is first


def test_months_are_counted_back_from_the_end_of_the_period() -> None:
    assert [date(2023, 7, 1), date(2024, 6, 1)] == [months_before(JULY, 12), months_before(JULY, 1)]
