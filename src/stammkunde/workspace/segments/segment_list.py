"""Show all segments: what each means, how many are in it, how it grows, what it brings, and who is in two of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde import conditions
from stammkunde.accounts.access import person
from stammkunde.accounts.models import Business
from stammkunde.accounts.permissions import may_open
from stammkunde.insights import figures
from stammkunde.kernel import clock
from stammkunde.kernel.periods import Period
from stammkunde.segments import definitions, listing
from stammkunde.segments.listing import Listed
from stammkunde.workspace.figure_card import Sparkline, sparkline
from stammkunde.workspace.formatting import number, percent
from stammkunde.workspace.segments.beside import Beside, beside_all, figures_of
from stammkunde.workspace.segments.draft import language

GROWTH_DAYS = 30
_OVERLAPPING = 10
_SHADES = 20


@dataclass(frozen=True)
class Line:
    """One segment as the list prints it."""

    listed: Listed
    title: str
    purpose: str
    sentence: str
    share: float | None
    growth: Sparkline | None
    beside: Beside


@dataclass(frozen=True)
class OverlapCell:
    """How many of one segment are in another: the count, the share of the row's segment, and its shade."""

    text: str
    hint: str
    style: str


@dataclass(frozen=True)
class OverlapRow:
    """One segment and how it overlaps the others."""

    title: str
    cells: list[OverlapCell]


def segments(request: HttpRequest) -> HttpResponse:
    """Answer with the list of segments."""
    listed = sorted(listing.listed(), key=lambda one: (one.segment.ready, -one.members))
    period = figures.usual_period()
    now = clock.now()
    lines = _lines(listed, period, now)
    context = {
        "sentence": _sentence(listed),
        "lines": lines,
        "everybody": beside_all(period),
        "of": listed[0].of if listed else 0,
        "period": period,
        "currency": Business.current().currency,
        "overlap": _overlap(lines),
        "may_build": may_open(person(request).role, "segment-new", "GET"),
        "unfilled": any(not one.filled for one in listed),
    }
    template = "workspace/segments/list.html" if listed else "workspace/segments/list_empty.html"
    return render(request, template, context)


def _lines(listed: Sequence[Listed], period: Period | None, now: datetime) -> list[Line]:
    known = definitions.conditions()
    return [_line(one, known, period, now) for one in listed]


def _line(one: Listed, known: Mapping[str, conditions.Condition], period: Period | None, now: datetime) -> Line:
    segment = one.segment
    return Line(
        listed=one,
        title=segment.title_in(language()),
        purpose=segment.purpose_in(language()),
        sentence=conditions.describe(known[segment.name], language()),
        share=one.members / one.of if one.of else None,
        growth=_growth(one),
        beside=figures_of(segment.name, period, now=now),
    )


def _growth(one: Listed) -> Sparkline | None:
    """Draw how many were in the segment on each of the last days, counted back from today."""
    days = listing.growth(one.segment.name, until=timezone.localdate(), days=GROWTH_DAYS)
    if not any(entered or left for _, entered, left in days):
        return None
    members, course = one.members, [one.members]
    for _, entered, left in reversed(days):
        members -= entered - left
        course.append(members)
    return sparkline([float(count) for count in reversed(course)])


def _sentence(listed: Sequence[Listed]) -> SafeString:
    own = sum(not one.segment.ready for one in listed)
    entered, left = sum(one.entered_7d for one in listed), sum(one.left_7d for one in listed)
    said = ngettext("<b>{count} segment</b>", "<b>{count} segments</b>", len(listed))
    whole = format_html(said, count=number(len(listed)))
    of_own = ngettext("{count} of your own", "{count} of your own", own).format(count=number(own)) if own else ""
    moved = gettext("In the last 7 days {entered} entries and {left} exits.").format(
        entered=number(entered), left=number(left)
    )
    template = "{whole}, {own}. {moved}" if own else "{whole}. {moved}"
    return format_html(template, whole=whole, own=of_own, moved=moved)


def _overlap(lines: Sequence[Line]) -> tuple[list[str], list[OverlapRow]] | None:
    """Lay the largest segments over one another; None unless two of them have members."""
    chosen = sorted((line for line in lines if line.listed.members), key=lambda line: -line.listed.members)
    chosen = chosen[:_OVERLAPPING]
    if len(chosen) < 2:
        return None
    both = listing.overlap([line.listed.segment.name for line in chosen])
    rows = [OverlapRow(line.title, [_cell(line, other, both) for other in chosen]) for line in chosen]
    return [line.title for line in chosen], rows


def _cell(line: Line, other: Line, both: Mapping[tuple[str, str], int]) -> OverlapCell:
    one, two = line.listed.segment.name, other.listed.segment.name
    if one == two:
        return OverlapCell(number(line.listed.members), "", "first")
    count = both.get((one, two), both.get((two, one), 0))
    share = count / line.listed.members
    hint = gettext("%(count)s of “%(one)s” are in “%(two)s” too") % {
        "count": number(count),
        "one": line.title,
        "two": other.title,
    }
    return OverlapCell(percent(share, 0), hint, f"heat-{round(share * _SHADES)}")


