"""Hand a map out as text, and take one in: what is wrong is shown with its line before anything is kept."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.insights import journey_asking
from stammkunde.journeys import drafts, editing, maps
from stammkunde.journeys.models import Map
from stammkunde.journeys.problems import BadMap, Problem
from stammkunde.journeys.reading import read
from stammkunde.kernel import clock
from stammkunde.kernel.errors import WrongInput
from stammkunde.workspace import uploads
from stammkunde.workspace.journeys.finding import map_or_404
from stammkunde.workspace.journeys.words import language

MOST_BYTES = 500_000
RESERVED = frozenset({"new", "import"})


@dataclass(frozen=True)
class ProblemView:
    """One thing that is wrong with a text, or worth knowing, in the reader's language; `marked` is the line itself."""

    line: int
    place: str
    message: str
    remedy: str
    severe: bool
    marked: str = ""


def journey_text(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand out the current version as YAML, or the draft of a map that has none yet."""
    found = map_or_404(slug)
    draft = drafts.draft_of(found)
    text = found.current.text if found.current is not None else draft.text if draft is not None else ""
    response = HttpResponse(text, content_type="text/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.yaml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def journey_import(request: HttpRequest) -> HttpResponse:
    """Take a map in from a file or from the text field; nothing is kept while it cannot be read."""
    if request.method != "POST":
        return render(request, "workspace/journeys/import.html", {"text": "", "problems": []})
    text = _sent_text(request)
    if uploads.refusal(request):
        audit.nothing_changed()
        refused = gettext("The file is too large for a map: up to 500 kB can be read.")
        context: dict[str, object] = {"text": "", "problems": [], "refused": refused}
        return render(request, "workspace/journeys/import.html", context, status=422)
    problems = problems_of(text) if text.strip() else ()
    severe = any(one.severe for one in problems)
    if not text.strip() or severe or request.POST.get("do") == "check":
        audit.nothing_changed()
        context = {"text": text, "problems": problems, "checked": bool(text.strip()) and not severe}
        status = 422 if severe or not text.strip() else 200
        return render(request, "workspace/journeys/import.html", {**context, "empty": not text.strip()}, status=status)
    try:
        found = _take_in(request, text)
    except WrongInput as wrong:
        context = {"text": text, "problems": problems, "refused": refusal(wrong)}
        return render(request, "workspace/journeys/import.html", context, status=422)
    messages.success(request, gettext("The map is here as a draft. Look at it, then publish it."))
    return redirect("journey-edit", found.slug)


def problems_of(text: str) -> tuple[ProblemView, ...]:
    """Return what is wrong with a text, in the order of its lines."""
    return problem_views(journey_asking.examined(text, now=clock.now()).problems, text)


def problem_views(problems: tuple[Problem, ...], text: str = "") -> tuple[ProblemView, ...]:
    """Return problems in the reader's language, each with the line it speaks of."""
    lines = text.splitlines()
    views = []
    for one in sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, not problem.severe)):
        said = one.in_language(language())
        marked = lines[one.line - 1].strip()[:160] if 0 < one.line <= len(lines) else ""
        views.append(ProblemView(one.line, one.place, said.message, said.remedy, one.severe, marked))
    return tuple(views)


def refusal(wrong: WrongInput) -> str:
    """Say in the reader's language why something was not done."""
    if isinstance(wrong, BadMap):
        severe = next((one for one in wrong.problems if one.severe), None)
        return str(severe.in_language(language())) if severe else str(wrong)
    if isinstance(wrong, drafts.Overtaken):
        return gettext(
            "Another version was published since this draft began. Look at what it says; publishing once more puts the "
            "draft in its place."
        )
    if isinstance(wrong, drafts.ChangedMeanwhile):
        return gettext(
            "Somebody else has changed the draft meanwhile. It is shown as it stands now; please make your change "
            "again."
        )
    if isinstance(wrong, drafts.NothingToUndo):
        return gettext("There is nothing to take back.")
    if isinstance(wrong, maps.NameTaken):
        return gettext("Another map has this short name already. Please choose another one.")
    if isinstance(wrong, maps.BadName):
        return gettext("This cannot be the short name of a map. Please choose another one.")
    if isinstance(wrong, editing.NoSuchPart):
        return gettext("This part is no longer on the map. Please load the page anew.")
    if isinstance(wrong, editing.Full):
        return gettext("The map has as many touchpoints as a map can have. Please begin a second one.")
    if isinstance(wrong, editing.NotSo):
        return gettext("Something on the map has this short name already. Please choose another one.")
    return str(wrong)


def free_slug(wish: str) -> str:
    """Return a short name that is free and no address of ours."""
    return maps.free_name(f"{wish}-map" if wish in RESERVED else wish)


def _take_in(request: HttpRequest, text: str) -> Map:
    """Make a new map of a text, or the draft of the map it names, whichever the reader asked for."""
    now, user = clock.now(), person(request)
    journey = read(text).journey
    name = journey.id if journey is not None else ""
    known = Map.objects.filter(slug=name).first()
    if known is None or request.POST.get("do") == "as-new":
        return drafts.create(free_slug(name), text, by=user, now=now)
    draft = drafts.open_draft(known, by=user, now=now)
    drafts.replace_text(known, text, what=gettext("Text taken in"), turn=draft.turn, by=user, now=now)
    return known


def _sent_text(request: HttpRequest) -> str:
    sent = request.FILES.get("file")
    if sent is None:
        return str(request.POST.get("text", "")).replace("\r\n", "\n")
    raw = sent.read(MOST_BYTES + 1)
    return str(raw.decode("utf-8-sig", errors="replace")).replace("\r\n", "\n")
