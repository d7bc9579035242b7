"""Run a PostgreSQL of our own for the tests: its own data folder, loopback only, gone afterwards."""

import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OLDEST = 15
_PATIENCE_SECONDS = 60
# The tests' data may be lost with the machine: a killed client, which the tests do try, loses nothing by this.
_UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# A test that fails with a transaction open must not hang the ones after it.
_NO_HANGING = ("lock_timeout=60s", "idle_in_transaction_session_timeout=60s")
_OPTIONS = (*_UNSAFE_BUT_FAST, *_NO_HANGING, "max_connections=60", "timezone=UTC")


class PostgresMissing(Exception):
    """PostgreSQL 15 or newer is needed for the tests; on Debian: apt-get install postgresql."""


class PostgresFailed(Exception):
    """PostgreSQL did not start; its own words follow."""


def programs() -> Path:
    """Return the folder of the newest PostgreSQL on this machine; PostgresMissing when none is new enough."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin")) + list(Path("/usr").glob("pgsql-*/bin"))
    on_path = shutil.which("postgres")
    folders += [Path(on_path).resolve().parent] if on_path else []
    found = [(_version(folder), folder) for folder in folders if (folder / "initdb").exists()]
    if not found or max(found)[0] < OLDEST:
        raise PostgresMissing(str(PostgresMissing.__doc__))
    return max(found)[1]


@contextmanager
def running() -> Iterator[str]:
    """Start a server and yield the DATABASE_URL of its empty database; stop it and remove its data at the end."""
    binaries = programs()
    folder = Path(tempfile.mkdtemp(prefix="stammkunde-postgres-"))
    words = _as_ordinary_user(folder)
    password, port = secrets.token_hex(12), _free_port()
    try:
        _create(words, binaries, folder, password)
        process = _start(words, binaries, folder, port)
        try:
            _await(process, folder, port)
            yield f"postgresql://stammkunde:{password}@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=_PATIENCE_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _version(folder: Path) -> int:
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)", told)
    return int(number[1]) if number else 0


def _as_ordinary_user(folder: Path) -> list[str]:
    """Return the words that run a command without root's rights, which PostgreSQL refuses, and hand it the folder."""
    die_with_us = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    if os.geteuid() != 0:
        return die_with_us
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--pdeathsig", "INT"]


def _create(words: list[str], binaries: Path, folder: Path, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    shutil.chown(secret, folder.stat().st_uid, folder.stat().st_gid)
    secret.chmod(0o600)
    command = [*words, str(binaries / "initdb"), "--pgdata", str(folder / "data"), "--username", "stammkunde"]
    command += ["--auth", "scram-sha-256", "--pwfile", str(secret)]
    command += ["--no-sync", "--encoding", "UTF8", "--locale", "C.UTF-8"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode:
        raise PostgresFailed(f"initdb ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def _start(words: list[str], binaries: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = [*words, str(binaries / "postgres"), "-D", str(folder / "data"), "-p", str(port)]
    options = ("listen_addresses=127.0.0.1", "unix_socket_directories=", *_OPTIONS)
    command += [part for option in options for part in ("-c", option)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=folder)


def _await(process: subprocess.Popen[bytes], folder: Path, port: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if "database system is ready" in (folder / "log").read_text(errors="replace"):
            return
        time.sleep(0.05)
    raise PostgresFailed(f"no PostgreSQL answers on port {port}:\n{(folder / 'log').read_text(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
