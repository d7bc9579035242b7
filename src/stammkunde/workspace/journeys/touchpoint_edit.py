"""Change one touchpoint or one phase of the draft."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from stammkunde.accounts import audit
from stammkunde.insights import figures as shelf
from stammkunde.insights.journey_channels import CHANNELS
from stammkunde.journeys import editing
from stammkunde.journeys.document import Journey, Phase, Signal, Touchpoint
from stammkunde.journeys.models import Map, MapDraft
from stammkunde.kernel import clock
from stammkunde.kernel.errors import WrongInput
from stammkunde.workspace.formatting import number
from stammkunde.workspace.formatting import period as period_name
from stammkunde.workspace.journeys import asked, words
from stammkunde.workspace.journeys.changes import Change
from stammkunde.workspace.journeys.editor import apply, journey_now
from stammkunde.workspace.journeys.files import refusal
from stammkunde.workspace.journeys.finding import map_or_404
from stammkunde.workspace.journeys.look import Group
from stammkunde.workspace.journeys.phase_form import PhaseForm
from stammkunde.workspace.journeys.signal_form import (
    SORTS,
    UNITS,
    WHICH,
    SignalDraft,
    attribute_choices,
    kind_choices,
    of_signal,
    sent_signal,
    value_choices,
)
from stammkunde.workspace.journeys.touchpoint_form import PainRow, TouchpointForm, change_of, pain_rows, rows_sent
from stammkunde.workspace.period_choice import choose


def journey_edit_touchpoint(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Answer with the form of one touchpoint; a POST keeps it in the draft, or only says what a signal would find."""
    found = map_or_404(slug)
    journey, draft = journey_now(found)
    touchpoint = _touchpoint(journey, name)
    if request.method != "POST":
        form = TouchpointForm(None, journey=journey, touchpoint=touchpoint)
        return _show(
            request, found, draft, journey, touchpoint, form, of_signal(touchpoint.signal), pain_rows(touchpoint)
        )
    sent = request.POST.dict()
    form = TouchpointForm(sent, journey=journey, touchpoint=touchpoint)
    signal, rows = sent_signal(sent), rows_sent(sent)
    if sent.get("do") == "check":
        audit.nothing_changed()
        return _show(request, found, draft, journey, touchpoint, form, signal, rows)
    refused = "" if form.is_valid() else gettext("Something is missing; it is marked below.")
    chosen = signal.signal
    if chosen is None or any(row.problem and row.label for row in rows):
        refused = gettext("Something is missing; it is marked below.")
    if refused or chosen is None:
        audit.nothing_changed()
        return _show(request, found, draft, journey, touchpoint, form, signal, rows, refused=refused, status=422)
    try:
        change = change_of(journey, touchpoint, form, chosen, rows)
        apply(request, found, change)
    except WrongInput as wrong:
        audit.nothing_changed()
        said = refusal(wrong)
        return _show(request, found, draft, journey, touchpoint, form, signal, rows, refused=said, status=422)
    messages.success(request, change.what)
    return redirect("journey-edit", slug)


def journey_edit_phase(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Answer with the form of one phase; a POST keeps it in the draft."""
    found = map_or_404(slug)
    journey, draft = journey_now(found)
    phase = _phase(journey, name)
    form = PhaseForm(request.POST.dict() if request.method == "POST" else None, journey=journey, phase=phase)
    refused = ""
    if form.is_bound:
        try:
            if form.is_valid():
                values = form.values()
                what = gettext("Phase “%(name)s” described") % {"name": form.cleaned_data["title"]}
                apply(request, found, Change(lambda one: editing.set_phase(one, name, **values), what))
                messages.success(request, what)
                return redirect("journey-edit", slug)
        except WrongInput as wrong:
            refused = refusal(wrong)
        audit.nothing_changed()
    context = {
        "slug": slug,
        "title": words.named(journey.label),
        "name": words.named(phase.label),
        "form": form,
        "turn": draft.turn if draft is not None else "",
        "refused": refused,
    }
    return render(request, "workspace/journeys/edit_phase.html", context, status=422 if form.is_bound else 200)


def _show(
    request: HttpRequest,
    found: Map,
    draft: MapDraft | None,
    journey: Journey,
    touchpoint: Touchpoint,
    form: TouchpointForm,
    signal: SignalDraft,
    rows: list[PainRow],
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    seen = asked.kinds_seen()
    context = {
        "slug": found.slug,
        "title": words.named(journey.label),
        "name": words.named(touchpoint.label),
        "touchpoint": touchpoint,
        "form": form,
        "turn": draft.turn if draft is not None else "",
        "signal": signal,
        "sorts": [(value, title) for value, title in SORTS.items() if value != "text" or signal.sort == "text"],
        "which": list(WHICH.items()),
        "units": list(UNITS.items()),
        "kinds": kind_choices(seen, signal.kind, signal.missing),
        "attributes": attribute_choices(signal, seen),
        "values": value_choices(signal, seen),
        "finds": finds(journey, touchpoint, signal.signal),
        "rows": rows,
        "severities": list(words.SEVERITIES.items()),
        "states": list(words.PAIN_STATES.items()),
        "evidence": list(words.EVIDENCE.items()),
        "channels": sorted(CHANNELS),
        "refused": refused,
    }
    return render(request, "workspace/journeys/edit_touchpoint.html", context, status=status)


def finds(journey: Journey, touchpoint: Touchpoint, signal: Signal | None) -> str:
    """Say how many customers a signal would have found in the last quarter that is over; empty without data."""
    mirror = shelf.mirror()
    if mirror is None or signal is None or signal.found is None:
        return ""
    alone = Touchpoint(id=touchpoint.id, label=touchpoint.label, signal=signal)
    phase = Phase(id="only", label=touchpoint.label, touchpoints=(alone,))
    small = replace(journey, phases=(phase,), paths=(), opportunities=(), initiatives=(), goal=None, entry=None)
    period = choose({}, mirror).period
    cell = asked.figures(small, mirror, period, Group(), now=clock.now()).cells[touchpoint.id]
    said = ngettext(
        "In %(period)s this sign finds %(count)s customer in %(events)s events.",
        "In %(period)s this sign finds %(count)s customers in %(events)s events.",
        cell.customers or 0,
    )
    return said % {
        "period": period_name(period),
        "count": number(cell.customers or 0),
        "events": number(cell.events or 0),
    }


def _touchpoint(journey: Journey, name: str) -> Touchpoint:
    try:
        return journey.touchpoint(name)
    except KeyError as gone:
        raise Http404(gettext("This touchpoint is not on the map any more.")) from gone


def _phase(journey: Journey, name: str) -> Phase:
    for phase in journey.phases:
        if phase.id == name:
            return phase
    raise Http404(gettext("This phase is not on the map any more."))
