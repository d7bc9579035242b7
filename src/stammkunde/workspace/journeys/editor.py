"""Let a map be changed by drag, keyboard or plain buttons, with undo and redo, until it is published."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.journeys import drafts
from stammkunde.journeys.document import Journey, Phase, Touchpoint
from stammkunde.journeys.models import Map, MapDraft
from stammkunde.journeys.problems import BadMap
from stammkunde.journeys.reading import read
from stammkunde.kernel import clock
from stammkunde.kernel.errors import WrongInput
from stammkunde.workspace.formatting import number
from stammkunde.workspace.journeys import words
from stammkunde.workspace.journeys.changes import CHANGES, Change
from stammkunde.workspace.journeys.files import problems_of, refusal
from stammkunde.workspace.journeys.finding import map_or_404
from stammkunde.workspace.journeys.signal_form import said


@dataclass(frozen=True)
class CardView:
    """A touchpoint on the board; the places are those among its neighbours."""

    touchpoint: Touchpoint
    title: str
    beside: str
    signal: str
    first: bool
    last: bool
    place: int


@dataclass(frozen=True)
class ColumnView:
    """A phase on the board."""

    phase: Phase
    title: str
    cards: tuple[CardView, ...]
    first: bool
    last: bool
    above: str


def journey_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the board; a POST makes one change to the draft."""
    found = map_or_404(slug)
    if request.method != "POST":
        draft = drafts.draft_of(found)
        return _show(request, found, draft)
    return _sent(request, found)


def apply(request: HttpRequest, found: Map, change: Change) -> MapDraft:
    """Make a change to the draft at the turn that the sender saw; the first change opens the draft."""
    now, user = clock.now(), person(request)
    asked = request.POST.get("turn", "")
    draft = drafts.open_draft(found, by=user, now=now)
    turn = int(asked) if asked.isdecimal() else draft.turn
    return drafts.edit(found, change.operation, what=change.what, turn=turn, by=user, now=now)


def journey_now(found: Map) -> tuple[Journey, MapDraft | None]:
    """Return what the editors see: the draft, or what it would begin with."""
    draft = drafts.draft_of(found)
    text = draft.text if draft is not None else found.current.text if found.current is not None else ""
    journey = read(text).journey
    if journey is None:
        raise Http404(gettext("There is no map of this name."))
    return journey, draft


def _sent(request: HttpRequest, found: Map) -> HttpResponse:
    try:
        said_so = _done(request, found)
    except (WrongInput, ValueError) as wrong:
        audit.nothing_changed()
        refused = refusal(wrong) if isinstance(wrong, WrongInput) else str(wrong)
        return _show(request, found, drafts.draft_of(found), refused=refused, status=422)
    if request.headers.get("HX-Request"):
        return _show(request, found, drafts.draft_of(found), said_so=said_so)
    messages.success(request, said_so)
    return redirect("journey-edit", found.slug)


def _done(request: HttpRequest, found: Map) -> str:
    """Do what was asked and say so."""
    do, _colon, name = request.POST.get("do", "").partition(":")
    now, user = clock.now(), person(request)
    if do in ("undo", "redo"):
        draft = drafts.draft_of(found)
        if draft is None:
            raise drafts.NothingToUndo(str(drafts.NothingToUndo.__doc__))
        before, after = drafts.ways(draft)
        step = drafts.undo if do == "undo" else drafts.redo
        step(found, turn=_turn(request, draft), by=user, now=now)
        template = gettext("Taken back: %(what)s") if do == "undo" else gettext("Made again: %(what)s")
        return template % {"what": (before if do == "undo" else after) or ""}
    journey, _draft = journey_now(found)
    make = CHANGES.get(do)
    if make is None:
        raise Http404(do)
    change = make(journey, name, request.POST.dict())
    apply(request, found, change)
    return change.what


def _turn(request: HttpRequest, draft: MapDraft) -> int:
    asked = request.POST.get("turn", "")
    return int(asked) if asked.isdecimal() else draft.turn


def _show(
    request: HttpRequest, found: Map, draft: MapDraft | None, *, said_so: str = "", refused: str = "", status: int = 200
) -> HttpResponse:
    journey, _again = journey_now(found)
    before, after = drafts.ways(draft) if draft is not None else (None, None)
    titles = {one.id: words.named(one.label) for one in journey.touchpoints}
    context = {
        "found": found,
        "slug": found.slug,
        "title": words.named(journey.label),
        "journey": journey,
        "draft": draft,
        "turn": draft.turn if draft is not None else "",
        "undo": before,
        "redo": after,
        "columns": columns(journey),
        "titles": list(titles.items()),
        "paths": [
            (words.way_name(path, titles), words.within(path.within), f"{path.start}>{path.end}")
            for path in journey.paths
        ],
        "problems": problems_of(draft.text) if draft is not None else (),
        "sentence": _sentence(journey, draft),
        "said_so": said_so,
        "refused": refused,
    }
    return render(request, "workspace/journeys/edit.html", context, status=status)


def columns(journey: Journey) -> list[ColumnView]:
    """Return the phases as columns of the board."""
    titles = {phase.id: words.named(phase.label) for phase in journey.phases}
    last = len(journey.phases) - 1
    return [
        ColumnView(
            phase,
            titles[phase.id],
            tuple(
                CardView(
                    one,
                    words.named(one.label),
                    words.channel(one.channel),
                    said(one.signal) if one.signal.found else "",
                    place == 0,
                    place == len(phase.touchpoints) - 1,
                    place,
                )
                for place, one in enumerate(phase.touchpoints)
            ),
            at == 0,
            at == last,
            titles.get(phase.parent, ""),
        )
        for at, phase in enumerate(journey.phases)
    ]


def _sentence(journey: Journey, draft: MapDraft | None) -> SafeString:
    count = len(journey.touchpoints)
    blind = sum(1 for one in journey.touchpoints if one.signal.found is None and not one.signal.none)
    said_so = ngettext("<b>{count} touchpoint</b> on the map.", "<b>{count} touchpoints</b> on the map.", count)
    whole = format_html(said_so, count=number(count))
    if not blind:
        return whole
    lacking = ngettext(
        "<em>{count}</em> still needs a sign by which somebody is recognised.",
        "<em>{count}</em> still need a sign by which somebody is recognised.",
        blind,
    )
    return format_html("{} {}", whole, format_html(lacking, count=number(blind)))


def journey_edit_text(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the draft be written as text; what is wrong is shown with its line, and kept out."""
    found = map_or_404(slug)
    journey, draft = journey_now(found)
    text = draft.text if draft is not None else found.current.text if found.current is not None else ""
    refused, status = "", 200
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        refused = _replace(request, found, text)
        if not refused:
            messages.success(request, gettext("The text is kept in the draft."))
            return redirect(f"{reverse('journey-edit', args=[slug])}")
        status = 422
    context = {
        "found": found,
        "slug": slug,
        "title": words.named(journey.label),
        "text": text,
        "turn": draft.turn if draft is not None else "",
        "problems": problems_of(text),
        "refused": refused,
    }
    return render(request, "workspace/journeys/edit_text.html", context, status=status)


def _replace(request: HttpRequest, found: Map, text: str) -> str:
    now, user = clock.now(), person(request)
    try:
        read_text = read(text)
        if not read_text.ok:
            raise BadMap(read_text.problems)
        draft = drafts.open_draft(found, by=user, now=now)
        drafts.replace_text(found, text, what=gettext("Text written"), turn=_turn(request, draft), by=user, now=now)
    except WrongInput as wrong:
        audit.nothing_changed()
        return refusal(wrong)
    return ""
