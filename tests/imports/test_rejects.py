"""Rows that make no sense come back with line, column, value and reason; they take their order with them."""

import csv
from pathlib import Path

import pytest

from stammkunde.events import imports
from tests.imports.taking import NOW, log, rejected, take, values, write

HEADER = "order_id,customer,date,sku,quantity,unit_price\n"
GOOD = "900,1,2026-01-03,a,1,1\n"
FAILURES = {
    "no date": ("1,7,,a,1,5\n", ("2", "date", "", "the date is empty")),
    "a date nobody can read": ("1,7,soon,a,1,5\n", ("2", "date", "soon", "the date cannot be read")),
    "a day there never was": (
        "1,7,2026-02-30,a,1,5\n",
        ("2", "date", "2026-02-30", "the date is no date there ever was since 1970"),
    ),
    "a day to come": ("1,7,2026-06-03,a,1,5\n", ("2", "date", "2026-06-03", "the date lies in the future")),
    "a quantity that is no number": (
        "1,7,2026-01-03,a,many,5\n",
        ("2", "quantity", "many", "is not a number, or too large a one"),
    ),
    "a price that is no number": (
        "1,7,2026-01-03,a,1,5.0.0\n",
        ("2", "unit_price", "5.0.0", "is not a number, or too large a one"),
    ),
    "an amount nobody pays": (
        "1,7,2026-01-03,a,100000,500000\n",
        ("2", "unit_price", "500000", "is not a number, or too large a one"),
    ),
    "no price": (
        "1,7,2026-01-03,a,1,\n",
        ("2", "", "", "the row tells no amount: neither total nor line total nor quantity and price"),
    ),
    "cells too few": ("1,7,2026-01-03\n", ("2", "", "", "the row has 3 cells instead of 6")),
    "cells too many": ("1,7,2026-01-03,a,b,1,5\n", ("2", "", "", "the row has 7 cells instead of 6")),
    "a number nobody can print": (
        "9" * 190 + ",7,2026-01-03,a,1,5\n",
        ("2", "order_id", "9" * 190, "the order id is longer than 180 characters"),
    ),
}


@pytest.mark.parametrize(("row", "expected"), FAILURES.values(), ids=FAILURES.keys())
def test_what_is_wrong_with_a_row_is_said(db: None, tmp_path: Path, row: str, expected: tuple[str, ...]) -> None:
    result = take(write(tmp_path, HEADER + row + GOOD))
    assert [expected] == rejected(result)
    assert (2, 1, 1) == (result.read, result.imported, result.rejected)
    assert {"900": "1"} == values()


def test_tomorrow_is_not_yet_the_future(db: None, tmp_path: Path) -> None:
    assert 0 == take(write(tmp_path, HEADER + "1,7,2026-06-02,a,1,5\n")).rejected


def test_a_row_takes_its_order_with_it(db: None, tmp_path: Path) -> None:
    result = take(
        write(tmp_path, HEADER + "1,7,2026-01-03,a,1,5\n1,7,2026-01-03,b,x,5\n1,7,2026-01-03,c,-1,5\n" + GOOD)
    )
    belongs = "belongs to order 1, whose line 3 was rejected"
    assert [
        ("2", "", "", belongs),
        ("3", "quantity", "x", "is not a number, or too large a one"),
        ("4", "", "", belongs),
    ] == rejected(result)
    assert {"900": "1"} == values()


def test_two_customers_in_one_order(db: None, tmp_path: Path) -> None:
    result = take(write(tmp_path, HEADER + "1,7,2026-01-03,a,1,5\n1,8,2026-01-03,b,1,5\n1,,2026-01-03,b,1,5\n" + GOOD))
    reason = "order 1 names two customers: 7 and 8"
    assert [("2", "customer", "7", reason), ("3", "customer", "8", reason), ("4", "customer", "", reason)] == rejected(
        result
    )


def test_an_order_that_did_not_come_about(db: None, tmp_path: Path) -> None:
    result = take(write(tmp_path, "order_id,date,total,status\n1,2026-01-03,5,failed\n2,2026-01-03,5,paid\n"))
    assert [("2", "status", "failed", "order 1 did not come about: failed")] == rejected(result)


def test_line_numbers_count_lines_of_the_file(db: None, tmp_path: Path) -> None:
    text = 'order_id,date,note,total\n1,2026-01-03,"two\nlines",5\n\n2,soon,x,5\n'
    assert [("5", "date", "soon", "the date cannot be read")] == rejected(take(write(tmp_path, text)))


def test_mended_rejects_can_be_imported_as_they_are(db: None, tmp_path: Path) -> None:
    text = (
        "Bestellnummer;Kunde;Datum;Artikel;Menge;Preis\n"
        "1;7;03.04.2026;=A1;1;5,50\n1;7;03.04.2026;-B;zwei;2,00\n2;8;13.04.2026;c;1;1,00\n"
    )
    result = take(write(tmp_path, text))
    assert result.rejects_file
    mended = Path(result.rejects_file).read_text("utf-8-sig").replace("zwei", "2")
    again = take(write(tmp_path, mended))
    assert (2, 2, 0, 0) == (again.read, again.imported, again.duplicate, again.rejected)
    assert {"1": "9.5", "2": "1"} == values()
    assert "2026-04-02 22:00" == log()[0].at
    assert ["=A1", "-B"] == [line["product"] for line in log()[0].attributes["lines"]]


def test_mended_rejects_of_a_file_without_column_names(db: None, tmp_path: Path) -> None:
    rows = "".join(f" 00004 0001 199701{day:02}  2   29.33\n" for day in range(1, 31))
    result = take(write(tmp_path, rows + " 00021 0002 19979901  3   63.34\n"))
    assert [("31", "3", "19979901", "the date is no date there ever was since 1970")] == rejected(result)
    mended = Path(str(result.rejects_file)).read_text("utf-8-sig").replace("19979901", "19970901")
    assert 1 == take(write(tmp_path, mended)).imported
    assert "63.34" == values()["00021@1997-09-01"]


def test_mended_rejects_still_obey_what_people_said(db: None, tmp_path: Path) -> None:
    text = "a,b,c,d\n1,03/04/2026,5,9\n2,soon,5,9\n"
    result = take(write(tmp_path, text), mapping={"order_id": "a", "at": "b", "total": "#3"}, dates="mdy")
    mended = Path(str(result.rejects_file)).read_text("utf-8-sig").replace(",2,soon,", ",2,05/06/2026,")
    take(write(tmp_path, mended))
    assert {"1": "2026-03-03 23:00", "2": "2026-05-05 22:00"} == {told.external_id: told.at for told in log()}


def test_nothing_in_the_rejects_calculates(db: None, tmp_path: Path) -> None:
    nasty = '=cmd|"/C calc"!A0', "+1+1", "-1+1", "@SUM(A1)", "\tx", "-5", "+49 170 1"
    rows = "".join(f'{number},"{cell.replace(chr(34), chr(34) * 2)}",soon,5\n' for number, cell in enumerate(nasty))
    result = take(write(tmp_path, "order_id,customer,date,total\n" + rows + "900,7,2026-01-03,1\n"))
    with Path(str(result.rejects_file)).open(encoding="utf-8-sig", newline="") as stream:
        cells = [row[5] for row in csv.reader(stream)][1:]
    assert ["'" + cell for cell in nasty[:5]] + ["-5", "'+49 170 1"] == cells


def test_words_that_look_like_sql_are_words(db: None, tmp_path: Path) -> None:
    nasty = "'); DROP TABLE events_event; --"
    header = 'order_id,customer,date,sku,coupon,currency,total,"x\'; DROP TABLE raw; --"\n'
    text = f'{header}"{nasty}","{nasty}",2026-01-03,"{nasty}","{nasty}",EUR,5,1\n'
    take(write(tmp_path, text, name="'; DROP TABLE raw; --.csv"), shop="'; DROP TABLE lines; --")
    assert {nasty: "5"} == values()
    assert nasty == log()[0].attributes["coupon"]


def test_a_rehearsal_writes_nothing_but_tells_the_same(db: None, tmp_path: Path) -> None:
    file = write(tmp_path, HEADER + "1,7,2026-01-03,a,1,5\n2,7,soon,b,1,5\n3,8,2026-01-03,b,-1,5\n")
    said = imports.rehearse(file, now=NOW)
    assert [] == log()
    done = take(file)
    assert {**said.as_json(), "rejects_file": ""} == {**done.as_json(), "rejects_file": ""}
    assert rejected(said) == rejected(done)
    again = imports.rehearse(file, now=NOW)
    assert (3, 0, 2, 1) == (again.read, again.imported, again.duplicate, again.rejected)
    Path(str(said.rejects_file)).unlink()


def test_rejects_of_parquet_come_back_as_text(db: None, tmp_path: Path) -> None:
    import duckdb

    file = tmp_path / "orders.parquet"
    duckdb.sql(
        "SELECT * FROM (VALUES ('1', 7, DATE '2026-01-03', 1.5), ('2', 7, NULL, 2.5), (NULL, NULL, NULL, NULL)) "
        "AS orders(order_id, customer, date, total)"
    ).write_parquet(str(file))
    result = take(file)
    assert (2, 1, 1) == (result.read, result.imported, result.rejected)
    assert [("2", "date", "", "the date is empty")] == rejected(result)
    mended = Path(str(result.rejects_file)).read_text("utf-8-sig").replace(",2,7,,2.50", ",2,7,2026-01-04,2.50")
    take(write(tmp_path, mended.replace(",2,7,,2.5", ",2,7,2026-01-04,2.5")))
    assert {"1": "1.5", "2": "2.5"} == values()
