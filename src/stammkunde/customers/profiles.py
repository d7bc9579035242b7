"""Take up what files tell of customers: names and addresses; what is known as of a later moment stays."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from babel import Locale
from django.db import connection

from stammkunde.customers.folding import followers
from stammkunde.customers.models import Customer
from stammkunde.kernel.batches import in_chunks

_CHUNK = 2_000
_NAME = ("given_name", "family_name")
_ADDRESS = ("street", "postcode", "city")
_FIELDS = (*_NAME, *_ADDRESS, "country")
_LENGTHS = {field.name: field.max_length for field in Customer._meta.concrete_fields}
_TITLES = frozenset({"herr", "frau", "hr", "fr", "mr", "mrs", "ms", "dr", "prof", "firma", "familie", "fam"})
_ALSO = {
    "d": "DE", "brd": "DE", "a": "AT", "ch": "CH", "uk": "GB", "great britain": "GB", "england": "GB", "eire": "IE",
    "usa": "US", "u.s.a.": "US", "holland": "NL", "czech republic": "CZ", "tschechische republik": "CZ", "rsa": "ZA",
    "uae": "AE",
}  # fmt: skip


class Profile(NamedTuple):
    """What is told of a customer as of a moment (µs since 1970); empty texts mean: not told."""

    customer: int
    at: int
    given_name: str = ""
    family_name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


def tell(profiles: Iterable[Profile]) -> list[Customer]:
    """Write what is told of these customers and return those who changed; call it inside a transaction.

    A name counts as a whole, and so does an address: the parts of two are never mixed. What was told as of a later
    moment stays.
    """
    changed: list[Customer] = []
    for chunk in in_chunks(profiles, _CHUNK):
        told = {profile.customer: profile for profile in sorted(chunk, key=lambda profile: profile.at)}
        customers = Customer.objects.select_for_update().filter(pk__in=told).order_by("pk")
        some = [customer for customer in customers if _take_up(customer, told[customer.pk])]
        _save(some)
        changed += some
    return changed


def split_name(whole: str) -> tuple[str, str]:
    """Return given and family name of a whole one.

    >>> split_name("Eva Maria Muster"), split_name("Muster, Eva"), split_name("Frau Dr. Eva Muster"), split_name("Cher")
    (('Eva Maria', 'Muster'), ('Eva', 'Muster'), ('Eva', 'Muster'), ('', 'Cher'))
    """
    before, comma, behind = whole.partition(",")
    if comma and behind.strip():
        return " ".join(behind.split()), " ".join(before.split())
    words = whole.replace(",", " ").split()
    while len(words) > 1 and words[0].rstrip(".").lower() in _TITLES:
        words.pop(0)
    return " ".join(words[:-1]), words[-1] if words else ""


def country_code(text: str) -> str:
    """Return the code of a country that is named in German, English or by its code; empty when there is none.

    >>> [country_code(name) for name in ("Deutschland", "united kingdom", "AT", "D", "Atlantis")]
    ['DE', 'GB', 'AT', 'DE', '']
    """
    name = " ".join(text.casefold().split())
    return _codes().get(name, "")


@cache
def _codes() -> dict[str, str]:
    codes = {}
    for language in ("fr", "en", "de"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                codes[name.casefold()] = codes[code.casefold()] = code
    return codes | _ALSO


def _take_up(customer: Customer, profile: Profile) -> bool:
    """Change the customer by what is told; say whether anything is different now."""
    if customer.told_at is not None and customer.told_at > profile.at:
        return False
    before = [getattr(customer, field) for field in _FIELDS]
    for group in (_NAME, _ADDRESS):
        if any(getattr(profile, field) for field in group):
            for field in group:
                setattr(customer, field, _fitting(field, getattr(profile, field)))
    customer.country = profile.country or customer.country
    if before == [getattr(customer, field) for field in _FIELDS]:
        return False
    customer.told_at, customer.invented = profile.at, False
    return True


def _save(customers: list[Customer]) -> None:
    """Write what may have changed, row by row in one call: a CASE for each row and column would take far longer."""
    names = {*_FIELDS, "told_at", "invented"}
    following = followers(Customer, names)
    columns = [field for field in Customer._meta.concrete_fields if field.name in names or field in following]
    rows = []
    for customer in customers:
        for field in following:
            field.pre_save(customer, add=False)
        rows.append(
            [*(field.get_db_prep_save(getattr(customer, field.name), connection) for field in columns), customer.pk]
        )
    told = ", ".join(f"{field.name} = %s" for field in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {Customer._meta.db_table} SET {told} WHERE id = %s", rows)


def _fitting(field: str, text: str) -> str:
    return text[: _LENGTHS[field]]
