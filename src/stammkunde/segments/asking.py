"""Ask conditions of all customers at once: how many, who, and who comes and goes by time alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions import Condition, crowd
from stammkunde.conditions.crowd_rows import Crowd
from stammkunde.conditions.plan import planned
from stammkunde.metrics import Mirror
from stammkunde.segments.definitions import Known

Customers = NDArray[np.int64]
# More conditions than these are asked of arrays in memory, where they share most of the work.
_ONE_BY_ONE = 4
_crowds: "WeakKeyDictionary[Mirror, Crowd]" = WeakKeyDictionary()


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
    if len(asked) > _ONE_BY_ONE:
        every = _crowd(mirror)
        counts = crowd.counted(asked, every, now, zone=known.zone, segments=known.conditions)
        return Counts(tuple(counts), len(every.customers), now)
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
    plan = planned(asked, now=now, zone=known.zone, segments=known.conditions)
    columns = ", ".join(f"coalesce({name}, FALSE) AS {name}" for name in plan.columns)
    found = mirror.arrays(f"SELECT customer, {columns} FROM ({plan.sql}) AS answers", **plan.parameters)
    return [np.sort(found["customer"][found[name].astype(bool)]).astype(np.int64) for name in plan.columns]


def _crowd(mirror: Mirror) -> Crowd:
    """Return the arrays of a mirror, loaded once and kept as long as it is."""
    found = _crowds.get(mirror)
    if found is None:
        found = _crowds[mirror] = Crowd(mirror.arrays)
    return found


def coming(mirror: Mirror | None, condition: Condition, *, known: Known, now: datetime, days: int = 7) -> Coming:
    """Return who enters and who leaves until so many days from now by time alone."""
    today = who(mirror, condition, known=known, now=now)
    then = who(mirror, condition, known=known, now=now + timedelta(days=days))
    entering, leaving = np.setdiff1d(then, today), np.setdiff1d(today, then)
    return Coming(tuple(entering.tolist()), tuple(leaving.tolist()))
