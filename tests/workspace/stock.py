"""Fill the shelves for tests of pages: a mirror made of a few orders, instead of an import."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pandas as pd
import pytest

from stammkunde.insights import figures
from stammkunde.metrics import Mirror

Order = tuple[str | None, date, float]
Stock = Callable[[Iterable[Order]], Mirror]


def ordered(customer: str | None, *days: str, value: float = 10.0) -> list[Order]:
    """Return one order on each of these days, such as "2026-01-05"."""
    return [(customer, date.fromisoformat(day), value) for day in days]


# The worked example of the definitions: start {Ada, Ben, Cem}, end {Ada, Cem, Dia, Eli} in the second quarter.
WORKED_EXAMPLE = [
    *ordered(None, "2025-06-01"),
    *ordered("Ada", "2026-01-05", "2026-02-03", "2026-04-09"),
    *ordered("Ben", "2026-01-20"),
    *ordered("Cem", "2026-02-02", "2026-05-01"),
    *ordered("Dia", "2026-04-15"),
    *ordered("Eli", "2025-11-10", "2026-04-28"),
]
SECOND_QUARTER = "?from=2026-04-01&to=2026-06-30"


def every_month(first: date, months: int, *, newcomers: int, back_after_a_month: float) -> list[Order]:
    """Let as many newcomers buy each month; this share of them buys again in the month after."""
    orders: list[Order] = []
    for month in range(months):
        day = (first.replace(day=1) + timedelta(days=31 * month)).replace(day=10)
        again = (day + timedelta(days=31)).replace(day=12)
        for number in range(newcomers):
            name = f"{day:%Y%m}-{number}"
            orders.append((name, day, 10.0))
            if number < newcomers * back_after_a_month:
                orders.append((name, again, 10.0))
    return orders


@pytest.fixture
def stock(monkeypatch: pytest.MonkeyPatch) -> Stock:
    """Let pages see these orders and nothing else."""

    def fill(orders: Iterable[Order]) -> Mirror:
        frame = pd.DataFrame(list(orders), columns=["customer", "at", "value"])
        frame["at"] = pd.to_datetime(frame["at"])
        mirror = Mirror.of(frame, currency="EUR")
        monkeypatch.setattr(figures, "mirror", lambda: mirror)
        return mirror

    return fill
