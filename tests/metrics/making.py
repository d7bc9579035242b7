"""Make small tables of orders for tests."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from stammkunde.kernel.periods import Period
from stammkunde.metrics import Mirror


def orders(rows: Iterable[tuple[str | None, str] | tuple[str | None, str, float]]) -> pd.DataFrame:
    """Return a frame of (customer, moment, value); the value is 10 unless given."""
    table = [(row[0], row[1], row[2] if len(row) == 3 else 10.0) for row in rows]
    frame = pd.DataFrame(table, columns=["customer", "at", "value"])
    frame["at"] = pd.to_datetime(frame["at"], format="ISO8601")
    return frame


def mirror(*rows: tuple[str | None, str] | tuple[str | None, str, float]) -> Mirror:
    """Return a mirror of such orders."""
    return Mirror.of(orders(rows))


def period(start: str, end: str) -> Period:
    """Return the period from a day up to, but not including, another."""
    return Period(date.fromisoformat(start), date.fromisoformat(end))
