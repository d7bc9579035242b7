"""The order of the packages and the manners of the house, held by tests."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "stammkunde"
LOWER_FIRST = (
    "kernel",
    "metrics",
    "catalogue",
    "customers",
    "accounts",
    "events",
    "segments",
    "journeys",
    "insights",
    "demo",
    "workspace",
    "api",
)
SAYS_NOTHING = {"utils", "helpers", "services", "common", "base", "misc"}
FILES = sorted(file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts)


def test_packages_import_downwards_only_and_the_library_does_without_django() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", ["stammkunde.kernel", "stammkunde.metrics", "stammkunde.cli"])
def test_these_start_without_django_pandas_and_arrow(module: str) -> None:
    question = f"import sys, {module}; print(*sorted({{'django', 'pandas', 'pyarrow'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_foreign_keys_point_down_and_leave_no_trace_above() -> None:
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("stammkunde."):
            continue
        for field in (*model._meta.fields, *model._meta.local_many_to_many):
            if not isinstance(field, ForeignKey | ManyToManyField):
                continue
            mine, other = _package(model.__module__), _package(field.related_model.__module__)
            if other not in LOWER_FIRST or other == mine:
                continue
            if LOWER_FIRST.index(other) > LOWER_FIRST.index(mine):
                wrong.append(f"{model.__name__}.{field.name} points up to {other}")
            if not field.remote_field.hidden:
                wrong.append(f"{model.__name__}.{field.name} needs related_name='+'")
    assert wrong == []


def test_modules_are_named_after_their_work() -> None:
    assert [str(file) for file in FILES if file.stem in SAYS_NOTHING or file.parent.name in SAYS_NOTHING] == []


def test_no_file_holds_two_ideas() -> None:
    assert [file.name for file in FILES if len(file.read_text().splitlines()) > 400] == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b")
    assert [f"{file.name}: {found[0]}" for file in FILES if (found := later.search(file.read_text()))] == []


def _package(module: str) -> str:
    return module.split(".")[1] if module.startswith("stammkunde.") else module
