"""Read the clock on the wall of the business for many moments at once, exactly as `local_clock` does for one."""

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions.local_clock import DAY, Duration, LocalClock

Moments = NDArray[np.int64]


def wall_of(clock: LocalClock, moments: Moments) -> Moments:
    """Return what the wall shows at each moment (microseconds UTC)."""
    starts, offsets, floors = _stretches(clock)
    number = np.maximum(np.searchsorted(starts, moments, side="right") - 1, 0)
    shown: Moments = np.maximum(moments + offsets[number], floors[number])
    return shown


def later_than(clock: LocalClock, moments: Moments, duration: Duration) -> Moments:
    """Return for each moment the first one at which so much time has passed since it."""
    length = duration.length
    if duration.exact and length is not None:
        return moments + length
    wall = wall_of(clock, moments)
    return _moments(clock, wall + length if length is not None else _months_later(wall, duration.months))


def _moments(clock: LocalClock, wall: Moments) -> Moments:
    """Return the first moment at which the wall shows at least each reading."""
    starts, offsets, floors = _stretches(clock)
    shown = np.maximum(starts + offsets, floors)
    number = np.maximum(np.searchsorted(shown, wall, side="left") - 1, 0)
    following = np.append(starts[1:], np.iinfo(np.int64).max)
    found: Moments = np.minimum(wall - offsets[number], following[number])
    return found


def _months_later(wall: Moments, months: int) -> Moments:
    """Return the reading so many months later; a day that a month lacks is the start of the next month."""
    days = wall // DAY
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    target = (month + months).astype("datetime64[D]")
    beyond = (month + months + 1).astype("datetime64[D]")
    found = np.minimum(target + (dates - month.astype("datetime64[D]")), beyond)
    missing = found == beyond
    return np.asarray(np.where(missing, 0, wall - days * DAY) + found.astype(np.int64) * DAY, dtype=np.int64)


def _stretches(clock: LocalClock) -> tuple[Moments, Moments, Moments]:
    columns = [(stretch.start, stretch.offset, stretch.floor) for stretch in clock.stretches]
    starts, offsets, floors = (np.array(column, np.int64) for column in zip(*columns, strict=True))
    return starts, offsets, floors
