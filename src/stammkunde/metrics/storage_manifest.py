"""Name the files of one snapshot of the mirror: who reads the manifest sees all of a sync or nothing of it."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

FORMAT = 2
MANIFEST = "manifest.json"


class UnreadableMirror(ValueError):
    """The mirror was written by another version of Stammkunde; run `stammkunde mirror rebuild`."""


@dataclass(frozen=True)
class Part:
    """One Parquet file of the mirror, relative to its folder."""

    file: str
    rows: int


@dataclass(frozen=True)
class Layer:
    """What one sync added: its events and new customers, and the complete roll-ups of the customers it touched."""

    id: str
    events: Part
    lines: Part
    months: Part
    customers: Part
    superseded: Part
    traits: Part
    people: Part


@dataclass(frozen=True)
class Retired:
    """A file or folder no snapshot needs any more, kept a while for readers of an older one."""

    path: str
    since: int


@dataclass(frozen=True)
class Manifest:
    """One snapshot: the stack of layers from the base upwards, and how far into the log it reaches.

    `epoch` is the generation that was last written anew from the whole log.
    """

    generation: int
    watermark: str
    time_zone: str
    currency: str
    first_day: date | None
    last_day: date | None
    layers: tuple[Layer, ...]
    epoch: int
    products: Part | None = None
    retired: tuple[Retired, ...] = ()
    format: int = FORMAT

    @property
    def files(self) -> frozenset[str]:
        """Return the names in the mirror's folder that this snapshot consists of."""
        products = {self.products.file} if self.products else set()
        return frozenset({layer.id for layer in self.layers} | products)


def read_manifest(folder: Path) -> Manifest | None:
    """Return the present snapshot, or nothing when there is no mirror yet (or it was cleared)."""
    found = _load(folder)
    if not found:
        return None
    if found.get("format") != FORMAT:
        raise UnreadableMirror(
            f"{folder / MANIFEST} has format {found.get('format')}, this version reads {FORMAT}: "
            "run `stammkunde mirror rebuild`."
        )
    return _manifest(found) if found["layers"] else None


def last_generation(folder: Path) -> int:
    """Return the number of the last snapshot ever published here; it keeps counting when the mirror is cleared."""
    try:
        return int(_load(folder).get("generation", 0))
    except UnreadableMirror:
        return 0


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Publish the snapshot: its files are on disk before its name is, and the name changes in one step."""
    draft = folder / f"{MANIFEST}.part"
    with draft.open("w", encoding="utf-8") as out:
        json.dump(asdict(manifest), out, indent=1, default=date.isoformat)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(folder / MANIFEST)
    keep(folder)


def keep(path: Path) -> None:
    """Make a file or folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _load(folder: Path) -> dict[str, Any]:
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableMirror(f"{folder / MANIFEST} is damaged ({error}): run `stammkunde mirror rebuild`.") from error
    return found if isinstance(found, dict) else {}


def _manifest(found: Mapping[str, Any]) -> Manifest:
    return Manifest(
        generation=found["generation"],
        watermark=found["watermark"],
        time_zone=found["time_zone"],
        currency=found["currency"],
        first_day=_day(found["first_day"]),
        last_day=_day(found["last_day"]),
        layers=tuple(_layer(layer) for layer in found["layers"]),
        epoch=found["epoch"],
        products=Part(**found["products"]) if found["products"] else None,
        retired=tuple(Retired(**entry) for entry in found["retired"]),
    )


def _layer(found: Mapping[str, Any]) -> Layer:
    parts = {
        name: Part(**found[name])
        for name in ("events", "lines", "months", "customers", "superseded", "traits", "people")
    }
    return Layer(id=found["id"], **parts)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
