"""The same file, an overlapping export, a changed order: the log ends as if each thing had been told once."""

from pathlib import Path

from stammkunde.events.models import Event
from tests.imports.taking import log, take, values, write

HEADER = "order_id,customer,date,sku,quantity,unit_price\n"
FIRST = "1,7,2026-01-03,a,1,5\n1,7,2026-01-03,b,2,1\n2,8,2026-01-04,a,1,5\n"


def test_the_same_file_again_changes_nothing(db: None, tmp_path: Path) -> None:
    file = write(tmp_path, HEADER + FIRST)
    take(file)
    before = log()
    again = take(file)
    assert (3, 0, 3, 0) == (again.read, again.imported, again.duplicate, again.rejected)
    assert before == log()
    assert 2 == Event.objects.count()


def test_an_overlapping_export_adds_what_is_new(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, HEADER + FIRST))
    again = take(write(tmp_path, HEADER + "2,8,2026-01-04,a,1,5\n3,8,2026-01-05,a,1,5\n"))
    assert (1, 1) == (again.imported, again.duplicate)
    assert {"1": "7", "2": "5", "3": "5"} == values()


def test_rows_in_another_order_are_the_same_order(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, HEADER + FIRST))
    rows = FIRST.splitlines(keepends=True)
    assert 3 == take(write(tmp_path, HEADER + "".join(reversed(rows)))).duplicate


def test_the_same_orders_written_in_another_way_are_the_same(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, HEADER + FIRST))
    german = (
        "Bestellnummer;Kundennummer;Bestelldatum;Artikelnummer;Menge;Einzelpreis\n"
        "1.0;7;03.01.2026;a;1;5,00 €\n1.0;7;03.01.2026;b;2,0;1,00 €\n2.0;8;04.01.2026;a;1;5,00 €\n"
    )
    assert 3 == take(write(tmp_path, german.encode("utf-16"))).duplicate


def test_a_changed_order_replaces_its_earlier_state(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, HEADER + FIRST))
    changed = take(write(tmp_path, HEADER + FIRST.replace("b,2,1", "b,3,1")))
    assert (2, 1, 1) == (changed.imported, changed.duplicate, changed.changed)
    assert {"1": "8", "2": "5"} == values()
    newest = Event.objects.get(external_id="1", revision=1)
    assert Event.objects.get(external_id="1", revision=0).id == newest.replaces_id


def test_changed_back_is_one_more_state(db: None, tmp_path: Path) -> None:
    for price in ("1", "2", "1", "1"):
        take(write(tmp_path, HEADER + FIRST.replace("b,2,1", f"b,2,{price}")))
    assert {"1": "7", "2": "5"} == values()
    assert [0, 1, 2] == list(Event.objects.filter(external_id="1").order_by("id").values_list("revision", flat=True))


def test_another_customer_changes_the_order(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, HEADER + FIRST))
    take(write(tmp_path, HEADER + FIRST.replace("2,8,", "2,9,")))
    (before, after) = Event.objects.filter(external_id="2").order_by("revision")
    assert before.customer_id != after.customer_id


def test_the_same_number_of_another_shop_is_another_order(db: None, tmp_path: Path) -> None:
    file = write(tmp_path, HEADER + FIRST)
    take(file)
    assert 3 == take(file, shop="filiale").imported
    assert 4 == Event.objects.count()


def test_products_are_learnt_by_their_commonest_name(db: None, tmp_path: Path) -> None:
    from stammkunde.catalogue.models import Product

    take(
        write(
            tmp_path,
            "order_id,date,sku,description,category,department,total\n"
            "1,2026-01-03,A,Tee,Tees,Food,1\n2,2026-01-03,A,?,,,1\n3,2026-01-03,A,Tee,Tees,Food,1\n4,soon,B,Never,,,1\n",
        )
    )
    assert [("A", "Tee", "Tees", "Food")] == list(Product.objects.values_list("code", "name", "category", "department"))


def test_what_was_said_about_a_file_holds_for_the_next_with_the_same_columns(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, "nr,wann,wert\n1,13/04/2026,5\n"), mapping={"order_id": "nr", "total": "wert"})
    take(write(tmp_path, "nr,wann,wert\n2,03/04/2026,5\n"))
    assert {"1": "2026-04-12 22:00", "2": "2026-04-02 22:00"} == {told.external_id: told.at for told in log()}


def test_doubts_are_settled_as_the_last_file_with_the_same_columns_settled_them(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, "order,date,total\n1,12/31/2025,1.5\n"))
    take(write(tmp_path, "order,date,total\n2,03/04/2026,1.234\n"))
    assert {"1": "1.5", "2": "1.234"} == values()
    assert "2026-03-03 23:00" == log()[1].at
