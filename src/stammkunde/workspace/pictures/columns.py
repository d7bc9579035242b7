"""Draw what adds up as columns from zero."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from stammkunde.workspace.pictures.points import BELOW, TOP, Point, middle_of, names_below, value_label
from stammkunde.workspace.pictures.svg import element, picture, share

_WIDTH = 0.72


def draw_columns(
    points: Sequence[Point], *, title: str, description: str, height: int = 170, names: int = 8
) -> SafeString:
    """Draw one column from zero for each known value; the marked ones stand out, the highest and last say theirs."""
    floor_y = height - BELOW
    highest = max((point.value or 0 for point in points), default=0) or 1
    tall = [(floor_y - TOP) * max(point.value or 0, 0) / highest for point in points]
    columns = [
        _column(point, i, len(points), tall=tall[i], floor_y=floor_y)
        for i, point in enumerate(points)
        if point.value is not None
    ]
    values = [
        value_label(points[i].text, middle_of(i, len(points)), floor_y - tall[i] - 9)
        for i in _worth_saying(points, all_below=names - 1)
    ]
    ground = element("line", class_="ground", x1=0, x2="100%", y1=floor_y, y2=floor_y)
    inside = [ground, *columns, *values, *names_below(points, floor_y, names)]
    return picture(*inside, kind="columns", height=height, title=title, description=description)


def _column(point: Point, i: int, count: int, *, tall: float, floor_y: int) -> SafeString:
    return element(
        "rect",
        element("title", f"{point.name}: {point.text}"),
        class_="column marked" if point.marked else "column",
        x=share(middle_of(i, count) - _WIDTH / count / 2),
        y=floor_y - tall,
        width=share(_WIDTH / count),
        height=max(tall, 1),
        rx=2,
    )


def _worth_saying(points: Sequence[Point], *, all_below: int) -> list[int]:
    """Return the places whose values are written: all if they are few, else the highest and the last."""
    known = [i for i, point in enumerate(points) if point.value is not None]
    if len(points) < all_below or not known:
        return known
    top, last = max(known, key=lambda i: points[i].value or 0), known[-1]
    return [top] if last - top < len(points) / 4 else [top, last]
