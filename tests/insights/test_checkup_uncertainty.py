"""The intervals of the check-up hold what they promise."""

import numpy as np
import pytest

from stammkunde.insights.checkup.uncertainty import Sums, difference, share_of_money


def test_without_money_there_is_no_share() -> None:
    assert share_of_money(Sums.of([(0, 0)])) is None


def test_one_customer_tells_nothing_about_others() -> None:
    assert share_of_money(Sums.of([(1, 2)])) == (0.5, (0.0, 1.0))


@pytest.mark.parametrize("n", [60, 400])
def test_the_interval_of_a_share_of_money_covers_the_truth(n: int) -> None:
    chance = np.random.default_rng(7)
    covered = 0
    for _ in range(500):
        whole = chance.gamma(2.0, 20.0, n)
        part = whole * chance.beta(2.0, 6.0, n)  # a quarter of each customer's money on average, whatever she spends
        found = share_of_money(Sums.of(zip(part.tolist(), whole.tolist(), strict=True)))
        assert found is not None
        low, high = found[1]
        covered += low <= 0.25 <= high
    assert 0.92 <= covered / 500 <= 0.98


def test_the_interval_of_a_difference_covers_the_truth() -> None:
    chance = np.random.default_rng(8)
    covered = 0
    for _ in range(1_000):
        with_it, without = int(chance.binomial(90, 0.55)), int(chance.binomial(200, 0.4))
        _, (low, high) = difference((with_it, 90), (without, 200))
        covered += low <= 0.15 <= high
    assert 0.93 <= covered / 1_000 <= 0.97
