"""Draw two shares of the same whole beside each other, such as a group's share of the customers and of the revenue."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from stammkunde.workspace.pictures.svg import element, label, picture, share

_ROW, _NAME, _BAR, _GAP = 56, 15, 12, 3
_LONGEST = 0.8


@dataclass(frozen=True)
class Pair:
    """One row: a name, two shares, and how they are written."""

    name: str
    first: float
    second: float
    first_text: str
    second_text: str


def draw_pairs(pairs: Sequence[Pair], *, title: str, description: str) -> SafeString:
    """Draw one row per pair, all on one scale from zero."""
    longest = max((max(pair.first, pair.second) for pair in pairs), default=0) or 1.0
    rows = [_row(pair, y=i * _ROW, longest=longest) for i, pair in enumerate(pairs)]
    return picture(*rows, kind="pairs", height=len(pairs) * _ROW, title=title, description=description)


def _row(pair: Pair, *, y: float, longest: float) -> SafeString:
    top = y + _NAME + 5
    return element(
        "g",
        label(pair.name, x="0", y=y + _NAME, kind="title", anchor="start"),
        *_bar(pair.first / longest, pair.first_text, "first", y=top),
        *_bar(pair.second / longest, pair.second_text, "second", y=top + _BAR + _GAP),
    )


def _bar(length: float, text: str, kind: str, *, y: float) -> list[SafeString]:
    reach = length * _LONGEST
    return [
        element("rect", class_=kind, x=0, y=y, width=share(max(reach, 0.002)), height=_BAR, rx=2),
        element("text", text, class_="count", x=share(reach), dx=6, y=y + _BAR - 1.5),
    ]
