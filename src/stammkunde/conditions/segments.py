"""Look up the condition that a segment stands for."""

from collections.abc import Mapping, Sequence

from stammkunde.conditions.tokens import BadCondition, nearest
from stammkunde.conditions.tree import Condition, InSegment


def condition_of(segment: InSegment, segments: Mapping[str, Condition], opened: Sequence[str]) -> Condition:
    """Return the condition of a segment, while those `opened` are being looked at: it must not be one of them."""
    found = segments.get(segment.name)
    if found is None:
        guess = nearest(segment.name, list(segments))
        raise BadCondition(f"There is no segment “{segment.name}”.", segment.place, nearest=guess)
    if segment.name in opened:
        circle = " → ".join([*opened, segment.name])
        raise BadCondition(f"Segments refer to one another in a circle: {circle}.", segment.place)
    return found
