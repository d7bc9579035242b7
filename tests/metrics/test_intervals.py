"""Wilson's interval against published values, and where it must never go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stammkunde.metrics import wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (8, 40, 0.10500, 0.34757),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
    ids=[
        "8 of 40 (statsmodels)",
        "81 of 263 (Newcombe 1998)",
        "15 of 148 (Newcombe)",
        "0 of 20 (Newcombe)",
        "1 of 29 (Newcombe)",
    ],
)
def test_published_intervals(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_holds_the_share_and_stays_between_none_and_all(case: tuple[int, int]) -> None:
    successes, n = case
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n <= high <= 1


def test_more_customers_make_surer() -> None:
    assert wilson(50, 100)[0] < wilson(5_000, 10_000)[0] < 0.5
