"""Draw how a figure went over time: columns from zero for what is counted, a line with its interval for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from django.utils.safestring import SafeString

from stammkunde.workspace.pictures.svg import element, label, picture, share, stretched, wrapped

_TOP, _BELOW = 30, 44
_LABEL_WIDTH = 6
_FEW = 7


@dataclass(frozen=True)
class Point:
    """A figure of one period: its value and interval (None: unknown), how both are written, and when it was."""

    name: str
    value: float | None
    text: str
    interval: tuple[float, float] | None = None
    marked: bool = False


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
        for i in _worth_saying(points)
    ]
    parts += _names(points, floor_y, names)
    return picture(*parts, kind="columns", height=height, title=title, description=description)


def draw_line(
    points: Sequence[Point], *, ticks: Sequence[tuple[float, str]], title: str, description: str, height: int = 240
) -> SafeString:
    """Draw known values as a line, their intervals as a band; gaps stay gaps; ticks mark the scale from below."""
    floor_y = height - _BELOW
    low, high = ticks[0][0], ticks[-1][0]
    span = (high - low) or 1.0
    place = _Place(len(points), low, span)
    grid = [_tick(value, text, floor_y - (floor_y - _TOP) * (value - low) / span) for value, text in ticks]
    shapes = [*_bands(points, place), *_strokes(points, place)]
    dots = [
        _dot(point, x=share(place.x(i) / 100), y=_TOP + (floor_y - _TOP) * place.y(point.value) / 100)
        for i, point in enumerate(points)
        if point.value is not None
    ]
    inside = [
        *grid,
        stretched(*shapes, y=_TOP, height=floor_y - _TOP),
        *dots,
        *_values(points, place, floor_y),
        *_names(points, floor_y, 8),
    ]
    return picture(*inside, kind="line", height=height, title=title, description=description)


def ticks(lowest: float, highest: float) -> list[float]:
    """Return three to six round numbers that hold the range between them.

    >>> ticks(0.52, 0.68)
    [0.5, 0.55, 0.6, 0.65, 0.7]
    >>> ticks(0, 1837)
    [0.0, 500.0, 1000.0, 1500.0, 2000.0]
    """
    span = (highest - lowest) or abs(highest) or 1.0
    raw = span / 4
    magnitude = 10.0 ** floor(log10(raw))
    step = next(size * magnitude for size in (1, 2, 2.5, 5, 10) if size * magnitude >= raw)
    first, last = floor(lowest / step + 1e-9), -floor(-highest / step + 1e-9)
    last = max(last, first + 1)
    return [round(i * step, 10) for i in range(first, last + 1)]


@dataclass(frozen=True)
class _Place:
    """Where a point lies in the box of 100 × 100."""

    count: int
    low: float
    span: float

    def x(self, i: int) -> float:
        return (i + 0.5) / self.count * 100

    def y(self, value: float) -> float:
        return 100 - (value - self.low) / self.span * 100


def _column(point: Point, *, left: float, width: float, y: float, tall: float) -> SafeString:
    return element(
        "rect", element("title", f"{point.name}: {point.text}"), class_="column marked" if point.marked else "column",
        x=share(left), y=y, width=share(width), height=max(tall, 1), rx=2,
    )  # fmt: skip


def _worth_saying(points: Sequence[Point]) -> list[int]:
    """Return the places whose values are written: all if they are few, else the highest and the last."""
    known = [i for i, point in enumerate(points) if point.value is not None]
    if len(points) <= _FEW or not known:
        return known
    top, last = max(known, key=lambda i: points[i].value or 0), known[-1]
    return [top] if last - top < len(points) / 4 else [top, last]


def _value_label(points: Sequence[Point], i: int, y: float) -> SafeString:
    many = len(points) > _FEW
    if many and i >= len(points) * 0.8:
        return label(points[i].text, x="100%", y=y - 9, kind="count", anchor="end")
    if many and i < len(points) * 0.2:
        return label(points[i].text, x="0", y=y - 9, kind="count", anchor="start")
    return label(points[i].text, x=share((i + 0.5) / len(points)), y=y - 9, kind="count")


def _values(points: Sequence[Point], place: "_Place", floor_y: int) -> list[SafeString]:
    known = [i for i, point in enumerate(points) if point.value is not None]
    said = known if len(points) <= _FEW else known[-1:]
    return [_value_label(points, i, _TOP + (floor_y - _TOP) * place.y(points[i].value or 0) / 100 - 2) for i in said]


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


def _dot(point: Point, *, x: str, y: float) -> SafeString:
    named = element("title", f"{point.name}: {point.text}")
    return element("circle", named, class_="dot marked" if point.marked else "dot", cx=x, cy=y, r=4)


def _strokes(points: Sequence[Point], place: _Place) -> list[SafeString]:
    return [
        element(
            "polyline",
            class_="stroke",
            points=" ".join(f"{place.x(i):.2f},{place.y(points[i].value or 0):.2f}" for i in run),
            vector_effect="non-scaling-stroke",
        )
        for run in _runs([point.value is not None for point in points])
        if len(run) > 1
    ]


def _bands(points: Sequence[Point], place: _Place) -> list[SafeString]:
    bands = []
    for run in _runs([point.value is not None and point.interval is not None for point in points]):
        edges = [(place.x(i), *(points[i].interval or (0.0, 0.0))) for i in run]
        upper = [f"{x:.2f},{place.y(high):.2f}" for x, _low, high in edges]
        lower = [f"{x:.2f},{place.y(low):.2f}" for x, low, _high in reversed(edges)]
        bands.append(element("polygon", class_="band", points=" ".join(upper + lower)))
    return bands


def _runs(present: Sequence[bool]) -> list[list[int]]:
    runs: list[list[int]] = [[]]
    for i, there in enumerate(present):
        if there:
            runs[-1].append(i)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
