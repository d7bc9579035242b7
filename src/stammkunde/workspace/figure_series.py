"""Draw one figure over time: columns for what adds up, a line with its interval for shares and averages."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from stammkunde.kernel.periods import Period, Unit
from stammkunde.metrics import Figure
from stammkunde.workspace.formatting import number, quantity
from stammkunde.workspace.formatting import period as period_name
from stammkunde.workspace.pictures.columns import draw_columns
from stammkunde.workspace.pictures.lines import Line, draw_lines, ticks
from stammkunde.workspace.pictures.points import Point
from stammkunde.workspace.reading import ADDED_UP, title_of
from stammkunde.workspace.words import short


def draw_series(row: Sequence[Figure], *, by: Unit, currency: str, chosen: Period) -> SafeString | None:
    """Draw a figure's known values; None if there are fewer than two."""
    known = [figure for figure in row if figure.value is not None]
    if len(known) < 2:
        return None
    points = [_point(figure, by, currency, chosen) for figure in row]
    first, last = known[0], known[-1]
    title = title_of(first.name)
    description = gettext("From {first}: {first_value} to {last}: {last_value}").format(
        first=period_name(first.period),
        first_value=quantity(first.value, first.unit, currency=currency),
        last=period_name(last.period),
        last_value=quantity(last.value, last.unit, currency=currency),
    )
    if first.name in ADDED_UP:
        return draw_columns(points, title=title, description=description, height=260)
    scale = [(tick, str(quantity(tick, first.unit, currency=currency))) for tick in ticks(*_range(known))]
    return draw_lines([Line(points)], ticks=scale, title=title, description=description, height=280)


def _point(figure: Figure, by: Unit, currency: str, chosen: Period) -> Point:
    return Point(
        name=short(figure.period, by),
        value=figure.value,
        text=number(figure.value)
        if figure.unit in ("customers", "orders")
        else str(quantity(figure.value, figure.unit, currency=currency)),
        interval=figure.interval,
        marked=chosen.start <= figure.period.start < chosen.end,
    )


def _range(known: Sequence[Figure]) -> tuple[float, float]:
    values = [figure.value for figure in known if figure.value is not None]
    values += [edge for figure in known if figure.interval for edge in figure.interval]
    low, high = min(values), max(values)
    reach = (high - low) or abs(high) or 1.0
    return max(low - reach * 0.1, 0.0) if low >= 0 else low, high
