"""Run the whole test suite as a fresh machine must: bring what is missing, then SQLite, then PostgreSQL."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections import Counter

from tests import postgres

_PYTEST = (sys.executable, "-m", "pytest")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(arguments: list[str]) -> int:
    """Run both passes and return 0 only when both were green."""
    asked, rest = _parse(arguments)
    missing = _install(_missing())
    if missing:
        print(f"The tests need {' and '.join(missing)}. On Debian, as root: apt-get install {' '.join(missing)}")
        return 1
    marks = ["-m", "prove"] if asked.prove else ["-m", "not prove"]
    marks += ["--short"] if asked.short else []
    started = time.monotonic()
    codes = []
    if asked.on in ("sqlite", "both"):
        codes.append(_pass("SQLite", [*marks, *rest], url=""))
    if asked.on in ("postgres", "both"):
        with postgres.running() as url:
            codes.append(_pass("PostgreSQL", [*_but(marks, "looks"), "--touching-database", *rest], url=url))
    print(f"\nThis took {time.monotonic() - started:.0f} s.")
    if not asked.prove and not rest:
        print("Left to `make prove`:")
        print("\n".join(_by_function(_names(["-m", "prove"], url=""))))
    return 1 if any(codes) else 0


def _but(marks: list[str], left_out: str) -> list[str]:
    """Return the choice of tests without those that have a mark."""
    flag, chosen, *rest = marks
    return [flag, f"{chosen} and not {left_out}", *rest]


def _parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="make test", description=__doc__)
    parser.add_argument("--on", choices=("both", "sqlite", "postgres"), default="both", help="which database")
    parser.add_argument("--prove", action="store_true", help="the long fault runs instead")
    parser.add_argument("--short", action="store_true", help="with --prove: fewer rounds")
    return parser.parse_known_args(arguments)


def _missing() -> list[str]:
    """Return the Debian packages that this machine lacks."""
    missing = [] if any(map(shutil.which, _BROWSERS)) else ["chromium"]
    try:
        postgres.programs()
    except postgres.PostgresMissing:
        missing.append("postgresql")
    return missing


def _install(missing: list[str]) -> list[str]:
    """Install what is missing when we may; return what is missing still."""
    if not missing or shutil.which("apt-get") is None or os.geteuid() != 0:
        return missing
    print(f"Installing {' and '.join(missing)} …", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet, stdin=subprocess.DEVNULL)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    subprocess.run(install, check=False, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return _missing()


def _pass(name: str, options: list[str], *, url: str) -> int:
    print(f"\n=== {name}: pytest {' '.join(options)}", flush=True)
    parallel = [] if "-n" in options else ["-n", "2", "--dist", "loadgroup", "--durations=5"]
    environment = os.environ | {"DATABASE_URL": url}
    if url and not _names(options, url=url):
        print("None of these touches the database.", flush=True)
        return 0
    return subprocess.run([*_PYTEST, *parallel, *options], check=False, env=environment).returncode


def _names(options: list[str], *, url: str) -> list[str]:
    """Return the names of the tests that a pass would run, or what went wrong while looking for them."""
    plain = [option for option in options if option not in ("-q", "-v", "-vv", "-s", "-x")]
    environment = os.environ | {"DATABASE_URL": url}
    listing = [*_PYTEST, *plain, "--collect-only", "-q"]
    told = subprocess.run(listing, check=False, capture_output=True, text=True, env=environment).stdout
    return [line for line in told.splitlines() if "::" in line or line.startswith("ERROR")]


def _by_function(names: list[str]) -> list[str]:
    """Return each test function once, with how often it is run."""
    times = Counter(name.partition("[")[0] for name in names)
    return [f"  {name}" + (f"  ({count} times)" if count > 1 else "") for name, count in times.items()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
