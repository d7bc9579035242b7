"""Say what the list of customers asks for and shows: standings, groups, sortings, filters."""

from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy

from stammkunde.insights.register import Filters, Row, SortKey
from stammkunde.insights.standing import Standing
from stammkunde.metrics import GROUPS
from stammkunde.workspace.formatting import number
from stammkunde.workspace.words import say

STANDING_TITLES: dict[Standing, Promise] = {
    "new": pgettext_lazy("customers", "New"),
    "regular": pgettext_lazy("customers", "In their rhythm"),
    "silent": pgettext_lazy("customers", "Silent"),
    "once": pgettext_lazy("customers", "Bought once"),
    "none": pgettext_lazy("customers", "Without an order"),
}
STANDING_MEANINGS: dict[Standing, Promise] = {
    "new": gettext_lazy("first order at most 90 days ago"),
    "regular": gettext_lazy("bought on several days, and not silent"),
    "silent": gettext_lazy("silent for more than 30 days and twice as long as usual for them"),
    "once": gettext_lazy("all orders on one day, more than 90 days ago"),
    "none": gettext_lazy("no order yet"),
}
SORT_TITLES: dict[SortKey, Promise] = {
    "name": pgettext_lazy("column", "Name"),
    "orders": pgettext_lazy("column", "Orders"),
    "revenue": pgettext_lazy("column", "Revenue"),
    "first": pgettext_lazy("column", "First order"),
    "last": pgettext_lazy("column", "Last order"),
}
SORTINGS: dict[str, Promise] = {
    "-revenue": gettext_lazy("Highest revenue first"),
    "revenue": gettext_lazy("Lowest revenue first"),
    "-orders": gettext_lazy("Most orders first"),
    "orders": gettext_lazy("Fewest orders first"),
    "-last": gettext_lazy("Latest order first"),
    "last": gettext_lazy("Longest silent first"),
    "-first": gettext_lazy("Newest customers first"),
    "first": gettext_lazy("Oldest customers first"),
    "name": gettext_lazy("Name from A to Z"),
    "-name": gettext_lazy("Name from Z to A"),
}
WITHIN = (30, 90, 180, 365)


def group_title(name: str) -> str:
    """Return what an RFM group is called; empty for none."""
    return next((say(group.title) for group in GROUPS if group.name == name), "")


def group_advice(name: str) -> str:
    """Return the sentence on what to do with an RFM group."""
    return next((say(group.advice) for group in GROUPS if group.name == name), "")


def shown_name(name: str, number: str, pk: int) -> str:
    """Return how a customer is called: by name, else by the shop's number, else by ours."""
    return name or (gettext("Customer %(number)s") % {"number": number or f"#{pk}"})


def row_name(row: Row) -> str:
    """Return how a customer in the list is called."""
    return shown_name(row.name, row.number, row.id)


def last_choices() -> list[tuple[str, str]]:
    """Return the choices about the last order: so many days at most, or more than that."""
    within = [(str(days), _within(days)) for days in WITHIN]
    before = [(f"-{days}", _not_for(days)) for days in WITHIN]
    return [*within, *before]


def last_bounds(choice: str, as_of: date | None) -> tuple[date | None, date | None]:
    """Return the day from which, and the day before which, the last order was.

    >>> last_bounds("30", date(2026, 1, 31)), last_bounds("-30", date(2026, 1, 31))
    ((datetime.date(2026, 1, 2), None), (None, datetime.date(2026, 1, 2)))
    """
    if not choice or as_of is None:
        return None, None
    edge = as_of - timedelta(days=abs(int(choice)) - 1)
    return (None, edge) if choice.startswith("-") else (edge, None)


def conditions(search: str, filters: Filters, last: str, segment: str) -> str:
    """Say in words what is asked of the customers shown."""
    asked = [gettext("“%(words)s”") % {"words": search}] if search else []
    asked += [str(STANDING_TITLES[filters.standing])] if filters.standing else []
    asked += [group_title(filters.group)] if filters.group else []
    asked += [gettext("in the segment “%(title)s”") % {"title": segment}] if segment else []
    if filters.min_orders:
        asked.append(
            ngettext("at least %(count)s order", "at least %(count)s orders", filters.min_orders)
            % {"count": number(filters.min_orders)}
        )
    asked += [_within(int(last)) if not last.startswith("-") else _not_for(-int(last))] if last else []
    return " · ".join(asked)


def _within(days: int) -> str:
    return gettext("ordered in the last %(days)s days") % {"days": days}


def _not_for(days: int) -> str:
    return gettext("no order for %(days)s days") % {"days": days}
