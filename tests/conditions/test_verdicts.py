"""Verdicts, the moments at which they flip, and their reasons, worked out by hand; the business is in Berlin."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from stammkunde import conditions as c
from stammkunde.conditions.local_clock import Duration, LocalClock, backward, forward, from_microseconds, microseconds

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 4, 1, 12, 0, tzinfo=BERLIN)


def at(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


def event(
    kind: str, when: str | datetime, value: float | None = None, number: int = 1, **attributes: object
) -> c.Event:
    moment = at(when) if isinstance(when, str) else when
    return c.Event(number, kind, microseconds(moment), None if value is None else round(value * 10_000), attributes)


def order(when: str, value: float = 10, number: int = 1, **attributes: object) -> c.Event:
    return event("order.placed", when, value, number, **attributes)


def verdict(text: str, *events: c.Event, now: datetime = NOW, **given: object) -> c.Verdict:
    return c.evaluate(c.parse(text), events, now, zone=BERLIN, **given)


def flips(text: str, *events: c.Event, now: datetime = NOW) -> str | None:
    found = verdict(text, *events, now=now).flips_at
    return found and found.astimezone(BERLIN).isoformat()


COFFEE = {"category": "Kaffee", "quantity": 1, "line_total": 30}
EVA = (
    order("2026-01-05 10:00", 25, 1, lines=[{"category": "Tee", "quantity": 2, "line_total": 25}]),
    order("2026-03-03 10:00", 40, 2, lines=[COFFEE, {"category": "Tee", "quantity": 1, "line_total": 10}]),
    event("survey.answered", "2026-03-04 09:00", None, 3, survey="csat", score=5),
    event("trait.changed", "2026-01-01 00:00", None, 4, trait="city", before=None, after="Wien"),
    event("trait.changed", "2026-03-01 00:00", None, 5, trait="city", before="Wien", after="Graz"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(order.placed, last 90 days) >= 2", True),
        ("sum(order.placed.value) = 65", True),
        ("sum(order.placed.value, last 1 week) = 0", True),
        ("avg(order.placed.value, last 1 week) = 0", None),
        ("any(order.placed where category = 'Tee' and quantity >= 2)", True),
        ("any(order.placed where category = 'Kaffee' and quantity >= 2)", False),
        ("sum(order.placed.line_total where category = 'Tee') = 35", True),
        ("sum(order.placed.value where category = 'Tee') = 65", True),
        ("distinct(order.placed.category) = 2", True),
        ("none(order.placed where category = 'Milch')", True),
        ("any(survey.answered where score <= '6')", False),
        ("any(survey.answered where not (score <= '6'))", False),
        ("last(survey.answered.score) / 0 > 1", None),
        ("last(survey.answered.mood) = 'x'", None),
        ("customer.city = 'Graz'", True),
        ("customer.city in ('Wien', 'Graz') and customer.tone = 'du'", None),
        ("customer.city = 'Wien' and customer.tone = 'du'", False),
        ("customer.city = 'Graz' or customer.tone = 'du'", True),
        ("days since last(order.placed) = 29", True),
        ("median gap(order.placed) = 57", True),
        ("days since last(message.sent) > 3", None),
        ("first(order.placed) < 2026-01-06", True),
        ("any(order.placed) then any(order.placed) within 57 days", True),
        ("any(order.placed) then any(order.placed) within 56 days", False),
        ("any(order.placed) then none(order.placed) for 29 days", True),
        ("any(order.placed) then none(order.placed) for 30 days", False),
        ("any(order.placed) then none(survey.answered) for 1 day", False),
        ("any(nth(order.placed, 2), last 30 days)", True),
        ("any(nth(order.placed, 1), last 30 days)", False),
        ("any(order.placed, between 2026-01-05 and 2026-01-05)", True),
        ("any(order.placed, between 2026-01-06 and 2026-03-02)", False),
        ("anniversary(first(order.placed)) within 300 days", True),
        ("anniversary(first(order.placed)) within 200 days", False),
    ],
)
def test_evas_year(text: str, *, expected: bool | None) -> None:
    assert expected is verdict(text, *EVA).value


def test_everything_is_known_as_of_the_moment() -> None:
    assert verdict("customer.city = 'Wien'", *EVA, now=at("2026-02-01")).value is True
    assert verdict("customer.city = 'Wien'", *EVA, now=at("2025-02-01")).value is None
    assert verdict("count(order.placed) = 1", *EVA, now=at("2026-02-01")).value is True


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("any(order.placed, last 30 days)", "2026-04-02T10:00:00+02:00"),  # across the change of clocks
        ("count(order.placed, last 90 days) >= 2", "2026-04-05T10:00:00+02:00"),
        ("count(order.placed, last 90 days) >= 1", "2026-06-01T10:00:00+02:00"),
        ("any(order.placed, last 720 hours)", "2026-04-02T11:00:00+02:00"),  # 30 × 24 hours
        ("any(order.placed, last 1 month)", "2026-04-03T10:00:00+02:00"),
        ("any(order.placed) then none(order.placed) for 60 days", "2026-05-02T10:00:00+02:00"),
        ("days since last(order.placed) > 2 * median gap(order.placed)", "2026-06-26T00:00:00+02:00"),
        ("any(order.placed, last 30 days) and any(order.placed, last 90 days)", "2026-04-02T10:00:00+02:00"),
        ("any(order.placed, last 30 days) or any(order.placed, last 90 days)", "2026-06-01T10:00:00+02:00"),
        ("anniversary(first(order.placed)) within 7 days", "2026-12-29T00:00:00+01:00"),
        ("any(order.placed)", None),
        ("any(order.placed, between 2026-01-01 and 2026-12-31)", None),
        ("customer.city = 'Graz'", None),
    ],
)
def test_verdicts_flip_at_the_very_moment(text: str, moment: str | None) -> None:
    assert moment == flips(text, *EVA)
    if moment:
        later = datetime.fromisoformat(moment)
        assert verdict(text, *EVA).value is verdict(text, *EVA, now=later - timedelta(microseconds=1)).value
        assert verdict(text, *EVA).value is not verdict(text, *EVA, now=later).value


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-03-28T02:30:00+01:00", Duration(1, "day"), "2026-03-29T03:00:00+02:00"),  # 02:30 is skipped
        ("2026-10-24T02:30:00+02:00", Duration(1, "day"), "2026-10-25T02:30:00+02:00"),  # comes twice: the first
        ("2026-10-25T02:30:00+01:00", Duration(1, "day"), "2026-10-26T02:59:59.999999+01:00"),  # the wall stood still
        ("2026-01-31T12:00:00+01:00", Duration(1, "month"), "2026-03-01T00:00:00+01:00"),
        ("2026-01-28T12:00:00+01:00", Duration(1, "month"), "2026-02-28T12:00:00+01:00"),
        ("2024-02-29T12:00:00+01:00", Duration(1, "year"), "2025-03-01T00:00:00+01:00"),
        ("2024-02-29T12:00:00+01:00", Duration(4, "year"), "2028-02-29T12:00:00+01:00"),
        ("2026-03-29T01:30:00+01:00", Duration(2, "hour"), "2026-03-29T04:30:00+02:00"),
    ],
)
def test_the_wall_clock_leads_to(start: str, duration: Duration, end: str) -> None:
    found = LocalClock.of(BERLIN).later(microseconds(datetime.fromisoformat(start)), duration)
    assert datetime.fromisoformat(end) == from_microseconds(found)


def test_a_window_is_exactly_what_has_not_run_out() -> None:
    random, clock = Random(3), LocalClock.of(BERLIN)
    for _ in range(3000):
        duration = Duration(random.choice([1, 2, 3, 12, 30]), random.choice(["hour", "day", "week", "month", "year"]))
        now = microseconds(datetime(2024, 1, 1, tzinfo=UTC)) + random.randrange(3 * 366 * 86_400) * 1_000_000
        start = clock.window_start(duration, now)
        assert clock.later(start - 1, duration) <= now < clock.later(start, duration)
        wall = clock.wall(now)
        assert forward(backward(wall, duration), duration) <= wall < forward(backward(wall, duration) + 1, duration)


@pytest.mark.parametrize(
    ("events", "general", "by_mail"),
    [
        ([], False, False),
        ([("given", "news", "email")], True, True),
        ([("given", "news", "sms")], True, False),
        ([("given", "news", None)], True, True),
        ([("given", "other", "email")], False, False),
        ([("given", "news", "email"), ("withdrawn", "news", "email")], False, False),
        ([("given", "news", "email"), ("objected", "news", None)], False, False),
        ([("given", "news", "email"), ("objected", None, None)], False, False),
        ([("given", "news", "email"), ("withdrawn", "news", "sms")], True, True),
        ([("withdrawn", "news", "email"), ("given", "news", "email")], True, True),
        ([("given", "news", None), ("withdrawn", "news", "email")], True, False),
    ],
)
def test_consent_stands_until_something_later_ends_it(events: list, *, general: bool, by_mail: bool) -> None:
    happened = []
    for number, (what, purpose, channel) in enumerate(events):
        said = {"purpose": purpose, "channel": channel}
        happened.append(
            event(f"consent.{what}", f"2026-01-0{number + 1}", None, number, **{k: v for k, v in said.items() if v})
        )
    assert verdict("consent('news')", *happened).value is general
    assert verdict("consent('news', 'email')", *happened).value is by_mail


def test_goals_are_reached_after_the_start_and_in_time() -> None:
    goal = c.parse_goal("order.placed within 60d")
    reached = c.reached(goal, EVA, NOW, started_at=at("2026-01-05 10:00"), zone=BERLIN)
    assert reached == EVA[1]
    assert (
        c.reached(c.parse_goal("order.placed within 56d"), EVA, NOW, started_at=at("2026-01-05 10:00"), zone=BERLIN)
        is None
    )


def test_selectors_name_events_and_flows_bind_them() -> None:
    returned = event("order.returned", "2026-03-10", None, 9, order_id="A7")
    started = order("2026-03-03", 10, 8, order_id="A7")
    selector = c.parse_selector("order.returned where order_id = start.order_id")
    assert c.matching(selector, [returned], NOW, zone=BERLIN, bound={"start": started}) == (returned,)
    with pytest.raises(c.BadCondition, match="inside a flow only"):
        c.matching(selector, [returned], NOW, zone=BERLIN)
    answer = event("survey.answered", "2026-03-04", None, 3, score=9)
    assert verdict("event.score >= 9", bound={"event": answer}).value is True


def test_segments_are_their_conditions() -> None:
    segments = {
        "regular": c.parse("count(order.placed) > 1"),
        "near": c.parse("in segment('regular') and customer.city = 'Graz'"),
    }
    assert verdict("in segment('near')", *EVA, segments=segments).value is True
    with pytest.raises(c.BadCondition, match="Did you mean `near`"):
        verdict("in segment('neer')", *EVA, segments=segments)
    with pytest.raises(c.BadCondition, match="circle: a → b → a"):
        verdict("in segment('a')", segments={"a": c.parse("in segment('b')"), "b": c.parse("in segment('a')")})


def test_later_events_do_not_count_but_make_anyone_look_again() -> None:
    future = order("2026-04-05 10:00", 10, 7)
    found = verdict("count(order.placed) > 2", *EVA, future)
    assert (found.value, found.flips_at) == (False, at("2026-04-05 10:00"))
    assert verdict("count(message.sent) > 2", *EVA, future).flips_at is None


@pytest.mark.parametrize(
    ("text", "german", "english"),
    [
        (
            "count(order.placed, last 90 days) >= 2",
            "2 Bestellungen in den letzten 90 Tagen, zuletzt am 3. März; fällt heraus am 5. April",
            "2 orders in the last 90 days, last on 3 March; drops out on 5 April",
        ),
        (
            "count(order.placed, last 60 days) >= 2",
            "1 Bestellung in den letzten 60 Tagen, zuletzt am 3. März (mindestens 2 verlangt)",
            "1 order in the last 60 days, last on 3 March (at least 2 asked)",
        ),
        (
            "any(order.placed where category = 'Tee', last 1 week)",
            "keine Bestellung mit Kategorie „Tee“ in der letzten Woche, zuletzt am 3. März",
            "no order with category “Tee” in the last week, last on 3 March",
        ),
        (
            "any(order.placed) then none(order.placed) for 60 days",
            "Bestellung am 3. März, die Frist endet am 2. Mai; kann sich am 2. Mai ändern",
            "order on 3 March, the time is over on 2 May; may change on 2 May",
        ),
        (
            "customer.city = 'Wien' and any(order.placed)",
            "Stadt: „Graz“ (verlangt: „Wien“)",
            "city: “Graz” (asked: “Wien”)",
        ),
        (
            "customer.tone = 'du' or count(order.placed) > 5",
            "2 Bestellungen, zuletzt am 3. März (mehr als 5 verlangt)",
            "2 orders, last on 3 March (more than 5 asked)",
        ),
        (
            "customer.tone = 'du'",
            "Anrede: unbekannt (verlangt: „du“)",
            "form of address: unknown (asked: “du”)",
        ),
    ],
)  # fmt: skip
def test_reasons_read_as_sentences(text: str, german: str, english: str) -> None:
    reason = verdict(text, *EVA).reason
    if text.startswith("customer.tone = 'du' or"):
        reason = reason.parts[1]
    assert (german, english) == (reason.sentence("de"), reason.sentence("en"))


@pytest.mark.parametrize(
    ("text", "german", "english"),
    [
        (
            "count(order.placed, last 90 days) >= 2 and not any(order.placed, last 30 days)",
            "mindestens 2 Bestellungen in den letzten 90 Tagen und keine Bestellung in den letzten 30 Tagen",
            "at least 2 orders in the last 90 days and no order in the last 30 days",
        ),
        (
            "days since last(message.clicked) > 2 * median gap(message.clicked)",
            "Tage seit dem letzten Klick ist größer als 2 × üblicher Abstand in Tagen (Klicks)",
            "days since the last click is above 2 × usual gap in days (clicks)",
        ),
        (
            "any(cart.updated, last 1 day) then none(order.placed) for 2 weeks",
            "ein gefüllter Warenkorb am letzten Tag, danach 2 Wochen lang keine Bestellung",
            "one filled cart in the last day, then no order for 2 weeks",
        ),
        (
            "none(nth(custom.thing, 2), between 2026-01-01 and 2026-03-31)",
            "nicht das 2. Ereignis „custom.thing“ vom 1. Januar 2026 bis 31. März 2026",
            "not the 2nd event “custom.thing” from 1 January 2026 to 31 March 2026",
        ),
    ],
)  # fmt: skip
def test_conditions_are_described(text: str, german: str, english: str) -> None:
    assert (german, english) == (c.describe(c.parse(text), "de"), c.describe(c.parse(text), "en"))
