"""Keep the mirror in step with the log: copy what is new, lose nothing that commits late."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from django.conf import settings
from django.db import connection, transaction

from stammkunde.accounts.models import Business
from stammkunde.catalogue.models import Product
from stammkunde.metrics import storage

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER_NAME = "mirror"
_CHUNK = 50_000
_TRIES = 5
_COLUMNS = (
    "id, customer_id, kind, at, value, replaces_id, "
    "CASE WHEN kind IN ('order.placed', 'order.returned', 'order.cancelled') THEN attributes END"
)
_FROM_SQLITE = f"SELECT {_COLUMNS} FROM events_event WHERE id > %s AND id <= %s"
_FROM_POSTGRESQL = f"SELECT {_COLUMNS} FROM events_event WHERE xid >= %s::text::xid8 AND xid < %s::text::xid8"


@dataclass(frozen=True)
class Synced:
    """What a sync did: the mirror's generation afterwards, and whether anything was new."""

    generation: int
    changed: bool


class Rules(TypedDict):
    """How the business counts days and money, and what it sells."""

    time_zone: str
    currency: str
    products: "pa.Table"


class Stretch(NamedTuple):
    """A part of the log: after `since`, up to and including `until` (SQLite: event ids; PostgreSQL: transactions)."""

    vendor: str
    since: int
    until: int

    @property
    def watermark(self) -> str:
        """Name the end of the stretch, as the manifest keeps it."""
        return f"{self.vendor}:{self.until}"


def sync() -> Synced:
    """Copy to the mirror what the log has gained; rebuild it when it no longer fits the settings."""
    for _ in range(_TRIES):
        manifest = _manifest()
        if manifest and _unfit(manifest):
            return rebuild()
        stretch = _new_stretch(manifest.watermark if manifest else "")
        if manifest and stretch.watermark == manifest.watermark:
            return Synced(manifest.generation, changed=False)
        if manifest and stretch.until < stretch.since:
            return rebuild()
        try:
            written = _append(stretch, expected=manifest.watermark if manifest else None)
        except storage.MovedOn:
            continue
        except storage.OtherRules:
            return rebuild()
        return Synced(written.generation, changed=True)
    return Synced(manifest.generation if manifest else 0, changed=False)


def rebuild() -> Synced:
    """Write the mirror anew from the log; readers see the old one until the new one is complete."""
    stretch = _new_stretch("")
    written = storage.rebuild(storage_folder(), _events(stretch), watermark=stretch.watermark, **_rules())
    return Synced(written.generation, changed=True)


def is_behind() -> bool:
    """Tell whether the log holds events that the mirror does not have yet."""
    manifest = _manifest()
    if manifest is None:
        return True
    return _unfit(manifest) or _new_stretch(manifest.watermark).watermark != manifest.watermark


def _manifest() -> storage.Manifest | None:
    """Return what the mirror says of itself; one that cannot be read is as good as none: it is written anew."""
    try:
        return storage.read_manifest(storage_folder())
    except storage.UnreadableMirror:
        storage.clear(storage_folder())
        return None


def _unfit(manifest: storage.Manifest) -> bool:
    business = Business.current()
    return (
        manifest.time_zone != business.time_zone
        or manifest.currency != business.currency
        or manifest.watermark.partition(":")[0] != connection.vendor
    )


def _new_stretch(watermark: str) -> Stretch:
    """Return the stretch of the log behind the watermark that nobody can still add to.

    SQLite has one writer at a time, so event ids are committed in their order. On PostgreSQL a slow transaction may
    commit behind a quick one: only what was written by transactions older than every running one is safe to pass.
    """
    since = int(watermark.partition(":")[2] or 0)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        else:
            cursor.execute("SELECT coalesce(max(id), 0) FROM events_event")
        (until,) = cursor.fetchone()
    if connection.vendor == "postgresql" and not _any_between(since, until):
        until = since
    return Stretch(connection.vendor, since, until)


def _any_between(since: int, until: int) -> bool:
    """Tell whether PostgreSQL's log has events in the stretch; its transaction counter moves without them, too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM events_event WHERE xid >= %s::text::xid8 AND xid < %s::text::xid8)",
            [str(since), str(until)],
        )
        (found,) = cursor.fetchone()
    return bool(found)


def _append(stretch: Stretch, *, expected: str | None) -> storage.Manifest:
    return storage.append(
        storage_folder(), _events(stretch), watermark=stretch.watermark, expected_watermark=expected, **_rules()
    )


def _rules() -> Rules:
    """Return what else the mirror needs to know: how the business counts days and money, and its products."""
    business = Business.current()
    return {"time_zone": business.time_zone, "currency": business.currency, "products": _products()}


def _events(stretch: Stretch) -> "pa.RecordBatchReader":
    import pyarrow as pa

    return pa.RecordBatchReader.from_batches(_schema(), _batches(stretch))


def _batches(stretch: Stretch) -> "Iterator[pa.RecordBatch]":
    """Stream the stretch; the columns stay as they are in the log."""
    import pyarrow as pa

    on_postgresql = stretch.vendor == "postgresql"
    statement = _FROM_POSTGRESQL if on_postgresql else _FROM_SQLITE
    bounds = [str(stretch.since), str(stretch.until)] if on_postgresql else [stretch.since, stretch.until]
    schema = _schema()
    with _reading(), connection.chunked_cursor() as cursor:
        cursor.execute(statement, bounds)
        while rows := cursor.fetchmany(_CHUNK):
            columns = zip(*rows, strict=True)
            arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _reading() -> AbstractContextManager[object]:
    """Open what a streaming cursor needs: a transaction on PostgreSQL; on SQLite that would lock out every writer."""
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()


def _schema() -> "pa.Schema":
    import pyarrow as pa

    return pa.schema(
        [
            ("id", pa.int64()),
            ("customer", pa.int64()),
            ("kind", pa.string()),
            ("at", pa.int64()),
            ("value", pa.int64()),
            ("replaces", pa.int64()),
            ("attributes", pa.string()),
        ]
    )


def _products() -> "pa.Table":
    import pyarrow as pa

    fields = ("code", "name", "category", "department")
    rows = list(Product.objects.order_by("code").values_list(*fields))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(fields)
    return pa.table({field: pa.array(column, type=pa.string()) for field, column in zip(fields, columns, strict=True)})


def storage_folder() -> Path:
    """Return the folder that holds the mirror."""
    return Path(settings.HOME) / FOLDER_NAME
