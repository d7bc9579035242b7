"""Files that somebody made to do harm, or that a machine has spoiled, cost their own rows and end in a sentence."""

from pathlib import Path

import duckdb
import pytest

from stammkunde.customers.models import Identity
from stammkunde.events import imports
from stammkunde.events.imports import staging
from tests.imports.taking import NOW, rejected, take, values, write

HEADER = "order_id,customer,date,product,quantity,line_total\n"


def parquet(folder: Path, query: str) -> Path:
    file = folder / "orders.parquet"
    duckdb.sql(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
    return file


def test_a_lone_quotation_mark_costs_its_own_row_only(db: None, tmp_path: Path) -> None:
    rows = [f"B{n},{chr(34) * (n % 300 == 0)}{n},2026-02-05,Rose,1,2.00\n" for n in range(1, 1_501)]
    result = take(write(tmp_path, HEADER + "".join(rows)))
    assert (1_500, 1_495, 5) == (result.read, result.imported, result.rejected)
    assert ["301", "601", "901", "1201", "1501"] == [row[0] for row in rejected(result)]


def test_lone_quotation_marks_everywhere_refuse_the_file(db: None, tmp_path: Path) -> None:
    rows = [f'B{n},"{n},2026-02-05,Rose,1,2.00\n' for n in range(1, 501)]
    with pytest.raises(imports.Refused, match="Quotation marks are opened and not closed"):
        take(write(tmp_path, HEADER + "".join(rows)))


def test_a_line_break_in_a_text_is_no_harm(db: None, tmp_path: Path) -> None:
    result = take(write(tmp_path, HEADER + 'B1,1,2026-02-05,"Rose\nrot",1,2.00\nB2,1,2026-02-05,Rose,1,2.00\n'))
    assert (2, 2) == (result.read, result.imported)


def test_a_zero_byte_in_a_parquet_text_is_left_out(db: None, tmp_path: Path) -> None:
    take(
        parquet(
            tmp_path, "SELECT 1 AS order_id, 'a' || chr(0) || 'b' AS customer, DATE '2026-01-05' AS date, 2 AS total"
        )
    )
    assert ["ab"] == list(Identity.objects.values_list("value", flat=True))


def test_a_column_named_as_the_reader_names_its_own_is_refused_in_words(db: None, tmp_path: Path) -> None:
    file = parquet(tmp_path, "SELECT 1 AS order_id, DATE '2026-01-05' AS date, 2 AS total, 7 AS file_row_number")
    with pytest.raises(imports.Refused, match="Rename it"):
        take(file)


def test_thousands_of_columns_are_refused(db: None, tmp_path: Path) -> None:
    wide = ",".join(f"c{n}" for n in range(2_000))
    with pytest.raises(imports.Refused, match="2000 columns, more than 1000"):
        imports.look(write(tmp_path, f"{wide}\n{wide}\n"), now=NOW)
    columns = ", ".join(f"1 AS c{n}" for n in range(1_500))
    with pytest.raises(imports.Refused, match="1500 columns, more than 1000"):
        imports.look(parquet(tmp_path, f"SELECT {columns}"), now=NOW)


def test_what_does_not_fit_into_memory_is_refused_in_words(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "_MEMORY", "24MB")
    query = "SELECT 1 AS order_id, 1 AS customer, DATE '2026-01-05' AS date, 2 AS total, repeat('x', 30000000) AS note"
    with pytest.raises(imports.Refused, match="more memory than is allowed"):
        imports.look(parquet(tmp_path, query), now=NOW)


def test_what_is_hardly_a_number_or_a_moment_is_rejected(db: None, tmp_path: Path) -> None:
    rows = ("1,2026-01-05,5EUR5", "2,2026-01-05,--5", "3,2026-01-05T12:00+99:99,5", "4,2026-01-05T12:00+0130,-5 €")
    result = take(write(tmp_path, "order_id,date,total\n" + "\n".join(rows) + "\n5,2026-01-06,EUR 5\n"))
    assert {"4": "(5)", "5": "5"} == values()
    assert ["2", "3", "4"] == [row[0] for row in rejected(result)]


def test_a_header_of_endless_names_is_not_repeated_in_full(db: None, tmp_path: Path) -> None:
    with pytest.raises(imports.Refused) as refused:
        take(write(tmp_path, ",".join(f"column {n}" for n in range(900)) + "\n"))
    assert len(str(refused.value)) < 500
