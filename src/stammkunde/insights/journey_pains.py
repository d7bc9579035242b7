"""Count whom the pains of a map concern, as far as the log can know."""

from datetime import date, datetime
from functools import reduce
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions import BadCondition
from stammkunde.conditions.local_clock import LocalClock, from_microseconds, microseconds
from stammkunde.insights.figures import Among
from stammkunde.insights.journey_steps import Found, found_steps
from stammkunde.insights.journey_values import PainFigure
from stammkunde.journeys.document import Evidence, Journey, Pain
from stammkunde.kernel.periods import month_index, month_start
from stammkunde.metrics.mirror import Mirror
from stammkunde.metrics.month_kernels import changes
from stammkunde.metrics.steps import Steps
from stammkunde.metrics.wording import Sentence, gettext_noop
from stammkunde.segments import asking, definitions

Customers = NDArray[np.int64]
DAYS_PER_MONTH = 365.25 / 12
NO_EVIDENCE = gettext_noop("There is no evidence yet: note an interview, or a condition that counts whom it concerns.")
NOT_COUNTED = gettext_noop("Known from people, not from the log: add a condition to count whom it concerns.")


def pain_figures(
    journey: Journey, mirror: Mirror, *, start: date, end: date, among: Among | None = None, now: datetime
) -> dict[str, tuple[PainFigure, ...]]:
    """Return for each touchpoint whom its pains concern in [start, end), the most customers first.

    Evidence that names events counts the customers who had one in the period; `per_month` is the mean number of
    customers a month. Evidence that is a condition counts those of whom it is true at the end of the period; they
    count for every month. Several pieces of evidence count each customer once.
    """
    counted = _Counted(journey, mirror, start, end, among, now)
    found: dict[str, list[PainFigure]] = {}
    for touchpoint, pain in journey.pains():
        found.setdefault(touchpoint.id, []).append(counted.figure(pain))
    return {name: tuple(sorted(figures, key=_ranked)) for name, figures in found.items()}


def reach_together(
    journey: Journey, mirror: Mirror, *, start: date, end: date, among: Among | None = None, now: datetime
) -> dict[str, float]:
    """Return for each opportunity how many customers a month its pains concern together, each of them once."""
    counted = _Counted(journey, mirror, start, end, among, now)
    pains = [pain for _, pain in journey.pains()]
    found = {}
    for opportunity in journey.opportunities:
        evidence = tuple(one for pain in pains if pain.id in opportunity.pains for one in pain.evidence)
        reach = counted.figure(Pain(opportunity.id, opportunity.label, evidence=evidence)).per_month
        if reach is not None:
            found[opportunity.id] = reach
    return found


def _ranked(figure: PainFigure) -> tuple[int, str]:
    return -(figure.customers if figure.customers is not None else -1), figure.pain


class _Counted:
    """Counts pains, the events of all of them in one pass."""

    def __init__(
        self, journey: Journey, mirror: Mirror, start: date, end: date, among: Among | None, now: datetime
    ) -> None:
        clock = LocalClock.of(ZoneInfo(mirror.time_zone))
        self._mirror = mirror
        self._among = among
        self._until = min(clock.midnight(end.toordinal()), microseconds(now) + 1)
        self._months = (end - start).days / DAYS_PER_MONTH
        bounds = [month_start(index) for index in range(month_index(start), month_index(end) + 2)]
        self._bounds = np.array([clock.midnight(day.toordinal()) for day in bounds], np.int64)
        asked: dict[str, Found] = {}
        for _, pain in journey.pains():
            for evidence in pain.evidence:
                if evidence.found is not None:
                    asked[_name(evidence)] = evidence.found
        steps = found_steps(asked, mirror).between(clock.midnight(start.toordinal()), self._until)
        self._steps = steps.of_customers(among.customers) if among else steps

    def figure(self, pain: Pain) -> PainFigure:
        """Return whom a pain concerns."""
        eventful = [one for one in pain.evidence if one.found is not None]
        standing = [one for one in pain.evidence if one.found is None and one.condition is not None]
        if not eventful and not standing:
            return PainFigure(pain.id, None, None, None, Sentence(NOT_COUNTED if pain.evidence else NO_EVIDENCE))
        try:
            concerned = [self._concerned(one) for one in standing]
        except BadCondition as error:
            return PainFigure(pain.id, None, None, None, str(error))
        rows = self._rows(eventful)
        customers = reduce(np.union1d, concerned, np.unique(rows.customer))
        month = np.searchsorted(self._bounds, rows.at, side="right")
        lasting: Customers = reduce(np.union1d, concerned, np.empty(0, np.int64))
        passing = ~np.isin(rows.customer, lasting)
        a_month = int(np.count_nonzero((changes(rows.customer) | changes(month))[passing])) / self._months
        events = len(rows) if eventful else None
        return PainFigure(pain.id, len(customers), events, round(a_month + len(lasting), 2), standing=len(lasting))

    def _rows(self, evidence: list[Evidence]) -> Steps:
        """Return the events of several pieces of evidence, each event once."""
        wanted = [self._steps.number(_name(one)) for one in evidence]
        chosen = self._steps.only(np.isin(self._steps.step, wanted))
        return chosen.only(changes(chosen.customer) | changes(chosen.at) | changes(chosen.event))

    def _concerned(self, evidence: Evidence) -> Customers:
        assert evidence.condition is not None, "only conditions are asked here"
        moment = from_microseconds(self._until - 1)
        found = asking.who(self._mirror, evidence.condition, known=definitions.known(), now=moment)
        return found if self._among is None else found[np.isin(found, self._among.customers)]


def _name(evidence: Evidence) -> str:
    return f"{evidence.sort}: {evidence.text}"
