"""Bring the columns that a crowd asks for: out of the mirror, or from wherever else they are."""

from collections.abc import Callable
from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions.crowd_columns import Column, Truths
from stammkunde.conditions.plan import planned
from stammkunde.conditions.plan_rows import Parameters, RowReader
from stammkunde.conditions.tree import Condition

Load = Callable[..., dict[str, NDArray[Any]]]
_EVENTS = """SELECT customer, id, "at", value, (day - DATE '1970-01-01')::INTEGER AS day FROM events
WHERE customer IS NOT NULL AND kind = $kind"""


@dataclass(frozen=True)
class Happened:
    """The events of one kind, in any order; `value` is in 1/10,000, `day` counts from 1970-01-01.

    `valued` says where there is a value; None means everywhere.
    """

    customer: NDArray[np.int64]
    id: NDArray[np.int64]
    at: NDArray[np.int64]
    day: NDArray[np.int32]
    value: NDArray[np.float64]
    valued: NDArray[np.bool_] | None


@dataclass(frozen=True)
class Named:
    """Columns by name, one value for each of the events with these numbers, in any order."""

    event: NDArray[np.int64]
    columns: dict[str, Column]


@dataclass(frozen=True)
class Changes:
    """What became known of customers by one trait, in the order of time."""

    customer: NDArray[np.int64]
    at: NDArray[np.int64]
    column: Column


class Source(Protocol):
    """Where the columns come from."""

    def customers(self) -> NDArray[np.int64]:
        """Return the numbers of all customers, sorted."""

    def events(self, kind: str) -> Happened:
        """Return the events of a kind."""

    def attribute(self, kind: str, name: str) -> Named:
        """Return an attribute of the events of a kind."""

    def lines(self, kind: str, names: Several[str]) -> Named:
        """Return attributes of the lines of a kind's events, a value for each line."""

    def changes(self, trait: str) -> Changes:
        """Return the history of a trait."""

    def answers(self, clauses: Several[Condition], now: datetime, zone: ZoneInfo) -> list[Truths]:
        """Answer clauses that columns do not, for each customer in their order."""


class FromMirror:
    """Columns out of the views of a mirror; `load` runs a query and returns its columns (`Mirror.arrays`)."""

    def __init__(self, load: Load) -> None:
        self._load = load

    def customers(self) -> NDArray[np.int64]:
        """Return the numbers of all customers, sorted."""
        return np.sort(np.ma.filled(self._load("SELECT customer FROM customers_all")["customer"]))

    def events(self, kind: str) -> Happened:
        """Return the events of a kind."""
        found = self._load(_EVENTS, kind=kind)
        missing = np.ma.getmaskarray(found["value"])
        customer, event, at, day = (np.ma.filled(found[name]) for name in ("customer", "id", "at", "day"))
        valued = ~missing if missing.any() else None
        return Happened(customer, event, at, day, np.ma.filled(found["value"], 0).astype(np.float64), valued)

    def attribute(self, kind: str, name: str) -> Named:
        """Return an attribute of the events of a kind."""
        parameters = Parameters()
        sql = RowReader(parameters, "", "").attribute(kind, name)
        rows = f"FROM events WHERE customer IS NOT NULL AND kind = {parameters.bind(kind)}"
        columns = f"id, {sql.number} AS number, {sql.text} AS text, {sql.flag} AS flag"
        found = self._coded(f"SELECT {columns} {rows}", ["text"], parameters.values)
        return Named(np.ma.filled(found["id"]), {name: _column(found, "number", "text", "flag")})

    def lines(self, kind: str, names: Several[str]) -> Named:
        """Return attributes of the lines of a kind's events, a value for each line."""
        parameters = Parameters()
        reader = RowReader(parameters, "", "")
        read = {name: reader.attribute(kind, name) for name in names}
        texts = [name for name in names if read[name].text]
        columns = ", ".join(f"{one.text or one.number} AS {name}" for name, one in read.items())
        query = f"SELECT event, {columns} FROM lines WHERE kind = {parameters.bind(kind)}"
        found = self._coded(query, texts, parameters.values)
        parts = {name: (None, name) if name in texts else (name, None) for name in names}
        columns_of = {name: _column(found, number, text, None) for name, (number, text) in parts.items()}
        return Named(np.ma.filled(found["event"]), columns_of)

    def changes(self, trait: str) -> Changes:
        """Return the history of a trait."""
        query = 'SELECT customer, event, "at", number, text, flag FROM traits WHERE trait = $trait'
        found = self._coded(query, ["text"], {"trait": trait})
        customer, event, at = (np.ma.filled(found[name]) for name in ("customer", "event", "at"))
        order = np.lexsort((event, at))
        column = _column(found, "number", "text", "flag")
        return Changes(customer[order], at[order], column.taken(order))

    def answers(self, clauses: Several[Condition], now: datetime, zone: ZoneInfo) -> list[Truths]:
        """Answer clauses that columns do not, in one query."""
        plan = planned(clauses, now=now, zone=zone)
        rows = self._load(f"SELECT * FROM ({plan.sql}) AS asked ORDER BY customer", **plan.parameters)
        found = []
        for name in plan.columns:
            known, true = ~np.ma.getmaskarray(rows[name]), np.ma.filled(rows[name], False).astype(bool)
            found.append(Truths(known & true, known))
        return found

    def _coded(self, query: str, texts: Several[str], parameters: dict[str, Any]) -> dict[str, Any]:
        """Run the query, with texts replaced by their codes; under `codes` is what they mean, by column."""
        codes: dict[str, dict[str, int]] = {}
        kept, joins = "", ""
        for name in texts:
            words = f"SELECT DISTINCT {name} AS word FROM ({query}) AS rows WHERE {name} IS NOT NULL"
            found = np.ma.filled(self._load(f"{words} ORDER BY word", **parameters)["word"])
            codes[name] = {str(word): code for code, word in enumerate(found)}
            numbered = f"SELECT word, (row_number() OVER (ORDER BY word) - 1)::INTEGER AS code FROM ({words}) AS words"
            joins += f" LEFT JOIN ({numbered}) AS of_{name} ON of_{name}.word = rows.{name}"
            kept += f"{', ' if kept else ''}coalesce(of_{name}.code, -1) AS {name}"
        replaced = f"rows.* REPLACE ({kept})" if kept else "rows.*"
        rows = self._load(f"SELECT {replaced} FROM ({query}) AS rows{joins}", **parameters)
        return {**rows, "codes": codes}


def _column(found: dict[str, Any], number: str | None, text: str | None, flag: str | None) -> Column:
    """Return a column out of what was loaded; what is unknown everywhere is left out."""
    numbers = numbered = None
    if number is not None:
        numbered = ~np.ma.getmaskarray(found[number])
        numbers = np.ma.filled(found[number], 0).astype(np.float64)
        numbered &= np.isfinite(numbers)
    flags = None
    if flag is not None:
        known = ~np.ma.getmaskarray(found[flag])
        flags = np.where(known, np.ma.filled(found[flag], False).astype(np.int8), np.int8(-1)).astype(np.int8)
    codes = found["codes"][text] if text is not None else {}
    return Column(
        numbers if numbered is not None and numbered.any() else None,
        None if numbered is None or numbered.all() else numbered,
        np.ma.filled(found[text]) if text is not None and codes else None,
        codes,
        flags if flags is not None and (flags >= 0).any() else None,
    )
