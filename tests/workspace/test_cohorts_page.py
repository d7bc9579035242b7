"""Cohorts: what is not over stays empty, what may not be new is marked, and an answer needs enough customers."""

import re
from datetime import date

import pytest
from django.utils import translation

from stammkunde.metrics import Cohort
from stammkunde.workspace.cohort_comparison import Comparison, compare, evidence, verdict
from stammkunde.workspace.cohort_table import CohortUnit, heat_map, span_name
from tests.staff import Enter
from tests.workspace.stock import Stock, every_month, ordered


def cohort(month: int, size: int, *active: int | None, truncated: bool = False, year: int = 2025) -> Cohort:
    start = date(year, month, 1)
    return Cohort(f"{start:%Y-%m}", start, size, [size, *active], truncated)


def test_a_unit_that_is_not_over_is_empty_and_nobody_back_is_zero() -> None:
    table = heat_map([cohort(1, 50, 25, 0), cohort(2, 40, 10, None), cohort(3, 30, None)], "month")
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["100", "50", "0"], ["100", "25", ""], ["100", "", ""],
    ]  # fmt: skip
    assert table.rows[0].cells[1].style == "heat-20"
    assert table.rows[1].cells[1].style == "heat-10"
    assert table.rows[1].cells[2].style == "none"


def test_cells_show_counts_when_asked() -> None:
    table = heat_map([cohort(1, 50, 25)], "month", counts=True)
    assert [cell.text for cell in table.rows[0].cells] == ["50", "25"]


def test_columns_end_where_nothing_is_known() -> None:
    assert heat_map([cohort(1, 50, 25, None), cohort(2, 50, None)], "month").columns == range(2)
    assert heat_map([], "month").rows == []


def test_newcombes_published_example() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II (a), method 10: 56/70 against 48/80.
    cohorts = [cohort(month, 0) for month in ()]
    cohorts += [
        cohort(1, 80, 48),
        *(cohort(month, size, back) for month, size, back in ((2, 30, 24), (3, 20, 16), (4, 20, 16))),
    ]
    comparison = compare(cohorts, "month")
    assert comparison is not None
    assert (round(comparison.low, 4), round(comparison.high, 4)) == (0.0524, 0.3339)


def test_the_same_season_a_year_before_is_the_fairer_comparison() -> None:
    years = [cohort(month, 100, 20, year=2024) for month in range(1, 13)]
    now = [cohort(month, 100, 40, year=2025) for month in (1, 2, 3)]
    comparison = compare([*years, *now], "month")
    assert comparison is not None
    assert comparison.same_season
    assert [found.label for found in comparison.earlier.cohorts] == ["2024-01", "2024-02", "2024-03"]


def test_cohorts_that_may_not_be_new_do_not_count() -> None:
    cohorts = [cohort(1, 500, 400, truncated=True), *(cohort(month, 40, 10) for month in (5, 6, 7))]
    assert compare(cohorts, "month") is None


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param(20, 60, "öfter", id="clearly more"),
        pytest.param(60, 20, "seltener", id="clearly fewer"),
        pytest.param(40, 42, "lässt sich nicht sagen", id="too close to call"),
    ],
)
def test_the_answer_keeps_to_what_the_numbers_carry(before: int, now: int, expected: str) -> None:
    cohorts = [cohort(month, 100, before) for month in (3, 4, 5)] + [cohort(month, 100, now) for month in (6, 7, 8)]
    with translation.override("de"):
        comparison = compare(cohorts, "month")
        assert expected in verdict(comparison, "month")
        assert "Juni bis August 2025" in verdict(comparison, "month")
        assert "Jahreszeiten sind darin nicht herausgerechnet" in evidence(comparison)


def test_too_few_customers_make_no_answer() -> None:
    cohorts = [cohort(month, 5, 2) for month in range(3, 9)]
    comparison: Comparison | None = compare(cohorts, "month")
    with translation.override("de"):
        assert "lässt sich noch nicht sagen" in verdict(comparison, "month")
        assert "mindestens 30" in evidence(comparison)


@pytest.mark.parametrize(
    ("by", "expected"),
    [("month", "November 2025 bis Januar 2026"), ("quarter", "4. Quartal 2025 bis 1. Quartal 2026")],
)
def test_spans_are_named(by: CohortUnit, expected: str) -> None:
    with translation.override("de"):
        both = [cohort(11 if by == "month" else 10, 1, year=2025), cohort(1, 1, year=2026)]
        assert span_name(both, by) == expected


def test_the_page_answers_its_question(enter: Enter, stock: Stock) -> None:
    quiet = every_month(date(2024, 9, 1), 8, newcomers=30, back_after_a_month=0.1)
    lively = every_month(date(2025, 5, 1), 4, newcomers=30, back_after_a_month=0.6)
    stock([*ordered(None, "2024-01-01"), *quiet, *lively])
    html = enter("analyst").get("/figures/cohorts").content.decode()
    assert "<b>öfter</b>" in html
    assert 'class="heat-20"' in html
    assert "Die Neuesten gegen die davor" in html


@pytest.mark.parametrize("by", ["week", "month", "quarter", "nonsense"])
def test_every_unit_and_both_ways_of_showing(enter: Enter, stock: Stock, by: str) -> None:
    stock(every_month(date(2025, 1, 1), 6, newcomers=8, back_after_a_month=0.5))
    client = enter("owner")
    for show in ("", "counts"):
        answer = client.get(f"/figures/cohorts?by={by}&show={show}")
        assert answer.status_code == 200


def test_days_of_its_own_limit_the_cohorts_and_the_csv(enter: Enter, stock: Stock) -> None:
    stock(every_month(date(2025, 1, 1), 6, newcomers=8, back_after_a_month=0.5))
    body = enter("owner").get("/figures/cohorts?from=2025-02-01&to=2025-03-31&format=csv").content.decode("utf-8-sig")
    rows = [line.split(";") for line in body.splitlines()]
    assert rows[0][:5] == ["cohort", "start", "size", "truncated", "active_0"]
    assert [row[:6] for row in rows[1:]] == [
        ["2025-02", "2025-02-01", "8", "yes", "8", "4"],
        ["2025-03", "2025-03-01", "8", "yes", "8", "4"],
    ]
    assert not re.search(r";0;0;0$", body)
