"""Answer whether the new customers of today come back more often than those of earlier, with care for small numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stammkunde.kernel.periods import shift_unit
from stammkunde.metrics import Cohort
from stammkunde.metrics.intervals import wilson
from stammkunde.workspace.cohort_table import CohortUnit, span_name
from stammkunde.workspace.formatting import number, percent

ENOUGH = 30
RECENT: dict[CohortUnit, int] = {"week": 8, "month": 3, "quarter": 2}


@dataclass(frozen=True)
class Group:
    """Cohorts taken together: how many customers, and how many of them bought in the unit after their first order."""

    cohorts: list[Cohort]
    customers: int
    came_back: int

    @property
    def share(self) -> float:
        """Return the share that came back."""
        return self.came_back / self.customers


@dataclass(frozen=True)
class Comparison:
    """The newest cohorts against earlier ones, and the interval of the difference of their shares."""

    recent: Group
    earlier: Group
    same_season: bool
    low: float
    high: float

    @property
    def difference(self) -> float:
        """Return by how much the share of the newest differs."""
        return self.recent.share - self.earlier.share


def compare(cohorts: Sequence[Cohort], by: CohortUnit) -> Comparison | None:
    """Compare the newest cohorts with the same season a year before, else with all before; None if too few bought."""
    ripe = [cohort for cohort in cohorts if _ripe(cohort)]
    recent, before = ripe[-RECENT[by] :], ripe[: -RECENT[by]]
    last_year = _a_year_before(recent, before, by)
    newest, earlier = _group(recent), _group(last_year or before)
    if newest.customers < ENOUGH or earlier.customers < ENOUGH:
        return None
    return Comparison(newest, earlier, bool(last_year), *_newcombe(newest, earlier))


def verdict(comparison: Comparison | None, by: CohortUnit) -> SafeString:
    """Say the answer in one sentence with its two shares."""
    if comparison is None:
        return escape(
            gettext("Whether the new customers of today come back more often than those of earlier cannot be said yet.")
        )
    return format_html(
        _message(comparison),
        span=span_name(comparison.recent.cohorts, by),
        those=gettext("those of the same time a year before")
        if comparison.same_season
        else gettext("those before them"),
        share=percent(comparison.recent.share),
        other=percent(comparison.earlier.share),
        after=_AFTER[by],
    )


def evidence(comparison: Comparison | None) -> str:
    """Say on how many customers the answer rests and how sure it is."""
    if comparison is None:
        return gettext(
            "It takes new customers from two times, at least {count} each, whose next week, month or quarter is over. "
            "The first 90 days of the data do not count: some of their customers may have bought before."
        ).format(count=ENOUGH)
    counted = gettext(
        "Counted on {n} and {m} new customers; the difference is {points} percentage points, surely between {low} and "
        "{high}."
    ).format(
        n=number(comparison.recent.customers),
        m=number(comparison.earlier.customers),
        points=_points(comparison.difference),
        low=_points(comparison.low),
        high=_points(comparison.high),
    )
    caution = gettext("Seasons are not taken out of it.")
    return counted if comparison.same_season else f"{counted} {caution}"


def _message(comparison: Comparison) -> str:
    if comparison.low > 0:
        return gettext(
            "The new customers of {span} come back <b>more often</b> than {those}: {share} ordered again "
            "{after}, {other} then."
        )
    if comparison.high < 0:
        return gettext(
            "The new customers of {span} come back <em>less often</em> than {those}: {share} ordered again "
            "{after}, {other} then."
        )
    return gettext(
        "Whether the new customers of {span} come back more often than {those} cannot be told: {share} "
        "ordered again {after}, {other} then."
    )


_AFTER: dict[CohortUnit, Promise] = {
    "week": _("in the week after their first order"),
    "month": _("in the month after their first order"),
    "quarter": _("in the quarter after their first order"),
}


def _points(share: float) -> str:
    text = number(abs(share) * 100, 1)
    return f"−{text}" if share < 0 else f"+{text}"


def _ripe(cohort: Cohort) -> bool:
    return not cohort.truncated and cohort.size > 0 and len(cohort.active) > 1 and cohort.active[1] is not None


def _a_year_before(recent: Sequence[Cohort], before: Sequence[Cohort], by: CohortUnit) -> list[Cohort]:
    back = {"week": 52, "month": 12, "quarter": 4}[by]
    wanted = {shift_unit(cohort.start, by, -back) for cohort in recent}
    found = [cohort for cohort in before if cohort.start in wanted]
    return found if len(found) == len(wanted) else []


def _group(cohorts: Sequence[Cohort]) -> Group:
    came_back = sum(cohort.active[1] or 0 for cohort in cohorts)
    return Group(list(cohorts), sum(cohort.size for cohort in cohorts), came_back)


def _newcombe(one: Group, other: Group) -> tuple[float, float]:
    """Return Newcombe's interval (1998, method 10) of the difference of two shares."""
    low, high = wilson(one.came_back, one.customers)
    other_low, other_high = wilson(other.came_back, other.customers)
    difference = one.share - other.share
    return (
        difference - sqrt((one.share - low) ** 2 + (other_high - other.share) ** 2),
        difference + sqrt((high - one.share) ** 2 + (other.share - other_low) ** 2),
    )
