"""Give templates the reader's numbers and the components every page is built from."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template import RequestContext
from django.utils import timezone
from django.utils.translation import gettext

from stammkunde.accounts.actions import ACTIONS, DETAILS, KINDS
from stammkunde.accounts.models import AuditEntry
from stammkunde.accounts.roles import Language, Role, Scope
from stammkunde.kernel.periods import Period
from stammkunde.workspace import formatting
from stammkunde.workspace.figure_card import FigureCard, Measured, figure_card
from stammkunde.workspace.import_words import FIELD_TITLES

register = template.Library()
register.filter("number", formatting.number)
register.filter("percent", formatting.percent)
register.filter("money", formatting.money)
register.filter("day", formatting.day)
register.filter("day_short", formatting.day_short)
register.filter("moment", formatting.moment)
register.filter("month", formatting.month)
_HEAT_STEPS = 20


@register.filter
def period(value: Period) -> str:
    """Name a period: March 2026, or its first and last day."""
    return formatting.period(value)


@register.filter
def ago(value: date | datetime) -> str:
    """Say how long ago a day was, seen from today in the business's time zone."""
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return formatting.ago(day, today=timezone.localdate())


@register.filter
def heat(share: float | None, strongest: float = 1.0) -> str:
    """Return the class that shades a cell by a share: heat-0 … heat-20 of the strongest."""
    if share is None:
        return "heat-none"
    return f"heat-{round(min(max(share / strongest, 0.0), 1.0) * _HEAT_STEPS)}" if strongest else "heat-0"


@register.inclusion_tag("workspace/parts/figure.html")
def figure(
    figure: Measured,
    title: str,
    currency: str = "",
    trend: Sequence[float | None] = (),
    note: str = "",
    tone: str = "",
    url: str = "",
) -> dict[str, FigureCard]:
    """Print one figure as the card that looks the same everywhere."""
    return {
        "card": figure_card(figure, title=title, currency=currency, trend=trend, note=note, tone=tone, url=url),
    }


@register.inclusion_tag("workspace/parts/unknown.html")
def unknown(why: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """Print "unknown", why, and what to connect; never a zero."""
    return {"why": why, "url": url, "label": label}


@register.inclusion_tag("workspace/parts/explain.html")
def explain(definition: str = "", source: str = "", query: str = "", formula: str = "") -> dict[str, str]:
    """Print what lies behind a figure: definition, formula, source and query, folded away."""
    return {"definition": definition, "source": source, "query": query, "formula": formula}


@register.inclusion_tag("workspace/parts/empty.html")
def empty(sentence: str, url: str = "", label: str = "", title: str = "") -> dict[str, str]:
    """Print an empty state: one sentence that teaches and one button."""
    return {"sentence": sentence, "url": url, "label": label, "title": title}


@register.inclusion_tag("workspace/parts/progress.html")
def progress(done: int, total: int | None, doing: str) -> dict[str, Any]:
    """Print what is being done and how far it is; without a total, that it goes on."""
    share = min(done / total, 1.0) if total else None
    return {"done": done, "total": total, "share": share, "doing": doing}


@register.inclusion_tag("workspace/parts/field.html")
def field(bound: BoundField, wide: bool = False) -> dict[str, Any]:
    """Print one form field with its label, help and errors, tied together for screen readers."""
    return {"field": bound, "wide": wide, "type": bound.widget_type}


@register.inclusion_tag("workspace/parts/pager.html", takes_context=True)
def pager(context: RequestContext, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Print links to the pages before and after, keeping the rest of the address."""
    return {
        "page": page,
        "before": _address(context, parameter, page.number - 1),
        "after": _address(context, parameter, page.number + 1),
    }


def _address(context: RequestContext, parameter: str, number: int) -> str:
    query = context["request"].GET.copy()
    query[parameter] = str(number)
    return f"?{query.urlencode()}"


@register.filter
def action_title(entry: AuditEntry) -> str:
    """Name what was done; an action without a name shows as it is."""
    return str(ACTIONS.get(entry.action, entry.action))


@register.filter
def object_title(entry: AuditEntry) -> str:
    """Name the object by its kind and number; what it is called may have been erased."""
    return f"{KINDS.get(entry.kind, entry.kind)} {entry.object_id}".strip()


@register.filter
def detail_text(entry: AuditEntry) -> str:
    """Write the detail of an audit entry on one line: role: analyst → marketing."""
    return " · ".join(f"{_detail_name(name)}: {_before_and_after(value)}" for name, value in entry.detail.items())


def _detail_name(name: str) -> str:
    kind, _space, field_name = name.partition(" ")
    if kind == "column" and field_name in FIELD_TITLES:
        return gettext("Column for {field}").format(field=FIELD_TITLES[field_name])
    return str(DETAILS.get(name, name))


def _detail_value(value: object) -> str:
    """Write a value as people say it: yes and no, roles, scopes and languages by their names."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    named = {**dict(Role.choices), **dict(Scope.choices), **dict(Language.choices)}
    return str(named.get(str(value), value))


def _before_and_after(value: object) -> str:
    if isinstance(value, dict) and value.keys() == {"before", "after"}:
        return " → ".join(
            "–" if value[when] in ("", None) else _detail_value(value[when]) for when in ("before", "after")
        )
    if isinstance(value, list):
        return ", ".join(map(_detail_value, value))
    return _detail_value(value)
