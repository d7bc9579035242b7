"""The compiled query: texts stay texts, many conditions share one pass, some customers can be asked alone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from stammkunde import conditions as c
from stammkunde.conditions import tree as t
from stammkunde.conditions.local_clock import microseconds
from tests.conditions.making import mirror

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 4, 1, tzinfo=UTC)
AT = microseconds(datetime(2026, 3, 1, tzinfo=UTC))
NASTY = [
    "'; DROP TABLE events; --",
    '" OR 1=1 --',
    "$p0",
    "?",
    "%s",
    "{0}",
    "\\",
    "Ä\u0000ö",
    "a'||'b",
    "\n",
    "💥",
    "$$",
    "/*",
]


def ask(histories: dict[int, list[c.Event]], *texts: str | t.Condition, among: str | None = None) -> dict[int, tuple]:
    conditions = [c.parse(text) if isinstance(text, str) else text for text in texts]
    plan = c.compile(conditions, now=NOW, zone=BERLIN, among=among)
    with mirror(histories, BERLIN) as con:
        con.execute("CREATE TABLE touched AS SELECT 2 AS customer")
        found = con.execute(plan.sql, dict(plan.parameters) or None).fetchall()
        assert con.execute("SELECT count(*) FROM customers_all").fetchall() == [(len(histories),)]
    return {row[0]: row[1:] for row in found}


@pytest.mark.parametrize("text", NASTY)
def test_texts_are_never_taken_for_sql(text: str) -> None:
    events = [
        c.Event(1, "order.placed", AT, 10_000, {"coupon": text, "lines": [{"category": text}]}),
        c.Event(2, "trait.changed", AT, None, {"trait": text, "after": text}),
        c.Event(3, "consent.given", AT, None, {"purpose": text, "channel": text}),
    ]
    conditions = [
        t.Exists(t.Events("order.placed", t.Comparison("=", t.Attribute("coupon"), t.Text(text)))),
        t.Exists(t.Events("order.placed", t.TextTest("starts with", t.Attribute("coupon"), t.Text(text)))),
        t.Exists(t.Events("order.placed", t.OneOf(t.Attribute("category"), (t.Text(text),)))),
        t.Comparison("=", t.Trait(text), t.Text(text)),
        t.Consent(text, text),
        t.Not(t.Exists(t.Events(text))),
    ]
    assert ask({1: events, 2: []}, *conditions) == {1: (True,) * 6, 2: (False, False, False, None, False, True)}
    for condition in conditions:
        assert c.evaluate(condition, events, NOW, zone=BERLIN).value is True
        assert text in c.compile(condition, now=NOW, zone=BERLIN).parameters.values()


def test_names_of_attributes_cannot_smuggle_anything() -> None:
    smuggled = t.Exists(t.Events("order.placed", t.Holds(t.Attribute("a') OR ('1'='1"))))
    with pytest.raises(c.BadCondition, match="no name of an attribute"):
        c.compile(smuggled, now=NOW, zone=BERLIN)


def test_an_order_of_several_conditions_scans_the_events_once() -> None:
    conditions = [c.parse(f"count(order.placed, last {n} days) >= 2") for n in range(1, 51)]
    plan = c.compile(conditions, now=NOW, zone=BERLIN)
    assert plan.sql.count("FROM events") == 1
    assert plan.columns == tuple(f"c{n}" for n in range(50))


def test_equal_clauses_are_asked_once() -> None:
    plan = c.compile([c.parse("any(order.placed)"), c.parse("any(order.placed) and clv > 3")], now=NOW, zone=BERLIN)
    assert plan.sql.count("max(m0)") == 1


def test_some_customers_can_be_asked_alone() -> None:
    histories = {n: [c.Event(n, "order.placed", AT, 10_000)] for n in (1, 2, 3)}
    assert ask(histories, "any(order.placed)", among="touched") == {2: (True,)}


def test_selectors_list_their_events() -> None:
    histories = {1: [c.Event(n, "order.placed", AT + n, n * 10_000) for n in (1, 2, 3)], 2: []}
    for text, expected in (
        ("nth(order.placed where value >= 2, 1)", [(1, 2)]),
        ("order.placed where value >= 2", [(1, 2), (1, 3)]),
    ):
        plan = c.compile_selector(c.parse_selector(text), now=NOW, zone=BERLIN)
        with mirror(histories, BERLIN) as con:
            rows = con.execute(plan.sql, dict(plan.parameters)).fetchall()
            assert con.execute(plan.count_sql, dict(plan.parameters)).fetchall() == [(1, len(expected))]
        assert expected == sorted(row[:2] for row in rows)


def test_what_only_flows_know_cannot_be_asked_of_everyone() -> None:
    with pytest.raises(c.BadCondition, match="inside a flow only"):
        c.compile(c.parse("event.score > 5"), now=NOW, zone=BERLIN)


def test_segments_in_circles_or_unknown_are_refused() -> None:
    with pytest.raises(c.BadCondition, match="circle: a → a"):
        c.compile(c.parse("in segment('a')"), now=NOW, zone=BERLIN, segments={"a": c.parse("in segment('a')")})
    with pytest.raises(c.BadCondition, match="no segment"):
        c.compile(c.parse("in segment('a')"), now=NOW, zone=BERLIN)
