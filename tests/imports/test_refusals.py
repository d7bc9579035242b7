"""A file that cannot be imported is refused as a whole, with a message that says what to do, and nothing is written."""

import gzip
from pathlib import Path

import pytest

from stammkunde.accounts.models import Business
from stammkunde.catalogue.models import Product
from stammkunde.customers.models import Customer
from stammkunde.events import imports
from stammkunde.events.models import Event, Import
from tests.imports.taking import NOW, rejected, take, values, write

HEADER = "order_id,customer,date,sku,quantity,unit_price\n"
REFUSALS = {
    "an empty file": (b"", "is empty"),
    "nothing but blanks": (b" \r\n\n", "is empty"),
    "nothing but a byte order mark": (b"\xef\xbb\xbf", "is empty"),
    "an empty file, packed": (gzip.compress(b""), "is empty"),
    "column names only": (HEADER.encode(), "but no rows. Export a period in which there were orders"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "is a picture"),
    "an Excel workbook": (b"PK\x03\x04" + bytes(200), "save it as CSV"),
    "random bytes": (bytes(range(256)) * 50, "neither text nor Parquet"),
    "half an archive": (gzip.compress(HEADER.encode() + b"1,2,2026-01-03,a,1,1\n" * 9_000)[:200], "damaged or cut off"),
    "damaged Parquet": (b"PAR1" + bytes(100), "cannot be read as Parquet"),
    "no date": (b"order_id,customer,total\n1,7,5\n", "No column tells when an order was placed"),
    "no amount": (b"order_id,customer,date\n1,7,2026-01-03\n", "No column tells what it was worth"),
    "other columns altogether": (b"colour,shape\nred,round\n", "Found: colour, shape"),
    "one column": (b"orders\nmany\nfew\n", "Found: orders"),
    "people": (b"email,first name,last name\na@b.example,Eva,M\n", "importing customers comes later"),
    "two columns of the same name that matter": (
        b"order_id,date,total,total\n1,2026-01-03,5,6\n",
        "Several columns are called 'total' \\(#3, #4\\). Choose one by its place: --map total=#3",
    ),
    "two currencies": (
        b"order_id,date,total,currency\n1,2026-01-03,5,EUR\n2,2026-01-03,5,USD\n3,2026-01-03,5,EUR\n",
        "several currencies: 2 rows in EUR, 1 rows in USD. Import one of them: --currency EUR",
    ),
    "two currencies beside the amounts": (
        "order_id,date,total\n1,2026-01-03,5 €\n2,2026-01-03,$5\n".encode(),
        "several currencies",
    ),
    "no row that makes sense": (
        HEADER.encode() + b"1,7,soon,a,1,5\n2,7,later,a,1,5\n",
        "None of the 2 rows can be imported. Line 2, column 'date': the date cannot be read",
    ),
    "future dates only": (HEADER.encode() + b"1,7,2031-01-03,a,1,5\n", "the date lies in the future"),
    "quotation marks broken all over": (HEADER.encode() + b'1,7,"2026\n' * 400, "are doubled"),
}


@pytest.mark.parametrize(("data", "says"), REFUSALS.values(), ids=REFUSALS.keys())
def test_files_that_cannot_be_imported(db: None, tmp_path: Path, data: bytes, says: str) -> None:
    file = write(tmp_path, data)
    with pytest.raises(imports.Refused, match=says):
        take(file)
    with pytest.raises(imports.Refused, match=says):
        imports.rehearse(file, now=NOW)
    assert [0, 0, 0] == [model.objects.count() for model in (Event, Customer, Product)]
    assert set(Import.objects.values_list("state", flat=True)) <= {"refused"}


def test_a_file_that_is_not_there(db: None, tmp_path: Path) -> None:
    with pytest.raises(imports.Refused, match="Check the path"):
        imports.look(tmp_path / "nothing.csv", now=NOW)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"dates": "ymd"}, "write dmy"),
        ({"decimal": ";"}, "The decimal sign"),
        ({"currency": "Euro"}, "code of three letters"),
        ({"preset": "shoplify"}, "There is no preset 'shoplify'. There are: gocardless"),
        ({"encoding": "klingon"}, "Unknown encoding"),
        ({"counted": ("tip",)}, "Only shipping and tax"),
    ],
)
def test_options_that_mean_nothing(db: None, tmp_path: Path, options: dict[str, object], says: str) -> None:
    with pytest.raises(imports.Refused, match=says):
        take(write(tmp_path, HEADER + "1,7,2026-01-03,a,1,5\n"), **options)


def test_two_columns_of_the_same_name_that_do_not_matter_are_mentioned(db: None, tmp_path: Path) -> None:
    file = write(tmp_path, "order_id,date,total,note,note\n1,2026-01-03,5,a,b\n")
    assert ["Several columns have the same name: note."] == imports.look(file, now=NOW).warnings
    twins = write(tmp_path, "order_id,date,total,total\n1,2026-01-03,5,6\n")
    take(twins, mapping={"total": "#4"})
    assert {"1": "6"} == values()


def test_one_of_two_currencies_can_be_taken(db: None, tmp_path: Path) -> None:
    file = write(tmp_path, "order_id,date,total,currency\n1,2026-01-03,5,EUR\n2,2026-01-03,5,usd\n3,2026-01-03,5,€\n")
    result = take(file, currency="eur")
    assert (3, 2, 1) == (result.read, result.imported, result.rejected)
    assert [("3", "currency", "usd", "the currency is another currency than the one to import")] == rejected(result)
    assert "EUR" == Business.current().currency
    assert {"EUR"} == set(Event.objects.values_list("currency", flat=True))


def test_the_first_import_decides_the_currency_and_others_are_refused(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, "order_id,date,total,currency\n1,2026-01-03,5,CHF\n"))
    assert "CHF" == Business.current().currency
    with pytest.raises(imports.Refused, match="The file is in EUR, but the orders so far are in CHF"):
        take(write(tmp_path, "order_id,date,total,currency\n2,2026-01-03,5,EUR\n"))
    take(write(tmp_path, "order_id,date,total\n3,2026-01-03,5\n"))
    assert {"CHF"} == set(Event.objects.values_list("currency", flat=True))


def test_without_any_word_amounts_are_in_euro(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, "order_id,date,total\n3,2026-01-03,5\n"))
    assert "EUR" == Business.current().currency
