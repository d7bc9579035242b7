"""Write figures as rows of a table that is taken away: one figure of one period in each."""

from collections.abc import Iterable
from datetime import timedelta

from stammkunde.metrics import Figure
from stammkunde.workspace.downloads import Cell
from stammkunde.workspace.reading import title_of
from stammkunde.workspace.words import said

FIGURE_HEADER = ("name", "title", "from", "to", "value", "unit", "n", "low", "high", "definition", "why_unknown")


def figure_rows(figures: Iterable[Figure]) -> list[list[Cell]]:
    """Return one row per figure; `to` is the last day that counts, unknown values stay empty."""
    return [_row(said(figure)) for figure in figures]


def _row(figure: Figure) -> list[Cell]:
    low, high = figure.interval or (None, None)
    last_day = figure.period.end - timedelta(days=1)
    return [
        figure.name, title_of(figure.name), figure.period.start, last_day,
        figure.value, figure.unit, figure.n, low, high, figure.definition, figure.why_unknown,
    ]  # fmt: skip
