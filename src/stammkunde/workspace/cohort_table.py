"""Lay cohorts out as a heat map: one row per cohort of first orders, one column per unit after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from babel.dates import format_date
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext

from stammkunde.metrics import Cohort
from stammkunde.workspace.formatting import number, reader_locale

CohortUnit = Literal["week", "month", "quarter"]
FEW = 20
_SHADES = 20


@dataclass(frozen=True)
class Cell:
    """One cohort in one unit: what it shows, how strongly it is shaded, and the count behind it."""

    text: str
    style: str
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """One cohort: its name, its size, and its cells."""

    name: str
    size: str
    truncated: bool
    few: bool
    cells: list[Cell]


@dataclass(frozen=True)
class HeatMap:
    """The cohorts as rows of cells; what marks mean is told only if there are such."""

    columns: range
    rows: list[Row]

    @cached_property
    def has_truncated(self) -> bool:
        """Tell whether some cohorts began too close to the beginning of the data."""
        return any(row.truncated for row in self.rows)

    @cached_property
    def has_few(self) -> bool:
        """Tell whether some cohorts are so small that their percentages jump about."""
        return any(row.few for row in self.rows)


def heat_map(cohorts: Sequence[Cohort], by: CohortUnit, *, counts: bool = False, width: int | None = None) -> HeatMap:
    """Return the heat map of these cohorts, as percentages or counts, at most `width` units wide."""
    longest = max((_known(cohort) for cohort in cohorts), default=0)
    columns = range(min(longest, width) if width else longest)
    strongest = max((share for cohort in cohorts for share in _shares(cohort)), default=0.0) or 1.0
    between = gettext("%(active)s of %(size)s")
    rows = [
        Row(
            name=cohort_name(cohort, by),
            size=number(cohort.size),
            truncated=cohort.truncated,
            few=0 < cohort.size < FEW,
            cells=[_cell(cohort, k, counts=counts, strongest=strongest, between=between) for k in columns],
        )
        for cohort in cohorts
    ]
    return HeatMap(columns, rows)


def cohort_name(cohort: Cohort, by: CohortUnit) -> str:
    """Name a cohort in the reader's language: Jan. 2026, Q1 2026, week 5/2026."""
    if by == "week":
        year, week, _day = cohort.start.isocalendar()
        return pgettext("cohort", "week %(week)s/%(year)s") % {"week": week, "year": year}
    if by == "quarter":
        return _date(cohort.start, "QQQ y")
    return _date(cohort.start, "MMM y")


def span_name(cohorts: Sequence[Cohort], by: CohortUnit) -> str:
    """Name neighbouring cohorts within a sentence: July to September 2026, week 5/2026 to week 12/2026."""
    first, last = cohorts[0].start, cohorts[-1].start
    if by == "week":
        names = cohort_name(cohorts[0], by), cohort_name(cohorts[-1], by)
    else:
        letters = {"month": "LLLL", "quarter": "QQQQ"}[by]
        whole = f"{letters} y"
        names = _date(first, letters if first.year == last.year else whole), _date(last, whole)
    if first == last:
        return names[1]
    return gettext("%(first)s to %(last)s") % {"first": names[0], "last": names[1]}


def _date(day: date, letters: str) -> str:
    return str(format_date(day, letters, locale=reader_locale()))


def _known(cohort: Cohort) -> int:
    return max((k + 1 for k, active in enumerate(cohort.active) if active is not None), default=0)


def _shares(cohort: Cohort) -> list[float]:
    return [active / cohort.size for active in cohort.active[1:] if active is not None and cohort.size]


def _cell(cohort: Cohort, k: int, *, counts: bool, strongest: float, between: str) -> Cell:
    active = cohort.active[k] if k < len(cohort.active) else None
    if active is None or not cohort.size:
        return Cell("", "none")
    share = active / cohort.size
    text = number(active) if counts else number(share * 100)
    hint = between % {"active": number(active), "size": number(cohort.size)}
    return Cell(text, "first" if k == 0 else f"heat-{round(share / strongest * _SHADES)}", hint)
