"""Say in one sentence what a map shows: where most customers stay behind, and which way most of them take."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.insights.journey_values import JourneyFigures, PathFigure, Share
from stammkunde.journeys.document import Journey, Silence
from stammkunde.workspace.formatting import interval, number, percent
from stammkunde.workspace.journeys.cells import Sheet

_ENOUGH = 20


def map_sentence(sheet: Sheet) -> SafeString:
    """Return the sentence that opens the map; without figures it says what the map plans and what is missing."""
    if sheet.figures is None:
        return _planned(sheet.journey)
    ways = _forward(sheet.journey, sheet.figures)
    leak, strongest = _leak(ways), _strongest(ways)
    if leak is None:
        return _seen(sheet.journey, sheet.figures)
    lost = format_html(
        gettext("Most stay behind between <em>{start}</em> and <em>{end}</em>: of {entered} customers {share} go on."),
        start=sheet.titles.get(leak.start, leak.start),
        end=sheet.titles.get(leak.end, leak.end),
        entered=number(leak.matured if leak.method == "matured" else leak.entered),
        share=_surely(leak),
    )
    if strongest is None or strongest is leak:
        return lost
    kept = gettext("From <b>{start}</b> to <b>{end}</b> {share} go on.")
    return format_html(
        "{} {}",
        lost,
        format_html(
            kept,
            start=sheet.titles.get(strongest.start, strongest.start),
            end=sheet.titles.get(strongest.end, strongest.end),
            share=_surely(strongest),
        ),
    )


def reached_sentence(off_map: Share) -> str:
    """Say how many of the customers with any event in the time were at some touchpoint; empty when there were none."""
    if off_map.value is None or not off_map.n:
        return ""
    on_map = off_map.n - round(off_map.value * off_map.n)
    if on_map == off_map.n:
        said = ngettext(
            "The one customer with any event in this time was at one touchpoint of this map at least.",
            "All %(count)s customers with any event in this time were at one touchpoint of this map at least.",
            on_map,
        )
        return said % {"count": number(on_map)}
    said = ngettext(
        "Of %(all)s customers with any event in this time, %(count)s was at one touchpoint of this map at least.",
        "Of %(all)s customers with any event in this time, %(count)s were at one touchpoint of this map at least.",
        on_map,
    )
    return said % {"all": number(off_map.n), "count": number(on_map)}


def _forward(journey: Journey, figures: JourneyFigures) -> list[PathFigure]:
    """Return the known ways that lead on: neither back to the same place nor into silence."""
    silent = {one.id for one in journey.touchpoints if isinstance(one.signal.found, Silence)}
    return [
        one
        for one in figures.paths
        if one.share is not None and one.start != one.end and not one.loop and one.end not in silent
    ]


def _leak(ways: Sequence[PathFigure]) -> PathFigure | None:
    """Return where most customers are lost: of each place the way that most go, of these the one that loses most."""
    best: dict[str, PathFigure] = {}
    for one in ways:
        known = best.get(one.start)
        if known is None or (one.share or 0) > (known.share or 0):
            best[one.start] = one
    many = [one for one in best.values() if one.entered >= _ENOUGH] or list(best.values())
    return max(many, key=lambda one: one.entered * (1 - (one.share or 0)), default=None)


def _strongest(ways: Sequence[PathFigure]) -> PathFigure | None:
    known = [one for one in ways if one.share and one.entered >= _ENOUGH]
    return max(known, key=lambda one: one.share or 0, default=None)


def _surely(figure: PathFigure) -> str:
    if figure.interval is None:
        return percent(figure.share)
    return gettext("{share} (surely {interval})").format(
        share=percent(figure.share), interval=interval(*figure.interval, "share").replace("–", "\u2060–\u2060")
    )


def _planned(journey: Journey) -> SafeString:
    count = len(journey.touchpoints)
    said = ngettext(
        "This map plans <b>{count} touchpoint</b>. What happens there will stand here once there are data.",
        "This map plans <b>{count} touchpoints</b>. What happens there will stand here once there are data.",
        count,
    )
    return format_html(said, count=number(count))


def _seen(journey: Journey, figures: JourneyFigures) -> SafeString:
    seen = sum(1 for cell in figures.cells.values() if cell.customers)
    if not seen:
        return format_html(
            gettext("None of the <em>{count} touchpoints</em> is seen in the data of this time."),
            count=number(len(journey.touchpoints)),
        )
    said = ngettext(
        "<b>{customers} customer</b> was at {seen} of {count} touchpoints.",
        "<b>{customers} customers</b> were at {seen} of {count} touchpoints.",
        figures.customers,
    )
    return format_html(
        said, customers=number(figures.customers), seen=number(seen), count=number(len(journey.touchpoints))
    )
