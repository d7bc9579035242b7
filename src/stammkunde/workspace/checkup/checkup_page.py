"""Show all questions of the check-up: where the business stands, and what would answer most of the rest."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stammkunde.accounts.access import person
from stammkunde.insights.checkup import progress, running
from stammkunde.insights.checkup.questions import KIT
from stammkunde.insights.checkup.running import Checkup
from stammkunde.insights.checkup.sources import SOURCES
from stammkunde.kernel import clock
from stammkunde.workspace.checkup.progress_picture import draw_progress
from stammkunde.workspace.checkup.shown import (
    STATE_NAMES,
    Missing,
    Shown,
    ShownGroup,
    bar,
    language,
    missing,
    show,
    show_group,
    unlocked,
)
from stammkunde.workspace.downloads import download
from stammkunde.workspace.formatting import number

SHOWN: dict[str, Promise] = {
    "": _("All questions"),
    "answered": _("Answered"),
    "connect": _("To connect"),
    "person": _("For a person"),
}
_HEADER = ("id", "group", "question", "who", "state", "by", "answer", "figure", "value", "low", "high", "n", "connect")


def checkup(request: HttpRequest) -> HttpResponse:
    """Answer with the whole check-up; `show` narrows the questions, `format=csv` takes them away."""
    now, role = clock.now(), person(request).role
    found = running.run(now=now)
    progress.remember(found)
    if request.GET.get("format") == "csv":
        return download("stammkunde-checkup", _HEADER, _cells(found))
    asked = request.GET.get("show", "")
    shown = [show(result, role=role, now=now) for result in found.results]
    groups = [show_group(group, shown) for group in found.groups]
    waiting = [(missing(SOURCES[name], role), count) for name, count in unlocked(found.results)]
    told = progress.told()
    context = {
        "checkup": found,
        "sentence": _sentence(found),
        "bar": bar(found.counts, gettext("All questions")),
        "states": [(state, STATE_NAMES[state], found.counts[state]) for state in STATE_NAMES],
        "groups": _narrowed(groups, asked),
        "bars": groups,
        "asked": asked,
        "tabs": list(SHOWN.items()),
        "next": _next(waiting),
        "waiting": waiting,
        "there": [SOURCES[name].title.in_language(language()) for name in found.there],
        "picture": draw_progress(told),
        "history": list(reversed(told)),
        "kit": len(KIT),
    }
    return render(request, "workspace/checkup/checkup.html", context)


def kit(request: HttpRequest) -> HttpResponse:
    """Answer with the five questions of the kit on one page."""
    now, role = clock.now(), person(request).role
    found = running.run(now=now)
    progress.remember(found)
    shown = [show(found.of(name), role=role, now=now) for name in KIT]
    answered = sum(one.state != "unknown" for one in shown)
    template = ngettext(
        "<b>{count} of the five questions</b> is answered with your own numbers.",
        "<b>{count} of the five questions</b> are answered with your own numbers.",
        answered,
    )
    context = {"checkup": found, "questions": shown, "sentence": format_html(template, count=number(answered))}
    return render(request, "workspace/checkup/kit.html", context)


def _sentence(found: Checkup) -> SafeString:
    counts = found.counts
    template = gettext(
        "Of {all} questions <b>{answered} are answered</b>: {yes} yes, {partly} partly, {no} no. For "
        "<em>{unknown}</em> something is missing; unknown is not no."
    )
    return format_html(
        template,
        all=number(len(found.results)),
        answered=number(found.answered),
        **{state: number(counts[state]) for state in counts},
    )


def _next(waiting: Sequence[tuple[Missing, int]]) -> tuple[Missing, int] | None:
    """Return what would bring most answers; nothing when no question waits."""
    return waiting[0] if waiting else None


def _narrowed(groups: Sequence[ShownGroup], asked: str) -> list[tuple[ShownGroup, list[Shown], list[Shown]]]:
    """Return of each group the questions that are answered, and those that are not."""
    narrowed = [(group, [one for one in group.questions if _fits(one, asked)]) for group in groups]
    return [
        (
            group,
            [one for one in questions if one.state != "unknown"],
            [one for one in questions if one.state == "unknown"],
        )
        for group, questions in narrowed
        if questions
    ]


def _fits(one: Shown, asked: str) -> bool:
    if asked == "answered":
        return one.state != "unknown"
    if asked == "connect":
        return one.state == "unknown" and one.who != "person"
    return one.names_person if asked == "person" else True


def _cells(found: Checkup) -> list[list[str | float | int | None]]:
    rows: list[list[str | float | int | None]] = []
    for result in found.results:
        first = result.answer.figures[0] if result.answer.figures else None
        one = show(result, role="", now=found.as_of)
        low, high = (first.interval if first and first.interval else None) or (None, None)
        rows.append(
            [
                one.id, result.question.group, one.asks, one.who, one.state, "person" if one.by_person else "data",
                one.sentence, first.name if first else None, first.value if first else None, low, high,
                first.n if first else None, ", ".join(result.answer.connect),
            ]
        )  # fmt: skip
    return rows
