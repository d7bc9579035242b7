"""Measure the list of customers with a million of them: every page through the whole web application, SQLite."""

import argparse
import os
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

CUSTOMERS, SMOKE_CUSTOMERS = 1_000_000, 20_000
BAR_AGAIN_MS = 100
# One letter is how a fifth of the names and places begin: all those have to be fetched before they can be sorted.
ONE_LETTER = "search: one letter"
REPEATS = 7
GIVEN = ("Anna", "Ben", "Clara", "David", "Eva", "Finn", "Greta", "Hans", "Ida", "Jan", "Kira", "Leo", "Mia", "Zoë")
FAMILY = [
    beginning + ending
    for beginning in ("Mü", "Schmi", "Wag", "Bäck", "Hoff", "Koch", "Rich", "Wolf", "Neu", "Zim", "Krü", "Hart", "Kön")
    for ending in ("ler", "dt", "ner", "mann", "mer", "ger", "tin", "inger", "bauer", "berg")
]
CITIES = ("Wien", "Berlin", "Graz", "Köln", "Hamburg", "München", "Leipzig", "Linz", "Bern", "Basel")
QUESTIONS = {
    "first page, by revenue": "",
    "page 10,000, by revenue": "page=10000",
    "by name": "sort=name",
    "by name, page 15,000": "sort=name&page=15000",
    "group, by name": "group=champions&sort=name",
    "silent, by last order": "standing=silent&sort=-last",
    "at least 5 orders": "min_orders=5&sort=-orders",
    "search: a family name": "q=Kochmann",
    ONE_LETTER: "q=m",
    "search: an e-mail address": "q=k77777@",
    "search: a customer number": "q=177777",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help=f"{SMOKE_CUSTOMERS:,} customers only")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="make the data here and use them again")
    asked = parser.parse_args()
    home = asked.keep or Path(tempfile.mkdtemp(prefix="stammkunde-bench-"))
    try:
        return _run(home, SMOKE_CUSTOMERS if asked.smoke else CUSTOMERS)
    finally:
        if not asked.keep:
            shutil.rmtree(home, ignore_errors=True)


def _run(home: Path, customers: int) -> int:
    os.environ |= {"STAMMKUNDE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    if not (home / "mirror" / "manifest.json").exists():
        _make(customers, home)
    print(f"{customers:,} customers; CPU milliseconds per page, median of {REPEATS} after the first")
    slowest = 0.0
    ask = _client()
    for name, query in QUESTIONS.items():
        first, again = _timed(lambda query=query: ask(query))
        slowest = max(slowest, again if name != ONE_LETTER else 0)
        print(f"  {name:28} first {first:7.1f}   again {again:7.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    verdict = "kept" if slowest <= BAR_AGAIN_MS else "MISSED"
    print(f"slowest again (but for one letter) {slowest:.1f} ms, bar {BAR_AGAIN_MS} ms: {verdict}; peak {peak:.0f} MB")
    return 0 if slowest <= BAR_AGAIN_MS or customers < CUSTOMERS else 1


def _client() -> Callable[[str], None]:
    from django.test import Client

    from stammkunde.accounts.models import User

    user = User.objects.filter(email="bench@example.org").first() or User.objects.create_user(
        "bench@example.org", password=None, role="owner"
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)

    def ask(query: str) -> None:
        response = client.get(f"/customers?{query}")
        assert response.status_code == 200, response.status_code

    return ask


def _timed(call: Callable[[], None]) -> tuple[float, float]:
    times = []
    for _ in range(REPEATS + 1):
        started = time.process_time()
        call()
        times.append((time.process_time() - started) * 1000)
    return times[0], statistics.median(times[1:])


def _make(customers: int, home: Path) -> None:
    from django.core.management import call_command

    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    _make_people(customers)
    _make_orders(customers, home / "mirror")
    print(f"made the data in {time.perf_counter() - started:.0f} s", file=sys.stderr)


def _make_people(customers: int) -> None:
    from django.db import connection, transaction

    with transaction.atomic():
        connection.ensure_connection()
        connection.connection.executemany(
            "INSERT INTO customers_customer (id, given_name, family_name, street, postcode, city, country, language,"
            " tone, invented, created_at, by_family_name, by_given_name, by_city, by_postcode)"
            " VALUES (?, ?, ?, '', ?, ?, 'DE', 'de', '', 1, '2026-01-01 00:00:00', ?, ?, ?, ?)",
            _people(customers),
        )
        insert = "INSERT INTO customers_identity (customer_id, kind, scope, value) VALUES (?, ?, ?, ?)"
        numbers = range(1, customers + 1)
        connection.connection.executemany(insert, ((n, "number", "shop", str(100_000 + n)) for n in numbers))
        connection.connection.executemany(insert, ((n, "email", "", f"k{n}@example.org") for n in numbers))


def _people(customers: int) -> Iterator[tuple[object, ...]]:
    from stammkunde.customers.folding import fold

    draw = random.Random(1)
    folded = {name: fold(name) for name in (*GIVEN, *FAMILY, *CITIES)}
    for number in range(1, customers + 1):
        given, family, city = draw.choice(GIVEN), draw.choice(FAMILY), draw.choice(CITIES)
        postcode = str(draw.randrange(10_000, 99_999))
        names = f"{folded[family]} {folded[given]}", f"{folded[given]} {folded[family]}"
        yield number, given, family, postcode, city, *names, folded[city], postcode


def _make_orders(customers: int, folder: Path) -> None:
    """Give nine in ten customers orders, few of them many, over three years."""
    import numpy as np
    import pyarrow as pa

    from stammkunde.metrics import storage

    draw = np.random.default_rng(1)
    counts = np.where(draw.random(customers) < 0.9, draw.geometric(0.4, customers), 0)
    customer = np.repeat(np.arange(1, customers + 1), counts)
    start = 1_672_531_200_000_000
    began = draw.integers(0, 1000, customers)
    days = began[customer - 1] + draw.exponential(60, len(customer)).astype(np.int64)
    events = pa.table(
        {
            "id": np.arange(1, len(customer) + 1),
            "customer": customer,
            "kind": pa.array(["order.placed"] * len(customer)),
            "at": start + np.minimum(days, 1094) * 86_400_000_000 + draw.integers(0, 80_000, len(customer)) * 1_000_000,
            "value": draw.gamma(2, 20, len(customer)).round(2).__mul__(10_000).astype(np.int64) + 100,
            "replaces": pa.nulls(len(customer), pa.int64()),
            "attributes": pa.array(["{}"] * len(customer)),
        }
    )
    storage.append(folder, events, watermark="sqlite:0", time_zone="Europe/Berlin", currency="")


if __name__ == "__main__":
    sys.exit(main())
