"""Writers may be killed, and may be several: the mirror is always the one before or the one after."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from stammkunde.metrics import layers, storage
from tests.metrics.storage_model import expected, shown
from tests.metrics.storage_writer import add_next, batches

ROOT = Path(__file__).resolve().parent.parent.parent
ENDLESS = 1_000_000


def writer(folder: Path, rounds: int) -> subprocess.Popen[str]:
    """Start a process that adds to the mirror, and wait until it is about to."""
    command = [sys.executable, "-m", "tests.metrics.storage_writer", str(folder), str(rounds)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    wait_for(process, "ready")
    return process


def wait_for(process: subprocess.Popen[str], word: str) -> None:
    """Wait until the process says so."""
    assert process.stdout
    assert word == process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> int:
    """Wait for the process and let go of its pipe."""
    with process:
        process.communicate()
        return process.returncode


def check(folder: Path) -> int:
    """Hold the mirror against a recomputation of all it claims to contain, and return how many batches that is."""
    manifest = storage.read_manifest(folder)
    last = int(manifest.watermark) if manifest else 0
    if manifest:
        assert expected(batches(last)) == shown(folder)
    return last


def kill_writers(folder: Path, rounds: int) -> None:
    chance = random.Random(20250)
    reached = [0]
    for _ in range(rounds):
        process = writer(folder, ENDLESS)
        waited = chance.randint(0, 2)
        for _ in range(waited):
            wait_for(process, "added")
        time.sleep(chance.uniform(0, 0.25))
        process.send_signal(signal.SIGKILL)
        assert -signal.SIGKILL == end(process)
        reached.append(check(folder))
        assert reached[-2] + waited <= reached[-1]
    time.sleep(1.1)
    assert 0 == end(writer(folder, 1))
    manifest = storage.read_manifest(folder)
    assert manifest
    needed = manifest.files | {old.path for old in manifest.retired} | {"lock", "manifest.json"}
    assert {path.name for path in folder.iterdir()} <= needed
    check(folder)


def test_killed_writer_leaves_the_mirror_before_or_after(tmp_path: Path) -> None:
    kill_writers(tmp_path / "mirror", 3)


@pytest.mark.prove
def test_writers_killed_again_and_again_leave_the_mirror_before_or_after(tmp_path: Path, rounds: int) -> None:
    kill_writers(tmp_path / "mirror", rounds)


def test_two_writers_add_every_batch_once(tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    writers = [writer(folder, 8) for _ in range(2)]
    assert [0, 0] == [end(process) for process in writers]
    assert 8 <= check(folder) <= 16


def test_readers_never_see_half_a_sync(tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    add_next(folder)
    process = writer(folder, 12)
    seen = set()
    with duckdb.connect(config={"threads": 1}) as con:
        while process.poll() is None:
            manifest = layers.attach(con, folder)
            [(events,)] = con.execute("SELECT count(*) FROM events").fetchall()
            assert len(expected(batches(int(manifest.watermark)))["events"]) == events
            seen.add(manifest.watermark)
    assert 0 == end(process)
    assert len(seen) > 1
