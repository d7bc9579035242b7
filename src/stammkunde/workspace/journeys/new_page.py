"""Begin a map from a ready template: what matches the data at once, and what is missing and how to connect it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.insights.journey_values import KindSeen
from stammkunde.journeys import drafts, editing, ready
from stammkunde.journeys.document import Journey, Label
from stammkunde.journeys.fields import slug
from stammkunde.journeys.writing import written
from stammkunde.kernel import clock
from stammkunde.kernel.errors import WrongInput
from stammkunde.workspace.formatting import number
from stammkunde.workspace.journeys import asked, words
from stammkunde.workspace.journeys.files import free_slug, refusal


@dataclass(frozen=True)
class MatchView:
    """One touchpoint of a template: whether the data know it, in how many events, and else how to connect it."""

    title: str
    phase: str
    state: str
    events: int
    how: str


@dataclass(frozen=True)
class TemplateView:
    """A template to choose, with what of it the data know."""

    name: str
    title: str
    purpose: str
    phases: str
    sentence: str
    matching: int
    matches: tuple[MatchView, ...]


def journey_new(request: HttpRequest) -> HttpResponse:
    """Answer with the templates; a POST makes a draft of the chosen one."""
    if request.method != "POST":
        return _show(request)
    try:
        title = " ".join(request.POST.get("title", "").split())[:120]
        journey = ready.journey(request.POST.get("template", ""), words.language())
        if title:
            journey = editing.set_journey(journey, label=Label(((words.language(), title),)))
        name = free_slug(slug(title) or journey.id)
        found = drafts.create(name, written(journey), by=person(request), now=clock.now())
    except WrongInput as wrong:
        audit.nothing_changed()
        return _show(request, refused=refusal(wrong), status=422)
    messages.success(request, gettext("The map is here as a draft. Look at it, then publish it."))
    return redirect("journey-edit", found.slug)


def _show(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    seen = asked.kinds_seen()
    views = sorted((_view(one, seen) for one in ready.templates()), key=lambda view: -view.matching)
    context = {"templates": views, "refused": refused, "seen": seen, "chosen": request.GET.get("template", "")}
    return render(request, "workspace/journeys/new.html", context, status=status)


def _view(template: ready.Template, seen: tuple[KindSeen, ...]) -> TemplateView:
    language = words.language()
    journey = ready.journey(template.name, language)
    fitted = ready.fitted(journey, seen)
    matches = tuple(
        MatchView(
            title=words.named(journey.touchpoint(one.touchpoint).label),
            phase=words.named(journey.phase_of(one.touchpoint).label),
            state=one.state,
            events=one.events,
            how=one.how.in_language(language),
        )
        for one in fitted.matches
    )
    matching = sum(1 for one in matches if one.state == "seen")
    return TemplateView(
        name=template.name,
        title=template.title.in_language(language),
        purpose=template.purpose.in_language(language),
        phases=" → ".join(words.named(phase.label) for phase in journey.phases),
        sentence=_matching(matching, journey),
        matching=matching,
        matches=matches,
    )


def _matching(matching: int, journey: Journey) -> str:
    said = ngettext(
        "%(count)s of %(of)s touchpoints is in your data at once.",
        "%(count)s of %(of)s touchpoints are in your data at once.",
        matching,
    )
    return said % {"count": number(matching), "of": number(len(journey.touchpoints))}
