"""Say in the reader's language what imports speak of: fields, how sure a column is, states, phases."""

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from stammkunde.events.imports import FIELDS
from stammkunde.events.models import Import
from stammkunde.workspace.formatting import number

FIELD_TITLES: dict[str, Promise] = {
    "order_id": pgettext_lazy("import", "Order number"),
    "customer": pgettext_lazy("import", "Customer number"),
    "email": pgettext_lazy("import", "E-mail"),
    "phone": pgettext_lazy("import", "Telephone"),
    "at": pgettext_lazy("import", "Date of the order"),
    "time": pgettext_lazy("import", "Time of day"),
    "product": pgettext_lazy("import", "Product number"),
    "product_name": pgettext_lazy("import", "Product name"),
    "category": pgettext_lazy("import", "Category"),
    "department": pgettext_lazy("import", "Department"),
    "quantity": pgettext_lazy("import", "Quantity"),
    "unit_price": pgettext_lazy("import", "Price each"),
    "line_total": pgettext_lazy("import", "Amount of the row"),
    "total": pgettext_lazy("import", "Total of the order"),
    "discount": pgettext_lazy("import", "Discount"),
    "shipping": pgettext_lazy("import", "Shipping"),
    "tax": pgettext_lazy("import", "Tax"),
    "currency": pgettext_lazy("import", "Currency"),
    "coupon": pgettext_lazy("import", "Coupon"),
    "channel": pgettext_lazy("import", "Sales channel"),
    "source": pgettext_lazy("import", "Where from"),
    "status": pgettext_lazy("import", "State of the order"),
    "refunded": pgettext_lazy("import", "Paid back"),
    "name": pgettext_lazy("import", "Whole name"),
    "given_name": pgettext_lazy("import", "First name"),
    "family_name": pgettext_lazy("import", "Family name"),
    "street": pgettext_lazy("import", "Street"),
    "postcode": pgettext_lazy("import", "Postcode"),
    "city": pgettext_lazy("import", "Town"),
    "country": pgettext_lazy("import", "Country"),
}
FIELD_HINTS: dict[str, Promise] = {
    "order_id": _("rows with the same number are one order"),
    "time": _("if the date stands in a column of its own"),
    "quantity": _("negative: given back"),
    "shipping": _("kept apart from the value of the order"),
    "tax": _("kept apart from the value of the order"),
    "status": _("tells cancelled orders apart"),
    "name": _("of the customer; the latest order counts"),
}
MAIN_FIELDS = (
    "order_id", "customer", "email", "at", "time", "product", "product_name", "category", "quantity", "unit_price",
    "line_total", "total", "currency",
)  # fmt: skip
OTHER_FIELDS = tuple(name for name in FIELDS if name not in MAIN_FIELDS)
SURE: dict[str, Promise] = {
    "told": pgettext_lazy("column", "chosen"),
    "sure": pgettext_lazy("column", "sure"),
    "likely": pgettext_lazy("column", "likely"),
    "guess": pgettext_lazy("column", "guessed"),
}
STATES: dict[str, Promise] = {
    Import.State.WAITING: pgettext_lazy("import", "waiting"),
    Import.State.RUNNING: pgettext_lazy("import", "running"),
    Import.State.STOPPED: pgettext_lazy("import", "stopped"),
    Import.State.DONE: pgettext_lazy("import", "done"),
    Import.State.REFUSED: pgettext_lazy("import", "refused"),
    Import.State.FAILED: pgettext_lazy("import", "failed"),
    Import.State.UNDONE: pgettext_lazy("import", "taken back"),
}
PHASES: dict[str, Promise] = {
    "reading": _("Reading the file"),
    "understanding": _("Understanding what the rows say"),
    "writing": _("Writing orders"),
    "undoing": _("Taking the import back"),
    "done": _("Finishing"),
}


def megabytes(size: int) -> str:
    """Write the size of a file: 12 kB, 3,4 MB, 2.000 MB."""
    if size < 100_000:
        return f"{number(max(size / 1000, 1))} kB"
    shown = size / 1_000_000
    return f"{number(shown, 0 if shown >= 10 else 1)} MB"


def rows(count: int) -> str:
    """Write a number of rows."""
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": number(count)}


def entries(count: int) -> str:
    """Write a number of entries of the log: orders, returns and what else an import brings."""
    return ngettext("%(count)s entry", "%(count)s entries", count) % {"count": number(count)}


def customers(count: int) -> str:
    """Write a number of customers."""
    return ngettext("%(count)s customer", "%(count)s customers", count) % {"count": number(count)}


def too_large(limit: int) -> str:
    """Say that a file is larger than we take, and what to do."""
    return gettext(
        "The file is larger than %(limit)s. Compress it (.gz), or export the orders in several parts: what is in two "
        "parts is only counted once."
    ) % {"limit": megabytes(limit)}
