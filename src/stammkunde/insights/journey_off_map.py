"""Tell how many customers had to do with the business without touching the map."""

from collections.abc import Collection

import numpy as np

from stammkunde.insights.figures import Among
from stammkunde.insights.journey_kinds import BOOKKEEPING, names
from stammkunde.insights.journey_values import Share
from stammkunde.metrics.intervals import wilson
from stammkunde.metrics.mirror import Mirror
from stammkunde.metrics.month_kernels import changes
from stammkunde.metrics.steps import Steps


def off_map(
    steps: Steps, everywhere: Collection[str], mirror: Mirror, start: int, end: int, among: Among | None
) -> tuple[Share, int]:
    """Return the share of customers with any event in [start, end) who were at no touchpoint, and how many were.

    `everywhere` are the kinds of which every event belongs to a touchpoint. What the product notes for itself is no
    event here.
    """
    inside = (steps.at >= start) & (steps.at < end)
    customer = steps.customer[inside]
    there = customer[changes(customer)]
    others = sorted(names(mirror) - set(everywhere) - set(BOOKKEEPING))
    if others:
        kinds = ", ".join(f"$k{number}" for number in range(len(others)))
        found = mirror.arrays(
            f'SELECT DISTINCT customer FROM events WHERE customer IS NOT NULL AND kind IN ({kinds}) AND "at" >= $start '
            'AND "at" < $end',
            start=start,
            end=end,
            **{f"k{number}": kind for number, kind in enumerate(others)},
        )
        anybody = np.ma.filled(found["customer"]).astype(np.int64)
        if among is not None:
            anybody = anybody[np.isin(anybody, among.customers)]
        away = int(np.count_nonzero(~np.isin(anybody, there)))
    else:
        away = 0
    n = len(there) + away
    return Share(away / n if n else None, n, wilson(away, n) if n else None), len(there)
