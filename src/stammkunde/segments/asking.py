"""Ask conditions of all customers at once: how many, who, and who comes and goes by time alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions import Condition, crowd
from stammkunde.conditions.crowd_rows import Crowd
from stammkunde.conditions.plan import planned
from stammkunde.metrics import Mirror
from stammkunde.segments.definitions import Known

Customers = NDArray[np.int64]
# Whoever asks more than so much of one state of the mirror is answered out of arrays, which are loaded once.
_ONE_BY_ONE = 4
# Beyond so many events the arrays would take too much memory: some 40 bytes for each.
MOST_EVENTS = 20_000_000
_lock = Lock()
_crowds: "WeakKeyDictionary[Mirror, Crowd]" = WeakKeyDictionary()
_asked: "WeakKeyDictionary[Mirror, int]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Counts:
    """Of how many customers each condition is true, of how many it was asked, and as of which moment."""

    counts: tuple[int, ...]
    of: int
    as_of: datetime


@dataclass(frozen=True)
class Coming:
    """Who will have entered and who left at a later moment, if nothing happens but time."""

    entering: tuple[int, ...]
    leaving: tuple[int, ...]


def count(mirror: Mirror | None, asked: Sequence[Condition], *, known: Known, now: datetime) -> Counts:
    """Count the customers of whom each of the conditions is true, in one pass over the log's mirror."""
    if mirror is None or not asked:
        return Counts((0,) * len(asked), 0, now)
    with _arrays(mirror, len(asked)) as everybody:
        if everybody is not None:
            counts = crowd.counted(asked, everybody, now, zone=known.zone, segments=known.conditions)
            return Counts(tuple(counts), everybody.size, now)
    plan = planned(asked, now=now, zone=known.zone, segments=known.conditions)
    [row] = mirror.sql(plan.count_sql, **plan.parameters)
    *counts, of = (int(value) for value in row)
    return Counts(tuple(counts), of, now)


def who(mirror: Mirror | None, condition: Condition, *, known: Known, now: datetime) -> Customers:
    """Return the customers of whom the condition is true, sorted."""
    [found] = answers(mirror, [condition], known=known, now=now)
    return found


def answers(mirror: Mirror | None, asked: Sequence[Condition], *, known: Known, now: datetime) -> list[Customers]:
    """Return, for each of the conditions, the customers of whom it is true, sorted."""
    if mirror is None or not asked:
        return [np.empty(0, np.int64) for _ in asked]
    with _arrays(mirror, len(asked)) as everybody:
        if everybody is not None:
            truths = crowd.asked(asked, everybody, now, zone=known.zone, segments=known.conditions)
            return [everybody.customers[one.true] for one in truths]
    return queried(mirror, asked, known=known, now=now)


def queried(mirror: Mirror, asked: Sequence[Condition], *, known: Known, now: datetime) -> list[Customers]:
    """Return the same by one query over the mirror, which leaves nothing in memory."""
    plan = planned(asked, now=now, zone=known.zone, segments=known.conditions)
    columns = ", ".join(f"coalesce({name}, FALSE) AS {name}" for name in plan.columns)
    found = mirror.arrays(f"SELECT customer, {columns} FROM ({plan.sql}) AS answers", **plan.parameters)
    return [np.sort(found["customer"][found[name].astype(bool)]).astype(np.int64) for name in plan.columns]


@contextmanager
def _arrays(mirror: Mirror, number: int) -> Iterator[Crowd | None]:
    """Lend the arrays of a mirror, which are kept as long as it is; None while few have asked, or there is too much."""
    with _lock:
        found = _crowds.get(mirror)
        if found is None:
            _asked[mirror] = _asked.get(mirror, 0) + number
            if _asked[mirror] > _ONE_BY_ONE and _bearable(mirror):
                found = _crowds[mirror] = Crowd(mirror.arrays)
        if found is not None:
            yield found
            return
    yield None


def _bearable(mirror: Mirror) -> bool:
    [[events]] = mirror.sql("SELECT count(*) FROM events")
    return int(events) <= MOST_EVENTS


def coming(mirror: Mirror | None, condition: Condition, *, known: Known, now: datetime, days: int = 7) -> Coming:
    """Return who enters and who leaves until so many days from now by time alone."""
    today = who(mirror, condition, known=known, now=now)
    then = who(mirror, condition, known=known, now=now + timedelta(days=days))
    entering, leaving = np.setdiff1d(then, today), np.setdiff1d(today, then)
    return Coming(tuple(entering.tolist()), tuple(leaving.tolist()))
