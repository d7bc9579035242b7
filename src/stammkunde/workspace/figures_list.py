"""Show every figure of a period at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stammkunde.insights import figures
from stammkunde.kernel import clock
from stammkunde.metrics import FIGURES, Figure
from stammkunde.workspace.downloads import download
from stammkunde.workspace.figure_card import Sparkline, sparkline
from stammkunde.workspace.figure_rows import FIGURE_HEADER, figure_rows
from stammkunde.workspace.formatting import interval, money, number, percent, quantity
from stammkunde.workspace.narrowing import narrowing
from stammkunde.workspace.period_choice import Choice, address, choose, ways
from stammkunde.workspace.reading import Reading, read
from stammkunde.workspace.words import during, in_the_one_before

SECTIONS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (
        _("Who comes back"),
        ("retention_rate", "retention_rate_formula", "churn_rate", "repeat_purchase_rate", "second_order_within_90d",
         "median_days_between_orders"),
    ),
    (
        _("Who is there"),
        ("customers_active", "customers_start", "customers_lost", "customers_new", "customers_returned",
         "customers_end"),
    ),
    (
        _("What they order"),
        ("orders", "revenue", "revenue_net", "average_order_value", "purchase_frequency", "orders_all", "revenue_all"),
    ),
    (_("How much hangs on few"), ("revenue_share_top20", "loyal_frequency_ratio")),
)  # fmt: skip
_COUNTED = ("customers", "orders")


@dataclass(frozen=True)
class FigureRow:
    """One figure as the page lists it; an empty value means unknown."""

    name: str
    title: str
    definition: str
    value: str
    n: str
    interval: str
    before: str
    caution: str
    trend: Sparkline | None
    why_unknown: str


def all_figures(request: HttpRequest) -> HttpResponse:
    """Answer with all figures of the chosen period."""
    mirror = figures.mirror()
    if mirror is None:
        return render(request, "workspace/figures_empty.html")
    narrowed = narrowing(request.GET, now=clock.now())
    choice = choose(request.GET, mirror).within(narrowed.name)
    if request.GET.get("format") == "csv":
        answers = figures.answer(list(FIGURES), period=choice.period, among=narrowed.among)
        name = f"stammkunde-figures-{choice.period.start}-{choice.last_day}"
        return download(name, FIGURE_HEADER, figure_rows(answers))
    currency = mirror.currency or ""
    readings = read([name for _title, names in _sections() for name in names], choice, among=narrowed.among)
    context = {
        "choice": choice,
        "ways": ways(choice, segment=narrowed.name),
        "narrowed": narrowed,
        "narrowed_kept": {"from": choice.period.start.isoformat(), "to": choice.last_day.isoformat()},
        "sentence": _sentence(readings, choice, currency),
        "not_over": readings["orders"].figure.note,
        "sections": [(title, [_row(readings[name], currency) for name in names]) for title, names in _sections()],
        "readings": list(readings.values()),
        "csv_address": address(choice.period, format="csv", segment=narrowed.name),
    }
    return render(request, "workspace/figures.html", context)


def _sections() -> Iterator[tuple[str, list[str]]]:
    """Yield all figures in their sections; those that have no place yet come last."""
    placed: set[str] = set()
    for title, names in SECTIONS:
        placed.update(names)
        yield str(title), list(names)
    rest = [name for name in FIGURES if name not in placed]
    if rest:
        yield gettext("Further figures"), rest


def _row(reading: Reading, currency: str) -> FigureRow:
    figure = reading.figure
    return FigureRow(
        name=figure.name,
        title=reading.title,
        definition=figure.definition,
        value=_written(figure, currency),
        n="" if figure.n is None or figure.unit in _COUNTED else number(figure.n),
        interval=interval(*figure.interval, figure.unit, currency=currency) if figure.interval else "",
        before=_written(reading.before, currency) if reading.before else "",
        caution=reading.caution,
        trend=sparkline(reading.trend),
        why_unknown=figure.why_unknown or "",
    )


def _written(figure: Figure, currency: str) -> str:
    """Write a value; what is counted needs no noun where the title says it."""
    if figure.value is None:
        return ""
    if figure.unit in _COUNTED:
        return number(figure.value)
    return str(quantity(figure.value, figure.unit, currency=currency))


def _sentence(readings: Mapping[str, Reading], choice: Choice, currency: str) -> SafeString:
    values = {name: readings[name].figure.value or 0 for name in ("customers_active", "orders", "revenue")}
    customers, orders = int(values["customers_active"]), int(values["orders"])
    when = capfirst(during(choice.period))
    if not orders:
        return format_html(gettext("{when}, nobody ordered anything."), when=when)
    return format_html(
        ngettext(
            "{when}, {customers} customer placed {orders} for <b>{revenue}</b>{compared}.",
            "{when}, {customers} customers placed {orders} for <b>{revenue}</b>{compared}.",
            customers,
        ),
        when=when,
        customers=number(customers),
        orders=quantity(orders, "orders"),
        revenue=money(float(values["revenue"]), currency),
        compared=_compared(readings["revenue"], choice),
    )


def _compared(revenue: Reading, choice: Choice) -> str:
    before = revenue.before.value if revenue.before else None
    if not before or revenue.figure.value is None or not choice.is_over:
        return ""
    change = revenue.figure.value / before - 1
    words = gettext(", {share} more than {before}") if change >= 0 else gettext(", {share} less than {before}")
    return words.format(share=percent(abs(change)), before=in_the_one_before(choice.period))
