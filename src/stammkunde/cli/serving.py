"""Serve the pages and run the worker: one command, one process tree."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import Namespace
from contextlib import suppress
from ipaddress import ip_address
from types import FrameType
from typing import NoReturn

from stammkunde.cli.starting import start
from stammkunde.kernel.errors import WrongInput

LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 15
_PR_SET_PDEATHSIG = 1
_START_SECONDS = 60
_LOOK_SECONDS = 0.2
# Many, for a thread waits while somebody with a slow line hands in a file; computing is bounded by the machine.
_THREADS = "32"
_WORKER = [sys.executable, "-m", "stammkunde.worker"]
_APPLICATION = "stammkunde.config.wsgi:application"


class PortTaken(WrongInput):
    """Somebody else listens at this address; stop it or choose another port."""


def run(options: Namespace) -> int:
    """Serve the data folder."""
    start()
    if not _is_loopback(options.host):
        from stammkunde.demo.published import refuse_published_password

        refuse_published_password()
    return serve(host=options.host, port=options.port, workers=options.workers, greeting=_first_steps())


def work(_options: Namespace) -> NoReturn:
    """Run only the worker, until it is asked to stop."""
    start()
    sys.stdout.flush()
    os.execve(_WORKER[0], _WORKER, _environment())


def serve(*, host: str, port: int, workers: int, greeting: str = "") -> int:
    """Start web and worker, say where the pages are, and stay until one is asked to stop or the web fails.

    A worker that dies is started again: what it was doing is taken up where it stood.
    """
    stop = _StopSignal()
    port = _free_port(host, port)
    web, worker = _web(host, port, workers), _worker()
    try:
        if not _answers(host, port, web, stop):
            return 0 if stop.asked else 1
        print(f"Stammkunde is at http://{_shown(host)}:{port}/", flush=True)
        if greeting:
            print(greeting, flush=True)
        print("Stop with Ctrl+C.", flush=True)
        while not stop.asked and web.poll() is None:
            if worker.poll() is not None:
                worker = _worker()
            time.sleep(_LOOK_SECONDS)
        return 0 if stop.asked else 1
    finally:
        _end(web, worker)


def _web(host: str, port: int, workers: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", _THREADS, "--no-ws", "--no-access-log"]
    command += ["--log-level", "error", "--respawn-failed-workers", _APPLICATION]
    return subprocess.Popen(command, env=_environment(), start_new_session=True, preexec_fn=_end_with_parent)


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen(_WORKER, env=_environment(), start_new_session=True, preexec_fn=_end_with_parent)


def _end_with_parent() -> None:
    """Ask the kernel, in a new child, for SIGTERM when the parent dies, however it dies: no orphan keeps working."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _environment() -> dict[str, str]:
    """Hand on where the data are, as an absolute path, whatever folder the children start in."""
    from django.conf import settings

    return {**os.environ, "STAMMKUNDE_HOME": str(settings.HOME)}


def _answers(host: str, port: int, web: subprocess.Popen[bytes], stop: "_StopSignal") -> bool:
    """Wait until the web server takes connections; False when it ended or never did."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and web.poll() is None and not stop.asked:
        try:
            socket.create_connection((_reachable(host), port), timeout=1).close()
        except OSError:
            time.sleep(_LOOK_SECONDS)
        else:
            return True
    if web.poll() is not None:
        print(f"The web server could not start; is port {port} taken? Try another: --port 8001", file=sys.stderr)
    return False


def _end(*processes: subprocess.Popen[bytes]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _sweep(process.pid)


def _sweep(group: int) -> None:
    """End what a process that is gone has left of its own group: a web worker just being started hears no signal."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach the address: 127.0.0.1 and its like are sure, a name may change."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _free_port(host: str, port: int) -> int:
    """Return the port, or any free one for 0; refuse one that somebody else listens on, be it another Stammkunde."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # Closed connections that linger are no obstacle; a listener is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Nothing can be served at {_shown(host)}:{port} ({error.strerror}). Is another Stammkunde running? "
                "Stop it, or take another port: --port 8001 (with make: PORT=8001)."
            ) from error
        free: int = probe.getsockname()[1]
        return free


def _reachable(host: str) -> str:
    return LOOPBACK if host in ("0.0.0.0", "::") else host


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _first_steps() -> str:
    from stammkunde.accounts.models import User

    if User.objects.exists():
        return ""
    return "Nobody can log in yet. Add yourself with: stammkunde user add you@example.com"


class _StopSignal:
    """Remember that somebody asked to stop, by Ctrl+C or by SIGTERM."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
