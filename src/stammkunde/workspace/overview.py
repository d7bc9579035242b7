"""Show how the business stands: who comes back, who does not, and how that changes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from stammkunde.insights import figures
from stammkunde.insights.silence import silent_regulars
from stammkunde.kernel import clock
from stammkunde.metrics import Mirror, cohort_query
from stammkunde.workspace.bridge_view import bridge_view
from stammkunde.workspace.cohort_comparison import compare, evidence, verdict
from stammkunde.workspace.cohort_table import heat_map
from stammkunde.workspace.downloads import download
from stammkunde.workspace.figure_rows import FIGURE_HEADER, figure_rows
from stammkunde.workspace.formatting import percent
from stammkunde.workspace.narrowing import Narrowing, narrowing
from stammkunde.workspace.next_step import next_step
from stammkunde.workspace.overview_sentence import overview_sentence
from stammkunde.workspace.period_choice import Choice, address, choose, ways
from stammkunde.workspace.reading import Reading, note_of_before, read
from stammkunde.workspace.thumb_rules import rule_rows
from stammkunde.workspace.trends import months_of, trends_by_month

CARDS = ("retention_rate", "churn_rate", "second_order_within_90d", "revenue_share_top20")
BRIDGE = ("customers_start", "customers_lost", "customers_new", "customers_returned", "customers_end")
FORMULA = "retention_rate_formula"
MONTHS = 13


def overview(request: HttpRequest) -> HttpResponse:
    """Answer with the overview of a period, or with the way to the import while there is nothing to see."""
    mirror = figures.mirror()
    if mirror is None:
        return render(request, "workspace/overview_empty.html")
    narrowed = narrowing(request.GET, now=clock.now())
    choice = choose(request.GET, mirror).within(narrowed.name)
    if request.GET.get("format") == "csv":
        return _months_csv(choice, narrowed) if request.GET.get("table") == "months" else _csv(choice, narrowed)
    return render(request, "workspace/overview.html", _context(mirror, choice, narrowed))


def _context(mirror: Mirror, choice: Choice, narrowed: Narrowing) -> dict[str, object]:
    currency, among = mirror.currency or "", narrowed.among
    readings = read((*CARDS, "loyal_frequency_ratio", FORMULA), choice, among=among)
    bridge = figures.bridge(period=choice.period, among=among)
    cohorts = figures.cohorts(by="month", among=among)
    comparison = compare(cohorts, "month")
    return {
        "choice": choice,
        "ways": ways(choice, segment=narrowed.name),
        "narrowed": narrowed,
        "narrowed_kept": {"from": choice.period.start.isoformat(), "to": choice.last_day.isoformat()},
        "currency": currency,
        "sentence": overview_sentence(bridge, readings["retention_rate"].figure, is_over=choice.is_over),
        "next": next_step(silent_regulars(mirror), currency=currency)
        if choice.is_latest and not narrowed.name
        else None,
        "cards": [(reading, *_title_and_note(reading, currency)) for reading in map(readings.__getitem__, CARDS)],
        "caution": next((reading.caution for reading in readings.values() if reading.caution), ""),
        "explained": [readings[name] for name in ("retention_rate", "churn_rate", FORMULA, *CARDS[2:])],
        "bridge": bridge_view(bridge),
        "formula": readings[FORMULA],
        "rules": rule_rows(readings, currency=currency),
        "trends": trends_by_month(choice, currency=currency, months=MONTHS, among=among),
        "verdict": verdict(comparison, "month"),
        "evidence": evidence(comparison),
        "heat": heat_map(cohorts[-MONTHS:], "month", width=MONTHS),
        "cohorts_query": cohort_query("month"),
        "csv_address": address(choice.period, format="csv", segment=narrowed.name),
        "trends_csv_address": address(choice.period, format="csv", table="months", segment=narrowed.name),
    }


def _title_and_note(reading: Reading, currency: str) -> tuple[str, str, str]:
    name, known = reading.figure.name, reading.figure.value is not None
    before = note_of_before(reading, currency)
    titles = {
        "retention_rate": (gettext("Came back"), before, ""),
        "churn_rate": (gettext("Did not come back"), before, "warn"),
        "second_order_within_90d": (
            gettext("Second order within 90 days"),
            gettext("of all new customers whose 90 days are over") if known else "",
            "",
        ),
        "revenue_share_top20": (
            gettext("Revenue of the top 20 %"),
            gettext("rule of thumb: {share}").format(share=percent(0.8)) if known else "",
            "",
        ),
    }
    return titles[name]


def _csv(choice: Choice, narrowed: Narrowing) -> HttpResponse:
    answers = figures.answer((*CARDS, FORMULA, *BRIDGE), period=choice.period, among=narrowed.among)
    return download(f"stammkunde-{choice.period.start}-{choice.last_day}", FIGURE_HEADER, figure_rows(answers))


def _months_csv(choice: Choice, narrowed: Narrowing) -> HttpResponse:
    rows = [figure for row in months_of(choice, months=MONTHS, among=narrowed.among) or [] for figure in row]
    return download("stammkunde-months", FIGURE_HEADER, figure_rows(rows))
