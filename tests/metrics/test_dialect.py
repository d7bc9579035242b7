"""The pieces of SQL in which engines differ, and that plans hold no others."""

import pytest

from stammkunde.metrics import FIGURES, cohort_query, query, rfm_query
from stammkunde.metrics.dialect import DUCKDB, SPARK
from stammkunde.metrics.mirror import connect

ONLY_DUCKDB = ("quantile_cont", "date_diff", "$", "::", "arg_min", "group by all")
PLANS = {
    **{name: query(name, dialect=SPARK) for name in FIGURES},
    **{f"cohorts by {by}": cohort_query(by, dialect=SPARK) for by in ("week", "month", "quarter")},
    "rfm": rfm_query(dialect=SPARK),
}


@pytest.mark.parametrize("name", list(PLANS))
def test_plan_for_spark_has_no_word_that_only_duckdb_knows(name: str) -> None:
    assert [word for word in ONLY_DUCKDB if word in PLANS[name]] == []


@pytest.mark.parametrize(
    ("fragment", "result"),
    [
        (DUCKDB.unit_start("week", "date '2025-01-01'"), "2024-12-30"),
        (DUCKDB.unit_start("month", "date '2025-03-31'"), "2025-03-01"),
        (DUCKDB.unit_start("quarter", "date '2025-03-31'"), "2025-01-01"),
        (DUCKDB.units_between("week", "date '2024-12-30'", "date '2025-01-13'"), "2"),
        (DUCKDB.units_between("month", "date '2024-12-01'", "date '2025-02-01'"), "2"),
        (DUCKDB.units_between("quarter", "date '2024-10-01'", "date '2025-04-01'"), "2"),
        (DUCKDB.days_between("date '2024-02-28'", "date '2024-03-01'"), "2"),
    ],
    ids=["Monday", "first of month", "first of quarter", "weeks", "months", "quarters", "days of a leap year"],
)
def test_fragment_means_the_same_as_the_calendar(fragment: str, result: str) -> None:
    with connect() as engine:
        assert str(engine.execute(f"select {fragment}").fetchall()[0][0]) == result


def test_quantile_is_linear_between_neighbours() -> None:
    with connect() as engine:
        quantile = DUCKDB.quantile("0.2", "x")
        assert engine.execute(f"select {quantile} from (values (1), (2), (4), (8)) as t(x)").fetchall() == [(1.6,)]
