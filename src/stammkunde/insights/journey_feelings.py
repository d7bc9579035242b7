"""Say how people felt at a touchpoint: the scores they gave in the survey that the map names."""

from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions.fragments import from_json
from stammkunde.insights.figures import Among
from stammkunde.insights.journey_values import Feeling
from stammkunde.journeys.document import Journey, SentimentMetric
from stammkunde.metrics.intervals import LEVEL
from stammkunde.metrics.mirror import Mirror

PROMOTERS, DETRACTORS = 9, 6
_SCORES = f"""
SELECT customer, {from_json("survey").text} AS survey, {from_json("score").number} AS score FROM events
WHERE kind = 'survey.answered' AND "at" >= $start AND "at" < $end AND "at" <= $now
"""


def feelings(
    journey: Journey, mirror: Mirror, start: int, end: int, among: Among | None, now: int
) -> dict[str, Feeling]:
    """Return what was answered in [start, end), by touchpoint; those without a survey are left out."""
    asked = {one.id: one.sentiment for one in journey.touchpoints if one.sentiment}
    if not asked:
        return {}
    rows = mirror.arrays(f"SELECT * FROM ({_SCORES}) AS scores WHERE score IS NOT NULL", start=start, end=end, now=now)
    surveys = np.ma.filled(rows["survey"], "").astype(str)
    kept = np.ones(len(surveys), bool) if among is None else _of(rows["customer"], among)
    return {
        name: feeling(rows["score"][kept & (surveys == sentiment.survey)], sentiment.metric)
        for name, sentiment in asked.items()
    }


def feeling(scores: NDArray[Any], metric: SentimentMetric) -> Feeling:
    """Return the mean of some scores with its interval; of the NPS the promoters minus the detractors, in points.

    >>> feeling(np.array([10.0, 9.0, 8.0, 3.0]), "nps").mean
    25.0
    """
    values = np.ma.filled(scores, 0.0).astype(np.float64)
    if metric == "nps":
        values = 100.0 * ((values >= PROMOTERS).astype(np.float64) - (values <= DETRACTORS))
    if not len(values):
        return Feeling(metric, None, 0, None)
    mean = float(values.mean())
    if len(values) == 1:
        return Feeling(metric, mean, 1, None)
    reach = NormalDist().inv_cdf((1 + LEVEL) / 2) * float(values.std(ddof=1)) / sqrt(len(values))
    low, high = mean - reach, mean + reach
    return Feeling(metric, mean, len(values), (max(low, -100.0), min(high, 100.0)) if metric == "nps" else (low, high))


def _of(customers: NDArray[Any], among: Among) -> NDArray[np.bool_]:
    return np.isin(np.ma.filled(customers, -1), among.customers)
