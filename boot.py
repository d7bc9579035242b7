#!/usr/bin/env python3
"""Make this folder work on a machine that has Python and nothing else, then do what was asked."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "stammkunde-locks"
TOOLS = ROOT / ".boot"
LOCKS = ROOT / "requirements"
OLDEST = (3, 11)
# Each lock holds all of the one before it.
SIZES = ("run", "demo", "test")


class CannotSetUp(Exception):
    """The machine lacks something; the message says what to install."""


os.environ.setdefault("PIP_ROOT_USER_ACTION", "ignore")  # everything below goes into folders of this project


def main(arguments: list[str]) -> int:
    """Prepare what the verb needs, do it, and return the exit code."""
    verb, options = (arguments[0], arguments[1:]) if arguments else ("help", [])
    try:
        if verb in VERBS:
            return VERBS[verb](options)
        print(f"boot.py: there is no {verb!r}; `python3 boot.py help` lists what there is.", file=sys.stderr)
        return 2
    except CannotSetUp as missing:
        print(f"\nboot.py: {missing}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def help_(options: list[str]) -> int:
    """Print this text."""
    width = max(map(len, VERBS))
    print("make VERB, or without make: python3 boot.py VERB [OPTIONS]\n")
    print("\n".join(f"  {name:{width}}  {verb.__doc__}" for name, verb in VERBS.items()))
    return 0


def setup(options: list[str]) -> int:
    """Prepare .venv; afterwards .venv/bin/stammkunde is there."""
    _prepare(options[0] if options else "run")
    print("Ready: .venv/bin/stammkunde --help")
    return 0


def demo(options: list[str]) -> int:
    """Show the product with a real year of orders (FULL=1: all their shopping; FROM=FILE: your own; PORT=8001)."""
    _prepare("demo")
    full = ["--full"] if os.environ.get("FULL") else []
    own = ["--from", os.environ["FROM"]] if os.environ.get("FROM") else []
    return _become([str(VENV / "bin" / "stammkunde"), "demo", *full, *own, *_port(), *options])


def serve(options: list[str]) -> int:
    """Run web and worker on your own data (in STAMMKUNDE_HOME, else ./data; PORT=8001: another port)."""
    _prepare("run")
    return _become([str(VENV / "bin" / "stammkunde"), "serve", *_port(), *options])


def _port() -> list[str]:
    return ["--port", os.environ["PORT"]] if os.environ.get("PORT") else []


def test(options: list[str]) -> int:
    """Run every test on SQLite, then those that touch the database on PostgreSQL."""
    _prepare("test")
    return _run([str(PYTHON), "-m", "tests.run", *options])


def prove(options: list[str]) -> int:
    """Run what `test` leaves: long fault runs and simulations (SHORT=1: the short form)."""
    _prepare("test")
    short = ["--short"] if os.environ.get("SHORT") else []
    return _run([str(PYTHON), "-m", "tests.run", "--prove", *short, *options])


def docs(options: list[str]) -> int:
    """Check the documentation and run its examples."""
    _prepare("test")
    return _run([str(PYTHON), "-m", "pytest", "tests/docs", *options])


def lint(options: list[str]) -> int:
    """Run ruff, the formatter, mypy --strict and the order of the packages."""
    _prepare("test")
    checks = (
        [PYTHON, "-m", "ruff", "check", "."],
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [PYTHON, "-m", "mypy"],
        [VENV / "bin" / "lint-imports"],
    )
    codes = [_run([str(part) for part in check]) for check in checks]
    return 1 if any(codes) else 0


def bench(options: list[str]) -> int:
    """Measure speed and memory (SMOKE=1: on small data)."""
    _prepare("test")
    smoke = ["--smoke"] if os.environ.get("SMOKE") else []
    programs = sorted((ROOT / "bench").glob("bench_*.py"))
    if not programs:
        print("There is nothing to measure yet: bench/bench_*.py is empty.")
    codes = [_run([str(PYTHON), str(program), *smoke, *options]) for program in programs]
    return 1 if any(codes) else 0


def lock(options: list[str]) -> int:
    """Renew the hash-pinned lists in requirements/ from pyproject.toml."""
    uv = _find_uv()
    if uv is None:
        raise CannotSetUp("`lock` needs uv.")
    asked = {"test": ("demo", "test", "lint"), "demo": ("demo",), "run": ()}
    common = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    common += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    for size, extras in asked.items():
        command = [*common, "pyproject.toml", "requirements/build.in", "-o", f"requirements/{size}.txt", *options]
        command += [part for extra in extras for part in ("--extra", extra)]
        command += [] if size == "test" else ["--constraints", "requirements/test.txt"]
        if _run(command):
            return 1
    for name in ("uv", "peers"):
        if _run([*common, f"requirements/{name}.in", "-o", f"requirements/{name}.txt", *options]):
            return 1
    return 0


VERBS = {
    "setup": setup, "demo": demo, "serve": serve, "test": test, "prove": prove,
    "lint": lint, "bench": bench, "docs": docs, "lock": lock, "help": help_,
}  # fmt: skip


def _prepare(size: str) -> None:
    """Leave a .venv with this project and at least the packages of the named lock; cheap when nothing changed."""
    if sys.version_info < OLDEST:
        _go_on_with_newer_python()
    if size not in SIZES:
        raise CannotSetUp(f"there is no lock {size!r}; choose one of {', '.join(SIZES)}.")
    larger = SIZES[SIZES.index(size) :]
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() in {_stamp(each) for each in larger}:
        return
    print(f"Preparing .venv ({size}): the first time this takes up to a minute …", flush=True)
    STAMP.unlink(missing_ok=True)
    uv = _find_uv()
    if uv is None or not _installed_by_uv(uv, size):
        _install_by_pip(size)
    STAMP.write_text(_stamp(size))


def _go_on_with_newer_python() -> None:
    for minor in range(20, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            _become([newer, str(ROOT / "boot.py"), *sys.argv[1:]])
    raise CannotSetUp(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")


def _stamp(size: str) -> str:
    """Name everything the state of .venv depends on."""
    content = hashlib.sha256((LOCKS / f"{size}.txt").read_bytes())
    content.update((ROOT / "pyproject.toml").read_bytes())
    return f"{size} {content.hexdigest()} {ROOT}\n"


def _installed_by_uv(uv: str, size: str) -> bool:
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment["UV_PYTHON_DOWNLOADS"] = "never"
    environment.setdefault("UV_SYSTEM_CERTS", "true")  # trust whom pip and the machine trust
    install = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    steps = [
        [*install, "--require-hashes", "-r", f"requirements/{size}.txt"],
        [*install, "--no-deps", "--no-build-isolation", "-e", "."],
    ]
    if not _venv_works():
        steps.insert(0, [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)])
    if all(subprocess.run(step, env=environment, cwd=ROOT, check=False).returncode == 0 for step in steps):
        return True
    print("uv did not manage it; trying pip …", flush=True)
    return False


def _install_by_pip(size: str) -> None:
    if not _venv_works() or not _succeeds([str(PYTHON), "-m", "pip", "--version"]):
        _make_venv_with_pip(VENV)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for step in (
        ["--require-hashes", "-r", f"requirements/{size}.txt"],
        ["--no-deps", "--no-build-isolation", "-e", "."],
    ):
        if _run([*pip, *step]):
            raise CannotSetUp("pip could not install the packages (see above); is a package index within reach?")


def _venv_works() -> bool:
    """Tell whether .venv has a Python that starts and is new enough (its base may have been removed or upgraded)."""
    question = f"import sys; sys.exit(sys.version_info < {OLDEST} or sys.prefix != {str(VENV)!r})"
    return PYTHON.exists() and _succeeds([str(PYTHON), "-c", question])


def _find_uv() -> str | None:
    """Return a uv: the machine's, ours from an earlier run, or one that pip fetches; None when none is to be had."""
    machines = shutil.which("uv")
    if machines and _succeeds([machines, "--version"]):
        return machines
    own, version = TOOLS / "bin" / "uv", TOOLS / "version"
    wanted = hashlib.sha256((LOCKS / "uv.txt").read_bytes()).hexdigest()
    if own.exists() and version.exists() and version.read_text() == wanted:
        return str(own)
    shutil.rmtree(TOOLS, ignore_errors=True)
    fetch = ["install", "--quiet", "--disable-pip-version-check", "--target", str(TOOLS)]
    if _run([*_some_pip(), *fetch, "--require-hashes", "--only-binary", ":all:", "-r", "requirements/uv.txt"]):
        return None
    version.write_text(wanted)
    return str(own)


def _some_pip() -> list[str]:
    """Return the words that start a pip: this Python's own, or that of an environment made for it."""
    if _succeeds([sys.executable, "-m", "pip", "--version"]):
        return [sys.executable, "-m", "pip"]
    _make_venv_with_pip(TOOLS / "pip")
    return [str(TOOLS / "pip" / "bin" / "python"), "-m", "pip"]


def _make_venv_with_pip(folder: Path) -> None:
    command = [sys.executable, "-m", "venv", "--clear", str(folder)]
    if _succeeds(command):
        return
    # Debian and Ubuntu keep the part of Python that makes environments in a package of its own.
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise CannotSetUp("Python's own venv and pip are missing: install python3-venv (as root) and run this again.")
    print("Installing python3-venv …", flush=True)
    _succeeds(["apt-get", "update"])
    if _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "python3-venv"]) or _run(command):
        raise CannotSetUp("python3-venv could not be installed; install Python's venv and pip and run this again.")


def _run(command: list[str]) -> int:
    """Run the command in the project's folder, before the user's eyes, and return its exit code."""
    sys.stdout.flush()
    return subprocess.run(command, check=False, cwd=ROOT).returncode


def _become(command: list[str]) -> int:
    """Let the command take this process's place, so that signals reach it and file names mean what the user meant."""
    sys.stdout.flush()
    os.execv(command[0], command)


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
