"""Call what stands in a map by the words of the business: channels, owners, grounds, severities, durations."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext_lazy

from stammkunde.conditions.kinds import Language
from stammkunde.conditions.local_clock import Duration
from stammkunde.conditions.phrases import lasting
from stammkunde.insights.journey_channels import CHANNELS, Titles
from stammkunde.journeys.document import Label, Path
from stammkunde.workspace.formatting import number

OWNERSHIP: Titles = {
    "brand": gettext_lazy("ours"),
    "partner": gettext_lazy("in a partner's hands"),
    "customer": gettext_lazy("in the customer's hands"),
    "social": gettext_lazy("not in our hands"),
}
INITIATORS: Titles = {
    "company": gettext_lazy("we begin"),
    "customer": gettext_lazy("the customer begins"),
    "partner": gettext_lazy("a partner begins"),
    "third_party": gettext_lazy("somebody else begins"),
}
GROUNDS: Titles = {
    "opt_in": gettext_lazy("with consent"),
    "existing_customer": gettext_lazy("as an existing customer"),
    "contract": gettext_lazy("part of the contract"),
}
STAGES: Titles = {
    "prepurchase": gettext_lazy("before the purchase"),
    "purchase": gettext_lazy("purchase"),
    "postpurchase": gettext_lazy("after the purchase"),
}
SEVERITIES: Titles = {
    "low": pgettext_lazy("severity", "slight"),
    "medium": pgettext_lazy("severity", "noticeable"),
    "high": pgettext_lazy("severity", "serious"),
}
PAIN_STATES: Titles = {
    "open": pgettext_lazy("pain", "open"),
    "in_work": pgettext_lazy("pain", "in work"),
    "solved": pgettext_lazy("pain", "solved"),
    "accepted": pgettext_lazy("pain", "accepted"),
}
EVIDENCE: Titles = {
    "interview": gettext_lazy("Interviews"),
    "survey_theme": gettext_lazy("Theme of answers"),
    "ticket_tag": gettext_lazy("Cases with the tag"),
    "return_reason": gettext_lazy("Reason of returns"),
    "assumption": gettext_lazy("only assumed"),
    "condition": gettext_lazy("Counted in the data"),
}
INITIATIVE_STATES: Titles = {
    "idea": pgettext_lazy("initiative", "idea"),
    "planned": pgettext_lazy("initiative", "planned"),
    "running": pgettext_lazy("initiative", "running"),
    "ended": pgettext_lazy("initiative", "ended"),
}
KINDS: Titles = {
    "contact": gettext_lazy("contact"),
    "action": gettext_lazy("something the customer does"),
}
FEELINGS: Titles = {
    "nps": gettext_lazy("recommendation (0 to 10)"),
    "csat": gettext_lazy("satisfaction (1 to 5)"),
    "ces": gettext_lazy("effort (1 to 7)"),
}


def language() -> Language:
    """Return the language of the reader, as conditions and maps know it."""
    return "de" if (get_language() or "de").startswith("de") else "en"


def named(label: Label) -> str:
    """Return a name in the reader's language."""
    return label.in_language(language())


def title(titles: Titles, value: str) -> str:
    """Return what a value is called; one that we have no word for stands as it is."""
    return str(titles.get(value, value))


def channel(value: str) -> str:
    """Return what a channel is called."""
    return title(CHANNELS, value)


def within(length: Duration | None) -> str:
    """Say how long a path may take: within 3 days; empty when it may take any time."""
    if length is None:
        return ""
    return gettext("within %(time)s") % {"time": lasting(length, language())}


def way_name(path: Path, titles: Mapping[str, str]) -> str:
    """Name a path by its ends."""
    return f"{titles.get(path.start, path.start)} → {titles.get(path.end, path.end)}"


def takes(days: float | None) -> str:
    """Say a length of time in the unit a person would choose: 4 minutes, 2.1 hours, 11 days."""
    if days is None:
        return ""
    length = timedelta(days=days)
    minutes, hours = length / timedelta(minutes=1), length / timedelta(hours=1)
    if minutes < 1:
        return gettext("less than a minute")
    if minutes < 90:
        return ngettext("%(count)s minute", "%(count)s minutes", round(minutes)) % {"count": number(round(minutes))}
    if hours < 36:
        whole = round(hours)
        return ngettext("%(count)s hour", "%(count)s hours", whole) % {"count": number(whole)}
    whole = round(days)
    return ngettext("%(count)s day", "%(count)s days", whole) % {"count": number(whole)}
