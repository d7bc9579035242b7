"""Read figures in the terminal."""

from argparse import Namespace
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from stammkunde.cli.printing import print_json, print_table
from stammkunde.cli.starting import start
from stammkunde.kernel.errors import WrongInput
from stammkunde.kernel.periods import Period

if TYPE_CHECKING:
    from stammkunde import metrics
    from stammkunde.insights.figures import Among

_NOTHING_YET = "Nothing has been imported yet into {home}. Begin with: stammkunde import orders FILE"


def figures(options: Namespace) -> int:
    """Print the figures of a period, or of each unit in it."""
    if options.list:
        return _list(as_json=options.json)
    start()
    from stammkunde.insights import documents
    from stammkunde.insights import figures as insights

    period = _asked_period(options)
    names, among = options.names or None, _among(options)
    if options.by:
        rows = insights.series(
            options.names or _all_names(), period=period, by=options.by, window=options.window, among=among
        )
        answers = [figure for row in rows for figure in row]
    else:
        answers = list(insights.answer(names, period=period, window=options.window, among=among))
    if options.json:
        print_json(documents.figures_document(answers))
    else:
        _print_figures(answers)
    return 0


def cohorts(options: Namespace) -> int:
    """Print who came back after a first order, by the time of that order."""
    start()
    from stammkunde.insights import documents
    from stammkunde.insights import figures as insights

    _mirror_or_refuse()
    end = options.end + timedelta(days=1) if options.end else None
    answers = insights.cohorts(by=options.by, start=options.start, end=end, among=_among(options))
    if options.json:
        print_json(documents.cohorts_document(answers))
    else:
        print_table(
            ("cohort", "size", "active in the units after"),
            (
                (cohort.label + ("*" if cohort.truncated else ""), str(cohort.size), _counts(cohort.active))
                for cohort in answers
            ),
        )
        if any(cohort.truncated for cohort in answers):
            print("* within the first 90 days of the data: some of these customers may have ordered before.")
    return 0


def rfm(options: Namespace) -> int:
    """Print the named groups of customers by recency, frequency and monetary value."""
    start()
    from stammkunde.insights import documents
    from stammkunde.insights import figures as insights

    _mirror_or_refuse()
    if options.tell:
        return _tell_groups(options)
    answer = insights.rfm(as_of=options.as_of, ties=options.ties, among=_among(options))
    if options.json:
        print_json(documents.rfm_document(answer))
    else:
        print_table(
            ("group", "customers", "revenue", "share of revenue"),
            (
                (group.name, str(group.customers), f"{group.revenue:,.2f}", _percent(group.revenue_share))
                for group in answer.groups
            ),
        )
    return 0


def _tell_groups(options: Namespace) -> int:
    """Write groups and scores into the log as traits, for every day from the one asked for up to today."""
    from stammkunde.accounts.models import Business
    from stammkunde.insights import daily_traits
    from stammkunde.kernel import clock

    now = clock.now()
    told = daily_traits.tell_since(options.as_of or now.astimezone(Business.current().zone).date(), now=now)
    if options.json:
        print_json({"changes": told})
    else:
        print(f"{told:,} changes told")
    return 0


def _list(*, as_json: bool) -> int:
    from stammkunde import metrics

    if as_json:
        print_json(
            {
                "figures": [
                    {"name": metric.name, "unit": metric.unit, "definition": metric.definition}
                    for metric in metrics.FIGURES.values()
                ]
            }
        )
    else:
        print_table(
            ("figure", "unit", "definition"),
            ((metric.name, metric.unit, metric.definition) for metric in metrics.FIGURES.values()),
        )
    return 0


def _asked_period(options: Namespace) -> Period:
    """Return the period of --from and --to; what is left out comes from the data."""
    current = _mirror_or_refuse()
    from stammkunde.insights import figures as insights

    if options.start is None and options.end is None and not options.by:
        usual = insights.usual_period()
        if usual:
            return usual
    first = options.start or current.first_day
    end = options.end + timedelta(days=1) if options.end else current.end
    if first is None or end is None:
        raise _nothing_yet()
    return Period(first, end)


def _among(options: Namespace) -> "Among | None":
    """Return the customers of --segment or --where; None means all."""
    from stammkunde.insights import segmenting
    from stammkunde.kernel import clock

    return segmenting.chosen(segment=options.segment, where=options.where, now=clock.now())


def _mirror_or_refuse() -> "metrics.Mirror":
    from stammkunde.insights import figures as insights
    from stammkunde.insights import mirroring

    mirroring.sync()
    current = insights.mirror()
    if current is None:
        raise _nothing_yet()
    return current


def _nothing_yet() -> WrongInput:
    from django.conf import settings

    return WrongInput(_NOTHING_YET.format(home=settings.HOME))


def _all_names() -> list[str]:
    from stammkunde import metrics

    return list(metrics.FIGURES)


def _print_figures(answers: Sequence["metrics.Figure"]) -> None:
    """Print the table; why something is unknown stands below it, each reason once."""
    from stammkunde.insights import figures as insights

    mirror = insights.mirror()
    currency = (mirror.currency if mirror else None) or ""
    reasons = list(dict.fromkeys(str(figure.why_unknown) for figure in answers if figure.value is None))
    head = ("figure", "from", "to", "value", "n", "certain between")
    print_table(head, (_figure_row(figure, currency, reasons) for figure in answers))
    for number, reason in enumerate(reasons, start=1):
        print(f"[{number}] unknown: {reason}")


def _figure_row(figure: "metrics.Figure", currency: str, reasons: Sequence[str]) -> tuple[str, ...]:
    from stammkunde.insights.documents import last_day

    interval = " – ".join(_shown(bound, figure.unit, currency) for bound in figure.interval) if figure.interval else ""
    unknown = f"unknown [{reasons.index(str(figure.why_unknown)) + 1}]" if figure.value is None else ""
    return (
        figure.name,
        figure.period.start.isoformat(),
        last_day(figure.period.end).isoformat(),
        unknown or _shown(figure.value or 0, figure.unit, currency),
        "" if figure.n is None else f"{figure.n:,}",
        interval,
    )


def _shown(value: float, unit: str, currency: str) -> str:
    if unit == "share":
        return _percent(value)
    if unit == "money":
        return f"{value:,.2f} {currency}".rstrip()
    return f"{value:,.2f}" if unit == "ratio" else f"{value:,.10g}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.1f} %"


def _counts(active: Sequence[int | None]) -> str:
    return " ".join("·" if count is None else str(count) for count in active)
