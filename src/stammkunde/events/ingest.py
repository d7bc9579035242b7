"""Write the log: in batches, each event once, whoever brings it and however often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from typing import Any, Literal, NamedTuple

from stammkunde.customers import identity
from stammkunde.events import kinds, log
from stammkunde.events.fields import as_json, to_us

Outcome = Literal["recorded", "duplicate", "corrected"]


class Row(NamedTuple):
    """One event, ready to be written: `at` in µs since 1970 (UTC), `value` in 1/10,000 of the currency unit.

    `brought_by` is the import it comes from.
    """

    kind: str
    customer: int | None
    at: int
    utc_offset: int
    source: str
    external_id: str
    value: int | None
    currency: str
    attributes: str
    digest: str
    live: bool
    brought_by: int | None = None


@dataclass(frozen=True)
class Draft:
    """One event as its bringer tells it: who (by any name, or by id), what, when, and under which id it knows it."""

    kind: str
    at: datetime
    source: str
    external_id: str
    customer: int | identity.Hint | None = None
    value: int | None = None
    currency: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """What became of the drafts: how many are new, how many the log had already."""

    recorded: int
    duplicate: int


def record(
    drafts: Sequence[Draft],
    *,
    now: datetime,
    scope: str = "",
    live: bool = True,
    corrections: bool = False,
    brought_by: int | None = None,
) -> Recorded:
    """Write the drafts, leaving out what the log already has under the same (source, external id).

    Call it inside a transaction. With `corrections`, a draft that says something else replaces what the log has.
    `scope` names the shop whose customer numbers the hints use. `live=False` marks history: nothing may be sent
    because of it. `brought_by` is the import that they come from. Raises `kinds.BadEvent` before anything is written.
    """
    for draft in drafts:
        kinds.check(draft.kind, draft.attributes)
    hints = [draft.customer for draft in drafts if isinstance(draft.customer, identity.Hint)]
    resolved = iter(identity.resolve(hints, scope=scope, now=now))
    owners = [next(resolved) if isinstance(one.customer, identity.Hint) else one.customer for one in drafts]
    rows = [_row(*pair, live=live, brought_by=brought_by) for pair in zip(drafts, owners, strict=True)]
    outcomes = store(rows, now=now, corrections=corrections)
    duplicates = outcomes.count("duplicate")
    return Recorded(recorded=len(outcomes) - duplicates, duplicate=duplicates)


def store(rows: Sequence[Row], *, now: datetime, corrections: bool) -> list[Outcome]:
    """Write the rows inside the caller's transaction and say of each what became of it.

    The same (source, external id) with the same digest is a duplicate and changes nothing. With another digest it is
    one too, unless `corrections`: then it becomes the next revision, which replaces the one before. A row that repeats
    an earlier one of the same call is a duplicate.
    """
    newest = log.newest_states({(row.source, row.external_id) for row in rows})
    outcomes: list[Outcome] = ["duplicate"] * len(rows)
    fresh: dict[log.Name, tuple[int, log.Addition]] = {}
    for place, row in enumerate(rows):
        name = (row.source, row.external_id)
        state = newest.get(name)
        unchanged = state is not None and (not corrections or state.digest == row.digest)
        if unchanged or name in fresh:
            continue
        fresh[name] = (place, log.Addition(row, state.revision + 1 if state else 0, state.id if state else None))
    written = log.append([addition for _, addition in fresh.values()], recorded_at=to_us(now))
    for name in written:
        place, addition = fresh[name]
        outcomes[place] = "corrected" if addition.replaces is not None else "recorded"
    return outcomes


def digest(*parts: object) -> str:
    """Return a short fingerprint of an event's content, to tell a changed one from a repeated one."""
    return md5("\x1f".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def _row(draft: Draft, customer: int | None, *, live: bool, brought_by: int | None) -> Row:
    attributes = as_json(dict(draft.attributes))
    offset = draft.at.utcoffset()
    at = to_us(draft.at)
    return Row(
        kind=draft.kind,
        customer=customer,
        at=at,
        utc_offset=int(offset.total_seconds() // 60) if offset else 0,
        source=draft.source,
        external_id=draft.external_id,
        value=draft.value,
        currency=draft.currency,
        attributes=attributes,
        digest=digest(draft.kind, customer, at, draft.value, attributes),
        live=live,
        brought_by=brought_by,
    )
