"""Who was at which touchpoint when: one pass over all says the same as reading one history after another."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest

from stammkunde.conditions import Event, matching, parse_selector
from stammkunde.conditions import tree as t
from stammkunde.conditions.local_clock import LocalClock, from_microseconds
from stammkunde.insights.journey_steps import Found, found_steps
from stammkunde.journeys.document import Silence
from stammkunde.metrics import Mirror
from tests.conditions.making import Conditions, history, mirror

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [BERLIN, BERLIN, ZoneInfo("UTC"), ZoneInfo("America/Havana"), ZoneInfo("Australia/Lord_Howe")]
FOREVER = datetime(2099, 1, 1, tzinfo=UTC)
Visit = tuple[int, int, int, str, int]


@contextmanager
def opened(histories: dict[int, list[Event]], zone: ZoneInfo = BERLIN) -> Iterator[Mirror]:
    with mirror(histories, zone) as con:
        yield Mirror(con, time_zone=zone.key, first_day=None, last_day=None)


@pytest.mark.parametrize("seed", range(12))
def test_one_pass_says_the_same_as_history_after_history(seed: int) -> None:
    hold(seed)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(1000, 1150))
def test_one_pass_says_the_same_on_many_more(seed: int) -> None:
    hold(seed)


def hold(seed: int) -> None:
    random = Random(seed)
    zone, maker = random.choice(ZONES), Conditions(random, [])
    histories = {n + 1: history(random, n * 100 + 1) for n in range(12)}
    count = random.choice([1, 5, 20, 70])
    asked: dict[str, Found] = {f"t{n:03}": signal(maker) for n in range(count)}
    with opened(histories, zone) as where:
        steps = found_steps(asked, where)
    told = [
        (customer, at, event, steps.names[step], value)
        for customer, at, event, step, value in zip(
            *(one.tolist() for one in (steps.customer, steps.at, steps.event, steps.step, steps.value)), strict=True
        )
    ]
    expected = sorted(
        visit for customer, events in histories.items() for visit in visits(customer, events, asked, zone)
    )
    assert expected == told


def signal(maker: Conditions) -> Found:
    if maker.random.random() < 0.25:
        first = maker.selector()
        return Silence(first, maker.pick(first, maker.selector()), maker.duration())
    return maker.selector()


def visits(customer: int, events: list[Event], asked: dict[str, Found], zone: ZoneInfo) -> Iterator[Visit]:
    for name, found in asked.items():
        if not isinstance(found, Silence):
            for event in matching(found, events, FOREVER, zone=zone):
                yield customer, event.at, event.id, name, money(event)
            continue
        missing = [event.at for event in matching(found.missing, events, FOREVER, zone=zone)]
        for event in matching(found.first, events, FOREVER, zone=zone):
            until = LocalClock.of(zone).later(event.at, found.length)
            if not any(event.at < at <= until for at in missing):
                yield customer, until, event.id, name, 0


def money(event: Event) -> int:
    value = event.value or 0
    return -abs(value) if event.kind in ("order.returned", "order.cancelled") else value


def test_a_line_may_be_asked_together_with_the_order() -> None:
    lines = [{"product": "p", "category": "Tee"}, {"product": "q"}]
    orders = [
        Event(1, "order.placed", 10, 50_000, {"coupon": "S", "lines": lines}),
        Event(2, "order.placed", 20, 70_000, {"coupon": "S"}),
        Event(3, "order.placed", 30, None, {"lines": lines}),
    ]
    asked = {
        "tea": parse_selector("order.placed where category = 'Tee'"),
        "tea on coupon": parse_selector("order.placed where category = 'Tee' and coupon = 'S'"),
        "tea or dear": parse_selector("order.placed where category = 'Tee' or value > 6"),
        "second tea": parse_selector("nth(order.placed where category = 'Tee', 2)"),
    }
    with opened({1: orders}) as where:
        steps = found_steps(asked, where)
    met = {name: steps.event[steps.rows(number)].tolist() for number, name in enumerate(steps.names)}
    assert {"tea": [1, 3], "tea on coupon": [1], "tea or dear": [1, 2, 3], "second tea": [3]} == met


def test_without_signals_or_events_nobody_is_anywhere() -> None:
    with opened({1: []}) as where:
        assert 0 == len(found_steps({}, where))
        asked = {"a": parse_selector("order.placed"), "b": silence("order.placed", t.Duration(1, "day"))}
        assert 0 == len(found_steps(asked, where))


def test_a_silence_is_met_when_its_time_is_over_by_the_clock_on_the_wall() -> None:
    start = int(datetime(2024, 10, 26, 12, tzinfo=UTC).timestamp()) * 1_000_000
    with opened({1: [Event(1, "order.placed", start)]}) as where:
        steps = found_steps({"silent": silence("order.placed", t.Duration(1, "day"))}, where)
    assert ["2024-10-27T13:00:00+00:00"] == [from_microseconds(at).isoformat() for at in steps.at.tolist()]


def test_what_has_been_read_is_kept_while_the_mirror_stays() -> None:
    asked = {"a": parse_selector("order.placed")}
    with opened({1: [Event(1, "order.placed", 5)]}) as where:
        assert found_steps(asked, where) is found_steps(asked, where)


def silence(kind: str, length: t.Duration) -> Silence:
    return Silence(t.Events(kind), t.Events(kind), length)
