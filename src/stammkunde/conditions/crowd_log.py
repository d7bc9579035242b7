"""Bring the columns that a crowd asks for out of some rows of the log itself, for a few customers."""

import json
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Sequence as Several
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions.crowd_columns import Column, Truths
from stammkunde.conditions.crowd_sources import Changes, Happened, Named
from stammkunde.conditions.evaluation import evaluate
from stammkunde.conditions.history import TRAIT_CHANGED, Event, History, line_attribute
from stammkunde.conditions.local_clock import DAY, LocalClock
from stammkunde.conditions.scalars import Scalar, scalar
from stammkunde.conditions.tree import Condition

# Number, customer, kind, moment (µs, UTC), value (1/10,000), and the attributes as JSON.
Row = tuple[int, int, str, int, int | None, str]
Shown = Callable[[str, object], Mapping[str, object]]
Engine = Callable[[Several[Condition], datetime, ZoneInfo], list[Truths]]
# More clauses × customers than these are asked of an engine; fewer one by one.
ONE_BY_ONE = 4_000


class FromLog:
    """Columns out of rows of the log, without what corrections have replaced.

    `shown` says which attributes of a kind may be asked. What arrays cannot answer is evaluated for one customer after
    the other, or asked of an `engine` that is opened only when there is too much of it.
    """

    def __init__(self, customers: Iterable[int], rows: Iterable[Row], clock: LocalClock, shown: Shown, engine: Engine):
        self._customers = np.array(sorted(customers), np.int64)
        self._clock = clock
        self._shown = shown
        self._engine = engine
        self._rows: dict[str, list[Row]] = {}
        self._read: dict[str, list[Mapping[str, object]]] = {}
        self._told: dict[str, list[Mapping[str, object]]] = {}
        for row in rows:
            self._rows.setdefault(row[2], []).append(row)

    def customers(self) -> NDArray[np.int64]:
        """Return the numbers of all customers, sorted."""
        return self._customers

    def events(self, kind: str) -> Happened:
        """Return the events of a kind."""
        rows = self._rows.get(kind)
        if not rows:
            none = np.empty(0, np.int64)
            return Happened(none, none, none, none.astype(np.int32), none.astype(np.float64), None)
        event, customer, _, at, value, _ = zip(*rows, strict=True)
        moments = np.array(at, np.int64)
        valued = None
        if None in value:
            valued = np.array([one is not None for one in value])
            value = tuple(one or 0 for one in value)
        numbers, owners = np.array(event, np.int64), np.array(customer, np.int64)
        return Happened(owners, numbers, moments, self._days(moments), np.array(value, np.float64), valued)

    def _days(self, moments: NDArray[np.int64]) -> NDArray[np.int32]:
        starts, offsets = _offsets(self._clock)
        place = np.maximum(np.searchsorted(starts, moments, side="right") - 1, 0)
        return ((moments + offsets[place]) // DAY).astype(np.int32)

    def attribute(self, kind: str, name: str) -> Named:
        """Return an attribute of the events of a kind."""
        told = self._attributes(kind)
        return Named(self._numbers(kind), {name: column_of([scalar(one.get(name)) for one in told])})

    def lines(self, kind: str, names: Several[str]) -> Named:
        """Return attributes of the lines of a kind's events, a value for each line."""
        events: list[int] = []
        lines: list[Mapping[str, object]] = []
        for row, told in zip(self._rows.get(kind, ()), self._parsed(kind), strict=True):
            found = told.get("lines")
            for line in found if isinstance(found, list) else ():
                if isinstance(line, dict):
                    events.append(row[0])
                    lines.append(line)
        columns = {name: column_of([line_attribute(line, name) for line in lines]) for name in names}
        return Named(np.array(events, np.int64), columns)

    def changes(self, trait: str) -> Changes:
        """Return the history of a trait."""
        found = [
            (row[3], row[0], row[1], told.get("after"))
            for row, told in zip(self._rows.get(TRAIT_CHANGED, ()), self._attributes(TRAIT_CHANGED), strict=True)
            if told.get("trait") == trait
        ]
        found.sort(key=lambda one: one[:2])
        at, customer = (np.array([one[place] for one in found], np.int64) for place in (0, 2))
        return Changes(customer, at, column_of([scalar(one[3]) for one in found]))

    def answers(self, clauses: Several[Condition], now: datetime, zone: ZoneInfo) -> list[Truths]:
        """Answer clauses that columns do not: by evaluating them, or by an engine."""
        if len(clauses) * len(self._customers) > ONE_BY_ONE:
            return self._engine(clauses, now, zone)
        pasts = list(self.histories().values())
        found = []
        for clause in clauses:
            values = [evaluate(clause, past, now, zone=zone).value for past in pasts]
            true = np.array([value is True for value in values], bool)
            found.append(Truths(true, np.array([value is not None for value in values], bool)))
        return found

    def histories(self) -> dict[int, History]:
        """Return the history of each customer."""
        events: dict[int, list[Event]] = {customer: [] for customer in self._customers.tolist()}
        for kind, rows in self._rows.items():
            for (number, customer, _, at, value, _), told in zip(rows, self._attributes(kind), strict=True):
                events[customer].append(Event(number, kind, at, value, told))
        return {customer: History(found) for customer, found in events.items()}

    def _attributes(self, kind: str) -> list[Mapping[str, object]]:
        """Return what may be asked of each event of a kind."""
        if kind not in self._told:
            self._told[kind] = [self._shown(kind, told) for told in self._parsed(kind)]
        return self._told[kind]

    def _parsed(self, kind: str) -> list[Mapping[str, object]]:
        """Return the attributes of the events of a kind; their JSON is read when it is asked first, all at once."""
        if kind not in self._read:
            found = json.loads(f"[{','.join(row[5] for row in self._rows.get(kind, ()))}]")
            self._read[kind] = [told if isinstance(told, dict) else {} for told in found]
        return self._read[kind]

    def _numbers(self, kind: str) -> NDArray[np.int64]:
        return np.array([row[0] for row in self._rows.get(kind, ())], np.int64)


def column_of(values: Several[Scalar]) -> Column:
    """Return these values as a column."""
    codes: dict[str, int] = {}
    size = len(values)
    numbers, numbered = np.zeros(size), np.zeros(size, bool)
    code, flag = np.full(size, -1, np.int32), np.full(size, -1, np.int8)
    for place, value in enumerate(values):
        if isinstance(value, str):
            code[place] = codes.setdefault(value, len(codes))
        elif isinstance(value, bool):
            flag[place] = value
        elif isinstance(value, float):
            numbers[place], numbered[place] = value, True
    return Column(
        numbers if numbered.any() else None,
        numbered if numbered.any() else None,
        code if codes else None,
        codes,
        flag if (flag >= 0).any() else None,
    )


@lru_cache(maxsize=16)
def _offsets(clock: LocalClock) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    starts = np.array([stretch.start for stretch in clock.stretches], np.int64)
    return starts, np.array([stretch.offset for stretch in clock.stretches], np.int64)
