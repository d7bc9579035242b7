"""The log's table: set-based reading and writing on both databases."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from stammkunde.kernel.among import among
from stammkunde.kernel.batches import in_chunks

if TYPE_CHECKING:
    from stammkunde.events.ingest import Row

Name = tuple[str, str]

_CHUNK = 5_000
_COLUMNS = (
    "kind, customer_id, at, utc_offset, source, external_id, value, currency, attributes, digest, live, "
    "brought_by_id, recorded_at, revision, replaces_id"
)
_ON_SQLITE = f"INSERT INTO events_event ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING"
_STATES = (
    "SELECT external_id, id, revision, digest FROM events_event "
    "WHERE source = %s AND external_id {these} ORDER BY revision"
)
_WAITING_ROOM = """
    CREATE TEMP TABLE IF NOT EXISTS incoming_event (
        kind text, customer_id bigint, at bigint, utc_offset smallint, source text, external_id text, value bigint,
        currency text, attributes text, digest text, live boolean, brought_by_id bigint, recorded_at bigint,
        revision smallint, replaces_id bigint
    ) ON COMMIT DELETE ROWS
"""
_FROM_WAITING_ROOM = f"""
    INSERT INTO events_event ({_COLUMNS}) SELECT {_COLUMNS} FROM incoming_event ORDER BY source, external_id
    ON CONFLICT DO NOTHING RETURNING source, external_id
"""


class State(NamedTuple):
    """The newest revision of one event."""

    id: int
    revision: int
    digest: str


class Addition(NamedTuple):
    """A row to be written, its revision, and the event that it replaces."""

    row: "Row"
    revision: int
    replaces: int | None


def newest_states(names: Iterable[Name]) -> dict[Name, State]:
    """Return the newest revision of those (source, external id) that the log has."""
    by_source: dict[str, list[str]] = {}
    for source, external_id in names:
        by_source.setdefault(source, []).append(external_id)
    newest: dict[Name, State] = {}
    for source, ids in by_source.items():
        for chunk in in_chunks(ids, _CHUNK):
            these, wanted = among(connection.vendor, chunk)
            with connection.cursor() as cursor:
                cursor.execute(_STATES.format(these=these), [source, wanted])
                newest.update({(source, row[0]): State(*row[1:]) for row in cursor.fetchall()})
    return newest


def append(additions: Sequence[Addition], *, recorded_at: int) -> list[Name]:
    """Write the additions, in a fixed order, and return the names of those that nobody else wrote first."""
    if not additions:
        return []
    ordered = sorted(additions, key=lambda addition: (addition.row.source, addition.row.external_id))
    records = [(*addition.row, recorded_at, addition.revision, addition.replaces) for addition in ordered]
    if connection.vendor == "postgresql":
        return _copy(records)
    return _insert(ordered, records)


def _insert(ordered: Sequence[Addition], records: Sequence[tuple[object, ...]]) -> list[Name]:
    """On SQLite the transaction holds the only write lock: what newest_states did not find is not there."""
    connection.ensure_connection()
    connection.connection.executemany(_ON_SQLITE, records)
    return [(addition.row.source, addition.row.external_id) for addition in ordered]


def _copy(records: Sequence[tuple[object, ...]]) -> list[Name]:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_min_messages = warning")
        cursor.execute(_WAITING_ROOM)
        cursor.execute("TRUNCATE incoming_event")
        with cursor.copy(f"COPY incoming_event ({_COLUMNS}) FROM STDIN") as copy:
            for record in records:
                copy.write_row(record)
        cursor.execute(_FROM_WAITING_ROOM)
        return [(source, external_id) for source, external_id in cursor.fetchall()]
