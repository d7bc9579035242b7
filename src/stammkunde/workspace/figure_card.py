"""Show one figure the same way everywhere: value, interval, trend, n, evidence grade and how it was counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.translation import gettext, gettext_lazy

from stammkunde.workspace.formatting import Quantity, interval, number, quantity

GRADES = {
    "A": gettext_lazy("Grade A: proven by a random control group"),
    "B": gettext_lazy("Grade B: a natural experiment whose groups moved alike before"),
    "C": gettext_lazy("Grade C: a connection after adjusting for known differences, not a proven cause"),
    "D": gettext_lazy("Grade D: a description. Counted, not caused"),
}
_WIDTH, _HEIGHT, _MARGIN = 120.0, 28.0, 3.0


class Measured(Protocol):
    """What the component needs to know of a figure."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def n(self) -> int | None: ...
    @property
    def interval(self) -> tuple[float, float] | None: ...
    @property
    def definition(self) -> str: ...
    @property
    def why_unknown(self) -> str | None: ...
    @property
    def grade(self) -> str: ...


@dataclass(frozen=True)
class IntervalBar:
    """Where the value lies on a thin bar from 0 to 100, as texts ready for SVG attributes."""

    start: str
    width: str
    point: str
    text: str


@dataclass(frozen=True)
class Sparkline:
    """The strokes of a small trend line, broken where a value is unknown, and its last point."""

    strokes: list[str]
    last: str
    label: str


@dataclass(frozen=True)
class FigureCard:
    """Everything the component prints about one figure."""

    name: str
    title: str
    quantity: Quantity
    known: bool
    why_unknown: str
    bar: IntervalBar | None
    n: str
    grade: str
    grade_meaning: str
    definition: str
    trend: Sparkline | None
    note: str
    tone: str
    url: str = field(default="")


def figure_card(
    figure: Measured,
    *,
    title: str,
    currency: str = "",
    trend: Sequence[float | None] = (),
    note: str = "",
    tone: str = "",
    url: str = "",
) -> FigureCard:
    """Lay out one figure; `tone` "warn" colours what should fall, `url` leads to the figure's own page."""
    return FigureCard(
        name=figure.name,
        title=title,
        quantity=quantity(figure.value, figure.unit, currency=currency),
        known=figure.value is not None,
        why_unknown=figure.why_unknown or "",
        bar=interval_bar(figure, currency=currency),
        n="" if figure.n is None else number(figure.n),
        grade=figure.grade,
        grade_meaning=str(GRADES[figure.grade]),
        definition=figure.definition,
        trend=sparkline(trend),
        note=note,
        tone=tone,
        url=url,
    )


def interval_bar(figure: Measured, *, currency: str = "") -> IntervalBar | None:
    """Place the interval on a bar: shares from 0 to 100 per cent, others from 0 to a little above its upper end."""
    if figure.interval is None or figure.value is None:
        return None
    low, high = figure.interval
    full = 1.0 if figure.unit == "share" else max(high * 1.25, 1e-9)
    return IntervalBar(
        start=f"{_clip(low / full):.1f}",
        width=f"{max(_clip(high / full) - _clip(low / full), 0.8):.1f}",
        point=f"{min(_clip(figure.value / full), 99.0):.1f}",
        text=interval(low, high, figure.unit, currency=currency),
    )


def sparkline(values: Sequence[float | None]) -> Sparkline | None:
    """Draw a trend of at least two known values into a box of 120 × 28."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = (_WIDTH - 2 * _MARGIN) / max(len(values) - 1, 1)
    points = [
        None if value is None else f"{_MARGIN + step * i:.1f},{_HEIGHT - _MARGIN - (value - low) / span * 22:.1f}"
        for i, value in enumerate(values)
    ]
    strokes = _unbroken(points)
    return Sparkline(
        strokes=strokes,
        last=strokes[-1].rsplit(" ", 1)[-1],
        label=gettext("Trend over the last %(count)s periods") % {"count": len(values)},
    )


def _unbroken(points: Sequence[str | None]) -> list[str]:
    strokes: list[list[str]] = [[]]
    for point in points:
        if point is not None:
            strokes[-1].append(point)
        elif strokes[-1]:
            strokes.append([])
    return [" ".join(stroke) for stroke in strokes if stroke]


def _clip(share: float) -> float:
    return min(max(share * 100, 0.0), 100.0)
