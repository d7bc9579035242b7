"""Draw shares and averages as lines over time, with the band in which they surely lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from django.utils.safestring import SafeString

from stammkunde.workspace.pictures.points import BELOW, TOP, Point, middle_of, names_below, value_label
from stammkunde.workspace.pictures.svg import element, label, picture, share, stretched

_GUTTER = 0.08
_MANY = 8


@dataclass(frozen=True)
class Line:
    """A row of points over the same periods as the other lines of the picture; `kind` chooses its colour."""

    points: Sequence[Point]
    kind: str = "one"


def draw_lines(
    lines: Sequence[Line], *, ticks: Sequence[tuple[float, str]], title: str, description: str, height: int = 240
) -> SafeString:
    """Draw known values as lines, their intervals as bands; gaps stay gaps; ticks mark the scale from below."""
    floor_y = height - BELOW
    low, high = ticks[0][0], ticks[-1][0]
    place = _Place(len(lines[0].points), low, (high - low) or 1.0, floor_y)
    grid = [_tick(value, text, place.pixel(value)) for value, text in ticks]
    shapes = [shape for line in lines for shape in (*_bands(line, place), *_strokes(line, place))]
    over = [part for line in lines for part in (*_lone(line, place), *_dots(line, place), *_values(line, lines, place))]
    box = stretched(*shapes, y=TOP, height=floor_y - TOP)
    names = names_below(lines[0].points, floor_y, 8, gutter=_GUTTER)
    return picture(*grid, box, *over, *names, kind="line", height=height, title=title, description=description)


def ticks(lowest: float, highest: float) -> list[float]:
    """Return three to six round numbers that hold the range between them.

    >>> ticks(0.52, 0.68)
    [0.5, 0.55, 0.6, 0.65, 0.7]
    >>> ticks(0, 1837)
    [0.0, 500.0, 1000.0, 1500.0, 2000.0]
    """
    span = max(highest - lowest, abs(highest) * 1e-3, 1e-6)
    raw = span / 4
    magnitude = 10.0 ** floor(log10(raw))
    step = next(size * magnitude for size in (1, 2, 2.5, 5, 10) if size * magnitude >= raw)
    first, last = floor(lowest / step + 1e-9), -floor(-highest / step + 1e-9)
    last = max(last, first + 1)
    return [round(i * step, 10) for i in range(first, last + 1)]


@dataclass(frozen=True)
class _Place:
    """Where a point lies in the stretched box of 100 × 100, and in pixels from the top of the picture."""

    count: int
    low: float
    span: float
    floor_y: int

    def x(self, i: int) -> float:
        return middle_of(i, self.count, _GUTTER) * 100

    def y(self, value: float) -> float:
        return 100 - (value - self.low) / self.span * 100

    def pixel(self, value: float) -> float:
        return TOP + (self.floor_y - TOP) * self.y(value) / 100


def _values(line: Line, lines: Sequence[Line], place: _Place) -> list[SafeString]:
    """Write values above their points, or below where another line runs above."""
    known = [(i, point.text, point.value) for i, point in enumerate(line.points) if point.value is not None]
    said = known if len(line.points) < _MANY else known[-1:]
    return [
        value_label(text, place.x(i) / 100, place.pixel(value) + (22 if _is_under(value, i, lines) else -11))
        for i, text, value in said
    ]


def _is_under(value: float, i: int, lines: Sequence[Line]) -> bool:
    return any((line.points[i].value or value) > value for line in lines if i < len(line.points))


def _tick(value: float, text: str, y: float) -> SafeString:
    return element(
        "g",
        element("line", class_="ground" if value == 0 else "grid", x1=0, x2="100%", y1=y, y2=y),
        label(text, x="0", y=y - 4, kind="name", anchor="start"),
    )


def _dots(line: Line, place: _Place) -> list[SafeString]:
    return [
        element(
            "circle",
            element("title", f"{point.name}: {point.text}"),
            class_=f"dot {line.kind} marked" if point.marked else f"dot {line.kind}",
            cx=share(place.x(i) / 100),
            cy=place.pixel(point.value),
            r=4,
        )
        for i, point in enumerate(line.points)
        if point.value is not None
    ]


def _strokes(line: Line, place: _Place) -> list[SafeString]:
    return [
        element(
            "polyline",
            class_=f"stroke {line.kind}",
            points=" ".join(f"{place.x(i):.2f},{place.y(line.points[i].value or 0):.2f}" for i in run),
            vector_effect="non-scaling-stroke",
        )
        for run in _runs([point.value is not None for point in line.points])
        if len(run) > 1
    ]


def _bands(line: Line, place: _Place) -> list[SafeString]:
    bands = []
    for run in _sure_runs(line):
        edges = [(place.x(i), *(line.points[i].interval or (0.0, 0.0))) for i in run]
        upper = [f"{x:.2f},{place.y(high):.2f}" for x, _low, high in edges]
        lower = [f"{x:.2f},{place.y(low):.2f}" for x, low, _high in reversed(edges)]
        bands.append(element("polygon", class_=f"band {line.kind}", points=" ".join(upper + lower)))
    return bands


def _lone(line: Line, place: _Place) -> list[SafeString]:
    """Draw the interval of a point without neighbours as an upright line."""
    lone = [(run[0], line.points[run[0]].interval or (0.0, 0.0)) for run in _sure_runs(line) if len(run) == 1]
    return [
        element(
            "line", class_=f"reach {line.kind}", x1=share(place.x(i) / 100), x2=share(place.x(i) / 100),
            y1=place.pixel(low), y2=place.pixel(high),
        )
        for i, (low, high) in lone
    ]  # fmt: skip


def _sure_runs(line: Line) -> list[list[int]]:
    return _runs([point.value is not None and point.interval is not None for point in line.points])


def _runs(present: Sequence[bool]) -> list[list[int]]:
    runs: list[list[int]] = [[]]
    for i, there in enumerate(present):
        if there:
            runs[-1].append(i)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
