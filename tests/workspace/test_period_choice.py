"""The days a page speaks of: chosen in the address, else the last unit that is over, with ways on from there."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from stammkunde.kernel.periods import Period
from stammkunde.workspace.period_choice import address, choose, usual_period, ways
from stammkunde.workspace.reading import caution


@dataclass(frozen=True)
class Data:
    """Orders from the first day up to, but not including, the end."""

    first_day: date | None = date(2025, 6, 1)
    end: date | None = date(2026, 5, 2)


def days(first: str, end: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("first", "end", "expected"),
    [
        pytest.param("2025-06-01", "2026-05-02", ("2026-01-01", "2026-04-01"), id="the last quarter that is over"),
        pytest.param("2025-06-01", "2026-04-01", ("2026-01-01", "2026-04-01"), id="a quarter just over counts"),
        pytest.param("2026-02-15", "2026-05-20", ("2026-04-01", "2026-05-01"), id="young data: the last month"),
        pytest.param("2026-05-03", "2026-05-20", ("2026-05-03", "2026-05-20"), id="younger still: all there is"),
        pytest.param("2026-05-03", "2026-05-04", ("2026-05-03", "2026-05-04"), id="a single day"),
    ],
)
def test_without_a_choice_the_page_speaks_of(first: str, end: str, expected: tuple[str, str]) -> None:
    found = usual_period(date.fromisoformat(first), date.fromisoformat(end))
    assert (found.start.isoformat(), found.end.isoformat()) == expected


def test_both_days_in_the_address_count() -> None:
    choice = choose({"from": "2026-04-01", "to": "2026-04-30"}, Data())
    assert choice.period == days("2026-04-01", "2026-05-01")
    assert choice.unit == "month"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param("2026-04-30", "2026-04-01", id="the last before the first"),
        pytest.param("yesterday", "2026-04-01", id="no day at all"),
        pytest.param("2026-04-01", "", id="only one of them"),
        pytest.param("0001-01-01", "9999-12-31", id="years nobody lives in"),
        pytest.param("2026-02-30", "2026-03-01", id="a day that does not exist"),
        pytest.param("<script>", "2026-03-01", id="something else entirely"),
    ],
)
def test_days_that_cannot_be_read_are_named_and_the_usual_period_shown(first: str, last: str) -> None:
    choice = choose({"from": first, "to": last}, Data())
    assert choice.problem
    assert choice.period == days("2026-01-01", "2026-04-01")


def test_earlier_and_later_end_where_the_data_end() -> None:
    first = choose({"from": "2025-04-01", "to": "2025-06-30"}, Data())
    last = choose({"from": "2026-04-01", "to": "2026-06-30"}, Data())
    assert first.earlier is None
    assert first.later == days("2025-07-01", "2025-10-01")
    assert last.earlier == days("2026-01-01", "2026-04-01")
    assert last.later is None


def test_own_days_move_by_their_length() -> None:
    choice = choose({"from": "2026-01-11", "to": "2026-01-20"}, Data())
    assert choice.unit is None
    assert choice.earlier == days("2026-01-01", "2026-01-11")
    assert choice.later == days("2026-01-21", "2026-01-31")


def test_turning_to_another_unit_stays_near_and_prefers_what_is_over() -> None:
    choice = choose({"from": "2026-04-01", "to": "2026-06-30"}, Data())
    turned = {unit: period for unit, _title, period in choice.others}
    assert turned["month"] == days("2026-04-01", "2026-05-01")
    year = choose({"from": "2025-10-01", "to": "2025-12-31"}, Data())
    turned = {unit: period for unit, _title, period in year.others}
    assert turned["month"] == days("2025-12-01", "2026-01-01")
    assert turned["half"] == days("2025-07-01", "2026-01-01")
    assert turned["year"] == days("2025-01-01", "2026-01-01")


def test_ways_keep_what_else_the_address_says() -> None:
    with translation.override("en"):
        on = ways(choose({}, Data()), by="week")
    assert all("by=week" in way.url for way in on.units)
    assert "by=week" in on.earlier.url
    assert [way.title for way in on.units if way.current] == ["Quarter"]


@given(st.dates(date(1950, 1, 1), date(2900, 1, 1)), st.integers(1, 800))
def test_an_address_leads_back_to_its_period(start: date, length: int) -> None:
    period = Period(start, start + timedelta(days=length))
    asked = dict(part.split("=") for part in address(period).removeprefix("?").split("&"))
    assert choose(asked, Data()).period == period


def test_the_tabs_turn_to_units_that_are_over() -> None:
    choice = choose({"from": "2026-07-01", "to": "2026-09-30"}, Data(date(2024, 3, 1), date(2026, 10, 15)))
    turned = {unit: period for unit, _title, period in choice.others}
    assert (days("2025-01-01", "2026-01-01"), days("2026-01-01", "2026-07-01")) == (turned["year"], turned["half"])


def test_a_young_shop_sees_the_year_it_is_in() -> None:
    choice = choose({"from": "2026-07-01", "to": "2026-09-30"}, Data(date(2025, 11, 1), date(2026, 10, 15)))
    assert days("2026-01-01", "2027-01-01") == {unit: period for unit, _title, period in choice.others}["year"]


def test_what_the_data_do_not_know_of_the_time_before_is_told() -> None:
    known = Data(date(2026, 5, 1), date(2026, 10, 15))
    choice = choose({"from": "2026-07-01", "to": "2026-09-30"}, known)
    assert 30 == choice.unknown_before
    with translation.override("en"):
        said = caution("retention_rate", choice)
        assert "of the 91 days before, with which this compares, 30 are unknown" in said
        assert "" == caution("revenue", choice)
    assert 0 == choose({"from": "2026-08-01", "to": "2026-08-31"}, known).unknown_before
