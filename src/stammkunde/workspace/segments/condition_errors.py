"""Say in the reader's language what is wrong with a condition: where, what was expected, and the nearest name."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stammkunde.conditions import BadCondition

# What the language says in English → what the page says; the longer ones first. Groups are names and pieces of text.
_MESSAGES: tuple[tuple[str, Promise], ...] = (
    (r"The list is empty, so nothing .*", _("The list is empty, so nothing could ever be in it.")),
    (
        r"After `where` only attributes of (?P<kind>\S+) can be asked; .*",
        _("After “where” only attributes of %(kind)s can be asked."),
    ),
    (r"After `where` only attributes .*", _("After “where” only attributes of the event can be asked.")),
    (r"Attributes can be asked after `where` only\.", _("Attributes can be asked after “where” only.")),
    (r"`where` has already been said.*", _("“where” has already been said: join what else must hold with “and”.")),
    (
        r"One comparison has already been made.*",
        _("One comparison has already been made: join two of them with “and”."),
    ),
    (
        r"Expected a value here, found a condition; .*",
        _("Here a value is expected, not a condition; conditions are joined by “and”."),
    ),
    (
        r"Expected a number(?: of (?P<unit>\w+))? from 1 to (?P<most>[\d,]+), found (?P<found>`.*`)\.",
        _("%(found)s does not fit here. Expected: a number from 1 to %(most)s."),
    ),
    (
        r"Expected (?P<what>.+), found (?P<found>the end)\.",
        _("Something is missing at the end. Expected: %(what)s."),
    ),
    (r"Expected (?P<what>.+), found (?P<found>`.*`)\.", _("%(found)s does not fit here. Expected: %(what)s.")),
    (r"Segment “(?P<name>.+)” uses the unknown segment “(?P<other>.+)”\.", _("There is no segment “%(other)s”.")),
    (
        r"Segment “(?P<name>.*)” lies too deep .*",
        _("Too many segments lie within one another here, or they are too large together."),
    ),
    (r"There is no segment [“`](?P<name>.+)[”`]\.", _("There is no segment “%(name)s”.")),
    (r"There is no function `(?P<name>.+)`\.", _("There is no function “%(name)s”.")),
    (r"There is no day (?P<name>.+) in the calendar\.", _("The calendar has no day %(name)s.")),
    (r"There is no kind of event `(?P<name>.+)`\.", _("There is no kind of event “%(name)s”.")),
    (r"There is no attribute.* `(?P<name>.+)`\.", _("These events have no attribute “%(name)s”.")),
    (r"There is no trait `(?P<name>.+)`\.", _("Nothing called “%(name)s” is known of customers.")),
    (r"There is no .*`(?P<name>.+)`\.", _("“%(name)s” is unknown here.")),
    (r"Segments refer to .* in a circle: (?P<name>.+)\.", _("Segments refer to one another in a circle: %(name)s.")),
    (
        r"A segment cannot ask who enters or leaves.*",
        _("A segment cannot ask who enters or leaves segments: ask “in segment(…)” instead."),
    ),
    (r"This compares (?P<one>.+) with (?P<other>.+)\.", _("This compares %(one)s with %(other)s.")),
    (
        r".* compares numbers and days; texts .*",
        _("Texts are only equal or not; only numbers and days can be greater."),
    ),
    (
        r"A value that stands alone needs .*",
        _("A value that stands alone must be a yes or no: compare it, such as with “= …”."),
    ),
    (r"Here needs a day, .*", _("Here a day is needed.")),
    (
        r"(?P<who>`.+`) needs an attribute, as in (?P<example>`.+`)\.",
        _("%(who)s needs an attribute, as in %(example)s."),
    ),
    (
        r"(?P<who>`.+`) needs (?P<one>a .+), not (?P<other>a .+)\.",
        _("%(who)s needs %(one)s, not %(other)s."),
    ),
    (r"This is a value, not a condition.*", _("This is a value, not yet a condition: compare it, such as with “> 1”.")),
    (
        r"(?P<name>`.+`) names events, not a condition: ask (?P<one>`.+`) or (?P<other>`.+`)\.",
        _("%(name)s names events, not a condition: ask %(one)s or %(other)s."),
    ),
    (r"(?P<name>`.+`) has too many dots: write (?P<one>`.+`)\.", _("%(name)s has too many dots: write %(one)s.")),
    (
        r"(?P<name>`.+`) belongs to many events: ask (?P<one>`.+`), (?P<other>`.+`) or the like\.",
        _("%(name)s belongs to many events: ask %(one)s, %(other)s or the like."),
    ),
    (
        r"Here whole events are meant: write (?P<one>`.+`) without (?P<other>`.+`)\.",
        _("Here whole events are meant: write %(one)s without %(other)s."),
    ),
    (
        r"Here the event itself is meant, not its attribute (?P<name>`.+`)\.",
        _("Here the event itself is meant, not its attribute %(name)s."),
    ),
    (
        r"A sequence begins with something that happened: (?P<example>`.+`)\.",
        _("A sequence begins with something that happened: %(example)s."),
    ),
    (r"Anniversaries are looked for .*", _("Anniversaries are looked for within 1 to 366 days.")),
    (r".*never ends.*", _("The text in quotes never ends: close it with the same quote.")),
    (r"`.` has no meaning here: use straight quotes.*", _('Use straight quotes: "…".')),
    (r"(?P<name>`.+`) has no meaning here: write (?P<one>`.+`) .*", _("%(name)s has no meaning here: write %(one)s.")),
    (
        r"(?P<name>`.+`) has no meaning here: write (?P<one>`[^`]+`), .*",
        _("%(name)s has no meaning here: write %(one)s."),
    ),
    (r"(?P<name>`.+`) has no meaning here.*", _("%(name)s has no meaning here.")),
    (r".*cannot be kept: .*", _("This text holds a sign that cannot be kept: write it without control characters.")),
    (r"No day lies between .*", _("The first day must come before the last.")),
    (r"Days lie between .*", _("Days lie between 1970-01-01 and 2099-12-31.")),
    (r"Numbers have 15 digits at most\.", _("Numbers have 15 digits at most.")),
    (r"`m` alone could be .*", _("“m” alone could be minutes or months: write the word.")),
    (r"(?P<name>`.+`) has a meaning inside a flow only\.", _("%(name)s has a meaning inside a flow only.")),
    (
        r"Brackets lie more than \d+ deep.*",
        _("Brackets lie too deep in one another: put parts into segments of their own."),
    ),
    (r"This sum has more than .*", _("This sum has too many steps.")),
    (r"The condition has .* characters.*", _("The condition is too long: put parts of it into segments of their own.")),
    (
        r"Together these conditions are too long.*",
        _("The condition is too long: put parts of it into segments of their own."),
    ),
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
            found = {name: _piece(value or "") for name, value in match.groupdict().items()}
            return str(translated) % found if found else str(translated)
    return message


def _piece(text: str) -> str:
    """Say an expectation in the reader's language; pieces of the condition itself stay as they are."""
    known = {
        "a condition, such as `any(order.placed, last 90 days)`": gettext("a condition"),
        "a comparison (such as `= 1`), `and`, `or` or the end": gettext("a comparison, such as “= 1”"),
        "`and`, `or` or the end": gettext("“and”, “or” or the end"),
        "a number": gettext("a number"),
        "a text": gettext("a text"),
        "a yes or no": gettext("a yes or no"),
        "a day": gettext("a day"),
        "a text in quotes": gettext("a text in quotes"),
        "a text in quotes or a number": gettext("a text in quotes or a number"),
        "a kind of event, such as order.placed": gettext("a kind of event, such as order.placed"),
        "a length of time, such as `60 days` or `60d`": gettext("a length of time, such as “60 days”"),
        "days, weeks, months, years, hours or minutes": gettext("days, weeks, months, years, hours or minutes"),
        "nothing more after the length of time": gettext("nothing more after the length of time"),
        "a day such as 2026-03-31": gettext("a day such as 2026-03-31"),
        "`and` and the last day": gettext("“and” and the last day"),
        "`in` after `not`": gettext("“in” after “not”"),
        "`with` after `starts`": gettext("“with” after “starts”"),
        '`(` and a list, such as `("Wien", "Graz")`': gettext('a list, such as ("Wien", "Graz")'),
        "`,` or `)`": gettext("“,” or “)”"),
        "`, last 90 days` or `)`": gettext("“, last 90 days” or “)”"),
        "`,` and which one, as in `nth(order.placed, 2)`": gettext("“,” and which one, as in nth(order.placed, 2)"),
        "`within 7 days` after the anniversary": gettext("“within 7 days” after the anniversary"),
        "`(` and the name of a segment in quotes": gettext("the name of a segment in brackets and quotes"),
        "`(` and the name of an interest in quotes": gettext("the name of an interest in brackets and quotes"),
        "`for` and how long nothing may follow, such as `for 60 days`": gettext(
            "how long nothing may follow, such as “for 60 days”"
        ),
        "`any(…)` or `none(…)` after `then`, as in `any(…) then any(…) within 14 days`": gettext(
            "“any(…)” or “none(…)” after “then”"
        ),
        "`last 90 days`, `between 2026-01-01 and 2026-03-31` or `ever`": gettext(
            "“last 90 days”, “between 2026-01-01 and 2026-03-31” or “ever”"
        ),
        "an event, such as `last(order.placed)`, or a day, such as `customer.birthday`": gettext(
            "an event, such as last(order.placed), or a day, such as customer.birthday"
        ),
    }
    quoted = gettext("“%(word)s”")
    return known.get(text, re.sub("`([^`]*)`", lambda match: quoted % {"word": match[1]}, text))
