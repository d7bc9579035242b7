"""Answer with the figures of a map: who is at each touchpoint, who moves on, how long it takes, what it brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from stammkunde.conditions.local_clock import LocalClock, from_microseconds, microseconds
from stammkunde.conditions.tree import Events, kind_of
from stammkunde.conditions.wall_arrays import later_than, wall_of
from stammkunde.insights.figures import Among
from stammkunde.insights.journey_feelings import feelings
from stammkunde.insights.journey_json import as_json as as_json
from stammkunde.insights.journey_keeping import remembered, tick
from stammkunde.insights.journey_kinds import names
from stammkunde.insights.journey_off_map import off_map
from stammkunde.insights.journey_pains import pain_figures
from stammkunde.insights.journey_steps import signals, steps_of
from stammkunde.insights.journey_values import (
    Cell,
    Feeling,
    JourneyFigures,
    PainFigure,
    PathFigure,
    Share,
)
from stammkunde.journeys.document import Journey, Path, Silence, Touchpoint
from stammkunde.kernel.errors import WrongInput
from stammkunde.metrics.conversions import NOBODY, Conversion, Entries, conversion, entries, following, leaving
from stammkunde.metrics.mirror import Mirror
from stammkunde.metrics.steps import Steps
from stammkunde.metrics.visits import Volume, by_month, volumes
from stammkunde.metrics.wording import Sentence, Verbatim, gettext_noop

MONTHS = 12

NO_SIGNAL = gettext_noop("No signal has been chosen yet: choose the event by which customers are recognised here.")
UNREADABLE = gettext_noop("The signal cannot be read: open the map's text to see what is wrong with it.")
BY_HAND = gettext_noop("Entered by hand: %(note)s")
NOT_MEASURABLE = gettext_noop("Cannot be measured: %(reason)s")
NEVER_SEEN = gettext_noop("Nothing of the kind %(kind)s has been recorded yet: connect what knows it.")
NO_DATA = gettext_noop("There are no data yet: import orders or connect a source first.")


class EmptyPeriod(WrongInput):
    """A period must end after it starts; give two days in order, such as 2026-01-01 and 2026-04-01."""


def figures(
    journey: Journey,
    mirror: Mirror | None,
    *,
    start: date,
    end: date,
    among: Among | None = None,
    watched_to: date | None = None,
    now: datetime,
) -> JourneyFigures:
    """Return all figures of a map for the period [start, end), of all customers or some.

    Whoever came to a touchpoint in the period is watched until its end, or until `watched_to` (the first day that is
    not looked at) when more is known. Nothing after `now` counts. The answer is kept while the mirror stays as it is;
    where the time is not over, for five minutes at most.
    """
    if end <= start:
        raise EmptyPeriod(f"The period ends on {end} but starts on {start}: the end must come later.")
    if mirror is None:
        return _without_data(journey, start, end, now)
    span = _span(mirror, start, end, watched_to or end, now)
    question = (
        "figures",
        journey,
        start,
        end,
        watched_to,
        among.name if among else "",
        0 if span.closed else tick(now),
    )
    return remembered(mirror, question, lambda: _Asked(journey, mirror, span, among, now).answer())


@dataclass(frozen=True)
class _Span:
    """A period in moments, and how long those who came in it are watched; nothing after `observed_to` has been seen.

    `closed` tells whether all that is asked for lies in the past.
    """

    start_day: date
    end_day: date
    start: int
    end: int
    observed_to: int
    watched_to: int
    closed: bool
    clock: LocalClock

    def months(self) -> list[int]:
        """Return the moments that bound the last twelve months up to the end of the period."""
        return [self.clock.midnight(months_before(self.end_day, n).toordinal()) for n in range(MONTHS, -1, -1)]


def _span(mirror: Mirror, start: date, end: date, watched: date, now: datetime) -> _Span:
    clock = LocalClock.of(ZoneInfo(mirror.time_zone))
    last, final, today = clock.midnight(end.toordinal()), clock.midnight(watched.toordinal()), microseconds(now)
    return _Span(
        start,
        end,
        clock.midnight(start.toordinal()),
        last,
        observed_to=min(last, today),
        watched_to=min(final, today),
        closed=max(last, final) <= today,
        clock=clock,
    )


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of that month.

    >>> months_before(date(2026, 3, 31), 1), months_before(date(2026, 1, 1), 12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 1, 1))
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


class _Asked:
    """One question about a map: its visits, and what has been worked out of them so far."""

    def __init__(self, journey: Journey, mirror: Mirror, span: _Span, among: Among | None, now: datetime) -> None:
        self.journey = journey
        self.mirror = mirror
        self.span = span
        self.among = among
        self.now = now
        steps = steps_of(journey, mirror).at_most(max(span.observed_to, span.watched_to))
        self.steps: Steps = steps.of_customers(among.customers) if among else steps
        self.number = {name: number for number, name in enumerate(self.steps.names)}
        self._entries: dict[int, Entries] = {}
        self._paths: dict[Path, PathFigure] = {}

    def answer(self) -> JourneyFigures:
        """Return all figures."""
        volume = volumes(self.steps, self.span.start, self.span.end)
        trend = by_month(self.steps, self.span.months())
        moods = feelings(self.journey, self.mirror, self.span.start, self.span.end, self.among, self.span.observed_to)
        pains = pain_figures(
            self.journey, self.mirror, start=self.span.start_day, end=self.span.end_day, among=self.among, now=self.now
        )
        paths = tuple(self.path(path) for path in self.journey.paths)
        cells = {
            one.id: self._cell(one, volume, trend, moods.get(one.id), pains.get(one.id, ()))
            for one in self.journey.touchpoints
        }
        away, customers = off_map(
            self.steps, self._everywhere(), self.mirror, self.span.start, self.span.observed_to, self.among
        )
        return JourneyFigures(
            self.journey.id,
            self.journey.version,
            self.span.start_day,
            self.span.end_day,
            cells,
            paths,
            away,
            customers,
            self.now,
            from_microseconds(self.span.watched_to),
            data_end(self.mirror),
        )

    def path(self, path: Path) -> PathFigure:
        """Return how many moved on along a path."""
        if path not in self._paths:
            self._paths[path] = _figure(path, self._conversion(path))
        return self._paths[path]

    def _conversion(self, path: Path) -> Conversion:
        start, end = self.number.get(path.start), self.number.get(path.end)
        if start is None or end is None:
            entered = len(self._entered(start).rows) if start is not None else 0
            return Conversion(entered, 0, 0, None, None, "unknown", None, None) if entered else NOBODY
        entered_by = self._entered(start)
        later = partial(later_than, self.span.clock, duration=path.within) if path.within else None
        return conversion(
            self.steps,
            entered_by,
            following(self.steps, entered_by, end),
            observed_to=self.span.watched_to,
            later=later,
            wall=partial(wall_of, self.span.clock),
        )

    def _entered(self, step: int) -> Entries:
        if step not in self._entries:
            self._entries[step] = entries(self.steps, step, start=self.span.start, end=self.span.end)
        return self._entries[step]

    def _cell(
        self,
        touchpoint: Touchpoint,
        volume: Sequence[Volume],
        trend: Sequence[Sequence[int]],
        feeling: Feeling | None,
        pains: tuple[PainFigure, ...],
    ) -> Cell:
        moved_on = tuple(self.path(path) for path in self.journey.paths if path.start == touchpoint.id)
        number = self.number.get(touchpoint.id)
        if number is None:
            why = why_unknown(touchpoint)
            return Cell(touchpoint.id, None, None, why, moved_on, None, None, feeling, pains, ())
        found = volume[number]
        return Cell(
            touchpoint.id,
            found.customers,
            found.events,
            "" if found.events else self._never_seen(touchpoint),
            moved_on,
            self._days_to_next(number),
            found.value if found.money else None,
            feeling,
            pains,
            tuple(trend[number]),
        )

    def _days_to_next(self, step: int) -> float | None:
        """Return the days within which half of those who go on to any other touchpoint do so."""
        entered = self._entered(step)
        gone = leaving(self.steps, entered)
        wall = partial(wall_of, self.span.clock)
        return conversion(self.steps, entered, gone, observed_to=self.span.watched_to, wall=wall).median_days

    def _never_seen(self, touchpoint: Touchpoint) -> str:
        found = touchpoint.signal.found
        if found is None:
            return ""
        kind = kind_of(found.first if isinstance(found, Silence) else found)
        return "" if kind in names(self.mirror) else Sentence(NEVER_SEEN, kind=Verbatim(kind))

    def _everywhere(self) -> frozenset[str]:
        """Return the kinds of which every single event belongs to a touchpoint."""
        found = signals(self.journey).values()
        return frozenset(one.kind for one in found if isinstance(one, Events) and one.where is None)


def why_unknown(touchpoint: Touchpoint) -> str:
    """Say why a touchpoint without a signal that can be read has no figures."""
    signal = touchpoint.signal
    if signal.none:
        return Sentence(NOT_MEASURABLE, reason=Verbatim(signal.none))
    if signal.manual:
        return Sentence(BY_HAND, note=Verbatim(signal.manual))
    return Sentence(UNREADABLE if signal.text else NO_SIGNAL)


def data_end(mirror: Mirror) -> date | None:
    """Return the day of the last event in the data."""
    [(day,)] = mirror.sql("SELECT max(day) FROM events")
    return day if isinstance(day, date) else None


def _figure(path: Path, found: Conversion) -> PathFigure:
    return PathFigure(
        path.start,
        path.end,
        path.within,
        found.entered,
        found.matured,
        found.moved_on,
        found.share,
        found.interval,
        found.method,
        found.median_days,
        found.horizon_days,
        path.loop,
    )


def _without_data(journey: Journey, start: date, end: date, now: datetime) -> JourneyFigures:
    figure: Mapping[Path, PathFigure] = {path: _figure(path, NOBODY) for path in journey.paths}
    cells = {
        one.id: Cell(
            one.id,
            None,
            None,
            Sentence(NO_DATA) if one.signal.found else why_unknown(one),
            tuple(figure[path] for path in journey.paths if path.start == one.id),
            None,
            None,
            None,
            (),
            (),
        )
        for one in journey.touchpoints
    }
    nobody = Share(None, 0, None)
    paths = tuple(figure.values())
    return JourneyFigures(journey.id, journey.version, start, end, cells, paths, nobody, 0, now, now, None)
