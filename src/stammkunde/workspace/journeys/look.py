"""Read from the address at which days and at which customers a map is looked at, and with what it is compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext

from stammkunde.insights import segmenting
from stammkunde.insights.figures import Among
from stammkunde.journeys.document import Journey
from stammkunde.kernel.periods import Period
from stammkunde.metrics import Mirror
from stammkunde.segments.models import Persona, Segment
from stammkunde.workspace.formatting import period as period_name
from stammkunde.workspace.journeys.words import language
from stammkunde.workspace.period_choice import Choice, choose


@dataclass(frozen=True, eq=False)
class Group:
    """Some customers and what they are called; `among` is None when all are meant."""

    key: str = ""
    title: str = ""
    among: Among | None = None


@dataclass(frozen=True, eq=False)
class Against:
    """What a map is compared with: other days, or other customers."""

    key: str
    title: str
    period: Period
    group: Group


@dataclass(frozen=True, eq=False)
class Look:
    """The days, the customers, and what both are compared with; `groups` and `others` are the choices."""

    choice: Choice
    group: Group = field(default_factory=Group)
    against: Against | None = None
    groups: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()

    @property
    def kept(self) -> dict[str, str]:
        """Return the parameters besides the days, for links that keep them."""
        asked = {"who": self.group.key, "with": self.against.key if self.against else ""}
        return {name: value for name, value in asked.items() if value}

    @property
    def days(self) -> dict[str, str]:
        """Return the days as parameters of an address."""
        return {"from": self.choice.period.start.isoformat(), "to": self.choice.last_day.isoformat()}

    @property
    def query(self) -> str:
        """Return the query part of an address that leads to the same look."""
        return "?" + urlencode({**self.days, **self.kept})


def look(asked: Mapping[str, str], mirror: Mirror, journey: Journey | None, *, now: datetime) -> Look:
    """Read the look; what does not exist is as if it were not asked. A map of one segment looks at that segment."""
    choice, groups = choose(asked, mirror), _groups()
    key = asked.get("who", "") or (f"segment:{asked['segment']}" if asked.get("segment") else "")
    if not key and journey is not None and journey.segment:
        key = f"segment:{journey.segment}"
    group = _group(key, groups, now=now)
    others = _others(choice, group, groups)
    return Look(choice, group, _against(asked.get("with", ""), choice, group, others, now=now), groups, others)


def _groups() -> tuple[tuple[str, str], ...]:
    segments = [
        (f"segment:{one.name}", gettext("Segment: %(name)s") % {"name": one.title_in(language())})
        for one in Segment.objects.order_by("title", "name")
    ]
    personas = [
        (f"persona:{one.slug}", gettext("Persona: %(name)s") % {"name": one.name})
        for one in Persona.objects.exclude(segment=None).order_by("name")
    ]
    return (*personas, *segments)


def _group(key: str, groups: tuple[tuple[str, str], ...], *, now: datetime) -> Group:
    titles = dict(groups)
    if key not in titles:
        return Group()
    sort, _colon, name = key.partition(":")
    segment = name if sort == "segment" else Persona.objects.values_list("segment__name", flat=True).get(slug=name)
    return Group(key, titles[key], segmenting.chosen(segment=segment, where=None, now=now))


def _others(choice: Choice, group: Group, groups: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    days = []
    if choice.before.end > choice.first_day:
        days.append(("before", period_name(choice.before)))
    if (year := _year_before(choice.period)).end > choice.first_day and year != choice.before:
        days.append(("year", period_name(year)))
    everybody = [("all", gettext("all customers"))] if group.key else []
    return (*days, *everybody, *(one for one in groups if one[0] != group.key))


def _against(
    key: str, choice: Choice, group: Group, others: tuple[tuple[str, str], ...], *, now: datetime
) -> Against | None:
    titles = dict(others)
    if key not in titles:
        return None
    if key in ("before", "year"):
        period = choice.before if key == "before" else _year_before(choice.period)
        return Against(key, titles[key], period, group)
    other = Group("all", titles[key]) if key == "all" else _group(key, others, now=now)
    return Against(key, titles[key], choice.period, other)


def _year_before(period: Period) -> Period:
    return Period(_last_year(period.start), _last_year(period.end))


def _last_year(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
