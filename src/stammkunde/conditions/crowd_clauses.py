"""Tell which clauses arrays answer; all others are asked of the columnar engine."""

from stammkunde.conditions.tree import (
    Aggregate,
    Arithmetic,
    Comparison,
    Condition,
    DaysSince,
    Events,
    Exists,
    Flag,
    Holds,
    Number,
    OneOf,
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
        case Comparison(left=Trait(), right=Text() | Flag()):
            return clause.operator in ("=", "!=")
        case Comparison():
            both_known = isinstance(clause.left, Trait) and isinstance(clause.right, Trait)
            return _numeric(clause.left) and _numeric(clause.right) and not both_known
        case OneOf() | TextTest():
            return isinstance(clause.value, Trait)
        case Holds():
            return isinstance(clause.value, Trait | Flag)
        case _:
            return False


def _numeric(value: Value) -> bool:
    match value:
        case Number() | Trait():
            return True
        case Aggregate(function="count"):
            return _plain(value.selector)
        case Aggregate(function="sum", attribute="value"):
            return _plain(value.selector)
        case DaysSince(moment=Aggregate(function="first" | "last") as moment):
            return _plain(moment.selector)
        case Arithmetic():
            return _numeric(value.left) and _numeric(value.right)
        case _:
            return False


def _plain(selector: Selector) -> bool:
    return isinstance(selector, Events) and selector.where is None
