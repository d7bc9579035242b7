"""Exports of shop and payment systems become the orders their owners know."""

from pathlib import Path

import pytest

from stammkunde.events import imports
from tests.imports.taking import NOW, log, rejected, take, values, write


def test_shopify_repeats_orders_in_rows_and_fills_only_the_first(db: None, tmp_path: Path) -> None:
    text = (
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,"
        "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Refunded Amount,Source,Phone\n"
        "#1001,eva@example.org,paid,2026-01-03 14:22:11 +0100,EUR,25.00,4.90,4.77,29.90,TEE5,5.00,"
        "2026-01-03 14:22:10 +0100,2,Kanne,10.00,K-1,0.00,web,\n"
        "#1001,eva@example.org,,,,,,,,,,2026-01-03 14:22:10 +0100,1,Tee,10.00,,,,\n"
        "#1002,jo@example.org,voided,,EUR,10.00,0.00,1.60,10.00,,0.00,2026-01-04 09:00:00 +0100,1,Tee,10.00,,,web,\n"
        "#1003,jo@example.org,partially_refunded,,EUR,30.00,0.00,1.60,30.00,,0.00,"
        "2026-01-05 09:00:00 +0100,3,Tee,10.00,,10.00,web,\n"
    )
    seen = imports.look(write(tmp_path, text), now=NOW)
    assert "shopify" == (seen.preset and seen.preset.name)
    take(write(tmp_path, text))
    assert {
        "#1001": "25", "#1002": "10", "#1002/cancelled": "(10)", "#1003": "30", "#1003/refunded": "(10)",
    } == values()  # fmt: skip
    first = log()[0]
    assert "2026-01-03 13:22" == first.at
    assert (25, 4.9, 4.77, "TEE5", "web") == tuple(
        first.attributes[name] for name in ("total", "shipping", "tax", "coupon", "source")
    )
    assert ["K-1", "Tee"] == [line["product"] for line in first.attributes["lines"]]


def test_woocommerce_totals_give_up_shipping_and_tax(db: None, tmp_path: Path) -> None:
    text = (
        "order_id,order_number,order_date,status,shipping_total,tax_total,discount_total,order_total,order_currency,"
        "customer_id,customer_email,billing_phone\n"
        "17,17,2026-01-03 10:00:00,completed,4.90,4.77,0,34.67,EUR,0,eva@example.org,\n"
        "18,18,2026-01-03 11:00:00,failed,0,0,0,10.00,EUR,7,jo@example.org,\n"
        "19,19,2026-01-03 12:00:00,cancelled,0,0,0,10.00,EUR,7,jo@example.org,\n"
    )
    result = take(write(tmp_path, text))
    assert {"17": "25", "19": "10", "19/cancelled": "(10)"} == values()
    assert [("3", "status", "failed", "order 18 did not come about: failed")] == rejected(result)
    assert result.warnings[0].startswith("The value of an order is order_total without shipping_total and tax_total.")


def test_square_puts_the_month_first_and_the_dollar_before(db: None, tmp_path: Path) -> None:
    text = (
        "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,"
        "Tax,Transaction ID\n"
        '03/04/2026,14:22:11,Eastern,Tea,Assam,2.0,Regular,A1,,"$1,020.00",-$20.00,"$1,000.00",$0.00,t1\n'
        "03/04/2026,14:22:11,Eastern,Tea,Cup,1.0,Regular,,,$5.00,$0.00,$5.00,$0.00,t1\n"
        "03/05/2026,09:00:00,Eastern,Tea,Cup,-1.0,Regular,,,-$5.00,$0.00,-$5.00,$0.00,t2\n"
    )
    take(write(tmp_path, text))
    assert {"t1": "1005", "t2/returned": "(5)"} == values()
    assert "2026-03-04 13:22" == log()[0].at


def test_stripe_counts_in_universal_time(db: None, tmp_path: Path) -> None:
    text = (
        "id,Description,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Customer Email\n"
        'ch_1,Tee,2026-01-03 23:30,"12,50","0,00",eur,Paid,cus_1,eva@example.org\n'
        'ch_2,Tee,2026-01-04 23:30,"12,50","12,50",eur,Refunded,cus_1,eva@example.org\n'
    )
    take(write(tmp_path, text))
    assert {"ch_1": "12.5", "ch_2": "12.5", "ch_2/refunded": "(12.5)"} == values()
    assert "2026-01-03 23:30" == log()[0].at


@pytest.mark.parametrize("name", ["woocommerce", "Shopify"])
def test_a_preset_can_be_said(db: None, tmp_path: Path, name: str) -> None:
    text = "Name,order_id,order_date,Created at,order_total,Subtotal\n1,2,2026-01-03,2026-01-04,5,6\n"
    take(write(tmp_path, text), preset=name)
    assert ({"2": "5"} if name == "woocommerce" else {"1": "6"}) == values()
