"""Draw who was there, who stayed away, who came new or came back, and who is there now, as one bridge."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString

from stammkunde.workspace.formatting import number
from stammkunde.workspace.pictures.svg import element, label, picture, share, wrapped

_TOP, _FLOOR, _HEIGHT = 28, 190, 250
_LABEL_WIDTH = 9
_BAR = 0.68


@dataclass(frozen=True)
class Pier:
    """One bar of the bridge: from one level to another, what it is called and how it is coloured."""

    text: str
    change: int
    kind: str
    stands: bool = False


def draw_bridge(piers: Sequence[Pier], *, title: str, description: str) -> SafeString:
    """Draw the piers in order; those that stand reach from the ground, the others hang on the level before."""
    levels = _levels(piers)
    highest = max(max(low_high) for low_high in levels) or 1
    width = 1 / len(piers)
    parts = [_ground()]
    for i, (pier, (low, high)) in enumerate(zip(piers, levels, strict=True)):
        parts += _pier(pier, _y(low, highest), _y(high, highest), left=(i + (1 - _BAR) / 2) * width, width=width)
    parts += [
        _joint(_y(_end(pier, low_high), highest), left=(i + (1 + _BAR) / 2) * width, right=(i + 1.5 - _BAR / 2) * width)
        for i, ((pier, low_high), _next) in enumerate(pairwise(zip(piers, levels, strict=True)))
    ]
    return picture(*parts, kind="bridge", height=_HEIGHT, title=title, description=description)


def _levels(piers: Sequence[Pier]) -> list[tuple[int, int]]:
    levels: list[tuple[int, int]] = []
    level = 0
    for pier in piers:
        before, level = (0, pier.change) if pier.stands else (level, level + pier.change)
        levels.append((min(before, level), max(before, level)))
    return levels


def _end(pier: Pier, low_high: tuple[int, int]) -> int:
    return low_high[0] if pier.change < 0 else low_high[1]


def _y(level: int, highest: int) -> float:
    return _FLOOR - (_FLOOR - _TOP) * level / highest


def _pier(pier: Pier, bottom: float, top: float, *, left: float, width: float) -> list[SafeString]:
    middle = share(left + width * _BAR / 2)
    return [
        element(
            "rect", element("title", f"{pier.text}: {number(abs(pier.change))}"), class_=pier.kind, x=share(left),
            y=top, width=share(width * _BAR), height=max(bottom - top, 1), rx=3,
        ),
        label(_signed(pier), x=middle, y=top - 9, kind="count"),
        label(wrapped(pier.text, _LABEL_WIDTH), x=middle, y=_FLOOR + 20, kind="name"),
    ]  # fmt: skip


def _signed(pier: Pier) -> str:
    sign = "" if pier.stands or not pier.change else "−" if pier.change < 0 else "+"
    return sign + number(abs(pier.change))


def _ground() -> SafeString:
    return element("line", class_="ground", x1=0, x2="100%", y1=_FLOOR, y2=_FLOOR)


def _joint(y: float, *, left: float, right: float) -> SafeString:
    return element("line", class_="joint", x1=share(left), x2=share(right), y1=y, y2=y)
