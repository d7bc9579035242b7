"""Tell which clauses arrays answer; all others are asked of the columnar engine."""

from stammkunde.conditions.tree import (
    Aggregate,
    And,
    Arithmetic,
    Attribute,
    Comparison,
    Condition,
    DaysSince,
    Events,
    Exists,
    Flag,
    Holds,
    Not,
    Number,
    OneOf,
    Or,
    Selector,
    Sequence,
    Text,
    TextTest,
    Trait,
    Value,
)


def simple(clause: Condition) -> bool:
    """Tell whether arrays answer the clause."""
    match clause:
        case Exists():
            return _plain(clause.selector)
        case Sequence():
            same = clause.first.selector == clause.then.selector and not (clause.first.window or clause.then.window)
            return clause.then.none and same and _plain(clause.first.selector)
        case Comparison():
            return _valued(clause.left) and _valued(clause.right)
        case OneOf() | TextTest() | Holds():
            return isinstance(clause.value, Trait | Flag)
        case _:
            return False


def _valued(value: Value) -> bool:
    match value:
        case Number() | Text() | Flag() | Trait():
            return True
        case Aggregate(function="count"):
            return _plain(value.selector)
        case Aggregate(function="sum", attribute="value"):
            return _plain(value.selector)
        case DaysSince(moment=Aggregate(function="first" | "last", attribute=None) as moment):
            return _plain(moment.selector)
        case Arithmetic():
            return _valued(value.left) and _valued(value.right)
        case _:
            return False


def _plain(selector: Selector) -> bool:
    return isinstance(selector, Events) and (selector.where is None or _of_rows(selector.where))


def _of_rows(where: Condition) -> bool:
    match where:
        case And() | Or():
            return all(_of_rows(part) for part in where.parts)
        case Not():
            return _of_rows(where.part)
        case Comparison():
            return _of_row(where.left) and _of_row(where.right)
        case OneOf() | TextTest() | Holds():
            return isinstance(where.value, Attribute)
        case _:
            return False


def _of_row(value: Value) -> bool:
    if isinstance(value, Arithmetic):
        return _of_row(value.left) and _of_row(value.right)
    return isinstance(value, Number | Text | Flag | Attribute)
