"""Keep the mirror in step with the log: copy what is new, lose nothing that commits late."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.db import connection

from stammkunde.accounts.models import Business
from stammkunde.catalogue.models import Product
from stammkunde.customers.models import Customer
from stammkunde.events import stretches
from stammkunde.events.stretches import Mark, Stretch
from stammkunde.events.visible import kept
from stammkunde.insights.arrows import column
from stammkunde.metrics import storage
from stammkunde.metrics.attributes import Kept

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER_NAME = "mirror"
_CHUNK = 50_000
_TRIES = 5
_COLUMNS = "id, customer_id, kind, at, value, replaces_id, attributes"


@dataclass(frozen=True)
class Synced:
    """What a sync did: the mirror's generation afterwards, and whether anything was new."""

    generation: int
    changed: bool


class Rules(TypedDict):
    """How the business counts days and money, what it sells, and what the mirror may know of events."""

    time_zone: str
    currency: str
    products: "pa.Table"
    kept: Kept


def sync() -> Synced:
    """Copy to the mirror what the log has gained; rebuild it when it no longer fits the settings."""
    for _ in range(_TRIES):
        manifest = _manifest()
        if manifest and _unfit(manifest):
            return rebuild()
        stretch = stretches.beyond(manifest.watermark if manifest else "")
        if manifest and str(stretch.until) == manifest.watermark:
            return Synced(manifest.generation, changed=False)
        if manifest and (stretch.goes_back or str(stretch.since) != manifest.watermark):
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
    stretch = stretches.beyond("")
    written = storage.rebuild(
        storage_folder(), _events(stretch), watermark=str(stretch.until), people=_people(stretch), **_rules()
    )
    return Synced(written.generation, changed=True)


def is_behind() -> bool:
    """Tell whether the log holds events that the mirror does not have yet."""
    manifest = _manifest()
    if manifest is None:
        return True
    return _unfit(manifest) or str(stretches.beyond(manifest.watermark).until) != manifest.watermark


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
        or Mark.read(manifest.watermark) is None
    )


def _append(stretch: Stretch, *, expected: str | None) -> storage.Manifest:
    return storage.append(
        storage_folder(),
        _events(stretch),
        watermark=str(stretch.until),
        expected_watermark=expected,
        people=_people(stretch),
        **_rules(),
    )


def _rules() -> Rules:
    """Return what else the mirror needs to know: the business's rules, its products, what may be kept."""
    business = Business.current()
    return {
        "time_zone": business.time_zone,
        "currency": business.currency,
        "products": _products(),
        "kept": kept(),
    }


def _events(stretch: Stretch) -> "pa.RecordBatchReader":
    import pyarrow as pa

    return pa.RecordBatchReader.from_batches(_schema(), _batches(stretch))


def _batches(stretch: Stretch) -> "Iterator[pa.RecordBatch]":
    """Stream the stretch; the columns stay as they are in the log."""
    import pyarrow as pa

    where, bounds = stretch.of_events()
    schema = _schema()
    with stretches.reading(), connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM events_event WHERE {where}", bounds)
        while rows := cursor.fetchmany(_CHUNK):
            columns = zip(*rows, strict=True)
            arrays = [column(values, field.type) for values, field in zip(columns, schema, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _people(stretch: Stretch) -> "pa.Table":
    """Return the customers who came in the stretch."""
    import pyarrow as pa

    where, bounds = stretch.of_customers()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {Customer._meta.db_table} WHERE {where}", bounds)
        ids = [row[0] for row in cursor.fetchall()]
    return pa.table({"customer": column(ids, pa.int64())})


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
    return pa.table({field: column(values, pa.string()) for field, values in zip(fields, columns, strict=True)})


def storage_folder() -> Path:
    """Return the folder that holds the mirror."""
    return Path(settings.HOME) / FOLDER_NAME
