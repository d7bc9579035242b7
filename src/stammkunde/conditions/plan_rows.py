"""Turn questions about single values into SQL: the same for rows of events and for rows of customers."""

import re
from collections.abc import Callable
from datetime import date

from stammkunde.conditions import fragments
from stammkunde.conditions.fragments import Column
from stammkunde.conditions.tokens import BadCondition
from stammkunde.conditions.tree import (
    LINE_ATTRIBUTES,
    LINE_MONEY,
    LINED,
    And,
    Arithmetic,
    Attribute,
    Bound,
    Comparison,
    Condition,
    Day,
    Events,
    Flag,
    Holds,
    Node,
    Not,
    Number,
    OneOf,
    Or,
    Text,
    TextTest,
    Value,
)
from stammkunde.conditions.walking import nodes

_NAME = re.compile(r"\w+")
_SPOKEN = re.compile(r"\$p\d+")
Bindable = str | float | int | bool | date


class Parameters:
    """The values of a query, bound by name; equal ones share a name."""

    def __init__(self) -> None:
        self.values: dict[str, Bindable] = {}
        self._names: dict[tuple[type, Bindable], str] = {}

    def bind(self, value: Bindable) -> str:
        """Return how the query speaks of the value."""
        name = self._names.setdefault((type(value), value), f"p{len(self._names)}")
        self.values[name] = value
        return fragments.parameter(name)

    def used(self, query: str) -> dict[str, Bindable]:
        """Return the values that the query speaks of; an engine refuses others."""
        spoken = set(_SPOKEN.findall(query))
        return {name: value for name, value in self.values.items() if fragments.parameter(name) in spoken}


def literal(parameters: Parameters, value: Number | Text | Flag | Day) -> Column:
    """Return a written value."""
    match value:
        case Number():
            return Column(number=f"CAST({parameters.bind(float(value.value))} AS DOUBLE)")
        case Text():
            return Column(text=f"CAST({parameters.bind(value.value)} AS VARCHAR)")
        case Flag():
            return Column(flag="TRUE" if value.value else "FALSE")
        case Day():
            return Column(day=f"DATE '{value.value.isoformat()}'")


def tested(
    condition: Comparison | OneOf | TextTest | Holds, parameters: Parameters, read: Callable[[Value], Column]
) -> str:
    """Return the SQL of a simple question about values, whose columns `read` finds."""
    match condition:
        case Comparison():
            return fragments.compare(condition.operator, read(condition.left), read(condition.right))
        case OneOf():
            columns = [literal(parameters, option) for option in condition.options]
            texts = [column.text for column in columns if column.text]
            numbers = [column.number for column in columns if column.number]
            return fragments.one_of(read(condition.value), texts, numbers)
        case TextTest():
            text, part = read(condition.value).text, literal(parameters, condition.part).text
            function = "starts_with" if condition.test == "starts with" else "contains"
            return f"{function}({text}, {part})" if text else fragments.UNKNOWN
        case Holds():
            return read(condition.value).flag or fragments.UNKNOWN


class RowReader:
    """Reads the `where` of a selector as SQL over a row of `events`, and of `lines` where it asks for one."""

    def __init__(self, parameters: Parameters, events: str, lines: str) -> None:
        self._parameters = parameters
        self._events = events
        self._lines = lines

    def where(self, events: Events) -> str:
        """Return what the selector asks of a row."""
        return self._truth(events.where, events.kind) if events.where else "TRUE"

    def attribute(self, kind: str, name: str) -> Column:
        """Return an attribute of an event, or of one of its lines."""
        if not _NAME.fullmatch(name):
            raise BadCondition(f"{name!r} is no name of an attribute.")
        if name == "value":
            return Column(number=fragments.money(f"{self._events}value"))
        if kind not in LINED or name not in LINE_ATTRIBUTES:
            return fragments.from_json(name, f"{self._events}attributes")
        if name in LINE_MONEY:
            return Column(number=fragments.money(self._lines + ("discount" if name == "line_discount" else name)))
        if name == "quantity":
            return Column(number=f"CAST({self._lines}quantity AS DOUBLE)")
        return Column(text=f"{self._lines}{name}")

    def _truth(self, where: Condition, kind: str) -> str:
        match where:
            case And():
                return fragments.joined("AND", [self._truth(part, kind) for part in where.parts])
            case Or():
                return fragments.joined("OR", [self._truth(part, kind) for part in where.parts])
            case Not():
                return f"(NOT {self._truth(where.part, kind)})"
            case Comparison() | OneOf() | TextTest() | Holds():
                return tested(where, self._parameters, lambda value: self._value(value, kind))
            case _:
                raise BadCondition("After `where` only attributes of the event can be asked.", where.place)

    def _value(self, value: Value, kind: str) -> Column:
        match value:
            case Attribute():
                return self.attribute(kind, value.name)
            case Number() | Text() | Flag() | Day():
                return literal(self._parameters, value)
            case Arithmetic():
                return fragments.reckon(value.sign, self._value(value.left, kind), self._value(value.right, kind))
            case Bound():
                raise unbound(value)
            case _:
                raise BadCondition("After `where` only attributes of the event can be asked.", value.place)


def unbound(value: Bound) -> BadCondition:
    """Return the error that says where `event.x` has a meaning."""
    return BadCondition(f"`{value.scope}.{value.name}` has a meaning inside a flow only.", value.place)


def asks_lines(events: Events) -> bool:
    """Tell whether a selector looks at lines."""
    return events.kind in LINED and any(_of_line(node) for node in nodes(events))


def _of_line(node: Node) -> bool:
    return isinstance(node, Attribute) and node.name in LINE_ATTRIBUTES
