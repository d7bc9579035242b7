"""Count who was at each station: customers, events, money, and customers month by month."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stammkunde.metrics.month_kernels import changes
from stammkunde.metrics.steps import Steps


@dataclass(frozen=True)
class Volume:
    """Distinct customers, events, and the events' value (e4) at one station; `money` tells whether they carry any."""

    customers: int
    events: int
    value: int
    money: bool


def volumes(steps: Steps, start: int, end: int) -> list[Volume]:
    """Return the volume of each station in [start, end), in the order of `steps.names`."""
    return [_volume(steps, step, start, end) for step in range(len(steps.names))]


def by_month(steps: Steps, bounds: Sequence[int]) -> list[list[int]]:
    """Return for each station the distinct customers between each two of the ascending moments.

    >>> steps = Steps.of({"customer": [1, 1, 2], "at": [5, 6, 15], "step": ["a", "a", "a"]})
    >>> by_month(steps, [0, 10, 20])
    [[1, 1]]
    """
    return [_by_month(steps, step, np.array(bounds, np.int64)) for step in range(len(steps.names))]


def _volume(steps: Steps, step: int, start: int, end: int) -> Volume:
    track = steps.track(step)
    inside = np.flatnonzero((track.at >= start) & (track.at < end))
    value = steps.value[track.rows[inside]]
    customers = int(np.count_nonzero(changes(track.place[inside])))
    return Volume(customers, len(inside), int(value.sum()), bool(value.any()))


def _by_month(steps: Steps, step: int, bounds: NDArray[np.int64]) -> list[int]:
    track = steps.track(step)
    inside = np.flatnonzero((track.at >= bounds[0]) & (track.at < bounds[-1]))
    month = np.searchsorted(bounds, track.at[inside], side="right") - 1
    new = changes(track.place[inside]) | changes(month)
    counts: list[int] = np.bincount(month[new], minlength=len(bounds) - 1).tolist()
    return counts
