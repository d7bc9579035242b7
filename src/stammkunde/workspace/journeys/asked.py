"""Ask for the figures of a map once per state of the data: whoever opens the page again gets them from memory."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import TypeVar, cast

from stammkunde.insights import figures as shelf
from stammkunde.insights import journey_drift, journey_figures, journey_kinds, journey_paths, journey_priorities
from stammkunde.insights.journey_values import Drift, JourneyFigures, KindSeen, Priorities, Ways
from stammkunde.journeys.document import Journey
from stammkunde.kernel.periods import Period
from stammkunde.metrics import Mirror
from stammkunde.workspace.journeys.look import Group

T = TypeVar("T")
_KEPT = 64
_answers: dict[Hashable, tuple[Mirror, object]] = {}


def figures(journey: Journey, mirror: Mirror, period: Period, group: Group, *, now: datetime) -> JourneyFigures:
    """Return the figures of every touchpoint and path in a period, of all customers or one group.

    Whoever came in the period is watched for as long as the data reach, so that hardly anybody is still on the way.
    """
    watched_to = mirror.end if mirror.end and mirror.end > period.start else None
    return journey_figures.figures(
        journey, mirror, start=period.start, end=period.end, among=group.among, watched_to=watched_to, now=now
    )


def ways(journey: Journey, mirror: Mirror, period: Period, group: Group, *, now: datetime) -> Ways:
    """Return the ways that customers really took."""
    return _kept(
        ("ways", journey, period, group.among.name if group.among else "", _hour(now)),
        mirror,
        lambda: journey_paths.ways(journey, mirror, start=period.start, end=period.end, among=group.among, now=now),
    )


def drift(journey: Journey, mirror: Mirror, *, now: datetime) -> Drift:
    """Return where the map and what happens have grown apart."""
    return _kept(("drift", journey, _hour(now)), mirror, lambda: journey_drift.drift(journey, mirror, now=now))


def priorities(journey: Journey, mirror: Mirror, period: Period, group: Group, *, now: datetime) -> Priorities:
    """Return the pains and opportunities of a map, the most worthwhile first."""
    return _kept(
        ("priorities", journey, period, group.among.name if group.among else "", _hour(now)),
        mirror,
        lambda: journey_priorities.priorities(
            journey, mirror, start=period.start, end=period.end, among=group.among, now=now
        ),
    )


def kinds_seen() -> tuple[KindSeen, ...]:
    """Return the kinds of events in the data, with counts and the values of their attributes."""
    mirror = shelf.snapshot()
    if mirror is None:
        return ()
    return _kept(("kinds",), mirror, lambda: tuple(journey_kinds.kinds_seen(mirror)))


def _kept(question: Hashable, mirror: Mirror, compute: Callable[[], T]) -> T:
    kept = _answers.get(question)
    if kept is not None and kept[0] is mirror:
        return cast(T, kept[1])
    answer = compute()
    if len(_answers) >= _KEPT:
        _answers.clear()
    _answers[question] = (mirror, answer)
    return answer


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
