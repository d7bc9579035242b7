"""Measure cohorts and RFM over 10 million orders against the straightforward pandas program on the same orders.

Each program runs in a process of its own: pandas with the orders in memory, the library with a warm mirror. The time
to load either is not counted, the peak memory of the whole process is. Times are medians; the ratios are what counts.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from stammkunde.metrics import Mirror

ORDERS, CUSTOMERS = 10_000_000, 1_000_000
SMOKE_ORDERS, SMOKE_CUSTOMERS = 200_000, 20_000
REPEATS = 5
BARS = {"cohorts": 1 / 6, "rfm": 1 / 4, "memory": 1 / 2}
START = date(2024, 1, 1)
DAYS = 3 * 365
SHARES = (0.2, 0.4, 0.6, 0.8)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help=f"{SMOKE_ORDERS:,} orders only, and no bars")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="make the orders here and use them again")
    parser.add_argument("--program", choices=["make", "pandas", "stammkunde"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    size = (SMOKE_ORDERS, SMOKE_CUSTOMERS) if asked.smoke else (ORDERS, CUSTOMERS)
    if asked.program:
        programs: dict[str, Callable[[], object]] = {
            "make": lambda: make(asked.keep, *size),
            "pandas": lambda: run(*pandas_programs(asked.keep)),
            "stammkunde": lambda: run(*our_programs(asked.keep)),
        }
        print(json.dumps(programs[asked.program]()))
        return 0
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="stammkunde-bench-"))
    try:
        return compare(folder, smoke=asked.smoke, orders=size[0], customers=size[1])
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)


def compare(folder: Path, *, smoke: bool, orders: int, customers: int) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "mirror" / "manifest.json").exists():
        _apart("make", folder, smoke=smoke)
    theirs, ours = _apart("pandas", folder, smoke=smoke), _apart("stammkunde", folder, smoke=smoke)
    print(f"{orders:,} orders, {customers:,} customers; medians of {REPEATS}; CPU seconds (wall seconds)")
    if smoke:
        print("(so few orders show only that it runs: the bars are for the full size)")
    passed = True
    for name in ("cohorts", "rfm"):
        if theirs[name]["result"] != ours[name]["result"]:
            print(f"{name}: the two programs disagree: {theirs[name]['result']} and {ours[name]['result']}")
            return 1
        passed &= _line(name, ours[name]["cpu"], theirs[name]["cpu"], ours[name]["wall"], theirs[name]["wall"])
    passed &= _line("memory", ours["memory"], theirs["memory"])
    return 0 if passed or smoke else 1


def _line(
    name: str, ours: float, theirs: float, our_wall: float | None = None, their_wall: float | None = None
) -> bool:
    ratio, bar = ours / theirs, BARS[name]
    if our_wall is None or their_wall is None:
        numbers = f"{ours:7.0f} MB against {theirs:7.0f} MB of pandas"
    else:
        numbers = f"{ours:7.3f} ({our_wall:.3f}) against {theirs:7.3f} ({their_wall:.3f}) of pandas"
    print(f"{name:8} {numbers}: ratio {ratio:.3f}, bar {bar:.3f} {'held' if ratio <= bar else 'MISSED'}", flush=True)
    return ratio <= bar


def _apart(program: str, folder: Path, *, smoke: bool) -> Any:
    command = [sys.executable, __file__, "--program", program, "--keep", str(folder), *(["--smoke"] if smoke else [])]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def make(folder: Path, orders: int, customers: int) -> None:
    """Write the orders as pandas reads them and as a mirror, in the order in which they happened."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(7)
    whose = random.choice(customers, orders, p=_weights(random, customers))
    whose[:customers] = np.arange(customers)
    joined = random.integers(0, DAYS, customers, dtype=np.int32)[whose]
    day = joined + ((DAYS - joined) * random.random(orders) ** 1.5).astype(np.int32)
    at = (np.datetime64(START, "us") + np.sort(day.astype(np.int64)) * 86_400_000_000) + np.timedelta64(36, "h")
    whose = whose[np.argsort(day, kind="stable")]
    value = random.integers(500, 20_000, orders)
    table = pa.table({"customer": whose.astype(np.int64), "at": at, "value": value / 100})
    pq.write_table(table, folder / "orders.parquet", row_group_size=250_000)
    del table, whose, at, value, day, joined
    _write_mirror(folder)


def _weights(random: Any, customers: int) -> Any:
    weights = random.gamma(0.8, 1.0, customers) + 0.01
    return weights / weights.sum()


def _write_mirror(folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from stammkunde.metrics import storage

    def batches() -> Iterator[pa.RecordBatch]:
        first = 1
        for batch in pq.ParquetFile(folder / "orders.parquet").iter_batches(250_000):
            yield _as_events(batch, first)
            first += len(batch)

    events = batches()
    head = next(events)
    reader = pa.RecordBatchReader.from_batches(head.schema, _chained(head, events))
    storage.append(folder / "mirror", reader, watermark="1", time_zone="UTC", currency="EUR")


def _chained(head: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield head
    yield from rest


def _as_events(batch: Any, first: int) -> Any:
    import numpy as np
    import pyarrow as pa

    rows = len(batch)
    return pa.record_batch(
        {
            "id": np.arange(first, first + rows, dtype=np.int64),
            "customer": batch["customer"],
            "kind": pa.array(["order.placed"] * rows),
            "at": batch["at"].cast(pa.int64()),
            "value": np.round(batch["value"].to_numpy() * 10_000).astype(np.int64),
            "replaces": pa.nulls(rows, pa.int64()),
            "attributes": pa.nulls(rows, pa.string()),
        }
    )


def run(cohorts: Callable[[], list[int]], rfm: Callable[[], list[int]]) -> dict[str, Any]:
    """Run both programs several times and report medians and the peak memory of this process."""
    measured = {name: _timed(program) for name, program in (("cohorts", cohorts), ("rfm", rfm))}
    return {**measured, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _timed(program: Callable[[], list[int]]) -> dict[str, Any]:
    cpu, wall = [], []
    result: list[int] = []
    for _ in range(REPEATS):
        cpu_before, wall_before = time.process_time(), time.perf_counter()
        result = program()
        cpu.append(time.process_time() - cpu_before)
        wall.append(time.perf_counter() - wall_before)
    return {"cpu": statistics.median(cpu), "wall": statistics.median(wall), "result": result}


def pandas_programs(folder: Path) -> tuple[Callable[[], list[int]], Callable[[], list[int]]]:
    """Load the orders into memory; then do what an analyst would write, without detours."""
    import pandas as pd

    orders = pd.read_parquet(folder / "orders.parquet")
    return lambda: _pandas_cohorts(orders), lambda: _pandas_rfm(orders)


def _pandas_cohorts(orders: "pd.DataFrame") -> list[int]:
    month = orders["at"].dt.year * 12 + orders["at"].dt.month - 1
    active = orders[["customer"]].assign(month=month).drop_duplicates()
    active["cohort"] = active.groupby("customer")["month"].transform("min")
    table = active.groupby(["cohort", active["month"] - active["cohort"]]).size().unstack(fill_value=0)
    return [int(number) for number in table[0]] + [int(number) for number in table.iloc[0]]


def _pandas_rfm(orders: "pd.DataFrame") -> list[int]:
    table = orders.groupby("customer").agg(last=("at", "max"), frequency=("at", "size"), monetary=("value", "sum"))
    last_day = table["last"].dt.normalize()
    table["recency"] = (last_day.max() - last_day).dt.days + 1
    table["monetary"] = table["monetary"].round(4)
    for measure in ("recency", "frequency", "monetary"):
        limits = table[measure].quantile(SHARES).round(5)
        table[f"{measure}_score"] = 1 + limits.searchsorted(table[measure])
    table["recency_score"] = 6 - table["recency_score"]
    return [int(number) for number in table.groupby(["recency_score", "frequency_score", "monetary_score"]).size()]


def our_programs(folder: Path) -> tuple[Callable[[], list[int]], Callable[[], list[int]]]:
    """Open the mirror and warm it."""
    from stammkunde.metrics import Mirror

    mirror = Mirror.open(folder / "mirror")
    mirror.month_arrays()
    mirror.customer_arrays()
    return lambda: _our_cohorts(mirror), lambda: _our_rfm(mirror)


def _our_cohorts(mirror: "Mirror") -> list[int]:
    from stammkunde import metrics

    table = metrics.cohorts(mirror)
    return [cohort.size for cohort in table] + [number or 0 for number in table[0].active]


def _our_rfm(mirror: "Mirror") -> list[int]:
    import numpy as np

    from stammkunde import metrics

    scores = metrics.rfm(mirror)
    cells = np.bincount(scores.r.astype(np.int64) * 100 + scores.f * 10 + scores.m)
    return [int(number) for number in cells[cells > 0]]


if __name__ == "__main__":
    sys.exit(main())
