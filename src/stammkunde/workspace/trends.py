"""Show revenue, customers and orders month by month."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from stammkunde.insights import figures
from stammkunde.kernel.periods import Period, shift_unit, unit_start
from stammkunde.metrics import Figure
from stammkunde.workspace.formatting import month, number, quantity
from stammkunde.workspace.period_choice import Choice
from stammkunde.workspace.pictures.columns import draw_columns
from stammkunde.workspace.pictures.points import Point
from stammkunde.workspace.reading import first_whole, title_of
from stammkunde.workspace.words import short

NAMES = ("revenue", "customers_active", "orders")


@dataclass(frozen=True)
class Trends:
    """The pictures, one per figure, and the table: for each month its name and the values of all figures."""

    pictures: list[tuple[str, str, SafeString]]
    rows: list[tuple[str, list[str]]]


def trends_by_month(choice: Choice, *, currency: str, months: int, among: figures.Among | None = None) -> Trends | None:
    """Draw the last months that are over and whole in the data; None if there are fewer than two."""
    rows = months_of(choice, months=months, among=among)
    if rows is None:
        return None
    texts = [[_written(figure, currency) for figure in row] for row in rows]
    pictures = [
        (name, title_of(name), _picture(name, row, text, choice.period))
        for name, row, text in zip(NAMES, rows, texts, strict=True)
    ]
    table = [(month(figure.period.start), [text[i] for text in texts]) for i, figure in enumerate(rows[0])]
    return Trends(pictures, table)


def months_of(choice: Choice, *, months: int, among: figures.Among | None = None) -> list[list[Figure]] | None:
    """Return the figures of the last months that are over and whole in the data; None if there are fewer than two."""
    end = unit_start(choice.data_end, "month")
    start = max(shift_unit(end, "month", -months), first_whole("month", choice.first_day))
    if shift_unit(start, "month", 1) >= end:
        return None
    return figures.series(NAMES, period=Period(start, end), by="month", among=among)


def _written(figure: Figure, currency: str) -> str:
    if figure.unit == "money":
        return str(quantity(figure.value, figure.unit, currency=currency))
    return number(figure.value)


def _picture(name: str, row: list[Figure], texts: list[str], chosen: Period) -> SafeString:
    points = [
        Point(short(figure.period), figure.value, text, marked=chosen.start <= figure.period.start < chosen.end)
        for figure, text in zip(row, texts, strict=True)
    ]
    title = gettext("{figure} by month").format(figure=title_of(name))
    description = gettext("From {first}: {first_value} to {last}: {last_value}").format(
        first=month(row[0].period.start), first_value=texts[0], last=month(row[-1].period.start), last_value=texts[-1]
    )
    return draw_columns(points, title=title, description=description, names=5)
