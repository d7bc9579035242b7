"""Check a condition before it is saved: unknown names, values that do not fit, segments that go in a circle."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from stammkunde.conditions.concerns import concerns
from stammkunde.conditions.tokens import BadCondition, nearest
from stammkunde.conditions.tree import (
    COMPUTED,
    INTEREST,
    LINE_ATTRIBUTES,
    LINED,
    Aggregate,
    Anniversary,
    Arithmetic,
    Attribute,
    Comparison,
    Condition,
    Day,
    DaysSince,
    Events,
    Flag,
    Holds,
    InSegment,
    MedianGap,
    Node,
    Number,
    OneOf,
    Place,
    Selector,
    Text,
    TextTest,
    Trait,
    Value,
    kind_of,
)
from stammkunde.conditions.walking import children, nodes

Sort = Literal["number", "text", "flag", "day"]
MAX_NESTED = 20
MAX_UNFOLDED = 10_000
_ARTICLES: dict[Sort, str] = {"number": "a number", "text": "a text", "flag": "a yes or no", "day": "a day"}


@dataclass(frozen=True)
class Vocabulary:
    """The names a business knows: kinds of events with their attributes, traits, segments.

    A kind whose attributes are None, and an attribute or trait whose sort is None, may hold anything.
    """

    kinds: Mapping[str, Mapping[str, Sort | None] | None] = field(default_factory=dict)
    traits: Mapping[str, Sort | None] = field(default_factory=dict)
    segments: Collection[str] = ()


def check(condition: Condition | Selector, vocabulary: Vocabulary) -> list[BadCondition]:
    """Return what is wrong with the condition, in the order of its text; nothing when it can be saved."""
    return list(_Checker(vocabulary).problems(condition, None))


def check_segments(definitions: Mapping[str, Condition]) -> list[BadCondition]:
    """Return what is wrong among segments that use one another: unknown names, circles, too many levels."""
    problems: list[BadCondition] = []
    below = {name: sorted(concerns(condition).segments) for name, condition in definitions.items()}
    for name, used in below.items():
        problems += [
            BadCondition(f"Segment “{name}” uses the unknown segment “{one}”.", nearest=nearest(one, list(definitions)))
            for one in used
            if one not in definitions
        ]
    return problems + _circles(definitions, below)


def _circles(definitions: Mapping[str, Condition], below: Mapping[str, list[str]]) -> list[BadCondition]:
    """Settle segments whose parts are settled, again and again; what remains goes in a circle."""
    levels: dict[str, tuple[int, int]] = {}
    waiting = list(definitions)
    while waiting:
        ready = [name for name in waiting if all(one in levels or one not in definitions for one in below[name])]
        if not ready:
            return [BadCondition(f"Segments refer to one another in a circle: {_circle(waiting, below)}.")]
        for name in ready:
            used = [levels[one] for one in below[name] if one in levels]
            size = sum(1 for _ in nodes(definitions[name])) + sum(size for _, size in used)
            levels[name] = (1 + max((level for level, _ in used), default=0), size)
        waiting = [name for name in waiting if name not in levels]
    return [
        BadCondition(f"Segment “{name}” lies too deep within other segments, or is too large with them.")
        for name, (level, size) in levels.items()
        if level > MAX_NESTED or size > MAX_UNFOLDED
    ]


def _circle(waiting: list[str], below: Mapping[str, list[str]]) -> str:
    """Follow the segments that wait for one another until one comes again."""
    path = [waiting[0]]
    while path[-1] not in path[:-1]:
        path.append(next(one for one in below[path[-1]] if one in waiting))
    return " → ".join(path[path.index(path[-1]) :])


class _Checker:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def problems(self, node: Node, kind: str | None) -> Iterator[BadCondition]:
        """Yield what is wrong with a node and all below it; `kind` is that of the events whose attributes are asked."""
        yield from self._names(node)
        yield from self._sorts(node, kind)
        inner = node.kind if isinstance(node, Events) else kind
        for child in children(node):
            yield from self.problems(child, inner)

    def _names(self, node: Node) -> Iterator[BadCondition]:
        known = self._vocabulary
        match node:
            case Events() if known.kinds and node.kind not in known.kinds:
                yield _unknown("kind of event", node.kind, list(known.kinds), node.place)
            case InSegment() if node.name not in known.segments:
                yield _unknown("segment", node.name, list(known.segments), node.place)
            case Trait() if known.traits and not self._knows(node.name):
                yield _unknown("trait", node.name, [*known.traits, *COMPUTED], node.place)
            case _:
                pass

    def _knows(self, trait: str) -> bool:
        return trait in self._vocabulary.traits or trait in COMPUTED or trait.startswith(INTEREST)

    def _sorts(self, node: Node, kind: str | None) -> Iterator[BadCondition]:
        match node:
            case Comparison():
                yield from self._comparison(node, kind)
            case OneOf():
                for option in node.options:
                    yield from _differ(self._sort(node.value, kind), self._sort(option, kind), option.place)
            case TextTest():
                yield from _must_be("text", self._sort(node.value, kind), f"`{node.test}`", node.place)
            case Holds():
                yield from _must_be("flag", self._sort(node.value, kind), "A value that stands alone", node.place)
            case Arithmetic():
                for part in (node.left, node.right):
                    yield from _must_be("number", self._sort(part, kind), f"`{node.sign}`", part.place)
            case DaysSince() | Anniversary():
                sort = self._sort(node.moment, kind)
                yield from _must_be("day", "day" if sort == "text" else sort, "Here", node.moment.place)
            case Aggregate() if node.function in ("sum", "avg", "min", "max"):
                sort = self._attribute(kind_of(node.selector), node.attribute or "")
                yield from _must_be("number", sort, f"`{node.function}`", node.place)
            case _:
                pass

    def _comparison(self, node: Comparison, kind: str | None) -> Iterator[BadCondition]:
        left, right = self._sort(node.left, kind), self._sort(node.right, kind)
        found = list(_differ(left, right, node.place))
        yield from found
        unordered = {left, right} & {"text", "flag"} and "day" not in (left, right)
        if not found and unordered and node.operator not in ("=", "!="):
            yield BadCondition(f"`{node.operator}` compares numbers and days; texts are only equal or not.", node.place)

    def _sort(self, value: Value, kind: str | None) -> Sort | None:
        match value:
            case Number() | Arithmetic() | DaysSince() | MedianGap():
                return "number"
            case Text():
                return "text"
            case Flag():
                return "flag"
            case Day():
                return "day"
            case Trait():
                return "number" if value.name.startswith(INTEREST) else self._vocabulary.traits.get(value.name)
            case Attribute():
                return self._attribute(kind or "", value.name)
            case Aggregate():
                return self._figure(value)
            case _:
                return None

    def _figure(self, value: Aggregate) -> Sort | None:
        if value.is_moment:
            return "day"
        if value.function in ("first", "last", "nth"):
            return self._attribute(kind_of(value.selector), value.attribute or "")
        return "number"

    def _attribute(self, kind: str, name: str) -> Sort | None:
        if name == "value":
            return "number"
        if kind in LINED and name in LINE_ATTRIBUTES:
            return "text" if name in ("product", "category") else "number"
        return (self._vocabulary.kinds.get(kind) or {}).get(name)


def _unknown(what: str, name: str, known: list[str], place: Place | None) -> BadCondition:
    return BadCondition(f"There is no {what} `{name}`.", place, nearest=nearest(name, known))


def _differ(left: Sort | None, right: Sort | None, place: Place | None) -> Iterator[BadCondition]:
    if left and right and left != right and {left, right} != {"day", "text"}:
        yield BadCondition(f"This compares {_ARTICLES[left]} with {_ARTICLES[right]}.", place)


def _must_be(wanted: Sort, sort: Sort | None, who: str, place: Place | None) -> Iterator[BadCondition]:
    if sort and sort != wanted:
        yield BadCondition(f"{who} needs {_ARTICLES[wanted]}, not {_ARTICLES[sort]}.", place)
