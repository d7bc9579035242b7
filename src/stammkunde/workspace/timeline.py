"""Tell what happened with one customer, newest first: orders with their lines, returns, letters, vouchers, consents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from stammkunde.catalogue.models import Product
from stammkunde.events import kinds
from stammkunde.events.models import Event
from stammkunde.insights.portrait import superseded
from stammkunde.workspace.formatting import money, number
from stammkunde.workspace.timeline_words import SCORED, WORDED, Words

PAGE_SIZE = 50
# What may be shown of an event, in this order. Whoever must not see addresses sees nothing but these, and no proof.
DETAILS: dict[str, Promise] = {
    "order_id": _("Order number"),
    "channel": _("Channel"),
    "coupon": _("Coupon"),
    "discount": _("Discount"),
    "shipping": _("Shipping"),
    "tax": _("Tax"),
    "reason": _("Reason"),
    "purpose": _("Purpose"),
    "ground": _("Legal ground"),
    "wording": _("Wording"),
    "proof": _("Proof"),
    "message": _("Message"),
    "flow": _("Flow"),
    "step": _("Step"),
    "programme": _("Programme"),
    "code": _("Code"),
    "amount": _("Amount"),
    "source": _("Source"),
}
_CHANNELS: dict[str, Promise] = {
    "email": pgettext_lazy("channel", "e-mail"),
    "letter": pgettext_lazy("channel", "letter"),
    "phone": pgettext_lazy("channel", "telephone"),
    "sms": pgettext_lazy("channel", "text message"),
}
_MONEY = frozenset({"discount", "shipping", "tax", "amount"})
_PERSONAL = frozenset({"proof"})
_BACK = frozenset({"order.returned", "order.cancelled"})


@dataclass(frozen=True)
class Line:
    """One position of an order as the page prints it."""

    product: str
    quantity: str
    unit_price: str
    total: str


@dataclass(frozen=True)
class Entry:
    """One event as the page prints it; `kind` colours it."""

    id: int
    at: datetime
    kind: str
    title: str
    custom: bool
    value: str
    details: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    superseded: bool
    corrects: bool


def timeline(customer: int, *, page: int, currency: str, personal: bool) -> tuple[list[Entry], Page[Any]]:
    """Return one page of what happened, newest first, superseded states among it and marked."""
    events = Event.objects.filter(customer=customer).exclude(SCORED).annotate(superseded=superseded())
    events = events.order_by("-at", "-pk")
    shown = Paginator(events, PAGE_SIZE).get_page(page)
    found = list(shown.object_list)
    names, words = _product_names(found), Words(personal=personal)
    return [_entry(event, names, words, currency=currency, personal=personal) for event in found], shown


def _entry(event: Event, names: Mapping[str, str], words: Words, *, currency: str, personal: bool) -> Entry:
    kind = kinds.kind(event.kind)
    attributes = event.attributes if isinstance(event.attributes, dict) else {}
    currency = event.currency or currency
    return Entry(
        id=event.pk,
        at=event.at,
        kind=event.kind.replace(".", "-"),
        title=words.title(event.kind, attributes) or gettext(kind.title),
        custom=kind.custom,
        value=_value(event, currency),
        details=list(
            words.details(event.kind, attributes)
            if event.kind in WORDED
            else _details(attributes, currency=currency, personal=personal, custom=kind.custom)
        ),
        lines=[_line(line, names, currency) for line in _lines(attributes)],
        superseded=bool(getattr(event, "superseded", False)),
        corrects=event.replaces_id is not None,
    )


def _value(event: Event, currency: str) -> str:
    if event.value is None:
        return ""
    return money(-abs(event.value) if event.kind in _BACK else event.value, currency, cents=True)


def _details(
    attributes: Mapping[str, Any], *, currency: str, personal: bool, custom: bool
) -> Iterator[tuple[str, str]]:
    for name, title in DETAILS.items():
        value = attributes.get(name)
        if value in (None, "", 0) or isinstance(value, dict | list) or (name in _PERSONAL and not personal):
            continue
        yield str(title), _amount(value, currency) if name in _MONEY else _word(name, value)
    if custom and personal:
        others = sorted(attributes.keys() - DETAILS.keys() - {"lines", "total"})
        yield from ((name, str(attributes[name])) for name in others)


def _word(name: str, value: Any) -> str:
    return str(_CHANNELS.get(value, value)) if name == "channel" and isinstance(value, str) else str(value)


def _line(line: Mapping[str, Any], names: Mapping[str, str], currency: str) -> Line:
    code = str(line.get("product") or "")
    return Line(
        product=names.get(code) or str(line.get("name") or "") or code or gettext("without a name"),
        quantity=_quantity(line.get("quantity")),
        unit_price=_amount(line.get("unit_price"), currency),
        total=_amount(line.get("line_total"), currency),
    )


def _lines(attributes: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    lines = attributes.get("lines")
    return [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []


def _product_names(events: Sequence[Event]) -> dict[str, str]:
    codes = {
        str(line.get("product") or "")
        for event in events
        if isinstance(event.attributes, dict)
        for line in _lines(event.attributes)
    }
    found = Product.objects.filter(code__in=codes - {""}).values_list("code", "name")
    return {code: name for code, name in found if name}


def _amount(value: Any, currency: str) -> str:
    amount = _decimal(value)
    return "" if amount is None else money(amount, currency, cents=True)


def _quantity(value: Any) -> str:
    amount = _decimal(value)
    if amount is None:
        return ""
    return number(amount, 0 if amount == amount.to_integral_value() else 2)


def _decimal(value: Any) -> Decimal | None:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
