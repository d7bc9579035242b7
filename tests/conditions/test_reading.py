"""Texts become trees, trees become texts; mistakes are answered with place, expectation and nearest name."""

import re
from datetime import date
from pathlib import Path

import pytest

from stammkunde import conditions as c
from stammkunde.conditions import tree as t
from stammkunde.conditions.local_clock import Duration

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "conditions.md"
EXAMPLES = re.findall(r"^```(condition|selector|goal)\n(.*?)^```", REFERENCE.read_text(), re.MULTILINE | re.DOTALL)
DESIGN = """
page.viewed where path starts with '/wissen'
lead.created where source = 'fair'
lead.created
activity.logged where type = 'reference_call'
offer.sent
offer.sent where days_since_request > 5
nth(contract.signed, 1)
survey.sent where survey = 'nps_b2b'
message.delivered where list = 'neuerungen'
account.referred
account.identified
page.viewed where path = '/'
message.delivered where flow = 'kennenlernen'
nth(order.placed, 2)
order.placed where value >= 20
order.returned where order_id = start.order_id
"""


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize(("sort", "text"), [(sort, line) for sort, block in EXAMPLES for line in _lines(block)])
def test_every_example_of_the_reference_reads_and_writes(sort: str, text: str) -> None:
    read = {"condition": c.parse, "selector": c.parse_selector, "goal": c.parse_goal}[sort]
    tree = read(text)
    assert read(c.format(tree)) == tree
    assert c.format(read(c.format(tree))) == c.format(tree)
    if sort == "condition":
        assert c.describe(tree, "de")
        assert c.describe(tree, "en")


@pytest.mark.parametrize("text", _lines(DESIGN))
def test_every_selector_of_the_design_reads(text: str) -> None:
    tree = c.parse_selector(text)
    assert c.parse_selector(c.format(tree)) == tree


def test_the_goal_and_the_branch_of_the_flow_example_read() -> None:
    goal = c.parse_goal("order.placed within 60d")
    assert goal == t.Goal(t.Events("order.placed"), Duration(60, "day"))
    assert c.format(c.parse("event.score >= 9")) == "event.score >= 9"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("any( order.placed,last 60d )", "any(order.placed, last 60 days)"),
        ("tier='gold'", 'tier = "gold"'),
        ("customer.tier = 'gold'", 'tier = "gold"'),
        ("a = 1 and (b = 2 and c = 3)", "customer.a = 1 and customer.b = 2 and customer.c = 3"),
        ("(a = 1 or b = 2) and c = 3", "(customer.a = 1 or customer.b = 2) and customer.c = 3"),
        ("a = 1 or b = 2 and c = 3", "customer.a = 1 or customer.b = 2 and customer.c = 3"),
        ("not (a = 1) and b", "not customer.a = 1 and customer.b"),
        ("a not in (1, -2)", "not customer.a in (1, -2)"),
        ("1 + 2 * 3 - (4 - 5) > 0", "1 + 2 * 3 - (4 - 5) > 0"),
        ("a / b / c = a / (b / c)", "customer.a / customer.b / customer.c = customer.a / (customer.b / customer.c)"),
        ("-a > -1.50", "0 - customer.a > -1.5"),
        ("any(order.placed, ever)", "any(order.placed)"),
        ("anniversary(customer.birthday) within 2 weeks", "anniversary(customer.birthday) within 14 days"),
        ("any(order.placed) # bought\n  and true", "any(order.placed) and true"),
    ],
)
def test_there_is_one_normal_form(text: str, normal: str) -> None:
    assert normal == c.format(c.parse(text))


@pytest.mark.parametrize(
    ("text", "line", "column", "words", "nearest"),
    [
        ("", 1, 1, "Expected a condition", None),
        ("cuont(order.placed) > 1", 1, 1, "no function `cuont`", "count"),
        ("any(order.placed, lst 9 days)", 1, 19, "last 90 days", "last"),
        ("any(order.placed, last 9 dys)", 1, 26, "Expected days", "days"),
        ("any(order_placed)", 1, 5, "Expected a kind of event", "order.placed"),
        ("order.placed", 1, 1, "any(order.placed)", None),
        ("count(order.placed)", 1, 1, "compare it", None),
        ("sum(order.placed) > 1", 1, 5, "sum(order.placed.value)", None),
        ("any(order.placed.value)", 1, 5, "without `.value`", None),
        ("1 < 2 < 3", 1, 7, "join two of them with `and`", None),
        ("tier == 'gold'", 1, 6, "write `=`", None),
        ("tier = 'gold", 1, 8, "never ends", None),
        ("tier = “gold”", 1, 8, "straight quotes", None),
        ("a = 1\n  adn b = 2", 2, 3, "Expected `and`", "and"),
        ("city in ()", 1, 10, "list is empty", None),
        ("any(order.placed, between 2026-03-02 and 2026-03-01)", 1, 42, "No day lies between", None),
        ("any(order.placed, between 2026-02-29 and 2026-03-01)", 1, 27, "no day 2026-02-29", None),
        ("any(order.placed, last 0 days)", 1, 24, "from 1 to", None),
        ("any(order.placed) then none(order.placed)", 1, 42, "`for`", None),
        ("none(order.placed) then any(order.placed)", 1, 1, "begins with something that happened", None),
        ("any(order.placed where customer.city = 'x')", 1, 24, "only attributes of order.placed", None),
        ("days since order.placed > 1", 1, 12, "last(order.placed)", None),
        ("order.placed.value > 1", 1, 1, "sum(order.placed.value)", None),
        ("consent(newsletter)", 1, 9, "text in quotes", None),
    ],
)
def test_mistakes_are_answered_with_place_expectation_and_nearest_name(
    text: str, line: int, column: int, words: str, nearest: str | None
) -> None:
    with pytest.raises(c.BadCondition, match=re.escape(words)) as caught:
        c.parse(text)
    assert (line, column, nearest) == (caught.value.line, caught.value.column, caught.value.nearest)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" or ".join(["a = 1"] * 10_000), "more than 1,000 clauses"),
        ("(" * 10_000 + "1", "40 deep"),
        ("not " * 10_000 + "a", "40 deep"),
        ("-" * 10_000 + "1 > 0", "40 deep"),
        ("1" + " + 1" * 10_000 + " > 0", "more than 40 steps"),
        ("a = " + "1" * 200_000, "100,000 is the most"),
        ("a = 12345678901234567890", "15 digits"),
        ("any(order.placed where " + "(" * 5000, "40 deep"),
    ],
)
def test_what_is_too_large_is_refused_and_never_exhausts_the_stack(text: str, words: str) -> None:
    with pytest.raises(c.BadCondition, match=words):
        c.parse(text)


def test_trees_do_not_change_and_compare_by_meaning() -> None:
    assert c.parse("any(order.placed,   last 60d)") == c.parse("\nany(order.placed, last 60 days)")
    assert hash(c.parse("a = 1")) == hash(c.parse("  a = 1"))
    with pytest.raises(AttributeError):
        c.parse("a = 1").operator = "<"  # type: ignore[misc]


def test_days_are_days() -> None:
    window = t.Between(date(2026, 1, 1), date(2026, 3, 31))
    assert c.parse("any(order.placed, between 2026-01-01 and 2026-03-31)") == t.Exists(t.Events("order.placed"), window)
