"""Say how segments grow: who came in and fell out, day by day, and how many were in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from stammkunde.insights import figures
from stammkunde.segments import listing
from stammkunde.segments.listing import Moves
from stammkunde.workspace.figure_card import Sparkline, sparkline

WEEK, MONTH, QUARTER = 7, 30, 91


@dataclass(frozen=True)
class Growth:
    """The movements of one segment; `days` in order, only those on which something happened."""

    days: Sequence[Moves]
    today: date

    def entered(self, days: int) -> int:
        """Return how many entries the last so many days saw, today included."""
        return sum(moves.entered for moves in self._last(days))

    def left(self, days: int) -> int:
        """Return how many exits the last so many days saw, today included."""
        return sum(moves.left for moves in self._last(days))

    def course(self, members: int, days: int = MONTH) -> Sparkline | None:
        """Draw how many were in it on each of the last days, counted back from today."""
        found = {moves.day: moves.entered - moves.left for moves in self._last(days)}
        if not found:
            return None
        counts = [members]
        for back in range(days):
            members -= found.get(self.today - timedelta(days=back), 0)
            counts.append(members)
        return sparkline([float(count) for count in reversed(counts)])

    def _last(self, days: int) -> list[Moves]:
        since = self.today - timedelta(days=days)
        return [moves for moves in self.days if since < moves.day <= self.today]


def growths(*, now: datetime, days: int = QUARTER) -> dict[str, Growth]:
    """Return the growth of every segment that has moved."""
    today = timezone.localtime(now).date()
    moved = listing.movements(figures.snapshot(), now=now, days=days)
    return {name: Growth(moves, today) for name, moves in moved.items()}


def still(now: datetime) -> Growth:
    """Return the growth of a segment that has not moved."""
    return Growth((), timezone.localtime(now).date())
