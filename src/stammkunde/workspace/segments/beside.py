"""Set the figures of a segment beside those of all customers."""

from dataclasses import dataclass

from stammkunde.insights import figures
from stammkunde.kernel.periods import Period
from stammkunde.metrics import Figure
from stammkunde.segments.asking import Customers
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


def figures_among(customers: Customers, period: Period | None) -> Beside:
    """Return the same figures of some customers."""
    if period is None or not len(customers):
        return Beside()
    revenue, retention = figures.answer(NAMES, period=period, among=figures.Among.of(customers))
    return Beside(said(revenue), said(retention))
