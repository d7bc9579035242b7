"""The reference is complete: a figure, command, setting, address or kind of event that it does not name fails here."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from stammkunde import metrics
from stammkunde.cli.parser import parser
from stammkunde.events.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
SETTING = re.compile(r"""(?:environ(?:\.get|\.setdefault)?[(\[]|getenv\()\s*["']([A-Z][A-Z0-9_]+)["']""")
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "PATH", "HOME", "PYTHONPATH"}


@pytest.mark.parametrize("name", list(metrics.FIGURES))
def test_every_figure_is_documented_as_it_defines_itself(name: str) -> None:
    metric, text = metrics.FIGURES[name], " ".join(_page("figures").split())
    assert [words for words in (f"`{name}`", metric.definition, metric.formula) if words not in text] == []


@pytest.mark.parametrize("name", list(KINDS))
def test_every_kind_of_event_is_documented(name: str) -> None:
    assert f"`{name}`" in _page("events")


def _commands(of: argparse.ArgumentParser, words: str) -> Iterator[tuple[str, list[str]]]:
    """Yield every command with its options, subcommands included."""
    options = []
    deeper: dict[str, argparse.ArgumentParser] = {}
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            deeper = action.choices
        options += [option for option in action.option_strings if option.startswith("--") and option != "--help"]
    yield words, options
    for name, parser_below in deeper.items():
        yield from _commands(parser_below, f"{words} {name}")


@pytest.mark.parametrize(("command", "options"), list(_commands(parser(), "stammkunde")))
def test_every_command_and_option_is_documented(command: str, options: list[str]) -> None:
    text = _page("commands")
    assert [word for word in (command, *options) if word not in text] == []


def _settings() -> set[str]:
    files = (ROOT / "src").rglob("*.py")
    return {name for file in files for name in SETTING.findall(file.read_text())} - NOT_OURS


@pytest.mark.parametrize("name", sorted(_settings()))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in _page("settings")


def _routes(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, address)
        elif isinstance(pattern, URLPattern):
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", address)


@pytest.mark.parametrize("address", sorted(set(_routes(get_resolver()))))
def test_every_address_is_documented(address: str) -> None:
    assert f"`{address}`" in re.findall(r"`[^`]+`", _page("routes"))


def _page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")
