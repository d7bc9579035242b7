"""Show all maps: what each is about, how many touchpoints it has, and how many of them the data see."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.accounts.access import person
from stammkunde.accounts.permissions import may_open
from stammkunde.insights import figures as shelf
from stammkunde.journeys import maps
from stammkunde.journeys.document import Journey
from stammkunde.journeys.models import Map, MapDraft
from stammkunde.kernel import clock
from stammkunde.metrics import Mirror
from stammkunde.workspace.formatting import number
from stammkunde.workspace.journeys import asked
from stammkunde.workspace.journeys.finding import shown
from stammkunde.workspace.journeys.finding import title as title_of
from stammkunde.workspace.journeys.look import Group
from stammkunde.workspace.journeys.map_page import Alarm, alarm
from stammkunde.workspace.journeys.words import language
from stammkunde.workspace.period_choice import choose


@dataclass(frozen=True)
class Line:
    """One map in the list."""

    found: Map
    title: str
    phases: str
    touchpoints: int
    seen: int | None
    pains: int
    alarm: Alarm | None
    draft: bool


def journeys(request: HttpRequest) -> HttpResponse:
    """Answer with the list of maps, or with the way to the first one."""
    now, role = clock.now(), person(request).role
    mirror = shelf.mirror()
    archived = request.GET.get("archived") == "1"
    drafted = set(MapDraft.objects.values_list("map_id", flat=True))
    found = [one for one in maps.maps(archived=archived) if bool(one.archived_at) == archived]
    lines = [_line(one, one.pk in drafted, mirror, now) for one in found]
    context = {
        "lines": lines,
        "sentence": _sentence(lines),
        "archived": archived,
        "others": maps.maps(archived=True).exclude(archived_at=None).count(),
        "may_change": may_open(role, "journey-new", "GET"),
        "has_data": mirror is not None,
    }
    template = "list.html" if lines or archived else "list_empty.html"
    return render(request, f"workspace/journeys/{template}", context)


def _line(found: Map, draft: bool, mirror: Mirror | None, now: datetime) -> Line:
    journey = shown(found)
    drift = asked.drift(journey, mirror, now=now) if mirror is not None and found.current is not None else None
    return Line(
        found=found,
        title=title_of(found, journey, language()),
        phases=" → ".join(phase.label.in_language(language()) for phase in journey.phases if not phase.parent),
        touchpoints=len(journey.touchpoints),
        seen=_seen(journey, mirror, now) if mirror is not None else None,
        pains=sum(1 for _at, pain in journey.pains() if pain.status == "open"),
        alarm=alarm(drift),
        draft=draft,
    )


def _seen(journey: Journey, mirror: Mirror, now: datetime) -> int:
    figures = asked.figures(journey, mirror, choose({}, mirror).period, Group(), now=now)
    return sum(1 for cell in figures.cells.values() if cell.customers)


def _sentence(lines: list[Line]) -> SafeString:
    said = ngettext(
        "You have <b>{count} map</b> of what your customers go through.",
        "You have <b>{count} maps</b> of what your customers go through.",
        len(lines),
    )
    whole = format_html(said, count=number(len(lines)))
    alarms = sum(1 for line in lines if line.alarm)
    if not alarms:
        return whole
    apart = ngettext(
        "<em>{count}</em> no longer matches what happens.", "<em>{count}</em> no longer match what happens.", alarms
    )
    return format_html("{} {}", whole, format_html(apart, count=number(alarms)))


def list_hint() -> str:
    """Say what a map is for."""
    return gettext(
        "A map tells the way of your customers from their side: phases, touchpoints, what is felt there, what hurts. "
        "Its figures come from what really happens."
    )
