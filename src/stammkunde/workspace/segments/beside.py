"""Set the figures of a segment beside those of all customers."""

from dataclasses import dataclass
from datetime import datetime

from stammkunde.insights import figures, segmenting
from stammkunde.kernel.periods import Period
from stammkunde.metrics import Figure
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


def figures_of(name: str, period: Period | None, *, now: datetime) -> Beside:
    """Return the same figures of those who are in a segment now."""
    if period is None:
        return Beside()
    revenue, retention = figures.answer(NAMES, period=period, among=segmenting.chosen(segment=name, now=now))
    return Beside(said(revenue), said(retention))
