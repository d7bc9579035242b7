"""Run a real server of its own for tests that come from outside, as a browser or a shop does."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg
import pytest

_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """One `stammkunde serve` on loopback with a data folder of its own."""

    url: str
    home: Path
    environment: dict[str, str] = field(repr=False)

    def command(self, *arguments: str) -> str:
        """Run `stammkunde …` on this server's data and return what it printed."""
        return _run(self.environment, *arguments)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a server on a free port; it ends with the session."""
    home = tmp_path_factory.mktemp("server")
    port = _free_port()
    environment = os.environ | {"STAMMKUNDE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings"}
    if os.environ.get("DATABASE_URL"):
        environment["DATABASE_URL"] = _empty_database(os.environ["DATABASE_URL"])
    _run(environment, "migrate")
    log = home / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "stammkunde.cli", "serve", "--port", str(port)],
            env=environment, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        _await(url, process, log)
        yield Server(url=url, home=home, environment=environment)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _empty_database(url: str) -> str:
    """Create one more database on the PostgreSQL server of this URL and return its own URL."""
    name = f"server_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "stammkunde.cli", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise AssertionError(f"stammkunde {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
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
