"""Say what a condition is made of: an immutable tree whose nodes compare by what they mean."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from stammkunde.conditions.local_clock import Duration

Operator = Literal["=", "!=", "<", "<=", ">", ">="]
Sign = Literal["+", "-", "*", "/"]
Function = Literal["count", "sum", "avg", "min", "max", "first", "last", "nth", "distinct"]
OPERATORS: tuple[Operator, ...] = ("<=", ">=", "!=", "=", "<", ">")
# What the product itself works out about a customer; written without `customer.` in front.
COMPUTED = (
    "clv",
    "churn_risk",
    "tier",
    "points",
    "recency_score",
    "frequency_score",
    "monetary_score",
    "rfm_group",
    "lifetime_status",
)
INTEREST = "interest."
# Kinds whose events have lines, and the attributes that belong to a line rather than to the event.
LINED = ("order.placed", "order.returned", "order.cancelled")
LINE_MONEY = ("unit_price", "line_total", "line_discount")
LINE_ATTRIBUTES = ("product", "category", "quantity", *LINE_MONEY)


@dataclass(frozen=True)
class Place:
    """Where in the text something stands; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Last:
    """The window of the last so much time, up to now."""

    duration: Duration


@dataclass(frozen=True)
class Between:
    """The window from one day to another; both belong to it."""

    first: date
    last: date


Window: TypeAlias = Last | Between | None


@dataclass(frozen=True)
class Events:
    """The events of one kind, perhaps only those whose attributes satisfy a condition."""

    kind: str
    where: "Condition | None" = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Nth:
    """The n-th of a customer's events, counted from her first."""

    events: Events
    n: int
    place: Place | None = field(default=None, compare=False, repr=False)


Selector: TypeAlias = Events | Nth


@dataclass(frozen=True)
class Number:
    """A number as written."""

    value: float
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Text:
    """A text in quotes."""

    value: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Flag:
    """`true` or `false`."""

    value: bool
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Day:
    """A calendar day."""

    value: date
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Trait:
    """What is known of a customer: her city, her tier, her interest in a topic."""

    name: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Attribute:
    """What is known of an event, or of one of its lines; only after `where`."""

    name: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Bound:
    """An attribute of the event that started a run (`start`) or moved it (`event`)."""

    scope: Literal["event", "start"]
    name: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Aggregate:
    """A figure over events: how many, the sum of an attribute, the last of them."""

    function: Function
    selector: Selector
    attribute: str | None = None
    window: Window = None
    n: int = 0
    place: Place | None = field(default=None, compare=False, repr=False)

    @property
    def is_moment(self) -> bool:
        """Tell whether this is an event's day, not a number or one of its attributes."""
        return self.function in ("first", "last", "nth") and self.attribute is None


@dataclass(frozen=True)
class DaysSince:
    """How many calendar days ago an event was."""

    moment: "Aggregate | Trait"
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class MedianGap:
    """The usual number of days between two days with such an event."""

    selector: Selector
    window: Window = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Arithmetic:
    """Two numbers added, subtracted, multiplied or divided."""

    sign: Sign
    left: "Value"
    right: "Value"
    place: Place | None = field(default=None, compare=False, repr=False)


Value: TypeAlias = (
    Number | Text | Flag | Day | Trait | Attribute | Bound | Aggregate | DaysSince | MedianGap | Arithmetic
)


@dataclass(frozen=True)
class And:
    """Everything must hold."""

    parts: tuple["Condition", ...]
    place: Place | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", _flat(self.parts, And))


@dataclass(frozen=True)
class Or:
    """Something must hold."""

    parts: tuple["Condition", ...]
    place: Place | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", _flat(self.parts, Or))


@dataclass(frozen=True)
class Not:
    """The contrary; of the unknown, the unknown."""

    part: "Condition"
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Comparison:
    """Two values compared; unknown when one of them is missing or they are of different types."""

    operator: Operator
    left: Value
    right: Value
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class OneOf:
    """A value that is one of several."""

    value: Value
    options: tuple[Number | Text, ...]
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class TextTest:
    """A text that starts with, or contains, another."""

    test: Literal["starts with", "contains"]
    value: Value
    part: Text
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Holds:
    """A yes-or-no value standing alone."""

    value: Trait | Attribute | Bound | Flag
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Exists:
    """There is such an event, or (`none`) there is not."""

    selector: Selector
    window: Window = None
    none: bool = False
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Sequence:
    """One event and later another within a time; or one event and then, for a time, no other."""

    first: Exists
    then: Exists
    limit: Duration | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class InSegment:
    """The customer satisfies the condition of a segment."""

    name: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Consent:
    """The customer agrees to be written to for this purpose."""

    purpose: str
    channel: str | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Anniversary:
    """The next yearly return of a day is at most so many days ahead."""

    moment: Aggregate | Trait
    days: int
    place: Place | None = field(default=None, compare=False, repr=False)


Condition: TypeAlias = (
    And | Or | Not | Comparison | OneOf | TextTest | Holds | Exists | Sequence | InSegment | Consent | Anniversary
)
Node: TypeAlias = Condition | Value | Selector


@dataclass(frozen=True)
class Goal:
    """An event that is to happen within a time after the start."""

    selector: Selector
    within: Duration | None = None


def kind_of(selector: Selector) -> str:
    """Return the kind of events that a selector names."""
    return selector.events.kind if isinstance(selector, Nth) else selector.kind


def _flat(parts: tuple[Condition, ...], kind: type[And] | type[Or]) -> tuple[Condition, ...]:
    """Put the parts of a part of the same sort in its place."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, And | Or) and isinstance(part, kind) else (part,))
    return tuple(flat)
