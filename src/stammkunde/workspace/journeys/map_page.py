"""Show one map with live figures in every cell."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from stammkunde.accounts.access import person
from stammkunde.accounts.models import Business
from stammkunde.accounts.permissions import may_open
from stammkunde.insights import figures as shelf
from stammkunde.insights.journey_values import Drift
from stammkunde.journeys import drafts, maps
from stammkunde.journeys.document import Journey
from stammkunde.kernel import clock
from stammkunde.metrics import Mirror
from stammkunde.workspace.downloads import Cell, download
from stammkunde.workspace.formatting import number
from stammkunde.workspace.journeys import asked, words
from stammkunde.workspace.journeys.cells import Sheet, phases, sheet
from stammkunde.workspace.journeys.finding import map_or_404, shown
from stammkunde.workspace.journeys.look import Look, look
from stammkunde.workspace.journeys.sentence import map_sentence, reached_sentence
from stammkunde.workspace.journeys.signal_form import kind_title
from stammkunde.workspace.period_choice import ways

_HEADER = (
    "phase", "touchpoint", "customers", "events", "revenue", "to", "within", "entered", "matured", "moved_on", "share",
    "low", "high", "method", "median_days",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Seen:
    """A map, the look at it, and what is printed of both."""

    journey: Journey
    mirror: Mirror | None
    look: Look | None
    sheet: Sheet


def see(request: HttpRequest, journey: Journey, *, now: datetime) -> Seen:
    """Ask for the figures that an address wants; without orders a map has none."""
    mirror = shelf.mirror()
    if mirror is None:
        return Seen(journey, None, None, sheet(journey))
    chosen = look(request.GET, mirror, journey, now=now)
    found = asked.figures(journey, mirror, chosen.choice.period, chosen.group, now=now)
    against = chosen.against
    other = asked.figures(journey, mirror, against.period, against.group, now=now) if against else None
    return Seen(journey, mirror, chosen, sheet(journey, found, other, mirror.currency or ""))


def journey_map(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the map."""
    found, now, role = map_or_404(slug), clock.now(), person(request).role
    journey = shown(found)
    seen = see(request, journey, now=now)
    if request.GET.get("format") == "csv" and seen.sheet.figures is not None:
        return download(f"stammkunde-{slug}", _HEADER, _rows(seen.sheet))
    drift = asked.drift(journey, seen.mirror, now=now) if seen.mirror is not None else None
    context = {
        **frame(request, slug, journey, seen),
        "found": found,
        "sentence": map_sentence(seen.sheet),
        "phases": phases(seen.sheet),
        "alarm": alarm(drift),
        "draft": drafts.draft_of(found) if may_open(role, "journey-edit", "GET") else None,
        "reached": reached_sentence(seen.sheet.figures.off_map) if seen.sheet.figures else "",
        "figures": seen.sheet.figures,
        "csv_address": _csv_address(seen.look),
        "definition": words_of_definition(),
    }
    return render(request, "workspace/journeys/map.html", context)


def journey_reviewed(request: HttpRequest, slug: str) -> HttpResponse:
    """Remember that somebody went through the map with the figures in hand."""
    found = map_or_404(slug)
    maps.reviewed(found.slug, by=person(request), now=clock.now())
    messages.success(request, gettext("Noted: you went through the map with the figures today."))
    return redirect("journey", slug)


def frame(request: HttpRequest, slug: str, journey: Journey, seen: Seen) -> dict[str, object]:
    """Return what all pages of one map print around their content."""
    return {
        "slug": slug,
        "journey": journey,
        "title": words.named(journey.label),
        "look": seen.look,
        "choice": seen.look.choice if seen.look else None,
        "ways": ways(seen.look.choice, **seen.look.kept) if seen.look else None,
        "query": seen.look.query if seen.look else "",
        "currency": seen.mirror.currency if seen.mirror and seen.mirror.currency else Business.current().currency,
        "may_change": may_open(person(request).role, "journey-edit", "GET"),
    }


@dataclass(frozen=True)
class Alarm:
    """What map and data disagree on; `loud` where something has broken, not where the map is merely incomplete."""

    text: str
    loud: bool = False


def alarm(drift: Drift | None) -> Alarm | None:
    """Say what the map does not know, in a few words; None when it knows everything."""
    if drift is None or not drift.found:
        return None
    kinds = len(drift.unexplained)
    if kinds == 1:
        one = drift.unexplained[0].kind
        return Alarm(gettext("The map does not know “%(kind)s” yet") % {"kind": kind_title(one) or one})
    if kinds:
        said = ngettext(
            "%(count)s kind of event is unknown to the map", "%(count)s kinds of events are unknown to the map", kinds
        )
        return Alarm(said % {"count": number(kinds)})
    if drift.dead:
        dead = len(drift.dead)
        said = ngettext("%(count)s touchpoint has fallen silent", "%(count)s touchpoints have fallen silent", dead)
        return Alarm(said % {"count": number(dead)}, loud=True)
    paths = len(drift.unknown_paths)
    said = ngettext("%(count)s way is unknown to the map", "%(count)s ways are unknown to the map", paths)
    return Alarm(said % {"count": number(paths)})


def words_of_definition() -> str:
    """Say how the cells are counted."""
    return gettext(
        "Customers: different customers with at least one matching event in the period. Moved on: of those who came "
        "here in the period for the first time, the share that reached the other touchpoint afterwards and in time. "
        "Whoever came in the period is watched for as long as the data reach, beyond its last day too. "
        "It is counted among those whose time is over (with the Wilson interval); while these are too few, it is "
        "estimated from all, those still under way included (Kaplan–Meier, with the log-log interval). Usually: the "
        "median of those who moved on. Revenue: what the matched events brought, returns subtracted. What a "
        "signal leaves out is not counted: on the demonstration's map these are orders with a value of 0. Every "
        "figure belongs to the version of the map named above."
    )


def _csv_address(chosen: Look | None) -> str:
    return "?" + urlencode({**chosen.days, **chosen.kept, "format": "csv"}) if chosen else ""


def _rows(printed: Sheet) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    assert printed.figures is not None
    for phase in printed.journey.phases:
        for touchpoint in phase.touchpoints:
            figure = printed.figures.cells[touchpoint.id]
            start: tuple[Cell, ...] = (
                words.named(phase.label),
                words.named(touchpoint.label),
                figure.customers,
                figure.events,
                figure.revenue / 10_000 if figure.revenue is not None else None,
            )
            rows += [
                (
                    *start,
                    printed.titles.get(one.end, one.end),
                    words.within(one.within),
                    one.entered,
                    one.matured,
                    one.moved_on,
                    one.share,
                    *(one.interval or (None, None)),
                    one.method,
                    one.median_days,
                )
                for one in figure.moved_on
            ] or [(*start, *(None,) * 10)]
    return rows
