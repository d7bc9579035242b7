"""Write down how a file is to be read: what was recognised, what people said, and what both fall back to."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from stammkunde.events.imports.amounts import Decimal
from stammkunde.events.imports.files import Kind
from stammkunde.events.imports.moments import Order
from stammkunde.events.imports.shape import Shape
from stammkunde.events.imports.vocabulary import EXPLAINING

NUMBERS = ("quantity", "unit_price", "line_total", "total", "discount", "shipping", "tax", "refunded")
NO_SHAPE = Shape(",", '"', "", 0, named=True, names=())


@dataclass(frozen=True)
class Plan:
    """Everything that decides what a file's rows mean; the same plan gives the same events, however often it is run.

    `columns` says at which place (from 0) each field stands, `decimals` which decimal sign a field is known to have.
    `total_contains` is taken off the stated total, `counted` is added to goods: shipping, tax. `notes` are what people
    should know about it.
    """

    file: Kind
    names: tuple[str, ...]
    columns: Mapping[str, int]
    time_zone: str
    shop: str
    encoding: str = "utf-8"
    shape: Shape = NO_SHAPE
    decimals: Mapping[str, Decimal] = field(default_factory=dict)
    usual_decimal: Decimal = "."
    dates: Order | None = None
    usual_dates: Order = "dmy"
    currency: str = ""
    usual_currency: str = "EUR"
    total_contains: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def numbers(self) -> list[str]:
        """Return the fields that hold numbers, in a fixed order."""
        return [name for name in NUMBERS if name in self.columns]

    @property
    def is_mended(self) -> bool:
        """Tell whether the file is one of our own rejects files that comes back."""
        return self.names[: len(EXPLAINING)] == EXPLAINING

    def has(self, *fields: str) -> bool:
        """Tell whether the file tells one of these fields."""
        return any(name in self.columns for name in fields)

    def as_json(self) -> dict[str, Any]:
        """Return the plan as JSON."""
        return {**asdict(self), "columns": dict(self.columns), "decimals": dict(self.decimals)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Plan":
        """Return the plan that was written as JSON."""
        shape = Shape(**{**data["shape"], "names": tuple(data["shape"]["names"])})
        lists = {name: tuple(data[name]) for name in ("names", "total_contains", "counted", "notes")}
        return cls(**{**data, **lists, "shape": shape})
