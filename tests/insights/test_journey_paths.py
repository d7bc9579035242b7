"""What really happens beside the map: ways, drop-offs, drift, pains and what they are worth."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from stammkunde.conditions import Event
from stammkunde.conditions.local_clock import microseconds
from stammkunde.insights.journey_drift import drift, kinds_seen
from stammkunde.insights.journey_pains import pain_figures
from stammkunde.insights.journey_paths import ways
from stammkunde.insights.journey_priorities import priorities
from stammkunde.journeys.document import Goal, Journey, Label, Opportunity, Pain
from stammkunde.journeys.signals import evidence
from tests.insights.journeys import BERLIN, LATER, Happened, journey, opened, world

MARCH, JULY = date(2024, 3, 1), date(2024, 7, 1)
SHOP = journey(
    {"letter": "message.delivered", "first": "nth(order.placed, 1)", "order": "order.placed", "silent": ""},
    [("letter", "first", "30d"), ("first", "order", "90d")],
)


def test_ways_are_planned_or_not_and_loops_are_named() -> None:
    straight: list[Happened] = [("message.delivered", "2024-03-02"), ("order.placed", "2024-03-04")]
    back: list[Happened] = [*straight, ("message.delivered", "2024-03-20"), ("message.delivered", "2024-03-21")]
    with world({1: straight, 2: straight, 3: back, 4: [("case.opened", "2024-05-01")]}) as mirror:
        found = ways(SHOP, mirror, start=MARCH, end=JULY, now=LATER)
    assert [
        (("letter", "first"), 2, True, ()),
        (("letter", "first", "letter"), 1, False, ("letter",)),
    ] == [(way.steps, way.customers, way.planned, way.loops) for way in found.top]
    assert (3, 2, 0.25) == (found.customers, found.variants, found.off_map.value)
    assert [("first", 2, 3), ("letter", 1, 3)] == [(one.touchpoint, one.customers, one.of) for one in found.drop_offs]
    told = {
        (one.start, one.end): (one.events, one.customers, one.median_days, one.planned) for one in found.transitions
    }
    assert {
        ("letter", "first"): (3, 3, 2.0, True),
        ("first", "letter"): (1, 1, 16.0, False),
        ("letter", "letter"): (1, 1, 1.0, False),
    } == told


def test_who_reached_the_goal_has_not_dropped_off() -> None:
    with world({1: [("order.placed", "2024-03-04")]}) as mirror:
        goal = replace(SHOP, goal=Goal("first"))
        assert () == ways(goal, mirror, start=MARCH, end=JULY, now=LATER).drop_offs


def test_long_ways_are_cut_and_say_so() -> None:
    asked = journey({"a": "a.x", "b": "b.x"})
    long: list[Happened] = [("ab"[n % 2] + ".x", f"2024-03-{n + 1:02}") for n in range(10)]
    with world({1: long, 2: long[:8]}) as mirror:
        [way] = ways(asked, mirror, start=MARCH, end=JULY, now=LATER).top
    assert (8, 2, True) == (len(way.steps), way.customers, way.cut)


def test_without_data_there_is_no_way_and_no_alarm() -> None:
    assert 0 == ways(SHOP, None, start=MARCH, end=JULY, now=LATER).customers
    assert 0 == drift(SHOP, None, now=LATER).found
    assert () == kinds_seen(None)
    with world({1: []}) as mirror:
        assert () == ways(SHOP, mirror, start=MARCH, end=JULY, now=LATER).top
        assert ["first", "letter", "order"] == sorted(one.touchpoint for one in drift(SHOP, mirror, now=LATER).dead)


def test_the_alarm_names_what_the_map_misses() -> None:
    asked = journey({"letter": "message.delivered", "order": "order.placed", "parcel": "shipment.delivered"})
    now = datetime(2024, 6, 30, tzinfo=UTC)
    happened: list[Happened] = [
        ("message.delivered", "2024-03-02"),
        ("order.placed", "2024-03-12"),
        ("case.opened", "2024-06-20"),
        ("segment.entered", "2024-06-20"),
        ("order.placed", "2024-06-21"),
    ]
    with world({1: happened}) as mirror:
        found = drift(asked, mirror, now=now)
    assert [("case.opened", 1, 1, "case.opened")] == [
        (one.kind, one.events, one.customers, one.suggestion) for one in found.unexplained
    ]
    assert [("letter", date(2024, 3, 2)), ("parcel", None)] == [(one.touchpoint, one.last_seen) for one in found.dead]
    assert ["- {from: letter, to: order, within: 30d}", "- {from: order, to: order, within: 365d, loop: true}"] == [
        one.suggestion for one in found.unknown_paths
    ]


def test_kinds_seen_offer_the_values_that_come_again() -> None:
    at = microseconds(datetime(2024, 3, 4, 12, tzinfo=BERLIN))
    orders = [
        Event(n, "order.placed", at, 10, {"coupon": "A" if n % 3 else "B", "lines": [{"category": "Tee"}]})
        for n in range(1, 31)
    ]
    clicks = [Event(100 + n, "message.clicked", at, None, {"link": f"https://x/{n}"}) for n in range(20)]
    with opened({1: orders, 2: clicks}) as mirror:
        order, click = kinds_seen(mirror)
    assert ("order.placed", 30, 1, date(2024, 3, 4)) == (order.kind, order.events, order.customers, order.last_day)
    assert {"coupon": (("A", 20), ("B", 10)), "category": (("Tee", 30),)} == {
        one.name: one.values for one in order.attributes
    }
    assert () == click.attributes


def painful() -> Journey:
    label = Label((("en", "x"),))
    pains = (
        Pain("often", label, evidence=(evidence("condition", "case.opened"),)),
        Pain("quiet", label, evidence=(evidence("condition", "count(order.placed) >= 2"),)),
        Pain("told", label, evidence=(evidence("interview", "Five talks"),)),
    )
    first, *others = journey({"order": "order.placed", "help": "case.opened"}).touchpoints
    whole = journey({"order": "order.placed", "help": "case.opened"})
    phase = replace(whole.phases[0], touchpoints=(replace(first, pains=pains), *others))
    ideas = (
        Opportunity("small", label, ("often",), impact=1, confidence=1, effort_weeks=1),
        Opportunity("large", label, ("often", "quiet", "told"), impact=3, confidence=0.5, effort_weeks=0.5),
        Opportunity("vague", label, ("told",)),
    )
    return replace(whole, phases=(phase,), opportunities=ideas)


@pytest.mark.django_db
def test_pains_are_counted_and_ranked_by_what_they_are_worth() -> None:
    happened: dict[int, list[Happened]] = {
        1: [("case.opened", "2024-03-05"), ("case.opened", "2024-03-06"), ("case.opened", "2024-05-06")],
        2: [("case.opened", "2024-04-05"), ("order.placed", "2024-04-06"), ("order.placed", "2024-04-07")],
        3: [("case.opened", "2024-08-05")],
    }
    with world(happened) as mirror:
        [often, quiet, told] = pain_figures(painful(), mirror, start=MARCH, end=JULY, now=LATER)["order"]
        found = priorities(painful(), mirror, start=MARCH, end=JULY, now=LATER)
    months = 122 / (365.25 / 12)
    assert ("often", 2, 4, round(3 / months, 2)) == (often.pain, often.customers, often.events, often.per_month)
    assert ("quiet", 1, None, 1.0) == (quiet.pain, quiet.customers, quiet.events, quiet.per_month)
    assert ("told", None, None) == (told.pain, told.customers, told.per_month)
    assert told.unknown.startswith("Known from people")
    assert ["large", "small", "vague"] == [one.opportunity for one in found.opportunities]
    together = round(2 / months + 1, 2)
    assert (together, pytest.approx(together * 3), ("told",)) == (
        found.opportunities[0].reach,
        found.opportunities[0].priority,
        found.opportunities[0].unknown,
    )
    assert [("quiet", "large"), ("often", "large"), ("told", "vague")] == [
        (one.pain, one.opportunity) for one in found.pains
    ]
