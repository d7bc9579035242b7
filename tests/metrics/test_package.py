"""The library is light to import, needs no Django, and offers what it says."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from stammkunde import metrics

PROBE = """
import sys
from stammkunde import metrics
{then}
heavy = [name for name in ("django", "numpy", "duckdb", "pyarrow", "pandas") if name in sys.modules]
print(",".join(heavy))
"""


@pytest.mark.parametrize(
    ("then", "loaded"),
    [("", ""), ("metrics.FIGURES", ""), ("metrics.Mirror.empty()", "numpy,duckdb")],
    ids=["the package", "the names of the figures", "a mirror"],
)
def test_nothing_is_loaded_before_it_is_needed(then: str, loaded: str) -> None:
    done = subprocess.run([sys.executable, "-c", PROBE.format(then=then)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == loaded


def test_every_name_it_offers_is_there() -> None:
    assert all(getattr(metrics, name) is not None for name in metrics.__all__)


def test_types_are_told_the_same_names_as_readers() -> None:
    tree = ast.parse(Path(metrics.__file__).read_text())
    told = {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    assert told == set(metrics.__all__)


def test_unknown_name_is_refused_with_what_there_is() -> None:
    with pytest.raises(AttributeError, match=r"it has .*retention_rate"):
        _ = metrics.retension_rate


def test_every_figure_says_what_it_is() -> None:
    for name, metric in metrics.FIGURES.items():
        assert metric.name == name
        assert metric.definition.endswith(".")
        assert metric.title
        assert metric.formula
        assert metric.source
        assert getattr(metrics, name) is metric
