"""Hold a segment while it is being written: form, text and sentence always say the same, or say what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from stammkunde import conditions
from stammkunde.conditions import BadCondition, Condition
from stammkunde.conditions.kinds import Language
from stammkunde.insights import figures
from stammkunde.kernel.errors import WrongInput
from stammkunde.segments import definitions
from stammkunde.workspace.segments.clause_form import FIRST_ROW, rows_sent
from stammkunde.workspace.segments.clauses import Rows, Unfinished, to_rows, to_text
from stammkunde.workspace.segments.condition_errors import Problem, problem


@dataclass(frozen=True)
class Draft:
    """A condition being written. `condition` is None while it cannot be read or saved; then `problem` says why."""

    rows: Rows
    text: str
    condition: Condition | None = None
    problem: Problem | None = None
    unfinished: Unfinished | None = None
    was: str = ""

    @property
    def sentence(self) -> str:
        """Say what the text asks, once it can be read."""
        return conditions.describe(self.condition, language()) if self.condition is not None else ""


def language() -> Language:
    """Return the language in which conditions are said to the reader."""
    return "de" if (get_language() or "de").startswith("de") else "en"


def blank() -> Draft:
    """Return what the form begins with."""
    return _from_rows(Rows("and", (FIRST_ROW,)), name="")


def of_text(text: str, *, name: str) -> Draft:
    """Return the draft that a text makes; rows follow when it can be read."""
    return _from_text(text, Rows("and", ()), was=text, name=name)


def sent_draft(sent: Mapping[str, str], *, name: str) -> Draft:
    """Read what was sent: who has changed the text means the text, everybody else the form."""
    rows = _changed(rows_sent(sent), sent.get("do", ""))
    text, was = _plain(sent.get("text", "")), _plain(sent.get("was", ""))
    if text.strip() != was.strip():
        return _from_text(text, rows, was=was, name=name)
    if text.strip() and _says(text, rows):
        return _checked(rows, text, name=name)
    return _from_rows(rows, name=name, text=text)


def _changed(rows: Rows, do: str) -> Rows:
    """Add or take away the row that a button asks for."""
    if do == "add":
        return Rows(rows.join, (*rows.rows, FIRST_ROW))
    if do.startswith("remove-") and do.removeprefix("remove-").isdecimal():
        away = int(do.removeprefix("remove-"))
        left = tuple(row for place, row in enumerate(rows.rows) if place != away)
        return Rows(rows.join, left or (FIRST_ROW,))
    return rows


def _from_text(text: str, rows: Rows, *, was: str, name: str) -> Draft:
    try:
        condition = conditions.parse(text)
    except BadCondition as wrong:
        return Draft(rows, text, problem=problem(wrong), was=was)
    return _checked(to_rows(condition), text, name=name)


def _from_rows(rows: Rows, *, name: str, text: str = "") -> Draft:
    try:
        text = to_text(rows)
    except Unfinished as unfinished:
        wrong = problem(unfinished.wrong) if unfinished.wrong else None
        return Draft(rows, text, unfinished=unfinished, problem=wrong, was=text)
    return _checked(rows, text, name=name)


def _checked(rows: Rows, text: str, *, name: str) -> Draft:
    try:
        condition = definitions.check(text, name=name, mirror=figures.snapshot())
    except WrongInput as wrong:
        return Draft(rows, text, problem=problem(wrong), was=text)
    return Draft(rows, text, condition=condition, was=text)


def _says(text: str, rows: Rows) -> bool:
    """Tell whether the rows say what the text says already, so that the text may stay as it was written."""
    try:
        return to_text(rows) == to_text(to_rows(conditions.parse(text)))
    except (BadCondition, Unfinished):
        return False


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")
