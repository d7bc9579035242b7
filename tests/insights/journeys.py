"""Make small worlds for maps: who did what on which day, and a map that looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from random import Random
from zoneinfo import ZoneInfo

from stammkunde.conditions import Event
from stammkunde.conditions.local_clock import microseconds
from stammkunde.journeys.document import Journey, Label, Path, Phase, Signal, Touchpoint
from stammkunde.journeys.signals import found_by, read_duration
from stammkunde.metrics import Mirror
from tests.conditions.making import mirror

BERLIN = ZoneInfo("Europe/Berlin")
LATER = datetime(2030, 1, 1, tzinfo=UTC)
Happened = tuple[str, str] | tuple[str, str, int]


def journey(signals: dict[str, str], paths: list[tuple[str, str, str]] | None = None) -> Journey:
    """Return a map of one phase; an empty signal is none."""
    touchpoints = tuple(
        Touchpoint(name, Label((("en", name),)), signal=Signal(text, found_by(text) if text else None))
        for name, text in signals.items()
    )
    ways = tuple(Path(start, end, read_duration(within) if within else None) for start, end, within in paths or ())
    everything = Phase("all", Label((("en", "All"),)), touchpoints=touchpoints)
    return Journey("map", 1, Label((("en", "Map"),)), phases=(everything,), paths=ways)


@contextmanager
def world(happened: dict[int, list[Happened]]) -> Iterator[Mirror]:
    """Return a mirror of what happened to each customer: kind, local moment, and perhaps the value in e4."""
    with opened({customer: list(events(customer, rows)) for customer, rows in happened.items()}) as found:
        yield found


def events(customer: int, rows: list[Happened]) -> Iterator[Event]:
    for number, (kind, moment, *value) in enumerate(rows):
        at = datetime.fromisoformat(moment).replace(tzinfo=BERLIN)
        yield Event(customer * 1000 + number, kind, microseconds(at), value[0] if value else None, {})


@contextmanager
def opened(histories: dict[int, list[Event]], zone: ZoneInfo = BERLIN) -> Iterator[Mirror]:
    with mirror(histories, zone) as con:
        yield Mirror(con, time_zone=zone.key, first_day=date(2024, 1, 1), last_day=date(2024, 12, 31))


def random_history(random: Random, customer: int, kinds: str = "abc") -> list[Event]:
    """Return events on whole days and at odd moments of a spring and summer, some at the same moment."""
    rows = []
    for number in range(random.choice([0, 1, 2, 4, 7])):
        day = microseconds(datetime(2024, 3, 1, tzinfo=BERLIN)) + random.randrange(120) * 86_400_000_000
        at = day + random.choice([0, 0, 1, 3_600_000_000, random.randrange(86_400_000_000)])
        rows.append(Event(customer * 1000 + number, random.choice(kinds) + ".x", at, random.choice([None, 10_000]), {}))
    return rows
