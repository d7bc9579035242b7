"""The reference of the import names every field and preset as the product does."""

from pathlib import Path

import pytest

from stammkunde.events.imports import FIELDS, PRESETS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "import.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(FIELDS))
def test_every_field_is_documented_as_it_means(name: str) -> None:
    assert f"| `{name}` | {FIELDS[name].meaning} |" in PAGE


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_preset_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE
