"""Draw a whole as one bar, cut into its parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from stammkunde.workspace.pictures.svg import element, picture, share

_HEIGHT = 18


@dataclass(frozen=True)
class Part:
    """One part: the class that colours it, its name, how many, and how that is written."""

    kind: str
    name: str
    count: int
    text: str


def draw_parts(parts: Sequence[Part], *, title: str) -> SafeString:
    """Draw the parts side by side over the whole width; who hears the picture hears all of them."""
    whole = sum(part.count for part in parts) or 1
    drawn, left = [], 0.0
    for part in parts:
        width = part.count / whole
        if part.count:
            drawn.append(_part(part, left, width))
        left += width
    description = ", ".join(f"{part.name} {part.text}" for part in parts)
    return picture(*drawn, kind="parts", height=_HEIGHT, title=title, description=description)


def _part(part: Part, left: float, width: float) -> SafeString:
    return element(
        "rect",
        element("title", f"{part.name}: {part.text}"),
        class_=f"part {part.kind}",
        x=share(left),
        y=0,
        width=share(max(width - 0.002, 0.001)),
        height=_HEIGHT,
    )
