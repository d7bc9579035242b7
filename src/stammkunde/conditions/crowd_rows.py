"""Keep what conditions ask of all customers in arrays: events by kind, attributes and traits by name, loaded once."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions.crowd_columns import Column, Flags, Truths, tested
from stammkunde.conditions.crowd_sources import Changes, FromMirror, Happened, Load, Source
from stammkunde.conditions.tree import LINE_ATTRIBUTES, LINED, And, Attribute, Condition, Events, Not, Or, Value
from stammkunde.conditions.walking import nodes
from stammkunde.kernel.money import SCALE

__all__ = ["Crowd", "Load", "Rows"]

_MOST_CHOSEN = 100
_NOBODY = -(2**62)


@dataclass(frozen=True)
class Rows:
    """Events in the order of time; `customer` is her place among all customers, `value` is in 1/10,000."""

    customer: NDArray[np.int32]
    at: NDArray[np.int64]
    day: NDArray[np.int32]
    value: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.at)

    def between(self, start: int, end: int) -> "Rows":
        """Return those between two moments, both included."""
        first, last = np.searchsorted(self.at, start), np.searchsorted(self.at, end, side="right")
        return self.cut(slice(int(first), max(int(first), int(last))))

    def cut(self, some: Any) -> "Rows":
        """Return some of the rows, in the same order."""
        return Rows(self.customer[some], self.at[some], self.day[some], self.value[some])


@dataclass
class _Kind:
    """The events of one kind, what their attributes say, and those that were asked for."""

    rows: Rows
    id: NDArray[Any]
    valued: Flags | None
    by_id: NDArray[Any] | None = None
    attributes: dict[str, Column] = field(default_factory=dict)
    lines: dict[tuple[str, ...], tuple[NDArray[np.int32], dict[str, Column]]] = field(default_factory=dict)
    chosen: dict[Events, Rows] = field(default_factory=dict)

    def places(self, events: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the places of events by their numbers; -1 where it is not one of these."""
        if self.by_id is None:
            self.by_id = np.argsort(self.id, kind="stable").astype(np.int32)
        numbers = self.id[self.by_id]
        found = np.searchsorted(numbers, events)
        found[found == len(numbers)] = 0
        if not len(numbers):
            return np.full(len(events), -1, np.int32)
        return np.where(numbers[found] == events, self.by_id[found], -1).astype(np.int32)


@dataclass
class _Trait:
    """The changes of one trait, in the order of time; the last row of its column is unknown."""

    place: NDArray[np.int32]
    at: NDArray[np.int64]
    column: Column
    latest: Column | None = None


class Crowd:
    """Some or all customers of a business, and what happened to them, ready for many questions.

    Made of a mirror's `arrays`, or of any other source. It keeps all it has loaded, so make a new one when the source
    changes. A million customers with ten million events take up to half a gigabyte.
    """

    def __init__(self, source: "Source | Load") -> None:
        self.source: Source = FromMirror(source) if callable(source) else source
        self.customers: NDArray[np.int64] = self.source.customers()
        self._kinds: dict[str, _Kind] = {}
        self._traits: dict[str, _Trait] = {}
        self.ever: dict[tuple[str, Events], NDArray[Any]] = {}
        first, last = (self.customers[0], self.customers[-1]) if self.size else (0, -1)
        self._first = int(first)
        self._dense = int(last) - int(first) + 1 == self.size

    @property
    def size(self) -> int:
        """Return how many customers there are."""
        return len(self.customers)

    def rows(self, events: Events) -> Rows:
        """Return the events of a kind, or those of them that satisfy what the selector asks."""
        kind = self._kind(events.kind)
        if events.where is None:
            return kind.rows
        found = kind.chosen.get(events)
        if found is None:
            if len(kind.chosen) >= _MOST_CHOSEN:
                self._forget(kind)
            found = kind.chosen[events] = kind.rows.cut(self._choose(events.where, events.kind, kind))
        return found

    def _forget(self, kind: _Kind) -> None:
        for events in kind.chosen:
            self.ever = {key: value for key, value in self.ever.items() if key[1] != events}
        kind.chosen.clear()

    def _kind(self, name: str) -> _Kind:
        if name not in self._kinds:
            self._kinds[name] = self._sorted(self.source.events(name))
        return self._kinds[name]

    def _sorted(self, found: Happened) -> _Kind:
        place, kept = self._places(found.customer)
        order = np.lexsort((found.id[kept], found.at[kept])) if kept is not None else np.lexsort((found.id, found.at))

        def of(values: NDArray[Any]) -> NDArray[Any]:
            return (values if kept is None else values[kept])[order]

        value, valued = of(found.value), None if found.valued is None else of(found.valued)
        if valued is not None and not valued.any():
            value = np.broadcast_to(np.float64(0), len(value))
        rows = Rows(place[order], of(found.at), of(found.day), value)
        return _Kind(rows, of(found.id), valued)

    def _choose(self, where: Condition, name: str, kind: _Kind) -> NDArray[Any]:
        """Return which events of a kind satisfy a question about each; of those with lines, any line may."""
        names = tuple(sorted(self._of_lines(where, name)))
        if not names:
            size = len(kind.rows)
            true = self._tested(where, lambda value: self._attribute(value, name, kind, None), size).true
            return np.flatnonzero(true)
        if names not in kind.lines:
            kind.lines[names] = self._lines(name, names, kind)
        row, columns = kind.lines[names]

        def read(value: Value) -> Column:
            found = columns.get(value.name) if isinstance(value, Attribute) else None
            return found if found is not None else self._attribute(value, name, kind, row)

        chosen = np.zeros(len(kind.rows), bool)
        chosen[row[self._tested(where, read, len(row)).true]] = True
        return np.flatnonzero(chosen)

    @staticmethod
    def _of_lines(where: Condition, kind: str) -> set[str]:
        asked = {node.name for node in nodes(where) if isinstance(node, Attribute)}
        return asked & set(LINE_ATTRIBUTES) if kind in LINED else set()

    def _lines(self, name: str, names: tuple[str, ...], kind: _Kind) -> tuple[NDArray[np.int32], dict[str, Column]]:
        """Return the event of each line, and what the line says; an event without lines has one that says nothing."""
        loaded = self.source.lines(name, names)
        row = kind.places(loaded.event)
        order = np.argsort(row, kind="stable")
        order = order[np.searchsorted(row[order], 0) :]
        bare = np.ones(len(kind.rows), bool)
        bare[row[order]] = False
        without = np.flatnonzero(bare)
        source = np.concatenate([order, np.full(len(without), -1)])
        size = len(loaded.event)
        columns = {one: column.open_ended(size).taken(source) for one, column in loaded.columns.items()}
        return np.concatenate([row[order], without]).astype(np.int32), columns

    def _attribute(self, value: Value, name: str, kind: _Kind, rows: NDArray[np.int32] | None) -> Column:
        assert isinstance(value, Attribute), "only attributes of events are asked here"
        if value.name not in kind.attributes:
            kind.attributes[value.name] = self._loaded(value.name, name, kind)
        found = kind.attributes[value.name]
        return found if rows is None else found.taken(rows)

    def _loaded(self, attribute: str, name: str, kind: _Kind) -> Column:
        if attribute == "value":
            return Column(number=kind.rows.value / SCALE, numbered=kind.valued)
        loaded = self.source.attribute(name, attribute)
        source = np.full(len(kind.rows), -1)
        place = kind.places(loaded.event)
        source[place[place >= 0]] = np.flatnonzero(place >= 0)
        return loaded.columns[attribute].open_ended(len(loaded.event)).taken(source)

    def _tested(self, where: Condition, read: Any, size: int) -> Truths:
        match where:
            case And():
                parts = [self._tested(part, read, size) for part in where.parts]
                true, false = np.ones(size, bool), np.zeros(size, bool)
                for part in parts:
                    true, false = true & part.true, false | part.false
                return Truths(true, true | false)
            case Or():
                parts = [self._tested(part, read, size) for part in where.parts]
                true, false = np.zeros(size, bool), np.ones(size, bool)
                for part in parts:
                    true, false = true | part.true, false & part.false
                return Truths(true, true | false)
            case Not():
                part = self._tested(where.part, read, size)
                return Truths(part.false, part.true | part.false)
            case _:
                return tested(where, read, size)  # type: ignore[arg-type]

    def trait(self, name: str, now: int) -> Column:
        """Return the latest values of a trait up to now, one per customer; the last values of all are kept."""
        if name not in self._traits:
            self._traits[name] = self._history(self.source.changes(name))
        found = self._traits[name]
        known = int(np.searchsorted(found.at, now, side="right"))
        if known < len(found.at):
            return self._latest(found, known)
        if found.latest is None:
            found.latest = self._latest(found, known)
        return found.latest

    def _history(self, changes: Changes) -> _Trait:
        place, kept = self._places(changes.customer)
        size = len(changes.at)
        if kept is None:
            return _Trait(place, changes.at, changes.column.open_ended(size))
        column = changes.column.taken(np.flatnonzero(kept))
        return _Trait(place, changes.at[kept], column.open_ended(len(place)))

    def _latest(self, trait: _Trait, known: int) -> Column:
        """Take of each customer the last of the rows that are known: what is written last stays."""
        row = np.full(self.size, -1, np.int32)
        row[trait.place[:known]] = np.arange(known, dtype=np.int32)
        return trait.column.taken(row)

    def _places(self, customers: NDArray[np.int64]) -> tuple[NDArray[np.int32], Flags | None]:
        """Return the places of customers among all, and which of them there are; None means each of them."""
        if self._dense:
            place = customers - self._first
            if not len(place) or (place.min() >= 0 and place.max() < self.size):
                return place.astype(np.int32), None
        place = np.searchsorted(self.customers, customers)
        kept = np.zeros(len(customers), bool)
        inside = place < self.size
        kept[inside] = self.customers[place[inside]] == customers[inside]
        return place[kept].astype(np.int32), None if kept.all() else kept
