"""Count at once how many customers a condition means, and who comes and goes in the next days by time alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.conditions import Condition
from stammkunde.customers.models import Customer
from stammkunde.insights import figures
from stammkunde.segments import asking, definitions
from stammkunde.segments.asking import Customers
from stammkunde.workspace.formatting import day, number, percent

COMING_DAYS = 7
_FIRST = 5
_WORTH_SAYING = 2


@dataclass(frozen=True, eq=False)
class Counted:
    """How many of how many, the first few of them, and who enters and leaves within a week by time alone."""

    members: int
    of: int
    first: tuple[int, ...]
    entering: tuple[int, ...]
    leaving: tuple[int, ...]
    today: Customers
    last_day: date | None = None
    days_behind: int = 0

    @property
    def behind(self) -> str:
        """Say that the data end some days ago, for the days without data look like days without orders."""
        if self.last_day is None or self.days_behind < _WORTH_SAYING:
            return ""
        said = gettext(
            "The data end on %(day)s, but time goes on: the %(days)s days since then count as days without orders."
        )
        return said % {"day": day(self.last_day), "days": number(self.days_behind)}

    @property
    def share(self) -> float | None:
        """Return the share of all customers."""
        return self.members / self.of if self.of else None

    @property
    def sentence(self) -> SafeString:
        """Say how many customers that are."""
        said = ngettext(
            "<b>{members}</b> of {everybody} customers is meant ({share}).",
            "<b>{members}</b> of {everybody} customers are meant ({share}).",
            self.members,
        )
        return format_html(said, members=number(self.members), everybody=number(self.of), share=percent(self.share))

    @property
    def soon(self) -> str:
        """Say what time alone will change within a week."""
        return coming_sentence(len(self.entering), len(self.leaving))


def coming_sentence(entering: int, leaving: int) -> str:
    """Say who enters and leaves within a week if nobody does anything."""
    if not entering and not leaving:
        return gettext("If nobody does anything, nothing changes in the next 7 days.")
    said = gettext("If nobody does anything, %(entering)s enter and %(leaving)s leave in the next 7 days.")
    return said % {"entering": number(entering), "leaving": number(leaving)}


def counted(condition: Condition, *, now: datetime) -> Counted | None:
    """Count what the condition means now; None while there is nothing to count."""
    mirror = figures.snapshot()
    if mirror is None:
        return None
    known = definitions.known()
    today = asking.who(mirror, condition, known=known, now=now)
    then = asking.who(mirror, condition, known=known, now=now + timedelta(days=COMING_DAYS))
    return Counted(
        members=len(today),
        of=Customer.objects.count(),
        first=tuple(today[:_FIRST].tolist()),
        entering=tuple(np.setdiff1d(then, today).tolist()),
        leaving=tuple(np.setdiff1d(today, then).tolist()),
        today=today,
        last_day=mirror.end - timedelta(days=1) if mirror.end else None,
        days_behind=(now.astimezone(known.zone).date() - mirror.end).days if mirror.end else 0,
    )
