"""Write numbers, money, shares and days as the reader is used to seeing them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from stammkunde.kernel.money import from_e4
from stammkunde.kernel.periods import Period

NARROW_SPACE = "\u202f"
UNKNOWN = "–"
_LOCALES = {"de": Locale("de", "DE"), "en": Locale("en", "GB")}
_WHOLE_MONEY_FROM = 1000

Amount = int | float | Decimal


@dataclass(frozen=True)
class Quantity:
    """A number and the unit that stands behind it, apart, so that a page can set them in different sizes."""

    number: str
    unit: str

    def __str__(self) -> str:
        return f"{self.number}{NARROW_SPACE}{self.unit}" if self.unit else self.number


def reader_locale() -> Locale:
    """Return the conventions of the language that the reader has chosen."""
    return _LOCALES[(get_language() or "de")[:2]]


def number(value: Amount | None, digits: int = 0) -> str:
    """Write a number with that many decimal places: 2.140 or 2,4."""
    if value is None:
        return UNKNOWN
    places = "." + "0" * digits if digits else ""
    return str(format_decimal(_unsigned_zero(value, digits), format=f"#,##0{places}", locale=reader_locale()))


def percent(share: Amount | None, digits: int | None = None) -> str:
    """Write a share of one in per cent; below ten per cent with one decimal place unless told otherwise."""
    if share is None:
        return UNKNOWN
    return f"{_hundredths(share, digits)}{NARROW_SPACE}%"


def money(amount: Amount | None, currency: str, cents: bool | None = None) -> str:
    """Write money: whole numbers are 1/10,000 of the unit, others units; from 1,000 on without cents."""
    if amount is None:
        return UNKNOWN
    units = float(from_e4(amount) if isinstance(amount, int) else amount)
    with_cents = abs(units) < _WHOLE_MONEY_FROM if cents is None else cents
    places = 2 if with_cents else 0
    if not currency:
        return number(units, places)
    locale = reader_locale()
    pattern = locale.currency_formats["standard"].pattern
    written = format_currency(
        _unsigned_zero(units, places),
        currency,
        format=pattern if with_cents else pattern.replace(".00", ""),
        locale=locale,
        currency_digits=with_cents,
    )
    return str(written).replace("\xa0", NARROW_SPACE)


def day(value: date | datetime | None) -> str:
    """Write a day in full: 3. März 2026."""
    return str(format_date(_local_day(value), "long", locale=reader_locale())) if value else UNKNOWN


def day_short(value: date | datetime | None) -> str:
    """Write a day for tables: 03.03.2026."""
    return str(format_date(_local_day(value), "medium", locale=reader_locale())) if value else UNKNOWN


def day_of_year(value: date) -> str:
    """Write a day without its year, for narrow pictures: 3.3. or 3 Mar."""
    return str(format_skeleton("MMMd" if reader_locale().language == "en" else "Md", value, locale=reader_locale()))


def moment(value: datetime | None) -> str:
    """Write a moment in the business's time zone: 03.03.2026, 14:05."""
    if value is None:
        return UNKNOWN
    local = timezone.localtime(value)
    return f"{day_short(local)}, {format_time(local.time(), 'short', locale=reader_locale())}"


def month(value: date) -> str:
    """Write a month: März 2026."""
    return str(format_skeleton("yMMMM", value, locale=reader_locale()))


def ago(value: date, *, today: date) -> str:
    """Say how long ago a day was: today, 3 days ago, 2 months ago."""
    if value == today:
        return gettext("today")
    return str(format_timedelta(value - today, granularity="day", add_direction=True, locale=reader_locale()))


def period(value: Period) -> str:
    """Name a period as people do: März 2026, 2. Quartal 2026, or its first and last day."""
    unit = value.whole_unit()
    if unit == "year":
        return str(value.start.year)
    if unit == "half":
        half = gettext("first half of %(year)s") if value.start.month == 1 else gettext("second half of %(year)s")
        return half % {"year": value.start.year}
    if unit == "quarter":
        return str(format_date(value.start, "QQQQ y", locale=reader_locale()))
    if unit == "month":
        return month(value.start)
    last = date.fromordinal(value.end.toordinal() - 1)
    if last == value.start:
        return day(last)
    return gettext("%(first)s to %(last)s") % {"first": day(value.start), "last": day(last)}


def quantity(value: Amount | None, unit: str, *, currency: str = "") -> Quantity:
    """Write a figure's value with its unit; money comes in currency units here."""
    if value is None:
        return Quantity(gettext("unknown"), "")
    if unit == "share":
        return Quantity(_hundredths(value, None), "%")
    if unit == "money":
        return Quantity(money(float(value), currency), "")
    if unit == "ratio":
        return Quantity(number(value, 1), "×")
    return Quantity(number(value, 0 if _is_whole(value) else 1), _noun(unit, value))


def interval(low: Amount, high: Amount, unit: str, *, currency: str = "") -> str:
    """Write the range in which a figure surely lies: 60–64 %."""
    if unit == "share":
        digits = 0 if float(high) - float(low) >= 0.01 else 1
        return f"{_hundredths(low, digits)}–{_hundredths(high, digits)}{NARROW_SPACE}%"
    return f"{quantity(low, unit, currency=currency).number}–{quantity(high, unit, currency=currency)}"


def _hundredths(share: Amount, digits: int | None) -> str:
    value = float(share) * 100
    if digits is None:
        digits = 0 if abs(value) >= 9.95 or value == 0 else 1
    return number(value, digits)


def _unsigned_zero(value: Amount, digits: int) -> Amount:
    return 0 if round(value, digits) == 0 else value


def _is_whole(value: Amount) -> bool:
    return float(value).is_integer()


def _noun(unit: str, value: Amount) -> str:
    count = round(float(value)) if _is_whole(value) else 2
    nouns = {
        "customers": ngettext("customer", "customers", count),
        "orders": ngettext("order", "orders", count),
        "days": ngettext("day", "days", count),
    }
    return nouns.get(unit, "")


def _local_day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
