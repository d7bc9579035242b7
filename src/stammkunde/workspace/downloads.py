"""Hand a table out as a file that spreadsheets open as it is, and in which nothing runs."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import chain

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language

from stammkunde.kernel.batches import in_chunks
from stammkunde.kernel.spreadsheets import FORMULA_SIGNS

Cell = str | int | float | Decimal | date | None
_PIECE_ROWS = 500
_BYTE_ORDER_MARK = "\ufeff"


def download(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Answer with a CSV file; German readers get semicolons and decimal commas, as their spreadsheets expect."""
    german = (get_language() or "de").startswith("de")
    out = StringIO()
    writer = csv.writer(out, delimiter=";" if german else ",")
    writer.writerow([written(cell, german=german) for cell in header])
    writer.writerows([written(cell, german=german) for cell in row] for row in rows)
    response = HttpResponse(_BYTE_ORDER_MARK + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def stream(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    """Answer with the same kind of file piece by piece, however long it is; only a few rows are in memory at a time."""
    german = (get_language() or "de").startswith("de")
    return StreamingHttpResponse(
        _pieces(header, rows, german=german),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "X-Content-Type-Options": "nosniff",
            "X-Accel-Buffering": "no",
        },
    )


def _pieces(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, german: bool) -> Iterator[str]:
    yield _BYTE_ORDER_MARK
    for chunk in in_chunks(chain([header], rows), _PIECE_ROWS):
        out = StringIO()
        writer = csv.writer(out, delimiter=";" if german else ",")
        writer.writerows([written(cell, german=german) for cell in row] for row in chunk)
        yield out.getvalue()


def written(cell: Cell, *, german: bool) -> str:
    """Write one cell: numbers plainly, unknown as nothing, and texts that a spreadsheet would run behind an apostrophe.

    >>> written("=1+1", german=True), written(-0.5, german=True), written(None, german=True)
    ("'=1+1", '-0,5', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
    if isinstance(cell, date):
        return cell.isoformat()
    text = f"{cell:.10g}" if isinstance(cell, float) else str(cell)
    return text.replace(".", ",") if german else text
