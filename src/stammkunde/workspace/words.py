"""Say periods and the sentences of figures in the reader's language."""

from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from babel.dates import format_date, format_skeleton
from django.utils.translation import gettext, ngettext, pgettext

from stammkunde.kernel.periods import Period, Unit
from stammkunde.metrics import Figure
from stammkunde.metrics.wording import Sentence, Share, Verbatim
from stammkunde.workspace.formatting import day, day_short, month, number, percent, reader_locale

_ONE_DAY = timedelta(days=1)


def say(sentence: str | None) -> str:
    """Say an English sentence of the library in the reader's language, its days and numbers too."""
    if not isinstance(sentence, Sentence):
        return gettext(sentence) if sentence else ""
    values = {name: _say_value(value) for name, value in sentence.values.items()}
    return gettext(sentence.message) % values if values else gettext(sentence.message)


def said(figure: Figure) -> Figure:
    """Return the figure with its definition and reasons in the reader's language."""
    return replace(
        figure,
        definition=say(figure.definition),
        why_unknown=cast(Sentence, say(figure.why_unknown)) if figure.why_unknown else None,
        note=cast(Sentence, say(figure.note)) if figure.note else None,
    )


def during(period: Period) -> str:
    """Say when: "in July 2026", "in Q3 2026", "from 1 March to 15 April 2026"."""
    unit, year = period.whole_unit(), period.start.year
    if unit == "year":
        return pgettext("when", "in %(year)s") % {"year": year}
    if unit == "half":
        first = pgettext("when", "in the first half of %(year)s")
        return (first if period.start.month == 1 else pgettext("when", "in the second half of %(year)s")) % {
            "year": year
        }
    if unit == "quarter":
        return pgettext("when", "in Q%(number)s %(year)s") % {"number": _quarter(period.start), "year": year}
    if unit == "month":
        return pgettext("when", "in %(month)s") % {"month": month(period.start)}
    last = period.end - _ONE_DAY
    if last == period.start:
        return pgettext("when", "on %(day)s") % {"day": day(last)}
    return pgettext("when", "from %(first)s to %(last)s") % {"first": day(period.start), "last": day(last)}


def of_the_one_before(period: Period) -> str:
    """Say whose: "of the quarter before", "of the 46 days before"."""
    return {
        "year": pgettext("whose", "of the year before"),
        "half": pgettext("whose", "of the half-year before"),
        "quarter": pgettext("whose", "of the quarter before"),
        "month": pgettext("whose", "of the month before"),
    }.get(period.whole_unit() or "") or ngettext("of the day before", "of the %(days)s days before", period.days) % {
        "days": number(period.days)
    }


def in_the_one_before(period: Period) -> str:
    """Say when: "in the quarter before"."""
    return {
        "year": pgettext("when", "in the year before"),
        "half": pgettext("when", "in the half-year before"),
        "quarter": pgettext("when", "in the quarter before"),
        "month": pgettext("when", "in the month before"),
    }.get(period.whole_unit() or "", pgettext("when", "before"))


def short(period: Period, unit: Unit | None = None) -> str:
    """Name a period as shortly as an axis needs it: Q3 2026, Jul 26, 2026, 03.08."""
    unit = unit or period.whole_unit()
    if unit == "year":
        return str(period.start.year)
    if unit == "half":
        return pgettext("axis", "H%(number)s %(year)s") % {
            "number": 1 if period.start.month == 1 else 2,
            "year": period.start.year,
        }
    if unit == "quarter":
        return pgettext("axis", "Q%(number)s %(year)s") % {
            "number": _quarter(period.start),
            "year": period.start.year,
        }
    if unit == "month":
        return str(format_date(period.start, "MMM yy", locale=reader_locale()))
    return str(format_skeleton("Md", period.start, locale=reader_locale()))


def days_between(period: Period) -> str:
    """Name a period by its first and last day, as tables need it: 03.08.2026–09.08.2026."""
    return f"{day_short(period.start)}–{day_short(period.end - _ONE_DAY)}"


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def _say_value(value: date | int | str) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Share):
        return percent(value.share)
    if isinstance(value, Verbatim):
        return str(value)
    return number(value) if isinstance(value, int) else gettext(value)
