"""Ask how a file is to be read: which column is what, and how dates and numbers are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.accounts.audit import Json
from stammkunde.events.imports import FIELDS, PRESETS, Look
from stammkunde.workspace.import_messages import tell
from stammkunde.workspace.import_words import FIELD_HINTS, FIELD_TITLES, MAIN_FIELDS, OTHER_FIELDS, SURE

_PREFIX = "field_"
_OPTIONS = ("preset", "dates", "decimal", "currency", "shop")
_EXAMPLES = 3
DATES: dict[str, Promise] = {
    "": _("as the column itself shows"),
    "dmy": _("day first: 31.12.2026"),
    "mdy": _("month first: 12/31/2026"),
}
DECIMALS: dict[str, Promise] = {
    "": _("as the columns themselves show"),
    ",": _("decimal comma: 1.234,50"),
    ".": _("decimal point: 1,234.50"),
}


@dataclass(frozen=True)
class Asked:
    """What somebody said about a file: columns by place (#1 is the first, empty: none), and the other options."""

    columns: Mapping[str, str] = field(default_factory=dict)
    preset: str = ""
    dates: str = ""
    decimal: str = ""
    currency: str = ""
    shop: str = ""

    def options(self) -> dict[str, Any]:
        """Return what `imports.look` and `imports.create` need besides the columns."""
        return {
            "preset": self.preset or None,
            "dates": self.dates or None,
            "decimal": self.decimal or None,
            "currency": self.currency or None,
            "shop": self.shop or "shop",
        }

    def query(self) -> str:
        """Write the answers as an address carries them."""
        query = QueryDict(mutable=True)
        query.update({f"{_PREFIX}{name}": place for name, place in self.columns.items()})
        query.update({name: value for name in _OPTIONS if (value := getattr(self, name))})
        return query.urlencode()

    def detail(self) -> dict[str, Json]:
        """Return what is worth remembering in the audit log."""
        said: dict[str, Json] = {name: value for name in _OPTIONS if (value := getattr(self, name))}
        return said | {f"column {name}": place or "none" for name, place in self.columns.items()}


@dataclass(frozen=True)
class ColumnChoice:
    """One field with the column it is taken from, examples of its values, and how sure that is."""

    name: str
    title: str
    hint: str
    chosen: str
    examples: str
    sure: str
    sure_title: str
    why: str


def read_asked(data: QueryDict) -> Asked:
    """Return what an address or a form says; unknown words are left out."""
    sent = data.get("shown_preset", data.get("preset", "")) == data.get("preset", "")
    columns = {name: str(data[f"{_PREFIX}{name}"]) for name in FIELDS if f"{_PREFIX}{name}" in data}
    return Asked(
        columns=columns if sent else {},
        preset=data.get("preset", "") if data.get("preset", "") in PRESETS else "",
        dates=data.get("dates", "") if data.get("dates", "") in DATES else "",
        decimal=data.get("decimal", "") if data.get("decimal", "") in DECIMALS else "",
        currency=data.get("currency", "").strip().upper()[:3],
        shop=" ".join(data.get("shop", "").split())[:64],
    )


def corrections(asked: Asked, recognised: Look) -> Asked:
    """Keep of the columns in a form only those that differ from what is recognised without it."""
    places = {name: _place(column.place) for name, column in recognised.columns.items()}
    columns = {name: place for name, place in asked.columns.items() if place != places.get(name, "")}
    return Asked(columns, asked.preset, asked.dates, asked.decimal, asked.currency, asked.shop)


def column_choices(seen: Look) -> tuple[list[ColumnChoice], list[ColumnChoice]]:
    """Return the fields that matter most, and the others."""
    return [_choice(name, seen) for name in MAIN_FIELDS], [_choice(name, seen) for name in OTHER_FIELDS]


def file_columns(seen: Look) -> list[tuple[str, str]]:
    """Return the columns of the file by place, for a select."""
    return [(_place(place), name or _place(place)) for place, name in enumerate(seen.names)]


def _choice(name: str, seen: Look) -> ColumnChoice:
    column = seen.columns.get(name)
    return ColumnChoice(
        name=f"{_PREFIX}{name}",
        title=str(FIELD_TITLES[name]),
        hint=str(FIELD_HINTS.get(name, "")),
        chosen=_place(column.place) if column else "",
        examples=_examples(seen, column.place) if column else "",
        sure=column.sure if column else "",
        sure_title=str(SURE[column.sure]) if column else "",
        why=tell(column.why) if column else "",
    )


def _examples(seen: Look, place: int) -> str:
    cells = (row[place].strip() for row in seen.sample if place < len(row))
    return " · ".join(list(dict.fromkeys(cell[:40] for cell in cells if cell))[:_EXAMPLES])


def _place(place: int) -> str:
    return f"#{place + 1}"
