"""Read the clock on the wall of the business: forwards only, through daylight saving and short months."""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo

Unit = Literal["minute", "hour", "day", "week", "month", "year"]
UNITS: tuple[Unit, ...] = get_args(Unit)
SECOND = 1_000_000
DAY = 86_400 * SECOND
_LENGTH: dict[str, int] = {"minute": 60 * SECOND, "hour": 3600 * SECOND, "day": DAY, "week": 7 * DAY}
_MONTHS: dict[str, int] = {"month": 1, "year": 12}
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=10)


@dataclass(frozen=True)
class Duration:
    """A length of time as people say it: `60 days`, `2 years`."""

    amount: int
    unit: Unit

    @property
    def exact(self) -> bool:
        """Tell whether it is measured with a stop watch; days and longer are measured on the wall."""
        return self.unit in ("minute", "hour")

    @property
    def length(self) -> int | None:
        """Return its length in microseconds; months and years have none."""
        return self.amount * _LENGTH[self.unit] if self.unit in _LENGTH else None

    @property
    def months(self) -> int:
        """Return how many months it is; 0 when it is counted in a smaller unit."""
        return self.amount * _MONTHS.get(self.unit, 0)


@dataclass(frozen=True)
class Stretch:
    """A time during which the clocks of a zone are `offset` ahead of UTC; `floor` is what the wall shows at least."""

    start: int
    offset: int
    floor: int


class LocalClock:
    """The clock on the wall of the business, in microseconds since 1970-01-01 00:00 on that wall.

    It never goes back: while the hour that the clocks repeat in autumn runs for the second time, it stands still.
    So whatever has left a window of days never comes back into it.
    """

    def __init__(self, stretches: tuple[Stretch, ...]) -> None:
        self.stretches = stretches
        self._starts = [stretch.start for stretch in stretches]
        self._floors = [self._shown(stretch, stretch.start) for stretch in stretches]

    @staticmethod
    def of(zone: ZoneInfo) -> "LocalClock":
        """Return the clock of a time zone."""
        return _clock(zone)

    @staticmethod
    def _shown(stretch: Stretch, moment: int) -> int:
        return max(moment + stretch.offset, stretch.floor)

    def wall(self, moment: int) -> int:
        """Return what the wall shows at a moment (microseconds UTC)."""
        return self._shown(self.stretches[max(bisect_right(self._starts, moment) - 1, 0)], moment)

    def moment(self, wall: int) -> int:
        """Return the first moment at which the wall shows at least this."""
        number = max(bisect_left(self._floors, wall) - 1, 0)
        found = wall - self.stretches[number].offset
        return min(found, self._starts[number + 1]) if number + 1 < len(self._starts) else found

    def day(self, moment: int) -> int:
        """Return the local day of a moment, as its ordinal."""
        return self.wall_day(self.plain_wall(moment))

    def plain_wall(self, moment: int) -> int:
        """Return what an ordinary clock shows, which does go back."""
        return moment + self.stretches[max(bisect_right(self._starts, moment) - 1, 0)].offset

    @staticmethod
    def wall_day(wall: int) -> int:
        """Return the day of a reading, as its ordinal."""
        return wall // DAY + _EPOCH_DAY

    def midnight(self, day: int) -> int:
        """Return the moment at which the day with this ordinal begins."""
        return self.moment((day - _EPOCH_DAY) * DAY)

    def later(self, moment: int, duration: Duration) -> int:
        """Return the first moment at which so much time has passed since the given one."""
        length = duration.length
        if duration.exact and length is not None:
            return moment + length
        return self.moment(forward(self.wall(moment), duration))

    def passed(self, moment: int, duration: Duration, now: int) -> bool:
        """Tell whether so much time has passed between the two moments."""
        return now >= self.later(moment, duration)

    def window_start(self, duration: Duration, now: int) -> int:
        """Return the first moment from which not so much time has passed: the start of the window that ends now."""
        length = duration.length
        if duration.exact and length is not None:
            return now - length + 1
        return self.moment(backward(self.wall(now), duration) + 1)


def forward(wall: int, duration: Duration) -> int:
    """Return the reading of the wall so much later; a day that a month lacks is the start of the next month."""
    length = duration.length
    return wall + length if length is not None else _shift(wall, duration.months)


def backward(wall: int, duration: Duration) -> int:
    """Return the last reading from which `forward` leads to this one or an earlier one."""
    length = duration.length
    if length is not None:
        return wall - length
    day, rest = divmod(wall, DAY)
    when = date.fromordinal(day + _EPOCH_DAY)
    year, month = divmod(when.year * 12 + when.month - 1 - duration.months, 12)
    if year < 1:
        return (1 - _EPOCH_DAY) * DAY
    if when.day > monthrange(year, month + 1)[1]:
        return _shift(wall, -duration.months) - 1
    return (when.replace(year=year, month=month + 1).toordinal() - _EPOCH_DAY) * DAY + rest


def _shift(wall: int, months: int) -> int:
    day, rest = divmod(wall, DAY)
    when = date.fromordinal(day + _EPOCH_DAY)
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    if year > date.max.year:
        return (date.max.toordinal() - _EPOCH_DAY) * DAY
    last = monthrange(year, month + 1)[1]
    if when.day > last:
        return (date(year, month + 1, last).toordinal() + 1 - _EPOCH_DAY) * DAY
    return (date(year, month + 1, when.day).toordinal() - _EPOCH_DAY) * DAY + rest


def microseconds(moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970-01-01 UTC."""
    return (moment - _EPOCH_UTC) // timedelta(microseconds=1)


def from_microseconds(moment: int) -> datetime:
    """Return the aware moment, in UTC."""
    return _EPOCH_UTC + timedelta(microseconds=moment)


@lru_cache(maxsize=16)
def _clock(zone: ZoneInfo) -> LocalClock:
    stretches = [Stretch(microseconds(_FIRST), _offset(zone, _FIRST), -(2**62))]
    before = _FIRST
    while before < _LAST:
        after = before + _STEP
        if _offset(zone, before) != _offset(zone, after):
            start = microseconds(_change(zone, before, after))
            stretches.append(Stretch(start, _offset(zone, after), start + stretches[-1].offset - 1))
        before = after
    return LocalClock(tuple(stretches))


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the second at which the clocks of the zone change between two moments."""
    offset = _offset(zone, before)
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, before + timedelta(seconds=middle)) == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    return (moment.astimezone(zone).utcoffset() or timedelta()) // timedelta(microseconds=1)
