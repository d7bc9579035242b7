"""How many move on: the truth of a simulated world lies in the interval as often as it says, whoever came lately."""

from collections.abc import Callable

import numpy as np
import pytest

from stammkunde.metrics.conversions import NOBODY, Conversion, conversion, entries, following, leaving, survival
from stammkunde.metrics.steps import DAY, Numbers, Steps

YEAR, WITHIN = 365, 90
RUNS, SHORT_RUNS = 1000, 120
Arrivals = Callable[[np.random.Generator, int], np.ndarray]
ARRIVALS: dict[str, Arrivals] = {
    "all year": lambda random, n: YEAR * random.random(n),
    "mostly of late": lambda random, n: YEAR * random.beta(5, 1, n),
    "hardly anybody long enough ago": lambda random, n: YEAR * (1 - 0.3 * random.random(n)),
}


def simulated(random: np.random.Generator, n: int, truth: float, arrive: Arrivals) -> Conversion:
    """Let n people come in the course of a year; a share moves on within 90 days, some of the others later."""
    came = arrive(random, n)
    moves = random.random(n) < truth
    after = WITHIN * random.beta(1, 3, n)
    too_late = ~moves & (random.random(n) < 0.2)
    after[too_late] = WITHIN + 60 * random.random(int(too_late.sum()))
    again = moves | too_late
    people = np.arange(n)
    return asked(np.append(people, people[again]), np.append(came, (came + after)[again]), n)


def asked(people: np.ndarray, days: np.ndarray, n: int) -> Conversion:
    at = (days * DAY).astype(np.int64)
    order = np.lexsort((at, people))
    step = (np.arange(len(people)) >= n).astype(np.int16)
    nothing = np.zeros(len(at), np.int64)
    steps = Steps(people[order], at[order], step[order], order.astype(np.int64), nothing, ("came", "bought"))
    entered = entries(steps, 0, start=0, end=YEAR * DAY)
    return conversion(steps, entered, following(steps, entered, 1), observed_to=YEAR * DAY, later=in_90_days)


def in_90_days(moments: Numbers) -> Numbers:
    return moments + WITHIN * DAY


@pytest.mark.prove
@pytest.mark.parametrize("truth", [0.1, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("n", [200, 1_000, 5_000, 20_000])
@pytest.mark.parametrize("arrival", ARRIVALS)
def test_the_interval_covers_the_truth(arrival: str, n: int, truth: float, request: pytest.FixtureRequest) -> None:
    runs = SHORT_RUNS if request.config.getoption("--short") else RUNS
    low, high = (0.89, 0.995) if runs < RUNS else (0.93, 0.97)
    covered = coverage(arrival, n, truth, runs)
    assert low <= covered <= high, f"{covered:.1%} of {runs} runs"


def test_the_interval_covers_the_truth_in_a_few_runs() -> None:
    assert 0.89 <= coverage("mostly of late", 200, 0.3, 100) <= 0.995


def coverage(arrival: str, n: int, truth: float, runs: int) -> float:
    random = np.random.default_rng([n, round(truth * 100), len(arrival)])
    intervals = [simulated(random, n, truth, ARRIVALS[arrival]).interval or (1.0, 0.0) for _ in range(runs)]
    return float(np.mean([low <= truth <= high for low, high in intervals]))


def test_the_naive_share_would_miss_it() -> None:
    found = simulated(np.random.default_rng(3), 5_000, 0.6, ARRIVALS["hardly anybody long enough ago"])
    assert found.interval is not None
    assert found.method == "kaplan-meier"
    assert found.interval[0] <= 0.6 <= found.interval[1]
    assert found.moved_on / found.entered < 0.2


def test_everybody_watched_long_enough_is_simply_counted() -> None:
    people = np.arange(100)
    found = asked(np.append(people, people[:40]), np.append(np.zeros(100), np.full(40, 30.0)), 100)
    assert ("matured", 100, 40, 0.4, 30.0, 90.0) == (
        found.method,
        found.matured,
        found.moved_on,
        found.share,
        found.median_days,
        found.horizon_days,
    )


def test_survival_by_hand() -> None:
    """Freireich's trial of 1963, the usual example: 21 patients on 6-MP, relapses at 6, 6, 6, 7, 10, 13, 16, 22, 23."""
    weeks = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = survival(np.array(weeks, float), np.arange(21) < 9)
    assert [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448] == [round(left, 3) for left in curve.left.tolist()]
    share, (low, high) = curve.moved_by(10)
    assert (0.247, 0.111, 0.497) == (round(share, 3), round(low, 3), round(high, 3))


def test_a_path_at_any_time_is_told_as_of_when_enough_were_watched() -> None:
    people, days = np.arange(100), np.linspace(0, 364, 100)
    at = (np.append(days, days[:50] + 10) * DAY).astype(np.int64)
    whose = np.append(people, people[:50])
    order = np.lexsort((at, whose))
    step = np.append(np.zeros(100, np.int16), np.ones(50, np.int16))
    steps = Steps(whose[order], at[order], step[order], order, np.zeros(150, np.int64), ("a", "b"))
    entered = entries(steps, 0, start=0, end=YEAR * DAY)
    found = conversion(steps, entered, following(steps, entered, 1), observed_to=YEAR * DAY)
    assert (100, "kaplan-meier", 10.0) == (found.entered, found.method, found.median_days)
    assert found.horizon_days is not None
    assert 100 < found.horizon_days < 130
    assert found.share is not None
    assert 0.4 < found.share < 0.6


def test_what_happens_at_the_same_moment_is_not_after() -> None:
    steps = Steps.of({"customer": [1, 1, 1, 2, 2], "at": [5, 5, 9, 5, 6], "step": ["a", "b", "a", "a", "b"]})
    entered = entries(steps, 0, start=0, end=100)
    moments, ever = following(steps, entered, 1)
    assert [False, True] == ever.tolist()
    moments, ever = leaving(steps, entered)
    assert ([False, True], 6) == (ever.tolist(), moments[1])


def test_nobody_entered() -> None:
    steps = Steps.of({"customer": [1], "at": [5], "step": ["a"]})
    entered = entries(steps, 0, start=10, end=20)
    assert NOBODY == conversion(steps, entered, following(steps, entered, 0), observed_to=20)
    assert 0 == len(leaving(steps, entered)[0])
