"""Show whether the new customers of today come back more often than those of earlier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.insights import figures
from stammkunde.kernel import clock
from stammkunde.kernel.periods import Period, shift_unit
from stammkunde.metrics import Cohort, cohort_query
from stammkunde.workspace.cohort_comparison import compare, evidence, verdict
from stammkunde.workspace.cohort_curves import draw_curves
from stammkunde.workspace.cohort_table import CohortUnit, heat_map
from stammkunde.workspace.downloads import Cell, download
from stammkunde.workspace.narrowing import Narrowing, narrowing
from stammkunde.workspace.period_choice import UnreadablePeriod, Way, read_period

UNITS: dict[CohortUnit, Promise] = {"week": _("Weeks"), "month": _("Months"), "quarter": _("Quarters")}
CAPTIONS: dict[tuple[CohortUnit, bool], Promise] = {
    ("week", False): _(
        "Of everybody who first ordered in a week, how many per cent ordered again in the k-th week after"
    ),
    ("month", False): _(
        "Of everybody who first ordered in a month, how many per cent ordered again in the k-th month after"
    ),
    ("quarter", False): _(
        "Of everybody who first ordered in a quarter, how many per cent ordered again in the k-th quarter after"
    ),
    ("week", True): _("Of everybody who first ordered in a week, how many ordered again in the k-th week after"),
    ("month", True): _("Of everybody who first ordered in a month, how many ordered again in the k-th month after"),
    ("quarter", True): _(
        "Of everybody who first ordered in a quarter, how many ordered again in the k-th quarter after"
    ),
}
MOST: dict[CohortUnit, int] = {"week": 26, "month": 25, "quarter": 20}


@dataclass(frozen=True)
class View:
    """What the address asks for: the unit, counts or percentages, and days of its own."""

    by: CohortUnit
    counts: bool
    days: Period | None
    problem: str = ""
    segment: str = ""

    def address(self, *, by: CohortUnit | None = None, counts: bool | None = None, **more: str) -> str:
        """Write the address of this view with some of it changed."""
        wanted = {
            "by": by or self.by,
            "show": "counts" if (self.counts if counts is None else counts) else "",
            "segment": self.segment,
        }
        if self.days:
            wanted |= {"from": self.days.start.isoformat(), "to": self.last_day.isoformat()}
        return "?" + urlencode({name: value for name, value in (wanted | more).items() if value})

    @property
    def last_day(self) -> date:
        """Return the last day that was asked for."""
        return self.days.end - timedelta(days=1) if self.days else date.max


def cohorts(request: HttpRequest) -> HttpResponse:
    """Answer with the cohorts of first orders as a heat map."""
    mirror = figures.mirror()
    if mirror is None or mirror.end is None:
        return render(request, "workspace/cohorts_empty.html")
    narrowed = narrowing(request.GET, now=clock.now())
    view = replace(_view(request.GET), segment=narrowed.name)
    found = _found(view, mirror.end, narrowed.among)
    if request.GET.get("format") == "csv":
        return _csv(view, found)
    return render(request, "workspace/cohorts.html", _context(view, found, narrowed))


def _view(query: QueryDict) -> View:
    usual: CohortUnit = "month"
    by = next((unit for unit in UNITS if unit == query.get("by")), usual)
    counts = query.get("show") == "counts"
    try:
        return View(by, counts, read_period(query.get("from", ""), query.get("to", "")))
    except UnreadablePeriod as unreadable:
        return View(by, counts, None, str(unreadable))


def _found(view: View, data_end: date, among: figures.Among | None) -> list[Cohort]:
    if view.days:
        return figures.cohorts(by=view.by, start=view.days.start, end=view.days.end, among=among)
    return figures.cohorts(by=view.by, start=shift_unit(data_end, view.by, 1 - MOST[view.by]), among=among)


def _context(view: View, found: Sequence[Cohort], narrowed: Narrowing) -> dict[str, object]:
    comparison = compare(figures.cohorts(by=view.by, among=narrowed.among), view.by)
    return {
        "view": view,
        "narrowed": narrowed,
        "narrowed_kept": {"by": view.by, "show": "counts" if view.counts else ""},
        "units": [Way(str(title), view.address(by=unit), unit == view.by) for unit, title in UNITS.items()],
        "percent_address": view.address(counts=False),
        "counts_address": view.address(counts=True),
        "verdict": verdict(comparison, view.by),
        "evidence": evidence(comparison),
        "picture": draw_curves(comparison) if comparison else None,
        "heat": heat_map(found, view.by, counts=view.counts),
        "caption": CAPTIONS[view.by, view.counts],
        "query": cohort_query(view.by),
        "csv_address": view.address(format="csv"),
    }


def _csv(view: View, found: Sequence[Cohort]) -> HttpResponse:
    """Hand out counts, whatever the page shows: from them everything else can be worked out."""
    longest = max((len(cohort.active) for cohort in found), default=0)
    header = ["cohort", "start", "size", "truncated", *(f"active_{k}" for k in range(longest))]
    rows: list[list[Cell]] = [
        [cohort.label, cohort.start, cohort.size, "yes" if cohort.truncated else "no", *cohort.active]
        for cohort in found
    ]
    return download(f"stammkunde-cohorts-{view.by}", header, rows)
