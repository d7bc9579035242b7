"""Whether an amount is the row's or the order's is settled by quantity × price, whatever the column is called."""

from pathlib import Path

import pytest

from stammkunde.events import imports
from tests.imports.taking import NOW, take, values, write

ROWS = (
    ("1", "Eva", "05.01.2026", "Seife", "1", "5,00"),
    ("1", "Eva", "05.01.2026", "Kerze", "1", "5,00"),
    ("2", "Kaya", "06.01.2026", "Seife", "1", "5,00"),
    ("2", "Kaya", "06.01.2026", "Bad", "1", "5,00"),
    ("3", "Eva", "07.01.2026", "Seife", "1", "5,00"),
)


def table(name: str, amounts: tuple[str, ...], *, priced: bool = True) -> str:
    head = f"Bestellnr;Kunde;Datum;Artikel;Menge;Einzelpreis;{name}\n"
    body = "".join(";".join((*row, amount)) + "\n" for row, amount in zip(ROWS, amounts, strict=True))
    if priced:
        return head + body
    rows = [line.split(";") for line in (head + body).splitlines()]
    return "".join(";".join([*row[:5], row[6]]) + "\n" for row in rows)


@pytest.mark.parametrize("name", ["Summe", "Betrag", "Total", "Gesamtbetrag", "Rechnungsbetrag", "Gesamt"])
def test_equal_amounts_of_rows_are_not_taken_for_the_total(db: None, tmp_path: Path, name: str) -> None:
    file = write(tmp_path, table(name, ("5,00",) * 5))
    seen = imports.look(file, now=NOW)
    assert ("line_total", "it is quantity × price of each row, not their sum") == (
        next(field for field, column in seen.columns.items() if column.name == name),
        seen.columns["line_total"].why,
    )
    take(file)
    assert {"1": "10", "2": "10", "3": "5"} == values()


@pytest.mark.parametrize("name", ["Summe", "Betrag", "Total", "Gesamtbetrag"])
def test_a_total_repeated_in_each_row_is_the_total(db: None, tmp_path: Path, name: str) -> None:
    file = write(tmp_path, table(name, ("10,00", "10,00", "10,00", "10,00", "5,00")))
    assert name == imports.look(file, now=NOW).columns["total"].name
    take(file)
    assert {"1": "10", "2": "10", "3": "5"} == values()


@pytest.mark.parametrize("priced", [True, False])
@pytest.mark.parametrize("name", ["Summe", "Betrag", "Total", "Gesamtbetrag"])
def test_a_total_in_the_first_row_only_is_the_total(db: None, tmp_path: Path, name: str, priced: bool) -> None:
    file = write(tmp_path, table(name, ("9,50", "", "10,00", "", "5,00"), priced=priced))
    assert name == imports.look(file, now=NOW).columns["total"].name
    result = take(file)
    assert 0 == result.rejected
    assert {"1": "9.5", "2": "10", "3": "5"} == values()


def test_who_insists_on_the_total_is_warned(db: None, tmp_path: Path) -> None:
    file = write(tmp_path, table("Summe", ("5,00",) * 5))
    seen = imports.look(file, now=NOW, mapping={"total": "Summe"})
    assert "total" in seen.columns
    assert any("'Summe' counts as the total of the order" in warning for warning in seen.warnings)
    assert any("'Summe' counts as the total" in warning for warning in take(file, mapping={"total": "Summe"}).warnings)


def test_repeated_rows_are_counted_and_told(db: None, tmp_path: Path) -> None:
    text = table("Summe", ("5,00",) * 5)
    result = take(write(tmp_path, text + "".join(text.splitlines(keepends=True)[2:4])))
    assert {"1": "15", "2": "15", "3": "5"} == values()
    assert any(
        warning.startswith("2 rows repeat another row of the file letter for letter, the first in line 7; each")
        for warning in result.warnings
    )


def test_a_file_without_repeated_rows_is_not_scolded(db: None, tmp_path: Path) -> None:
    assert not any(
        "letter for letter" in warning for warning in take(write(tmp_path, table("Summe", ("5,00",) * 5))).warnings
    )


@pytest.mark.parametrize(
    ("amounts", "worth"),
    [
        (("4,20", "4,20", "4,20", "4,20", "4,20"), {"1": "8.4", "2": "8.4", "3": "4.2"}),
        (("8,40", "8,40", "8,40", "8,40", "4,20"), {"1": "8.4", "2": "8.4", "3": "4.2"}),
        (("4,20", "4,67", "4,20", "4,67", "4,67"), {"1": "8.87", "2": "8.87", "3": "4.67"}),
    ],
    ids=["of rows", "of orders", "of rows at two rates"],
)
def test_net_amounts_beside_gross_prices_are_settled_too(
    db: None, tmp_path: Path, amounts: tuple[str, ...], worth: dict[str, str]
) -> None:
    take(write(tmp_path, table("Summe netto", amounts)))
    assert worth == values()
