"""List the events that selectors name, each once with all the selectors it satisfies: one pass for a whole map."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from stammkunde.conditions.fragments import Column, from_json
from stammkunde.conditions.plan_rows import Bindable, Parameters, RowReader, asks_lines
from stammkunde.conditions.tree import (
    LINE_ATTRIBUTES,
    LINED,
    Attribute,
    Comparison,
    Events,
    Holds,
    OneOf,
    TextTest,
)
from stammkunde.conditions.walking import nodes

BITS = 30
_GIVEN_BACK = "('order.returned', 'order.cancelled')"


@dataclass(frozen=True)
class Marks:
    """A query over the views events and lines: customer, id, at, value, and the columns that hold the marks.

    `bits` says in which column, and by which bit, an event is marked that the selector names. Money given back counts
    negative; an event without money has 0. The rows come in the order of the mirror, mostly by customer and moment.
    """

    sql: str
    columns: tuple[str, ...]
    bits: Mapping[Events, tuple[str, int]]
    parameters: Mapping[str, Bindable]


def marked(selectors: Iterable[Events]) -> Marks:
    """Return the query that lists every event that one of the selectors names, whenever it is."""
    several = list(dict.fromkeys(selectors))
    bits = {events: (f"m{number // BITS}", 1 << number % BITS) for number, events in enumerate(several)}
    columns = tuple(dict.fromkeys(column for column, _ in bits.values()))
    parameters = Parameters()
    kinds = _any_of(parameters, several)
    lined = [events for events in several if asks_lines(events)]
    reader = _AttributesOnce(parameters, "", "")
    own = [_marks(parameters, reader, [one for one in several if one not in lined], bits, column) for column in columns]
    sums = ", ".join(
        f"{mask}{f' + coalesce(lined.{column}, 0)' if lined else ''} AS {column}"
        for mask, column in zip(own, columns, strict=True)
    )
    rows = f"({reader.source(kinds, ' '.join(own))}) AS rows"
    join = f" LEFT JOIN ({_of_lines(parameters, lined, bits, columns)}) AS lined ON lined.event = rows.id"
    some = " OR ".join(f"{column} <> 0" for column in columns)
    sort = "USMALLINT" if len(several) <= 16 else "UINTEGER"
    typed = ", ".join(f"CAST({column} AS {sort}) AS {column}" for column in columns)
    value = f"CASE WHEN kind IN {_GIVEN_BACK} THEN -abs(value) ELSE value END"
    sql = (
        f'SELECT customer, id, "at", coalesce({value}, 0) AS value, {typed} FROM '
        f'(SELECT customer, id, "at", kind, value, {sums} FROM {rows}{join if lined else ""}) AS summed WHERE {some}'
    )
    return Marks(sql, columns, bits, parameters.used(sql))


class _AttributesOnce(RowReader):
    """Reads attributes from columns, so that the JSON of an event is read once, however many selectors ask."""

    def __init__(self, parameters: Parameters, events: str, lines: str) -> None:
        super().__init__(parameters, events, lines)
        self._kinds: dict[str, set[str]] = {}

    def attribute(self, kind: str, name: str) -> Column:
        """Return an attribute of an event."""
        found = super().attribute(kind, name)
        if name == "value":
            return found
        self._kinds.setdefault(name, set()).add(kind)
        number = list(self._kinds).index(name)
        return Column(number=f"a{number}n", text=f"a{number}t", flag=f"a{number}f")

    def source(self, kinds: str, asking: str) -> str:
        """Return the query for the rows of these kinds, with the attributes as far as `asking` asks."""
        asked = set(re.findall(r"\ba\d+[ntf]\b", asking))
        forms = []
        for number, (name, of_kinds) in enumerate(self._kinds.items()):
            column, some = from_json(name), _any_of(self._parameters, map(Events, of_kinds))
            sources = {"n": column.number, "t": column.text, "f": column.flag}
            forms += [
                f", CASE WHEN {some} THEN {sql} END AS a{number}{form}"
                for form, sql in sources.items()
                if f"a{number}{form}" in asked
            ]
        columns = 'customer, id, "at", kind, value'
        return f"SELECT {columns}{''.join(forms)} FROM events WHERE customer IS NOT NULL AND {kinds}"


def _marks(
    parameters: Parameters,
    reader: RowReader,
    several: list[Events],
    bits: Mapping[Events, tuple[str, int]],
    column: str,
    kind: str = "kind",
) -> str:
    """Return the sum of the bits of those selectors that name a row; each kind looks at its own only."""
    branches = []
    chosen = sorted((events for events in several if bits[events][0] == column), key=lambda events: events.kind)
    for name, group in groupby(chosen, key=lambda events: events.kind):
        found = [
            f"CASE WHEN {reader.where(events)} THEN {bits[events][1]} ELSE 0 END"
            if events.where
            else str(bits[events][1])
            for events in group
        ]
        branches.append(f"WHEN {parameters.bind(name)} THEN {' + '.join(found)}")
    return f"CASE {kind} {' '.join(branches)} ELSE 0 END" if branches else "0"


def _of_lines(
    parameters: Parameters, lined: list[Events], bits: Mapping[Events, tuple[str, int]], columns: tuple[str, ...]
) -> str:
    """Return the query for the events some line of which a selector asks for: event, and the marks."""
    if not lined:
        return ""
    pure = all(map(_lines_only, lined))
    source = "l" if pure else "e"
    reader = RowReader(parameters, "e.", "l.")
    masks = ", ".join(
        f"bit_or({_marks(parameters, reader, lined, bits, column, f'{source}.kind')}) AS {column}" for column in columns
    )
    event = "l.event" if pure else "e.id"
    rows = "lines AS l" if pure else "events AS e LEFT JOIN lines AS l ON l.event = e.id"
    return (
        f"SELECT {event} AS event, {masks} FROM {rows} WHERE {_any_of(parameters, lined, f'{source}.')} "
        f"GROUP BY {event} HAVING {' OR '.join(f'{column} <> 0' for column in columns)}"
    )


def _lines_only(events: Events) -> bool:
    """Tell whether each question of the selector is about its lines: then an event without any is never named."""
    leaves = [node for node in nodes(events) if isinstance(node, Comparison | OneOf | TextTest | Holds)]
    asked = [[one.name for one in nodes(leaf) if isinstance(one, Attribute)] for leaf in leaves]
    return events.kind in LINED and all(names and set(names) <= set(LINE_ATTRIBUTES) for names in asked)


def _any_of(parameters: Parameters, several: Iterable[Events], prefix: str = "") -> str:
    """Ask for one of several kinds; an IN would be a join, after which the rows are no longer in order."""
    kinds = sorted({events.kind for events in several})
    tests = [f"{prefix}kind = {parameters.bind(kind)}" for kind in kinds]
    return f"({' OR '.join(tests)})" if tests else "FALSE"
