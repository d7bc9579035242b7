"""Draw how a segment grew in the last weeks, by asking its condition as of every week's end."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from stammkunde.insights.segment_course import Week, course
from stammkunde.kernel import clock
from stammkunde.segments import definitions
from stammkunde.workspace.formatting import day_of_year, day_short, number
from stammkunde.workspace.pictures.growth import Step, draw_growth
from stammkunde.workspace.segments.draft import language
from stammkunde.workspace.segments.finding import segment_or_404


def segment_course(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with the course of one segment; the page of the segment brings it in when it has been worked out."""
    chosen = segment_or_404(name)
    weeks = course(definitions.conditions()[name], now=clock.now())
    context = {
        "segment": chosen,
        "title": chosen.title_in(language()),
        "weeks": list(reversed(weeks)),
        "sentence": _sentence(weeks),
        "picture": _picture(weeks),
    }
    return render(request, "workspace/segments/course.html", context)


def _sentence(weeks: Sequence[Week]) -> str:
    if not weeks:
        return gettext("Nobody was in it in the last weeks.")
    first, last = weeks[0], weeks[-1]
    before = first.members - first.entered + first.left
    said = gettext("%(before)s customers on %(day)s, %(members)s today: %(entered)s came in, %(left)s fell out.")
    return said % {
        "before": number(before),
        "day": day_short(first.first),
        "members": number(last.members),
        "entered": number(sum(week.entered for week in weeks)),
        "left": number(sum(week.left for week in weeks)),
    }


def _picture(weeks: Sequence[Week]) -> SafeString:
    if not any(week.entered or week.left for week in weeks):
        return SafeString("")
    steps = [
        Step(
            day_of_year(week.first),
            week.entered,
            week.left,
            f"+{number(week.entered)} −{number(week.left)} = {number(week.members)}",
        )
        for week in weeks
    ]
    return draw_growth(steps, title=gettext("Entries and exits, week by week"), description=_sentence(weeks))
