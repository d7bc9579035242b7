"""Ask for the figures of a page: with their trends, and in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext

from stammkunde.insights import figures
from stammkunde.kernel.periods import Period, Unit, shift_unit, unit_start
from stammkunde.metrics import FIGURES, Figure, query
from stammkunde.workspace.formatting import day, number, quantity
from stammkunde.workspace.period_choice import Choice
from stammkunde.workspace.words import in_the_one_before, said, say

TREND = 8
ADDED_UP = frozenset(
    {"orders", "orders_all", "revenue", "revenue_all", "customers_active"}
    | {f"customers_{name}" for name in ("start", "end", "lost", "new", "returned")}
)
_GRACE = {"week": 1, "month": 6, "quarter": 14, "half": 21, "year": 31}


@dataclass(frozen=True)
class Reading:
    """One figure as a page shows it: in words, with its trend and what stands behind it."""

    figure: Figure
    title: str
    formula: str
    source: str
    query: str
    trend: list[float | None] = field(default_factory=list)
    before: Figure | None = None
    caution: str = ""


def read(names: Sequence[str], choice: Choice, *, among: figures.Among | None = None) -> dict[str, Reading]:
    """Return the named figures of the chosen period, each with its trend over the calendar units up to it."""
    answers = figures.answer(names, period=choice.period, among=among)
    past = trend_period(choice)
    rows: list[list[Figure]] = [[] for _ in names]
    if past and choice.unit:
        rows = figures.series(names, period=past, by=choice.unit, among=among)
    whole_from = first_whole(choice.unit, choice.first_day) if choice.unit else choice.first_day
    return {
        name: _reading(answer, _sound(name, row, whole_from), caution(name, choice))
        for name, answer, row in zip(names, answers, rows, strict=True)
    }


def trend_period(choice: Choice) -> Period | None:
    """Return up to eight calendar units that end with the chosen one and are whole in the data."""
    if choice.unit is None:
        return None
    begin = max(shift_unit(choice.period.start, choice.unit, 1 - TREND), first_whole(choice.unit, choice.first_day))
    return Period(begin, choice.period.end) if begin < choice.period.end else None


def first_whole(unit: Unit, first_day: date) -> date:
    """Return where the first unit begins that the data cover (but for a few days before the first order)."""
    start = unit_start(first_day, unit)
    return start if first_day - start <= timedelta(days=_GRACE.get(unit, 0)) else shift_unit(start, unit, 1)


def note_of_before(reading: Reading, currency: str) -> str:
    """Say what the figure was in the unit before, if that is known."""
    if reading.before is None or reading.before.value is None:
        return ""
    value = quantity(reading.before.value, reading.before.unit, currency=currency)
    return f"{in_the_one_before(reading.figure.period)} {value}"


def caution(name: str, choice: Choice) -> str:
    """Say when a figure compares with a time of which the data know only a part."""
    missing = choice.unknown_before
    if not compares_periods(name) or missing <= _GRACE.get(choice.unit or "", 0):
        return ""
    return gettext(
        "The data begin on {day}: of the {days} days before, with which this compares, {missing} are unknown. Whoever "
        "bought only then is missing."
    ).format(day=day(choice.first_day), days=number(choice.before.days), missing=number(missing))


def title_of(name: str) -> str:
    """Return what a figure is called."""
    return say(FIGURES[name].title)


def compares_periods(name: str) -> bool:
    """Tell whether a figure looks at the period before too, so that this must be whole in the data as well."""
    return "$start_from" in query(name)


def looks_at_everything(name: str) -> bool:
    """Tell whether a figure looks at all the data, whatever the period."""
    return "$" not in query(name)


def _sound(name: str, row: Sequence[Figure], whole_from: date) -> list[Figure]:
    if compares_periods(name):
        return [figure for figure in row if figure.period.before().start >= whole_from]
    return list(row)


def _reading(answer: Figure, row: Sequence[Figure], warned: str) -> Reading:
    metric = FIGURES[answer.name]
    trend = [] if looks_at_everything(answer.name) else [figure.value for figure in row]
    return Reading(
        figure=said(answer),
        title=title_of(answer.name),
        formula=say(metric.formula),
        source=say(metric.source),
        query=query(answer.name),
        trend=trend,
        before=row[-2] if len(trend) > 1 else None,
        caution=warned if answer.value is not None else "",
    )
