"""Draw how the newest cohorts come back, beside the earlier ones: one curve each, unit by unit."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from stammkunde.metrics import Cohort, wilson
from stammkunde.workspace.cohort_comparison import ENOUGH, Comparison
from stammkunde.workspace.formatting import percent
from stammkunde.workspace.pictures.lines import Line, draw_lines, ticks
from stammkunde.workspace.pictures.points import Point

LONGEST = 12


def draw_curves(comparison: Comparison) -> SafeString:
    """Draw both groups; a point needs enough customers for whom that unit is over."""
    newest = _curve(comparison.recent.cohorts, marked=True)
    earlier = _curve(comparison.earlier.cohorts, marked=False)
    length = max(_known(newest), _known(earlier))
    lines = [Line(earlier[:length], "earlier"), Line(newest[:length], "newest")]
    edges = [edge for line in lines for point in line.points for edge in point.interval or ()]
    scale = [(tick, percent(tick)) for tick in ticks(0.0, max(edges))]
    return draw_lines(
        lines,
        ticks=scale,
        title=gettext("The newest against those before"),
        description=gettext(
            "After one unit {newest} of the newest ordered again, and {earlier} of those before."
        ).format(newest=percent(comparison.recent.share), earlier=percent(comparison.earlier.share)),
    )


def _curve(cohorts: Sequence[Cohort], *, marked: bool) -> list[Point]:
    return [_point(cohorts, k, marked=marked) for k in range(1, LONGEST + 1)]


def _point(cohorts: Sequence[Cohort], k: int, *, marked: bool) -> Point:
    """Take together all cohorts whose k-th unit is over."""
    counted = [(active, cohort.size) for cohort in cohorts for active in cohort.active[k : k + 1] if active is not None]
    came_back, customers = sum(active for active, _size in counted), sum(size for _active, size in counted)
    if customers < ENOUGH:
        return Point(str(k), None, "", marked=marked)
    share = came_back / customers
    return Point(str(k), share, percent(share), wilson(came_back, customers), marked)


def _known(points: Sequence[Point]) -> int:
    return max((i + 1 for i, point in enumerate(points) if point.value is not None), default=0)
