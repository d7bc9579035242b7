"""Show how the business stands: who comes back, who does not, and how that changes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from stammkunde.insights import figures
from stammkunde.insights.silence import silent_regulars
from stammkunde.metrics import Mirror, cohort_query
from stammkunde.workspace.bridge_view import bridge_view
from stammkunde.workspace.cohort_comparison import compare, evidence, verdict
from stammkunde.workspace.cohort_table import heat_map
from stammkunde.workspace.downloads import download
from stammkunde.workspace.figure_rows import FIGURE_HEADER, figure_rows
from stammkunde.workspace.formatting import percent
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
    choice = choose(request.GET, mirror)
    if request.GET.get("format") == "csv":
        return _months_csv(choice) if request.GET.get("table") == "months" else _csv(choice)
    return render(request, "workspace/overview.html", _context(mirror, choice))


def _context(mirror: Mirror, choice: Choice) -> dict[str, object]:
    currency = mirror.currency or ""
    readings = read((*CARDS, "loyal_frequency_ratio", FORMULA), choice)
    bridge = figures.bridge(period=choice.period)
    cohorts = figures.cohorts(by="month")
    comparison = compare(cohorts, "month")
    return {
        "choice": choice,
        "ways": ways(choice),
        "currency": currency,
        "sentence": overview_sentence(bridge, readings["retention_rate"].figure, is_over=choice.is_over),
        "next": next_step(silent_regulars(mirror), currency=currency) if choice.is_latest else None,
        "cards": [(reading, *_title_and_note(reading, currency)) for reading in map(readings.__getitem__, CARDS)],
        "explained": [readings[name] for name in ("retention_rate", "churn_rate", FORMULA, *CARDS[2:])],
        "bridge": bridge_view(bridge),
        "formula": readings[FORMULA],
        "rules": rule_rows(readings, currency=currency),
        "trends": trends_by_month(choice, currency=currency, months=MONTHS),
        "verdict": verdict(comparison, "month"),
        "evidence": evidence(comparison),
        "heat": heat_map(cohorts[-MONTHS:], "month", width=MONTHS),
        "cohorts_query": cohort_query("month"),
        "csv_address": address(choice.period, format="csv"),
        "trends_csv_address": address(choice.period, format="csv", table="months"),
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


def _csv(choice: Choice) -> HttpResponse:
    answers = figures.answer((*CARDS, FORMULA, *BRIDGE), period=choice.period)
    return download(f"stammkunde-{choice.period.start}-{choice.last_day}", FIGURE_HEADER, figure_rows(answers))


def _months_csv(choice: Choice) -> HttpResponse:
    rows = [figure for row in months_of(choice, months=MONTHS) or [] for figure in row]
    return download("stammkunde-months", FIGURE_HEADER, figure_rows(rows))
