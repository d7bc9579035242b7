"""Nobody waits for ever, and nobody keeps others waiting: what takes too long says what to ask instead."""

import time
from datetime import date

import pytest
from django.test import override_settings

from stammkunde import metrics
from stammkunde.kernel.patience import TookTooLong, patience, time_left
from stammkunde.metrics.registry import TooManyUnits
from tests.staff import Enter
from tests.workspace.stock import WORKED_EXAMPLE, Stock, stock

__all__ = ["stock"]

_ENDLESS = "SELECT count(*) FROM range(1000000) AS a(i), range(1000000) AS b(j) WHERE (a.i * b.j) % 7 = 3"


def test_a_question_without_a_deadline_is_waited_for() -> None:
    assert time_left() is None
    assert [(3,)] == metrics.Mirror.empty().sql("SELECT 3")


def test_the_engine_is_stopped_at_the_deadline_and_answers_again_afterwards() -> None:
    mirror = metrics.Mirror.empty()
    started = time.monotonic()
    with patience(0.3), pytest.raises(TookTooLong, match="shorter period"):
        mirror.sql(_ENDLESS)
    assert time.monotonic() - started < 20
    assert [(3,)] == mirror.sql("SELECT 3")


def test_when_the_time_is_over_no_further_question_is_begun() -> None:
    with patience(-1), pytest.raises(TookTooLong):
        metrics.Mirror.empty().sql("SELECT 3")


def test_an_inner_deadline_cannot_prolong_the_outer_one() -> None:
    with patience(0.5), patience(60):
        left = time_left()
    assert left is not None
    assert left <= 0.5


def test_a_series_that_nobody_could_read_is_refused_at_once() -> None:
    with pytest.raises(TooManyUnits, match="at most 400 units"):
        metrics.series(metrics.Mirror.empty(), ["orders"], start=date(1, 1, 1), end=date(9999, 1, 1), by="day")


@override_settings(PATIENCE_SECONDS=-1)
@pytest.mark.parametrize("page", ["/", "/figures", "/figures/cohorts", "/customers/rfm"])
def test_a_page_that_takes_too_long_says_so(enter: Enter, stock: Stock, page: str) -> None:
    stock(WORKED_EXAMPLE)
    answered = enter("owner").get(page)
    assert 503 == answered.status_code
    assert "dauert zu lange" in answered.content.decode()


@override_settings(PATIENCE_SECONDS=-1)
def test_programs_are_told_so_in_a_problem_document(enter: Enter, stock: Stock) -> None:
    stock(WORKED_EXAMPLE)
    answered = enter("owner").get("/api/v1/figures?from=2026-01-01&to=2026-03-31")
    assert 422 == answered.status_code
    assert "takes too long" in answered.json()["detail"]
