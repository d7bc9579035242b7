"""Hold who was at which station when: sorted arrays that questions about ways are asked of."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stammkunde.metrics.month_kernels import changes

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Moments = Callable[[Numbers], Numbers]
DAY = 86_400_000_000


class NotSteps(ValueError):
    """A table of steps has one row per event: who (customer or case), what (step or activity), and when."""


@dataclass(frozen=True, eq=False)
class Steps:
    """One row per event and station, sorted by customer, moment, event and station.

    `at` counts microseconds since 1970 in UTC, `step` is the place of the station in `names`, `value` is in 1/10,000.
    `keys` maps customer numbers to the customers of your own table, where they differ.
    """

    customer: Numbers
    at: Numbers
    step: NDArray[np.int16]
    event: Numbers
    value: Numbers
    names: tuple[str, ...]
    keys: "NDArray[Any] | None" = None

    @classmethod
    def of(
        cls,
        table: Any,
        *,
        customer: str = "customer",
        at: str = "at",
        step: str = "step",
        value: str | None = None,
    ) -> "Steps":
        """Read any table whose columns are found by name: a pandas or polars frame, a dict of arrays.

        A moment without a time zone is UTC; rows at the same moment keep their order. Values are in currency units.

        >>> steps = Steps.of({"customer": ["a", "a", "b"], "at": ["2025-01-02", "2025-01-05", "2025-01-03"],
        ...                   "step": ["visit", "order", "visit"]})
        >>> steps.names, steps.step.tolist()
        (('order', 'visit'), [1, 0, 1])
        """
        keys, people = np.unique(_plain(table, customer), return_inverse=True)
        names, stations = np.unique(_plain(table, step).astype(str), return_inverse=True)
        if len(names) > np.iinfo(np.int16).max:
            raise NotSteps(f"{len(names)} different steps are too many: name stations, not single events.")
        moments = _moments(table, at)
        amounts = np.zeros(len(people), np.int64)
        if value is not None:
            amounts = np.round(np.nan_to_num(_plain(table, value).astype(np.float64)) * 10_000).astype(np.int64)
        order = np.lexsort((np.arange(len(people)), moments, people))
        return cls(
            people[order].astype(np.int64),
            moments[order],
            stations[order].astype(np.int16),
            order.astype(np.int64),
            amounts[order],
            tuple(names.tolist()),
            keys,
        )

    def __len__(self) -> int:
        return len(self.at)

    def at_most(self, now: int) -> "Steps":
        """Return what had happened by a moment."""
        return self if not len(self) or int(self.at.max()) <= now else self.only(self.at <= now)

    def between(self, start: int, end: int) -> "Steps":
        """Return what happened in [start, end)."""
        return self.only((self.at >= start) & (self.at < end))

    def of_customers(self, customers: Numbers) -> "Steps":
        """Return what these customers did."""
        among = np.isin(self.customer[self.starts], customers)
        return self.only(among[self.place])

    def only(self, kept: Flags) -> "Steps":
        """Return some of the rows."""
        return self if kept.all() else self.taken(np.flatnonzero(kept))

    def taken(self, rows: NDArray[np.intp]) -> "Steps":
        """Return these rows, in this order, which must leave them sorted."""
        columns = ("customer", "at", "step", "event", "value")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})

    def merged(self) -> "Steps":
        """Return one station per event: where an event belongs to several, the one that is met most rarely.

        So `the first order` goes before `an order`, and one purchase is not two stations of a way.
        """
        same = ~(changes(self.customer) | changes(self.at) | changes(self.event))
        if not same.any():
            return self
        rarity = np.bincount(self.step, minlength=len(self.names))[self.step]
        group = np.cumsum(~same) - 1
        order = np.lexsort((self.step, rarity, group))
        best = order[changes(group[order])]
        kept = np.zeros(len(self), np.bool_)
        kept[best] = True
        return self.only(kept)

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """Return the rows at which a customer's rows begin."""
        return np.flatnonzero(changes(self.customer))

    @cached_property
    def place(self) -> NDArray[np.int32]:
        """Return for each row the number of its customer, counted from 0 without gaps."""
        lengths = np.diff(self.starts, append=len(self))
        return np.repeat(np.arange(len(self.starts), dtype=np.int32), lengths)

    @cached_property
    def moment(self) -> NDArray[np.int32]:
        """Number the moments of all customers one after another: rows of one customer at one moment share theirs."""
        differs = changes(self.at)
        differs[self.starts] = True
        return np.cumsum(differs, dtype=np.int32)

    @cached_property
    def runs(self) -> NDArray[np.intp]:
        """Return the rows at which another station begins than in the row before, and the number of all rows."""
        return np.append(np.flatnonzero(changes(self.step)), len(self))

    @cached_property
    def moment_starts(self) -> NDArray[np.intp]:
        """Return for each moment the first row of the next one; the last one is followed by the number of all rows."""
        return np.append(np.flatnonzero(changes(self.moment)), len(self))

    @cached_property
    def _tracks(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        order = np.argsort(self.step, kind="stable")
        return order, np.searchsorted(self.step[order], np.arange(len(self.names) + 1))

    def rows(self, step: int) -> NDArray[np.intp]:
        """Return the rows of one station, in the order of all rows."""
        order, bounds = self._tracks
        return order[bounds[step] : bounds[step + 1]]

    def track(self, step: int) -> "Track":
        """Return the visits of one station; kept, for most questions ask for it again."""
        if step not in self._kept:
            rows = self.rows(step)
            self._kept[step] = Track(rows, self.at[rows], self.place[rows], self.moment[rows])
        return self._kept[step]

    @cached_property
    def _kept(self) -> "dict[int, Track]":
        return {}

    def number(self, name: str) -> int:
        """Return the number of a station; raises NotSteps."""
        try:
            return self.names.index(name)
        except ValueError:
            raise NotSteps(f"There is no step {name!r}; there are {', '.join(self.names)}.") from None


@dataclass(frozen=True, eq=False)
class Track:
    """The visits of one station, in the order of all rows: which rows, when, whose, and the numbers of the moments."""

    rows: NDArray[np.intp]
    at: Numbers
    place: NDArray[np.int32]
    moment: NDArray[np.int32]


def _plain(table: Any, name: str) -> NDArray[Any]:
    try:
        column = np.asarray(table[name])
    except (KeyError, IndexError) as error:
        raise NotSteps(f"The table has no column {name!r}: say which one holds it, as in step='activity'.") from error
    if column.dtype.kind == "O" and any(one is None or one != one for one in column.tolist()):
        raise NotSteps(f"Column {name!r} has empty cells: fill them or leave the rows out.")
    return column.astype(str) if column.dtype.kind == "O" else column


def _moments(table: Any, name: str) -> Numbers:
    column = table[name]
    zone = getattr(getattr(column, "dt", None), "tz", None)
    if zone is not None:
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    values = np.asarray(column)
    if values.dtype.kind in "iu":
        return values.astype(np.int64)
    try:
        moments = values.astype("datetime64[us]")
    except (TypeError, ValueError) as error:
        raise NotSteps(f"Column {name!r} holds no moments: {error}. Convert it first.") from error
    if np.isnat(moments).any():
        raise NotSteps(f"Column {name!r} has rows without a moment: fill them or leave them out.")
    return moments.astype(np.int64)
