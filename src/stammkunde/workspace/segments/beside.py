"""Set the figures of a segment beside those of all customers."""

from dataclasses import dataclass

from stammkunde.insights import figures
from stammkunde.kernel.periods import Period
from stammkunde.metrics import Figure
from stammkunde.segments.asking import Customers
from stammkunde.workspace.figure_card import GRADES
from stammkunde.workspace.formatting import interval
from stammkunde.workspace.words import said

NAMES = ("revenue", "retention_rate")


@dataclass(frozen=True)
class Beside:
    """Revenue and retention of one group in a period; None while there is no period to look at."""

    revenue: Figure | None = None
    retention: Figure | None = None

    @property
    def surely(self) -> str:
        """Return the range in which the retention surely lies; empty when it is unknown."""
        found = self.retention
        return interval(*found.interval, found.unit) if found is not None and found.interval else ""

    @property
    def grade(self) -> str:
        """Return what the evidence of the retention is worth."""
        return str(GRADES[self.retention.grade]) if self.retention is not None else ""


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
