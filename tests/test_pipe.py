"""Whoever reads only the beginning of an answer is not shown our insides."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("words", [("journey", "ready", "local-shop"), ("segment", "list")])
def test_a_pipe_that_is_closed_early_ends_the_command_quietly(words: tuple[str, ...], tmp_path: Path) -> None:
    environment = {**os.environ, "STAMMKUNDE_HOME": str(tmp_path)}
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "stammkunde.cli", *words],
            stdout=writing, stderr=subprocess.PIPE, env=environment, text=True, timeout=120, check=False,
        )  # fmt: skip
    finally:
        os.close(writing)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert 141 == done.returncode
