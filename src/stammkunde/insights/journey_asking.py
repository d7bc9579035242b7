"""Read maps from files and texts as the business asks about them: with what the log knows, and the usual period."""

from datetime import date, datetime, timedelta

from stammkunde.accounts.models import Business
from stammkunde.insights.figures import snapshot
from stammkunde.journeys.document import Journey
from stammkunde.journeys.lint import lint
from stammkunde.journeys.problems import Problem, in_order
from stammkunde.journeys.reading import Read, read
from stammkunde.kernel.errors import WrongInput
from stammkunde.kernel.periods import Period
from stammkunde.segments.models import Segment
from stammkunde.segments.vocabulary import vocabulary

_SPAN = "SELECT min(day), max(day) FROM events"


class NothingYet(WrongInput):
    """There is no event yet, so a map has no figures; import orders first."""


def examined(text: str, *, now: datetime) -> Read:
    """Return the map of a text with everything that is wrong with it or worth knowing, names of the log included."""
    found = read(text)
    return Read(found.journey, in_order([*found.problems, *noted(found.journey, now=now)])) if found.journey else found


def noted(journey: Journey, *, now: datetime) -> tuple[Problem, ...]:
    """Return what does not hang together in a map, and what nobody has seen in the log."""
    names = list(Segment.objects.values_list("name", flat=True))
    known = vocabulary(snapshot(), segments=names)
    return lint(journey, known, today=now.astimezone(Business.current().zone).date())


def period(start: date | None = None, last: date | None = None) -> Period:
    """Return the days from `start` to `last` (that still counts); what is left out comes from the data."""
    mirror = snapshot()
    span = mirror.sql(_SPAN) if mirror is not None else []
    first, end = span[0] if span else (None, None)
    if first is None or end is None:
        raise NothingYet("Nothing has been imported yet; import orders first.")
    return Period(start or first, (last or end) + timedelta(days=1))
