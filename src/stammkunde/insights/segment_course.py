"""Say how large a condition's group was in the last weeks, and how many came and went, by what is known today.

The log knows every moment, so the past of a segment is there from the day it is saved, and also of one only thought of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from stammkunde.conditions import Condition
from stammkunde.insights import figures
from stammkunde.metrics import Mirror
from stammkunde.segments import asking, definitions
from stammkunde.segments.asking import Customers
from stammkunde.segments.definitions import Known

WEEKS = 13
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """One week: its first day, how many came in and fell out between its beginning and its end, and were in then."""

    first: date
    entered: int
    left: int
    members: int


def course(condition: Condition, *, now: datetime, weeks: int = WEEKS) -> Sequence[Week]:
    """Return the last weeks, the present one last; weeks before anybody was in it are left out.

    Whoever comes and goes within the same week is counted in neither column.
    """
    mirror = figures.snapshot()
    if mirror is None:
        return ()
    known = definitions.known()
    today = now.astimezone(known.zone).date()
    past, before = _past(mirror, condition, frozenset(known.conditions.items()), str(known.zone), today, weeks)
    present = asking.who(mirror, condition, known=known, now=now)
    every = [*past, _week(today - _WEEK, before, present)]
    first = next((place for place, week in enumerate(every) if week.members or week.left), len(every))
    return tuple(every[first:])


@lru_cache(maxsize=64)
def _past(
    mirror: Mirror, condition: Condition, segments: frozenset[tuple[str, Condition]], zone: str, today: date, weeks: int
) -> tuple[tuple[Week, ...], Customers]:
    """Return the weeks that are over, and who was in it when the last of them ended."""
    known = Known(dict(segments), ZoneInfo(zone))
    found: list[Week] = []
    before: Customers | None = None
    for back in range(weeks, 0, -1):
        day = today - back * _WEEK
        members = asking.who(mirror, condition, known=known, now=datetime.combine(day, time(), known.zone))
        if before is not None:
            found.append(_week(day - _WEEK, before, members))
        before = members
    return tuple(found), np.empty(0, np.int64) if before is None else before


def _week(first: date, before: Customers, after: Customers) -> Week:
    stayed = len(np.intersect1d(before, after, assume_unique=True))
    return Week(first, len(after) - stayed, len(before) - stayed, len(after))
