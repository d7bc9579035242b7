"""Say which kinds of events the data hold, with counts and the values they carry: what a signal can be made of."""

from collections.abc import Iterable
from weakref import WeakKeyDictionary

from stammkunde.conditions.tree import LINED
from stammkunde.insights.journey_values import AttributeSeen, KindSeen
from stammkunde.metrics.mirror import Mirror

# What the product notes for itself: nobody meets the business there.
BOOKKEEPING = (
    "consent.requested",
    "customer.erased",
    "customer.merged",
    "customer.unmerged",
    "flow.entered",
    "flow.goal_reached",
    "flow.left",
    "flow.step_done",
    "initiative.assigned",
    "message.deferred",
    "message.planned",
    "message.refused",
    "message.sent",
    "message.uncertain",
    "segment.entered",
    "segment.left",
    "tier.changed",
    "trait.changed",
    "voucher.held",
    "voucher.released",
)
_LOOKED_AT = 200_000
_VALUES = 12
_NEVER_REPEATED = 0.5
_kept: "WeakKeyDictionary[Mirror, tuple[KindSeen, ...]]" = WeakKeyDictionary()
_names: "WeakKeyDictionary[Mirror, frozenset[str]]" = WeakKeyDictionary()


def kinds_seen(mirror: Mirror | None) -> tuple[KindSeen, ...]:
    """Return every kind of events in the data, the most frequent first, with the texts that its attributes hold.

    Of a kind with more than 200,000 events every n-th is looked at for attributes, and their counts are scaled up.
    """
    if mirror is None:
        return ()
    if mirror not in _kept:
        _kept[mirror] = tuple(_seen(mirror))
    return _kept[mirror]


def names(mirror: Mirror) -> frozenset[str]:
    """Return the kinds of events that the data hold."""
    if mirror not in _names:
        _names[mirror] = frozenset(kind for (kind,) in mirror.sql("SELECT DISTINCT kind FROM events"))
    return _names[mirror]


def _seen(mirror: Mirror) -> Iterable[KindSeen]:
    counts = mirror.sql(
        "SELECT kind, count(*), count(DISTINCT customer), max(day) FROM events GROUP BY kind ORDER BY 2 DESC, 1"
    )
    for kind, events, customers, last_day in counts:
        of_lines = _line_values(mirror, kind) if kind in LINED else ()
        yield KindSeen(kind, events, customers, last_day, (*_attributes(mirror, kind, events), *of_lines))


def _attributes(mirror: Mirror, kind: str, events: int) -> Iterable[AttributeSeen]:
    every = -(-events // _LOOKED_AT)
    rows = mirror.sql(
        f"""
        SELECT name, value, count(*) AS events FROM (
            SELECT entry.key AS name,
                CASE WHEN json_type(entry.value) = 'VARCHAR' THEN json_extract_string(entry.value, '$') END AS value
            FROM (
                SELECT unnest(map_entries(from_json(attributes, '"MAP(VARCHAR, JSON)"'))) AS entry
                FROM events WHERE kind = $kind AND attributes IS NOT NULL AND hash(id) % {every} = 0
            ) AS pairs
        ) AS texts WHERE value IS NOT NULL GROUP BY name, value ORDER BY name, events DESC, value
        """,
        kind=kind,
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for name, value, count in rows:
        found.setdefault(name, []).append((value, count * every))
    return [AttributeSeen(name, tuple(values[:_VALUES])) for name, values in found.items() if _repeated(values, every)]


def _repeated(values: list[tuple[str, int]], every: int) -> bool:
    """Tell whether values come again: numbers of orders and the like do not, and nobody would choose one."""
    return len(values) <= max(_VALUES, _NEVER_REPEATED * sum(count for _, count in values) / every)


def _line_values(mirror: Mirror, kind: str) -> Iterable[AttributeSeen]:
    for name in ("category", "product"):
        rows = mirror.sql(
            f"SELECT {name}, count(DISTINCT event) AS events FROM lines WHERE kind = $kind AND {name} IS NOT NULL "
            f"GROUP BY {name} ORDER BY events DESC, {name} LIMIT {_VALUES}",
            kind=kind,
        )
        if rows:
            yield AttributeSeen(name, tuple((value, events) for value, events in rows))
