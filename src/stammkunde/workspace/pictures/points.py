"""Know what every picture of a series is made of: points with names and values, and where their texts go."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from stammkunde.workspace.pictures.svg import label, share, wrapped

TOP, BELOW = 30, 44
_EDGE = 0.06
_LABEL_WIDTH = 6


@dataclass(frozen=True)
class Point:
    """A figure of one period: its value and interval (None: unknown), how both are written, and when it was."""

    name: str
    value: float | None
    text: str
    interval: tuple[float, float] | None = None
    marked: bool = False


def middle_of(i: int, count: int, gutter: float = 0.0) -> float:
    """Return where the i-th of so many points stands across the picture, right of the gutter."""
    return gutter + (i + 0.5) / count * (1 - gutter)


def value_label(text: str, middle: float, y: float) -> SafeString:
    """Write a value at its place across the picture, within its edges."""
    if middle < _EDGE:
        return label(text, x="0", y=y, kind="count", anchor="start")
    if middle > 1 - _EDGE:
        return label(text, x="100%", y=y, kind="count", anchor="end")
    return label(text, x=share(middle), y=y, kind="count")


def names_below(points: Sequence[Point], floor_y: int, at_most: int, *, gutter: float = 0.0) -> list[SafeString]:
    """Write the names of the points under the picture, the last one always, others as far as there is room."""
    every = -(-len(points) // at_most) if points else 1
    last = len(points) - 1
    return [
        label(
            wrapped(point.name, _LABEL_WIDTH), x=share(middle_of(i, len(points), gutter)), y=floor_y + 18, kind="name"
        )
        for i, point in enumerate(points)
        if (last - i) % every == 0
    ]
