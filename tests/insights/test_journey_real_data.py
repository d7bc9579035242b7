"""From the first order to the second in real shops: the map says what pandas counts."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from stammkunde.insights.journey_drift import drift
from stammkunde.insights.journey_figures import figures
from stammkunde.insights.journey_paths import ways
from stammkunde.metrics import Mirror, wilson
from tests.insights.journeys import journey
from tests.metrics.test_against_pandas import BUILDERS, NEEDS_DATA

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MAP = journey(
    {
        "first": "nth(order.placed, 1)",
        "second": "nth(order.placed, 2)",
        "order": "order.placed",
        "silent": "any(order.placed) then none(order.placed) for 90 days",
    },
    [("first", "second", "90d"), ("second", "order", "90d")],
)


@pytest.mark.parametrize("shop", ["cdnow", "complete journey", "online retail, two years"])
def test_the_second_order_within_90_days(shop: str, request: pytest.FixtureRequest) -> None:
    data = request.getfixturevalue("real_data") if shop in NEEDS_DATA else Path()
    mirror, _ = BUILDERS[shop](data)
    assert mirror.first_day is not None
    assert mirror.end is not None
    found = figures(MAP, mirror, start=mirror.first_day, end=mirror.end, now=NOW)
    orders = local_orders(mirror)
    first, second = (orders.groupby("customer")["at"].nth(n) for n in range(2))
    people = pd.DataFrame({"first": first.set_axis(orders.loc[first.index, "customer"])}).join(
        second.set_axis(orders.loc[second.index, "customer"]).rename("second")
    )
    later = (people["second"] > people["first"]) & (people["second"] <= people["first"] + timedelta(days=90))
    matured = people["first"] + timedelta(days=90) <= pd.Timestamp(mirror.end)
    [path, _] = found.paths
    moved = int((matured & later).sum())
    assert (len(people), int(matured.sum()), moved) == (path.entered, path.matured, path.moved_on)
    assert (moved / path.matured, wilson(moved, path.matured)) == (path.share, path.interval)
    days = (people["second"] - people["first"])[matured & later].dt.total_seconds() / 86_400
    assert days.median() == pytest.approx(path.median_days, abs=1e-6)
    assert (orders["customer"].nunique(), len(orders)) == (found.customers, found.cells["order"].events)
    moments = orders.drop_duplicates()
    gap = -moments.groupby("customer")["at"].diff(-1)
    over = moments["at"] + timedelta(days=90) < pd.Timestamp(mirror.end)
    silent = orders.merge(moments[over & ~(gap <= timedelta(days=90))])
    assert len(silent) == pytest.approx(found.cells["silent"].events, abs=1)


def local_orders(mirror: Mirror) -> pd.DataFrame:
    rows = mirror.sql('SELECT customer, "at" FROM orders WHERE customer IS NOT NULL ORDER BY customer, "at", event')
    orders = pd.DataFrame(rows, columns=["customer", "at"])
    moments = pd.to_datetime(orders["at"], unit="us", utc=True)
    return orders.assign(at=moments.dt.tz_convert(mirror.time_zone).dt.tz_localize(None))


def test_ways_and_drift_of_a_real_shop() -> None:
    mirror, _ = BUILDERS["cdnow"](Path())
    assert mirror.first_day is not None
    assert mirror.end is not None
    found = ways(MAP, mirror, start=mirror.first_day, end=mirror.end, now=NOW)
    assert ("first", "silent") == found.top[0].steps
    assert 0.4 < found.top[0].share < 0.6
    assert date(1998, 6, 30) == mirror.end - timedelta(days=1)
    alarm = drift(MAP, mirror, now=NOW)
    assert ((), ()) == (alarm.unexplained, tuple(one for one in alarm.unknown_paths if one.end == "silent"))
