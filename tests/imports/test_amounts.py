"""Numbers are read as people write them, and the column tells which sign is which."""

from decimal import Decimal

import pytest

from stammkunde.events.imports import amounts, staging

BOTH = {
    "17": 17, "-3": -3, "−7": -7, "- 5": -5, "+4": 4, "(3)": -3, "12-": -12, "": None, "-": None, "nan": None,
    "NULL": None, "n/a": None, "x": "bad", "12 a": "bad", "1e3": 1000, "7 €": 7, "EUR 7": 7, "007": 7,
}  # fmt: skip
COMMA = {
    "1.234,50 €": "1234.5", "1,5": "1.5", "1.000": 1000, "1 234,5": "1234.5", "1'234,50": "1234.5", "5,--": 5,
    "(3,00)": -3, "12,00-": -12, "1.234.567": 1234567, ",5": "0.5", "1.23": "bad", "1.2345": "bad", "12.34,5": "bad",
    "2,3456": "2.3456",
}  # fmt: skip
POINT = {
    "1,234.50": "1234.5", "$1,234.50": "1234.5", "1.5": "1.5", "1,000": 1000, "5.": 5, ".5": "0.5", "5.-": 5,
    "1,23": "bad", "17850.0": 17850, "2.5500000000000003": "2.55", "1,234,567.891": "1234567.891", "1000000000": "bad",
}  # fmt: skip


def read(texts: list[str], decimal: amounts.Decimal | None = None) -> tuple[dict[str, object], amounts.Evidence]:
    with staging.workbench() as con:
        con.execute("CREATE TABLE raw AS SELECT unnest($texts::VARCHAR[]) AS total", {"texts": texts})
        amounts.collect(con, "total")
        seen = amounts.evidence(con, "total")
        amounts.read(con, "total", decimal or seen.sign or ".")
        rows = con.execute("SELECT text, number, bad FROM numbers_total").fetchall()
    return {text: "bad" if bad else number for text, number, bad in rows}, seen


@pytest.mark.parametrize(("decimal", "table"), [(",", COMMA | BOTH), (".", POINT | BOTH)])
def test_numbers_as_people_write_them(decimal: amounts.Decimal, table: dict[str, str | int | None]) -> None:
    expected = {text: number if number in ("bad", None) else Decimal(number) for text, number in table.items()}
    assert expected == read(list(table), decimal)[0]


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["1,5", "2,25", "3"], ","),
        (["1.5", "2.25", "3"], "."),
        (["1.234,50", "7"], ","),
        (["1,234.50", "7"], "."),
        (["1.234.567"], ","),
        (["0.125", "17"], "."),
        (["0,125", "17"], ","),
        (["1.234", "2.345"], None),
        (["1", "2"], None),
        (["1,5", "1,6", "1.7"], ","),
    ],
)
def test_a_column_tells_its_decimal_sign(texts: list[str], sign: str | None) -> None:
    assert sign == read(texts)[1].sign


def test_what_could_be_either_is_said_unless_another_column_decides() -> None:
    either = amounts.Evidence(0, 0, 2, "1.234")
    sure = amounts.Evidence(0, 5, 0, "")
    signs, warnings = amounts.settle({"total": either}, told={}, fallback=",")
    assert ({"total": ","}, 1) == (signs, len(warnings))
    assert "'1.234' can be read in two ways; the sign in it was taken for a thousands separator" in warnings[0]
    assert ({"total": ",", "unit_price": ","}, []) == amounts.settle(
        {"total": either, "unit_price": sure}, told={}, fallback="."
    )
    assert ({"total": "."}, []) == amounts.settle({"total": either}, told={"total": "."}, fallback=",")


def test_signs_of_currencies_are_understood() -> None:
    with staging.workbench() as con:
        con.execute("CREATE TABLE raw AS SELECT unnest(['5 €', '$5', 'CHF 5', '5', 'US$ 7', '7 Euro']) AS total")
        amounts.collect(con, "total")
        amounts.read(con, "total", ".")
        rows = dict(con.execute("SELECT text, currency FROM numbers_total").fetchall())
    assert {"5 €": "EUR", "$5": "USD", "CHF 5": "CHF", "5": "", "US$ 7": "USD", "7 Euro": "EUR"} == rows
