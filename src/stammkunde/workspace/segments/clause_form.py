"""Show the rows of a condition as a form, and read them back from what was sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from stammkunde.workspace.segments.clause_words import FIELDS, TITLES, Field, choices_of
from stammkunde.workspace.segments.clauses import Join, Row, Rows, Unfinished, Values

MAX_ROWS = 60
_NAME = re.compile(r"row-(\d{1,3})-kind")
FIRST_ROW = Row("orders", {"op": ">=", "n": "2", "amount": "90", "unit": "days"})


@dataclass(frozen=True)
class FieldView:
    """One field of a row as the template prints it."""

    field: Field
    name: str
    value: str
    choices: list[tuple[str, str]]
    wrong: bool

    @property
    def width(self) -> int:
        """Return how many characters the field has room for."""
        return {"number": 3, "money": 5, "text": 14, "names": 22}.get(self.field.sort, 40)


@dataclass(frozen=True)
class RowView:
    """One row as the template prints it; hidden values are kept although the row shows no field for them."""

    place: int
    kind: str
    kind_name: str
    kinds: list[tuple[str, str]]
    fields: list[FieldView]
    hidden: list[tuple[str, str]]
    problem: str


def rows_sent(sent: Mapping[str, str]) -> Rows:
    """Read the rows; a row whose kind was changed begins with the usual values of its new kind."""
    places = sorted(int(match[1]) for name in sent if (match := _NAME.fullmatch(name)))
    rows = [row for place in places[:MAX_ROWS] if (row := _row_sent(sent, place)) is not None]
    join: Join = "or" if sent.get("join") == "or" else "and"
    return Rows(join, tuple(rows))


def _row_sent(sent: Mapping[str, str], place: int) -> Row | None:
    kind = sent.get(f"row-{place}-kind", "")
    if kind not in FIELDS:
        return None
    start = f"row-{place}-"
    values = {name.removeprefix(start): value[:2000] for name, value in sent.items() if name.startswith(start)}
    changed = values.pop("was", kind) != kind
    values.pop("kind", None)
    return Row(kind, _fresh(kind, values) if changed else values)


def _fresh(kind: str, values: Values) -> Values:
    return {field.name: field.default or values.get(field.name, "") for field in FIELDS[kind]}


def row_views(rows: Rows, segments: Sequence[tuple[str, str]], unfinished: Unfinished | None = None) -> list[RowView]:
    """Return the rows for the template, the one that cannot be written with what it lacks."""
    return [_view(row, place, segments, unfinished) for place, row in enumerate(rows.rows)]


def _view(row: Row, place: int, segments: Sequence[tuple[str, str]], unfinished: Unfinished | None) -> RowView:
    lacking = unfinished if unfinished is not None and unfinished.row == place else None
    fields = [_field(field, row, place, segments, lacking) for field in FIELDS[row.kind]]
    shown = {field.field.name for field in fields}
    kinds = [(kind, str(title)) for kind, title in TITLES.items() if kind != "segment" or segments]
    return RowView(
        place=place,
        kind=row.kind,
        kind_name=f"row-{place}-kind",
        kinds=kinds,
        fields=fields,
        hidden=[(f"row-{place}-{name}", value) for name, value in row.values.items() if name not in shown],
        problem=lacks(lacking) if lacking else "",
    )


def _field(
    field: Field, row: Row, place: int, segments: Sequence[tuple[str, str]], lacking: Unfinished | None
) -> FieldView:
    value = row.values.get(field.name, field.default)
    choices = choices_of(field, segments) if field.choices else []
    if choices and value and value not in dict(choices):
        choices = [*choices, (value, value)]
    wrong = lacking is not None and lacking.field == field.name
    return FieldView(field, f"row-{place}-{field.name}", value, choices, wrong)


def lacks(unfinished: Unfinished) -> str:
    """Say what a row lacks."""
    hints = {
        "n": gettext("Please give a number."),
        "amount": gettext("Please give a whole number from 1 up."),
        "names": gettext("Please give at least one name."),
        "of": gettext("Please say what is meant."),
        "text": gettext("Please write a condition that can be read."),
    }
    return hints.get(unfinished.field, gettext("Something is missing here."))
