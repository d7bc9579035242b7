"""The check-up: data say what they know, and of the rest what is missing; unknown is never no."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from stammkunde.accounts.models import AuditEntry
from stammkunde.events.ingest import Draft
from stammkunde.insights.checkup import opinions, progress, running
from stammkunde.insights.checkup.answers import Answer, State, unknown
from stammkunde.insights.checkup.opinions import BadOpinion, NotForPeople, Said
from stammkunde.insights.checkup.questions import GROUPS, KIT, QUESTIONS, NoSuchQuestion, find
from stammkunde.insights.checkup.running import ANSWERERS, Result, judge
from stammkunde.insights.checkup.sources import SOURCES
from stammkunde.insights.models import CheckupDay, Opinion
from stammkunde.journeys import maps
from stammkunde.metrics.wording import Sentence
from tests.insights.checkup_shop import NOW, Put, event, order, people, put
from tests.staff import hire

__all__ = ["put"]
MAP = """
journey: way
version: 1
label: {de: Der Weg, en: The way}
phases:
  - id: buying
    label: {de: Kaufen, en: Buying}
    stage: purchase
    touchpoints:
      - {id: first, label: Erster Kauf, owner: mara, signal: "nth(order.placed, 1)",
         pains: [{id: once, label: Nur einmal}],
         targets: [{metric: retention_rate, min: 0.99, by: 2027-01-31}]}
  - id: after
    label: {de: Danach, en: After}
    stage: postpurchase
    touchpoints:
      - {id: again, label: Zweiter Kauf, signal: "nth(order.placed, 2)"}
      - {id: talk, label: Gespräch, signal: {none: nicht messbar}}
paths:
  - {from: first, to: again, within: 60d}
initiatives:
  - {id: mail, label: Post, status: running, outcome: {metric: retention_rate}}
  - {id: card, label: Karte, status: running}
"""


def of(name: str) -> Result:
    return running.run(now=NOW).of(name)


def quarters(stay: int, leave: int, join: int) -> Iterable[Draft]:
    """Let customers buy from the spring of 2025 on: `stay` in every quarter, `leave` last in spring 2026.

    The third quarter of 2026 is the last that is over in the data; `join` are new in it.
    """
    days = ("2025-05-05", "2025-08-05", "2025-11-05", "2026-02-05", "2026-05-05", "2026-08-05")
    stayers, leavers, joiners = people(stay), people(leave), people(join)
    for day in days:
        yield from (order(customer, day, categories=2) for customer in stayers)
    for day in days[:5]:
        yield from (order(customer, day) for customer in leavers)
    yield from (order(customer, day) for customer in joiners for day in ("2026-09-01", "2026-10-02"))


def test_the_questions_are_complete() -> None:
    assert 44 == len(QUESTIONS)
    assert set(GROUPS) == {question.group for question in QUESTIONS.values()}
    assert {need for question in QUESTIONS.values() for need in question.needs} <= set(SOURCES)
    assert set(ANSWERERS) <= set(QUESTIONS)
    assert set(KIT) <= set(QUESTIONS)
    texts = [text for question in QUESTIONS.values() for text in (question.asks, question.met)]
    assert [text for text in texts if not (text.de.strip() and text.en.strip() and text.de != text.en)] == []
    assert {len(question.seed.split(":")) for question in QUESTIONS.values()} == {2}


def test_an_unknown_question_is_told_so() -> None:
    with pytest.raises(NoSuchQuestion, match="q1"):
        find("q9")


def test_without_data_everything_is_unknown_and_says_what_is_missing(put: Put) -> None:
    found = running.run(now=NOW)
    assert found.answered == 0
    assert found.last_day is None
    assert found.there == ()
    silent = [one.question.id for one in found.results if not one.answer.connect and one.question.who != "person"]
    assert silent == []


def test_each_answer_rests_on_a_figure_with_its_query(put: Put) -> None:
    put(quarters(40, 40, 5))
    maps.bring(MAP, by=None, now=NOW)
    found = running.run(now=NOW)
    assert found.answered >= 8
    assert {"orders", "journey", "goals", "initiatives"} <= set(found.there)
    assert "vouchers" not in found.there
    for one in found.results:
        if one.state != "unknown":
            assert one.answer.figures, one.question.id
            assert one.answer.query, one.question.id
            assert one.answer.next_step, one.question.id


def test_the_retention_rate_is_that_of_the_figures_with_its_interval(put: Put) -> None:
    put(quarters(30, 10, 5))
    found = of("q1")
    [rate] = found.answer.figures
    assert (found.state, rate.value, rate.n) == ("partly", 0.75, 40)
    assert rate.interval is not None
    assert rate.interval[0] < 0.75 < rate.interval[1]
    assert "benchmarks" in found.answer.connect


def test_an_order_dated_into_the_future_does_not_move_the_quarter(put: Put) -> None:
    put([*quarters(30, 10, 5), order(people(1)[0], "2099-01-01")])
    [rate] = of("q1").answer.figures
    assert (rate.value, rate.n) == (0.75, 40)


def test_only_quarters_whose_quarter_before_is_whole_are_comparable(put: Put) -> None:
    put(quarters(30, 10, 5))
    found = of("s1.2")
    assert found.state == "partly"
    assert found.answer.table is not None
    # The data begin in May 2025: the third quarter of 2025 has no whole quarter before it.
    assert ["2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01"] == [str(row[0]) for row in found.answer.table.rows]


@pytest.mark.parametrize(
    ("orders", "several"),
    [((("shop", "shop"), ("shop", "phone")), 1), ((("shop",), ("phone",)), 0)],
    ids=["one of two", "each her own"],
)
def test_customers_of_several_channels_are_counted(put: Put, orders: tuple[tuple[str, ...], ...], several: int) -> None:
    put(
        order(customer, "2026-09-05", channel=channel, number=str(number))
        for customer, channels in zip(people(len(orders)), orders, strict=True)
        for number, channel in enumerate(channels)
    )
    found = of("s5.2")
    assert (found.state, found.answer.figures[0].value) == ("yes", several / len(orders))


@pytest.mark.parametrize(
    ("shares", "state"),
    [((0.1, 0.2, 0.3, 0.4), "no"), ((0.1, 0.2, 0.2, 0.4), "partly"), ((0.4, 0.3, 0.2, 0.1), "partly")],
    ids=["rises three times", "pauses once", "falls"],
)
def test_a_share_of_discounts_that_rises_three_quarters_in_a_row_is_a_no(
    put: Put, shares: tuple[float, ...], state: State
) -> None:
    days = ("2025-11-05", "2026-02-05", "2026-05-05", "2026-08-05")
    customers = people(4)
    put([order(customers[0], "2025-09-05"), order(customers[0], "2026-10-02")])
    put(order(one, day, reduced=20 * share) for day, share in zip(days, shares, strict=True) for one in customers)
    found = of("s6.1")
    assert found.state == state
    assert found.answer.figures[0].value == pytest.approx(shares[-1])


def test_a_quarter_without_revenue_breaks_the_row(put: Put) -> None:
    days, customers = ("2025-08-05", "2025-11-05", "2026-05-05", "2026-08-05"), people(4)
    put([order(customers[0], "2025-06-05"), order(customers[0], "2026-10-02")])
    put(order(one, day, reduced=2.0 * (place + 1)) for place, day in enumerate(days) for one in customers)
    assert of("s6.1").state == "partly"


def test_without_any_discount_on_record_nobody_knows(put: Put) -> None:
    put(quarters(5, 5, 5))
    assert (of("s6.1").state, of("s6.1").answer.connect) == ("unknown", ("discounts",))


def _regulars(count: int) -> tuple[list[int], list[Draft]]:
    found = people(count)
    days = ("2025-05-05", "2026-03-05", "2026-04-05")
    return found, [order(customer, day) for customer in found for day in days]


@pytest.mark.parametrize(
    ("regulars", "strangers", "state"),
    [(30, 0, "yes"), (30, 1, "partly"), (10, 20, "no"), (5, 0, "unknown")],
    ids=["regulars only", "a leak within the uncertainty", "mostly others", "too few to say"],
)
def test_a_voucher_for_regulars_is_judged_by_who_redeems_it(
    put: Put, regulars: int, strangers: int, state: State
) -> None:
    loyal, orders = _regulars(regulars)
    others = people(strangers)
    redeemed = [event("voucher.redeemed", one, "2026-06-01", code="A", programme="Treue") for one in [*loyal, *others]]
    put([*orders, *(order(one, "2026-06-02") for one in others), *redeemed])
    assert of("e2.1").state == state


def test_what_only_customers_redeemed_lately_is_for_customers_only(put: Put) -> None:
    loyal, orders = _regulars(20)
    redeemed = [event("voucher.redeemed", one, "2026-09-01", code="A", programme="Treue") for one in loyal]
    put([*orders, order(loyal[0], "2026-10-01"), *redeemed])
    assert of("t5").state == "yes"


def test_vouchers_of_half_a_year_ago_are_not_running(put: Put) -> None:
    loyal, orders = _regulars(20)
    redeemed = [event("voucher.redeemed", one, "2026-05-01", code="A", programme="Treue") for one in loyal]
    put([*orders, order(loyal[0], "2026-10-01"), *redeemed])
    assert of("t5").state == "unknown"


@pytest.mark.parametrize(
    ("channel", "minutes", "state"),
    [("email", 30, "yes"), ("email", 90, "no"), ("letter", 30, "unknown")],
    ids=["within the hour", "too late", "letters say nothing about mails"],
)
def test_thanks_count_within_an_hour(put: Put, channel: str, minutes: int, state: State) -> None:
    customers = people(10)
    put(order(one, "2026-09-01", hour=10) for one in customers)
    put(event("message.delivered", one, "2026-09-01", hour=10 + minutes / 60, message="Danke", channel=channel)
        for one in customers)  # fmt: skip
    assert of("e4.1").state == state


def test_signs_of_staying_are_differences_with_intervals(put: Put) -> None:
    put(quarters(40, 40, 5))
    found = of("q5")
    [sign] = [one for one in found.answer.figures if one.name == "sign_categories"]
    # Who stays buys from two categories, who leaves from one: the difference is whole.
    assert sign.value == 1.0
    assert sign.interval is not None
    assert sign.interval[0] > 0.8
    assert found.state == "partly"


def test_maps_answer_goals_initiatives_pains_and_touchpoints(put: Put) -> None:
    put(quarters(30, 10, 5))
    maps.bring(MAP, by=None, now=NOW - timedelta(days=200))
    assert "yes" == of("s1.1").state
    assert ("partly", 1 / 3) == (of("s1.3").state, of("s1.3").answer.figures[0].value)
    assert ("no", 0.5) == (of("s2.1").state, of("s2.1").answer.figures[0].value)
    # The pain has nobody's idea; the goal of 99 % is missed, and nobody has an idea for it either.
    assert ("no", 2) == (of("s3.3").state, of("s3.3").answer.figures[0].n)
    assert ("no", 0.0) == (of("r1").state, of("r1").answer.figures[0].value)
    assert "partly" == of("q3").state
    assert "partly" == of("s2.2").state


def test_a_goal_that_is_over_is_none(put: Put) -> None:
    put(quarters(30, 10, 5))
    maps.bring(MAP.replace("2027-01-31", "2026-01-31"), by=None, now=NOW)
    assert "no" == of("s1.1").state


def test_going_through_the_map_answers_for_ninety_days(put: Put) -> None:
    put(quarters(5, 5, 5))
    maps.bring(MAP, by=None, now=NOW - timedelta(days=200))
    maps.reviewed("way", by=hire("owner"), now=NOW - timedelta(days=90))
    assert "yes" == of("r1").state
    assert "no" == running.run(now=NOW + timedelta(days=1)).of("r1").state


def test_old_data_are_told_to_be_old(put: Put) -> None:
    put(quarters(5, 5, 5))
    assert not running.run(now=NOW).stale
    assert running.run(now=NOW + timedelta(days=40)).stale


YES = Answer("yes", Sentence("It is so."))


@pytest.mark.parametrize(
    ("name", "answer", "said", "state", "by_person"),
    [
        ("q1", YES, None, "yes", False),
        ("e3.1", YES, None, "partly", False),
        ("e3.1", Answer("no", Sentence("It is not.")), None, "no", False),
        ("e3.1", unknown(Sentence("Nobody knows.")), "yes", "yes", True),
        ("e3.1", YES, "no", "no", True),
        ("s3.1", unknown(Sentence("Ask.")), "yes", "yes", True),
        ("s3.1", unknown(Sentence("Ask.")), "unknown", "unknown", False),
        ("q1", YES, "no", "yes", False),
    ],
    ids=[
        "data alone say yes", "data never say yes where a person has the last word", "data may say no",
        "a person knows what data do not", "a person contradicts", "only a person", "a person takes it back",
        "nobody contradicts where data decide",
    ],
)  # fmt: skip
def test_who_has_the_last_word(name: str, answer: Answer, said: State | None, state: State, by_person: bool) -> None:
    opinion = Said(said, "", "Mara", NOW, NOW + timedelta(days=1)) if said else None
    judged = judge(QUESTIONS[name], answer, opinion, now=NOW)
    assert (state, by_person) == (judged.state, judged.by_person)


def test_a_persons_answer_counts_for_a_year_and_stays_in_the_history(put: Put) -> None:
    mara = hire("marketing")
    opinions.say("s3.1", "no", "noch niemand", by=mara, now=NOW - timedelta(days=400))
    opinions.say("s3.1", "yes", "  drei Shops ", by=mara, now=NOW)
    assert ("yes", True) == (of("s3.1").state, of("s3.1").by_person)
    assert [("yes", "drei Shops", "Mara"), ("no", "noch niemand", "Mara")] == [
        (said.state, said.note, said.who) for said in opinions.history(QUESTIONS["s3.1"])
    ]
    assert "unknown" == running.run(now=NOW + timedelta(days=365)).of("s3.1").state
    assert 2 == AuditEntry.objects.filter(action="check.answered").count()


@pytest.mark.parametrize(
    ("name", "state", "note", "error"),
    [
        ("q1", "yes", "", NotForPeople),
        ("s3.1", "perhaps", "", BadOpinion),
        ("s3.1", "yes", "x" * 2_001, BadOpinion),
        ("x9", "yes", "", NoSuchQuestion),
    ],
    ids=["data decide", "no such answer", "too long", "no such question"],
)
def test_wrong_answers_of_persons_are_refused(
    put: Put, name: str, state: str, note: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        opinions.say(name, state, note, by=hire("owner"), now=NOW)
    assert 0 == Opinion.objects.count()


def test_where_it_stands_is_kept_once_a_day_and_only_when_it_changed(put: Put) -> None:
    assert progress.take(now=NOW)
    assert not progress.take(now=NOW + timedelta(hours=3))
    assert not progress.take(now=NOW + timedelta(days=2))
    opinions.say("s4.1", "yes", by=hire("owner"), now=NOW + timedelta(days=3))
    assert progress.take(now=NOW + timedelta(days=3))
    opinions.say("s4.1", "no", by=hire("owner"), now=NOW + timedelta(days=3, hours=1))
    assert progress.take(now=NOW + timedelta(days=3, hours=2))
    assert 2 == CheckupDay.objects.count()
    assert [0, 1] == [stood.counts["no"] for stood in progress.told()]
