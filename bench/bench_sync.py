"""Measure what keeping the mirror costs: writing it anew from ten million events, and adding a hundred thousand."""

import argparse
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

EVENTS, SMOKE_EVENTS = 10_000_000, 200_000
EVENTS_PER_CUSTOMER = 10
APPENDS = 5
BAR_SHARE = 0.05
BAR_MEMORY_MB = 1024
RULES = {"time_zone": "Europe/Berlin", "currency": "EUR"}


@dataclass(frozen=True)
class Cost:
    """What a piece of work took."""

    cpu: float
    wall: float
    memory_mb: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help=f"{SMOKE_EVENTS:,} events only, no bar")
    asked = parser.parse_args()
    events = SMOKE_EVENTS if asked.smoke else EVENTS
    with tempfile.TemporaryDirectory(prefix="stammkunde-bench-") as place:
        costs = _run(Path(place), events)
    share = statistics.median(cost.cpu for cost in costs["append"]) / costs["rebuild"][0].cpu
    memory = max(cost.memory_mb for name in ("rebuild", "append") for cost in costs[name])
    print(f"\nAdding 1 % costs {share:.1%} of the CPU of a rebuild (bar: {BAR_SHARE:.0%} at {EVENTS:,} events).")
    print(f"Largest memory of a writer: {memory} MB (bar: {BAR_MEMORY_MB} MB).")
    return 0 if asked.smoke or (share <= BAR_SHARE and memory <= BAR_MEMORY_MB) else 1


def _run(place: Path, events: int) -> dict[str, list[Cost]]:
    added, customers = events // 100, events // EVENTS_PER_CUSTOMER
    print(f"{events:,} events of {customers:,} customers, then {APPENDS} × {added:,} more (1 % of them corrections)")
    _alone(_make, place / "0.arrow", 0, events, customers)
    for number in range(1, APPENDS + 1):
        _alone(_make, place / f"{number}.arrow", events + (number - 1) * added, added, customers)
    costs = {
        "read": _alone(_read, place / "0.arrow"),
        "rebuild": _alone(_rebuild, place),
        "append": _alone(_append, place),
        "load": _alone(_load, place),
        "compact": _alone(_compact, place),
    }
    _say("reading the stream alone", costs["read"])
    _say("rebuild, with reading", costs["rebuild"])
    _say("append, median of five", costs["append"])
    _say("roll-ups into arrays, 6 layers", costs["load"])
    _say("folding all layers into one", costs["compact"])
    _sizes(place / "mirror")
    return costs


def _alone(work: Callable[..., Any], *arguments: object) -> Any:
    """Run the work in a process of its own, so that its memory is its own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as pool:
        return pool.submit(work, *arguments).result()


def _cost(work: Callable[[], object]) -> Cost:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Cost(time.process_time() - cpu, time.perf_counter() - wall, memory)


def _make(target: Path, first: int, events: int, customers: int) -> None:
    """Write events in the order of time, one line each; 3 % have no customer, 2 % are returns, 5 % are messages."""
    import duckdb
    import pyarrow as pa

    query = f"""
    SELECT i AS id,
        CASE WHEN hash(i * 5) % 100 >= 3 THEN 1 + hash(i * 7) % {customers} END::BIGINT AS customer,
        CASE WHEN hash(i * 11) % 100 < 2 THEN 'order.returned' WHEN hash(i * 11) % 100 < 7 THEN 'message.sent'
            ELSE 'order.placed' END AS kind,
        1640995200000000 + (i * 1000000 * 9) + (hash(i) % 1000000)::BIGINT AS "at",
        (500 + hash(i * 3) % 20000)::BIGINT * 100 AS value,
        CASE WHEN {first} > 0 AND i % 100 = 0 THEN i // 2 END::BIGINT AS replaces,
        printf('{{"order_id":"A%d","lines":[{{"product":"P%05d","name":"Becher, blau, Nr. %d","category":"K%d",'
            '"quantity":%d,"unit_price":%d.%02d,"line_total":%d.%02d}}],"total":%d.%02d,"shipping":4.90}}',
            i, hash(i) % 5000, hash(i) % 5000, hash(i) % 30, 1 + i % 3, 5 + i % 200, i % 100,
            15 + i % 300, i % 100, 15 + i % 300, i % 100) AS attributes
    FROM range({first + 1}, {first + events + 1}) AS numbers(i)"""
    with duckdb.connect(config={"threads": 1}) as con:
        reader = con.sql(query).to_arrow_reader(50_000)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.OSFile(str(target), "wb") as out, pa.ipc.new_stream(out, reader.schema, options=options) as writer:
            for batch in reader:
                writer.write_batch(batch)


def _read(source: Path) -> list[Cost]:
    import pyarrow as pa

    with pa.OSFile(str(source), "rb") as stream:
        return [_cost(lambda: sum(batch.num_rows for batch in pa.ipc.open_stream(stream)))]


def _rebuild(place: Path) -> list[Cost]:
    import pyarrow as pa

    from stammkunde.metrics import storage

    with pa.OSFile(str(place / "0.arrow"), "rb") as stream:
        events = pa.ipc.open_stream(stream)
        return [_cost(lambda: storage.rebuild(place / "mirror", events, watermark="0", **RULES))]


def _append(place: Path) -> list[Cost]:
    import pyarrow as pa

    from stammkunde.metrics import storage

    costs = []
    for number in range(1, APPENDS + 1):
        with pa.OSFile(str(place / f"{number}.arrow"), "rb") as stream:
            events = pa.ipc.open_stream(stream)
            costs.append(_cost(partial(storage.append, place / "mirror", events, watermark=str(number), **RULES)))
    return costs


def _load(place: Path) -> list[Cost]:
    from stammkunde.metrics import Mirror

    with Mirror.open(place / "mirror") as mirror:
        return [_cost(lambda: (mirror.month_arrays(), mirror.customer_arrays()))]


def _compact(place: Path) -> list[Cost]:
    from stammkunde.metrics import storage

    return [_cost(lambda: storage.compact(place / "mirror"))]


def _say(what: str, costs: list[Cost]) -> None:
    cpu, wall = (statistics.median(getattr(cost, name) for cost in costs) for name in ("cpu", "wall"))
    each = f" (each: {', '.join(f'{cost.cpu:.2f}' for cost in costs)})" if len(costs) > 1 else ""
    print(f"{what:32s} {cpu:7.2f} s CPU {wall:7.2f} s wall {max(cost.memory_mb for cost in costs):6d} MB{each}")


def _sizes(folder: Path) -> None:
    from stammkunde.metrics import storage

    manifest = storage.read_manifest(folder)
    assert manifest
    files = sorted((folder / manifest.layers[0].id).iterdir())
    sizes = ", ".join(f"{file.stem} {file.stat().st_size / 1e6:.1f}" for file in files)
    print(f"files of the folded mirror, MB: {sizes}")


if __name__ == "__main__":
    sys.exit(main())
