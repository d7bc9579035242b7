"""A mirror reads the tables people already have, and says what is wrong with those it cannot read."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stammkunde import metrics
from stammkunde.metrics import Mirror
from stammkunde.metrics.frames import MissingColumn, NotATable, UnfitColumn, UnknownTimeZone
from tests.metrics.making import orders, period

JANUARY = period("2025-01-01", "2025-02-01")
FRAME = orders([("Eva", "2025-01-02 10:00", 12.5), ("Eva", "2025-01-09 10:00", 7.5), ("Jo", "2025-01-03", 20)])


class OnlyArrow:
    """A frame of a library nobody has heard of, which speaks the Arrow interface, as polars does."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def _folder(tmp_path: Path) -> Path:
    for number, part in enumerate((FRAME.iloc[:1], FRAME.iloc[1:])):
        folder = tmp_path / "shop" / f"year={number}"
        folder.mkdir(parents=True)
        pq.write_table(pa.Table.from_pandas(part), folder / "part.parquet")
    return tmp_path / "shop"


SOURCES: dict[str, Callable[[Path], Any]] = {
    "pandas": lambda _: FRAME,
    "Arrow table": lambda _: pa.Table.from_pandas(FRAME),
    "Arrow stream": lambda _: pa.Table.from_pandas(FRAME).to_reader(),
    "Arrow interface": lambda _: OnlyArrow(pa.Table.from_pandas(FRAME)),
    "DuckDB relation": lambda _: duckdb.sql("""
        select 'Eva' as customer, timestamp '2025-01-02 10:00' as "at", 12.5 as value
        union all select 'Eva', timestamp '2025-01-09 10:00', 7.5 union all select 'Jo', timestamp '2025-01-03', 20
    """),
    "Parquet folder": _folder,
    "Parquet file": lambda tmp_path: str(next(_folder(tmp_path).glob("*0/*.parquet")).with_name("part.parquet")),
}


@pytest.mark.parametrize("kind", [kind for kind in SOURCES if kind != "Parquet file"])
def test_every_kind_of_table_gives_the_same_figures(kind: str, tmp_path: Path) -> None:
    shop = Mirror.of(SOURCES[kind](tmp_path))
    assert metrics.revenue(shop, period=JANUARY).value == 40
    assert metrics.customers_active(shop, period=JANUARY).value == 2
    assert (shop.first_day, shop.end) == (date(2025, 1, 2), date(2025, 1, 10))
    assert list(metrics.rfm(shop).customer) == ["Eva", "Jo"]


def test_single_parquet_file_is_read(tmp_path: Path) -> None:
    assert metrics.orders(Mirror.of(SOURCES["Parquet file"](tmp_path)), period=JANUARY).value == 1


def test_columns_may_have_any_name() -> None:
    frame = FRAME.rename(columns={"customer": 'Kunden "Nr."', "at": "Kauf am", "value": "Summe, €"})
    shop = Mirror.of(frame, customer='Kunden "Nr."', at="Kauf am", value="Summe, €")
    assert metrics.revenue(shop, period=JANUARY).value == 40


def test_lines_with_an_order_id_form_one_order_at_its_earliest_line() -> None:
    lines = orders([("Eva", "2025-01-31 23:59", 5), ("Eva", "2025-02-01 00:01", 7), ("Eva", "2025-01-31 23:59", 1)])
    shop = Mirror.of(lines.assign(order=["A1", "A1", "A2"]), order_id="order")
    assert metrics.orders(shop, period=JANUARY).value == 2
    assert metrics.revenue(shop, period=JANUARY).value == 13


def test_lines_without_an_order_id_form_one_order_at_the_same_moment() -> None:
    lines = [("Eva", "2025-01-02 10:00", 5), ("Eva", "2025-01-02 10:00", 7), ("Jo", "2025-01-02 10:00", 1)]
    shop = Mirror.of(orders([*lines, ("Eva", "2025-01-02 10:01", 2)]))
    assert metrics.orders(shop, period=JANUARY).value == 3
    assert metrics.revenue(shop, period=JANUARY).value == 15


def test_where_only_days_are_given_a_customers_day_is_one_order() -> None:
    frame = orders([("Eva", "2025-01-02", 5), ("Eva", "2025-01-02", 7)])
    frame["at"] = frame["at"].dt.date
    assert metrics.orders(Mirror.of(frame), period=JANUARY).value == 1


def test_negative_lines_of_an_order_are_returns_of_their_own() -> None:
    lines = orders([("Eva", "2025-01-02", 50), ("Eva", "2025-01-02", -20)]).assign(order="A1")
    shop = Mirror.of(lines, order_id="order")
    assert metrics.revenue(shop, period=JANUARY).value == 50
    assert metrics.revenue_net(shop, period=JANUARY).value == 30


def test_column_can_say_which_rows_are_returns() -> None:
    frame = orders([("Eva", "2025-01-02", 50), ("Eva", "2025-01-03", 20)]).assign(back=[None, True])
    shop = Mirror.of(frame, returned="back")
    assert metrics.revenue(shop, period=JANUARY).value == 50
    assert metrics.revenue_net(shop, period=JANUARY).value == 30


@pytest.mark.parametrize(
    "customers",
    [[17850.0, 17850.0, None], pd.array([17850, 17850, None], "Int64"), ["17850", " 17850 ", ""]],
    ids=["numbers with gaps read as 17850.0", "whole numbers with gaps", "text with blanks"],
)
def test_nobody_is_a_customer(customers: Any) -> None:
    shop = Mirror.of(FRAME.assign(customer=customers))
    assert metrics.customers_active(shop, period=JANUARY).value == 1
    assert metrics.orders(shop, period=JANUARY).value == 2
    assert metrics.orders_all(shop, period=JANUARY).value == 3
    assert [float(key) for key in metrics.rfm(shop).customer] == [17850]


def test_money_is_exact_to_a_ten_thousandth() -> None:
    cents = Mirror.of(orders([("Eva", f"2025-01-02 10:{minute:02}", 0.1) for minute in range(30)]))
    assert metrics.revenue(cents, period=JANUARY).value == 3
    assert cents.sql("select sum(value) from orders") == [(30_000,)]


@pytest.mark.parametrize(
    "kind",
    [pa.float32(), pa.float64(), pa.int64(), pa.uint8(), pa.decimal128(12, 2), pa.decimal128(38, 2)],
    ids=str,
)
def test_every_kind_of_number_is_an_amount(kind: pa.DataType) -> None:
    value = 3 if pa.types.is_integer(kind) else Decimal("2.55") if pa.types.is_decimal(kind) else 2.55
    table = pa.table({"customer": [1], "at": [date(2025, 1, 2)], "value": pa.array([value], kind)})
    assert metrics.revenue(Mirror.of(table), period=JANUARY).value == float(value)


def test_missing_and_endless_amounts_are_no_orders() -> None:
    frame = orders([("Eva", "2025-01-02", float("nan")), ("Eva", "2025-01-03", float("inf")), ("Jo", "2025-01-04", 1)])
    assert metrics.orders(Mirror.of(frame), period=JANUARY).value == 1


def test_empty_frame_is_a_mirror_without_orders() -> None:
    shop = Mirror.of(FRAME.iloc[:0])
    assert (shop.first_day, shop.end) == (None, None)
    assert metrics.orders(shop, period=JANUARY).value == 0
    assert metrics.cohorts(shop) == []


def test_missing_column_names_the_nearest() -> None:
    with pytest.raises(MissingColumn, match=r"no column 'at'\. It has: customer, Zeitpunkt, value"):
        Mirror.of(FRAME.rename(columns={"at": "Zeitpunkt"}))
    with pytest.raises(MissingColumn, match="Did you mean 'customer_id'"):
        Mirror.of(FRAME.rename(columns={"customer": "customer_id"}))


def test_text_that_is_no_moment_says_how_to_convert_it() -> None:
    with pytest.raises(UnfitColumn, match=r"pandas\.to_datetime"):
        Mirror.of(FRAME.assign(at="yesterday"))


@pytest.mark.parametrize(
    ("column", "content", "message"),
    [
        ("value", "12,50", "convert it to numbers first"),
        ("at", 20250102, "convert it to dates or time stamps first"),
        ("at", None, "have no moment"),
        ("at", date(9999, 12, 31), "before 1900 or after 2199"),
        ("customer", ["Eva", 7, "Jo"], "mixes kinds of values"),
        ("value", 1e300, "this one does not"),
        ("back", "maybe", "truth values"),
    ],
    ids=[
        "amount as text",
        "day as a number",
        "no moment",
        "end of time",
        "mixed kinds",
        "too much",
        "not true or false",
    ],
)
def test_unfit_column_is_named(column: str, content: object, message: str) -> None:
    frame = FRAME.assign(**{column: content})
    if content is None:
        frame["at"] = pd.to_datetime(frame["at"])
    with pytest.raises(UnfitColumn, match=message):
        Mirror.of(frame, returned="back" if column == "back" else None)


@pytest.mark.parametrize("source", [[1, 2], None, {"customer": [1]}], ids=["list", "nothing", "dict"])
def test_what_is_no_table_is_refused(source: object) -> None:
    with pytest.raises(NotATable, match="is not a table"):
        Mirror.of(source)


def test_file_that_is_not_there_or_no_parquet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotATable, match="There is no file or folder"):
        Mirror.of(tmp_path / "orders.parquet")
    (tmp_path / "orders.csv").write_text("customer,at,value\n")
    with pytest.raises(NotATable, match=r"duckdb\.read_csv"):
        Mirror.of(tmp_path / "orders.csv")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotATable, match="holds no Parquet"):
        Mirror.of(tmp_path / "empty")


def test_time_zone_must_exist() -> None:
    with pytest.raises(UnknownTimeZone, match="name one such as Europe/Berlin"):
        Mirror.of(FRAME, time_zone="Germany")


@pytest.mark.parametrize(
    ("moment", "utc"),
    [("2025-03-30 01:59", "2025-03-30 00:59"), ("2025-03-30 03:00", "2025-03-30 01:00")],
    ids=["last minute of winter time", "first minute of summer time"],
)
def test_moment_without_zone_is_local_time(moment: str, utc: str) -> None:
    shop = Mirror.of(orders([("Eva", moment)]))
    ((micros,),) = shop.sql('select "at" from orders')
    assert pd.Timestamp(micros, unit="us") == pd.Timestamp(utc)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2025-01-02", "2025-01-01 23:00"),
        ("2025-01-02 10:00", "2025-01-02 09:00"),
        ("2025-01-02T10:00:00Z", "2025-01-02 10:00"),
        ("2025-01-02T10:00:00-05:00", "2025-01-02 15:00"),
    ],
    ids=["day", "local time", "UTC", "with offset"],
)
def test_moment_written_as_text_may_carry_its_offset(text: str, utc: str) -> None:
    shop = Mirror.of(FRAME.iloc[:1].assign(at=text))
    ((micros,),) = shop.sql('select "at" from orders')
    assert pd.Timestamp(micros, unit="us") == pd.Timestamp(utc)


def test_mirror_answers_several_threads(worked_example: Mirror) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: metrics.customers_active(worked_example, period=JANUARY).value, range(20)))
    assert answers == [2] * 20
