"""Tell how many move on from one station to another, honestly: who came lately is not counted as staying away."""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from stammkunde.metrics.intervals import LEVEL, wilson
from stammkunde.metrics.month_kernels import changes
from stammkunde.metrics.steps import DAY, Flags, Moments, Numbers, Steps

Method = Literal["matured", "kaplan-meier", "unknown"]
Times = NDArray[np.float64]
STILL_WATCHED = 20
ENOUGH_MATURED = 50
MATURED_SHARE = 0.5


@dataclass(frozen=True)
class Conversion:
    """How many of those who entered moved on.

    `matured` have been watched for all of the time allowed; `moved_on` counts among them. `share` is moved_on /
    matured with the Wilson interval (method "matured") or the Kaplan–Meier estimate over all who entered with the
    log-log interval, as of `horizon_days` after the start. `median_days` is the time within which half of those who
    move on have done so.
    """

    entered: int
    matured: int
    moved_on: int
    share: float | None
    interval: tuple[float, float] | None
    method: Method
    median_days: float | None
    horizon_days: float | None


@dataclass(frozen=True)
class Entries:
    """The first visits of one station in a period: which rows of the steps they are, one per customer."""

    rows: NDArray[np.intp]


NOBODY = Conversion(0, 0, 0, None, None, "unknown", None, None)


def entries(steps: Steps, step: int, *, start: int, end: int) -> Entries:
    """Return each customer's first visit of a station in [start, end)."""
    track = steps.track(step)
    inside = np.flatnonzero((track.at >= start) & (track.at < end))
    return Entries(track.rows[inside[changes(track.place[inside])]])


def following(steps: Steps, entered: Entries, step: int) -> tuple[Numbers, Flags]:
    """Return when each customer first visited a station after her entry, and whether she ever did."""
    track = steps.track(step)
    found = np.searchsorted(track.moment, steps.moment[entered.rows], side="right")
    return _at(steps, entered, np.append(track.rows, len(steps))[found])


def leaving(steps: Steps, entered: Entries) -> tuple[Numbers, Flags]:
    """Return when each customer first visited any other station after her entry, and whether she ever did."""
    if not len(entered.rows):
        return np.zeros(0, np.int64), np.zeros(0, np.bool_)
    rows = steps.moment_starts[steps.moment[entered.rows]]
    # Where the same station follows, whoever comes first after its run is another station, or another customer.
    again = np.flatnonzero(steps.step[np.minimum(rows, len(steps) - 1)] == steps.step[entered.rows])
    beyond = np.searchsorted(steps.runs, rows[again], side="right")
    rows[again] = steps.runs[np.minimum(beyond, len(steps.runs) - 1)]
    return _at(steps, entered, rows)


def conversion(
    steps: Steps,
    entered: Entries,
    moved: tuple[Numbers, Flags],
    *,
    observed_to: int,
    later: Moments | None = None,
    wall: Moments | None = None,
) -> Conversion:
    """Return how many moved on.

    `moved` is what `following` found. `later` returns the last moment that counts for an entry (entry + within);
    without it any later moment does. Nothing after `observed_to` has been seen. `wall` reads the clock on which days
    are counted, by default that of UTC.
    """
    if not len(entered.rows):
        return NOBODY
    start = steps.at[entered.rows]
    end, ever = moved
    seen = ever & (end <= observed_to)
    days = _days(start, end, seen, wall)
    if later is None:
        return _eventual(start, seen, days, observed_to)
    deadline = later(start)
    matured = deadline <= observed_to
    reached = seen & (end <= deadline)
    length = (deadline - start).astype(np.float64)
    unit = float(np.median(length)) / DAY
    count, moved_on = int(np.count_nonzero(matured)), int(np.count_nonzero(matured & reached))
    if count >= ENOUGH_MATURED and count >= MATURED_SHARE * len(start):
        share = moved_on / count
        among = days[matured & reached]
        median = float(np.median(among)) if len(among) else None
        return Conversion(
            len(start), count, moved_on, share, wilson(moved_on, count), "matured", median, round(unit, 4)
        )
    # Everybody's own deadline is 1: months and changes of the clock differ in length.
    watched = np.clip((observed_to - start) / length, 0.0, 1.0)
    times = np.where(reached, np.minimum((end - start) / length, 1.0), watched)
    curve = survival(times, reached)
    horizon = 1.0 if count >= STILL_WATCHED else curve.watched_to(STILL_WATCHED)
    return _estimated(curve, horizon, unit, (len(start), count, moved_on))


def _eventual(start: Numbers, seen: Flags, days: Times, observed_to: int) -> Conversion:
    """Tell of a path that may take any time, as of the longest time for which enough are still watched."""
    times = np.where(seen, days, np.maximum((observed_to - start) / DAY, 0.0))
    curve = survival(times, seen)
    horizon = curve.watched_to(STILL_WATCHED)
    watched = start <= observed_to - round((horizon or 0.0) * DAY)
    matured = int(np.count_nonzero(watched)) if horizon is not None else 0
    moved_on = int(np.count_nonzero(watched & seen & (days <= (horizon or 0.0))))
    return _estimated(curve, horizon, 1.0, (len(start), matured, moved_on if horizon is not None else 0))


def _estimated(curve: "Survival", horizon: float | None, unit: float, counts: tuple[int, int, int]) -> Conversion:
    if horizon is None:
        return Conversion(*counts, None, None, "unknown", None, None)
    share, interval = curve.moved_by(horizon)
    median = curve.half_of(horizon)
    return Conversion(
        *counts,
        share,
        interval,
        "kaplan-meier",
        None if median is None else median * unit,
        round(horizon * unit, 4),
    )


@dataclass(frozen=True)
class Survival:
    """The Kaplan–Meier curve of those who have not moved on yet.

    `times` at which somebody moved on, the share `left` after each, Greenwood's sum `spread` up to each; `until` holds,
    ascending, how long each customer was watched before she moved on or could be watched no longer.

    Source: Kaplan and Meier (1958), Journal of the American Statistical Association 53, 457-481.
    """

    times: Times
    left: Times
    spread: Times
    until: Times

    def watched_to(self, people: int) -> float | None:
        """Return the longest time at which at least so many were still watched."""
        return float(self.until[-people]) if len(self.until) >= people else None

    def moved_by(self, time: float, *, level: float = LEVEL) -> tuple[float, tuple[float, float]]:
        """Return the share that has moved on by a time, with the log-log interval.

        Where nobody, or everybody, has moved on the interval is Wilson's over those who were watched so long.
        """
        row = int(np.searchsorted(self.times, time, side="right")) - 1
        at_risk = max(1, len(self.until) - int(np.searchsorted(self.until, time, side="left")))
        if row < 0:
            return 0.0, wilson(0, at_risk, level=level)
        left = float(self.left[row])
        if left <= 0.0:
            return 1.0, wilson(at_risk, at_risk, level=level)
        spread = NormalDist().inv_cdf((1 + level) / 2) * sqrt(float(self.spread[row])) / abs(log(left))
        return 1 - left, (1 - left ** exp(-spread), 1 - left ** exp(spread))

    def half_of(self, time: float) -> float | None:
        """Return the time by which half of those who move on by `time` have done so; None when nobody does."""
        moved = 1 - self.left[: int(np.searchsorted(self.times, time, side="right"))]
        if not len(moved):
            return None
        return float(self.times[int(np.searchsorted(moved, moved[-1] / 2 - 1e-12, side="left"))])


def survival(times: Times, moved: Flags) -> Survival:
    """Return the curve from how long everybody was watched, and whether she moved on then.

    >>> curve = survival(np.array([1.0, 2.0, 2.0, 3.0, 4.0]), np.array([True, True, False, False, True]))
    >>> curve.times.tolist(), [round(left, 4) for left in curve.left.tolist()]
    ([1.0, 2.0, 4.0], [0.8, 0.6, 0.0])
    """
    until = np.sort(times)
    moments, moving = np.unique(times[moved], return_counts=True)
    at_risk = len(until) - np.searchsorted(until, moments, side="left")
    left = np.cumprod(1 - moving / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore"):
        spread = np.cumsum(moving / (at_risk * (at_risk - moving).astype(np.float64)), dtype=np.float64)
    return Survival(moments, left, spread, until)


def _at(steps: Steps, entered: Entries, rows: NDArray[np.intp]) -> tuple[Numbers, Flags]:
    """Return the moments of these rows, and which of them are the same customer's as the entry."""
    safe = np.minimum(rows, len(steps) - 1)
    return steps.at[safe], (rows < len(steps)) & (steps.place[safe] == steps.place[entered.rows])


def _days(start: Numbers, end: Numbers, seen: Flags, wall: Moments | None) -> Times:
    days = np.zeros(len(start))
    first, last = start[seen], end[seen]
    if wall is not None:
        first, last = wall(first), wall(last)
    days[seen] = (last - first) / DAY
    return days
