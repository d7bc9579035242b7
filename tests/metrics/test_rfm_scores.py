"""RFM: scores by quintiles with a stated tie rule or by fixed thresholds, and named groups."""

from collections import Counter
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stammkunde import metrics
from stammkunde.metrics import GROUPS, Mirror, Thresholds
from stammkunde.metrics.rfm_scores import BadThresholds, UnknownTies
from tests.metrics.making import mirror

SCORES = range(1, 6)


@pytest.mark.parametrize("scores", list(product(SCORES, SCORES, SCORES)), ids=lambda scores: "".join(map(str, scores)))
def test_every_score_belongs_to_exactly_one_group(scores: tuple[int, int, int]) -> None:
    assert len([group for group in GROUPS if group.holds(*scores)]) == 1


def test_every_group_has_a_name_and_advice() -> None:
    assert len({group.name for group in GROUPS}) == len(GROUPS) == 11
    assert all(group.title and group.advice.endswith(".") for group in GROUPS)


@pytest.fixture(scope="module")
def published(real_data: Path) -> metrics.RFM:
    """Return our scores for the orders whose scores the R package rfm has published."""
    orders = pd.read_csv(real_data / "rfm_oracle" / "rfm_data_orders.csv.gz", parse_dates=["order_date"])
    orders["row"] = range(len(orders))
    shop = Mirror.of(orders, customer="customer_id", at="order_date", value="revenue", order_id="row")
    return metrics.rfm(shop, as_of=date(2006, 12, 31))


@pytest.mark.parametrize(
    ("name", "recency", "frequency", "amount", "scores"),
    [
        ("Abbey O'Reilly", 205, 6, 472, "343"),
        ("Add Senger", 140, 3, 340, "412"),
        ("Aden Lesch", 194, 4, 405, "323"),
        ("Aden Murphy", 98, 7, 596, "544"),
        ("Admiral Senger", 132, 5, 448, "433"),
    ],
)
def test_published_scores_are_reproduced(
    published: metrics.RFM, name: str, recency: int, frequency: int, amount: int, scores: str
) -> None:
    (at,) = np.flatnonzero(published.customer == name)
    assert (published.recency_days[at], published.frequency[at]) == (recency, frequency)
    assert published.monetary[at] == amount * 10_000
    assert f"{published.r[at]}{published.f[at]}{published.m[at]}" == scores


def test_all_995_customers_are_scored(published: metrics.RFM) -> None:
    assert len(published) == 995
    assert sum(row.customers for row in published.groups) == 995


def test_one_time_customers_score_one_and_equal_values_alike() -> None:
    rows = [(f"once{number}", "2025-01-10", 10.0) for number in range(8)]
    rows += [("often", f"2025-01-{day:02}", 10.0) for day in range(1, 10)]
    rows += [("twice", "2025-01-01", 10.0), ("twice", "2025-01-02", 10.0)]
    low = metrics.rfm(mirror(*rows))
    once = np.array([str(name).startswith("once") for name in low.customer])
    assert set(low.f[once]) == {1}
    high = metrics.rfm(mirror(*rows), ties="high")
    assert len(set(high.f[once])) == 1


def test_boundaries_are_stated_in_days_orders_and_money() -> None:
    shop = mirror(*[(f"c{number}", f"2025-01-{number:02}", number * 10.0) for number in range(1, 7)])
    scores = metrics.rfm(shop)
    assert scores.boundaries.recency_days == (2, 3, 4, 5)
    assert scores.boundaries.monetary == (20, 30, 40, 50)
    assert (scores.boundaries.rule, scores.boundaries.ties) == ("quantiles", "low")
    assert list(scores.m) == [1, 1, 2, 3, 4, 5]
    assert list(scores.r) == [1, 2, 3, 4, 5, 5]


@pytest.mark.parametrize(
    ("days", "score"), [(30, 5), (31, 4), (90, 4), (91, 3), (180, 3), (365, 2), (366, 1)], ids=lambda word: str(word)
)
def test_fixed_thresholds_for_recency_say_at_most(days: int, score: int) -> None:
    shop = mirror(("Eva", "2025-01-01"))
    as_of = date.fromordinal(date(2025, 1, 1).toordinal() + days)
    assert list(metrics.rfm(shop, as_of=as_of, thresholds=Thresholds()).r) == [score]


@pytest.mark.parametrize(
    ("revenue", "score"), [(49.99, 1), (50, 2), (100, 3), (249.99, 3), (250, 4), (1000, 5)], ids=lambda word: str(word)
)
def test_fixed_thresholds_for_money_say_at_least(revenue: float, score: int) -> None:
    scores = metrics.rfm(mirror(("Eva", "2025-01-01", revenue)), thresholds=Thresholds())
    assert list(scores.m) == [score]
    assert (scores.boundaries.rule, scores.boundaries.ties) == ("thresholds", None)


def test_as_of_a_day_only_what_was_known_then_counts(worked_example: Mirror) -> None:
    then = metrics.rfm(worked_example, as_of=date(2025, 2, 2))
    assert list(then.customer) == ["Ada", "Ben", "Eli"]
    assert list(then.recency_days) == [28, 13, 84]
    assert list(then.frequency) == [1, 1, 1]


def test_before_the_first_order_nobody_is_scored(worked_example: Mirror) -> None:
    before = metrics.rfm(worked_example, as_of=date(2020, 1, 1))
    assert len(before) == 0
    assert before.boundaries.frequency == ()
    assert all(row.customers == 0 for row in before.groups)


def test_groups_share_customers_and_revenue(worked_example: Mirror) -> None:
    scores = metrics.rfm(worked_example)
    assert sum(row.customers for row in scores.groups) == 5
    assert sum(row.revenue for row in scores.groups) == 100
    assert sum(row.share for row in scores.groups) == pytest.approx(1)
    assert sum(row.revenue_share for row in scores.groups) == pytest.approx(1)
    named = Counter(GROUPS[number].name for number in scores.group)
    assert {row.name: row.customers for row in scores.groups if row.customers} == dict(named)


def test_limits_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(BadThresholds, match="four ascending limits"):
        Thresholds(frequency=(1, 3, 2, 5))


def test_other_ties_are_refused(worked_example: Mirror) -> None:
    with pytest.raises(UnknownTies, match="low or high"):
        metrics.rfm(worked_example, ties="random")
