"""Speak of time as people do: half-open periods of days and the calendar units they make up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from stammkunde.kernel.errors import WrongInput

Unit = Literal["day", "week", "month", "quarter", "half", "year"]
UNITS: tuple[str, ...] = get_args(Unit)
_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class BadPeriod(WrongInput):
    """A period must end after it starts; give two days in order, such as 2026-01-01 and 2026-04-01."""


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` up to, but not including, `end`, in the business's time zone."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise BadPeriod(f"The period ends on {self.end} but starts on {self.start}: the end must come later.")

    @classmethod
    def of(cls, unit: Unit, day: date) -> "Period":
        """Return the calendar unit that contains the day."""
        start = unit_start(day, unit)
        return cls(start, shift_unit(start, unit, 1))

    @property
    def days(self) -> int:
        """Return how many days the period holds."""
        return (self.end - self.start).days

    def whole_unit(self) -> Literal["month", "quarter", "half", "year"] | None:
        """Name the calendar unit that this period is exactly, if it is one."""
        units: tuple[Literal["month", "quarter", "half", "year"], ...] = ("month", "quarter", "half", "year")
        return next((unit for unit in units if Period.of(unit, self.start) == self), None)

    def before(self) -> "Period":
        """Return the period that comes before: the preceding calendar unit, else the same number of days."""
        unit = self.whole_unit()
        start = shift_unit(self.start, unit, -1) if unit else self.start - timedelta(days=self.days)
        return Period(start, self.start)

    def split(self, by: Unit) -> Iterator["Period"]:
        """Cut the period into calendar units; the first and last are clipped to the period."""
        start = self.start
        while start < self.end:
            end = min(Period.of(by, start).end, self.end)
            yield Period(start, end)
            start = end


def unit_start(day: date, unit: Unit) -> date:
    """Return the first day of the calendar unit that contains the day; weeks start on Monday."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def shift_unit(day: date, unit: Unit, n: int) -> date:
    """Return the first day of the calendar unit n units after the one that contains the day."""
    start = unit_start(day, unit)
    if unit in ("day", "week"):
        return start + timedelta(days=n * (7 if unit == "week" else 1))
    index = month_index(start) + n * _MONTHS[unit]
    return month_start(index)


def month_index(day: date) -> int:
    """Number the months through: year × 12 + month − 1."""
    return day.year * 12 + day.month - 1


def month_start(index: int) -> date:
    """Return the first day of the month with this number."""
    return date(index // 12, index % 12 + 1, 1)
