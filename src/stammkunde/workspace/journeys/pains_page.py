"""Keep the register of what hurts and what could be done: evidence, whom it concerns, priority, status."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import get_args

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.accounts import audit
from stammkunde.insights.journey_values import PainFigure, PainPriority, Priorities
from stammkunde.journeys import editing
from stammkunde.journeys.document import Evidence, Journey, Label, Opportunity, Pain, PainStatus, Touchpoint
from stammkunde.kernel import clock
from stammkunde.kernel.errors import WrongInput
from stammkunde.workspace.downloads import Cell, download
from stammkunde.workspace.formatting import number
from stammkunde.workspace.journeys import asked, words
from stammkunde.workspace.journeys.changes import Change, title_sent
from stammkunde.workspace.journeys.editor import apply, journey_now
from stammkunde.workspace.journeys.files import refusal
from stammkunde.workspace.journeys.finding import map_or_404, shown
from stammkunde.workspace.journeys.map_page import Seen, frame, see
from stammkunde.workspace.journeys.signal_form import evidence_said
from stammkunde.workspace.words import say

_HEADER = (
    "pain", "touchpoint", "severity", "status", "customers", "events", "customers_per_month", "opportunity", "priority",
)  # fmt: skip
_IDEAS = ("idea", "planned", "in_work", "done", "dropped")


@dataclass(frozen=True)
class PainLine:
    """One pain in the register."""

    id: str
    title: str
    touchpoint: str
    touchpoint_title: str
    severity: str
    status: str
    status_title: str
    owner: str
    evidence: tuple[str, ...]
    customers: str
    per_month: str
    beside: str
    unknown: str
    opportunity: str
    priority: str


@dataclass(frozen=True)
class OpportunityLine:
    """One opportunity in the register; `reach` is measured, the other three are estimated."""

    id: str
    title: str
    pains: tuple[str, ...]
    chosen: tuple[str, ...]
    reach: str
    impact: str
    confidence: str
    effort: str
    priority: str
    status: str
    owner: str
    unknown: str = ""


@dataclass(frozen=True)
class Register:
    """All pains and opportunities, the most worthwhile first."""

    pains: list[PainLine] = field(default_factory=list)
    opportunities: list[OpportunityLine] = field(default_factory=list)


def journey_pains(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the register; a POST changes the draft."""
    found = map_or_404(slug)
    if request.method == "POST":
        return _changed(request, slug)
    now, journey = clock.now(), shown(found)
    draft_journey, draft = journey_now(found)
    seen = see(request, journey, now=now)
    ranked = _ranked(seen, journey)
    register = _register(journey, ranked)
    if request.GET.get("format") == "csv":
        return download(f"stammkunde-pains-{slug}", _HEADER, _rows(journey, ranked))
    pending = draft is not None and (
        list(draft_journey.pains()) != list(journey.pains()) or draft_journey.opportunities != journey.opportunities
    )
    context = {
        **frame(request, slug, journey, seen),
        "sentence": _sentence(register),
        "pains": register.pains,
        "opportunities": register.opportunities,
        "turn": draft.turn if draft is not None else "",
        "pending": pending,
        "states": list(words.PAIN_STATES.items()),
        "severities": list(words.SEVERITIES.items()),
        "evidence_sorts": list(words.EVIDENCE.items()),
        "touchpoints": [(one.id, words.named(one.label)) for one in draft_journey.touchpoints],
        "all_pains": [(pain.id, words.named(pain.label)) for _at, pain in draft_journey.pains()],
        "ideas": [(state, idea_title(state)) for state in _IDEAS],
    }
    return render(request, "workspace/journeys/pains.html", context)


def idea_title(state: str) -> str:
    """Return what the status of an opportunity is called."""
    titles = {
        "idea": gettext("idea"),
        "planned": gettext("planned"),
        "in_work": gettext("in work"),
        "done": gettext("done"),
        "dropped": gettext("dropped"),
    }
    return titles.get(state, state)


def _ranked(seen: Seen, journey: Journey) -> Priorities | None:
    if seen.mirror is None or seen.look is None:
        return None
    return asked.priorities(journey, seen.mirror, seen.look.choice.period, seen.look.group, now=clock.now())


def _register(journey: Journey, ranked: Priorities | None) -> Register:
    by_pain = {one.pain: one for one in ranked.pains} if ranked else {}
    order = {one.pain: place for place, one in enumerate(ranked.pains)} if ranked else {}
    pains = sorted(journey.pains(), key=lambda one: order.get(one[1].id, len(order)))
    return Register(
        [_pain_line(journey, touchpoint, pain, by_pain.get(pain.id)) for touchpoint, pain in pains],
        _opportunities(journey, ranked),
    )


def _pain_line(journey: Journey, touchpoint: Touchpoint, pain: Pain, found: PainPriority | None) -> PainLine:
    figure = found.figure if found else None
    known = {one.id: words.named(one.label) for one in journey.opportunities}
    return PainLine(
        id=pain.id,
        title=words.named(pain.label),
        touchpoint=touchpoint.id,
        touchpoint_title=words.named(touchpoint.label),
        severity=words.title(words.SEVERITIES, pain.severity),
        status=pain.status,
        status_title=words.title(words.PAIN_STATES, pain.status),
        owner=pain.owner,
        evidence=tuple(_piece(one) for one in pain.evidence),
        customers=number(figure.customers) if figure and figure.customers is not None else "",
        per_month=_roughly(figure.per_month) if figure and figure.per_month is not None else "",
        beside=_beside(figure) if figure and figure.customers is not None else "",
        unknown=say(figure.unknown) if figure and figure.unknown else "",
        opportunity=known.get(found.opportunity, "") if found else "",
        priority=_roughly(found.priority) if found and found.priority is not None else "",
    )


def _beside(figure: PainFigure) -> str:
    """Say what the number counts: a condition is true at a moment, events happen month after month."""
    if figure.events is None:
        return gettext("at the end of this time")
    return gettext("a month, %(count)s in this time") % {"count": number(figure.customers)}


def _piece(evidence: Evidence) -> str:
    sort, text = words.title(words.EVIDENCE, evidence.sort), evidence_said(evidence)
    return f"{sort}: {text}" if text else sort


def _opportunities(journey: Journey, ranked: Priorities | None) -> list[OpportunityLine]:
    pains = {pain.id: words.named(pain.label) for _at, pain in journey.pains()}
    by_id = {one.opportunity: one for one in ranked.opportunities} if ranked else {}
    order = {one.opportunity: place for place, one in enumerate(ranked.opportunities)} if ranked else {}
    lines = []
    for one in sorted(journey.opportunities, key=lambda one: order.get(one.id, len(order))):
        found = by_id.get(one.id)
        lines.append(
            OpportunityLine(
                id=one.id,
                title=words.named(one.label),
                pains=tuple(pains.get(name, name) for name in one.pains),
                chosen=one.pains,
                reach=_roughly(found.reach) if found and found.reach is not None else "",
                impact=plain(one.impact),
                confidence=plain(one.confidence),
                effort=plain(one.effort_weeks),
                priority=_roughly(found.priority) if found and found.priority is not None else "",
                status=one.status,
                owner=one.owner,
            )
        )
    return lines


def _roughly(value: float) -> str:
    return number(value, 0 if abs(value) >= 10 or value == round(value) else 1)


def plain(value: float) -> str:
    """Write an estimate as it was entered: 0.5, 2."""
    text = f"{value:g}"
    return text.replace(".", ",") if words.language() == "de" else text


def _sentence(register: Register) -> SafeString:
    if not register.pains:
        return SafeString(gettext("No pain is written down yet. <em>Ask the next five customers.</em>"))
    measured = sum(1 for one in register.pains if one.customers)
    said = ngettext(
        "<b>{count} pain</b> is written down; {measured} of them is counted in the data.",
        "<b>{count} pains</b> are written down; {measured} of them are counted in the data.",
        len(register.pains),
    )
    whole = format_html(said, count=number(len(register.pains)), measured=number(measured))
    best = next((one for one in register.opportunities if one.priority), None)
    if best is None:
        return whole
    return format_html("{} {}", whole, format_html(gettext("Most worthwhile: <b>{title}</b>."), title=best.title))


def _rows(journey: Journey, ranked: Priorities | None) -> list[tuple[Cell, ...]]:
    by_pain = {one.pain: one for one in ranked.pains} if ranked else {}
    rows: list[tuple[Cell, ...]] = []
    for touchpoint, pain in journey.pains():
        found = by_pain.get(pain.id)
        rows.append(
            (
                words.named(pain.label),
                words.named(touchpoint.label),
                pain.severity,
                pain.status,
                found.figure.customers if found else None,
                found.figure.events if found else None,
                found.figure.per_month if found else None,
                found.opportunity if found else "",
                found.priority if found else None,
            )
        )
    return rows


# What the forms of the register do to the draft.


def _changed(request: HttpRequest, slug: str) -> HttpResponse:
    found = map_or_404(slug)
    journey, _draft = journey_now(found)
    do, _colon, name = request.POST.get("do", "").partition(":")
    make = _CHANGES.get(do)
    if make is None:
        raise Http404(do)
    try:
        change = make(journey, name, request.POST.dict(), request.POST.getlist("pains"))
        apply(request, found, change)
    except (WrongInput, ValueError) as wrong:
        audit.nothing_changed()
        messages.error(request, refusal(wrong) if isinstance(wrong, WrongInput) else str(wrong))
        return redirect("journey-pains", slug)
    messages.success(request, gettext("%(what)s, in the draft. Publish it when you are done.") % {"what": change.what})
    return redirect("journey-pains", slug)


def _pain_of(journey: Journey, name: str) -> tuple[Touchpoint, Pain]:
    for touchpoint, pain in journey.pains():
        if pain.id == name:
            return touchpoint, pain
    raise ValueError(gettext("This pain is not on the map any more."))


def _set_status(journey: Journey, name: str, sent: dict[str, str], _pains: list[str]) -> Change:
    touchpoint, pain = _pain_of(journey, name)
    states: tuple[PainStatus, ...] = get_args(PainStatus)
    status = next((state for state in states if state == sent.get("status")), pain.status)
    owner = sent.get("owner", pain.owner).strip()[:80]
    what = gettext("“%(name)s”: %(status)s") % {
        "name": words.named(pain.label),
        "status": words.title(words.PAIN_STATES, status),
    }
    return Change(lambda one: editing.set_pain(one, touchpoint.id, name, status=status, owner=owner), what)


def _opportunity_of(journey: Journey, sent: dict[str, str], pains: list[str], name: str, label: Label) -> Opportunity:
    known = {pain.id for _at, pain in journey.pains()}
    return Opportunity(
        id=name,
        label=label,
        pains=tuple(one for one in pains if one in known),
        impact=_estimate(sent, "impact", high=10),
        confidence=_estimate(sent, "confidence", high=1),
        effort_weeks=_estimate(sent, "effort", high=520, low=0.01),
        owner=sent.get("owner", "").strip()[:80],
        status=sent.get("status", "idea") if sent.get("status", "idea") in _IDEAS else "idea",
    )


def _add_opportunity(journey: Journey, _name: str, sent: dict[str, str], pains: list[str]) -> Change:
    title = title_sent(sent, "title")
    made = _opportunity_of(journey, sent, pains, editing.free_id(journey, title), Label(((words.language(), title),)))
    what = gettext("“%(name)s” added") % {"name": title}
    return Change(lambda one: editing.add_opportunity(one, made), what)


def _set_opportunity(journey: Journey, name: str, sent: dict[str, str], pains: list[str]) -> Change:
    known = next((one for one in journey.opportunities if one.id == name), None)
    if known is None:
        raise ValueError(gettext("This opportunity is not on the map any more."))
    title = title_sent(sent, "title")
    new = _opportunity_of(journey, sent, pains, name, editing.renamed(known.label, title, words.language()))
    what = gettext("“%(name)s” changed") % {"name": title}
    values = {name: getattr(new, name) for name in _FIELDS}
    return Change(lambda one: editing.set_opportunity(one, known.id, **values), what)


def _remove_opportunity(journey: Journey, name: str, _sent: dict[str, str], _pains: list[str]) -> Change:
    known = next((one for one in journey.opportunities if one.id == name), None)
    what = gettext("“%(name)s” removed") % {"name": words.named(known.label) if known else name}
    return Change(lambda one: editing.remove_opportunity(one, name), what)


_FIELDS = ("label", "pains", "impact", "confidence", "effort_weeks", "owner", "status")


def _estimate(sent: dict[str, str], name: str, *, high: float, low: float = 0.0) -> float:
    try:
        value = float(sent.get(name, "").strip().replace(",", "."))
    except ValueError as wrong:
        raise ValueError(gettext("Please estimate impact, confidence and effort as numbers.")) from wrong
    if not low <= value <= high:
        raise ValueError(
            gettext("Impact lies between 0 and 10, confidence between 0 and 1, effort is more than 0 weeks.")
        )
    return value


_CHANGES: dict[str, Callable[[Journey, str, dict[str, str], list[str]], Change]] = {
    "status": _set_status,
    "add-opportunity": _add_opportunity,
    "set-opportunity": _set_opportunity,
    "remove-opportunity": _remove_opportunity,
}
