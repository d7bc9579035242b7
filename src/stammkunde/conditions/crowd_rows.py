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
    """Events of one kind, sorted by customer and time; `customer` is her place among all customers."""

    customer: NDArray[np.int32]
    at: NDArray[np.int64]
    value: NDArray[np.float64]
    day: NDArray[np.int32]

    def between(self, start: int, end: int) -> "Rows":
        """Return those between two moments, both included."""
        inside = np.flatnonzero((self.at >= start) & (self.at <= end))
        if len(inside) == len(self.at):
            return self
        return Rows(self.customer[inside], self.at[inside], self.value[inside], self.day[inside])


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
        self._traits: dict[str, _History] = {}

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
            )
        return self._rows[kind]

    def traits(self, name: str, now: int) -> Traits:
        """Return the latest values of a trait up to now; the last values of all are kept."""
        if name not in self._traits:
            self._traits[name] = self._loaded(name)
        loaded = self._traits[name]
        if now >= loaded.last_at:
            if loaded.latest is None:
                loaded.latest = self._latest(loaded, np.arange(len(loaded.place)))
            return loaded.latest
        return self._latest(loaded, np.flatnonzero(loaded.columns["at"] <= now))

    def _loaded(self, name: str) -> "_History":
        found = self.load(_TRAITS, trait=name)
        place, kept = self._places(found["customer"])
        columns = {column: values[kept] for column, values in found.items()}
        texts = [str(text) for text in self.load(_TEXTS, trait=name)["text"]]
        at = np.ma.filled(columns["at"])
        return _History(place, columns, texts, int(at.max()) if len(at) else -(2**62))

    def _latest(self, history: "_History", known: NDArray[np.int64]) -> Traits:
        """Take of each customer the last of the rows that are known; what is written last stays."""
        row = np.full(self.size, -1)
        row[history.place[known]] = known
        return _values(history, row)

    def _places(self, customers: NDArray[Any]) -> tuple[NDArray[np.int32], Flags]:
        """Return the places of customers among all, and which of them there are."""
        wanted = np.ma.filled(customers)
        place = np.searchsorted(self.customers, wanted).astype(np.int32)
        kept = np.zeros(len(wanted), bool)
        inside = place < self.size
        kept[inside] = self.customers[place[inside]] == wanted[inside]
        return place[kept], kept


@dataclass
class _History:
    """The changes of one trait, sorted by customer and time."""

    place: NDArray[np.int32]
    columns: dict[str, NDArray[Any]]
    texts: list[str]
    last_at: int
    latest: Traits | None = None


def _values(history: _History, row: NDArray[np.int64]) -> Traits:
    """Return the values in these rows; those in row -1 are unknown."""
    known = row >= 0
    safe = np.where(known, row, 0)

    def taken(column: Any, missing: Any) -> NDArray[Any]:
        filled = np.ma.filled(column, missing)
        return filled[safe] if len(filled) else np.full(len(row), missing)

    number, flag = history.columns["number"], history.columns["flag"]
    present = known & ~taken(np.ma.getmaskarray(flag), True)
    told = taken(flag, False).astype(bool)
    return Traits(
        taken(number, 0.0).astype(np.float64),
        known & ~taken(np.ma.getmaskarray(number), True),
        present & told,
        present & ~told,
        np.where(known, taken(history.columns["code"], -1), -1),
        history.texts,
    )
