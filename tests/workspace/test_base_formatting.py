"""Numbers, money, shares and days are written as each reader is used to seeing them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from stammkunde.kernel.periods import Period
from stammkunde.workspace import formatting

N = formatting.NARROW_SPACE


def spoken(language: str, write: str, *arguments: object, **more: object) -> str:
    with translation.override(language):
        return str(getattr(formatting, write)(*arguments, **more))


@pytest.mark.parametrize(
    ("write", "arguments", "german", "english"),
    [
        ("number", (2140,), "2.140", "2,140"),
        ("number", (2.44, 1), "2,4", "2.4"),
        ("number", (-0.004, 2), "0,00", "0.00"),
        ("number", (None,), "–", "–"),
        ("percent", (0.62,), f"62{N}%", f"62{N}%"),
        ("percent", (0.042,), f"4,2{N}%", f"4.2{N}%"),
        ("percent", (0,), f"0{N}%", f"0{N}%"),
        ("percent", (0.0996,), f"10{N}%", f"10{N}%"),
        ("percent", (1.0, 1), f"100,0{N}%", f"100.0{N}%"),
        ("money", (418_000_000, "EUR"), f"41.800{N}€", "€41,800"),
        ("money", (25_500, "EUR"), f"2,55{N}€", "€2.55"),
        ("money", (25_500, "USD"), f"2,55{N}$", "US$2.55"),
        ("money", (2.55, "EUR"), f"2,55{N}€", "€2.55"),
        ("money", (Decimal("2.55"), "EUR"), f"2,55{N}€", "€2.55"),
        ("money", (25_500, ""), "2,55", "2.55"),
        ("money", (1234.5, "EUR", True), f"1.234,50{N}€", "€1,234.50"),
        ("money", (-51_000, "EUR"), f"-5,10{N}€", "-€5.10"),
        ("money", (None, "EUR"), "–", "–"),
        ("day", (date(2026, 3, 3),), "3. März 2026", "3 March 2026"),
        ("day_short", (date(2026, 3, 3),), "03.03.2026", "3 Mar 2026"),
        ("month", (date(2026, 3, 1),), "März 2026", "March 2026"),
    ],
)
def test_german_and_english(write: str, arguments: tuple[object, ...], german: str, english: str) -> None:
    assert spoken("de", write, *arguments) == german
    assert spoken("de-du", write, *arguments) == german
    assert spoken("en", write, *arguments) == english


def test_a_moment_is_told_by_the_business_clock() -> None:
    midnight_in_berlin = datetime(2026, 6, 30, 22, 5, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert spoken("de", "moment", midnight_in_berlin) == "01.07.2026, 00:05"
        assert spoken("de", "day_short", midnight_in_berlin) == "01.07.2026"


@pytest.mark.parametrize(
    ("first", "end", "german", "english"),
    [
        (date(2026, 1, 1), date(2027, 1, 1), "2026", "2026"),
        (date(2026, 4, 1), date(2026, 7, 1), "2. Quartal 2026", "2nd quarter 2026"),
        (date(2026, 7, 1), date(2027, 1, 1), "zweites Halbjahr 2026", "second half of 2026"),
        (date(2026, 3, 1), date(2026, 4, 1), "März 2026", "March 2026"),
        (date(2026, 3, 3), date(2026, 3, 4), "3. März 2026", "3 March 2026"),
        (date(2026, 3, 3), date(2026, 4, 6), "3. März 2026 bis 5. April 2026", "3 March 2026 to 5 April 2026"),
    ],
)
def test_periods_are_named_as_people_do(first: date, end: date, german: str, english: str) -> None:
    assert spoken("de", "period", Period(first, end)) == german
    assert spoken("en", "period", Period(first, end)) == english


@pytest.mark.parametrize(
    ("value", "unit", "german", "english"),
    [
        (0.62, "share", f"62{N}%", f"62{N}%"),
        (2140, "customers", f"2.140{N}Kunden", f"2,140{N}customers"),
        (1, "customers", f"1{N}Kunde", f"1{N}customer"),
        (3.5, "orders", f"3,5{N}Bestellungen", f"3.5{N}orders"),
        (12.0, "days", f"12{N}Tage", f"12{N}days"),
        (2.44, "ratio", f"2,4{N}×", f"2.4{N}×"),
        (41800.0, "money", f"41.800{N}€", "€41,800"),
        (None, "share", "unbekannt", "unknown"),
    ],
)
def test_a_figure_carries_its_unit(value: float | None, unit: str, german: str, english: str) -> None:
    assert spoken("de", "quantity", value, unit, currency="EUR") == german
    assert spoken("en", "quantity", value, unit, currency="EUR") == english


@pytest.mark.parametrize(
    ("low", "high", "unit", "expected"),
    [
        (0.6, 0.64, "share", f"60–64{N}%"),
        (0.042, 0.046, "share", f"4,2–4,6{N}%"),
        (10.0, 14.0, "days", f"10–14{N}Tage"),
        (9.5, 12.25, "money", f"9,50{N}€–12,25{N}€"),
    ],
)
def test_an_interval_shares_its_unit(low: float, high: float, unit: str, expected: str) -> None:
    assert spoken("de", "interval", low, high, unit, currency="EUR") == expected


def test_how_long_ago() -> None:
    today = date(2026, 6, 10)
    assert spoken("de", "ago", today, today=today) == "heute"
    assert spoken("de", "ago", date(2026, 6, 7), today=today) == "vor 3 Tagen"
    assert spoken("en", "ago", date(2026, 4, 1), today=today) == "2 months ago"
