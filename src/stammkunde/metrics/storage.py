"""Keep the mirror up to date: add what happened, fold old layers together, never show half of it."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stammkunde.metrics.attributes import EVERYTHING, Kept
from stammkunde.metrics.storage_layer import (
    discard,
    fold,
    introduce,
    order_days,
    spool,
    workbench,
    write_layer,
    write_products,
)
from stammkunde.metrics.storage_manifest import (
    Layer,
    Manifest,
    Part,
    Retired,
    UnreadableMirror,
    last_generation,
    read_manifest,
    write_manifest,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = [
    "ANY",
    "Manifest",
    "MovedOn",
    "OtherRules",
    "UnreadableMirror",
    "append",
    "clear",
    "compact",
    "read_manifest",
    "rebuild",
]

ANY = "*"
GRACE_SECONDS = 15 * 60
MOST_LAYERS = 12
FOLD_SHARE = 0.2
FOLD_ROWS = 10_000
_OURS = ("layer-", "products-", "work-", "manifest.json.part")


class MovedOn(RuntimeError):
    """Somebody else has added to the mirror meanwhile; extract again from its present watermark and append that."""


class OtherRules(ValueError):
    """The mirror counts days in another time zone, or money in another currency; rebuild it."""


def append(
    folder: Path,
    events: "pa.RecordBatchReader | pa.Table",
    *,
    watermark: str,
    time_zone: str,
    currency: str,
    products: "pa.Table | None" = None,
    people: "pa.Table | None" = None,
    kept: Kept = EVERYTHING,
    expected_watermark: str | None = ANY,
) -> Manifest:
    """Add the new events to the mirror as one layer and return the snapshot that shows them.

    Columns of `events`: id, customer, kind, at (µs since 1970, UTC), value (e4), replaces, attributes (JSON text).
    `people` has a column customer: those who are new, with or without events. `kept` says which attributes stay.
    The caller passes each event once: those after the mirror's watermark up to the new one; the same watermark again
    changes nothing. `expected_watermark` is the one the caller extracted from, None when there was no mirror;
    raises MovedOn when the mirror is not there (any more). Raises OtherRules when it must be rebuilt instead.
    Safe against being killed at any moment, and against other processes that append at the same time.
    """
    with _alone(folder):
        before = read_manifest(folder)
        if before and before.watermark == watermark and products is None:
            return before
        _check(before, expected_watermark, watermark, time_zone, currency)
        _sweep(folder, before)
        generation = last_generation(folder) + 1
        epoch = before.epoch if before else generation
        draft = Manifest(generation, watermark, time_zone, currency, None, None, (), epoch)
        after = _publish(folder, _add(folder, News(events, products, people, kept), draft, before), before)
        first = _due(after.layers)
        return after if first is None else _fold(folder, after, first)


def rebuild(
    folder: Path,
    events: "pa.RecordBatchReader | pa.Table",
    *,
    watermark: str,
    time_zone: str,
    currency: str,
    products: "pa.Table | None" = None,
    people: "pa.Table | None" = None,
    kept: Kept = EVERYTHING,
) -> Manifest:
    """Write the mirror anew from all events; readers see the old one until the new one is complete."""
    with _alone(folder):
        before = _readable(folder)
        _sweep(folder, before)
        generation = last_generation(folder) + 1
        draft = Manifest(generation, watermark, time_zone, currency, None, None, (), generation)
        return _publish(folder, _add(folder, News(events, products, people, kept), draft, None), before)


def compact(folder: Path) -> Manifest | None:
    """Fold all layers into a new base and return the snapshot; it shows what the stack showed."""
    with _alone(folder):
        before = read_manifest(folder)
        if not before or (len(before.layers) == 1 and not before.layers[0].superseded.rows):
            return before
        _sweep(folder, before)
        return _fold(folder, before, 0)


def clear(folder: Path) -> None:
    """Forget the mirror and delete its files at once, also those that readers of older snapshots still hold."""
    with _alone(folder):
        write_manifest(folder, Manifest(last_generation(folder) + 1, "", "", "", None, None, (), 0))
        _sweep(folder, None)


@dataclass(frozen=True)
class News:
    """What a writer has been given."""

    events: "pa.RecordBatchReader | pa.Table"
    products: "pa.Table | None"
    people: "pa.Table | None"
    kept: Kept


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process or thread writes; the kernel lets the next one in when a writer dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _readable(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except UnreadableMirror:
        return None


def _check(before: Manifest | None, expected: str | None, watermark: str, time_zone: str, currency: str) -> None:
    found = before.watermark if before else None
    if expected not in (ANY, found) and found != watermark:
        raise MovedOn(f"The mirror reaches to {found}, not to {expected}: extract again from there and append that.")
    if before and (before.time_zone, before.currency) != (time_zone, currency):
        raise OtherRules(
            f"The mirror counts in {before.time_zone} and {before.currency}, "
            f"the business in {time_zone} and {currency}: run `stammkunde mirror rebuild`."
        )


def _add(folder: Path, news: News, draft: Manifest, before: Manifest | None) -> Manifest:
    """Write what is new and return the snapshot that would show it."""
    with workbench(folder) as (con, room):
        shelf = _products(con, folder, draft, before, news.products)
        fresh = before is None or before.watermark != draft.watermark
        rows = spool(con, room, news.events, zone=draft.time_zone, kept=news.kept) if fresh else 0
        rows += introduce(con, news.people) if fresh else 0
        if before and not rows:
            generation = before.generation if shelf == before.products else draft.generation
            return replace(before, generation=generation, watermark=draft.watermark, products=shelf)
        layer = write_layer(con, folder, draft.generation, before)
        first, last = order_days(con, before)
    layers = (*(before.layers if before else ()), layer)
    return replace(draft, first_day=first, last_day=last, layers=layers, products=shelf)


def _products(
    con: "duckdb.DuckDBPyConnection",
    folder: Path,
    draft: Manifest,
    before: Manifest | None,
    products: "pa.Table | None",
) -> Part | None:
    """Write the products, unless the mirror has the very same ones already."""
    known = before.products if before else None
    if products is None:
        return known
    part = write_products(con, folder, products, draft.generation)
    if known and (folder / known.file).read_bytes() == (folder / part.file).read_bytes():
        discard(folder / part.file)
        return known
    return part


def _due(layers: tuple[Layer, ...]) -> int | None:
    """Tell from which layer on to fold the stack: from the base when much was added, else the small ones on top."""
    sizes = [layer.events.rows for layer in layers]
    if sum(sizes[1:]) > max(FOLD_ROWS, FOLD_SHARE * sizes[0]):
        return 0
    if len(layers) <= MOST_LAYERS:
        return None
    first = len(layers) - 2
    while first > 1 and sizes[first - 1] <= 2 * sum(sizes[first:]):
        first -= 1
    return first


def _fold(folder: Path, before: Manifest, first: int) -> Manifest:
    top = replace(before, layers=before.layers[first:])
    generation = before.generation + 1
    with workbench(folder) as (con, _):
        layer = fold(con, folder, top, generation, base=first == 0)
    after = replace(before, generation=generation, layers=(*before.layers[:first], layer))
    return _publish(folder, after, before)


def _publish(folder: Path, after: Manifest, before: Manifest | None) -> Manifest:
    """Make the snapshot the present one; what only older ones need is retired."""
    # Real time, not the caller's: readers hold files for real seconds, whatever day a simulation pretends it is.
    now = int(time.time())
    kept = tuple(old for old in before.retired if not _expired(old, now)) if before else ()
    gone = sorted(before.files - after.files) if before else []
    after = replace(after, retired=(*kept, *(Retired(name, now) for name in gone)))
    write_manifest(folder, after)
    return after


def _expired(old: Retired, now: float) -> bool:
    return now - old.since >= GRACE_SECONDS


def _sweep(folder: Path, present: Manifest | None) -> None:
    """Delete what no reader can need: retired files after the grace time, and what a killed writer left behind."""
    now = int(time.time())
    needed = set(present.files) if present else set()
    needed |= {old.path for old in present.retired if not _expired(old, now)} if present else set()
    for path in folder.iterdir():
        if path.name.startswith(_OURS) and path.name not in needed:
            discard(path)
