"""Keep what conditions ask of all customers in arrays: events by kind, traits by name, each loaded once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Load = Callable[..., dict[str, NDArray[Any]]]
Flags = NDArray[np.bool_]
_EVENTS = """SELECT customer, "at", value, day - DATE '1970-01-01' AS day FROM events
WHERE customer IS NOT NULL AND kind = $kind ORDER BY customer, "at", id"""
_TRAITS = """SELECT customer, "at", number, flag, coalesce(code, -1) AS code FROM traits
LEFT JOIN (SELECT text, row_number() OVER (ORDER BY text) - 1 AS code FROM
  (SELECT DISTINCT text FROM traits WHERE trait = $trait AND text IS NOT NULL) AS texts) AS dictionary USING (text)
WHERE trait = $trait ORDER BY customer, "at", event"""
_TEXTS = "SELECT DISTINCT text FROM traits WHERE trait = $trait AND text IS NOT NULL ORDER BY text"


@dataclass(frozen=True)
class Rows:
    """The events of one kind, sorted by customer and time; `customer` is her place among all customers."""

    customer: NDArray[np.int32]
    at: NDArray[np.int64]
    value: NDArray[np.float64]
    day: NDArray[np.int32]
    last_at: int

    def between(self, start: int, end: int) -> "slice | Flags":
        """Return which rows lie between two moments, both included."""
        inside: slice | Flags = slice(None)
        if start > -(2**62):
            inside = self.at >= start
        if end < self.last_at:
            until = self.at <= end
            inside = until if isinstance(inside, slice) else inside & until
        return inside


@dataclass(frozen=True)
class Traits:
    """The values of one trait as of a moment, one per customer; `code` is the place of a text in `texts`, or -1."""

    number: NDArray[np.float64]
    numbered: Flags
    true: Flags
    false: Flags
    code: NDArray[np.int64]
    texts: list[str]


class Crowd:
    """All customers of a business, and what happened to them, ready for many questions.

    `load` runs a query over the views of the mirror and returns its columns (`Mirror.arrays`); queries repeat until the
    mirror changes, so make a new crowd then.
    """

    def __init__(self, load: Load) -> None:
        self.load = load
        self.customers: NDArray[np.int64] = load("SELECT customer FROM customers_all ORDER BY customer")["customer"]
        self._rows: dict[str, Rows] = {}
        self._traits: dict[str, tuple[dict[str, NDArray[Any]], list[str]]] = {}

    @property
    def size(self) -> int:
        """Return how many customers there are."""
        return len(self.customers)

    def rows(self, kind: str) -> Rows:
        """Return the events of a kind."""
        if kind not in self._rows:
            found = self.load(_EVENTS, kind=kind)
            place, kept = self._places(found["customer"])
            at = np.ma.filled(found["at"])[kept]
            self._rows[kind] = Rows(
                place,
                at,
                np.ma.filled(found["value"], 0)[kept].astype(np.float64),
                np.ma.filled(found["day"])[kept].astype(np.int32),
                int(at.max()) if len(at) else 0,
            )
        return self._rows[kind]

    def traits(self, name: str, now: int) -> Traits:
        """Return the latest values of a trait up to now."""
        if name not in self._traits:
            texts = self.load(_TEXTS, trait=name)["text"]
            self._traits[name] = self.load(_TRAITS, trait=name), [str(text) for text in texts]
        found, words = self._traits[name]
        place, kept = self._places(found["customer"])
        known = kept & (np.ma.filled(found["at"]) <= now)
        row = np.full(self.size, -1)
        row[place if known.all() else self._places(found["customer"][known])[0]] = np.flatnonzero(known)
        return self._latest(found, row, words)

    @staticmethod
    def _latest(found: dict[str, NDArray[Any]], row: NDArray[np.int64], texts: list[str]) -> Traits:
        known = row >= 0
        safe = np.where(known, row, 0)

        def taken(column: Any, missing: Any) -> NDArray[Any]:
            filled = np.ma.filled(column, missing)
            return filled[safe] if len(filled) else np.full(len(row), missing)

        present = known & ~taken(np.ma.getmaskarray(found["flag"]), True)
        flag = taken(found["flag"], False).astype(bool)
        return Traits(
            taken(found["number"], 0.0).astype(np.float64),
            known & ~taken(np.ma.getmaskarray(found["number"]), True),
            present & flag,
            present & ~flag,
            np.where(known, taken(found["code"], -1), -1),
            texts,
        )

    def _places(self, customers: NDArray[Any]) -> tuple[NDArray[np.int32], Flags]:
        """Return the places of customers among all, and which of them there are."""
        wanted = np.ma.filled(customers)
        place = np.searchsorted(self.customers, wanted).astype(np.int32)
        kept = np.zeros(len(wanted), bool)
        inside = place < self.size
        kept[inside] = self.customers[place[inside]] == wanted[inside]
        return place[kept], kept
