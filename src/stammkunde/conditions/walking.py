"""Walk over the tree of a condition."""

from collections.abc import Iterator

from stammkunde.conditions.tree import (
    Aggregate,
    And,
    Anniversary,
    Arithmetic,
    Comparison,
    DaysSince,
    Events,
    Exists,
    Holds,
    MedianGap,
    Node,
    Not,
    Nth,
    OneOf,
    Or,
    Sequence,
    TextTest,
)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below this one."""
    match node:
        case And() | Or():
            return node.parts
        case Not():
            return (node.part,)
        case Comparison() | Arithmetic():
            return (node.left, node.right)
        case OneOf() | Holds() | TextTest():
            return (node.value,)
        case Sequence():
            return (node.first, node.then)
        case Anniversary() | DaysSince():
            return (node.moment,)
        case _:
            return _of_events(node)


def _of_events(node: Node) -> tuple[Node, ...]:
    match node:
        case Exists() | Aggregate() | MedianGap():
            return (node.selector,)
        case Nth():
            return (node.events,)
        case Events() if node.where:
            return (node.where,)
        case _:
            return ()


def nodes(node: Node) -> Iterator[Node]:
    """Yield this node and all below it, without recursion."""
    waiting: list[Node] = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(children(found)))


def depth(node: Node) -> int:
    """Return how many nodes stand above the deepest one."""
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        found, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in children(found))
    return deepest
