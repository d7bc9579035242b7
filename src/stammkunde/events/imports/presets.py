"""Know the order exports of shop and payment systems by their columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stammkunde.events.imports.refusals import Refused
from stammkunde.events.imports.vocabulary import normal


class UnknownPreset(Refused):
    """There is no preset of this name; the message lists those there are."""


@dataclass(frozen=True)
class Preset:
    """What the columns of one system's export mean; of several possible columns the first that is there counts.

    A field with no columns stays empty although a column's name would fit. `signature` are columns by which the export
    is known. `total_contains` names what the total includes and has to give up: shipping, tax.
    """

    name: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    signature: tuple[str, ...]
    time_zone: str = ""
    total_contains: tuple[str, ...] = ()
    note: str = ""
    dates: str | None = None


def named(name: str) -> Preset:
    """Return the preset of this name, or refuse."""
    try:
        return PRESETS[name.strip().lower()]
    except KeyError as problem:
        raise UnknownPreset(f"There is no preset {name!r}. There are: {', '.join(sorted(PRESETS))}.") from problem


def fitting(header: Sequence[str]) -> Preset | None:
    """Return the preset whose signature the header shows, if any."""
    names = {normal(column) for column in header}
    return next((preset for preset in PRESETS.values() if {normal(mark) for mark in preset.signature} <= names), None)


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "shopify",
            "Shopify: orders",
            {
                "order_id": ("Name",),
                "email": ("Email",),
                "customer": (),
                "phone": ("Phone", "Billing Phone"),
                "at": ("Created at",),
                "product": ("Lineitem sku",),
                "product_name": ("Lineitem name",),
                "quantity": ("Lineitem quantity",),
                "unit_price": ("Lineitem price",),
                "line_total": (),
                "total": ("Subtotal",),
                "discount": ("Discount Amount",),
                "shipping": ("Shipping",),
                "tax": ("Taxes",),
                "currency": ("Currency",),
                "coupon": ("Discount Code",),
                "source": ("Source",),
                "status": ("Financial Status",),
                "refunded": ("Refunded Amount",),
            },
            signature=("Name", "Financial Status", "Subtotal", "Lineitem quantity", "Created at"),
            note="The value of an order is its Subtotal: goods after discounts, without shipping.",
        ),
        Preset(
            "woocommerce",
            "WooCommerce: orders (WebToffee export)",
            {
                "order_id": ("order_id", "order_number"),
                "customer": ("customer_id", "customer_user"),
                "email": ("customer_email", "billing_email"),
                "phone": ("billing_phone",),
                "at": ("order_date",),
                "total": ("order_total",),
                "line_total": (),
                "discount": ("discount_total",),
                "shipping": ("shipping_total",),
                "tax": ("tax_total",),
                "currency": ("order_currency",),
                "coupon": ("coupon_items",),
                "status": ("status",),
            },
            signature=("order_id", "order_date", "order_total", "order_currency", "customer_email"),
            total_contains=("shipping", "tax"),
            note="The value of an order is order_total without shipping_total and tax_total. "
            "Products stand in columns side by side and are not taken over.",
        ),
        Preset(
            "square",
            "Square: items",
            {
                "order_id": ("Transaction ID",),
                "customer": ("Customer ID", "Customer Reference ID"),
                "at": ("Date",),
                "time": ("Time",),
                "product": ("SKU",),
                "product_name": ("Item",),
                "category": ("Category",),
                "quantity": ("Qty",),
                "line_total": ("Net Sales",),
                "total": (),
                "discount": (),
                "tax": (),
            },
            signature=("Date", "Time", "Item", "Qty", "Net Sales", "Transaction ID"),
            dates="mdy",
            note="The value of a row is Net Sales: discounts are already taken off.",
        ),
        Preset(
            "rakuten",
            "rakuten.de: orders",
            {
                "order_id": ("Bestellnummer",),
                "customer": ("Kundennummer",),
                "email": ("EMail",),
                "at": ("Bestelldatum",),
                "product": ("Artikelnummer",),
                "quantity": ("Menge",),
                "unit_price": ("Preis",),
            },
            signature=("Bestellnummer", "Bestelldatum", "EMail", "Artikelnummer", "Preis", "Rechnungnachname"),
        ),
        Preset(
            "stripe",
            "Stripe: payments",
            {
                "order_id": ("id",),
                "customer": ("Customer ID",),
                "email": ("Customer Email",),
                "at": ("Created (UTC)", "Created date (UTC)"),
                "total": ("Amount",),
                "line_total": (),
                "refunded": ("Amount Refunded",),
                "currency": ("Currency",),
                "status": ("Status",),
                "tax": ("Tax",),
                "product_name": (),
            },
            signature=("id", "Created (UTC)", "Amount", "Amount Refunded", "Customer Email"),
            time_zone="UTC",
        ),
        Preset(
            "paypal",
            "PayPal: activity",
            {
                "order_id": ("Transaction ID",),
                "email": ("From Email Address",),
                "at": ("Date",),
                "time": ("Time",),
                "total": ("Gross",),
                "line_total": (),
                "quantity": (),
                "product_name": (),
                "currency": ("Currency",),
                "status": ("Status",),
                "phone": ("Contact Phone Number",),
                "name": ("Name",),
            },
            signature=("Date", "Time", "Gross", "From Email Address", "Transaction ID"),
            note="Activities also hold fees, withdrawals and your own purchases: export received payments only.",
        ),
        Preset(
            "gocardless",
            "GoCardless: payments",
            {
                "order_id": ("id",),
                "customer": ("customers.id", "links.customer"),
                "email": ("customers.email",),
                "at": ("charge_date", "created_at"),
                "total": ("amount",),
                "line_total": (),
                "refunded": ("amount_refunded",),
                "currency": ("currency",),
                "status": ("status",),
                "product_name": (),
            },
            signature=("id", "charge_date", "amount", "amount_refunded", "links.mandate"),
        ),
    )
}
