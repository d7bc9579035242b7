"""Tell where people go from each station: how often, how many of them, and after how long."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stammkunde.metrics.month_kernels import changes
from stammkunde.metrics.steps import DAY, Numbers, Steps

_SMALL = 1 << 16


@dataclass(frozen=True)
class Transitions:
    """Tables of which station directly follows which: row = from, column = to, in the order of `names`.

    `median_days` is the median time in between, not a number where nobody went.
    """

    names: tuple[str, ...]
    events: Numbers
    customers: Numbers
    median_days: NDArray[np.float64]


def transitions(steps: Steps) -> Transitions:
    """Count how often one station directly follows another of the same customer, and the median time in between.

    >>> found = transitions(Steps.of({"customer": [1, 1, 1, 2, 2], "step": ["a", "b", "b", "a", "b"],
    ...                               "at": [f"2025-01-0{day}" for day in (1, 3, 4, 1, 7)]}))
    >>> found.names, found.events.tolist(), found.median_days.tolist()
    (('a', 'b'), [[0, 2], [0, 1]], [[nan, 4.0], [nan, 1.0]])
    """
    size = len(steps.names)
    place = steps.place
    inside = np.flatnonzero(place[1:] == place[:-1])
    pair = steps.step[inside].astype(np.int32) * size + steps.step[inside + 1]
    order = np.argsort(pair.astype(np.uint16) if size * size <= _SMALL else pair, kind="stable")
    pair, inside = pair[order], inside[order]
    waited = steps.at[inside + 1] - steps.at[inside]
    new = changes(pair) | changes(place[inside])
    events = np.bincount(pair, minlength=size * size)
    medians = np.full(size * size, np.nan)
    ends = np.cumsum(events)
    for one in np.flatnonzero(events):
        medians[one] = np.median(waited[ends[one] - events[one] : ends[one]]) / DAY
    customers = np.bincount(pair[new], minlength=size * size)
    shape = (size, size)
    return Transitions(steps.names, events.reshape(shape), customers.reshape(shape), medians.reshape(shape))


def last_stations(steps: Steps, *, before: int) -> Numbers:
    """Count for each station the customers who were last seen there, before a moment."""
    ends = np.append(steps.starts[1:], len(steps)) - 1 if len(steps) else np.empty(0, np.intp)
    ends = ends[steps.at[ends] < before]
    return np.bincount(steps.step[ends], minlength=len(steps.names))
