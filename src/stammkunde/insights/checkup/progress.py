"""Remember how the check-up stood: at most once a day, and only when something has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from stammkunde.accounts.models import Business
from stammkunde.insights.checkup import running
from stammkunde.insights.checkup.answers import State, counted
from stammkunde.insights.checkup.running import Checkup
from stammkunde.insights.models import CheckupDay


@dataclass(frozen=True)
class Stood:
    """How the check-up stood on a day, and until the next one that is told."""

    day: date
    states: Mapping[str, State]

    @property
    def counts(self) -> dict[State, int]:
        """Return how many questions had which state."""
        return counted(self.states)


def remember(checkup: Checkup) -> bool:
    """Keep the states of today, unless they are those that were kept last; return whether they are new."""
    newest = CheckupDay.objects.order_by("-day").first()
    if newest is not None and newest.states == checkup.states:
        return False
    today = checkup.as_of.astimezone(Business.current().zone).date()
    with transaction.atomic():
        CheckupDay.objects.update_or_create(day=today, defaults={"states": checkup.states, "taken_at": checkup.as_of})
    return True


def take(*, now: datetime) -> bool:
    """Run the check-up and keep where it stands."""
    return remember(running.run(now=now))


def told(*, most: int = 60) -> list[Stood]:
    """Return how it stood, the oldest first; of a long history the newest days."""
    newest = CheckupDay.objects.order_by("-day")[:most]
    return [Stood(one.day, one.states) for one in reversed(newest)]
