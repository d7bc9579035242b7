"""Before anything is written, people learn which column counts, and whether that is net or gross."""

from pathlib import Path

import pytest

from stammkunde.events import imports
from tests.imports.taking import NOW, write


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("Bestellnr;Datum;Netto;Brutto", ("line_total", "Netto", "net", "Brutto")),
        ("Bestellnr;Datum;Summe brutto;Steuer", ("line_total", "Summe brutto", "gross", "")),
        ("Bestellnr;Datum;Bestellsumme;Steuer", ("total", "Bestellsumme", "", "")),
        ("Bestellnr;Datum;Menge;Einzelpreis", ("unit_price", "Einzelpreis", "", "")),
    ],
)
def test_which_column_counts_is_told(db: None, tmp_path: Path, head: str, told: tuple[str, ...]) -> None:
    rows = "1;05.01.2026;8,40;10,00\n1;05.01.2026;4,20;5,00\n"
    value = imports.look(write(tmp_path, f"{head}\n{rows}"), now=NOW).value
    assert value
    assert told == (value.field, value.column, value.basis, value.other)
