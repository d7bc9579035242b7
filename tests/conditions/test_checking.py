"""What is wrong with a condition is said before it is saved."""

import pytest

from stammkunde import conditions as c

KNOWN = c.Vocabulary(
    kinds={"order.placed": {"coupon": "text", "total": "number"}, "survey.answered": None},
    traits={"city": "text", "clv": "number", "vip": "flag", "birthday": "day"},
    segments=("stammkunden",),
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("any(ordr.placed)", "Line 1, column 5: There is no kind of event `ordr.placed`. Did you mean `order.placed`?"),
        ("customer.ctiy = 'Wien'", "Line 1, column 1: There is no trait `ctiy`. Did you mean `city`?"),
        ("in segment('Stammkunde')", "Line 1, column 1: There is no segment `Stammkunde`. Did you mean `stammkunden`?"),
        ("customer.city = 5", "This compares a text with a number."),
        ("customer.city > 'a'", "texts are only equal or not"),
        ("clv starts with 'a'", "`starts with` needs a text, not a number."),
        ("customer.city", "A value that stands alone needs a yes or no, not a text."),
        ("customer.city + 1 > 2", "`+` needs a number, not a text."),
        ("sum(order.placed.coupon) > 2", "`sum` needs a number, not a text."),
        ("any(order.placed where category = 5)", "This compares a text with a number."),
        ("any(order.placed where coupon in ('A', 7))", "This compares a text with a number."),
        ("days since customer.clv > 2", "Here needs a day, not a number."),
        ("first(order.placed) > 7", "This compares a day with a number."),
        ("1 = 'a'", "This compares a number with a text."),
    ],
)
def test_problems_are_named(text: str, words: str) -> None:
    assert words in "\n".join(map(str, c.check(c.parse(text), KNOWN)))


@pytest.mark.parametrize(
    "text",
    [
        "any(order.placed where coupon = 'A' and total > 5 and quantity > 1 and other = 1)",
        "any(survey.answered where score <= 6)",
        "customer.city in ('Wien') and customer.vip and clv > 5 and tier = 'gold'",
        "anniversary(customer.birthday) within 7 days and customer.birthday > 1990-01-01",
        "in segment('stammkunden') and interest('angeln') > 0.3",
    ],
)
def test_good_conditions_pass(text: str) -> None:
    assert c.check(c.parse(text), KNOWN) == []


def _segments(**texts: str) -> dict[str, c.Condition]:
    return {name: c.parse(text) for name, text in texts.items()}


def test_segments_must_not_go_in_circles_or_too_deep() -> None:
    assert c.check_segments(_segments(a="true", b="in segment('a')")) == []
    [problem] = c.check_segments(_segments(a="in segment('b')", b="in segment('c')", c="in segment('a')"))
    assert "circle: a → b → c → a" in str(problem)
    [problem] = c.check_segments(_segments(a="in segment('a')"))
    assert "circle: a → a" in str(problem)
    [problem] = c.check_segments(_segments(alt="true", b="in segment('alte')"))
    assert "Did you mean `alt`?" in str(problem)
    deep = {f"s{n}": c.parse(f"in segment('s{n - 1}')" if n else "true") for n in range(30)}
    assert any("too deep" in str(problem) for problem in c.check_segments(deep))
