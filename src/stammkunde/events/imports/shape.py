"""See how a text is cut into rows and cells: separator, quotation marks, lines before the header, column names."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from stammkunde.events.imports import looks
from stammkunde.events.imports.refusals import Refused
from stammkunde.events.imports.vocabulary import AMOUNTS, EXPLAINING, FIELDS, normal

BLANKS = " "
_SEPARATORS = (",", ";", "\t", "|")
_ROWS = 500
_NAMED = 30
_KNOWN = frozenset(name for field in FIELDS.values() for name in field.names) | frozenset(AMOUNTS)


class HeaderOnly(Refused):
    """The file has column names and no rows; export a period in which there were orders."""


@dataclass(frozen=True)
class Shape:
    """How the text of a file is cut: by what, with which marks, after how many lines, into which columns.

    A separator of one blank means: any number of blanks, as in tables of fixed width. `before` counts the rows before
    the first row of data, the header included.
    """

    separator: str
    quote: str
    escape: str
    before: int
    named: bool
    names: tuple[str, ...]

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.names)

    def reader(self, lines: Iterable[str]) -> "Rows":
        """Return a reader that cuts the lines into rows."""
        return Rows(lines, self.separator, self.quote, self.escape)


class Rows:
    """Cut lines into rows of cells, and know how many lines have been read."""

    def __init__(self, lines: Iterable[str], separator: str, quote: str, escape: str) -> None:
        self._blanks = separator == BLANKS
        self._lines = iter(lines)
        self._count = 0
        self.failed = False
        self._reader = csv.reader(
            self._lines,
            delimiter="," if self._blanks else separator,
            quotechar=quote or '"',
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            escapechar=escape or None,
            doublequote=not escape,
        )

    @property
    def line(self) -> int:
        """Return how many lines have been read."""
        return self._count if self._blanks else self._reader.line_num

    def take(self, count: int) -> list[list[str]]:
        """Return the next rows, at most so many; a blank line is a row without cells. `failed`: a cell is too long."""
        rows: list[list[str]] = []
        if self._blanks:
            rows.extend(line.split() for line in islice(self._lines, count))
            self._count += len(rows)
            return rows
        try:
            rows.extend(islice(self._reader, count))
        except csv.Error:
            self.failed = True
        return rows


def recognise(text: str, *, separator: str = "") -> Shape:
    """Return the shape of a file from the beginning of its text."""
    told, text = _told_separator(text)
    separator = separator or told
    quote, escape = _marks(text)
    choices = [separator] if separator else [*_SEPARATORS, BLANKS]
    cut = {choice: _cut(text, choice, quote, escape) for choice in choices}
    best = max(choices, key=lambda choice: _merit(cut[choice], choice))
    rows = cut[best]
    if best == BLANKS and not separator and not _is_fixed_width(rows):
        best, rows = ",", cut[","]
    return _with_header(rows, best, quote, escape, skipped=1 if told else 0)


def _told_separator(text: str) -> tuple[str, str]:
    """Obey a first line such as sep=; that Excel writes and reads."""
    first, _, rest = text.partition("\n")
    mark = first.strip().strip('"')
    if mark.lower().startswith("sep=") and len(mark) == 5:
        return mark[4], rest
    return ("\t", rest) if first.strip("\r") == "sep=\t" else ("", text)


def _marks(text: str) -> tuple[str, str]:
    """Return the quotation mark, and the sign that masks it inside a cell when it is not doubled."""
    double = text.count('"')
    if double == 0 and text.count("'") >= 4 and all(text.count(f"'{sign}'") for sign in _separators_of(text)):
        return "'", ""
    return '"', "\\" if '\\"' in text and text.count('""') <= text.count('\\"') else ""


def _separators_of(text: str) -> tuple[str, ...]:
    used = [sign for sign in _SEPARATORS if sign in text]
    return tuple(used[:1]) or ("none",)


def _cut(text: str, separator: str, quote: str, escape: str) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = Rows(StringIO(text, newline=""), separator, quote, escape)
    while len(rows) < _ROWS and not reader.failed and (more := reader.take(50)):
        rows.extend(more)
    return rows


def _merit(rows: Sequence[Sequence[str]], separator: str) -> tuple[float, int, int]:
    """Rank a separator: rows of one width, then column names that are known, then more columns. Blanks come last."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return 0.0, 0, 0
    width, count = Counter(map(len, filled)).most_common(1)[0]
    if width < 2:
        return 0.0, 0, 0
    even = count / len(filled) - (0.3 if separator == BLANKS else 0.0)
    known = max((_known_names(row) for row in filled[:20]), default=0)
    return round(even, 1) + min(known, 3), known, width


def _known_names(row: Sequence[str]) -> int:
    return sum(normal(cell) in _KNOWN for cell in row if cell.strip())


def _is_fixed_width(rows: Sequence[Sequence[str]]) -> bool:
    """Take blanks for separators only when every row agrees and holds numbers."""
    filled = [row for row in rows if row]
    return (
        bool(filled) and len({len(row) for row in filled}) == 1 and looks.share(filled[-1], ("number", "date")) >= 0.5
    )


def _with_header(rows: Sequence[Sequence[str]], separator: str, quote: str, escape: str, *, skipped: int) -> Shape:
    filled = [(place, row) for place, row in enumerate(rows) if any(cell.strip() for cell in row)]
    width = Counter(len(row) for _, row in filled).most_common(1)[0][0] if filled else 0
    first = next(
        ((place, row) for place, row in filled[:30] if _starts_table(row, width)), filled[0] if filled else None
    )
    if first is None:
        raise HeaderOnly("The file holds blank lines only. Export a period in which there were orders.")
    place, row = first
    if not _is_header(row):
        names = tuple(str(number + 1) for number in range(len(row)))
        return Shape(separator, quote, escape, place + skipped, named=False, names=names)
    if not any(later > place for later, _ in filled):
        names_shown = ", ".join(row[:_NAMED]) + (" …" if len(row) > _NAMED else "")
        raise HeaderOnly(
            f"The file has column names ({names_shown}) but no rows. Export a period in which there were orders."
        )
    return Shape(separator, quote, escape, place + skipped + 1, named=True, names=tuple(cell.strip() for cell in row))


def _starts_table(row: Sequence[str], width: int) -> bool:
    """Tell the header, or the first row, from a title above the table."""
    filled = sum(bool(cell.strip()) for cell in row)
    return (len(row) >= width and filled * 2 >= width) or (_known_names(row) >= 2 and len(row) >= width - 1)


def _is_header(row: Sequence[str]) -> bool:
    if tuple(cell.strip() for cell in row[: len(EXPLAINING)]) == EXPLAINING:
        return True
    filled = [cell for cell in row if cell.strip()]
    if any(looks.date(cell) for cell in filled):
        return False
    return _known_names(row) > 0 or not any(looks.number(cell) or looks.email(cell) for cell in filled)
