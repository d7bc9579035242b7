"""`evaluate`, the compiled query and a naive oracle agree on random cases; nothing changes before `flips_at`."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from stammkunde.conditions import tree as t
from stammkunde.conditions.crowd import asked
from stammkunde.conditions.crowd_log import FromLog
from stammkunde.conditions.crowd_rows import Crowd
from stammkunde.conditions.evaluation import evaluate
from stammkunde.conditions.grammar import parse
from stammkunde.conditions.history import Event, History
from stammkunde.conditions.local_clock import LocalClock
from stammkunde.conditions.plan import planned
from stammkunde.conditions.walking import nodes
from stammkunde.conditions.writing import written
from tests.conditions.making import Conditions, history, mirror, moment
from tests.conditions.oracle import MICRO, Oracle

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    BERLIN,
    BERLIN,
    BERLIN,
    ZoneInfo("UTC"),
    ZoneInfo("America/Havana"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("America/New_York"),
]
CUSTOMERS, CONDITIONS = 10, 5


@pytest.mark.parametrize("seed", range(10))
def test_verdicts_agree_and_flips_are_never_late(seed: int) -> None:
    hold_batch(seed)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_ten_thousand_verdicts_agree_and_flips_are_never_late(seed: int) -> None:
    hold_batch(seed)


def hold_batch(seed: int) -> None:
    random = Random(seed)
    zone = random.choice(ZONES)
    maker = Conditions(random, [])
    segments = {"inner": maker.condition(1)}
    maker.segments = ["inner"]
    segments["outer"] = maker.condition(1)
    maker.segments = ["inner", "outer"]
    histories = {n + 1: history(random, n * 100 + 1) for n in range(CUSTOMERS)}
    conditions = [maker.condition() for _ in range(CONDITIONS)]
    now = moment(random)
    plan = planned(conditions, now=now, zone=zone, segments=segments)
    with mirror(histories, zone) as con:
        rows = {row[0]: row[1:] for row in con.execute(plan.sql, dict(plan.parameters) or None).fetchall()}
        counts = con.execute(plan.count_sql, dict(plan.parameters) or None).fetchone()
        crowd = Crowd(lambda query, **values: con.execute(query, values or None).fetchnumpy())
        answers = asked(conditions, crowd, now, zone=zone, segments=segments)
        again = asked(conditions, crowd, now, zone=zone, segments=segments)
        places = {customer: place for place, customer in enumerate(crowd.customers.tolist())}
    few = asked(conditions, of_log(histories, zone), now, zone=zone, segments=segments)
    assert set(rows) == set(histories)
    assert (*[sum(row[n] is True for row in rows.values()) for n in range(CONDITIONS)], CUSTOMERS) == counts
    for customer, happened in histories.items():
        oracle = Oracle(happened, zone, segments)
        for number, condition in enumerate(conditions):
            told = f"seed {seed}, {zone}, {now}, {happened}\n{written(condition)}\n{segments}"
            verdict = evaluate(condition, History(happened), now, zone=zone, segments=segments)
            assert oracle.truth(condition, now) is verdict.value, told
            assert rows[customer][number] is verdict.value, told + plan.sql
            for found in (answers, again, few):
                true, false = found[number].true[places[customer]], found[number].false[places[customer]]
                assert (true, false) == (verdict.value is True, verdict.value is False), told
            hold_still(random, oracle, condition, now, verdict, told)


def of_log(histories, zone) -> Crowd:
    """Keep the same customers in arrays made of rows of the log; what arrays do not answer is evaluated."""
    rows = [
        (one.id, customer, one.kind, one.at, one.value, json.dumps(one.attributes))
        for customer, happened in histories.items()
        for one in happened
    ]
    return Crowd(FromLog(histories, rows, LocalClock.of(zone), lambda _, told: told, None))


def hold_still(random, oracle, condition, now, verdict, told) -> None:
    """Look at moments up to the flip, those at which something could happen first."""
    assert verdict.flips_at is None or verdict.flips_at > now, told
    end = verdict.flips_at or now + timedelta(days=1500)
    durations = [node.window.duration for node in nodes(condition) if isinstance(getattr(node, "window", None), t.Last)]
    durations += [node.limit for node in nodes(condition) if isinstance(node, t.Sequence) and node.limit]
    moments = [end - MICRO, now + (end - now) / 2, now + MICRO]
    moments += [oracle.when(event) for event in oracle.events]
    moments += [oracle.later(oracle.when(event), duration) for event in oracle.events for duration in durations]
    for days in random.sample(range(1500), 6):
        midnight = datetime.combine(oracle.day(now) + timedelta(days=days), datetime.min.time())
        moments.append(oracle.first_moment(midnight))
    moments += [one - MICRO for one in moments]
    between = sorted({one.astimezone(UTC) for one in moments if now < one < end})
    for one in random.sample(between, min(8, len(between))):
        assert oracle.truth(condition, one) is verdict.value, f"{told}\nchanged by {one}, before {verdict.flips_at}"


def test_random_conditions_survive_writing_and_reading() -> None:
    maker = Conditions(Random(7), ["inner", "äöü \"'\\ \n"])
    for _ in range(500):
        condition = maker.condition(3)
        text = written(condition)
        assert (parse(text), written(parse(text))) == (condition, text)


def test_a_wider_window_in_which_nothing_more_happened_adds_nothing() -> None:
    now, day = datetime(2026, 3, 1, 12, tzinfo=UTC), 86_400_000_000
    one = Event(1, "order.placed", int(now.timestamp() * 1_000_000) - 5 * day, 1_000_000)
    con = mirror({1: [one], 2: []}, ZONES[0])
    crowd = Crowd(lambda query, **values: con.execute(query, values or None).fetchnumpy())
    texts = [f"sum(order.placed.value, last {days} days) > 50" for days in (30, 60, 90)]
    answers = asked([parse(text) for text in texts], crowd, now, zone=ZONES[0])
    con.close()
    assert [[True, False]] * 3 == [truths.true.tolist() for truths in answers]
