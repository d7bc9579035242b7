"""What an order is worth, and what counts as given back: the rules of the figures, one by one."""

from decimal import Decimal
from pathlib import Path

import pytest

from stammkunde.events.imports import orders
from tests.imports.taking import log, take, values, write

RULES = {
    "quantity × price, added up": (
        "order_id,date,quantity,unit_price\n1,2026-01-03,2,2.55\n1,2026-01-03,1,0.10\n",
        {"1": "5.2"},
    ),
    "stated amounts of rows come before quantity × price": (
        "order_id,date,quantity,unit_price,line_total\n1,2026-01-03,2,2.55,4.00\n1,2026-01-03,1,1,\n",
        {"1": "5"},
    ),
    "a stated total comes before everything": (
        "order_id,date,quantity,unit_price,order_total\n1,2026-01-03,2,2.55,4.99\n1,2026-01-03,1,1,4.99\n",
        {"1": "4.99"},
    ),
    "a total that stands in the first row only": (
        "order_id,date,quantity,unit_price,order_total\n1,2026-01-03,2,2.55,4.99\n1,2026-01-03,1,1,\n2,2026-01-04,1,3,\n",
        {"1": "4.99", "2": "3"},
    ),
    "discounts of rows are taken off": (
        "order_id,date,quantity,unit_price,discount\n1,2026-01-03,2,2.55,1.10\n1,2026-01-03,1,1,\n",
        {"1": "5"},
    ),
    "discounts written with a minus sign too": (
        "order_id,date,quantity,unit_price,discount\n1,2026-01-03,2,2.55,-1.10\n",
        {"1": "4"},
    ),
    "discounts are not taken off a stated total": (
        "order_id,date,discount,order_total\n1,2026-01-03,1.10,4.00\n",
        {"1": "4"},
    ),
    "a discount of the whole order, repeated in each row, is taken off once": (
        (
            "order_id,date,quantity,unit_price,discount\n"
            "1,2026-01-03,1,10,2\n1,2026-01-03,1,5,2\n2,2026-01-03,1,20,4\n2,2026-01-03,1,7,4\n"
        ),
        {"1": "13", "2": "23"},
    ),
    "a discount larger than the goods leaves nothing": (
        "order_id,date,quantity,unit_price,discount\n1,2026-01-03,1,2,5\n",
        {"1": "0"},
    ),
    "shipping and tax are kept apart": (
        "order_id,date,quantity,unit_price,shipping,tax\n1,2026-01-03,1,2,4.95,0.32\n",
        {"1": "2"},
    ),
    "rows at price zero add nothing": (
        "order_id,date,quantity,unit_price\n1,2026-01-03,1,2\n1,2026-01-03,1,0\n",
        {"1": "2"},
    ),
    "a negative quantity is given back, not netted": (
        "order_id,date,quantity,unit_price\n1,2026-01-03,3,2\n1,2026-01-03,-1,2\n",
        {"1": "6", "1/returned": "(2)"},
    ),
    "an order of nothing but negative quantities is given back": (
        "order_id,date,quantity,unit_price\n1,2026-01-03,-3,2\n2,2026-01-03,1,1\n",
        {"1/returned": "(6)", "2": "1"},
    ),
    "a negative total is given back": (
        "order_id,date,order_total\n1,2026-01-03,10\n2,2026-01-04,-10\n",
        {"1": "10", "2": "(10)"},
    ),
    "a negative price is given back": (
        "order_id,date,quantity,unit_price\n1,2026-01-03,1,20\n1,2026-01-03,1,-5\n",
        {"1": "20", "1/returned": "(5)"},
    ),
    "a credit note is known by its letter": (
        "order_id,date,quantity,unit_price\n1001,2026-01-03,3,2\n1002,2026-01-03,3,2\nC1003,2026-01-05,-3,2\n",
        {"1001": "6", "1002": "6", "C1003": "(6)"},
    ),
    "a credit note counts even without minus signs": (
        "order_id,date,quantity,unit_price\n1001,2026-01-03,3,2\n1002,2026-01-03,3,2\nC1003,2026-01-05,3,2\n",
        {"1001": "6", "1002": "6", "C1003": "(6)"},
    ),
    "a German credit note is known by its word": (
        "Auftrag;Datum;Menge;Preis\n1;03.01.2026;1;2,50\nGutschrift-2;04.01.2026;1;2,50\nSTORNO 3;05.01.2026;1;1\n",
        {"1": "2.5", "Gutschrift-2": "(2.5)", "STORNO 3": "(1)"},
    ),
    "letters that all orders have mean nothing": (
        "order_id,date,quantity,unit_price\nC1,2026-01-03,3,2\nC2,2026-01-03,3,2\nC3,2026-01-05,3,2\n",
        {"C1": "6", "C2": "6", "C3": "6"},
    ),
    "another shop's letters mean nothing as long as its amounts are positive": (
        "order_id,date,quantity,unit_price\nW1,2026-01-03,3,2\nW2,2026-01-03,3,2\nST3,2026-01-05,3,2\n",
        {"W1": "6", "W2": "6", "ST3": "6"},
    ),
    "numbers such as 17850.0 are 17850": (
        "order_id,date,quantity,unit_price\n17850.0,2026-01-03,1,2\n17850,2026-01-03,1,2\n",
        {"17850": "4"},
    ),
    "rows of one customer at one moment are one order when there are no order numbers": (
        "customer,date,amount\n7,2026-01-03 10:00,1\n7,2026-01-03 10:00,2\n7,2026-01-03 11:00,4\n",
        {"7@2026-01-03T10:00:00": "3", "7@2026-01-03T11:00:00": "4"},
    ),
    "rows of one customer on one day are one order when there are only days": (
        "customer,date,amount\n7,2026-01-03,1\n8,2026-01-03,2\n7,2026-01-03,4\n",
        {"7@2026-01-03": "5", "8@2026-01-03": "2"},
    ),
    "exact duplicates within a file are kept": (
        "order_id,date,quantity,unit_price\n1,2026-01-03,1,2\n1,2026-01-03,1,2\n",
        {"1": "4"},
    ),
    "a cancelled order was placed and cancelled": (
        "order_id,date,order_total,status\n1,2026-01-03,10,completed\n2,2026-01-04,12,Storniert\n",
        {"1": "10", "2": "12", "2/cancelled": "(12)"},
    ),
    "a refund is given back beside its order": (
        "order_id,date,order_total,refunded_amount\n1,2026-01-03,10,0\n2,2026-01-04,12,2.50\n",
        {"1": "10", "2": "12", "2/refunded": "(2.5)"},
    ),
    "half a hundredth of a cent goes to the even side": (
        "order_id,date,quantity,unit_price\n1,2026-01-03,0.5,0.0001\n2,2026-01-03,0.5,0.0003\n",
        {"1": "0", "2": "0.0002"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), RULES.values(), ids=RULES.keys())
def test_what_orders_are_worth(db: None, tmp_path: Path, text: str, expected: dict[str, str]) -> None:
    result = take(write(tmp_path, text))
    assert expected == values()
    assert (result.read, 0) == (result.imported, result.rejected)


def test_an_order_is_placed_at_its_earliest_row(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, "order_id,date,quantity,unit_price\n1,2026-01-03 10:05,1,2\n1,2026-01-03 10:04,1,2\n"))
    assert ["2026-01-03 09:04"] == [told.at for told in log()]


def test_lines_travel_with_their_order(db: None, tmp_path: Path) -> None:
    take(
        write(
            tmp_path,
            "order_id,customer,date,sku,description,category,quantity,unit_price,coupon,channel,shipping\n"
            '1,7,2026-01-03,A"1,Tee,"Grün & ""weiß""",2,2.50,FRÜHLING,web,4.95\n1,7,2026-01-03,,Kanne,,1,9,,,4.95\n',
        )
    )
    (told,) = log()
    assert {
        "order_id": "1",
        "lines": [
            {"product": 'A"1', "category": 'Grün & "weiß"', "quantity": 2, "unit_price": 2.5},
            {"product": "Kanne", "quantity": 1, "unit_price": 9},
        ],
        "coupon": "FRÜHLING",
        "channel": "web",
        "shipping": 4.95,
    } == told.attributes


def test_what_comes_back_tells_pieces_without_minus_signs(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, "order_id,date,sku,quantity,unit_price\n1,2026-01-03,A,-2,2.50\n2,2026-01-03,A,1,2.50\n"))
    (back,) = [told for told in log() if told.kind == "order.returned"]
    assert {"order_id": "1", "lines": [{"product": "A", "quantity": 2, "unit_price": 2.5}]} == back.attributes


def test_a_credit_note_does_not_know_its_order(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, "order_id,date,quantity,unit_price\n1,2026-01-03,1,2\n2,2026-01-03,1,2\nC3,2026-01-04,-1,2\n"))
    (back,) = [told for told in log() if told.kind == "order.returned"]
    assert "order_id" not in back.attributes


def test_shipping_counts_only_when_asked(db: None, tmp_path: Path) -> None:
    file = write(tmp_path, "order_id,date,quantity,unit_price,shipping\n1,2026-01-03,1,2,4.95\n1,2026-01-03,1,3,4.95\n")
    take(file, counted=("shipping",))
    assert {"1": "9.95"} == values()


def test_orders_without_customer_are_kept_without_one(db: None, tmp_path: Path) -> None:
    take(
        write(
            tmp_path,
            "order_id,customer,email,date,order_total\n1,17850.0,,2026-01-03,1\n2,,eva@example.org,2026-01-03,1\n"
            "3,,,2026-01-03,1\n4,17850,,2026-01-03,1\n5,nan,-,2026-01-03,1\n",
        )
    )
    who = {told.external_id: told.customer for told in log()}
    assert who["1"] == who["4"] is not None
    assert (None, None) == (who["3"], who["5"])
    assert who["2"] not in (None, who["1"])


def test_rows_that_name_nobody_and_no_order_are_orders_of_their_own(db: None, tmp_path: Path) -> None:
    file = write(tmp_path, "date,amount\n2026-01-03,5\n2026-01-03,5\n2026-01-04,5\n")
    assert 3 == take(file).imported
    assert [Decimal(5)] * 3 == [told.value for told in log()]
    assert 3 == take(file).duplicate


def test_warnings_name_the_first_line_and_the_number(db: None, tmp_path: Path) -> None:
    result = take(write(tmp_path, "order_id,date,quantity,unit_price\n1,2026-01-03,1,20\n1,2026-01-03,1,-5\n"))
    assert [
        "1 rows have a price below zero, the first in line 3; they count as given back, not as bought."
    ] == result.warnings
    result = take(write(tmp_path, "order_id,date,order_total\n5,2026-01-03,10\n5,2026-01-03,11\n5,2026-01-03,10\n"))
    assert result.warnings[0].startswith("1 orders tell different totals, the first in line 2; the first total counts.")


def test_a_long_file_is_put_together_in_slices_and_nothing_is_lost(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{n % 7},{n % 7 % 3},2026-01-03 10:{n:02},p{n},{'x' if n == 30 else n - 5},{n}.5" for n in range(60)]
    file = write(tmp_path, "order_id,customer,date,sku,quantity,unit_price\n" + "\n".join(rows) + "\n")
    take(file)
    whole = log()
    monkeypatch.setattr(orders, "_SLICE", 10)
    assert 0 == take(file).imported
    take(file, shop="filiale")
    assert [(told.external_id, told.value, told.attributes) for told in whole for _ in range(2)] == [
        (told.external_id, told.value, told.attributes) for told in log()
    ]
