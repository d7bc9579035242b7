"""Say what imports report, which speak English to programs, in the reader's language and for the page.

Each saying has the form in which imports report it, with {names} for what varies, and the words of the page. Where both
are the same, it stands once. A test holds the list against what the imports say.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Saying:
    """One thing imports report."""

    reported: str
    page: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return what finds the saying, and what varies in it, in a report."""
        pieces = _NAME.split(self.reported)
        fixed, names = map(re.escape, pieces[::2]), (f"(?P<{name}>.+?)" for name in pieces[1::2])
        return re.compile("".join(part for pair in zip(fixed, [*names, ""], strict=True) for part in pair), re.DOTALL)

    @property
    def said(self) -> str:
        """Return the words of the page in the reader's language."""
        return gettext(self.page or self.reported)


def tell(message: str) -> str:
    """Return the report in the reader's language; one that nobody has put into words stays as it is."""
    return _told(message, get_language() or "") if message else ""


def saying_of(message: str) -> tuple[Saying, re.Match[str]] | None:
    """Return what is reported, and what varies in it."""
    for saying in SAYINGS:
        match = saying.pattern.fullmatch(message)
        if match:
            return saying, match
    return None


@lru_cache(maxsize=1_000)
def _told(message: str, _language: str) -> str:
    found = saying_of(message)
    if found is None:
        return gettext(message)
    saying, match = found
    return saying.said.format(**{name: tell(value) for name, value in match.groupdict().items()})


SAYINGS = (
    # Files that cannot be read
    Saying(_("{file} is empty. Export the orders again.")),
    Saying(_("{file} is neither text nor Parquet. Export the orders as CSV and import that.")),
    Saying(_("{file} is damaged or cut off ({problem}). Fetch it again.")),
    Saying(_("{file} cannot be read as Parquet ({problem}). Write or copy it again.")),
    Saying(_("{file} is {kind}. Unpack it, or save it as CSV, and import that.")),
    Saying(_("a ZIP archive or an Excel workbook (.xlsx)")),
    Saying(_("an old Excel workbook (.xls)")),
    Saying(_("a PDF document")),
    Saying(_("a picture")),
    Saying(_("a SQLite database")),
    Saying(_("compressed with Zstandard")),
    Saying(_("compressed with bzip2")),
    Saying(_("compressed with xz")),
    Saying(_("a 7-Zip archive")),
    Saying(_("a RAR archive")),
    Saying(_("Cannot read {file}: {problem}. Check the path.")),
    Saying(_("The file holds more than {size} GB when unpacked. Export a shorter period.")),
    Saying(_("The file has no line ends: it is not a table. Export the orders as CSV.")),
    Saying(_("The file holds no rows. Export a period in which there were orders.")),
    Saying(_("The file holds blank lines only. Export a period in which there were orders.")),
    Saying(_("The file has columns but no rows. Export a period in which there were orders.")),
    Saying(_("The file has column names ({names}) but no rows. Export a period in which there were orders.")),
    Saying(
        _(
            "Quotation marks are opened and not closed in more than {count} places, last in line {line}. Export the "
            "file again so that quotation marks inside a cell are doubled."
        )
    ),
    Saying(
        "{file} is being imported by another process (import {number}, {state}). Wait until it is done.",
        _("{file} is being imported already (import {number}). Wait until it is done."),
    ),
    Saying(_("{file} has a column called {name}, as the reader calls its own. Rename it.")),
    Saying(
        _(
            "The file has cells or orders so large that they need more memory than is allowed. Export the orders in "
            "several parts, without columns of long texts."
        )
    ),
    Saying(_("The file has {count} columns, more than {most}. Export the columns of orders only.")),
    # Columns
    Saying(
        _(
            "This is a list of people, not of orders: it tells neither amounts nor dates of orders. Export the orders; "
            "importing customers comes later."
        )
    ),
    Saying(
        "No column tells {what}. Found: {columns}. The nearest is {near}. Say which column it is: --map "
        "{field}=COLUMN, by name or by place (#1 is the first).",
        _("No column tells {what}. The nearest is {near}. Choose below which column it is."),
    ),
    Saying(
        "No column tells {what}. Found: {columns}. Say which column it is: --map {field}=COLUMN, by name or by place "
        "(#1 is the first).",
        _("No column tells {what}. Choose below which column it is."),
    ),
    Saying(
        "when an order was placed (at) nor what it was worth (total, or line_total, or quantity and unit_price)",
        _("when an order was placed, nor what it was worth (its total, the amount of the row, or quantity and price)"),
    ),
    Saying("when an order was placed (at)", _("when an order was placed")),
    Saying(
        "what it was worth (total, or line_total, or quantity and unit_price)",
        _("what an order was worth (its total, the amount of the row, or quantity and price)"),
    ),
    Saying(
        "Several columns are called {name} ({places}). Choose one by its place: --map {field}=#{place}.",
        _("Several columns are called {name} ({places}). Choose below which one is meant."),
    ),
    Saying(
        "Several columns are called {name} ({places}). Choose one by its place.",
        _("Several columns are called {name} ({places}). Choose below which one is meant."),
    ),
    Saying(_("Several columns have the same name: {names}.")),
    Saying("There is no field {name}.{hint} Fields: {fields}.", _("There is no field {name}.")),
    Saying("The file has no column {name}.{hint} Found: {columns}.", _("The file has no column {name}.")),
    Saying("There is no preset {name}. There are: {presets}.", _("There is no preset {name}.")),
    Saying(_("you said so")),
    Saying(_("known name")),
    Saying(_("name contains a known one")),
    Saying(_("no order has several rows, so either reading is the same")),
    Saying(_("it is quantity × price")),
    Saying(_("it is quantity × price of each row, not their sum")),
    Saying(_("it is the sum of quantity × price of all rows of an order")),
    Saying(_("it stands in one row of each order only")),
    Saying(_("values are e-mail addresses")),
    Saying(_("values are dates")),
    Saying(_("values are amounts of money")),
    Saying(_("repeats as such numbers do")),
    Saying(_("without order numbers each row counts its own amount")),
    Saying(_("it differs between the rows of an order")),
    Saying(_("it is the same in all rows of an order")),
    Saying(_("price of one piece")),
    Saying(_("small whole numbers")),
    # How things are written
    Saying(
        "The order of dates is {name}: write dmy (day first) or mdy (month first).",
        _("Dates are written day first or month first."),
    ),
    Saying("The decimal sign is {name}: write . or ,", _("The decimal sign is a point or a comma.")),
    Saying(
        _("The currency is {name}: write its code of three letters, such as EUR."),
    ),
    Saying(_("Only shipping and tax can be counted in.")),
    Saying(
        "Unknown encoding {name}. Leave it out to have it recognised, or write utf-8, cp1252, latin-1 …",
        _("There is no encoding {name}."),
    ),
    Saying(
        "Dates such as {example} can be read in two ways; the first number was taken for the day. If that is wrong, "
        "say which comes first.",
        _(
            "Dates such as {example} can be read in two ways; the first number was taken for the day. If that is "
            "wrong, choose below that the month comes first."
        ),
    ),
    Saying(
        "Dates such as {example} can be read in two ways; the first number was taken for the month. If that is wrong, "
        "say which comes first.",
        _(
            "Dates such as {example} can be read in two ways; the first number was taken for the month. If that is "
            "wrong, choose below that the day comes first."
        ),
    ),
    Saying(
        "{field}: {example} can be read in two ways; the sign in it was taken for a decimal sign. If that is wrong, "
        "name the decimal sign.",
        _(
            "{example} can be read in two ways; the sign in it was taken for a decimal sign. If that is wrong, choose "
            "below how numbers are written."
        ),
    ),
    Saying(
        "{field}: {example} can be read in two ways; the sign in it was taken for a thousands separator. If that is "
        "wrong, name the decimal sign.",
        _(
            "{example} can be read in two ways; the sign in it was taken for a thousands separator. If that is wrong, "
            "choose below how numbers are written."
        ),
    ),
    Saying(_("{lines}: not {encoding} like the rest; read as {other}.")),
    Saying(_("Line {line} and {count} more")),
    Saying(_("Line {line}")),
    Saying(
        "{count} characters are not valid in {encoding} and were replaced by \ufffd; if words look wrong, name the "
        "encoding.",
        _("{count} characters are not valid in {encoding} and were replaced by \ufffd. Export the file as UTF-8."),
    ),
    Saying(_("{count} zero bytes were left out.")),
    # What the rows say
    Saying(
        "The file holds several currencies: {listed}. Import one of them: --currency {code} takes those rows; the "
        "others are written to the rejects file.",
        _(
            "The file holds several currencies: {listed}. Name the one to import; rows in the others are rejected, and "
            "you can import those later by themselves."
        ),
    ),
    Saying(
        "The file is in {currency}, but the orders so far are in {counted}, and the two cannot be added up. Convert "
        "the amounts, or take only the rows in {wanted}: --currency {same}.",
        _(
            "The file is in {currency}, but the orders so far are in {counted}, and the two cannot be added up. "
            "Convert the amounts, or name {wanted} as the currency to take only those rows."
        ),
    ),
    Saying(
        _("The file is in {currency}, but meanwhile orders in {counted} were imported. Convert the amounts."),
    ),
    Saying(
        _("{count} orders with numbers such as {example} were taken for returns, {positive} rows without a minus sign.")
    ),
    Saying(
        "discount: every row of an order tells the same discount; it was taken off once per order.",
        _("Every row of an order tells the same discount; it was taken off once per order."),
    ),
    Saying(
        "{count} orders tell different totals, the first in line {line}; the first total counts. If the column tells "
        "the amount of each row: --map line_total=COLUMN.",
        _(
            "{count} orders tell different totals, the first in line {line}; the first total counts. If the column "
            "tells the amount of each row, read the file once more and choose so."
        ),
    ),
    Saying(
        _("{count} rows have a price below zero, the first in line {line}; they count as given back, not as bought.")
    ),
    Saying(
        "None of the {count} rows can be imported. Line {line}, column {column}: {reason}. Check which column is "
        "which, and how dates and numbers are written.",
        _(
            "None of the {count} rows can be imported. Line {line}, column {column}: {reason}. Check which column is "
            "which, and how dates and numbers are written."
        ),
    ),
    Saying(
        "None of the {count} rows can be imported. Line {line},: {reason}. Check which column is which, and how dates "
        "and numbers are written.",
        _(
            "None of the {count} rows can be imported. Line {line}: {reason}. Check which column is which, and how "
            "dates and numbers are written."
        ),
    ),
    Saying(
        "Column {column} counts as the total of the order, but by quantity × price it is the amount of each row: "
        "orders of several rows would count for too little. If so: --map line_total=COLUMN instead of total.",
        _(
            "Column {column} counts as the total of the order, but by quantity × price it is the amount of each row: "
            "orders of several rows would count for too little. Choose it below as the amount of the row instead."
        ),
    ),
    Saying(
        "{count} rows repeat another row of the file letter for letter, the first in line {line}; each of them counts. "
        "If the export has doubled them, take them out of the file.",
        _(
            "{count} rows repeat another row of the file letter for letter, the first in line {line}; each of them "
            "counts. If the export has doubled them, take them out of the file."
        ),
    ),
    Saying(
        "{same} of {looked} orders looked at seem to be here already under another number or shop: same customer, day "
        "and value, such as {new} and {known}. Imported, they count twice. Take the earlier import back first "
        "(stammkunde import list), or import only what is new; if they really are other orders, go on.",
        _(
            "{same} of {looked} orders looked at seem to be here already under another number or shop: same customer, "
            "day and value, such as {new} and {known}. Imported, they count twice. Take the earlier import back first "
            "(on its page), or hand in only what is new; if they really are other orders, go on."
        ),
    ),
    # Why a row is rejected
    Saying(_("order {order} names two customers: {one} and {other}")),
    Saying(_("order {order} did not come about: {status}")),
    Saying(_("belongs to order {order}, whose line {line} was rejected")),
    Saying(_("the row opens a quotation mark that is not closed")),
    Saying(_("the row has {count} cells instead of {width}")),
    Saying("the row has 1 cell instead of {width}", _("the row has a single cell instead of {width}")),
    Saying(_("the row tells no amount: neither total nor line total nor quantity and price")),
    Saying(_("is not a number, or too large a one")),
    Saying("the {field} is empty", _("is empty")),
    Saying("the {field} cannot be read", _("cannot be read")),
    Saying("the {field} is no date there ever was since 1970", _("is no date there ever was since 1970")),
    Saying("the {field} lies in the future", _("lies in the future")),
    Saying("the {field} is longer than 180 characters", _("is longer than 180 characters")),
    Saying("the {field} is another currency than the one to import", _("is another currency than the one to import")),
    Saying("the {field} says that no order came about", _("says that no order came about")),
    # Systems that export
    Saying(_("Shopify: orders")),
    Saying(_("WooCommerce: orders (WebToffee export)")),
    Saying(_("Square: items")),
    Saying(_("rakuten.de: orders")),
    Saying(_("Stripe: payments")),
    Saying(_("PayPal: activity")),
    Saying(_("GoCardless: payments")),
    Saying(_("The value of an order is its Subtotal: goods after discounts, without shipping.")),
    Saying(
        _(
            "The value of an order is order_total without shipping_total and tax_total. Products stand in columns side "
            "by side and are not taken over."
        )
    ),
    Saying(_("The value of a row is Net Sales: discounts are already taken off.")),
    Saying(_("Activities also hold fees, withdrawals and your own purchases: export received payments only.")),
    # Taking imports back
    Saying("Import {number} has been taken back already.", _("This import has been taken back already.")),
    Saying(
        "Import {number} was only tried out: it has written nothing.",
        _("This import was only tried out: it has written nothing."),
    ),
    Saying("Import {number} is being taken back already.", _("This import is being taken back already.")),
    Saying("Import {number} is not over yet: stop it first.", _("This import is not over yet: stop it first.")),
    Saying(
        "Of import {number} nothing is left to take back: it is from before imports could be, or later ones have "
        "replaced all of it.",
        _(
            "Nothing is left to take back: the import is from before that could be done, or later ones have replaced "
            "all of it."
        ),
    ),
    Saying("Import {number} has brought nothing new.", _("This import has brought nothing new.")),
    # A row's reason with its column in front
    Saying(_("{column}: {reason}")),
)
