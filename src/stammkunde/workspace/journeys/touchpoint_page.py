"""Show one touchpoint: how it went, where people come from and go to, who they are, and what hurts there."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.accounts.access import person
from stammkunde.accounts.permissions import may_open
from stammkunde.insights.journey_figures import months_before
from stammkunde.insights.journey_values import Cell, JourneyFigures
from stammkunde.journeys.document import Journey, Silence, Touchpoint
from stammkunde.kernel import clock
from stammkunde.kernel.periods import Period, shift_unit, unit_start
from stammkunde.workspace.formatting import number
from stammkunde.workspace.formatting import period as period_name
from stammkunde.workspace.journeys import asked, words
from stammkunde.workspace.journeys.cells import Sheet, WayView, cell
from stammkunde.workspace.journeys.finding import map_or_404, shown
from stammkunde.workspace.journeys.map_page import Seen, frame, see, words_of_definition
from stammkunde.workspace.journeys.people import at_touchpoint, neighbours
from stammkunde.workspace.journeys.signal_form import evidence_said, said
from stammkunde.workspace.pictures.columns import draw_columns
from stammkunde.workspace.pictures.points import Point
from stammkunde.workspace.segments.people import named
from stammkunde.workspace.words import during, short

PAGE_SIZE = 25


@dataclass(frozen=True)
class EvidenceView:
    """One piece of evidence: where it is known from, and what it says."""

    sort: str
    text: str
    counts: bool


def journey_touchpoint(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Answer with one touchpoint."""
    found, now, user = map_or_404(slug), clock.now(), person(request)
    journey = shown(found)
    touchpoint = _touchpoint(journey, name)
    seen = see(request, journey, now=now)
    view = cell(seen.sheet, touchpoint, most_pains=1000)
    figure = seen.sheet.figures.cells[name] if seen.sheet.figures else None
    context = {
        **frame(request, slug, journey, seen),
        "touchpoint": touchpoint,
        "cell": view,
        "phase": words.named(journey.phase_of(name).label),
        "sentence": _sentence(view.title, figure, seen),
        "signal": said(touchpoint.signal) if touchpoint.signal.found else "",
        "facts": _facts(touchpoint),
        "picture": _picture(view.title, figure, seen.sheet.figures),
        "incoming": _incoming(seen.sheet, name),
        "evidence": {
            pain.id: [
                EvidenceView(words.title(words.EVIDENCE, one.sort), evidence_said(one), one.condition is not None)
                for one in pain.evidence
            ]
            for pain in touchpoint.pains
        },
        "definition": words_of_definition(),
        "may_edit": may_open(user.role, "journey-edit-touchpoint", "GET"),
        **_ways(seen, journey, name),
        **_people(request, seen, journey, name, personal=user.may("see_addresses")),
        "segment_address": _segment_address(touchpoint, may=may_open(user.role, "segment-new", "GET")),
    }
    return render(request, "workspace/journeys/touchpoint.html", context)


def _sentence(title: str, figure: Cell | None, seen: Seen) -> SafeString:
    if figure is None or seen.look is None:
        return format_html(gettext("“{title}”: <em>no data yet</em>"), title=title)
    if figure.customers is None or figure.unknown:
        return format_html(gettext("“{title}”: <em>unknown</em> how many come by"), title=title)
    said_so = ngettext(
        "<b>{count} customer</b> was at “{title}” {when}.",
        "<b>{count} customers</b> were at “{title}” {when}.",
        figure.customers,
    )
    whole = format_html(said_so, count=number(figure.customers), title=title, when=during(seen.look.choice.period))
    other = seen.sheet.other.cells.get(figure.touchpoint) if seen.sheet.other else None
    if other is None or other.customers is None or seen.look.against is None:
        return whole
    against = gettext("{other}: <em>{count}</em>.")
    return format_html(
        "{} {}", whole, format_html(against, other=seen.look.against.title, count=number(other.customers))
    )


def _picture(title: str, figure: Cell | None, figures: JourneyFigures | None) -> SafeString | str:
    """Draw the customers of the last twelve months."""
    if figure is None or figures is None or figure.customers is None or not any(figure.trend):
        return ""
    months = _months(figures.end, len(figure.trend))
    points = [
        Point(short(month), float(count), number(count), marked=month.start >= figures.start)
        for month, count in zip(months, figure.trend, strict=True)
    ]
    description = gettext("From {first}: {first_value} to {last}: {last_value}").format(
        first=period_name(months[0]),
        first_value=points[0].text,
        last=period_name(months[-1]),
        last_value=points[-1].text,
    )
    return draw_columns(
        points, title=gettext("Customers at “{title}” by month").format(title=title), description=description
    )


def _months(end: date, count: int) -> list[Period]:
    """Return the last months up to the end of a period; they begin on the day of the month on which it ends."""
    if end == unit_start(end, "month"):
        starts = [shift_unit(end, "month", -back) for back in range(count, -1, -1)]
    else:
        starts = [months_before(end, back) for back in range(count, -1, -1)]
    return [Period(start, until) for start, until in pairwise(starts)]


def _incoming(sheet: Sheet, name: str) -> list[tuple[str, WayView]]:
    from_here = [path for path in sheet.journey.paths if path.end == name and path.start != name]
    views = []
    for path in from_here:
        source = sheet.journey.touchpoint(path.start)
        found = next(one for one in cell(sheet, source).ways if one.end == name)
        views.append((words.named(source.label), found))
    return views


def _ways(seen: Seen, journey: Journey, name: str) -> dict[str, object]:
    if seen.mirror is None or seen.look is None:
        return {"before": [], "after": [], "last_here": None}
    taken = asked.ways(journey, seen.mirror, seen.look.choice.period, seen.look.group, now=clock.now())
    titles = dict(seen.sheet.titles)
    drop = next((one for one in taken.drop_offs if one.touchpoint == name), None)
    return {
        "before": neighbours(taken.transitions, name, titles, before=True),
        "after": neighbours(taken.transitions, name, titles, before=False),
        "last_here": drop,
        "quiet_days": taken.quiet_days,
    }


def _people(request: HttpRequest, seen: Seen, journey: Journey, name: str, *, personal: bool) -> dict[str, object]:
    if seen.mirror is None or seen.look is None:
        return {"people": [], "page": None}
    ids = at_touchpoint(journey, seen.mirror, name, seen.look.choice.period, seen.look.group.among)
    page: Page[int] = Paginator(ids.tolist(), PAGE_SIZE).get_page(request.GET.get("page"))
    return {"people": named(list(page), personal=personal), "page": page}


def _facts(touchpoint: Touchpoint) -> list[tuple[str, str]]:
    facts = [
        (gettext("Channel"), words.channel(touchpoint.channel)),
        (gettext("In whose hands"), words.title(words.OWNERSHIP, touchpoint.owned_by)),
        (gettext("Who begins"), words.title(words.INITIATORS, touchpoint.initiator)),
        (gettext("Legal ground"), words.title(words.GROUNDS, touchpoint.consent) if touchpoint.consent else ""),
        (gettext("Looked after by"), touchpoint.owner),
        (gettext("Should be reached"), words.within(touchpoint.reached_within)),
        (gettext("What the customer thinks"), touchpoint.thinks),
        (gettext("Note"), touchpoint.note),
    ]
    return [(title, value) for title, value in facts if value]


def _segment_address(touchpoint: Touchpoint, *, may: bool) -> str:
    """Return where a segment of everybody who was here in the last 90 days is built."""
    found = touchpoint.signal.found
    if not may or found is None or isinstance(found, Silence) or touchpoint.signal.text.startswith("nth("):
        return ""
    text = f"any({touchpoint.signal.text}, last 90 days)"
    return f"{reverse('segment-new')}?{urlencode({'text': text, 'title': words.named(touchpoint.label)})}"


def _touchpoint(journey: Journey, name: str) -> Touchpoint:
    try:
        return journey.touchpoint(name)
    except KeyError as gone:
        raise Http404(gettext("This touchpoint is not on the map any more.")) from gone
