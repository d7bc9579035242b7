"""Ways through stations: any table can be read, and what the kernels say is what a plain program says."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median

import numpy as np
import pandas as pd
import pytest

from stammkunde.metrics.conversions import entries, leaving
from stammkunde.metrics.funnel import funnel
from stammkunde.metrics.step_matrix import step_matrix
from stammkunde.metrics.steps import DAY, NotSteps, Steps
from stammkunde.metrics.transitions import last_stations, transitions
from stammkunde.metrics.variants import first_stations, variants, without_repeats
from stammkunde.metrics.visits import by_month, volumes

Rows = list[tuple[int, int, str]]


def rows_of(seed: int) -> Rows:
    random = Random(seed)
    return [(random.randrange(40), random.randrange(60), random.choice("abcde")) for _ in range(400)]


def steps_of(rows: Rows) -> Steps:
    customer, at, step = zip(*rows, strict=True)
    return Steps.of({"customer": list(customer), "at": [one * DAY for one in at], "step": list(step)})


def walks(rows: Rows) -> Iterator[list[tuple[int, str]]]:
    for customer in sorted({row[0] for row in rows}):
        mine = [(at, number, step) for number, (who, at, step) in enumerate(rows) if who == customer]
        yield [(at, step) for at, _, step in sorted(mine)]


@pytest.mark.parametrize("seed", range(6))
def test_what_follows_what_is_what_a_plain_program_counts(seed: int) -> None:
    rows = rows_of(seed)
    found = transitions(steps_of(rows))
    waits: dict[tuple[str, str], list[int]] = {}
    people: dict[tuple[str, str], set[int]] = {}
    for number, walk in enumerate(walks(rows)):
        for (before, first), (after, second) in pairwise(walk):
            waits.setdefault((first, second), []).append(after - before)
            people.setdefault((first, second), set()).add(number)
    for one, first in enumerate(found.names):
        for other, second in enumerate(found.names):
            mine = waits.get((first, second), [])
            assert len(mine) == found.events[one, other]
            assert len(people.get((first, second), ())) == found.customers[one, other]
            assert not mine or median(mine) == found.median_days[one, other]


@pytest.mark.parametrize("seed", range(6))
def test_ways_positions_and_funnels_are_what_a_plain_program_counts(seed: int) -> None:
    rows = rows_of(seed)
    steps = steps_of(rows)
    paths = [tuple(step for _, step in walk) for walk in walks(rows)]
    counted = Counter(paths)
    found = variants(steps)
    assert (len(counted), len(paths)) == (found.count, found.customers)
    assert counted == {tuple(steps.names[step] for step in way.steps): way.customers for way in found.top}
    matrix = step_matrix(steps, length=5)
    for position in range(5):
        for number, name in enumerate(steps.names):
            here = sum(len(path) > position and path[position] == name for path in paths)
            assert here / len(paths) == pytest.approx(matrix[number, position])
    assert np.allclose(matrix.sum(axis=0), 1)
    assert [reached(rows, "abc"[: n + 1]) for n in range(3)] == funnel(steps, list("abc"))


def reached(rows: Rows, stations: str) -> int:
    count = 0
    for walk in walks(rows):
        now = -1
        for station in stations:
            now = min((at for at, step in walk if step == station and at > now), default=10**9)
        count += now < 10**9
    return count


@pytest.mark.parametrize("seed", range(6))
def test_leaving_means_any_other_station_later(seed: int) -> None:
    rows = rows_of(seed)
    steps = steps_of(rows)
    for number, name in enumerate(steps.names):
        entered = entries(steps, number, start=10 * DAY, end=40 * DAY)
        moments, ever = leaving(steps, entered)
        told = [at // DAY if known else None for at, known in zip(moments.tolist(), ever.tolist(), strict=True)]
        expected = []
        for walk in walks(rows):
            first = next((at for at, step in walk if step == name and 10 <= at < 40), None)
            if first is not None:
                expected.append(min((at for at, step in walk if at > first and step != name), default=None))
        assert expected == told


def test_volumes_and_months_count_everybody_once() -> None:
    steps = Steps.of(
        {"customer": [1, 1, 1, 2], "at": [1, 2, 11, 2], "step": ["a", "a", "a", "b"], "money": [5, 0, 2.5, 0]},
        value="money",
    )
    first, second = volumes(steps, 0, 11)
    assert (1, 2, 50_000, True) == (first.customers, first.events, first.value, first.money)
    assert (1, 1, False) == (second.customers, second.events, second.money)
    assert [[1, 1], [1, 0]] == by_month(steps, [0, 10, 20])


def test_one_event_at_two_stations_is_at_the_rarer_one() -> None:
    at = np.array([1, 1, 5], np.int64)
    steps = Steps(np.ones(3, np.int64), at, np.array([0, 1, 1], np.int16), np.array([7, 7, 8]), at, ("first", "order"))
    assert [0, 1] == steps.merged().step.tolist()


def test_repeats_and_long_ways_can_be_drawn_together() -> None:
    steps = Steps.of({"customer": [1] * 5 + [2], "at": range(6), "step": list("aabcaa")})
    assert [0, 1, 2, 0, 0] == without_repeats(steps).step.tolist()
    assert [0, 0, 0] == first_stations(steps, 2).step.tolist()
    assert [2, 0, 0] == last_stations(steps, before=100).tolist()
    assert [1, 0, 0] == last_stations(steps, before=5).tolist()


def test_nothing_at_all_is_no_way() -> None:
    nothing = Steps.of({"customer": [1], "at": [1], "step": ["a"]}).between(5, 6)
    assert (0, 0) == (len(nothing), variants(nothing).count)
    assert [[0]] == transitions(nothing).events.tolist()
    assert 0 == step_matrix(nothing).sum()
    assert [0] == last_stations(nothing, before=9).tolist()


@pytest.mark.parametrize(
    "moments",
    [
        pd.to_datetime(["2025-01-01 10:00", "2025-01-02"], format="ISO8601"),
        pd.to_datetime(["2025-01-01 11:00+01:00", "2025-01-02 01:00+01:00"], format="ISO8601"),
        ["2025-01-01T10:00", "2025-01-02"],
    ],
    ids=["moments without a zone", "moments with a zone", "texts"],
)
def test_any_table_with_a_customer_a_step_and_a_moment(moments: object) -> None:
    table = pd.DataFrame({"who": ["x", "x"], "what": ["b", "a"], "when": moments})
    steps = Steps.of(table, customer="who", step="what", at="when")
    assert ["2025-01-01T10", "2025-01-02T00"] == steps.at.astype("datetime64[us]").astype("datetime64[h]").astype(
        str
    ).tolist()
    assert ("a", "b") == steps.names
    assert steps.keys is not None
    assert ["x"] == steps.keys.tolist()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"customer": [1], "at": [1]}, "no column 'step'"),
        ({"customer": ["a", None], "at": [1, 2], "step": ["a", "b"]}, "empty cells"),
        ({"customer": [1], "at": ["soon"], "step": ["a"]}, "holds no moments"),
        ({"customer": [1], "at": ["NaT"], "step": ["a"]}, "without a moment"),
    ],
)
def test_what_is_no_table_of_steps_says_what_is_wrong(table: object, message: str) -> None:
    with pytest.raises(NotSteps, match=message):
        Steps.of(table)


def test_an_unknown_station_is_named() -> None:
    with pytest.raises(NotSteps, match="no step 'x'; there are a"):
        funnel(Steps.of({"customer": [1], "at": [1], "step": ["a"]}), ["x"])


@pytest.mark.parametrize(
    ("log", "events", "cases", "ways"),
    [("sepsis", 15_214, 1_050, 846), ("traffic_fines", 34_724, 10_000, 44)],
)
def test_known_process_logs_have_the_published_numbers_of_variants(
    log: str, events: int, cases: int, ways: int, real_data: Path
) -> None:
    frame = pd.read_csv(real_data / "process_logs" / f"{log}.csv.gz", keep_default_na=False)
    steps = Steps.of(frame, customer="case_id", at="timestamp", step="activity")
    found = variants(steps)
    assert (events, cases, ways) == (len(steps), found.customers, found.count)
    plain = Counter(tuple(case) for _, case in frame.groupby("case_id", sort=False)["activity"])
    assert plain.most_common(1)[0][1] == found.top[0].customers
