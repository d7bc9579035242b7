"""Show the versions of a map, what changed from one to the next, and publish, go back or set aside."""

from dataclasses import dataclass
from difflib import unified_diff

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.journeys import drafts, maps
from stammkunde.journeys.models import Map, MapDraft, MapVersion
from stammkunde.kernel import clock
from stammkunde.kernel.errors import WrongInput
from stammkunde.workspace.formatting import day, number
from stammkunde.workspace.journeys.cells import sheet
from stammkunde.workspace.journeys.files import ProblemView, problems_of, refusal
from stammkunde.workspace.journeys.finding import map_or_404, shown
from stammkunde.workspace.journeys.map_page import Seen, frame

_CONTEXT_LINES = 2


@dataclass(frozen=True)
class DiffLine:
    """One line of a difference: kept, gone, or new."""

    kind: str
    text: str


def journey_versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the versions; a POST publishes the draft, throws it away, goes back, or sets the map aside."""
    found = map_or_404(slug)
    if request.method == "POST":
        return _changed(request, found)
    return _show(request, found)


def _show(request: HttpRequest, found: Map, *, refused: str = "", status: int = 200) -> HttpResponse:
    journey = shown(found)
    versions = list(MapVersion.objects.filter(map=found).select_related("created_by").order_by("-number"))
    draft = drafts.draft_of(found)
    one, other = _chosen(request, versions, draft)
    problems = _problems(draft) if draft is not None else ()
    context = {
        **frame(request, found.slug, journey, Seen(journey, None, None, sheet(journey))),
        "found": found,
        "versions": versions,
        "draft": draft,
        "problems": problems,
        "blocked": any(problem.severe for problem in problems),
        "sentence": _sentence(versions, draft),
        "one": one,
        "other": other,
        "difference": difference(_text(other, versions, draft), _text(one, versions, draft)),
        "refused": refused,
        "draft_name": "draft",
    }
    return render(request, "workspace/journeys/versions.html", context, status=status)


def difference(before: str, after: str) -> list[DiffLine]:
    r"""Return the lines that differ, with a little around them.

    >>> [(line.kind, line.text) for line in difference("a\nb", "a\nc")]
    [('place', '@@ -1,2 +1,2 @@'), ('same', 'a'), ('gone', 'b'), ('new', 'c')]
    """
    kinds = {"+": "new", "-": "gone", "@": "place"}
    lines = list(unified_diff(before.splitlines(), after.splitlines(), n=_CONTEXT_LINES, lineterm=""))[2:]
    return [DiffLine(kinds.get(line[:1], "same"), line if line[:1] == "@" else line[1:]) for line in lines]


def _changed(request: HttpRequest, found: Map) -> HttpResponse:
    do, user, now = request.POST.get("do", ""), person(request), clock.now()
    try:
        if do == "publish":
            made = drafts.publish(
                found, note=request.POST.get("note", "").strip(), turn=_turn(request), by=user, now=now
            )
            messages.success(request, gettext("Version %(number)s is published.") % {"number": made.number})
            return redirect("journey", found.slug)
        if do == "discard":
            drafts.discard(found, turn=_turn(request), by=user, now=now)
            messages.success(request, gettext("The draft is thrown away."))
            return redirect("journey-versions", found.slug) if found.current_id else redirect("journeys")
        if do == "back":
            made = maps.roll_back(found.slug, int(request.POST.get("number", "0")), by=user, now=now)
            messages.success(request, gettext("What it said then is now version %(number)s.") % {"number": made.number})
            return redirect("journey", found.slug)
        if do == "archive":
            maps.archive(found.slug, by=user, now=now)
            messages.success(request, gettext("The map is set aside; its versions stay."))
            return redirect("journeys")
        if do == "take-out":
            maps.take_out(found.slug, by=user, now=now)
            return redirect("journey", found.slug)
    except (WrongInput, ValueError) as wrong:
        audit.nothing_changed()
        said = refusal(wrong) if isinstance(wrong, WrongInput) else str(wrong)
        return _show(request, map_or_404(found.slug), refused=said, status=422)
    raise Http404(do)


def _turn(request: HttpRequest) -> int:
    return int(request.POST.get("turn", "-1"))


def _problems(draft: MapDraft) -> tuple[ProblemView, ...]:
    return problems_of(draft.text)


def _chosen(request: HttpRequest, versions: list[MapVersion], draft: MapDraft | None) -> tuple[str, str]:
    """Return which two states are compared: the newer one first; what is not there is as if it were not asked."""
    names = (["draft"] if draft is not None else []) + [str(version.number) for version in versions]
    one = request.GET.get("one", "")
    one = one if one in names else (names[0] if names else "")
    later = names[names.index(one) + 1 :] if one else []
    other = request.GET.get("other", "")
    return one, other if other in names else (later[0] if later else "")


def _text(name: str, versions: list[MapVersion], draft: MapDraft | None) -> str:
    if name == "draft" and draft is not None:
        return draft.text
    return next((version.text for version in versions if str(version.number) == name), "")


def _sentence(versions: list[MapVersion], draft: MapDraft | None) -> SafeString:
    if not versions:
        return SafeString(
            gettext("This map is <em>a draft</em>: nobody sees it in the figures before it is published.")
        )
    said = ngettext(
        "<b>{count} version</b>, the newest of {day}.", "<b>{count} versions</b>, the newest of {day}.", len(versions)
    )
    whole = format_html(said, count=number(len(versions)), day=day(versions[0].created_at))
    if draft is None:
        return whole
    return format_html("{} {}", whole, SafeString(gettext("A <em>draft</em> waits to be published.")))
