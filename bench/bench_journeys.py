"""Measure the cells of a map over 10 million events in one pass against one query per cell, and the kernels for ways.

The kernels answer for a million events beside retentioneering and pm4py, each in a process of its own. These two are
no part of the product, one for its telemetry, the other for its licence: a full run puts them into `.venv-peers` (from
`requirements/peers.txt`); with --smoke, or where they cannot be had, they are left out. The figures are CPU seconds.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stammkunde.journeys.document import Journey

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-peers"
EVENTS, SMOKE_EVENTS = 10_000_000, 100_000
WALKED, SMOKE_WALKED = 1_000_000, 20_000
PER_CUSTOMER, REPEATS = 10, 3
START, END = date(2025, 1, 1), date(2026, 1, 1)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
FIRST, SPAN = 1_672_531_200_000_000, 94_608_000_000_000
BARS = {"cells": 1 / 6, "retentioneering": 1 / 3, "pm4py": 1 / 6, "memory": 1 / 2, "cached": 0.150}
KIND = """CASE WHEN k < 20 THEN 'order.placed' WHEN k < 60 THEN 'page.viewed' WHEN k < 85 THEN 'message.delivered'
WHEN k < 93 THEN 'message.clicked' WHEN k < 97 THEN 'product.viewed' ELSE 'survey.answered' END"""
ATTRIBUTES = """CASE WHEN k < 20 THEN '{"coupon":"X' || i // 7 % 7 || '"}'
WHEN k < 60 THEN '{"path":"/p/' || i // 3 % 50 || '"}' WHEN k < 93 THEN '{"flow":"f' || i // 5 % 9 || '"}'
WHEN k >= 97 THEN '{"survey":"csat","score":' || i // 3 % 11 || '}' END"""
SIGNALS = {
    "start": "page.viewed where path = '/p/0'",
    "shelf": "page.viewed where path starts with '/p/1'",
    "product": "product.viewed",
    "letter": "message.delivered where flow = 'f0'",
    "welcome": "message.delivered where flow = 'f1'",
    "recall": "message.delivered where flow = 'f2'",
    "click": "message.clicked",
    "welcome_click": "message.clicked where flow = 'f1'",
    "first": "nth(order.placed, 1)",
    "second": "nth(order.placed, 2)",
    "third": "nth(order.placed, 3)",
    "large": "order.placed where value > 15",
    "coupon": "order.placed where coupon = 'X1'",
    "survey": "survey.answered where survey = 'csat'",
    "unhappy": "survey.answered where score <= 3",
    "silent": "any(order.placed) then none(order.placed) for 180 days",
}
PATHS = (
    ("start", "first", "60d"), ("shelf", "first", "60d"), ("product", "first", "30d"), ("letter", "click", "14d"),
    ("welcome", "welcome_click", "14d"), ("recall", "click", "14d"), ("click", "first", "30d"),
    ("welcome_click", "large", "30d"), ("first", "second", "180d"), ("second", "third", "180d"),
    ("third", "large", "180d"), ("large", "coupon", "90d"), ("coupon", "survey", "90d"), ("survey", "second", "90d"),
    ("unhappy", "silent", "180d"), ("silent", "large", "90d"),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help=f"{SMOKE_EVENTS:,} events, no peers, no bars")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="make the events here and use them again")
    parser.add_argument("--program", choices=["cells", "ways"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.program:
        print(json.dumps({"cells": cells, "ways": our_ways}[asked.program](asked.keep)))
        return 0
    if asked.smoke:
        BARS.clear()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="stammkunde-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        make(folder, SMOKE_EVENTS if asked.smoke else EVENTS, SMOKE_WALKED if asked.smoke else WALKED)
        passed = show_cells(_apart(folder, "cells"))
        passed &= show_ways(_apart(folder, "ways"), {} if asked.smoke else peers(folder))
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if passed else 1


def show_cells(told: Any) -> bool:
    print(f"{told['events']:,} events, {len(SIGNALS)} touchpoints; CPU seconds (wall seconds)")
    for name in ("one pass", "cells", "from cache", "one query per cell", "without the time to the next touchpoint"):
        print(f"{told[name][0]:8.3f} ({told[name][1]:.3f})  {name}")
    ours = told["one pass"][0] + told["cells"][0]
    passed = _bar("cells", ours / told["one query per cell"][0], "of the CPU of one query per cell")
    lean = ours / told["without the time to the next touchpoint"][0]
    print(f"{lean:8.3f}  of it where the queries leave out the time to the next touchpoint (no bar)")
    return passed & _bar("cached", told["from cache"][1], "seconds for all cells again")


def show_ways(ours: Any, theirs: dict[str, Any]) -> bool:
    print(f"\n{ours['events']:,} events in ways; CPU seconds, best of {REPEATS}")
    for name in ("transitions", "variants", "step matrix", "funnel"):
        print(f"{ours[name]['cpu']:8.3f}  {name} {ours[name]['result'] or ''}")
    passed = True
    for peer, told in theirs.items():
        for name in set(told) & {"transitions", "step matrix", "funnel"}:
            passed &= _bar(
                peer, ours[name]["cpu"] / told[name]["cpu"], f"of {peer}'s {told[name]['cpu']:.3f} s: {name}"
            )
        for name in set(told) & {"transitions", "funnel", "variants"}:
            if told[name]["result"] != ours[name]["result"]:
                print(f"{name}: {peer} says {told[name]['result']}, we say {ours[name]['result']}")
                passed = False
        passed &= _bar("memory", ours["memory"] / told["memory"], f"of {peer}'s {told['memory']:.0f} MB")
    return passed


def _bar(name: str, value: float, what: str) -> bool:
    bar = BARS.get(name)
    verdict = "" if bar is None else f": {'holds' if value <= bar else 'MISSES'} {bar:.3f}"
    print(f"{value:8.3f}  {what}{verdict}", flush=True)
    return bar is None or value <= bar


def make(folder: Path, events: int, walked: int) -> None:
    """Write a mirror of events for the map, and one of walks with the same walks for the peers."""
    if (folder / "walks.parquet").exists():
        return
    import duckdb

    con = duckdb.connect(config={"threads": 2, "memory_limit": "1500MB", "temp_directory": str(folder / "spill")})
    log = f"""SELECT i AS id, (1 + hash(i) % {events // PER_CUSTOMER})::BIGINT AS customer, {KIND} AS kind,
        {FIRST} + i * ({SPAN} // {events}) AS "at", CASE WHEN k < 20 THEN 50000 + hash(i + 5) % 2000 * 100 END::BIGINT
        AS value, NULL::BIGINT AS replaces, {ATTRIBUTES} AS attributes
        FROM (SELECT i, hash(i + 17) % 100 AS k FROM range(1, {events} + 1) AS numbers(i)) AS drawn"""
    _mirror(con, folder, "map", log)
    station = "'k' || lpad(floor(sqrt(hash(i * 7) % 144))::INTEGER::VARCHAR, 2, '0')"
    walks = f"""SELECT i AS id, (1 + hash(i * 3) % {walked // PER_CUSTOMER})::BIGINT AS customer, {station} AS kind,
        {FIRST} + (hash(i * 11) % {SPAN})::BIGINT AS "at", NULL::BIGINT AS value, NULL::BIGINT AS replaces,
        NULL::VARCHAR AS attributes FROM range(1, {walked} + 1) AS numbers(i)"""
    _mirror(con, folder, "walks", walks)
    con.execute(
        f"""COPY (SELECT customer, kind AS event, make_timestamp("at") AS "at" FROM ({walks}) AS walks)
        TO '{folder}/walks.parquet'"""
    )


def _mirror(con: Any, folder: Path, name: str, query: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from stammkunde.metrics import storage

    con.execute(f"COPY ({query}) TO '{folder}/{name}-log.parquet'")
    log = pq.ParquetFile(folder / f"{name}-log.parquet")
    reader = pa.RecordBatchReader.from_batches(log.schema_arrow, log.iter_batches(250_000))
    storage.rebuild(folder / name, reader, watermark="1", time_zone="Europe/Berlin", currency="EUR")


def cells(folder: Path) -> object:
    """Measure all cells at once, and one after another; the two must agree."""
    _start(folder)
    from zoneinfo import ZoneInfo

    from bench.journey_cells import OneByOne
    from stammkunde.conditions.local_clock import LocalClock
    from stammkunde.insights.journey_figures import figures
    from stammkunde.insights.journey_steps import steps_of
    from stammkunde.metrics import Mirror

    mirror, asked = Mirror.open(folder / "map"), journey()
    clock = LocalClock.of(ZoneInfo(mirror.time_zone))
    bounds = (clock.midnight(START.toordinal()), clock.midnight(END.toordinal()))

    def answer() -> Any:
        return figures(asked, mirror, start=START, end=END, now=NOW)

    def apart(*, whole: bool) -> dict[str, Any]:
        ask = OneByOne(mirror, asked, *bounds, whole=whole)
        return {one.id: ask.cell(one) for one in asked.touchpoints}

    told: dict[str, Any] = {"events": mirror.sql("SELECT count(*) FROM events")[0][0]}
    told["one pass"], _ = _timed(lambda: steps_of(asked, mirror))
    told["cells"], found = _timed(answer)
    told["from cache"], _ = _timed(answer)
    told["without the time to the next touchpoint"], lean = _timed(lambda: apart(whole=False))
    told["one query per cell"], _ = _timed(lambda: apart(whole=True))
    for name, cell in found.cells.items():
        customers, events, revenue, paths = lean[name]
        _agree(name, (cell.customers, cell.events, cell.revenue or 0), (customers, events, revenue))
        for path, theirs in zip(cell.moved_on, paths, strict=True):
            _agree(name, (path.entered, path.matured, path.moved_on), theirs)
    return told


def _agree(name: str, ours: tuple[int, ...], theirs: tuple[int, ...]) -> None:
    """Insist on the same answers; a day of 24 hours and one on the wall differ where the clocks change."""
    if any(abs(first - second) > 5 + 0.001 * second for first, second in zip(ours, theirs, strict=True)):
        raise SystemExit(f"{name}: one pass says {ours}, one query {theirs}")


def journey() -> "Journey":
    """Return the map that is asked for."""
    from stammkunde.journeys.reading import usable

    touchpoints = "".join(
        f'      - {{id: {name}, label: {name}, signal: "{text}"}}\n' for name, text in SIGNALS.items()
    )
    paths = "".join(f"  - {{from: {start}, to: {end}, within: {within}}}\n" for start, end, within in PATHS)
    head = "journey: bench\nversion: 1\nlabel: Bench\nphases:\n  - id: all\n    label: All\n    touchpoints:\n"
    return usable(f"{head}{touchpoints}paths:\n{paths}")


def our_ways(folder: Path) -> object:
    """Measure our kernels on the visits of the mirror."""
    _start(folder)
    from bench.journey_peers import FUNNEL
    from stammkunde.conditions.tree import Events
    from stammkunde.insights.journey_steps import found_steps
    from stammkunde.metrics import Mirror
    from stammkunde.metrics.funnel import funnel
    from stammkunde.metrics.step_matrix import step_matrix
    from stammkunde.metrics.transitions import transitions
    from stammkunde.metrics.variants import variants

    mirror = Mirror.open(folder / "walks")
    steps = found_steps({f"k{n:02}": Events(f"k{n:02}") for n in range(12)}, mirror)

    def followed() -> object:
        found = transitions(replace(steps))
        return [float(found.events[0, 1]), round(float(found.median_days[0, 1]), 3)]

    programs: dict[str, Callable[[], object]] = {
        "transitions": followed,
        "variants": lambda: variants(replace(steps), most=100).count,
        "step matrix": lambda: step_matrix(replace(steps), length=10) is None or None,
        "funnel": lambda: funnel(replace(steps), FUNNEL),
    }
    told: dict[str, Any] = {"events": len(steps)}
    for name, program in programs.items():
        took = [_timed(program) for _ in range(REPEATS)]
        told[name] = {"cpu": min(cpu for (cpu, _), _ in took), "result": took[0][1]}
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return told


def peers(folder: Path) -> dict[str, Any]:
    """Ask the peers, in their own environment; without it they are left out."""
    if not _peers_are_there():
        print("The peers are left out: .venv-peers could not be made (see above).")
        return {}
    told = {}
    environment = os.environ | {"RETENTIONEERING_NO_TRACK": "1", "HOME": str(folder), "PYTHONWARNINGS": "ignore"}
    for peer in ("retentioneering", "pm4py"):
        command = [
            str(PEERS / "bin" / "python"),
            str(ROOT / "bench" / "journey_peers.py"),
            peer,
            str(folder / "walks.parquet"),
        ]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
        told[peer] = json.loads(done.stdout.splitlines()[-1])
    return told


def _peers_are_there() -> bool:
    stamp, lock = PEERS / "stammkunde-lock", ROOT / "requirements" / "peers.txt"
    if stamp.exists() and stamp.read_text() == lock.read_text():
        return True
    print("Preparing .venv-peers: the first time this takes some minutes …", flush=True)
    commands = (
        [sys.executable, "-m", "venv", "--clear", str(PEERS)],
        [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--require-hashes", "-r", str(lock)],
    )  # fmt: skip
    if any(subprocess.run(command, check=False).returncode for command in commands):
        return False
    stamp.write_text(lock.read_text())
    return True


def _start(folder: Path) -> None:
    os.environ |= {
        "STAMMKUNDE_HOME": str(folder / "home"),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
    }
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def _apart(folder: Path, program: str) -> Any:
    command = [sys.executable, __file__, "--program", program, "--keep", str(folder)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _timed(work: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    cpu, wall = time.process_time(), time.perf_counter()
    answer = work()
    return (time.process_time() - cpu, time.perf_counter() - wall), answer


if __name__ == "__main__":
    sys.exit(main())
