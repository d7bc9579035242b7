"""Measure what keeping 50 segments costs: a tick after a few new events, beside asking everybody anew."""

import argparse
import gc
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stammkunde.conditions import Condition
    from stammkunde.metrics import Mirror

CUSTOMERS, SMOKE_CUSTOMERS = 1_000_000, 20_000
EVENTS_PER_CUSTOMER = 10
SHARE_TOUCHED = 0.001
SEGMENTS = 50
TICKS = 5
BAR_TICK, BAR_WHY_MS, BAR_COUNTS = 50, 20, 4
FOUR = (
    "count(order.placed, last 365 days) >= 2 and sum(order.placed.value, last 365 days) > 100 "
    "and not any(order.returned, last 90 days) and any(message.delivered, last 90 days)"
)
START = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 3 * 365
NOW = START + timedelta(days=DAYS, hours=11)
KINDS = (
    "CASE WHEN x % 100 < 70 THEN 'order.placed' WHEN x % 100 < 75 THEN 'order.returned' ELSE 'message.delivered' END"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help=f"{SMOKE_CUSTOMERS:,} customers only, no bars")
    parser.add_argument(
        "--keep", metavar="FOLDER", type=Path, help="keep what is made here, filled segments and all, and begin with it"
    )
    asked = parser.parse_args()
    customers = SMOKE_CUSTOMERS if asked.smoke else CUSTOMERS
    with tempfile.TemporaryDirectory(prefix="stammkunde-bench-") as home:
        if asked.keep and asked.keep.exists():
            shutil.copytree(asked.keep, home, dirs_exist_ok=True)
            _start(Path(home))
        else:
            _start(Path(home))
            _make(customers)
            _fill()
            if asked.keep:
                shutil.copytree(home, asked.keep)
        met = _measure(customers)
    return 0 if asked.smoke or met else 1


def _start(home: Path) -> None:
    os.environ |= {
        "STAMMKUNDE_HOME": str(home),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _make(customers: int) -> None:
    """Write customers and events in the order of time; half of the orders have a discount, all have one line."""
    from django.db import connection

    events = customers * EVENTS_PER_CUSTOMER
    print(f"{events:,} events of {customers:,} customers, {SEGMENTS} segments")
    numbers = "WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < %s)"
    columns = ", ".join(
        "given_name family_name street postcode city country language tone "
        "by_family_name by_given_name by_city by_postcode".split()
    )
    step = DAYS * 86_400_000_000 // events
    first = int(START.timestamp()) * 1_000_000
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'events_event' AND type = 'index' AND sql <> ''"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("BEGIN")
        cursor.execute(
            f"{numbers} INSERT INTO customers_customer (id, invented, created_at, {columns}) "
            f"SELECT i, 1, '2024-01-01', {', '.join([repr('')] * 12)} FROM numbers",
            [customers],
        )
        cursor.execute(
            f"""{numbers} INSERT INTO events_event (id, kind, customer_id, at, utc_offset, recorded_at, source,
                external_id, revision, value, currency, attributes, digest, live)
            SELECT i, {KINDS}, 1 + (x * 7919 + i / 3) % {customers}, {first} + i * {step}, 60, 0,
                'shop', printf('e%09d', i), 0, 50000 + x % 2000 * 100, 'EUR',
                '{{"coupon":"' || CASE WHEN x % 2 THEN 'SOMMER' ELSE '' END || '","channel":"web","lines":['
                || '{{"product":"P' || (x % 500) || '","category":"K' || (x % 30)
                || '","quantity":1,"unit_price":9.9}}]}}', '', 0
            FROM (SELECT i, (i * 2654435761) % 4294967296 AS x FROM numbers)""",
            [events],
        )
        cursor.execute("COMMIT")
        for _, index in indexes:
            cursor.execute(index)


def conditions() -> list[str]:
    """Return fifty different questions of the kinds that segments ask."""
    texts: list[str] = []
    for n in range(1, 11):
        texts += [
            f"count(order.placed, last {30 * n} days) >= {1 + n % 3} and none(order.returned, last {20 * n} days)",
            f"sum(order.placed.value, last {60 * n} days) > {10 * n} and any(message.delivered, last {10 * n} days)",
            f"any(order.placed) then none(order.placed) for {15 * n} days",
            f"days since last(order.placed) > {12 * n} and count(order.placed) >= {n}",
            f'any(order.placed where category = "K{n}", last 1 year) and count(order.placed, last {n} months) <= 4',
        ]
    return texts[:SEGMENTS]


def _fill() -> None:
    from django.db import connection

    from stammkunde.insights import figures, mirroring
    from stammkunde.segments import definitions, membership

    _say("rebuild of the mirror", _cost(mirroring.rebuild))
    for number, text in enumerate(conditions()):
        definitions.save(f"s{number}", text, now=NOW)
    before, mirror = _memory(), figures.snapshot()
    cost, filled = _timed(lambda: membership.tick(mirror, now=NOW))
    _say(f"first filling, {filled.entered:,} members", cost)
    print(f"  memory before {before} MB, at most {_memory()} MB")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _measure(customers: int) -> bool:
    from stammkunde.conditions import parse
    from stammkunde.insights import figures
    from stammkunde.segments import asking, definitions, membership

    mirror = figures.snapshot()
    assert mirror
    known, asked = definitions.known(), [parse(text) for text in conditions()]
    query = statistics.median(_cost(lambda: asking.queried(mirror, asked, known=known, now=NOW)) for _ in range(3))
    _say("everybody by the query", query)
    anew = _cost(lambda: membership.recompute(mirror, now=NOW))
    _say("everybody by the query, compared", anew)
    gc.freeze()  # as the worker does
    ticks = [_tick(number, customers, mirror) for number in range(TICKS)]
    whys = _whys(customers)
    tick = statistics.median(ticks)
    _say("a tick, median of five", tick)
    counts = _counts(mirror)
    ratio, why = anew / tick, statistics.median(whys) * 1000
    print(f"\nA tick is {ratio:.0f} × cheaper than a full recomputation (bar: {BAR_TICK} ×),")
    print(f"and {query / tick:.0f} × cheaper than its query alone, when nobody compares or writes what it found.")
    print(f"Fifty counts cost {counts:.1f} × one of four clauses (bar: {BAR_COUNTS} ×).")
    print(f"The reason for one customer takes {why:.1f} ms of CPU (bar: {BAR_WHY_MS} ms).")
    print(f"Largest memory: {_memory()} MB.")
    return ratio >= BAR_TICK and counts <= BAR_COUNTS and why <= BAR_WHY_MS


def _counts(mirror: "Mirror") -> float:
    """Count by the path of the product, first cold, then warm; return how much more fifty cost than one."""
    from stammkunde.conditions import parse
    from stammkunde.segments import asking, definitions

    known, asked, four = definitions.known(), [parse(text) for text in conditions()], parse(FOUR)

    def counted(*some: "Condition") -> float:
        return _cost(lambda: asking.count(mirror, some, known=known, now=NOW))

    _say("one count of four clauses, cold", counted(four))
    before = _held()
    _say("fifty counts, cold", counted(*asked))
    print(f"  memory in use before {before} MB, after {_held()} MB; at most {_memory()} MB")
    counted(four)
    one = min(counted(four) for _ in range(5))
    fifty = min(counted(*asked) for _ in range(5))
    each = statistics.mean(counted(condition) for condition in asked)
    _say("one count of four clauses", one)
    _say("fifty counts in one pass", fifty)
    _say("one of the fifty alone, mean", each)
    return fifty / one


def _held() -> int:
    """Return the memory in use now, in MB."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), _memory())


def _memory() -> int:
    """Return the largest memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _tick(number: int, customers: int, mirror: "Mirror") -> float:
    """Let something happen to 0.1 % of the customers (3 of 10 order), and measure the tick that follows."""
    from django.db import transaction

    from stammkunde.events.ingest import Draft, record
    from stammkunde.segments import membership

    now = NOW + timedelta(minutes=2 * (number + 1))
    touched = max(1, int(customers * SHARE_TOUCHED))
    at = now - timedelta(seconds=30)
    who = [1 + (i * 997 + number) % customers for i in range(touched)]
    drafts = [
        Draft("order.placed", at, "new", f"{number}/{i}", customer, 500_000)
        if i % 10 < 3
        else Draft("message.delivered", at, "new", f"{number}/{i}", customer, attributes={"message": "m"})
        for i, customer in enumerate(who)
    ]
    with transaction.atomic():
        record(drafts, now=now)
    cost, ticked = _timed(lambda: membership.tick(mirror, now=now))
    print(f"  tick {number + 1}: {cost:.3f} s CPU, {ticked}")
    return cost


def _whys(customers: int) -> list[float]:
    from stammkunde.segments import reasons

    return [_cost(lambda who=who: reasons.why("s7", who, now=NOW)) for who in range(1, customers, customers // 40)]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    before = time.process_time()
    answer = work()
    return time.process_time() - before, answer


def _cost(work: Callable[[], Any]) -> float:
    return _timed(work)[0]


def _say(what: str, cpu: float) -> None:
    print(f"{what:32s} {cpu:8.3f} s CPU", flush=True)


if __name__ == "__main__":
    sys.exit(main())
