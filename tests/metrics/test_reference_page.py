"""The reference says of every figure and group exactly what the library says."""

from pathlib import Path

import pytest

from stammkunde import metrics

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "figures.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(metrics.FIGURES))
def test_reference_defines_the_figure_as_the_library_does(name: str) -> None:
    metric = metrics.FIGURES[name]
    section = PAGE.partition(f"### `{name}`\n")[2].partition("\n##")[0]
    assert metric.definition in section
    assert f"- Formula: {metric.formula}\n" in section
    assert f"- Source: {metric.source}" in section
    assert "- Unknown when: " in section
    assert "- Unit: " in section


@pytest.mark.parametrize("group", metrics.GROUPS, ids=lambda group: group.name)
def test_reference_names_the_group_and_what_to_do(group: metrics.Group) -> None:
    assert f"| {group.title} (`{group.name}`)" in PAGE
    assert group.advice in PAGE
