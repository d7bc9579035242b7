"""The rules of single figures, one table of orders each."""

from datetime import date, timedelta

import pytest

from stammkunde import metrics
from stammkunde.metrics import Mirror
from stammkunde.metrics.windows import UnknownUnit
from tests.metrics.making import mirror, orders, period

MARCH = period("2025-03-01", "2025-04-01")


def test_returns_lower_only_the_net_revenue() -> None:
    shop = mirror(("Eva", "2025-03-02", 50), ("Eva", "2025-03-05", -20), ("Jo", "2025-02-05", -7))
    assert metrics.revenue(shop, period=MARCH).value == 50
    assert metrics.revenue_net(shop, period=MARCH).value == 30


def test_return_of_nobody_known_does_not_lower_what_known_customers_ordered() -> None:
    shop = mirror(("Eva", "2025-03-02", 50), (None, "2025-03-05", -20))
    assert metrics.revenue_net(shop, period=MARCH).value == 50


def test_free_order_is_no_order() -> None:
    shop = mirror(("Eva", "2025-03-02", 0), ("Jo", "2025-03-05", 0.01))
    assert metrics.orders_all(shop, period=MARCH).value == 1


@pytest.mark.parametrize(
    ("customers", "top"),
    [(1, 1), (5, 1), (6, 2), (10, 2), (11, 3), (35, 7), (36, 8)],
    ids=lambda number: str(number),
)
def test_top_20_percent_are_rounded_up_to_whole_customers(customers: int, top: int) -> None:
    shop = mirror(*[(f"c{number}", "2025-03-02", float(number + 1)) for number in range(customers)])
    spent = sorted((number + 1 for number in range(customers)), reverse=True)
    assert metrics.revenue_share_top20(shop, period=MARCH).value == pytest.approx(sum(spent[:top]) / sum(spent))


@pytest.mark.parametrize(
    ("second", "share"),
    [("2025-01-01 20:00", 0), ("2025-01-02", 1), ("2025-04-01", 1), ("2025-04-02", 0)],
    ids=["same day", "next day", "90 days later", "91 days later"],
)
def test_second_order_counts_on_a_later_day_within_90_days(second: str, share: float) -> None:
    shop = mirror(("Eva", "2025-01-01 08:00"), ("Eva", second), ("Jo", "2025-08-01"))
    figure = metrics.second_order_within_90d(shop, period=MARCH)
    assert (figure.value, figure.n) == (share, 1)


@pytest.mark.parametrize(("age", "n"), [(89, None), (90, 1)], ids=["89 days old", "90 days old"])
def test_second_order_looks_only_at_customers_who_had_90_days(age: int, n: int | None) -> None:
    last = date(2025, 6, 30)
    shop = mirror(("Eva", str(last - timedelta(days=age))), (None, str(last)))
    figure = metrics.second_order_within_90d(shop, period=MARCH)
    assert figure.n == (n or 0)
    assert (figure.value is None) == (n is None)


def test_repeaters_are_counted_up_to_the_end_of_the_period_only() -> None:
    shop = mirror(("Eva", "2025-01-01"), ("Eva", "2025-04-01"), ("Jo", "2025-03-31"), ("Kaya", "2025-05-01"))
    assert metrics.repeat_purchase_rate(shop, period=MARCH).value == 0
    assert metrics.repeat_purchase_rate(shop, period=period("2025-04-01", "2025-05-01")).value == 1 / 2


def test_gap_belongs_to_the_period_of_its_later_day() -> None:
    shop = mirror(("Eva", "2025-01-30"), ("Eva", "2025-03-01"), ("Eva", "2025-03-11"), ("Eva", "2025-04-30"))
    figure = metrics.median_days_between_orders(shop, period=MARCH)
    assert (figure.value, figure.n) == (20, 2)  # 30 and 10 days


def test_loyal_customers_are_those_who_bought_before_the_period() -> None:
    shop = mirror(
        ("Eva", "2025-01-15"), ("Eva", "2025-03-02"), ("Eva", "2025-03-03"), ("Eva", "2025-03-04"),
        ("Jo", "2025-03-05"), ("Kaya", "2025-03-06"), ("Kaya", "2025-03-07"),
    )  # fmt: skip
    assert metrics.loyal_frequency_ratio(shop, period=MARCH).value == pytest.approx(3 / 1.5)


def test_window_shorter_than_the_period_lets_newcomers_go_again() -> None:
    shop = mirror(("Eva", "2024-01-01"), ("Jo", "2025-03-02"), ("Kaya", "2025-03-28"))
    bridge = metrics.bridge(shop, period=MARCH, window=7)
    assert (bridge.new, bridge.end) == (1, 1)  # Jo came and went: not there at the end


def test_day_is_counted_in_the_business_time_zone() -> None:
    frame = orders([("Eva", "2025-03-31 22:30")])
    frame["at"] = frame["at"].dt.tz_localize("UTC")
    april = period("2025-04-01", "2025-05-01")
    assert metrics.orders(Mirror.of(frame, time_zone="Europe/Berlin"), period=april).value == 1
    assert metrics.orders(Mirror.of(frame, time_zone="UTC"), period=april).value == 0


def test_series_has_a_figure_per_unit_and_clips_the_ends(worked_example: Mirror) -> None:
    rows = metrics.series(
        worked_example, ["orders", "customers_active"], start=date(2025, 1, 15), end=date(2025, 4, 10), by="month"
    )
    assert [[figure.value for figure in row] for row in rows] == [[1, 3, 0, 1], [1, 2, 0, 1]]
    assert [str(figure.period.start) for figure in rows[0]] == ["2025-01-15", "2025-02-01", "2025-03-01", "2025-04-01"]
    assert str(rows[0][-1].period.end) == "2025-04-10"


def test_unit_that_is_not_over_is_unknown_not_zero(worked_example: Mirror) -> None:
    (row,) = metrics.series(worked_example, ["orders"], start=date(2025, 4, 1), end=date(2025, 7, 1), by="month")
    assert [figure.value for figure in row] == [3, None, None]
    assert row[1].why_unknown == "The last order in the data is of 2025-05-01: the period is not over in the data."


@pytest.mark.parametrize("by", ["day", "week", "month", "quarter", "half", "year"])
def test_series_runs_by_every_unit(worked_example: Mirror, by: str) -> None:
    (row,) = metrics.series(worked_example, ["orders"], start=date(2025, 1, 1), end=date(2025, 5, 2), by=by)
    assert sum(figure.value or 0 for figure in row) == 9


def test_series_by_another_unit_is_refused(worked_example: Mirror) -> None:
    with pytest.raises(UnknownUnit, match="not by 'decade'"):
        metrics.series(worked_example, start=date(2025, 1, 1), end=date(2025, 5, 2), by="decade")


@pytest.mark.parametrize("name", list(metrics.FIGURES))
def test_query_can_be_shown_and_opens_with_what_it_does(name: str) -> None:
    first, *rest = metrics.query(name).splitlines()
    assert first.startswith("-- ")
    assert any("select" in line for line in rest)
