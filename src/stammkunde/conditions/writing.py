"""Write a condition as text: one normal form, which reads back as the same tree."""

from decimal import Decimal

from stammkunde.conditions.local_clock import Duration
from stammkunde.conditions.tokens import quoted
from stammkunde.conditions.tree import (
    COMPUTED,
    INTEREST,
    Aggregate,
    And,
    Anniversary,
    Arithmetic,
    Attribute,
    Between,
    Bound,
    Comparison,
    Consent,
    Day,
    DaysSince,
    Events,
    Exists,
    Flag,
    Goal,
    Holds,
    InSegment,
    Last,
    MedianGap,
    Node,
    Not,
    Nth,
    Number,
    OneOf,
    Or,
    Selector,
    Sequence,
    Text,
    TextTest,
    Trait,
    Value,
    Window,
)


def written(tree: Node | Goal) -> str:
    """Return the text of a condition, selector, value or goal in its normal form."""
    match tree:
        case Goal():
            return _selector(tree.selector) + (f" within {duration_text(tree.within)}" if tree.within else "")
        case Events() | Nth():
            return _selector(tree)
        case And() | Or() | Not() | Comparison() | OneOf() | TextTest() | Holds():
            return _joined(tree)
        case Exists() | Sequence() | InSegment() | Consent() | Anniversary():
            return _question(tree)
        case _:
            return _value(tree)


def duration_text(duration: Duration) -> str:
    """Return a length of time in words: `1 day`, `60 days`."""
    return f"{duration.amount} {duration.unit}{'' if duration.amount == 1 else 's'}"


def _joined(tree: And | Or | Not | Comparison | OneOf | TextTest | Holds) -> str:
    match tree:
        case Or():
            return " or ".join(map(written, tree.parts))
        case And():
            return " and ".join(f"({written(part)})" if isinstance(part, Or) else written(part) for part in tree.parts)
        case Not():
            inside = written(tree.part)
            return f"not ({inside})" if isinstance(tree.part, And | Or) else f"not {inside}"
        case Comparison():
            return f"{_value(tree.left)} {tree.operator} {_value(tree.right)}"
        case OneOf():
            return f"{_value(tree.value)} in ({', '.join(map(_value, tree.options))})"
        case TextTest():
            return f"{_value(tree.value)} {tree.test} {_value(tree.part)}"
        case Holds():
            return _value(tree.value)


def _question(tree: Exists | Sequence | InSegment | Consent | Anniversary) -> str:
    match tree:
        case Exists():
            return f"{'none' if tree.none else 'any'}({_selector(tree.selector)}{_window(tree.window)})"
        case Sequence():
            word = "for" if tree.then.none else "within"
            limit = f" {word} {duration_text(tree.limit)}" if tree.limit else ""
            return f"{written(tree.first)} then {written(tree.then)}{limit}"
        case InSegment():
            return f"in segment({quoted(tree.name)})"
        case Consent():
            channel = f", {quoted(tree.channel)}" if tree.channel is not None else ""
            return f"consent({quoted(tree.purpose)}{channel})"
        case Anniversary():
            return f"anniversary({_value(tree.moment)}) within {duration_text(Duration(tree.days, 'day'))}"


def _value(value: Value) -> str:
    match value:
        case Number() | Text() | Flag() | Day():
            return _literal(value)
        case Trait():
            return _trait(value.name)
        case Attribute():
            return value.name
        case Bound():
            return f"{value.scope}.{value.name}"
        case Arithmetic():
            return _arithmetic(value)
        case DaysSince():
            return f"days since {_value(value.moment)}"
        case MedianGap():
            return f"median gap({_selector(value.selector)}{_window(value.window)})"
        case Aggregate():
            return _aggregate(value)


def _literal(value: Number | Text | Flag | Day) -> str:
    match value:
        case Number():
            return number_text(value.value)
        case Text():
            return quoted(value.value)
        case Flag():
            return "true" if value.value else "false"
        case Day():
            return value.value.isoformat()


def number_text(number: float) -> str:
    """Return a number without exponent: `20`, `0.3`."""
    return f"{Decimal(repr(number + 0.0)).normalize():f}"


def _trait(name: str) -> str:
    if name.startswith(INTEREST):
        return f"interest({quoted(name.removeprefix(INTEREST))})"
    return name if name in COMPUTED else f"customer.{name}"


def _arithmetic(value: Arithmetic) -> str:
    weak = value.sign in ("+", "-")
    left, right = _value(value.left), _value(value.right)
    if isinstance(value.left, Arithmetic) and value.left.sign in ("+", "-") and not weak:
        left = f"({left})"
    if isinstance(value.right, Arithmetic) and (not weak or value.right.sign in ("+", "-")):
        right = f"({right})"
    return f"{left} {value.sign} {right}"


def _aggregate(value: Aggregate) -> str:
    which = f", {value.n}" if value.function == "nth" else ""
    return f"{value.function}({_selector(value.selector, value.attribute)}{which}{_window(value.window)})"


def _selector(selector: Selector, attribute: str | None = None) -> str:
    if isinstance(selector, Nth):
        return f"nth({_selector(selector.events)}, {selector.n})"
    name = f"{selector.kind}.{attribute}" if attribute else selector.kind
    return f"{name} where {written(selector.where)}" if selector.where else name


def _window(window: Window) -> str:
    match window:
        case Last():
            return f", last {duration_text(window.duration)}"
        case Between():
            return f", between {window.first} and {window.last}"
        case None:
            return ""
