"""Run a real server of its own for tests that come from outside, as a browser or a shop does."""

import csv
import os
import random
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg
import pytest

_PATIENCE_SECONDS = 120
_STAMMKUNDE = (sys.executable, "-m", "stammkunde.cli")


# One process for all of them: starting is what takes the time.
_LET_IN = """
import sys
from stammkunde.cli.starting import start
start()
from stammkunde.accounts.models import User
for role in sys.argv[2:]:
    User.objects.create_user(f"{role}@shop.example", password=sys.argv[1], name=role.title(), role=role, language="de")
"""
_START = "import sys\nfrom stammkunde.cli.starting import start\nstart()\n"
PASSWORD = "Ein-langes-Kennwort-7"
ROLES = ("owner", "marketing", "service", "analyst")


@dataclass(frozen=True)
class Server:
    """One `stammkunde serve` on loopback with a data folder of its own; `<role>@shop.example` may log in."""

    url: str
    home: Path
    environment: dict[str, str] = field(repr=False)

    def command(self, *arguments: str, typed: str = "") -> str:
        """Run `stammkunde …` on this server's data and return what it printed."""
        return _run([*_STAMMKUNDE, *arguments], self.environment, typed=typed)

    def script(self, code: str, *arguments: str) -> str:
        """Run a few lines of Python on this server's data, as a plug-in might, and return what they printed."""
        return _run([sys.executable, "-c", f"{_START}{code}", *arguments], self.environment)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a small made-up shop, two years old, until the session ends."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        orders = running.home / "orders.csv"
        write_orders(orders, last_day=datetime.now(UTC).date())
        running.command("import", "orders", str(orders))
        yield running


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a business that has not imported anything yet."""
    with serving(tmp_path_factory.mktemp("empty")) as running:
        yield running


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """Start a server with its worker on a free port, let one person of each role in, and stop it at the end."""
    environment = os.environ | {"STAMMKUNDE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings"}
    if os.environ.get("DATABASE_URL"):
        environment["DATABASE_URL"] = _empty_database(os.environ["DATABASE_URL"])
    _run([sys.executable, "-c", _LET_IN, PASSWORD, *ROLES], environment)
    port = _free_port()
    log = home / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*_STAMMKUNDE, "serve", "--port", str(port)], env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _await(url, process, log)
        yield Server(url=url, home=home, environment=environment)
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE_SECONDS)


def write_orders(file: Path, *, last_day: date) -> None:
    """Write two years of orders of 80 customers: some come once, some each month, some stayed away a year ago."""
    chance = random.Random(2026)
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out, delimiter=";")
        rows.writerow(["Bestellnummer", "Kundennummer", "Datum", "Artikel", "Menge", "Einzelpreis"])
        number = 1000
        for customer in range(1, 81):
            day = last_day - timedelta(days=chance.randrange(5, 730))
            gap, left = chance.choice((14, 30, 60, 120)), chance.choice((1, 2, 3, 30))
            while day <= last_day and left:
                number += 1
                for product in chance.sample(("Seife", "Badesalz", "Kerze", "Tulpen"), k=chance.randint(1, 3)):
                    price = f"{chance.randrange(250, 4000) / 100:.2f}".replace(".", ",")
                    rows.writerow([number, customer, f"{day:%d.%m.%Y} 10:30", product, chance.randint(1, 3), price])
                day += timedelta(days=chance.randrange(gap // 2, gap * 2))
                left -= 1


def _empty_database(url: str) -> str:
    """Create one more database on the PostgreSQL server of this URL and return its own URL."""
    name = f"server_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _run(command: Sequence[str], environment: dict[str, str], *, typed: str = "") -> str:
    done = subprocess.run(command, env=environment, input=typed, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(command[2:])} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            urlopen(url, timeout=5).close()
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the server did not answer at {url}:\n{log.read_text()}")
