"""Real exports end in the log as an independent reading of the same files says."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from django.db.models import Count, Max, Sum

from stammkunde.accounts.models import Business
from stammkunde.customers.models import Customer
from stammkunde.events.models import Event
from tests.imports.taking import NOW, take

_CENTI_CENTS = 10_000

REPEATED = (
    "5268 rows repeat another row of the file letter for letter, the first in line 519; each of them counts. "
    "If the export has doubled them, take them out of the file."
)


@dataclass(frozen=True)
class Counted:
    """What is counted twice: once from the log, once from the file by pandas."""

    rows: int
    orders: int
    buyers: int
    anonymous: int
    value: float
    returns: int
    given_back: float
    last: str


def from_log(rows: int) -> Counted:
    placed = Event.objects.filter(kind="order.placed", value__gt=0)
    back = Event.objects.filter(kind="order.returned")
    sums = placed.aggregate(value=Sum("value"), last=Max("at"))
    known = placed.exclude(customer=None)
    return Counted(
        rows,
        known.count(),
        known.aggregate(buyers=Count("customer", distinct=True))["buyers"],
        placed.filter(customer=None).count(),
        round(sums["value"] / _CENTI_CENTS, 3),
        back.count(),
        round((back.aggregate(value=Sum("value"))["value"] or 0) / _CENTI_CENTS, 3),
        f"{Event.objects.order_by('-at').first().at:%Y-%m-%d %H:%M}",  # type: ignore[union-attr]
    )


def by_pandas(frame: pd.DataFrame) -> Counted:
    """Count the lines of Online Retail: invoice, quantity, price, customer, ts (London time)."""
    back = frame["invoice"].str.startswith("C") | (frame["quantity"] < 0) | (frame["price"] < 0)
    frame = frame.assign(amount=frame["quantity"] * frame["price"])
    orders = frame[~back].groupby("invoice").agg(value=("amount", "sum"), customer=("customer", "max"))
    orders = orders[orders["value"] > 0]
    given = frame[back].assign(amount=lambda lines: lines["amount"].abs()).groupby("invoice")["amount"].sum()
    known = orders[orders["customer"].notna()]
    last = frame["ts"].max().tz_localize("Europe/London").tz_convert("UTC")
    return Counted(
        len(frame), len(known), known["customer"].nunique(), len(orders) - len(known), round(orders["value"].sum(), 3),
        len(given), round(given.sum(), 3), f"{last:%Y-%m-%d %H:%M}",
    )  # fmt: skip


@pytest.fixture
def london(db: None) -> None:
    business = Business.current()
    business.time_zone = "Europe/London"
    business.save()


def test_a_year_of_online_retail(london: None, real_data: Path) -> None:
    file = real_data / "online_retail_ii" / "year_2010_2011_raw.csv.gz"
    result = take(file)
    columns = {
        "InvoiceNo": "invoice",
        "Quantity": "quantity",
        "UnitPrice": "price",
        "CustomerID": "customer",
        "InvoiceDate": "ts",
    }
    frame = pd.read_csv(file, dtype={"InvoiceNo": str, "StockCode": str}, parse_dates=["InvoiceDate"]).rename(
        columns=columns
    )
    assert by_pandas(frame) == from_log(result.read)
    assert (541_909, 541_909, 0, 0) == (result.read, result.imported, result.duplicate, result.rejected)
    assert [
        "2 rows have a price below zero, the first in line 299985; they count as given back, not as bought.",
        REPEATED,
    ] == result.warnings
    lines = frame[frame["invoice"].str[:2] == "58"].groupby("invoice", sort=False)["StockCode"].agg(list)
    placed = Event.objects.filter(kind="order.placed", external_id__in=lines.index)
    assert lines[placed.values_list("external_id", flat=True)].to_dict() == {
        event.external_id: [line["product"] for line in event.attributes["lines"]] for event in placed
    }
    again = take(file)
    assert (541_909, 0) == (again.duplicate, again.imported)
    assert Customer.objects.count() == frame["customer"].nunique()


def test_both_years_of_online_retail_from_parquet_and_one_of_them_again(london: None, real_data: Path) -> None:
    file = real_data / "online_retail_ii" / "lines_union.parquet"
    result = take(file)
    frame = pd.read_parquet(file).rename(columns={"customer_id": "customer"})
    frame = frame.assign(invoice=frame["invoice"].astype(str), price=frame["price"].astype(float))
    assert by_pandas(frame) == from_log(result.read)
    assert (1_044_847, 0) == (result.imported, result.rejected)
    before = from_log(0)
    again = take(real_data / "online_retail_ii" / "year_2010_2011_raw.csv.gz")
    assert (0, 541_909, 0) == (again.imported, again.duplicate, again.changed)
    assert before == from_log(0)


def test_cdnow_without_column_names_and_order_numbers(db: None, real_data: Path) -> None:
    file = real_data / "cdnow" / "CDNOW_sample.txt.gz"
    result = take(file)
    names = ["master", "sample", "day", "cds", "amount"]
    frame = pd.read_csv(file, sep=r"\s+", names=names, dtype={"master": str, "day": str})
    orders = frame.groupby(["master", "day"])["amount"].sum().round(2)
    orders = orders[orders > 0]
    placed = Event.objects.filter(kind="order.placed", value__gt=0)
    assert (len(frame), 0) == (result.imported, result.rejected)
    assert len(orders) == placed.count()
    assert round(orders.sum(), 2) == placed.aggregate(value=Sum("value"))["value"] / _CENTI_CENTS
    assert frame["master"].nunique() == Customer.objects.count()
    assert {f"{master}@{day[:4]}-{day[4:6]}-{day[6:]}" for master, day in orders.index} == set(
        placed.values_list("external_id", flat=True)
    )
    assert len(frame) == take(file).duplicate


def test_the_columns_of_cdnow_can_be_said_by_place(db: None, real_data: Path) -> None:
    file = real_data / "cdnow" / "CDNOW_sample.txt.gz"
    said = {"customer": "2", "at": "3", "quantity": "4", "total": "5"}
    assert 6_919 == take(file, mapping=said, now=NOW).imported
    assert 2_357 == Customer.objects.count()
