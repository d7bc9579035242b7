"""Show where people are at their first station, their second, their third, and so on."""

import numpy as np
from numpy.typing import NDArray

from stammkunde.metrics.steps import Steps


def step_matrix(steps: Steps, *, length: int = 10) -> NDArray[np.float64]:
    """Return the share of customers who are at each station at each position; the last row: their way has ended.

    Rows are in the order of `steps.names`, columns are the first `length` positions; each column adds up to 1.

    >>> step_matrix(Steps.of({"customer": [1, 1, 2], "at": [1, 2, 1], "step": ["a", "b", "a"]}), length=2).tolist()
    [[1.0, 0.0], [0.0, 0.5], [0.0, 0.5]]
    """
    size = len(steps.names)
    customers = len(steps.starts)
    matrix = np.zeros((size + 1, length))
    if not customers:
        return matrix
    position = np.arange(len(steps)) - np.repeat(steps.starts, np.diff(steps.starts, append=len(steps)))
    shown = np.flatnonzero(position < length)
    places = steps.step[shown].astype(np.int64) * length + position[shown]
    matrix[:size] = np.bincount(places, minlength=size * length).reshape(size, length)
    matrix[size] = customers - matrix.sum(axis=0)
    return matrix / customers
