"""Tell which kinds of events a condition looks at, so that only those make anyone look at it again."""

from collections.abc import Mapping
from dataclasses import dataclass

from stammkunde.conditions.history import CONSENT_ENDED, CONSENT_GIVEN, TRAIT_CHANGED, History
from stammkunde.conditions.tree import Condition, Consent, Events, InSegment, Selector, Trait
from stammkunde.conditions.walking import nodes


@dataclass(frozen=True)
class Concerns:
    """What a condition looks at: kinds of events, traits, segments."""

    kinds: frozenset[str]
    traits: frozenset[str]
    segments: frozenset[str]


def concerns(condition: Condition | Selector, segments: Mapping[str, Condition] | None = None) -> Concerns:
    """Return what the condition looks at, those of its segments included as far as they are given."""
    kinds: set[str] = set()
    traits: set[str] = set()
    named: set[str] = set()
    waiting: list[Condition | Selector] = [condition]
    while waiting:
        for node in nodes(waiting.pop()):
            match node:
                case Events():
                    kinds.add(node.kind)
                case Trait():
                    traits.add(node.name)
                case Consent():
                    kinds.update((CONSENT_GIVEN, *CONSENT_ENDED))
                case InSegment() if node.name not in named:
                    named.add(node.name)
                    waiting.extend([segments[node.name]] if segments and node.name in segments else [])
                case _:
                    pass
    if traits:
        kinds.add(TRAIT_CHANGED)
    return Concerns(frozenset(kinds), frozenset(traits), frozenset(named))


def concerned_from(condition: Condition, history: History, segments: Mapping[str, Condition], now: int) -> int | None:
    """Return the moment of the first event after now that the condition looks at."""
    if not history.events or history.events[-1].at <= now:
        return None
    looked_at = concerns(condition, segments).kinds
    return min((event.at for kind in looked_at for event in history.of_kind(kind) if event.at > now), default=None)
