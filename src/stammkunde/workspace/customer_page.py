"""Show one customer: who she is, how she buys, and everything that happened, newest first."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from babel import Locale, UnknownLocaleError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.accounts.access import person
from stammkunde.accounts.models import Business
from stammkunde.customers.discreet import discreet
from stammkunde.customers.models import Customer, Identity
from stammkunde.insights.portrait import Portrait, portrait
from stammkunde.kernel import clock
from stammkunde.kernel.money import from_e4
from stammkunde.workspace.customer_words import (
    STANDING_MEANINGS,
    STANDING_TITLES,
    group_advice,
    group_title,
    shown_name,
)
from stammkunde.workspace.formatting import money, number, reader_locale
from stammkunde.workspace.pictures.purchases import draw_purchases
from stammkunde.workspace.segments.of_customer import segments_of
from stammkunde.workspace.timeline import timeline

DEFAULT_SHOP = "shop"


@dataclass(frozen=True)
class Fact:
    """One figure of one customer, in the form every figure has here."""

    name: str
    value: float | None
    unit: Literal["count", "money", "days"]
    why_unknown: str | None = None
    definition: str = ""
    n: int | None = None
    interval: tuple[float, float] | None = None
    grade: str = "D"


def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the page of one customer; names and addresses only for those who may see them."""
    personal = person(request).may("see_addresses")
    business = Business.current()
    known = get_object_or_404(Customer.objects.prefetch_related("identities"), pk=pk)
    drawn = portrait(pk)
    entries, page = timeline(pk, page=_page_number(request), currency=business.currency, personal=personal)
    name = _name(known, personal=personal)
    context = {
        "name": name,
        "sentence": _sentence(name, drawn),
        "who": _who(known, personal=personal),
        "invented": known.invented and personal,
        "facts": _facts(drawn, business.currency),
        "standing": drawn.standing,
        "standing_title": STANDING_TITLES[drawn.standing],
        "standing_meaning": STANDING_MEANINGS[drawn.standing],
        "scores": drawn.scores,
        "group": group_title(drawn.scores.group) if drawn.scores else "",
        "advice": group_advice(drawn.scores.group) if drawn.scores else "",
        "portrait": drawn,
        "segments": segments_of(pk, now=clock.now(), personal=personal),
        "picture": _picture(drawn, business.currency),
        "currency": business.currency,
        "entries": entries,
        "page": page,
    }
    return render(request, "workspace/customer.html", context)


def _picture(drawn: Portrait, currency: str) -> SafeString:
    if drawn.as_of is None or drawn.last_day is None:
        return SafeString("")
    expected = drawn.last_day + timedelta(days=round(drawn.usual_gap)) if drawn.usual_gap else None
    return draw_purchases(drawn.days, until=drawn.as_of, currency=currency, expected=expected)


def _name(known: Customer, *, personal: bool) -> str:
    numbers = [identity.value for identity in known.identities.all() if identity.kind == Identity.Kind.NUMBER]
    number = numbers[0] if numbers else ""
    return shown_name(known.name if personal else "", number if personal else discreet(number), known.pk)


def _who(known: Customer, *, personal: bool) -> list[tuple[str, str]]:
    """Return what is known about the person; only her numbers where names and addresses may not be seen."""
    titles = {"number": gettext("Customer number"), "email": gettext("E-mail"), "phone": gettext("Telephone")}
    names = [
        (titles[identity.kind], _with_scope(identity))
        for identity in sorted(known.identities.all(), key=lambda identity: list(titles).index(identity.kind))
        if personal or (identity.kind == Identity.Kind.NUMBER and discreet(identity.value))
    ]
    if not personal:
        return names
    place = ", ".join(part for part in (known.street, f"{known.postcode} {known.city}".strip(), known.country) if part)
    tones = {"du": gettext("informal (du)"), "sie": gettext("formal (Sie)")}
    rest = [
        (gettext("Address"), place),
        (gettext("Form of address"), tones.get(known.tone, "")),
        (gettext("Language"), _language(known.language)),
    ]
    return [*names, *((title, value) for title, value in rest if value)]


def _with_scope(identity: Identity) -> str:
    """Name the shop whose number it is, unless there was no need to name it."""
    named = identity.scope and identity.scope != DEFAULT_SHOP
    return f"{identity.value} ({identity.scope})" if named else identity.value


def _language(code: str) -> str:
    try:
        return Locale.parse(code.replace("-", "_")).get_display_name(reader_locale()) or code if code else ""
    except (UnknownLocaleError, ValueError):
        return code


def _sentence(name: str, drawn: Portrait) -> SafeString:
    if drawn.last_day is None or drawn.days_since_last is None:
        return format_html(gettext("{name} has not ordered yet."), name=name)
    last = _last(drawn.days_since_last, silent=drawn.standing == "silent")
    if drawn.usual_gap is None:
        once = gettext("{name} has ordered on one day only, {last}.")
        return format_html(once, name=name, last=last)
    rhythm = gettext("{name} usually orders <b>every {days} days</b>, {last}.")
    if drawn.usual_gap == 1:
        rhythm = gettext("{name} usually orders <b>every day</b>, {last}.")
    return format_html(rhythm, name=name, days=_days(drawn.usual_gap), last=last)


def _last(days: int, *, silent: bool) -> SafeString:
    said = gettext("most recently on the last day of the data")
    if days:
        said = ngettext("most recently {days} day ago", "most recently {days} days ago", days)
    return format_html("<em>{}</em>" if silent else "{}", said.format(days=number(days)))


def _days(gap: float) -> str:
    return number(gap, 0 if gap.is_integer() else 1)


def _facts(drawn: Portrait, currency: str) -> list[tuple[Fact, str, str]]:
    """Return the figures of this customer with their titles and a note."""
    value, orders = float(from_e4(drawn.value)), drawn.orders
    back = (
        gettext("of it %(amount)s returned") % {"amount": money(drawn.given_back, currency)} if drawn.given_back else ""
    )
    never = gettext("No order yet.")
    once = gettext("Known from the second purchase day on.")
    return [
        (Fact("orders", orders, "count"), gettext("Orders"), ""),
        (Fact("revenue", value, "money"), gettext("Revenue"), back),
        (
            Fact("average_order_value", value / orders if orders else None, "money", never),
            gettext("Average order value"),
            "",
        ),
        (
            Fact("usual_distance", drawn.usual_gap, "days", once if orders else never),
            gettext("Usual distance between purchases"),
            "",
        ),
    ]


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
