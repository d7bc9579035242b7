"""Whatever is wrong with a condition is said in the reader's language."""

import re
from datetime import UTC, datetime

import pytest
from django.utils import translation

from stammkunde.conditions import BadCondition, check, check_segments, parse
from stammkunde.segments import definitions
from stammkunde.workspace.segments.condition_errors import problem
from tests.conditions.test_checking import KNOWN

_CODE = re.compile(r"„[^“]*“|\([^)]*\)|\S*[._]\S*")
_ENGLISH = re.compile(
    r"\b(the|and|or|expected|this|that|write|needs?|found|here|such|ask|with|after|only|where|too|has|have|is|are|day)\b",
    re.IGNORECASE,
)
_NOW = datetime(2026, 3, 1, tzinfo=UTC)
MISTAKES = (
    "", "any(", "any(order.placed", "any(order.placed,", "any(order.placed, last", "any(order.placed, last 0 days)",
    "any(order.placed, last 5 m )", "any(order.placed, last 5 moons)", "any(order.placed, next 5 days)",
    "any(order.placed, last 3 m)", "any(order)", "any(5)", "any(order.placed.value)", "any(customer.city)",
    "any(order.placed) any(order.placed)", "any(order.placed) then 5", "any(order.placed) then none(order.placed)",
    "none(order.placed) then any(order.placed)", "any(order.placed where)", "any(order.placed where sum(a.b) > 1)",
    "any(order.placed where a = 1 where b = 2)", "any(nth(order.placed))", "any(nth(order.placed, 0))",
    "any(order.placed, between 2026-01-01)", "any(order.placed, between 2026-01-01 and 2025-01-01)",
    "any(order.placed, between 2026-02-30 and 2026-03-01)", "any(order.placed, between 1900-01-01 and 1900-02-01)",
    "count(order.placed)", "count(order.placed) >", "count(order.placed) > 1 > 2", "count(order.placed) == 2",
    "count(order.placed) <> 2", "count(order.placed) > 1 & true", "sum(order.placed) > 1",
    "sum(order.placed.coupon) > 1", "order.placed", "order.placed.value", "customer.a.b", "cout(order.placed) > 1",
    "customer.city", "customer.city = 5", 'customer.city > "a"', "customer.city starts 'a'",
    "customer.city starts with 5", "clv starts with 'a'", "customer.city not 5", "customer.city in ()",
    "customer.city in 5", "customer.city in (true)", "customer.city in ('a' 'b')", 'customer.city = "Wien',
    "customer.city = „Wien“", "customer.ctiy = 'Wien'", "customer.city + 1 > 2", "1234567890123456 > 1",
    "days since order.placed > 1", "days since customer.clv > 2", "days since last(order.placed.value) > 2",
    "first(order.placed) > 7", "median gap order.placed > 1", "anniversary(customer.birthday)",
    "anniversary(customer.birthday) within 9 years", "in segment(5)", "in 5", "in segment('vpi')",
    "consent(newsletter)", "interest(5) > 1", "start.x = 1 §", "true and", "(true", "not", "true)", "(true) + 1 > 2",
    "any(ordr.placed)", "where", "'a\x00' = 'a'", "(" * 60, " and ".join(["true"] * 10_000),
    " + ".join(["1"] * 60) + " > 1", "true or " * 20_000 + "true",
)  # fmt: skip


def _wrong(text: str) -> BadCondition | None:
    try:
        condition = parse(text)
    except BadCondition as wrong:
        return wrong
    return next(iter([*check(condition, KNOWN), *check_segments({"": condition})]), None)


@pytest.mark.parametrize("text", MISTAKES, ids=lambda text: text[:40])
def test_every_mistake_is_told_in_german(text: str) -> None:
    wrong = _wrong(text)
    assert wrong is not None
    with translation.override("de"):
        told = problem(wrong).message
    assert told != wrong.plain
    assert not _ENGLISH.search(_CODE.sub("", told)), told
    with translation.override("en"):
        assert problem(wrong).message


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["any(segment.entered)", 'in segment("one")', 'in segment("other")'])
def test_what_only_saving_finds_is_told_in_german(text: str) -> None:
    definitions.save("one", "true", now=_NOW)
    with pytest.raises(BadCondition) as wrong, translation.override("de"):
        definitions.check(text, name="one")
    with translation.override("de"):
        told = problem(wrong.value).message
    assert not _ENGLISH.search(_CODE.sub("", told)), told
