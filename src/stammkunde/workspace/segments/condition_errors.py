"""Say in the reader's language what is wrong with a condition: where, what was expected, and the nearest name."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stammkunde.conditions import BadCondition

# What the language says in English → what the page says; the longer ones first. Groups are names and pieces of text.
_MESSAGES: tuple[tuple[str, Promise], ...] = (
    (r"Expected (?P<what>.+), found the end\.", _("Something is missing at the end. Expected: %(what)s.")),
    (r"Expected (?P<what>.+), found (?P<found>`.*`)\.", _("%(found)s does not fit here. Expected: %(what)s.")),
    (r"(?:The list is empty, so nothing .*)", _("The list is empty, so nothing could ever be in it.")),
    (r"There is no segment [“`](?P<name>.+)[”`]\.", _("There is no segment “%(name)s”.")),
    (r"There is no function `(?P<name>.+)`\.", _("There is no function “%(name)s”.")),
    (r"There is no day (?P<name>.+) in the calendar\.", _("The calendar has no day %(name)s.")),
    (r"There is no kind of event `(?P<name>.+)`\.", _("There is no kind of event “%(name)s”.")),
    (r"There is no attribute.* `(?P<name>.+)`\.", _("These events have no attribute “%(name)s”.")),
    (r"There is no trait `(?P<name>.+)`\.", _("Nothing called “%(name)s” is known of customers.")),
    (r"There is no .*`(?P<name>.+)`\.", _("“%(name)s” is unknown here.")),
    (r"Segments refer to .* in a circle: (?P<name>.+)\.", _("Segments refer to one another in a circle: %(name)s.")),
    (r"This compares .* with .*\.", _("These two cannot be compared: they are of different types.")),
    (
        r".* compares numbers and days; texts .*",
        _("Texts are only equal or not; only numbers and days can be greater."),
    ),
    (r"This is a value, not a condition.*", _("This is a value, not yet a condition: compare it, such as with “> 1”.")),
    (r".*never ends.*", _("The text in quotes never ends: close it with the same quote.")),
    (r".*has no meaning here.*", _("This sign has no meaning here.")),
    (r"No day lies between .*", _("The first day must come before the last.")),
    (r"After `where` only attributes .*", _("After “where” only attributes of the event can be asked.")),
    (r".*has a meaning inside a flow only\.", _("This has a meaning inside a flow only.")),
    (r"The condition has .* characters.*", _("The condition is too long: put parts of it into segments of their own.")),
    (r"A signal looks at all times.*", _("A signal looks at all times: leave the window out.")),
    (
        r"A signal names the events themselves: write `(?P<name>.+)` without .*",
        _("A signal names the events themselves: write “%(name)s”."),
    ),
    (
        r"A signal is a kind of event.*",
        _("A signal is a kind of event or a silence after one; what follows one another belongs into the paths."),
    ),
    (r".*[0-9,]+ clauses.*", _("The condition has too many clauses: put parts of it into segments of their own.")),
)


@dataclass(frozen=True)
class Problem:
    """What is wrong, where it stands in the text, and the name that was perhaps meant."""

    message: str
    line: int | None = None
    column: int | None = None
    nearest: str = ""


def problem(wrong: Exception) -> Problem:
    """Return what an error of the condition says, in the reader's language."""
    if not isinstance(wrong, BadCondition):
        return Problem(_said(str(wrong)))
    return Problem(_said(wrong.plain), wrong.line, wrong.column, wrong.nearest or "")


def _said(message: str) -> str:
    for pattern, translated in _MESSAGES:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match:
            found = {name: _piece(value) for name, value in match.groupdict().items()}
            return str(translated) % found if found else str(translated)
    return message


def _piece(text: str) -> str:
    """Say an expectation in the reader's language where it is a common one; pieces of text stay as they are."""
    known = {
        "a condition, such as `any(order.placed, last 90 days)`": gettext("a condition"),
        "a comparison (such as `= 1`), `and`, `or` or the end": gettext("a comparison, such as “= 1”"),
        "`and`, `or` or the end": gettext("“and”, “or” or the end"),
        "a number": gettext("a number"),
        "a text in quotes": gettext("a text in quotes"),
        "a text in quotes or a number": gettext("a text in quotes or a number"),
        "a kind of event, such as order.placed": gettext("a kind of event, such as order.placed"),
        "a length of time, such as `60 days` or `60d`": gettext("a length of time, such as “60 days”"),
        "days, weeks, months, years, hours or minutes": gettext("days, weeks, months, years, hours or minutes"),
        "nothing more after the length of time": gettext("nothing more after the length of time"),
        "a day such as 2026-03-31": gettext("a day such as 2026-03-31"),
    }
    return known.get(text, re.sub("`([^`]*)`", "“\\1”", text))
