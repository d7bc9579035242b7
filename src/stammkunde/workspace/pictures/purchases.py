"""Draw one customer's purchases along the calendar: when, how much, and when the next one would have been usual."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from stammkunde.insights.portrait import PurchaseDay
from stammkunde.kernel.periods import Period, Unit, shift_unit, unit_start
from stammkunde.workspace.formatting import day, money, month, reader_locale
from stammkunde.workspace.pictures.svg import element, label, picture, share

_TOP, _FLOOR, _HEIGHT = 26, 130, 156
_STICKS_AT_MOST = 100
_TICKS_AT_MOST = 5
_STEPS: tuple[tuple[Unit, int], ...] = (
    ("week", 1), ("month", 1), ("month", 2), ("quarter", 1), ("half", 1), ("year", 1), ("year", 2), ("year", 5),
)  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """The days the picture spans; a little air on both sides keeps the first and last stick whole."""

    start: date
    end: date

    @classmethod
    def over(cls, first: date, last: date) -> "Stretch":
        air = timedelta(days=max((last - first).days // 50, 3))
        return cls(first - air, last + air)

    def place(self, at: date) -> float:
        """Return where a day lies, from 0 to 1."""
        return (at - self.start).days / (self.end - self.start).days


def draw_purchases(
    days: Sequence[PurchaseDay], *, until: date, currency: str, expected: date | None = None
) -> SafeString:
    """Draw a stick per purchase day, or a column per month when there are very many; empty without purchases."""
    if not days:
        return SafeString("")
    stretch = Stretch.over(days[0].day, max(until, days[-1].day))
    highest = max(days, key=lambda purchase: purchase.value)
    if len(days) <= _STICKS_AT_MOST:
        drawn = [_stick(purchase, stretch, highest.value, currency) for purchase in days]
    else:
        drawn = _columns(days, stretch, currency)
    ground = element("line", class_="ground", x1=0, x2="100%", y1=_FLOOR, y2=_FLOOR)
    marks = _expected(expected, stretch) if expected and expected < until else []
    top = _highest(highest, stretch, currency) if len(days) <= _STICKS_AT_MOST else []
    description = gettext("%(count)s purchase days from %(first)s to %(last)s") % {
        "count": len(days), "first": day(days[0].day), "last": day(days[-1].day),
    }  # fmt: skip
    return picture(
        ground, *_ticks(stretch), *marks, *drawn, *top,
        kind="purchases", height=_HEIGHT, title=gettext("Purchases over time"), description=description,
    )  # fmt: skip


def _stick(purchase: PurchaseDay, stretch: Stretch, highest: int, currency: str) -> SafeString:
    x, tall = share(stretch.place(purchase.day)), (_FLOOR - _TOP) * purchase.value / highest
    hint = element("title", f"{day(purchase.day)}: {money(purchase.value, currency)}")
    line = element("line", x1=x, x2=x, y1=_FLOOR, y2=_FLOOR - tall)
    return element("g", hint, line, element("circle", cx=x, cy=_FLOOR - tall, r=3.5), class_="stick")


def _highest(purchase: PurchaseDay, stretch: Stretch, currency: str) -> list[SafeString]:
    place = stretch.place(purchase.day)
    anchor = "start" if place < 0.1 else "end" if place > 0.9 else "middle"
    return [label(money(purchase.value, currency), x=share(place), y=_TOP - 9, kind="count", anchor=anchor)]


def _columns(days: Sequence[PurchaseDay], stretch: Stretch, currency: str) -> list[SafeString]:
    months: dict[date, int] = {}
    for purchase in days:
        start = unit_start(purchase.day, "month")
        months[start] = months.get(start, 0) + purchase.value
    highest = max(months.values())
    return [_column(start, value, stretch, highest, currency) for start, value in months.items()]


def _column(start: date, value: int, stretch: Stretch, highest: int, currency: str) -> SafeString:
    left, right = max(stretch.place(start), 0.0), min(stretch.place(shift_unit(start, "month", 1)), 1.0)
    tall = (_FLOOR - _TOP) * value / highest
    hint = element("title", f"{month(start)}: {money(value, currency)}")
    return element(
        "rect", hint, class_="column", x=share(left), y=_FLOOR - tall, width=share((right - left) * 0.85), height=tall
    )


def _expected(expected: date, stretch: Stretch) -> list[SafeString]:
    place = stretch.place(expected)
    anchor = "end" if place > 0.5 else "start"
    return [
        element("line", class_="expected", x1=share(place), x2=share(place), y1=_TOP - 4, y2=_FLOOR),
        element(
            "text", gettext("usual by %(day)s") % {"day": day(expected)}, class_="hint", x=share(place), y=_TOP + 6,
            dx=-6 if anchor == "end" else 6, text_anchor=anchor,
        ),
    ]  # fmt: skip


def _ticks(stretch: Stretch) -> list[SafeString]:
    """Name the calendar below: the finest unit of which not too many fit."""
    for unit, step in _STEPS:
        marks = _marks(stretch, unit, step)
        if len(marks) <= _TICKS_AT_MOST:
            break
    return [
        label(_name(mark, unit), x=share(stretch.place(mark)), y=_FLOOR + 18, kind="name")
        for mark in marks
        if 0.04 < stretch.place(mark) < 0.96
    ]


def _marks(stretch: Stretch, unit: Unit, step: int) -> list[date]:
    units = [part.start for part in Period(unit_start(stretch.start, unit), stretch.end).split(unit)]
    return [start for number, start in enumerate(units) if number % step == 0 and start >= stretch.start]


def _name(mark: date, unit: Unit) -> str:
    if unit == "year":
        return str(mark.year)
    pattern = "d. MMM" if unit == "week" else "MMM yy"
    return str(format_date(mark, pattern, locale=reader_locale()))
