"""Show which ways customers really take, beside those planned, and where map and life have grown apart."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.accounts import audit
from stammkunde.conditions import BadCondition
from stammkunde.insights.journey_values import Drift, Way, Ways
from stammkunde.journeys import editing
from stammkunde.journeys.document import Journey, Label, Path, Touchpoint
from stammkunde.kernel import clock
from stammkunde.kernel.errors import WrongInput
from stammkunde.workspace.formatting import number, percent
from stammkunde.workspace.journeys import asked, words
from stammkunde.workspace.journeys.cells import WayView, way
from stammkunde.workspace.journeys.changes import Change, length_sent
from stammkunde.workspace.journeys.editor import apply, journey_now
from stammkunde.workspace.journeys.files import refusal
from stammkunde.workspace.journeys.finding import map_or_404, shown
from stammkunde.workspace.journeys.map_page import frame, see
from stammkunde.workspace.journeys.sentence import reached_sentence
from stammkunde.workspace.journeys.signal_form import kind_title

_TRANSITIONS = 20


@dataclass(frozen=True)
class TakenView:
    """A way that customers took, with the names of its stations; `loops` are stations that come back."""

    steps: tuple[tuple[str, str, bool], ...]
    customers: int
    share: float
    planned: bool
    cut: bool

    @property
    def width(self) -> str:
        """Return how far its bar is filled, of 100."""
        return f"{self.share * 100:.1f}"


@dataclass(frozen=True)
class PlannedView:
    """A planned way with its figures."""

    start: str
    start_title: str
    view: WayView


@dataclass(frozen=True)
class StrangeView:
    """A kind of events that the map does not know, with the signal that would know it."""

    kind: str
    title: str
    events: int
    customers: int
    signal: str


def journey_paths(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the ways; a POST adds to the draft what the map does not know."""
    found = map_or_404(slug)
    if request.method == "POST":
        return _added(request, slug)
    now, journey = clock.now(), shown(found)
    seen = see(request, journey, now=now)
    taken = drift = None
    if seen.mirror is not None and seen.look is not None:
        taken = asked.ways(journey, seen.mirror, seen.look.choice.period, seen.look.group, now=now)
        drift = asked.drift(journey, seen.mirror, now=now)
    titles = dict(seen.sheet.titles)
    context = {
        **frame(request, slug, journey, seen),
        "sentence": _sentence(taken),
        "taken": taken,
        "reached": reached_sentence(taken.off_map) if taken else "",
        "top": [_taken(one, titles) for one in taken.top] if taken else [],
        "planned": [
            PlannedView(path.start, titles.get(path.start, path.start), way(seen.sheet, path.start, path.end))
            for path in journey.paths
        ],
        "drops": [(one, titles.get(one.touchpoint, one.touchpoint)) for one in taken.drop_offs] if taken else [],
        "steps": [
            (one, titles.get(one.start, one.start), titles.get(one.end, one.end), words.takes(one.median_days))
            for one in sorted(taken.transitions, key=lambda one: -one.customers)[:_TRANSITIONS]
        ]
        if taken
        else [],
        **_drift(drift, titles),
        "phases_to_choose": [(one.id, words.named(one.label)) for one in journey.phases],
    }
    return render(request, "workspace/journeys/paths.html", context)


def _added(request: HttpRequest, slug: str) -> HttpResponse:
    """Put what was suggested on the map's draft: a touchpoint for unknown events, or an unknown way."""
    found = map_or_404(slug)
    journey, _draft = journey_now(found)
    sent = request.POST.dict()
    try:
        change = _new_touchpoint(journey, sent) if sent.get("do") == "add-touchpoint" else _new_path(journey, sent)
        apply(request, found, change)
    except (WrongInput, ValueError) as wrong:
        audit.nothing_changed()
        messages.error(request, refusal(wrong) if isinstance(wrong, WrongInput) else str(wrong))
        return redirect("journey-paths", slug)
    messages.success(
        request, gettext("%(what)s, in the draft. Publish it and the figures follow.") % {"what": change.what}
    )
    return redirect("journey-edit", slug)


def _new_touchpoint(journey: Journey, sent: dict[str, str]) -> Change:
    kind, text = sent.get("kind", ""), sent.get("signal", "")
    phase = next((one.id for one in journey.phases if one.id == sent.get("phase")), journey.phases[-1].id)
    try:
        signal = editing.signal(text)
    except BadCondition as wrong:
        raise ValueError(gettext("This sign cannot be read.")) from wrong
    title = kind_title(kind) or kind
    made = Touchpoint(
        id=editing.free_id(journey, kind.replace(".", "-")), label=Label(((words.language(), title),)), signal=signal
    )
    what = gettext("“%(name)s” added") % {"name": title}
    return Change(lambda one: editing.add_touchpoint(one, phase, made), what)


def _new_path(journey: Journey, sent: dict[str, str]) -> Change:
    start, end = sent.get("start", ""), sent.get("end", "")
    titles = {one.id: words.named(one.label) for one in journey.touchpoints}
    if start not in titles or end not in titles:
        raise ValueError(gettext("This place is not on the map any more."))
    path = Path(start, end, length_sent(sent.get("within", "")), loop=start == end)
    what = gettext("Way %(way)s added") % {"way": words.way_name(path, titles)}
    return Change(lambda one: editing.add_path(one, path), what)


def _taken(one: Way, titles: dict[str, str]) -> TakenView:
    steps = tuple((step, titles.get(step, step), step in one.loops) for step in one.steps)
    return TakenView(steps, one.customers, one.share, one.planned, one.cut)


def _drift(drift: Drift | None, titles: dict[str, str]) -> dict[str, object]:
    if drift is None:
        return {"drift": None}
    return {
        "drift": drift,
        "strange": [
            StrangeView(one.kind, kind_title(one.kind), one.events, one.customers, one.suggestion)
            for one in drift.unexplained
        ],
        "dead": [(one.touchpoint, titles.get(one.touchpoint, one.touchpoint), one.last_seen) for one in drift.dead],
        "unknown_paths": [
            (one, titles.get(one.start, one.start), titles.get(one.end, one.end), words.takes(one.median_days))
            for one in drift.unknown_paths
        ],
    }


def _sentence(taken: Ways | None) -> SafeString:
    if taken is None or not taken.customers:
        return SafeString(gettext("Nobody was on this map in this time: <em>no ways yet</em>."))
    said = ngettext(
        "<b>{count} customer</b> was on the map, in {variants} different ways.",
        "<b>{count} customers</b> were on the map, in {variants} different ways.",
        taken.customers,
    )
    whole = format_html(said, count=number(taken.customers), variants=number(taken.variants))
    first = taken.top[0] if taken.top else None
    if first is None:
        return whole
    most = format_html(
        gettext("{share} took the most frequent one, which is <b>as planned</b>.")
        if first.planned
        else gettext("{share} took the most frequent one, which is <em>not as planned</em>."),
        share=percent(first.share),
    )
    return format_html("{} {}", whole, most)
