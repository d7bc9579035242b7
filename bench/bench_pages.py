"""Measure the pages on the demonstration: first view, view again, memory of the web process, start of the terminal.

    python bench/bench_pages.py [--smoke]

Bars: median ≤ 300 ms first, ≤ 100 ms again (the journey map ≤ 150 ms again); `stammkunde --help` ≤ 0.5 s CPU; web
process ≤ 200 MB. They mean two idle cores; CPU seconds are printed beside wall time because machines are seldom idle.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

MAP = "/journeys/stammkundschaft"
PAGES = (
    "/", "/figures", "/figures/retention_rate", "/figures/cohorts", "/customers", "/customers/rfm", "/imports",
    "/journeys", MAP, f"{MAP}/paths", f"{MAP}/touchpoints/first_purchase",
)  # fmt: skip
FIRST_MS, AGAIN_MS, MAP_AGAIN_MS, HELP_CPU_S, WEB_MB = 300, 100, 150, 0.5, 200
STAMMKUNDE = (sys.executable, "-m", "stammkunde.cli")
ROUNDS = 5


def main(arguments: list[str]) -> int:
    """Print what was measured beside its bar; the exit code does not judge."""
    rounds = 2 if "--smoke" in arguments else ROUNDS
    with tempfile.TemporaryDirectory(prefix="stammkunde-bench-") as home:
        environment = os.environ | {"STAMMKUNDE_HOME": home, "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings"}
        environment.pop("DATABASE_URL", None)
        subprocess.run([*STAMMKUNDE, "demo", "--no-serve"], env=environment, check=True, stderr=subprocess.DEVNULL)
        firsts: dict[str, list[float]] = {page: [] for page in PAGES}
        agains: dict[str, list[float]] = {page: [] for page in PAGES}
        for _ in range(rounds):
            for page in PAGES:
                first, again, _memory = _visit([page], environment, rounds=rounds)
                firsts[page] += first
                agains[page] += again
        memory = [_visit(PAGES, environment, rounds=1)[2] for _ in range(rounds)]
    print(
        f"the demonstration's pages, medians of {rounds} new servers (ms wall; bar {FIRST_MS} first, {AGAIN_MS} again)"
    )
    for page in PAGES:
        print(f"  {page:26} first {median(firsts[page]):7.0f}   again {median(agains[page]):6.0f}")
    every_first, every_again = [t for ts in firsts.values() for t in ts], [t for ts in agains.values() for t in ts]
    print(f"  map from the cache: {median(agains[MAP]):.0f} ms (bar {MAP_AGAIN_MS})")
    print(f"  {'all':26} first {median(every_first):7.0f}   again {median(every_again):6.0f}")
    print(f"web process: {median(memory):.0f} MB after all pages (bar {WEB_MB})")
    print(f"stammkunde --help: {_help_cpu(rounds):.2f} s CPU (bar {HELP_CPU_S})")
    return 0


def _visit(pages: Sequence[str], environment: dict[str, str], *, rounds: int) -> tuple[list[float], list[float], float]:
    """Start a server, log in without seeing a figure, time the pages, first and again, and weigh the web process."""
    command = [*STAMMKUNDE, "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        root = re.search(r"http://\S+", next(line for line in process.stdout if "http://" in line))
        assert root is not None
        url = root.group().rstrip("/")
        opener = _log_in(url)
        firsts = [_timed(opener, url + page) for page in pages]
        agains = [_timed(opener, url + page) for page in pages for _ in range(rounds)]
        return firsts, agains, _web_megabytes(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _log_in(url: str) -> OpenerDirector:
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    form = opener.open(f"{url}/login?next=/account").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    fields = {"csrfmiddlewaretoken": token.group(1), "username": "demo@stammkunde.example", "next": "/account"}
    fields["password"] = "stammkunde-demo"
    opener.addheaders = [("Referer", f"{url}/login")]
    opener.open(f"{url}/login?next=/account", data=urlencode(fields).encode()).read()
    return opener


def _timed(opener: OpenerDirector, url: str) -> float:
    start = time.perf_counter()
    with opener.open(url) as answer:
        answer.read()
    return (time.perf_counter() - start) * 1000


def _web_megabytes(parent: int) -> float:
    """Return the memory of the process that answers: the largest below the server, but for the worker."""
    largest = 0.0
    for pid in _below(parent):
        command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        resident = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        if "stammkunde.worker" not in command and resident:
            largest = max(largest, int(resident.group(1)) / 1024)
    return largest


def _below(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in map(int, children) for found in (child, *_below(child))]


def _help_cpu(rounds: int) -> float:
    times = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*STAMMKUNDE, "--help"], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return median(times)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
