"""Hand a table out as a file that spreadsheets open as it is, and in which nothing runs."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from django.http import HttpResponse
from django.utils.translation import get_language

from stammkunde.kernel.spreadsheets import FORMULA_SIGNS

Cell = str | int | float | Decimal | date | None
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
