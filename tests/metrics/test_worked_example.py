"""The worked example of the design: Ada, Ben, Cem, Dia and Eli, second quarter against first, checked by hand."""

import pytest

from stammkunde import metrics
from stammkunde.metrics import Mirror
from tests.metrics.making import period

FIRST_QUARTER = period("2025-01-01", "2025-04-01")
SECOND_QUARTER = period("2025-04-01", "2025-07-01")

BY_HAND = {
    "customers_active": 4,  # Ada, Cem, Dia, Eli
    "orders": 4,
    "revenue": 40,
    "revenue_net": 40,
    "average_order_value": 10,
    "purchase_frequency": 1,
    "repeat_purchase_rate": 3 / 5,  # Ada, Cem, Eli of five
    "customers_start": 3,  # Ada, Ben, Cem
    "customers_end": 4,
    "customers_lost": 1,  # Ben
    "customers_new": 1,  # Dia
    "customers_returned": 1,  # Eli
    "retention_rate": 2 / 3,
    "retention_rate_formula": 1,  # (4 - 1) / 3: it counts Eli as kept
    "churn_rate": 1 / 3,
    "revenue_share_top20": 1 / 4,  # ceil(20 % of 4) = 1 customer with 10 of 40
    "loyal_frequency_ratio": 1,  # 3 orders of Ada, Cem, Eli against 1 of Dia
    "median_days_between_orders": 88,  # 65 (Ada), 88 (Cem), 169 (Eli)
    "second_order_within_90d": 1 / 3,  # Ada yes, Ben no, Eli after 169 days; Cem and Dia are not ripe on 1 May
    "revenue_all": 40,
    "orders_all": 4,
}


@pytest.mark.parametrize("name", list(metrics.FIGURES))
def test_figure_is_what_was_counted_by_hand(worked_example: Mirror, name: str) -> None:
    (figure,) = metrics.figures(worked_example, [name], period=SECOND_QUARTER)
    assert figure.value == pytest.approx(BY_HAND[name], abs=1e-12)
    assert (figure.name, figure.why_unknown, figure.grade) == (name, None, "D")


def test_bridge_leads_from_three_to_four(worked_example: Mirror) -> None:
    bridge = metrics.bridge(worked_example, period=SECOND_QUARTER)
    assert (bridge.start, bridge.lost, bridge.new, bridge.returned, bridge.end) == (3, 1, 1, 1, 4)
    assert (bridge.stayed, bridge.arrived) == (2, 2)


def test_quarter_before_knows_who_is_new(worked_example: Mirror) -> None:
    bridge = metrics.bridge(worked_example, period=FIRST_QUARTER)
    assert (bridge.start, bridge.lost, bridge.new, bridge.returned, bridge.end) == (1, 1, 3, 0, 3)


def test_window_of_a_year_keeps_those_who_come_rarely(worked_example: Mirror) -> None:
    bridge = metrics.bridge(worked_example, period=SECOND_QUARTER, window=365)
    assert (bridge.start, bridge.lost, bridge.end) == (4, 0, 5)
    assert (bridge.new, bridge.returned) == (None, None)  # a year before April 2025 there are no data yet


def test_one_metric_can_be_asked_alone(worked_example: Mirror) -> None:
    figure = metrics.retention_rate(worked_example, period=SECOND_QUARTER)
    assert figure.value == 2 / 3
    assert figure.n == 3
    assert figure.interval == metrics.wilson(2, 3)
    assert figure.definition == metrics.FIGURES["retention_rate"].definition


def test_two_orders_on_one_day_count_as_two_orders_and_one_purchase_day(worked_example: Mirror) -> None:
    february = period("2025-02-01", "2025-03-01")
    assert metrics.orders(worked_example, period=february).value == 3
    assert metrics.median_days_between_orders(worked_example, period=february).value == 29  # Ada alone


def test_anonymous_orders_count_only_where_the_name_says_so(worked_example: Mirror) -> None:
    june = period("2024-06-01", "2024-07-01")
    values = {figure.name: figure.value for figure in metrics.figures(worked_example, period=june)}
    assert (values["orders"], values["revenue"], values["customers_active"]) == (0, 0, 0)
    assert (values["orders_all"], values["revenue_all"]) == (1, 10)
