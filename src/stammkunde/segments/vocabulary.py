"""Say which names conditions may use here: kinds of events, their attributes, traits, segments."""

from collections.abc import Collection
from functools import lru_cache

from stammkunde.conditions import Vocabulary
from stammkunde.conditions.kinds import KNOWN_KINDS
from stammkunde.conditions.vocabulary import Sort
from stammkunde.events.kinds import KINDS
from stammkunde.events.traits import CUSTOMER_TRAITS
from stammkunde.events.visible import kept
from stammkunde.metrics import Mirror

_SORTS: dict[str, Sort] = {"text": "text", "number": "number", "yes_no": "flag"}


def vocabulary(mirror: Mirror | None, *, segments: Collection[str]) -> Vocabulary:
    """Return the names that are known: those of the product, and those that the log has brought."""
    kinds: dict[str, dict[str, Sort | None] | None] = dict.fromkeys(KNOWN_KINDS)
    for kind, names in kept().of_kind.items():
        kinds[kind] = {name: _SORTS.get(KINDS[kind].attributes[name]) for name in names}
    traits: dict[str, Sort | None] = dict.fromkeys(CUSTOMER_TRAITS, "text")
    if mirror is not None:
        for kind in _custom_kinds(mirror):
            kinds.setdefault(kind, None)
        for trait in _custom_traits(mirror):
            traits.setdefault(trait, None)
    return Vocabulary(kinds=kinds, traits=traits, segments=segments)


@lru_cache(maxsize=4)
def _custom_kinds(mirror: Mirror) -> tuple[str, ...]:
    return tuple(sorted(kind for (kind,) in mirror.sql("SELECT DISTINCT kind FROM events")))


@lru_cache(maxsize=4)
def _custom_traits(mirror: Mirror) -> tuple[str, ...]:
    return tuple(sorted(trait for (trait,) in mirror.sql("SELECT DISTINCT trait FROM traits WHERE trait IS NOT NULL")))
