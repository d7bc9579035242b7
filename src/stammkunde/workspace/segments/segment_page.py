"""Show one segment: what it means, how it grows, who is in it and why, who comes and goes soon, and its sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde import conditions
from stammkunde.accounts.access import person
from stammkunde.accounts.models import Business
from stammkunde.accounts.permissions import may_open
from stammkunde.insights.group_portrait import group_portrait
from stammkunde.kernel import clock
from stammkunde.segments import definitions, listing
from stammkunde.segments.listing import Listed
from stammkunde.segments.models import Membership, Segment
from stammkunde.segments.privacy import names_members
from stammkunde.workspace.formatting import number, percent
from stammkunde.workspace.segments.brings import bring
from stammkunde.workspace.segments.counted import COMING_DAYS, Counted, counted
from stammkunde.workspace.segments.draft import language
from stammkunde.workspace.segments.finding import segment_or_404
from stammkunde.workspace.segments.growth import WEEK, growths, still
from stammkunde.workspace.segments.people import Named, named
from stammkunde.workspace.segments.plan_text import plan_text
from stammkunde.workspace.segments.sheet import SheetForm, blocks
from stammkunde.workspace.segments.why import Answer, answers

PAGE_SIZE = 25
_SOON = 10


@dataclass(frozen=True)
class MemberView:
    """One member as the page prints her: since when, and the reason, with the day on which time alone ends it."""

    who: Named
    since: datetime
    answer: Answer


@dataclass(frozen=True)
class Soon:
    """Who enters or leaves within a week by time alone: a few of them, and how many more there are."""

    people: list[Named]
    more: int


def segment(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with the page of one segment."""
    chosen, user, now = segment_or_404(name), person(request), clock.now()
    condition = definitions.conditions()[name]
    [listed] = listing.listed([name])
    growth = growths(now=now).get(name, still(now))
    soon = counted(condition, now=now)
    personal = user.may("see_addresses")
    naming = names_members(name, definitions.conditions(), personal=personal)
    form = SheetForm(None, sheet=chosen.sheet)
    context = {
        "segment": chosen,
        "title": chosen.title_in(language()),
        "purpose": chosen.purpose_in(language()),
        "listed": listed,
        "sentence": _sentence(_size(listed, soon), listed.of, growth.entered(WEEK), growth.left(WEEK)),
        "meaning": conditions.describe(condition, language()),
        "brings": bring(name, soon.today if soon else None),
        "soon": soon,
        "entering": _soon(soon.entering if soon and naming else (), personal=personal),
        "leaving": _soon(soon.leaving if soon and naming else (), personal=personal),
        "days": COMING_DAYS,
        "naming": naming,
        **(_members(request, chosen, condition, now, personal=personal) if naming else {}),
        "form": form,
        "blocks": blocks(form, group_portrait(condition, now=now), Business.current().currency),
        "may_change": may_open(user.role, "segment-edit", "POST"),
        "may_export": may_open(user.role, "segment-export", "GET"),
        "used_by": _used_by(name),
        "query": plan_text(chosen.text, condition, now=now),
    }
    return render(request, "workspace/segments/segment.html", context)


def _size(listed: Listed, live: Counted | None) -> int:
    """Return how many are in it; counted anew as long as the members have not been written down yet."""
    return listed.members if listed.filled or live is None else live.members


def _sentence(members: int, of: int, entered: int, left: int) -> SafeString:
    said = ngettext(
        "<b>{members} customer</b> is in this segment now, {share} of all.",
        "<b>{members} customers</b> are in this segment now, {share} of all.",
        members,
    )
    whole = format_html(said, members=number(members), share=percent(members / of if of else None))
    if not entered and not left:
        return whole
    moved = gettext("In the last 7 days {entered} came in and <em>{left}</em> fell out.")
    return format_html("{} {}", whole, format_html(moved, entered=number(entered), left=number(left)))


def _members(
    request: HttpRequest, chosen: Segment, condition: conditions.Condition, now: datetime, *, personal: bool
) -> dict[str, object]:
    rows = Membership.objects.filter(segment=chosen).order_by("-since", "customer_id")
    page: Page[Membership] = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    ids = [row.customer_id for row in page]
    people = {one.id: one for one in named(ids, personal=personal)}
    found = answers(condition, ids, now=now, personal=personal)
    views = [MemberView(people[row.customer_id], row.since, found[row.customer_id]) for row in page]
    return {"page": page, "members": views}


def _soon(customers: Sequence[int], *, personal: bool) -> Soon:
    return Soon(named(customers[:_SOON], personal=personal), max(len(customers) - _SOON, 0))


def _used_by(name: str) -> list[Segment]:
    users = [
        one for one, condition in definitions.conditions().items() if name in conditions.concerns(condition).segments
    ]
    return list(Segment.objects.filter(name__in=users).order_by("title", "name"))
