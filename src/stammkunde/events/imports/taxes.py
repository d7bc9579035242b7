"""Tell whether the amounts that count are net or gross, as far as the columns say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from stammkunde.events.imports.columns import Column
from stammkunde.events.imports.presets import Preset
from stammkunde.events.imports.vocabulary import normal

Basis = Literal["net", "gross", ""]
_NET = ("netto", "net", "excl", "exkl", "ohnemwst", "ohneust", "beforetax")
_GROSS = ("brutto", "gross", "incl", "inkl", "mitmwst", "mitust", "withtax")


@dataclass(frozen=True)
class Value:
    """Which column decides what an order is worth, as which field, whether net or gross, and one of the other sort."""

    field: str
    column: str
    basis: Basis
    other: str


def value_of(columns: Mapping[str, Column], names: Sequence[str], preset: Preset | None) -> Value | None:
    """Return what the value of an order is taken from; nothing when the file does not tell it."""
    order = ("total", "line_total", "unit_price") if "order_id" in columns else ("line_total", "total", "unit_price")
    field = next((field for field in order if field in columns), None)
    if field is None:
        return None
    column = columns[field]
    basis = _basis(column.name)
    if preset and "tax" in preset.total_contains and "tax" in columns:
        basis = "net"
    used = {found.place for found in columns.values()}
    opposite = {"net": "gross", "gross": "net"}.get(basis)
    others = (name for place, name in enumerate(names) if place not in used and opposite and _basis(name) == opposite)
    return Value(field, column.name, basis, next(others, ""))


def _basis(name: str) -> Basis:
    plain = normal(name)
    if any(word in plain for word in _GROSS):
        return "gross"
    return "net" if any(word in plain for word in _NET) else ""
