"""Name the customers who were at a touchpoint, and say where they came from and where they went."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions.local_clock import LocalClock
from stammkunde.insights.figures import Among
from stammkunde.insights.journey_steps import steps_of
from stammkunde.insights.journey_values import Transition
from stammkunde.journeys.document import Journey
from stammkunde.kernel.periods import Period
from stammkunde.metrics import Mirror


def at_touchpoint(
    journey: Journey, mirror: Mirror, touchpoint: str, period: Period, among: Among | None
) -> NDArray[np.int64]:
    """Return the customers who were at a touchpoint in a period, those who were there last first."""
    steps = steps_of(journey, mirror)
    if touchpoint not in steps.names:
        return np.empty(0, np.int64)
    clock = LocalClock.of(ZoneInfo(mirror.time_zone))
    start, end = (clock.midnight(day.toordinal()) for day in (period.start, period.end))
    inside = (steps.step == steps.names.index(touchpoint)) & (steps.at >= start) & (steps.at < end)
    customers, at = steps.customer[inside], steps.at[inside]
    newest = np.argsort(-at, kind="stable")
    _found, first = np.unique(customers[newest], return_index=True)
    ordered: NDArray[np.int64] = customers[newest][np.sort(first)]
    return ordered[np.isin(ordered, among.customers)] if among is not None else ordered


@dataclass(frozen=True)
class Neighbour:
    """A touchpoint directly before or after, with how many customers took that step."""

    touchpoint: str
    title: str
    customers: int
    days: float
    planned: bool


def neighbours(
    transitions: Sequence[Transition], touchpoint: str, titles: dict[str, str], *, before: bool, most: int = 6
) -> list[Neighbour]:
    """Return where customers came from, or went to, most of them first."""
    found = [one for one in transitions if (one.end if before else one.start) == touchpoint]
    found = [one for one in found if one.start != one.end]
    return [
        Neighbour(
            other := one.start if before else one.end,
            titles.get(other, other),
            one.customers,
            one.median_days,
            one.planned,
        )
        for one in sorted(found, key=lambda one: -one.customers)[:most]
    ]
