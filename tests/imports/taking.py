"""Take a text in as a file and tell what came of it, for the tests of the imports."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from stammkunde.events import imports
from stammkunde.events.models import Event, Import
from stammkunde.kernel.money import from_e4

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """What the log says about one event, as a person would."""

    kind: str
    external_id: str
    value: Decimal
    at: str
    attributes: dict[str, Any]
    customer: int | None


def write(folder: Path, text: str | bytes, name: str = "orders.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def take(file: Path, *, now: datetime = NOW, **options: Any) -> imports.Result:
    """Import the file and hold its counts to their sum."""
    result = imports.run(imports.create(file, file_name=file.name, now=now, **options), now=now)
    assert result.read == result.imported + result.duplicate + result.rejected
    return result


def log() -> list[Told]:
    """Return what the log holds: the newest state of everything, in the order of its ids."""
    replaced = set(Event.objects.exclude(replaces=None).values_list("replaces", flat=True))
    return [
        Told(
            event.kind,
            event.external_id,
            from_e4(event.value).normalize() + 0,
            event.at.strftime("%Y-%m-%d %H:%M"),
            event.attributes,
            event.customer_id,
        )
        for event in Event.objects.order_by("external_id")
        if event.id not in replaced
    ]


def values() -> dict[str, str]:
    """Return the value of everything in the log by its external id; returns in brackets."""
    return {
        told.external_id: f"{told.value:f}" if told.kind == "order.placed" else f"({told.value:f})" for told in log()
    }


def rejected(result: imports.Result) -> list[tuple[str, ...]]:
    """Return line, column, value and reason of every rejected row."""
    import csv

    if result.rejects_file is None:
        return []
    with Path(result.rejects_file).open(encoding="utf-8-sig", newline="") as stream:
        sample = stream.readline()
        stream.seek(0)
        rows = list(csv.reader(stream, delimiter=";" if sample.startswith("line;") else ","))
    return [tuple(row[:4]) for row in rows[1:]]


def contents() -> dict[str, Any]:
    """Return all that imports leave in the database, without ids and moments of writing, to compare two runs."""
    events = Event.objects.order_by("source", "external_id", "revision").values_list(
        "kind", "source", "external_id", "revision", "value", "currency", "digest", "live", "at", "utc_offset",
        "customer__identities__value",
    )  # fmt: skip
    done = Import.objects.filter(state=Import.State.DONE).order_by("id")
    return {
        "events": [tuple(map(str, row)) for row in events],
        "counts": [json.dumps(imports.result_of(one).as_json()) for one in done],
    }
