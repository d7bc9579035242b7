"""Show a row of a file as it is understood, written as the reader is used to seeing it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel.dates import format_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from stammkunde.events.imports import Look
from stammkunde.events.imports.looking import Understood
from stammkunde.workspace.formatting import number, reader_locale
from stammkunde.workspace.import_messages import tell
from stammkunde.workspace.import_words import FIELD_TITLES


@dataclass(frozen=True)
class PreviewRow:
    """One row in words: where it stands, what it says, and why it would be rejected, if so."""

    line: int
    order_id: str
    customer: str
    at: str
    product: str
    quantity: str
    amount: str
    total: str
    currency: str
    reason: str


def preview_row(row: Understood) -> PreviewRow:
    """Write one row for the page."""
    return PreviewRow(
        line=row.line,
        order_id=row.order_id,
        customer=row.customer,
        at=_moment(row.at),
        product=row.product,
        quantity=_number(row.quantity, least=0),
        amount=_number(row.amount, least=2),
        total=_number(row.total, least=2),
        currency=row.currency,
        reason=tell(row.reason),
    )


def counted_sentence(seen: Look) -> SafeString:
    """Say which column decides what an order is worth, whether that is net or gross, and how to change it."""
    value = seen.value
    if value is None:
        return SafeString("")
    templates = {
        "net": gettext("What an order is worth is told by the column <b>{column}</b>: without VAT."),
        "gross": gettext("What an order is worth is told by the column <b>{column}</b>: with VAT."),
        "": gettext(
            "What an order is worth is told by the column <b>{column}</b> as it stands there, with or without VAT; "
            "nothing is added or taken off."
        ),
    }
    told = format_html(templates[value.basis], column=value.column)
    title = FIELD_TITLES[value.field]
    if value.other:
        change = gettext("To count by <b>{other}</b> instead, choose that column below as “{title}”.")
        return format_html("{} {}", told, format_html(change, other=value.other, title=title))
    change = gettext("If another column should count, choose it below as “{title}”, and the same one for every file.")
    return format_html("{} {}", told, format_html(change, title=title))


def _moment(stamp: str) -> str:
    """Write the moment; midnight sharp means that only the day is known."""
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    pattern = "dd.MM.yyyy" if reader_locale().language == "de" else "d MMM yyyy"
    pattern += "" if (at.hour, at.minute, at.second) == (0, 0, 0) else " HH:mm"
    return str(format_datetime(at, pattern, locale=reader_locale()))


def _number(value: Decimal | None, *, least: int) -> str:
    """Write the number with as many decimal places as it has, at least two for money."""
    if value is None:
        return ""
    exponent = value.normalize().as_tuple().exponent
    return number(value, max(least, -exponent if isinstance(exponent, int) else 0))
