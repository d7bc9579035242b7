"""Know what there is to answer from: the mirror as it stands, kinds of events, maps, segments, personas."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from stammkunde.insights import figures
from stammkunde.insights.checkup.maps_read import MapRead
from stammkunde.insights.checkup.sources import SOURCES
from stammkunde.kernel.periods import Period, shift_unit, unit_start
from stammkunde.metrics import Figure, Mirror

STALE_AFTER_DAYS = 45
_KINDS = "select kind, count(*) as events, max(day) as last_day from events group by kind"
_CHANNELS = """
select json_extract_string(attributes, '$.channel') as channel, json_extract_string(attributes, '$.flow') as flow,
  count(*) as events
from events where kind = 'message.delivered' group by 1, 2
"""
_DISCOUNTS = """
select
  (select count(*) from lines where kind = 'order.placed' and discount <> 0)
  + (select count(*) from events where kind = 'order.placed'
       and (try_cast(json_extract_string(attributes, '$.discount') as double) <> 0
            or coalesce(json_extract_string(attributes, '$.coupon'), '') <> '')) as reduced
"""


@dataclass(frozen=True)
class Counts:
    """What the database holds beside the log: segments, personas."""

    segments: int = 0
    personas: int = 0


@dataclass(frozen=True)
class Known:
    """Everything that answers rest on, as of one moment.

    Times such as "the last 90 days" count back from `end`, the day after the last order: an export is a picture of
    the day on which it was made.
    """

    mirror: Mirror | None
    maps: tuple[MapRead, ...]
    counts: Counts
    now: datetime
    zone: ZoneInfo

    @cached_property
    def today(self) -> date:
        """Return the day it is for the business."""
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment in the business's time zone."""
        return moment.astimezone(self.zone).date()

    @cached_property
    def end(self) -> date:
        """Return the day after the last order, at most the day after today; tomorrow while there are no orders."""
        return min(self.mirror.end or self.tomorrow, self.tomorrow) if self.mirror else self.tomorrow

    @property
    def tomorrow(self) -> date:
        """Return the day after today: what is told apart from orders, such as letters, counts until now."""
        return self.today + timedelta(days=1)

    @property
    def last_day(self) -> date:
        """Return the last day that counts."""
        return self.end - timedelta(days=1)

    @property
    def has_orders(self) -> bool:
        """Tell whether there is any order."""
        return self.mirror is not None and self.mirror.end is not None

    @property
    def stale(self) -> bool:
        """Tell whether the newest order is so old that "the last 90 days" no longer means now."""
        return self.has_orders and (self.today - self.last_day).days > STALE_AFTER_DAYS

    def before_end(self, days: int) -> date:
        """Return the first of the last so many days."""
        return self.end - timedelta(days=days)

    @cached_property
    def kinds(self) -> dict[str, int]:
        """Return how many events of each kind there are."""
        return {str(kind): int(events) for kind, events, _ in self._kind_rows}

    @cached_property
    def last_days(self) -> dict[str, date]:
        """Return the last day on which each kind happened."""
        return {str(kind): last for kind, _, last in self._kind_rows}

    @cached_property
    def _kind_rows(self) -> list[tuple[Any, ...]]:
        return self.rows(_KINDS)

    @cached_property
    def _channel_rows(self) -> list[tuple[Any, ...]]:
        return self.rows(_CHANNELS) if "message.delivered" in self.kinds else []

    def messages(self, channel: str) -> int:
        """Return how many messages were delivered through a channel."""
        return sum(int(events) for name, _, events in self._channel_rows if name == channel)

    @property
    def flow_messages(self) -> int:
        """Return how many messages name the flow they belong to."""
        return sum(int(events) for _, flow, events in self._channel_rows if flow)

    @cached_property
    def discounts(self) -> int:
        """Return how many lines and orders say that a discount was given."""
        return int(self.rows(_DISCOUNTS)[0][0]) if self.has_orders else 0

    def has(self, source: str) -> bool:
        """Tell whether there is anything of a source."""
        kinds = SOURCES[source].kinds
        if kinds:
            return all(kind in self.kinds for kind in kinds)
        return bool(self._others.get(source, False))

    @cached_property
    def _others(self) -> dict[str, bool]:
        journeys = [one.journey for one in self.maps]
        return {
            "journey": bool(journeys),
            "goals": any(touchpoint.targets for journey in journeys for touchpoint in journey.touchpoints),
            "initiatives": any(journey.initiatives for journey in journeys),
            "segments": self.counts.segments > 0,
            "persona": self.counts.personas > 0,
            "discounts": self.discounts > 0,
            "events": bool(set(self.kinds) - {"order.placed", "order.returned", "order.cancelled", "trait.changed"}),
            "mails": self.messages("email") > 0,
            "flows": self.flow_messages > 0,
        }

    def missing(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the sources that are not there."""
        return tuple(source for source in sources if not self.has(source))

    def rows(self, query: str, **days: date | int) -> list[tuple[Any, ...]]:
        """Ask the mirror, which may hold nothing."""
        return self.mirror.sql(query, **days) if self.mirror else []

    def one(self, query: str, **days: date | int) -> dict[str, Any]:
        """Ask the mirror for one row; nothing while there is no mirror."""
        return dict(self.mirror.row(query, **days)) if self.mirror else {}

    @cached_property
    def quarter(self) -> Period | None:
        """Return the last quarter that was over when the data end; orders dated into the future do not move it."""
        end = unit_start(self.end, "quarter")
        return Period(shift_unit(end, "quarter", -1), end) if self.has_orders else None

    def figure(self, name: str, period: Period | None = None) -> Figure | None:
        """Return one of the product's figures, of the last complete quarter unless a period is given."""
        asked = period or self.quarter
        return figures.answer([name], period=asked)[0] if asked else None
