"""What a fresh machine is given: pinned packages, each with a reason, and verbs that say what they do."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = ("run", "demo", "test")


def _asked(size: str) -> set[str]:
    extras = {"run": (), "demo": ("demo",), "test": ("demo", "test", "lint")}[size]
    asked = [*PROJECT["dependencies"], *(each for extra in extras for each in PROJECT["optional-dependencies"][extra])]
    return {_name(each) for each in asked}


def _pinned(size: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{size}.txt").read_text()
    return {_name(found[1]): found[2] for found in re.finditer(r"^([\w.\[\]-]+)==([^\s;]+)", text, re.M)}


def _name(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return found[0].lower().replace("_", "-")


@pytest.mark.parametrize("size", LOCKS)
def test_every_package_asked_for_is_pinned(size: str) -> None:
    assert _asked(size) - set(_pinned(size)) == set()


def test_the_larger_lists_hold_the_smaller_ones() -> None:
    run, demo, test = map(_pinned, LOCKS)
    assert (run.items() - demo.items(), demo.items() - test.items()) == (set(), set())


@pytest.mark.parametrize("size", [*LOCKS, "uv"])
def test_every_pin_has_a_hash_and_no_list_has_an_address(size: str) -> None:
    text = (ROOT / "requirements" / f"{size}.txt").read_text()
    pins = re.split(r"^(?=\S)", text, flags=re.M)[1:]
    assert ([pin for pin in pins if "--hash=sha256:" not in pin], "://" in text) == ([], False)


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "docs" / "why" / "dependencies.md").read_text().lower()
    assert [name for name in sorted(_asked("test")) if not re.search(rf"\b{name}\b", text)] == []


def test_make_knows_the_verbs_of_the_bootstrap() -> None:
    told = subprocess.run(
        [sys.executable, "boot.py", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    verbs = set(re.findall(r"^  (\w+) ", told, re.M))
    named = re.search(r"^VERBS = (.*)$", (ROOT / "Makefile").read_text(), re.M)
    assert named
    assert {*named[1].split(), "help"} == verbs


def test_an_unknown_verb_is_refused_with_a_hint() -> None:
    done = subprocess.run([sys.executable, "boot.py", "dance"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "python3 boot.py help" in done.stderr) == (2, True)
