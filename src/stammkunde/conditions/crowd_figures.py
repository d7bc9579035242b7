"""Work out the figures that many conditions ask of all customers; what a narrow window holds, a wider one adds to."""

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions.crowd_rows import Crowd, Rows
from stammkunde.conditions.tree import Events

Figure = Literal["count", "sum", "some"]
EVER = -(2**62)
NO_DAY = -(2**30)
# Which figure, of which events, from which moment to which, both included.
Wanted = tuple[Figure, Events, int, int]


class Figures:
    """The figures of one crowd as of one moment; each is worked out once."""

    def __init__(self, crowd: Crowd, now: int) -> None:
        self._crowd = crowd
        self._now = now
        self._found: dict[tuple[Figure, Events, int], list[tuple[int, NDArray[Any]]]] = {}
        self._days: dict[tuple[Events, int, int, bool], NDArray[np.int32]] = {}

    def prepare(self, wanted: Iterable[Wanted]) -> None:
        """Work out figures of which many are asked, the narrowest windows first."""
        for figure, events, start, end in sorted(set(wanted), key=lambda one: -one[2]):
            self.figure(figure, events, start, end)

    def figure(self, figure: Figure, events: Events, start: int, end: int) -> NDArray[Any]:
        """Return how many events each customer has in a window, their sum (1/10,000), or whether there is any."""
        known = self._found.setdefault((figure, events, end), [])
        narrower: tuple[int, NDArray[Any]] | None = None
        for one in known:
            if one[0] == start:
                return one[1]
            if one[0] > start and (narrower is None or one[0] < narrower[0]):
                narrower = one
        rows = self._crowd.rows(events)
        whole = self._whole(rows, start, end)
        found = self._crowd.ever.get((figure, events)) if whole else None
        if found is None:
            until = end if narrower is None else min(end, narrower[0] - 1)
            found = self._added(figure, rows.between(start, until), None if narrower is None else narrower[1])
            if whole:
                self._crowd.ever[figure, events] = found
        known.append((start, found))
        return found

    def _added(self, figure: Figure, rows: Rows, before: NDArray[Any] | None) -> NDArray[Any]:
        """Return the figure of these rows and those counted before."""
        size = self._crowd.size
        match figure:
            case "some":
                found = np.zeros(size, bool) if before is None else before.copy()
                found[rows.customer] = True
            case "count":
                found = np.zeros(size, np.int32) if before is None else before.copy()
                np.add.at(found, rows.customer, np.ones(len(rows), np.int32))
            case "sum":
                # Of no rows at all numpy makes whole numbers, whatever it is asked to sum.
                found = np.bincount(rows.customer, rows.value, size).astype(np.float64, copy=False)
                if before is not None:
                    found += before
        return found

    def day(self, events: Events, start: int, end: int, *, last: bool) -> NDArray[np.int32]:
        """Return the day of the first or last event in a window, NO_DAY where there is none."""
        key = (events, start, end, last)
        found = self._days.get(key)
        if found is None:
            rows = self._crowd.rows(events)
            ever = ("last day" if last else "first day", events) if self._whole(rows, start, end) else None
            found = self._crowd.ever.get(ever) if ever else None
            if found is None:
                rows = rows.between(start, end)
                found = np.full(self._crowd.size, NO_DAY, np.int32)
                # The rows are in the order of time, and of several for one customer the last one stays.
                found[rows.customer if last else rows.customer[::-1]] = rows.day if last else rows.day[::-1]
            if ever:
                self._crowd.ever[ever] = found
            self._days[key] = found
        return found

    @staticmethod
    def _whole(rows: Rows, start: int, end: int) -> bool:
        """Tell whether a window holds all events there are, so that the figure stays the same until there are more."""
        return start == EVER and (not len(rows) or int(rows.at[-1]) <= end)
