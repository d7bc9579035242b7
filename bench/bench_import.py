"""Measure an import from the file to a figure, against what pandas needs only to read and type the same file."""

import argparse
import json
import multiprocessing
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = Path(os.environ.get("STAMMKUNDE_TEST_DATA", ROOT.parent / "shared" / "data"))
RUNS = 5
LINES, SMOKE_LINES = 541_909, 20_000
BAR, GOAL, BAR_MEMORY_MB = 8.0, 4.0, 700

_PANDAS = """
import sys, time
began = time.process_time()
import pandas as pd
loaded = time.process_time()
types = {"InvoiceNo": "str", "StockCode": "str", "Description": "str", "Quantity": "int64", "UnitPrice": "float64",
         "CustomerID": "float64", "Country": "category"}
frame = pd.read_csv(sys.argv[1], dtype=types, parse_dates=["InvoiceDate"])
"""
# An installation has no pandas; where a test environment has it, pyarrow would load it, at a second of CPU for nothing.
_WITHOUT_PANDAS = """
import sys
class _Hidden:
    def find_spec(self, name, path=None, target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, _Hidden())
"""
_IMPORT = """
import sys, time
from pathlib import Path
from stammkunde.cli.starting import start
start()
from stammkunde.events import imports
from stammkunde.insights import figures, mirroring
from stammkunde.kernel import clock
from stammkunde.metrics import Period
from datetime import date
loaded = time.process_time()
file = Path(sys.argv[1])
result = imports.run(imports.create(file, file_name=file.name, now=clock.now()), now=clock.now())
assert result.imported == result.read, result
written = time.process_time()
mirroring.sync()
synced = time.process_time()
figure = figures.mirror()
from stammkunde import metrics
(counted,) = metrics.figures(figure, ["customers_active"], period=Period(date(2010, 12, 1), date(2011, 12, 10)))
assert counted.value and counted.value > 10, counted
"""
_TELL = """
import json, resource
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"all": time.process_time(), "loaded": loaded, "memory": memory,
                  "written": globals().get("written"), "synced": globals().get("synced")}))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help=f"{SMOKE_LINES:,} lines, once, no bar")
    asked = parser.parse_args()
    runs = 1 if asked.smoke else RUNS
    with tempfile.TemporaryDirectory(prefix="stammkunde-bench-") as name:
        place = Path(name)
        file = _alone(_file, place, SMOKE_LINES if asked.smoke else LINES)
        _run("from stammkunde.cli.starting import start; start()", place / "empty", file)
        reading = [_run(_PANDAS + _TELL, place / "pandas", file) for _ in range(runs)]
        importing = []
        for number in range(runs):
            home = place / f"home{number}"
            shutil.copytree(place / "empty", home)
            importing.append(_run(_WITHOUT_PANDAS + _IMPORT + _TELL, home, file))
        if os.environ.get("DATABASE_URL"):
            _tell_postgresql(place, file)
    return _judge(reading, importing, smoke=asked.smoke)


def _judge(reading: list[dict[str, float]], importing: list[dict[str, float]], *, smoke: bool) -> int:
    read, load = _median(reading, "all", "loaded"), _median(reading, "loaded")
    ours, start = _median(importing, "all", "loaded"), _median(importing, "loaded")
    written = _median(importing, "written", "loaded")
    synced = _median(importing, "synced", "written")
    memory = max(run["memory"] for run in importing)
    print(f"pandas: read and type {read:.2f} s CPU (and {load:.2f} s to load itself)")
    print(f"import: {ours:.2f} s CPU (and {start:.2f} s to start), of which log {written:.2f}, mirror {synced:.2f}")
    whole = (ours + start) / (read + load)
    print(f"ratio, work alone: {ours / read:.1f} · whole processes: {whole:.1f} (bar {BAR:g}, goal {GOAL:g})")
    print(f"largest memory: {memory:.0f} MB (bar {BAR_MEMORY_MB} MB)")
    return 0 if smoke or (ours / read <= BAR and memory <= BAR_MEMORY_MB) else 1


def _median(runs: list[dict[str, float]], to: str, since: str = "") -> float:
    return statistics.median(run[to] - (run[since] if since else 0.0) for run in runs)


def _file(place: Path, lines: int) -> Path:
    """Return the real year where it is at hand, else the demonstration's purchases written in the same form."""
    real = REAL_DATA / "online_retail_ii" / "year_2010_2011_raw.csv.gz"
    if real.exists() and lines == LINES:
        return real
    import duckdb

    from stammkunde.demo.shop import Shop

    parquet, target = place / "orders.parquet", place / "orders.csv.gz"
    Shop(full=True, shift_weeks=0).export_orders(parquet)
    with duckdb.connect() as con:
        con.execute(
            f"""
            COPY (SELECT Bestellnummer AS InvoiceNo, Artikelnummer AS StockCode, Artikel AS Description,
                Menge AS Quantity,
                strftime(Bestellzeit::TIMESTAMP - INTERVAL 6 YEAR, '%Y-%m-%d %H:%M:%S') AS InvoiceDate,
                round(Zeilensumme / Menge, 2) AS UnitPrice, Kundennummer AS CustomerID, 'US' AS Country
                FROM read_parquet('{parquet}') WHERE Menge > 0 LIMIT {lines}) TO '{target}' (HEADER)
            """
        )
    return target


def _alone(work: Callable[..., Path], *arguments: object) -> Path:
    """Run the work in a process of its own, so that later ones do not inherit the size of its memory."""
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _tell_postgresql(place: Path, file: Path) -> None:
    """Say what the same import costs this side of a PostgreSQL server, in a database of its own."""
    import psycopg

    url, name = os.environ["DATABASE_URL"], f"bench_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        own = urlsplit(url)._replace(path=f"/{name}").geturl()
        _run("from stammkunde.cli.starting import start; start()", place / "postgresql", file, url=own)
        cost = _run(_WITHOUT_PANDAS + _IMPORT + _TELL, place / "postgresql", file, url=own)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    print(f"on PostgreSQL, without the server's share: {cost['all'] - cost['loaded']:.2f} s CPU")


def _run(code: str, home: Path, file: Path, *, url: str = "") -> dict[str, Any]:
    environment = os.environ | {"STAMMKUNDE_HOME": str(home), "DATABASE_URL": url}
    environment["DJANGO_SETTINGS_MODULE"] = "stammkunde.config.settings"
    command = [sys.executable, "-c", code, str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.strip().splitlines()[-1])) if done.stdout.strip() else {}


if __name__ == "__main__":
    sys.exit(main())
