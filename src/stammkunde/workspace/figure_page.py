"""Show one figure on a page of its own: its value, how it went, and exactly how it is counted."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stammkunde.insights import figures
from stammkunde.kernel import clock
from stammkunde.kernel.periods import Period, Unit, shift_unit, unit_start
from stammkunde.metrics import FIGURES, Figure, Mirror
from stammkunde.workspace.downloads import download
from stammkunde.workspace.figure_rows import FIGURE_HEADER, figure_rows
from stammkunde.workspace.figure_series import draw_series
from stammkunde.workspace.formatting import interval, number, quantity
from stammkunde.workspace.formatting import period as period_name
from stammkunde.workspace.narrowing import Narrowing, narrowing
from stammkunde.workspace.overview_sentence import how_sure
from stammkunde.workspace.period_choice import Choice, Way, address, choose, ways
from stammkunde.workspace.reading import (
    Reading,
    compares_periods,
    first_whole,
    looks_at_everything,
    note_of_before,
    read,
    title_of,
)
from stammkunde.workspace.words import days_between, during, said

STEPS: dict[Unit, Promise] = {
    "week": _("Weeks"),
    "month": _("Months"),
    "quarter": _("Quarters"),
    "half": _("Half-years"),
    "year": _("Years"),
}
_UNITS_BACK = 26


@dataclass(frozen=True)
class SeriesRow:
    """One unit in the table: its name, and the figure in words."""

    name: str
    value: str
    interval: str
    n: str
    why_unknown: str


def one_figure(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with one figure and its series; `by` in the address chooses the unit of the series."""
    if name not in FIGURES:
        raise Http404(gettext("There is no figure of this name."))
    mirror = figures.mirror()
    if mirror is None:
        return render(request, "workspace/figures_empty.html")
    narrowed = narrowing(request.GET, now=clock.now())
    choice = choose(request.GET, mirror).within(narrowed.name)
    by = _step(request.GET.get("by", ""), choice)
    row = _series(name, choice, by, narrowed.among)
    if request.GET.get("format") == "csv":
        answers = row or figures.answer([name], period=choice.period, among=narrowed.among)
        return download(f"stammkunde-{name}", FIGURE_HEADER, figure_rows(answers))
    context = _context(mirror, name, choice, by, row, narrowed)
    return render(request, "workspace/figure.html", context)


def _context(
    mirror: Mirror, name: str, choice: Choice, by: Unit, row: list[Figure], narrowed: Narrowing
) -> dict[str, object]:
    currency = mirror.currency or ""
    reading = read([name], choice, among=narrowed.among)[name]
    kept = {"segment": narrowed.name, **({"by": by} if by != _step("", choice) else {})}
    days = {"from": choice.period.start.isoformat(), "to": choice.last_day.isoformat()}
    return {
        "choice": choice,
        "ways": ways(choice, **kept),
        "narrowed": narrowed,
        "narrowed_kept": {**days, "by": kept.get("by", "")},
        "steps": [
            Way(str(title), address(choice.period, by=unit, segment=narrowed.name), unit == by)
            for unit, title in STEPS.items()
        ],
        "currency": currency,
        "reading": reading,
        "sentence": _sentence(reading, choice, currency),
        "note": note_of_before(reading, currency),
        "everything": looks_at_everything(name),
        "picture": draw_series(row, by=by, currency=currency, chosen=choice.period),
        "has_intervals": any(figure.interval for figure in row),
        "rows": [_row(said(figure), by, currency) for figure in reversed(row)],
        "csv_address": address(choice.period, by=by, format="csv", segment=narrowed.name),
        "others": [(other, title_of(other)) for other in FIGURES if other != name],
    }


def _step(asked: str, choice: Choice) -> Unit:
    return next((unit for unit in STEPS if unit == asked), choice.unit or "month")


def _series(name: str, choice: Choice, by: Unit, among: figures.Among | None) -> list[Figure]:
    """Return up to 26 units that are whole in the data, the last one the last of the period."""
    if looks_at_everything(name):
        return []
    end = min(Period.of(by, choice.last_day).end, unit_start(choice.data_end, by))
    begin = shift_unit(first_whole(by, choice.first_day), by, 1 if compares_periods(name) else 0)
    start = max(shift_unit(end, by, -_UNITS_BACK), begin)
    return figures.series([name], period=Period(start, end), by=by, among=among)[0] if start < end else []


def _sentence(reading: Reading, choice: Choice, currency: str) -> SafeString:
    figure = reading.figure
    if figure.value is None:
        return format_html(gettext("{title}: <em>unknown</em>"), title=reading.title)
    value = how_sure(figure) if figure.unit == "share" else str(quantity(figure.value, figure.unit, currency=currency))
    if looks_at_everything(figure.name):
        return format_html(gettext("{title}: <b>{value}</b>"), title=reading.title, value=value)
    return format_html(
        gettext("{title} {when}: <b>{value}</b>"), title=reading.title, when=during(choice.period), value=value
    )


def _row(figure: Figure, by: Unit, currency: str) -> SeriesRow:
    return SeriesRow(
        name=period_name(figure.period) if by != "week" else days_between(figure.period),
        value="" if figure.value is None else str(quantity(figure.value, figure.unit, currency=currency)),
        interval=interval(*figure.interval, figure.unit) if figure.interval else "",
        n="" if figure.n is None else number(figure.n),
        why_unknown=figure.why_unknown or "",
    )
