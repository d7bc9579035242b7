"""Columns are recognised by German and English names, by values, by presets; and nothing is taken that is not there."""

from pathlib import Path

import pytest

from stammkunde.events import imports
from stammkunde.events.imports import columns, looks, presets, vocabulary
from tests.imports.taking import NOW, write

EXPORTS = {
    "shopify_orders": (
        "shopify",
        (
            "order_id=Name email=Email phone=Phone at=Created at product=Lineitem sku "
            "product_name=Lineitem name quantity=Lineitem quantity unit_price=Lineitem price total=Subtotal "
            "discount=Discount Amount shipping=Shipping tax=Taxes currency=Currency coupon=Discount Code "
            "source=Source status=Financial Status refunded=Refunded Amount name=Billing Name "
            "street=Billing Street postcode=Billing Zip city=Billing City country=Billing Country"
        ),
    ),
    "woocommerce_orders_webtoffee": (
        "woocommerce",
        (
            "order_id=order_id customer=customer_id email=customer_email phone=billing_phone at=order_date "
            "total=order_total discount=discount_total shipping=shipping_total tax=tax_total "
            "currency=order_currency coupon=coupon_items status=status given_name=billing_first_name "
            "family_name=billing_last_name street=billing_address_1 postcode=billing_postcode city=billing_city "
            "country=billing_country"
        ),
    ),
    "square_items": (
        "square",
        (
            "order_id=Transaction ID at=Date time=Time product=SKU product_name=Item category=Category "
            "quantity=Qty line_total=Net Sales"
        ),
    ),
    "rakuten_de_bestellungen": (
        "rakuten",
        (
            "order_id=Bestellnummer customer=Kundennummer email=EMail at=Bestelldatum product=Artikelnummer "
            "quantity=Menge unit_price=Preis given_name=Rechnungvorname family_name=Rechnungnachname "
            "street=RechnungStrasse postcode=RechnungPLZ city=Rechnungort"
        ),
    ),
    "stripe_payments": (
        "stripe",
        (
            "order_id=id customer=Customer ID email=Customer Email at=Created (UTC) total=Amount tax=Tax "
            "currency=Currency status=Status refunded=Amount Refunded"
        ),
    ),
    "paypal_activity_en": (
        "paypal",
        (
            "order_id=Transaction ID email=From Email Address phone=Contact Phone Number at=Date time=Time "
            "total=Gross currency=Currency status=Status name=Name country=Country"
        ),
    ),
    "gocardless_payments": (
        "gocardless",
        (
            "order_id=id customer=customers.id email=customers.email at=charge_date total=amount "
            "currency=currency status=status refunded=amount_refunded"
        ),
    ),
    "aussendienst_bestellungen_ch": (
        "",
        (
            "order_id=Bestellnummer customer=Kundennummer at=Bestelldatum product=Art. Nr. "
            "product_name=Bezeichnung quantity=Menge line_total=Netto currency=Währung"
        ),
    ),
    "oxid_gutschein_export": (
        "",
        (
            "order_id=Bestellnummer email=Email at=Bestelldatum total=Bestellsumme discount=Gutscheinwert "
            "coupon=Gutschein-Code given_name=Vorname family_name=Nachname street=Straße postcode=PLZ city=Ort"
        ),
    ),
}
CONTACTS = [
    "activecampaign_contacts", "brevo_contacts", "kit_subscribers", "klaviyo_profiles", "mailchimp_audience",
    "mailchimp_unsubscribed", "systeme_io_contacts", "xtc_kundenexport_de",
]  # fmt: skip


def _with_a_row(folder: Path, header: bytes, to: Path) -> Path:
    """Give a header one row of cells as such columns have them."""
    text = header.decode("cp1252" if b"\xdf" in header or b"\xe4" in header else "utf-8-sig").strip()
    separator = ";" if ";" in text else ","
    cells = []
    for name in text.split(separator):
        known = vocabulary.normal(name.strip('"'))
        field = next((f for f in vocabulary.FIELDS.values() if known in f.names), None)
        kind = field.kind if field else "number" if known in vocabulary.AMOUNTS else "text"
        cells.append(
            {
                "text": "a@b.example" if "mail" in known else "17",
                "number": "5",
                "moment": "2026-01-03",
                "clock": "10:05",
            }[kind]
        )
    return write(to, f"{text}\n{separator.join(cells)}\n")


@pytest.mark.parametrize(("name", "preset", "expected"), [(name, *told) for name, told in EXPORTS.items()])
def test_exports_of_shops_are_recognised(
    db: None, real_data: Path, tmp_path: Path, name: str, preset: str, expected: str
) -> None:
    header = (real_data / "export_formats" / f"{name}.header.csv").read_bytes()
    seen = imports.look(_with_a_row(tmp_path, header, tmp_path), now=NOW)
    assert preset == (seen.preset.name if seen.preset else "")
    assert expected == " ".join(
        f"{field}={seen.columns[field].name}" for field in vocabulary.FIELDS if field in seen.columns
    )
    assert seen.problem is None


@pytest.mark.parametrize("name", CONTACTS)
def test_lists_of_people_are_refused_as_such(db: None, real_data: Path, tmp_path: Path, name: str) -> None:
    header = (real_data / "export_formats" / f"{name}.header.csv").read_bytes()
    seen = imports.look(_with_a_row(tmp_path, header, tmp_path), now=NOW)
    assert isinstance(seen.problem, columns.ContactsOnly)
    assert "importing customers comes later" in str(seen.problem)


def test_a_file_without_amounts_says_so(db: None, real_data: Path, tmp_path: Path) -> None:
    header = (real_data / "export_formats" / "bewertungs_einladung_de.header.csv").read_bytes()
    seen = imports.look(_with_a_row(tmp_path, header, tmp_path), now=NOW)
    assert isinstance(seen.problem, columns.MissingColumns)
    assert "No column tells what it was worth" in str(seen.problem)
    assert "Found: Bestellnummer, Bestelldatum, Anzahl" in str(seen.problem)


def test_every_preset_maps_fields_that_exist() -> None:
    for preset in presets.PRESETS.values():
        assert set(preset.columns) <= set(vocabulary.FIELDS), preset.name
        assert all(preset.columns[field] or field for field in preset.columns)


def test_every_name_means_one_field() -> None:
    names = [name for field in vocabulary.FIELDS.values() for name in set(field.names)]
    assert len(names) == len(set(names))
    assert not set(names) & set(vocabulary.AMOUNTS)


def recognised(db: None, folder: Path, text: str, **options: object) -> dict[str, str]:
    seen = imports.look(write(folder, text), now=NOW, **options)  # type: ignore[arg-type]
    return {field: column.name for field, column in seen.columns.items()}


AMOUNTS = {
    "quantity × price": ("order,date,qty,price,amount\n1,2026-01-03,2,3,6\n1,2026-01-03,3,5,15\n", "line_total"),
    "different in one order": ("order,date,item,amount\n1,2026-01-03,a,6\n1,2026-01-03,b,15\n", "line_total"),
    "repeated in one order": ("order,date,item,amount\n1,2026-01-03,a,6\n1,2026-01-03,b,6\n", "total"),
    "one row per order": ("order,date,amount\n1,2026-01-03,6\n2,2026-01-03,7\n", "total"),
    "one row per order, with products": ("order,date,sku,qty,amount\n1,2026-01-03,a,1,6\n", "line_total"),
    "no order numbers": ("customer,date,amount\n1,2026-01-03,6\n", "line_total"),
    "called a total, but of rows": (
        "order,date,qty,price,order total\n1,2026-01-03,2,3,6\n1,2026-01-03,3,5,15\n",
        "line_total",
    ),
}


@pytest.mark.parametrize(("text", "field"), AMOUNTS.values(), ids=AMOUNTS.keys())
def test_whether_an_amount_is_the_rows_or_the_orders(db: None, tmp_path: Path, text: str, field: str) -> None:
    found = recognised(db, tmp_path, text)
    assert {"line_total", "total"} & found.keys() == {field}


def test_the_better_name_with_fitting_values_wins(db: None, tmp_path: Path) -> None:
    text = "date,order date,order,name,total\nMonday,2026-01-03,1,Eva,5\nFriday,2026-01-04,2,Jo,6\n"
    assert {"at": "order date", "order_id": "order", "total": "total"} == recognised(db, tmp_path, text)


def test_a_longer_name_is_recognised_by_its_end(db: None, tmp_path: Path) -> None:
    found = recognised(
        db, tmp_path, "Shop Bestellnummer;Bestelldatum (lokal);Kunden-Nr.;Gesamtsumme EUR\n1;3.1.2026;7;5\n"
    )
    assert {
        "order_id": "Shop Bestellnummer",
        "customer": "Kunden-Nr.",
        "total": "Gesamtsumme EUR",
    }.items() <= found.items()


def test_a_date_without_a_known_name_is_found_by_its_values(db: None, tmp_path: Path) -> None:
    seen = imports.look(write(tmp_path, "order,wann,total\n1,2026-01-03,5\n"), now=NOW)
    assert ("wann", "guess", "values are dates") == (
        seen.columns["at"].name, seen.columns["at"].sure, seen.columns["at"].why,
    )  # fmt: skip


def test_people_have_the_last_word(db: None, tmp_path: Path) -> None:
    text = "order,date,shipped,net,gross\n1,2026-01-03,2026-01-05,5,6\n"
    assert {"order_id": "order", "at": "shipped", "total": "gross"} == recognised(
        db, tmp_path, text, mapping={"at": "shipped", "total": "#5"}
    )
    assert "at" in recognised(db, tmp_path, text, mapping={"order_id": ""})
    assert "order_id" not in recognised(db, tmp_path, text, mapping={"order_id": ""})


@pytest.mark.parametrize(
    ("mapping", "refusal", "says"),
    [
        ({"totl": "net"}, columns.UnknownField, "There is no field 'totl'. Did you mean 'total'?"),
        (
            {"total": "nett"},
            columns.UnknownColumn,
            "The file has no column 'nett'. Did you mean 'net'? Found: order, date",
        ),
        ({"total": "#9"}, columns.UnknownColumn, "no column '#9'"),
    ],
)
def test_words_nobody_knows_are_refused(
    db: None, tmp_path: Path, mapping: dict[str, str], refusal: type[Exception], says: str
) -> None:
    with pytest.raises(refusal, match=says.replace("?", r"\?")):
        imports.look(write(tmp_path, "order,date,net\n1,2026-01-03,5\n"), now=NOW, mapping=mapping)


def test_a_file_without_column_names_is_guessed(db: None, tmp_path: Path) -> None:
    rows = " 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n 00021 0002 19970101  3   63.34\n"
    seen = imports.look(write(tmp_path, rows), now=NOW)
    assert not seen.named
    assert {"customer": "1", "at": "3", "quantity": "4", "line_total": "5"} == {
        field: column.name for field, column in seen.columns.items()
    }


def test_looks_are_looks() -> None:
    assert [looks.number(text) for text in ("17850.0", "$5.00", "A5", "")] == [True, True, False, False]
    assert looks.share(["", "1", "x"], ("number",)) == 0.5


def test_the_preview_shows_rows_as_they_would_be_understood(db: None, tmp_path: Path) -> None:
    text = "Bestellung;Kunde;Datum;Menge;Preis\n1;7;03.04.2026;2;1.250,50 €\n2;;heute;1;5\n3;8;03.04.2026\n"
    seen = imports.look(write(tmp_path, text), now=NOW)
    first, second, third = seen.preview
    assert ("1", "7", "2026-04-03", 2, 2501, "EUR", "") == (
        first.order_id, first.customer, first.at, first.quantity, first.amount, first.currency, first.reason,
    )  # fmt: skip
    assert "Datum: the date cannot be read" == second.reason
    assert "the row has 3 cells instead of 5" == third.reason


def test_doubts_are_told_before_anything_happens(db: None, tmp_path: Path) -> None:
    seen = imports.look(write(tmp_path, "order,date,total\n1,03/04/2026,1.234\n"), now=NOW)
    assert ["total: '1.234' can be read", "Dates such as 03/04/2026 can"] == [
        said[: 26 + 2 * at] for at, said in enumerate(seen.warnings)
    ]
    settled = imports.look(write(tmp_path, "order,date,total\n1,03/04/2026,1.234\n"), now=NOW, dates="mdy", decimal=",")
    assert [] == settled.warnings
    assert ("2026-03-04", 1234) == (settled.preview[0].at, settled.preview[0].total)
