"""Cut the text of a condition into words, numbers, texts and signs, and remember where each one stands."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from stammkunde.conditions.tree import Place
from stammkunde.kernel.errors import WrongInput

Sort = Literal["name", "number", "text", "date", "sign", "end"]
MAX_LENGTH = 100_000
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
    |(?P<date>\d{4}-\d\d-\d\d(?![\w-]))
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
    |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<sign><=|>=|!=|[=<>+\-*/(),])""",
    re.VERBOSE | re.DOTALL,
)
# What no database keeps as text: the null sign, other control characters, and halves of signs.
_UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MISTAKEN = {
    "==": "write `=` to compare",
    "<>": "write `!=` for unequal",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`, or `!=` for unequal",
    "“": 'use straight quotes: "…"',
    "„": 'use straight quotes: "…"',
    "”": 'use straight quotes: "…"',
    '"': "the text in quotes never ends: close it with the same quote",
    "'": "the text in quotes never ends: close it with the same quote",
}


class BadCondition(WrongInput):
    """A condition cannot be read; the message names the line, the column, what was expected and the nearest name."""

    def __init__(self, message: str, place: Place | None = None, *, nearest: str | None = None) -> None:
        self.place = place
        self.line = place.line if place else None
        self.column = place.column if place else None
        self.nearest = nearest
        self.plain = message
        where = f"Line {place.line}, column {place.column}: " if place else ""
        hint = f" Did you mean `{nearest}`?" if nearest else ""
        super().__init__(f"{where}{message}{hint}")


@dataclass(frozen=True)
class Token:
    """One piece of the text."""

    sort: Sort
    text: str
    place: Place

    def __str__(self) -> str:
        return "the end" if self.sort == "end" else f"`{self.text}`"


def tokens(text: str) -> list[Token]:
    """Cut the text; the last token is its end. Raises BadCondition at the first thing that is none."""
    if len(text) > MAX_LENGTH:
        raise BadCondition(f"The condition has {len(text):,} characters; {MAX_LENGTH:,} is the most: use segments.")
    found: list[Token] = []
    at, line, line_start = 0, 1, 0
    while at < len(text):
        place = Place(line, at - line_start + 1)
        match = None if text[at : at + 2] in _MISTAKEN else _TOKEN.match(text, at)
        if not match or match.lastgroup is None:
            raise BadCondition(_mistake(text, at), place)
        if match.lastgroup == "text" and _UNKEPT.search(match.group()):
            raise BadCondition("This text holds a sign that cannot be kept: no control characters.", place)
        if match.lastgroup != "space":
            found.append(Token(_sort(match.lastgroup), match.group(), place))
        newlines = match.group().count("\n")
        if newlines:
            line += newlines
            line_start = text.rindex("\n", at, match.end()) + 1
        at = match.end()
    return [*found, Token("end", "", Place(line, at - line_start + 1))]


def unquoted(token: Token) -> str:
    """Return what a text in quotes says."""
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), token.text[1:-1], flags=re.DOTALL)


def quoted(text: str) -> str:
    """Return the text in quotes."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def nearest(name: str, known: "list[str] | tuple[str, ...] | frozenset[str]") -> str | None:
    """Return the known name that is most like this one, if any is."""
    found = get_close_matches(name.lower(), sorted(known), 1, 0.6)
    return found[0] if found else None


def _sort(group: str) -> Sort:
    sorts: dict[str, Sort] = {"name": "name", "number": "number", "text": "text", "date": "date"}
    return sorts.get(group, "sign")


def _mistake(text: str, at: int) -> str:
    hint = _MISTAKEN.get(text[at : at + 2]) or _MISTAKEN.get(text[at])
    wrong = text[at : at + 2] if text[at : at + 2] in _MISTAKEN else text[at]
    return f"`{wrong}` has no meaning here" + (f": {hint}." if hint else ".")
