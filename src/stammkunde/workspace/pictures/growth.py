"""Draw how a group grows: who enters above the ground, who leaves below it, day by day or week by week."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from stammkunde.workspace.pictures.points import middle_of
from stammkunde.workspace.pictures.svg import element, label, picture, share

_HEIGHT, _TOP, _BELOW = 180, 22, 30
_WIDTH = 0.72


@dataclass(frozen=True)
class Step:
    """One span of time: its name, how many entered and left in it, and how both are written."""

    name: str
    entered: int
    left: int
    text: str


def draw_growth(steps: Sequence[Step], *, title: str, description: str) -> SafeString:
    """Draw a column up for those who entered and one down for those who left, on one scale."""
    most_in = max((step.entered for step in steps), default=0)
    most_out = max((step.left for step in steps), default=0)
    unit = (_HEIGHT - _TOP - _BELOW) / max(most_in + most_out, 1)
    ground = _TOP + most_in * unit
    columns = [_column(step, i, len(steps), ground=ground, unit=unit) for i, step in enumerate(steps)]
    line = element("line", class_="ground", x1=0, x2="100%", y1=ground, y2=ground)
    every = max(-(-len(steps) // 5), 1)
    names = [
        label(step.name, x=share(_kept_in(middle_of(i, len(steps)))), y=_HEIGHT - 6, kind="name")
        for i, step in enumerate(steps)
        if (len(steps) - 1 - i) % every == 0
    ]
    return picture(*columns, line, *names, kind="growth", height=_HEIGHT, title=title, description=description)


def _kept_in(middle: float) -> float:
    return min(max(middle, 0.05), 0.95)


def _column(step: Step, i: int, count: int, *, ground: float, unit: float) -> SafeString:
    place = {"x": share(middle_of(i, count) - _WIDTH / count / 2), "width": share(_WIDTH / count)}
    up, down = step.entered * unit, step.left * unit
    return element(
        "g",
        element("title", f"{step.name}: {step.text}"),
        element("rect", class_="entered", y=ground - up, height=up, rx=1, **place),
        element("rect", class_="left", y=ground, height=down, rx=1, **place),
    )
