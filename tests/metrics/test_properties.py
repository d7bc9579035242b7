"""What holds for every shop: the bridge adds up, kernels equal plans, and a mirror folder answers like a frame."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stammkunde import metrics
from stammkunde.kernel.periods import Period
from stammkunde.metrics import Mirror, storage
from stammkunde.metrics.cohort_tables import cells_by_months, cells_by_query
from stammkunde.metrics.layers import NoMirror
from stammkunde.metrics.mirror import Outdated
from stammkunde.metrics.windows import scope

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2024, 2, 25)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Order:
    """One order: whose (None: nobody's), how many days after the first, for how many cents."""

    customer: int | None
    day: int
    cents: int


ORDERS = st.lists(
    st.builds(
        Order, st.sampled_from([None, 1, 2, 3, 4, 5, 6]), st.integers(0, 500), st.sampled_from([1, 999, 1000, 123_456])
    ),
    min_size=1,
    max_size=60,
)
DAYS = st.integers(-60, 600).map(lambda days: FIRST + timedelta(days=days))
PERIODS = st.one_of(
    st.builds(Period.of, st.sampled_from(["week", "month", "quarter", "half", "year"]), DAYS),
    st.builds(lambda start, days: Period(start, start + timedelta(days=days)), DAYS, st.integers(1, 300)),
)
WINDOWS = st.one_of(st.none(), st.integers(1, 400))


def _shop(orders: list[Order]) -> Mirror:
    rows = pd.DataFrame(
        {
            "customer": pd.array([order.customer for order in orders], "Int64"),
            "at": [datetime.combine(FIRST, datetime.min.time()) + timedelta(order.day) for order in orders],
            "value": [order.cents / 100 for order in orders],
            "order": range(len(orders)),
        }
    )
    return Mirror.of(rows, order_id="order")


@FEW
@given(ORDERS, PERIODS, WINDOWS)
def test_start_without_lost_with_new_and_returned_is_end(
    orders: list[Order], period: Period, window: int | None
) -> None:
    with _shop(orders) as shop:
        bridge = metrics.bridge(shop, period=period, window=window)
        assert bridge.start - bridge.lost + bridge.arrived == bridge.end
        assert (bridge.new is None) == (bridge.returned is None) == (bridge.why_unknown is not None)
        if bridge.new is not None and bridge.returned is not None:
            assert bridge.start - bridge.lost + bridge.new + bridge.returned == bridge.end


@FEW
@given(ORDERS, PERIODS, WINDOWS)
def test_figures_stay_within_their_bounds(orders: list[Order], period: Period, window: int | None) -> None:
    with _shop(orders) as shop:
        for figure in metrics.figures(shop, period=period, window=window):
            assert (figure.value is None) == (figure.why_unknown is not None), figure
            if figure.value is not None and figure.unit == "share" and figure.name != "retention_rate_formula":
                assert 0 <= figure.value <= 1, figure
            if figure.interval and figure.value is not None:
                assert 0 <= figure.interval[0] <= figure.value <= figure.interval[1] <= 1, figure


@FEW
@given(ORDERS, st.sampled_from(["month", "quarter"]))
def test_cohort_kernel_counts_what_the_plan_counts(orders: list[Order], by: str) -> None:
    with _shop(orders) as shop:
        assert cells_by_months(shop, by) == cells_by_query(shop, by)


MONTHS = st.builds(Period.of, st.sampled_from(["month", "quarter", "half", "year"]), DAYS)
KERNELED = {metric.plan for metric in metrics.FIGURES.values() if metric.plan.kernel}


@FEW
@given(ORDERS, MONTHS)
def test_month_kernels_give_the_rows_that_the_plans_give(orders: list[Order], period: Period) -> None:
    with _shop(orders) as shop:
        asked = scope(period, window=None, first_day=shop.first_day, data_end=shop.end)
        assert asked.whole_months
        for plan in KERNELED:
            assert plan.row(shop, asked) == plan.queried_row(shop, asked)


@FEW
@given(ORDERS, st.sampled_from(["low", "high"]), st.integers(1, 520))
def test_score_kernel_gives_what_the_plan_gives(orders: list[Order], ties: str, days: int) -> None:
    with _shop(orders) as shop:
        for as_of in (FIRST + timedelta(days=days), shop.end):
            assert as_of is not None
            scores = metrics.rfm(shop, as_of=as_of, ties=ties)
            rows = zip(scores.customer, scores.r, scores.f, scores.m, strict=True)
            plan = shop.sql(metrics.rfm_query(ties=ties), as_of=as_of)
            assert [tuple(map(int, row)) for row in rows] == plan


def _events(orders: list[Order], *, first_id: int) -> pa.Table:
    start = datetime.combine(FIRST, datetime.min.time(), BERLIN) + timedelta(hours=12)
    return pa.table(
        {
            "id": pa.array(range(first_id, first_id + len(orders)), pa.int64()),
            "customer": pa.array([order.customer for order in orders], pa.int64()),
            "kind": ["order.placed"] * len(orders),
            "at": pa.array(
                [int((start + timedelta(order.day)).timestamp()) * 1_000_000 for order in orders], pa.int64()
            ),
            "value": pa.array([order.cents * 100 for order in orders], pa.int64()),
            "replaces": pa.nulls(len(orders), pa.int64()),
            "attributes": [json.dumps({})] * len(orders),
        }
    )


def _halves(orders: list[Order]) -> Iterator[list[Order]]:
    middle = (len(orders) + 1) // 2
    yield orders[:middle]
    yield orders[middle:]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ORDERS, PERIODS)
def test_folder_written_in_two_syncs_answers_like_a_frame(orders: list[Order], period: Period) -> None:
    with TemporaryDirectory() as name, _shop(orders) as frame:
        written = 0
        for half in _halves(orders):
            table = _events(half, first_id=written + 1)
            written += len(half)
            storage.append(
                Path(name), table, watermark=str(written), time_zone="Europe/Berlin", currency="EUR", products=None
            )
        with Mirror.open(name) as folder:
            assert (folder.first_day, folder.end, folder.currency) == (frame.first_day, frame.end, "EUR")
            assert metrics.figures(folder, period=period) == metrics.figures(frame, period=period)
            for by in ("week", "month", "quarter"):
                assert metrics.cohorts(folder, by=by) == metrics.cohorts(frame, by=by)
            for as_of in (None, period.end):
                ours, theirs = metrics.rfm(folder, as_of=as_of), metrics.rfm(frame, as_of=as_of)
                assert list(zip(ours.customer, ours.r, ours.f, ours.m, strict=True)) == list(
                    zip(theirs.customer, theirs.r, theirs.f, theirs.m, strict=True)
                )


def test_folder_without_a_mirror_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoMirror, match="stammkunde mirror sync"):
        Mirror.open(tmp_path)


def test_mirror_whose_files_are_gone_says_what_to_do(tmp_path: Path) -> None:
    table = _events([Order(1, 0, 100)], first_id=1)
    storage.append(tmp_path, table, watermark="1", time_zone="Europe/Berlin", currency="EUR")
    with Mirror.open(tmp_path) as folder:
        storage.clear(tmp_path)
        with pytest.raises(Outdated, match="open its folder again"):
            metrics.figures(folder, period=Period(FIRST, FIRST + timedelta(days=30)))
