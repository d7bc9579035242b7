"""Let the reader choose the days a page speaks of; the choice lives in the address and can be sent to a colleague."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, Protocol
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.kernel.periods import BadPeriod, Period, Unit, shift_unit, unit_start

CalendarUnit = Literal["month", "quarter", "half", "year"]
CALENDAR_UNITS: dict[CalendarUnit, Promise] = {
    "month": _("Month"),
    "quarter": _("Quarter"),
    "half": _("Half-year"),
    "year": _("Year"),
}
_ONE_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


class UnreadablePeriod(ValueError):
    """Two days cannot be read as a period; give from and to as days, the first not after the second."""


class Dated(Protocol):
    """What must be known of the data to choose from them."""

    @property
    def first_day(self) -> date | None: ...
    @property
    def end(self) -> date | None: ...


@dataclass(frozen=True)
class Choice:
    """A period, the data it is chosen from, and the ways on from here."""

    period: Period
    first_day: date
    data_end: date
    problem: str = ""
    segment: str = ""

    @property
    def unit(self) -> CalendarUnit | None:
        """Name the calendar unit the period is, if it is one."""
        return self.period.whole_unit()

    @property
    def before(self) -> Period:
        """Return the period this one is compared with."""
        return self.period.before()

    @property
    def unknown_before(self) -> int:
        """Return how many days of the period this one is compared with lie before the data begin."""
        return min(max((self.first_day - self.before.start).days, 0), self.before.days)

    @property
    def last_day(self) -> date:
        """Return the last day that still counts."""
        return self.period.end - _ONE_DAY

    @property
    def data_last_day(self) -> date:
        """Return the day of the last order in the data."""
        return self.data_end - _ONE_DAY

    @property
    def is_over(self) -> bool:
        """Tell whether the data reach to the end of the period."""
        return self.period.end <= self.data_end

    @property
    def is_latest(self) -> bool:
        """Tell whether no later period like this one is over."""
        return self.later is None or self.later.end > self.data_end

    @property
    def query(self) -> str:
        """Return the query part of an address that leads to the same period and segment."""
        return address(self.period, segment=self.segment)

    def within(self, segment: str) -> "Choice":
        """Return the same choice, of the customers in a segment alone."""
        return replace(self, segment=segment)

    @property
    def earlier(self) -> Period | None:
        """Return the period before, unless the data begin later."""
        return self.before if self.before.end > self.first_day else None

    @property
    def later(self) -> Period | None:
        """Return the period after, unless the data end before it."""
        following = _following(self.period)
        return following if following.start < self.data_end else None

    @property
    def others(self) -> list[tuple[CalendarUnit, Promise, Period]]:
        """Return for every calendar unit the one to turn to from here."""
        return [(unit, title, _turn_to(unit, self)) for unit, title in CALENDAR_UNITS.items()]

    def past(self, units: int) -> Period | None:
        """Return the span of up to that many calendar units that ends with this one and begins with the data."""
        if self.unit is None:
            return None
        begin = max(shift_unit(self.period.start, self.unit, 1 - units), unit_start(self.first_day, self.unit))
        return Period(min(begin, self.period.start), self.period.end)


@dataclass(frozen=True)
class Way:
    """A link to another period; without an address there is nothing that way."""

    title: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Ways:
    """All the ways on from a choice: other units, earlier, later; `kept` are further parameters of the address."""

    units: list[Way]
    earlier: Way
    later: Way
    kept: dict[str, str]


def ways(choice: Choice, **kept: str) -> Ways:
    """Return the ways on from here, keeping further parameters of the address."""
    return Ways(
        units=[
            Way(str(title), address(period, **kept), current=unit == choice.unit)
            for unit, title, period in choice.others
        ],
        earlier=_way(_("Earlier"), choice.earlier, kept),
        later=_way(_("Later"), choice.later, kept),
        kept={name: value for name, value in kept.items() if value},
    )


def choose(query: Mapping[str, str], data: Dated) -> Choice:
    """Read `from` and `to` (both included) from an address; without them take the last unit that is over."""
    first_day, end = data.first_day, data.end
    if first_day is None or end is None:
        raise UnreadablePeriod("There are no orders to choose days from.")
    usual = usual_period(first_day, end)
    try:
        period = read_period(query.get("from", ""), query.get("to", "")) or usual
    except UnreadablePeriod as unreadable:
        return Choice(usual, first_day, end, str(unreadable))
    return Choice(period, first_day, end)


def read_period(first: str, last: str) -> Period | None:
    """Return the period from one day to another, both included; None if neither is given."""
    if not first and not last:
        return None
    try:
        start, until = date.fromisoformat(first), date.fromisoformat(last)
        if start.year < _FIRST_YEAR or until.year > _LAST_YEAR:
            raise UnreadablePeriod(str(_("Choose days between the years 1900 and 2999.")))
        return Period(start, until + _ONE_DAY)
    except BadPeriod as wrong:
        raise UnreadablePeriod(str(_("The last day lies before the first. Please swap them."))) from wrong
    except (ValueError, OverflowError) as wrong:
        if isinstance(wrong, UnreadablePeriod):
            raise
        raise UnreadablePeriod(str(_("Please give both days, such as 2026-01-01 and 2026-03-31."))) from wrong


def usual_period(first_day: date, end: date) -> Period:
    """Return the last quarter that is over and has orders before it, else such a month, else all there is."""
    units: tuple[Unit, ...] = ("quarter", "month")
    for unit in units:
        over = unit_start(end, unit)
        start = shift_unit(over, unit, -1)
        if first_day < start:
            return Period(start, over)
    return Period(first_day, end)


def address(period: Period, **more: str) -> str:
    """Write a period as the query part of an address, to be read back by `choose`."""
    days = {"from": period.start.isoformat(), "to": (period.end - _ONE_DAY).isoformat()}
    return "?" + urlencode(days | {name: value for name, value in more.items() if value})


def _way(title: Promise, period: Period | None, kept: Mapping[str, str]) -> Way:
    return Way(str(title), address(period, **kept) if period else "")


def _following(period: Period) -> Period:
    unit = period.whole_unit()
    end = shift_unit(period.start, unit, 2) if unit else period.end + timedelta(days=period.days)
    return Period(period.end, end)


def _turn_to(unit: CalendarUnit, choice: Choice) -> Period:
    """Return the unit at the end of the period; rather the one before, while that one is not over."""
    last = Period.of(unit, min(choice.last_day, max(choice.data_last_day, choice.period.start)))
    before = last.before()
    is_mostly_known = before.start + timedelta(days=before.days // 2) >= choice.first_day
    return before if last.end > choice.data_end and is_mostly_known else last
