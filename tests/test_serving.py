"""Two servers never share an address, and nothing outlives the one that started it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stammkunde.cli.serving import PortTaken, _free_port
from tests.server import serving


def test_a_port_on_which_somebody_listens_is_refused_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTaken, match="take another port"):
            _free_port("127.0.0.1", taken.getsockname()[1])
    assert _free_port("127.0.0.1", 0) > 0


@pytest.mark.django_db
def test_web_and_worker_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        command = [sys.executable, "-m", "stammkunde.cli", "serve", "--port", "0"]
        parent = subprocess.Popen(command, env=server.environment, stdout=subprocess.PIPE, text=True)
        assert parent.stdout is not None
        assert "http://" in parent.stdout.readline()
        children = [int(pid) for pid in Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()]
        assert 2 == len(children)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
        deadline = time.monotonic() + 30
        while any(_runs(pid) for pid in children) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert [] == [pid for pid in children if _runs(pid)]


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
