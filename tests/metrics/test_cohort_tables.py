"""Cohorts: who bought first in the same unit, and how many of them bought in each unit after."""

from datetime import date

import pytest

from stammkunde import metrics
from stammkunde.metrics import Mirror
from stammkunde.metrics.cohort_tables import cells_by_months, cells_by_query, label
from stammkunde.metrics.windows import UnknownUnit
from tests.metrics.making import mirror


def _table(cohorts: list[metrics.Cohort]) -> dict[str, list[int | None]]:
    return {cohort.label: cohort.active for cohort in cohorts}


def test_months_of_the_worked_example(worked_example: Mirror) -> None:
    assert _table(metrics.cohorts(worked_example)) == {
        "2024-11": [1, 0, 0, 0, 0, 1, None],  # Eli: November, then April
        "2025-01": [2, 1, 0, 1, None],  # Ada and Ben
        "2025-02": [1, 0, 0, None],  # Cem comes back in May, which is not over
        "2025-04": [1, None],  # Dia
    }


def test_quarters_of_the_worked_example(worked_example: Mirror) -> None:
    assert _table(metrics.cohorts(worked_example, by="quarter")) == {
        "2024-Q4": [1, 0, None],
        "2025-Q1": [3, None],
        "2025-Q2": [None],
    }


def test_weeks_begin_on_monday() -> None:
    shop = mirror(("Eva", "2024-12-29"), ("Eva", "2024-12-30"), ("Jo", "2025-01-05"), ("Jo", "2025-01-19"))
    cohorts = metrics.cohorts(shop, by="week")
    assert _table(cohorts) == {"2024-W52": [1, 1, 0, 0], "2025-W01": [1, 0, 1]}
    assert [cohort.start for cohort in cohorts] == [date(2024, 12, 23), date(2024, 12, 30)]


def test_cohort_of_a_unit_that_is_not_over_has_a_size_but_no_cells() -> None:
    (cohort,) = metrics.cohorts(mirror(("Eva", "2025-01-05"), ("Jo", "2025-01-20")))
    assert (cohort.size, cohort.active) == (2, [None])


def test_month_is_over_when_the_data_reach_its_last_day() -> None:
    (cohort,) = metrics.cohorts(mirror(("Eva", "2025-01-05"), ("Jo", "2025-01-31")))
    assert cohort.active == [2]


@pytest.mark.parametrize(
    ("first_order", "truncated"),
    [("2025-01-02", True), ("2025-02-28", True), ("2025-03-31", True), ("2025-04-01", False)],
    ids=["first day", "second month", "last day of the third month", "unit that begins 90 days later"],
)
def test_cohorts_of_the_first_90_days_are_truncated(first_order: str, truncated: bool) -> None:
    shop = mirror((None, "2025-01-01"), ("Eva", first_order))
    (cohort,) = metrics.cohorts(shop)
    assert cohort.truncated is truncated


def test_cohorts_of_a_time_are_whole(worked_example: Mirror) -> None:
    chosen = metrics.cohorts(worked_example, start=date(2025, 1, 20), end=date(2025, 2, 2))
    assert [(cohort.label, cohort.size) for cohort in chosen] == [("2025-01", 2), ("2025-02", 1)]


def test_stray_years_do_not_cost_a_huge_table() -> None:
    shop = mirror(("Eva", "1900-01-01"), ("Jo", "2025-01-05"), ("Jo", "2199-12-31"))
    cells = cells_by_months(shop, "month")
    assert cells == cells_by_query(shop, "month")
    assert metrics.cohorts(shop)[0].active[0] == 1


def test_anonymous_orders_found_no_cohort() -> None:
    assert metrics.cohorts(mirror((None, "2025-01-01"))) == []


def test_other_units_are_refused(worked_example: Mirror) -> None:
    with pytest.raises(UnknownUnit, match="week, month or quarter, not by 'day'"):
        metrics.cohorts(worked_example, by="day")


def test_first_week_of_a_year_may_begin_in_the_year_before() -> None:
    assert label(date(2024, 12, 30), "week") == "2025-W01"
