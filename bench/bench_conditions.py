"""Measure conditions over ten events for each of a million customers: one, fifty in one pass, and the reason for one.

The figures are CPU seconds of the engine, the best of three. With DATABASE_URL the same question is asked of a local
PostgreSQL that holds the same events with the usual indexes; its CPU is that of the process which answers.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import duckdb

from stammkunde import conditions as c
from stammkunde.conditions.crowd import asked, counted
from stammkunde.conditions.crowd_rows import Crowd

if TYPE_CHECKING:
    import psycopg

CUSTOMERS, SMOKE_CUSTOMERS, EVENTS_EACH = 1_000_000, 10_000, 10
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2025, 12, 1, tzinfo=UTC)
START, SPAN = 1_672_531_200_000_000, 94_608_000_000_000
REPEATS = 3
FOUR = (
    "count(order.placed, last 365 days) >= 2 and sum(order.placed.value, last 365 days) > 100 "
    'and not any(order.placed, last 90 days) and customer.city in ("Wien", "Graz")'
)
OTHERS = (
    "count(order.placed) >= 2",
    "any(order.placed) then none(order.placed) for 60 days",
    'any(message.clicked where flow = "f3") then any(order.placed) within 14 days',
    'any(survey.answered where survey = "csat" and score <= 6, last 90 days)',
    "days since last(order.placed) > 2 * median gap(order.placed)",
)
BARS = {"fifty": 4.0, "tick": 50, "postgresql": 1 / 6, "why": 0.020}
KIND = """CASE WHEN k < 20 THEN 'order.placed' WHEN k < 60 THEN 'page.viewed' WHEN k < 85 THEN 'message.delivered'
WHEN k < 93 THEN 'message.clicked' WHEN k < 97 THEN 'product.viewed' ELSE 'survey.answered' END"""
ATTRIBUTES = """CASE WHEN k < 20 THEN '{"coupon":"X' || i % 7 || '"}' WHEN k < 60 THEN '{"path":"/p/' || i % 50 || '"}'
WHEN k < 93 THEN '{"flow":"f' || i % 9 || '"}' WHEN k >= 97 THEN '{"survey":"csat","score":' || i % 11 || '}' END"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help=f"{SMOKE_CUSTOMERS:,} customers only, and no bars")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="make the events here and use them again")
    asked = parser.parse_args()
    customers = SMOKE_CUSTOMERS if asked.smoke else CUSTOMERS
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="stammkunde-bench-"))
    try:
        passed = measure(folder, customers)
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if passed or asked.smoke else 1


def measure(folder: Path, customers: int) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(config={"threads": 2, "memory_limit": "1500MB", "autoinstall_known_extensions": "false"})
    con.execute(f"SET temp_directory = '{folder}/spill'")
    make(con, folder, customers)
    print(f"{customers * EVENTS_EACH:,} events, {customers:,} customers; CPU seconds, best of {REPEATS}")
    one, answer = asked_of(con, FOUR)
    print(f"{one:8.3f}  four clauses ({answer:,} customers): {FOUR}")
    for text in OTHERS:
        took, count = asked_of(con, text)
        print(f"{took:8.3f}  {count:,} customers: {text}")
    fifty, _ = asked_of(con, *random_conditions(50))
    passed = _bar("fifty", fifty / one, f"fifty conditions of four clauses in one pass ({fifty:.3f} s) ÷ one of them")
    start = time.process_time()
    crowd = Crowd(lambda query, **values: con.execute(query, values or None).fetchnumpy())
    crowd_of(crowd, FOUR)
    print(f"{time.process_time() - start:8.3f}  to load the arrays that the four clauses need, once per mirror")
    warm, same = crowd_of(crowd, FOUR)
    passed &= same == answer
    print(f"{warm:8.3f}  four clauses on warm arrays")
    several, _ = crowd_of(crowd, *random_conditions(50))
    print(f"{several:8.3f}  fifty conditions on warm arrays: {several / warm:.1f} × one of them")
    cheaper = fifty / tick(con, customers)
    passed &= _bar("tick", cheaper, "times cheaper: fifty conditions for 0.1 % of the customers")
    passed &= _bar("why", why(con), "seconds for verdict and reason of one customer, fifty conditions, median")
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        theirs, found = postgresql(con)
        passed &= found == answer
        print(f"{one / theirs:8.3f}  of PostgreSQL's CPU ({theirs:.3f} s) for the four clauses as a query")
        passed &= _bar("postgresql", warm / theirs, "of PostgreSQL's CPU for the four clauses on warm arrays")
    return passed


def tick(con: duckdb.DuckDBPyConnection, customers: int) -> float:
    """Measure fifty conditions for the customers with new events, whose histories the worker has read."""
    conditions = [c.parse(text) for text in random_conditions(50)]
    few = duckdb.connect(config={"threads": 1})
    for view in ("events", "traits", "customers_all"):
        rows = con.sql(f"SELECT * FROM {view} WHERE customer % 1000 = 7").to_arrow_table()
        few.execute(f"CREATE TABLE {view} AS SELECT * FROM rows")
        del rows

    def ask() -> None:
        crowd = Crowd(lambda query, **values: few.execute(query, values or None).fetchnumpy())
        asked(conditions, crowd, NOW, zone=ZONE)

    return best(ask, time.process_time)


def _bar(name: str, value: float, what: str) -> bool:
    held = value >= BARS[name] if name == "tick" else value <= BARS[name]
    print(f"{value:8.3f}  {what}: {'holds' if held else 'MISSES'} {BARS[name]:.3f}")
    return held


def make(con: duckdb.DuckDBPyConnection, folder: Path, customers: int) -> None:
    events = folder / f"events-{customers}.parquet"
    if not events.exists():
        rows = f"""SELECT i, (hash(i * 3 + 1) % 100)::INTEGER AS k, (hash(i) % {customers})::BIGINT + 1 AS customer,
        {START} + (hash(i * 7 + 2) % {SPAN})::BIGINT AS "at" FROM range({customers * EVENTS_EACH}) AS t(i)"""
        columns = f"""customer, {KIND} AS kind, "at", DATE '1970-01-01' + ("at" // 86400000000)::INTEGER AS day,
        CASE WHEN k < 20 THEN (hash(i + 5) % 2000000)::BIGINT + 10000 END AS value, {ATTRIBUTES} AS attributes"""
        con.execute(
            f'COPY (SELECT row_number() OVER (ORDER BY customer, "at") AS id, {columns} FROM ({rows}) AS rows '
            f"ORDER BY customer, \"at\") TO '{events}' (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy)"
        )
    con.execute(f"CREATE VIEW events AS SELECT * FROM '{events}'")
    con.execute("CREATE VIEW lines AS SELECT NULL::BIGINT AS event LIMIT 0")
    con.execute(
        f"""CREATE TABLE traits AS SELECT i + 1 AS customer, 'city' AS trait,
        ['Wien', 'Graz', 'Linz', 'Ulm'][1 + (hash(i) % 4)::INTEGER] AS text, NULL::DOUBLE AS number,
        NULL::BOOLEAN AS flag, {START} + i AS "at", i AS event FROM range({customers}) AS t(i)"""
    )
    con.execute(f"CREATE VIEW customers_all AS SELECT i + 1 AS customer FROM range({customers}) AS t(i)")


def random_conditions(number: int) -> list[str]:
    random, days = Random(1), [30, 60, 90, 120, 180, 365]
    return [
        f"count(order.placed, last {random.choice(days)} days) >= {random.randint(1, 3)} "
        f"and sum(order.placed.value, last {random.choice(days)} days) > {random.choice([50, 100, 200, 500])} "
        f"and not any({random.choice(['order.placed', 'message.clicked'])}, last {random.choice(days)} days) "
        f'and customer.city in ("Wien", "{random.choice(["Graz", "Linz"])}")'
        for _ in range(number)
    ]


def asked_of(con: duckdb.DuckDBPyConnection, *texts: str) -> tuple[float, int]:
    plan = c.compile([c.parse(text) for text in texts], now=NOW, zone=ZONE)
    found: list[int] = []

    def ask() -> None:
        found[:] = con.execute(plan.count_sql, dict(plan.parameters)).fetchall()[0]

    return best(ask, time.process_time), found[0]


def crowd_of(crowd: Crowd, *texts: str) -> tuple[float, int]:
    conditions = [c.parse(text) for text in texts]
    found: list[int] = []

    def ask() -> None:
        found[:] = counted(conditions, crowd, NOW, zone=ZONE)

    return best(ask, time.process_time), found[0]


def best(work: Callable[[], None], clock: Callable[[], float]) -> float:
    took = []
    for _ in range(REPEATS):
        start = clock()
        work()
        took.append(clock() - start)
    return min(took)


def why(con: duckdb.DuckDBPyConnection) -> float:
    rows = con.execute('SELECT id, kind, "at", value FROM events WHERE customer = 7').fetchall()
    events = [c.Event(*row) for row in rows]
    texts = [c.parse(text) for text in random_conditions(50)]
    took = []
    for text in texts:
        start = time.perf_counter()
        c.evaluate(text, events, NOW, zone=ZONE).reason.sentence("de")
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def postgresql(con: duckdb.DuckDBPyConnection) -> tuple[float, int]:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
        loaded(con, db)
        db.execute("SET max_parallel_workers_per_gather = 0")
        db.execute("SET work_mem = '512MB'")
        row = db.execute("SELECT pg_backend_pid()").fetchone()
        stat = Path(f"/proc/{row[0] if row else 0}/stat")
        found: list[int] = []

        def ask() -> None:
            answer = db.execute(SAME).fetchone()
            found[:] = [answer[0] if answer else -1]

        def cpu() -> float:
            fields = stat.read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

        took = best(ask, cpu if stat.exists() else time.perf_counter)
        db.execute("DROP SCHEMA bench_conditions CASCADE")
    return took, found[0]


def _micro(days: int) -> int:
    return int(NOW.timestamp() - days * 86_400) * 1_000_000


SAME = f"""SELECT count(*) FROM bench_conditions.customers AS everyone
JOIN (SELECT customer, count(*) AS n, sum(value) AS s,
  count(*) FILTER (WHERE at > {_micro(90)}) AS late FROM bench_conditions.events
  WHERE kind = 'order.placed' AND at > {_micro(365)} AND at <= {_micro(0)} GROUP BY customer) AS f USING (customer)
JOIN (SELECT DISTINCT ON (customer) customer, text FROM bench_conditions.traits
  WHERE trait = 'city' AND at <= {_micro(0)} ORDER BY customer, at DESC, event DESC) AS k USING (customer)
WHERE n >= 2 AND s > 100 * 10000 AND late = 0 AND text IN ('Wien', 'Graz')"""


def loaded(con: duckdb.DuckDBPyConnection, db: "psycopg.Connection[tuple[object, ...]]") -> None:
    db.execute("DROP SCHEMA IF EXISTS bench_conditions CASCADE")
    db.execute("CREATE SCHEMA bench_conditions")
    tables = {
        "events": "id bigint, customer bigint, kind text, at bigint, value bigint",
        "traits": "customer bigint, trait text, text text, at bigint, event bigint",
        "customers": "customer bigint PRIMARY KEY",
    }
    sources = {
        "events": 'SELECT id, customer, kind, "at", value FROM events',
        "traits": 'SELECT customer, trait, text, "at", event FROM traits',
        "customers": "SELECT customer FROM customers_all",
    }
    for table, columns in tables.items():
        db.execute(f"CREATE TABLE bench_conditions.{table} ({columns})")
        with db.cursor().copy(f"COPY bench_conditions.{table} FROM STDIN") as copy:
            result = con.execute(sources[table])
            while rows := result.fetchmany(100_000):
                text = "".join("\t".join("\\N" if one is None else str(one) for one in row) + "\n" for row in rows)
                copy.write(text)
    db.execute("CREATE INDEX ON bench_conditions.events (customer, kind, at)")
    db.execute("CREATE INDEX ON bench_conditions.events (kind, at) INCLUDE (customer, value)")
    db.execute("CREATE INDEX ON bench_conditions.traits (customer, trait, at)")
    db.execute("VACUUM ANALYZE bench_conditions.events")
    db.execute("VACUUM ANALYZE bench_conditions.traits")


if __name__ == "__main__":
    sys.exit(main())
