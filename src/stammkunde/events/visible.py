"""Say what conditions may ask of an event: nothing personal, nothing that names only this event."""

from collections.abc import Mapping
from typing import Any

from stammkunde.conditions.tree import LINED
from stammkunde.events.kinds import KINDS
from stammkunde.metrics.attributes import Kept

# What bringers of custom kinds usually call things that belong to a person.
PERSONAL_NAMES = frozenset(
    "name first_name last_name given_name family_name full_name firstname lastname surname vorname nachname "
    "email e_mail mail email_address phone phone_number telephone mobile telefon handy fax "
    "street address address1 address2 strasse straße adresse house_number hausnummer "
    "ip ip_address iban bic card_number birthday birth_date date_of_birth geburtstag geburtsdatum "
    "user_agent password token note notes comment message_text text".split()
)
_LINE_COLUMNS = ("product", "category", "quantity", "unit_price", "line_total", "discount")


def kept() -> Kept:
    """Return what the mirror keeps: of known kinds what they declare, of custom ones all single values but names."""
    of_kind = {kind.name: tuple(sorted(_open(kind.name))) for kind in KINDS.values()}
    return Kept(of_kind, PERSONAL_NAMES)


def visible(kind: str, attributes: object) -> dict[str, Any]:
    """Return the attributes of one event that conditions may ask for: the same that the mirror has."""
    if not isinstance(attributes, Mapping):
        return {}
    known = _open(kind) if kind in KINDS else None
    shown: dict[str, Any] = {
        name: value
        for name, value in attributes.items()
        if isinstance(value, str | int | float)
        and (name in known if known is not None else name.lower() not in PERSONAL_NAMES)
        and name != "lines"
    }
    if kind in LINED and isinstance(attributes.get("lines"), list):
        shown["lines"] = [_line(line) for line in attributes["lines"] if isinstance(line, dict)]
    return shown


def _open(kind: str) -> frozenset[str]:
    known = KINDS[kind]
    return frozenset(known.attributes) - known.private - {"lines"}


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: line[name] for name in _LINE_COLUMNS if name in line}
