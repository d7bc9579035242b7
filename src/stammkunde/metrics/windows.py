"""Decide who is "there": the windows before the start and the end of a period, and what the data can know of them."""

from dataclasses import dataclass
from datetime import date, timedelta

from stammkunde.kernel.errors import WrongInput
from stammkunde.kernel.periods import Period
from stammkunde.metrics.wording import Sentence, gettext_noop


class BadWindow(WrongInput):
    """A window is a number of whole days, at least 1; for example 365."""


class UnknownUnit(WrongInput):
    """Series run by day, week, month, quarter, half or year; cohorts are formed by week, month or quarter."""


@dataclass(frozen=True)
class Scope:
    """The question's times: who orders in [start_from, start) is there at the start, in [end_from, end) at the end."""

    period: Period
    start_from: date
    end_from: date
    first_day: date | None
    data_end: date | None

    @property
    def parameters(self) -> dict[str, date]:
        """Return the days that plans may ask for by name."""
        return {
            "start": self.period.start,
            "end": self.period.end,
            "start_from": self.start_from,
            "end_from": self.end_from,
        }

    @property
    def whole_months(self) -> bool:
        """Tell whether period and windows begin and end with a month."""
        return all(day.day == 1 for day in self.parameters.values())

    @property
    def newcomers_unknown(self) -> Sentence | None:
        """Say why nobody can tell who is new: the data begin within the window before the period."""
        if self.first_day is None:
            return Sentence(NO_ORDERS)
        if self.start_from < self.first_day:
            return Sentence(TOO_EARLY, first_day=self.first_day, needed=self.start_from)
        return None

    @property
    def note(self) -> Sentence | None:
        """Say that the period is not over in the data."""
        if self.data_end is not None and self.data_end < self.period.end:
            return Sentence(NOT_OVER, last_day=self.data_end - timedelta(days=1))
        return None


def scope(period: Period, *, window: int | None, first_day: date | None, data_end: date | None) -> Scope:
    """Place the windows: by default the period itself and the one before, else `window` days before each end."""
    if window is None:
        return Scope(period, period.before().start, period.start, first_day, data_end)
    if window < 1:
        raise BadWindow(f"A window of {window} days holds nobody: give at least 1 day, for example 365.")
    width = timedelta(days=window)
    return Scope(period, period.start - width, period.end - width, first_day, data_end)


NO_ORDERS = gettext_noop("There are no orders yet: import orders first.")
TOO_EARLY = gettext_noop(
    "The data begin on %(first_day)s: to tell who is new from who has been away they must reach back to %(needed)s."
)
NOT_OVER = gettext_noop("The last order in the data is of %(last_day)s: the period is not over in the data.")
