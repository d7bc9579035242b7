"""The rows of the form and the text of a condition: each says what the other says, whatever it is."""

import pytest

from stammkunde import conditions
from stammkunde.workspace.segments.clauses import Row, Rows, Unfinished, to_rows, to_text

SILENT_IN_WIEN = (
    "count(order.placed, last 90 days) >= 2 and not any(order.placed, last 30 days) "
    'and customer.city in ("Wien", "Graz")'
)
TEXTS = {
    SILENT_IN_WIEN: ["orders", "silent", "lives"],
    "any(order.placed)": ["ordered"],
    "none(order.placed, last 1 year)": ["silent"],
    "sum(order.placed.value, last 365 days) > 500 or avg(order.placed.value) >= 40": ["spent", "average"],
    'not any(order.placed where category = "Tee", last 6 months)': ["bought"],
    'count(order.placed where category = "Tee", last 1 year) >= 2 and count(order.placed where product = "T1") = 1': [
        "often",
        "often",
    ],
    'customer.city not in ("Wien")': ["lives"],
    'customer.city != "Wien" or customer.country = "AT"': ["lives", "lives"],
    '(customer.postcode starts with "10" or customer.postcode starts with "11") and true': ["lives", "own"],
    "days since last(order.placed) > 2 * median gap(order.placed)": ["rhythm"],
    "days since first(order.placed) <= 90": ["newcomer"],
    'rfm_group = "champions" and not in segment("vip")': ["rfm", "segment"],
    'customer.tone = "du" and consent("newsletter") and not consent("newsletter", "sms")': [
        "tone",
        "consent",
        "consent",
    ],
    'clv > 200 and interest("angeln") > 0.3 and churn_risk > 0.5': ["score", "interest", "score"],
    "any(order.placed) then none(order.placed) for 60 days": ["own"],
    'tier = "gold" and (any(order.returned) or points > 3)': ["own", "own"],
    "any(order.placed, between 2026-01-01 and 2026-03-31)": ["own"],
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_becomes_rows_and_the_rows_the_same_condition(text: str) -> None:
    condition = conditions.parse(text)
    rows = to_rows(condition)
    assert [row.kind for row in rows.rows] == TEXTS[text]
    assert conditions.parse(to_text(rows)) == condition


def test_the_form_writes_the_text_of_the_example() -> None:
    rows = Rows(
        "and",
        (
            Row("orders", {"op": ">=", "n": "2", "amount": "90", "unit": "days"}),
            Row("silent", {"amount": "30", "unit": "days"}),
            Row("lives", {"yes": "yes", "place": "city", "names": "Wien, Graz"}),
        ),
    )
    assert to_text(rows).replace("\n", " ") == SILENT_IN_WIEN


def test_names_with_quotes_stay_names() -> None:
    rows = Rows("and", (Row("lives", {"yes": "yes", "place": "city", "names": '") or true or ("'}),))
    condition = conditions.parse(to_text(rows))
    assert conditions.format(condition) == 'customer.city in ("\\") or true or (\\"")'


@pytest.mark.parametrize(
    ("row", "lacks"),
    [
        (Row("orders", {"op": ">=", "n": "", "amount": "", "unit": "days"}), "n"),
        (Row("orders", {"op": "or", "n": "2", "amount": "", "unit": "days"}), "op"),
        (Row("silent", {"amount": "0", "unit": "days"}), "amount"),
        (Row("lives", {"yes": "yes", "place": "city", "names": " , "}), "names"),
        (Row("own", {"text": "count("}), "text"),
        (Row("score", {"of": "clv > 1 or points", "op": ">", "n": "1"}), "of"),
    ],
    ids=["no number", "no such comparison", "no days", "no names", "unreadable", "no such figure"],
)
def test_a_row_that_lacks_something_says_what(row: Row, lacks: str) -> None:
    whole = Row("ordered", {"amount": "", "unit": "days"})
    with pytest.raises(Unfinished) as unfinished:
        to_text(Rows("and", (whole, row)))
    assert (unfinished.value.row, unfinished.value.field) == (1, lacks)
