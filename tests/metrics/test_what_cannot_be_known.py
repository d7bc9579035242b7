"""Missing data read unknown, never 0, and say why."""

from datetime import date

import pytest

from stammkunde import metrics
from stammkunde.metrics import Mirror
from tests.metrics.making import mirror, period

NEEDS_NEWCOMERS = ["customers_new", "customers_returned", "retention_rate_formula", "loyal_frequency_ratio"]


@pytest.mark.parametrize("name", NEEDS_NEWCOMERS)
def test_who_is_new_is_unknown_when_the_data_begin_within_the_window_before(name: str) -> None:
    shop = mirror(("Eva", "2025-01-02"), ("Eva", "2025-02-03"), ("Jo", "2025-02-04"))
    (figure,) = metrics.figures(shop, [name], period=period("2025-02-01", "2025-03-01"))
    assert figure.value is None
    assert figure.why_unknown == (
        "The data begin on 2025-01-02: to tell who is new from who has been away they must reach back to 2025-01-01."
    )


@pytest.mark.parametrize("name", NEEDS_NEWCOMERS)
def test_who_is_new_is_known_when_the_data_begin_with_the_window(name: str) -> None:
    shop = mirror(("Eva", "2025-01-01"), ("Eva", "2025-02-03"), ("Jo", "2025-02-04"))
    (figure,) = metrics.figures(shop, [name], period=period("2025-02-01", "2025-03-01"))
    assert figure.value is not None


@pytest.mark.parametrize(
    ("window", "known"),
    [(31, True), (32, False), (None, True)],
    ids=["31 days before February lie in the data", "32 days do not", "the month before does"],
)
def test_window_decides_how_far_back_the_data_must_reach(window: int | None, known: bool) -> None:
    shop = mirror(("Eva", "2025-01-01"), ("Eva", "2025-02-03"), ("Jo", "2025-02-04"))
    figure = metrics.customers_new(shop, period=period("2025-02-01", "2025-03-01"), window=window)
    assert (figure.value is not None) == known


def test_retention_stays_known_while_newcomers_are_not() -> None:
    shop = mirror(("Eva", "2025-01-02"), ("Jo", "2025-01-03"), ("Eva", "2025-02-03"))
    february = period("2025-02-01", "2025-03-01")
    assert metrics.retention_rate(shop, period=february).value == 1 / 2
    bridge = metrics.bridge(shop, period=february)
    assert (bridge.new, bridge.returned, bridge.arrived) == (None, None, 0)
    assert bridge.why_unknown is not None


BEFORE_THE_DATA = period("2020-01-01", "2020-04-01")
AFTER_THE_DATA = period("2030-01-01", "2030-04-01")


@pytest.mark.parametrize("when", [BEFORE_THE_DATA, AFTER_THE_DATA], ids=["before the data", "after the data"])
def test_period_outside_the_data_counts_nobody_and_knows_no_rates(worked_example: Mirror, when: metrics.Period) -> None:
    values = {figure.name: figure.value for figure in metrics.figures(worked_example, period=when)}
    for name in (
        "customers_active",
        "orders",
        "revenue",
        "revenue_net",
        "customers_start",
        "customers_end",
        "orders_all",
    ):
        assert values[name] == 0
    for name in ("average_order_value", "purchase_frequency", "retention_rate", "churn_rate", "revenue_share_top20"):
        assert values[name] is None


def test_after_the_data_the_whole_base_is_still_there_to_have_bought_twice(worked_example: Mirror) -> None:
    assert metrics.repeat_purchase_rate(worked_example, period=AFTER_THE_DATA).value == 3 / 5
    assert metrics.repeat_purchase_rate(worked_example, period=BEFORE_THE_DATA).value is None


@pytest.mark.parametrize("name", list(metrics.FIGURES))
def test_without_orders_a_figure_is_zero_or_unknown_with_a_reason(name: str) -> None:
    (figure,) = metrics.figures(Mirror.empty(), [name], period=period("2025-01-01", "2025-04-01"))
    assert figure.value == 0 or (figure.value is None and figure.why_unknown)


def test_without_orders_there_are_no_cohorts_and_no_scores() -> None:
    assert metrics.cohorts(Mirror.empty()) == []
    assert len(metrics.rfm(Mirror.empty())) == 0


def test_figure_notes_that_the_period_is_not_over_in_the_data(worked_example: Mirror) -> None:
    note = metrics.revenue(worked_example, period=period("2025-04-01", "2025-07-01")).note
    assert note == "The last order in the data is of 2025-05-01: the period is not over in the data."
    assert note.values == {"last_day": date(2025, 5, 1)}
    assert metrics.revenue(worked_example, period=period("2025-01-01", "2025-04-01")).note is None


def test_window_must_hold_a_day(worked_example: Mirror) -> None:
    with pytest.raises(ValueError, match="give at least 1 day"):
        metrics.figures(worked_example, period=period("2025-01-01", "2025-04-01"), window=0)


def test_unknown_figure_names_the_nearest(worked_example: Mirror) -> None:
    with pytest.raises(metrics.UnknownFigure, match="Did you mean retention_rate"):
        metrics.figures(worked_example, ["retention"], period=period("2025-01-01", "2025-04-01"))
