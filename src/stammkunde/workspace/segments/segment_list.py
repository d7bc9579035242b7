"""Show all segments: what each means, how many are in it, how it grows, what it brings, and who is in two of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde import conditions
from stammkunde.accounts.access import person
from stammkunde.accounts.models import Business
from stammkunde.accounts.permissions import may_open
from stammkunde.insights import figures, segmenting
from stammkunde.kernel import clock
from stammkunde.kernel.periods import Period
from stammkunde.segments import asking, definitions, listing
from stammkunde.segments.listing import Listed
from stammkunde.workspace.figure_card import Sparkline
from stammkunde.workspace.formatting import number, percent
from stammkunde.workspace.segments.beside import Beside, beside_all, figures_among
from stammkunde.workspace.segments.draft import language
from stammkunde.workspace.segments.growth import WEEK, Growth, growths, still

READY_BY_SCORES = "rfm-"
YOUNG = timedelta(days=WEEK)
_OVERLAPPING = 8
_SHADES = 20


@dataclass(frozen=True)
class Line:
    """One segment as the list prints it."""

    listed: Listed
    title: str
    purpose: str
    sentence: str
    members: int
    share: float | None
    entered: int
    left: int
    course: Sparkline | None
    beside: Beside
    young: bool

    @property
    def by_scores(self) -> bool:
        """Tell whether it is one of the ready groups by recency, frequency and revenue."""
        return self.listed.segment.ready and self.listed.segment.name.startswith(READY_BY_SCORES)


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
    now = clock.now()
    segmenting.provide(now=now)
    listed = sorted(listing.listed(), key=lambda one: (one.segment.ready, -one.members))
    period = figures.usual_period()
    lines = _lines(listed, growths(now=now), period, now)
    context = {
        "sentence": _sentence(lines),
        "groups": _groups(lines),
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


def _lines(listed: Sequence[Listed], moved: Mapping[str, Growth], period: Period | None, now: datetime) -> list[Line]:
    known = definitions.known()
    asked = [known.conditions[one.segment.name] for one in listed]
    found = asking.answers(figures.snapshot(), asked, known=known, now=now)
    return [
        _line(
            one,
            condition,
            one.members if one.filled else len(customers),
            moved.get(one.segment.name, still(now)),
            figures_among(customers, period),
            now,
        )
        for one, condition, customers in zip(listed, asked, found, strict=True)
    ]


def _line(
    one: Listed, condition: conditions.Condition, members: int, growth: Growth, beside: Beside, now: datetime
) -> Line:
    segment = one.segment
    return Line(
        listed=one,
        title=segment.title_in(language()),
        purpose=segment.purpose_in(language()),
        sentence=conditions.describe(condition, language()),
        members=members,
        share=members / one.of if one.of else None,
        entered=growth.entered(WEEK),
        left=growth.left(WEEK),
        course=growth.course(members),
        beside=beside,
        young=now - segment.created_at < YOUNG,
    )


def _groups(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Put one's own segments first, then the ready ones, the groups by scores last; empty groups are left out."""
    groups = [
        (gettext("Your own"), [line for line in lines if not line.listed.segment.ready]),
        (gettext("Ready for every business"), [x for x in lines if x.listed.segment.ready and not x.by_scores]),
        (gettext("By recency, frequency and revenue (RFM), as of last night"), [x for x in lines if x.by_scores]),
    ]
    return [(title, found) for title, found in groups if found]


def _sentence(lines: Sequence[Line]) -> SafeString:
    said = ngettext("<b>{count} segment</b>.", "<b>{count} segments</b>.", len(lines))
    sentences = [format_html(said, count=number(len(lines)))]
    largest = max(lines, key=lambda line: line.members, default=None)
    if largest is not None and largest.listed.members and len(lines) > 1:
        size = ngettext(
            "The largest is “{title}” with {count} customer ({share}).",
            "The largest is “{title}” with {count} customers ({share}).",
            largest.listed.members,
        )
        count = number(largest.listed.members)
        sentences.append(format_html(size, title=largest.title, count=count, share=percent(largest.share)))
    # Everybody is in one of the groups by scores, and changes between them: that says nothing of the others.
    told = [line for line in lines if not line.by_scores]
    entered, left = sum(line.entered for line in told), sum(line.left for line in told)
    if entered or left:
        moved = gettext("In the last 7 days {entered} entries and {left} exits.")
        sentences.append(format_html(moved, entered=number(entered), left=number(left)))
    return format_html_join(" ", "{}", ((sentence,) for sentence in sentences))


def _overlap(lines: Sequence[Line]) -> tuple[list[str], list[OverlapRow]] | None:
    """Lay the largest segments over one another; None unless two of them have members."""
    some = [line for line in lines if line.listed.members]
    chosen = sorted(some, key=lambda line: (line.by_scores, -line.listed.members))
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
