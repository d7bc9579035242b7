"""Follow people from station to station, in order or in any order."""

from collections.abc import Sequence

import numpy as np

from stammkunde.metrics.month_kernels import changes
from stammkunde.metrics.steps import Steps


def funnel(steps: Steps, stations: Sequence[str], *, in_order: bool = True) -> list[int]:
    """Return how many customers reached each station after all those before it; or, in any order, reached it at all.

    What happens at the same moment is not after one another.

    >>> steps = Steps.of({"customer": [1, 1, 2, 2, 3], "at": [1, 2, 1, 2, 1], "step": ["a", "b", "b", "a", "a"]})
    >>> funnel(steps, ["a", "b"]), funnel(steps, ["a", "b"], in_order=False)
    ([3, 1], [3, 2])
    """
    numbers = [steps.number(name) for name in stations]
    if not in_order:
        return [int(np.count_nonzero(changes(steps.track(number).place))) for number in numbers]
    reached: list[int] = []
    rows = np.empty(0, np.intp)
    for position, number in enumerate(numbers):
        track = steps.track(number)
        if not position:
            rows = track.rows[changes(track.place)]
        else:
            found = np.searchsorted(track.moment, steps.moment[rows], side="right")
            candidates = np.append(track.rows, 0)[found]
            rows = candidates[(found < len(track.rows)) & (steps.place[candidates] == steps.place[rows])]
        reached.append(len(rows))
    return reached
