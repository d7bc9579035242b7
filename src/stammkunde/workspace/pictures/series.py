"""Draw how a figure went over time: columns from zero for what is counted, a line with its interval for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from django.utils.safestring import SafeString

from stammkunde.workspace.pictures.svg import element, label, picture, share, stretched, wrapped

_TOP, _BELOW = 30, 44
_LABEL_WIDTH = 6
_EDGE, _MANY = 0.08, 8


@dataclass(frozen=True)
class Point:
    """A figure of one period: its value and interval (None: unknown), how both are written, and when it was."""

    name: str
    value: float | None
    text: str
    interval: tuple[float, float] | None = None
    marked: bool = False


@dataclass(frozen=True)
class Line:
    """A row of points over the same periods as the other lines of the picture; `kind` chooses its colour."""

    points: Sequence[Point]
    kind: str = "one"


def draw_columns(
    points: Sequence[Point], *, title: str, description: str, height: int = 170, names: int = 8
) -> SafeString:
    """Draw one column from zero for each known value; the marked ones stand out, the highest and last say theirs."""
    floor_y = height - _BELOW
    highest = max((point.value or 0 for point in points), default=0) or 1
    width = 1 / max(len(points), 1)
    parts = [element("line", class_="ground", x1=0, x2="100%", y1=floor_y, y2=floor_y)]
    for i, point in enumerate(points):
        if point.value is not None:
            tall = (floor_y - _TOP) * max(point.value, 0) / highest
            parts.append(_column(point, left=(i + 0.14) * width, width=width * 0.72, y=floor_y - tall, tall=tall))
    parts += [
        _value_label(points, i, floor_y - (floor_y - _TOP) * (points[i].value or 0) / highest)
        for i in _worth_saying(points, all_below=names - 1)
    ]
    parts += _names(points, floor_y, names)
    return picture(*parts, kind="columns", height=height, title=title, description=description)


def draw_lines(
    lines: Sequence[Line], *, ticks: Sequence[tuple[float, str]], title: str, description: str, height: int = 240
) -> SafeString:
    """Draw known values as lines, their intervals as bands; gaps stay gaps; ticks mark the scale from below."""
    floor_y = height - _BELOW
    low, high = ticks[0][0], ticks[-1][0]
    place = _Place(len(lines[0].points), low, (high - low) or 1.0, floor_y)
    grid = [_tick(value, text, place.pixel(value)) for value, text in ticks]
    shapes = [shape for line in lines for shape in (*_bands(line, place), *_strokes(line, place))]
    over = [part for line in lines for part in (*_lone(line, place), *_dots(line, place), *_values(line, place))]
    box = stretched(*shapes, y=_TOP, height=floor_y - _TOP)
    names = _names(lines[0].points, floor_y, 8)
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
        return (i + 0.5) / self.count * 100

    def y(self, value: float) -> float:
        return 100 - (value - self.low) / self.span * 100

    def pixel(self, value: float) -> float:
        return _TOP + (self.floor_y - _TOP) * self.y(value) / 100


def _column(point: Point, *, left: float, width: float, y: float, tall: float) -> SafeString:
    return element(
        "rect", element("title", f"{point.name}: {point.text}"), class_="column marked" if point.marked else "column",
        x=share(left), y=y, width=share(width), height=max(tall, 1), rx=2,
    )  # fmt: skip


def _worth_saying(points: Sequence[Point], *, all_below: int) -> list[int]:
    """Return the places whose values are written: all if they are few, else the highest and the last."""
    known = [i for i, point in enumerate(points) if point.value is not None]
    if len(points) < all_below or not known:
        return known
    top, last = max(known, key=lambda i: points[i].value or 0), known[-1]
    return [top] if last - top < len(points) / 4 else [top, last]


def _value_label(points: Sequence[Point], i: int, y: float) -> SafeString:
    middle = (i + 0.5) / len(points)
    x, anchor = share(middle), "middle"
    if middle < _EDGE:
        x, anchor = "0", "start"
    elif middle > 1 - _EDGE:
        x, anchor = "100%", "end"
    return label(points[i].text, x=x, y=y - 9, kind="count", anchor=anchor)


def _values(line: Line, place: _Place) -> list[SafeString]:
    known = [i for i, point in enumerate(line.points) if point.value is not None]
    said = known if len(line.points) < _MANY else known[-1:]
    return [_value_label(line.points, i, place.pixel(line.points[i].value or 0) - 2) for i in said]


def _names(points: Sequence[Point], floor_y: int, at_most: int) -> list[SafeString]:
    every = -(-len(points) // at_most) if points else 1
    last = len(points) - 1
    return [
        label(wrapped(points[i].name, _LABEL_WIDTH), x=share((i + 0.5) / len(points)), y=floor_y + 18, kind="name")
        for i in range(len(points))
        if (last - i) % every == 0
    ]


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
