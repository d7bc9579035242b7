"""A file comes in by the pages: looked at, corrected, tried out, imported, stopped; what is turned away, and how."""

import gzip
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse, HttpResponse
from django.test import Client, override_settings

from stammkunde.accounts.models import AuditEntry
from stammkunde.events import imports
from stammkunde.events.models import Event, Import
from stammkunde.insights import register
from stammkunde.kernel import clock
from stammkunde.worker import loop
from stammkunde.workspace import uploads
from tests.staff import Enter, hire

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = """\
Bestellnummer;Kundennummer;E-Mail;Bestelldatum;Artikelnummer;Bezeichnung;Menge;Einzelpreis;Gesamtpreis
1001;K1;eva@example.org;03.01.2026 10:15;S1;Lavendelseife;2;4,95;9,90
1001;K1;eva@example.org;03.01.2026 10:15;K7;Bienenwachskerze;1;12,50;12,50
1002;K2;kaya@example.org;05.01.2026 11:00;S1;Lavendelseife;1;4,95;4,95
1003;K1;eva@example.org;14.02.2026 18:30;S1;Lavendelseife;1;4,95;4,95
1004;K2;kaya@example.org;31.02.2026 11:00;S1;=SUMME(A1);1;4,95;4,95
"""
FOREIGN_NAMES = """\
Alpha;Beta;Gamma
A;2026-01-05;12,50
B;2026-01-06;13,50
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "uploads").mkdir()
    with override_settings(HOME=tmp_path, FILE_UPLOAD_TEMP_DIR=tmp_path / "uploads"):
        yield tmp_path


@pytest.fixture
def olga(enter: Enter) -> Client:
    return enter("owner", language="en")


def hand_in(client: Client, content: str | bytes = ORDERS, name: str = "orders.csv") -> HttpResponse:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/imports", {"file": SimpleUploadedFile(name, data)})


def looked_at(client: Client, content: str | bytes = ORDERS, name: str = "orders.csv") -> str:
    """Hand a file in and return the address of its look."""
    response = hand_in(client, content, name)
    assert 302 == response.status_code, response.content
    return response["Location"]


def html(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert status == response.status_code
    return response.content.decode()


def chosen(page: str) -> dict[str, str]:
    """Return what the selects of a look have chosen."""
    selects = re.findall(r'<select id="(\w+)".*?</select>', page, re.DOTALL)
    blocks = re.findall(r"<select id=.*?</select>", page, re.DOTALL)
    picked = [re.search(r'value="([^"]*)" selected', block) for block in blocks]
    return {name: found[1] if found else "" for name, found in zip(selects, picked, strict=True)}


def orders_in_log() -> int:
    return Event.objects.filter(source__in=["shop", "Laden 1"]).count()


def work() -> None:
    while loop.turn():
        pass


def test_a_german_export_comes_in_from_the_file_to_the_figures(olga: Client) -> None:
    look = looked_at(olga)
    page = html(olga, look)
    assert "Of the 9 columns in <b>orders.csv</b>, 9 tell something about orders." in page
    assert [True, True] == [words in page for words in ("3 Jan 2026 10:15", "Lavendelseife · Bienenwachskerze")]
    response = olga.post(look, {**chosen(page), "do": "start"})
    assert response["Location"].startswith("/imports/")
    progress = html(olga, response["Location"])
    assert "<b>orders.csv</b> waits for its turn." in progress
    assert 'hx-trigger="every 1s"' in progress
    work()
    done = html(olga, response["Location"])
    assert "<b>4 rows</b> of orders.csv came in: 3 orders." in done
    assert "every 1s" not in done
    assert "31.02.2026 11:00" in done
    assert 3 == Event.objects.filter(kind="order.placed").count()
    listed = register.page("", filters=register.Filters(), sort=register.Sort(), personal=True)
    assert {("K1", 273_500), ("K2", 49_500)} == {(row.number, row.value) for row in listed.rows}
    assert ["import.uploaded", "import.started"] == list(
        AuditEntry.objects.filter(action__startswith="import.").order_by("pk").values_list("action", flat=True)
    )
    assert not list(uploads._root().glob("*"))
    assert "Last, <b>4 rows</b> came in from orders.csv." in html(olga, "/imports")


def test_trying_out_writes_nothing_and_can_be_turned_into_an_import(olga: Client) -> None:
    look = looked_at(olga)
    address = olga.post(look, {**chosen(html(olga, look)), "do": "check"})["Location"]
    work()
    assert 0 == orders_in_log()
    page = html(olga, address)
    assert "4 rows would come in, nothing has been written." in page
    assert "Import it now" in page
    assert address == olga.post(f"{address}/resume", {"write": "1"})["Location"]
    work()
    assert 3 == orders_in_log()
    assert "<b>4 rows</b> of orders.csv came in" in html(olga, address)


def test_the_same_file_again_changes_nothing(olga: Client) -> None:
    for _ in range(2):
        look = looked_at(olga)
        address = olga.post(look, {"do": "start"})["Location"]
        work()
    assert "Nothing in <b>orders.csv</b> was new; all is as it was." in html(olga, address)
    assert 3 == orders_in_log()


def test_columns_nobody_knows_are_named_by_hand(olga: Client) -> None:
    look = looked_at(olga, FOREIGN_NAMES)
    page = html(olga, look, status=422)
    assert "something is missing" in page
    response = olga.post(look, {**chosen(page), "field_customer": "#1", "field_at": "#2", "field_total": "#3"})
    assert 302 == response.status_code
    corrected = html(olga, response["Location"])
    assert ("#1", "#2", "#3") == tuple(chosen(corrected)[f"field_{name}"] for name in ("customer", "at", "total"))
    assert "13.50" in corrected
    address = olga.post(look, {**chosen(corrected), "do": "start"})["Location"]
    work()
    assert "<b>2 rows</b> of orders.csv came in: 2 orders." in html(olga, address)


def test_orders_without_anybody_are_warned_about_and_explained(olga: Client) -> None:
    look = looked_at(olga, "order id;date;total\n1;05.01.2026;12,50\n")
    page = html(olga, look)
    assert "No column tells who ordered." in page
    olga.post(look, {"do": "start"})
    work()
    assert "All orders so far came without a customer." in html(olga, "/customers")


def test_a_column_can_be_left_out_and_what_was_recognised_stays_recognised(olga: Client) -> None:
    look = looked_at(olga)
    response = olga.post(look, {**chosen(html(olga, look)), "field_email": "", "do": "look"})
    assert response["Location"].endswith("?field_email=")
    page = html(olga, response["Location"])
    assert ("", "#1") == (chosen(page)["field_email"], chosen(page)["field_order_id"])


def test_a_category_needs_no_product(olga: Client) -> None:
    content = "order id;customer id;date;category;total\n1;a;05.01.2026;Seife;12,50\n"
    address = olga.post(looked_at(olga, content), {"do": "start"})["Location"]
    work()
    assert "<b>1 row</b> of orders.csv came in" in html(olga, address)


def test_another_preset_starts_the_columns_anew(olga: Client) -> None:
    look = looked_at(olga)
    response = olga.post(look, {**chosen(html(olga, look)), "shown_preset": "", "preset": "shopify"})
    assert response["Location"].endswith("?preset=shopify")


def test_dates_decimals_currency_and_shop_can_be_told(olga: Client) -> None:
    content = "order id;customer id;date;total\n1;a;03/04/2026;1.234\n2;b;05/04/2026;2.345\n"
    look = looked_at(olga, content)
    assert "can be read in two ways" in html(olga, look)
    asked = {**chosen(html(olga, look)), "dates": "mdy", "decimal": ",", "currency": "chf", "shop": " Laden  1 "}
    address = olga.post(look, {**asked, "do": "start"})["Location"]
    work()
    assert {("Laden 1", "CHF", 12_340_000), ("Laden 1", "CHF", 23_450_000)} == {
        (import_.shop, event.currency, event.value)
        for import_ in Import.objects.all()
        for event in Event.objects.filter(kind="order.placed")
    }
    assert {3, 5} == {event.at.month for event in Event.objects.filter(kind="order.placed")}
    assert "Laden 1" in html(olga, address)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.csv", "is empty"),
        (b"PK\x03\x04" + bytes(200), "book.xlsx", "Excel workbook"),
        (os.urandom(4000), "noise.csv", "neither text nor Parquet"),
        (gzip.compress(ORDERS.encode())[:60], "cut.csv.gz", "damaged or cut off"),
        (b"Bestellnummer;Bestelldatum;Gesamtpreis\n", "header.csv", ""),
    ],
    ids=["an empty file", "a workbook", "noise", "half a gzip file", "a header only"],
)
def test_files_that_are_no_orders_are_refused_with_a_way_out(
    olga: Client, content: bytes, name: str, said: str
) -> None:
    response = hand_in(olga, content, name)
    page = html(olga, response["Location"], status=422) if response.status_code == 302 else response.content.decode()
    assert 'role="alert"' in page
    assert said in page
    assert 0 == Import.objects.count()


def test_a_start_without_what_is_needed_says_so_and_starts_nothing(olga: Client) -> None:
    look = looked_at(olga, FOREIGN_NAMES)
    response = olga.post(look, {"do": "start"})
    assert 422 == response.status_code
    assert 'role="alert"' in response.content.decode()
    assert 0 == Import.objects.count()


def test_no_file_is_a_form_error(olga: Client) -> None:
    response = olga.post("/imports", {})
    assert 422 == response.status_code
    assert "Choose a file first." in response.content.decode()


@pytest.mark.parametrize("size", [3_000, 3_000_000])
def test_what_is_larger_than_the_limit_is_not_kept(olga: Client, home: Path, size: int) -> None:
    with override_settings(UPLOAD_LIMIT=2_000):
        response = hand_in(olga, b"x" * size)
    assert 422 == response.status_code
    assert "The file is larger than 2 kB." in response.content.decode()
    assert [] == [path for path in (home / "uploads").rglob("*") if path.is_file()]


def test_what_does_not_fit_on_the_disk_is_not_begun(olga: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 1_000})())
    response = hand_in(olga)
    assert 422 == response.status_code
    assert "not enough room" in response.content.decode()


def test_nobody_hands_files_in_anywhere_else(enter: Enter, home: Path) -> None:
    for client, address in ((enter(), "/login"), (enter("owner"), "/account"), (enter("analyst"), "/imports")):
        client.post(address, {"file": SimpleUploadedFile("a.csv", b"x" * 3_000_000)})
    assert [] == [path for path in (home / "uploads").rglob("*") if path.is_file()]


def test_a_name_is_only_shown_and_never_a_path(olga: Client, home: Path) -> None:
    look = looked_at(olga, name="..\\..\\etc/pass<b>wd.csv")
    page = html(olga, look)
    assert "pass&lt;b&gt;wd.csv" in page
    assert {"file", "about.json"} == {path.name for path in (home / "uploads").rglob("*") if path.is_file()}


def test_a_file_that_waits_belongs_to_who_handed_it_in(olga: Client, enter: Enter) -> None:
    look = looked_at(olga)
    mara = enter("marketing")
    assert 404 == mara.get(look).status_code
    assert 404 == mara.post(look, {"do": "start"}).status_code
    mara.post(f"{look}/discard")
    assert 200 == olga.get(look).status_code
    olga.post(f"{look}/discard")
    assert 404 == olga.get(look).status_code


def test_what_nobody_came_back_to_is_thrown_away_after_a_day(olga: Client) -> None:
    look = looked_at(olga)
    user = hire("owner")
    key = re.findall(r"[0-9a-f-]{36}", look)[0]
    uploads.forget_old(now=clock.now() + timedelta(hours=23))
    assert uploads.find(key, by=user) is not None
    uploads.forget_old(now=clock.now() + timedelta(hours=25))
    assert uploads.find(key, by=user) is None


def test_an_import_can_be_stopped_let_go_on_and_read_anew(olga: Client) -> None:
    look = looked_at(olga)
    address = olga.post(look, {"do": "start"})["Location"]
    olga.post(f"{address}/stop")
    work()
    page = html(olga, address)
    assert "is stopped; what was written stays" in page
    again = olga.post(f"{address}/again")
    assert "/imports/new/" in again["Location"]
    assert 200 == olga.get(again["Location"]).status_code
    olga.post(f"{address}/resume")
    work()
    assert "came in" in html(olga, address)
    actions = AuditEntry.objects.filter(kind="import").order_by("pk").values_list("action", flat=True)
    assert ["import.started", "import.stopped", "import.uploaded", "import.resumed"] == list(actions)


def test_the_rejected_rows_can_be_taken_away_mended_and_handed_in(olga: Client) -> None:
    address = olga.post(looked_at(olga), {"do": "start"})["Location"]
    assert 404 == olga.get(f"{address}/rejects.csv").status_code
    work()
    response = olga.get(f"{address}/rejects.csv")
    assert isinstance(response, FileResponse)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "'=SUMME(A1)" in text
    assert "attachment" in response["Content-Disposition"]
    again = olga.post(looked_at(olga, text.replace("31.02.2026", "28.02.2026")), {"do": "start"})["Location"]
    work()
    assert "<b>1 row</b>" in html(olga, again)


def test_an_import_whose_rows_are_all_wrong_says_so_and_can_be_read_in_another_way(olga: Client) -> None:
    content = "order id;customer id;date;total\n1;a;31.02.2026;1\n2;b;32.02.2026;2\n"
    address = olga.post(looked_at(olga, content), {"do": "start"})["Location"]
    for _ in range(2):
        try:
            loop.turn()
        except imports.Refused:
            continue
    page = html(olga, address)
    assert "could not be imported" in page
    assert "Read it in another way" in page


def test_a_worker_that_does_not_run_is_missed(olga: Client) -> None:
    address = olga.post(looked_at(olga), {"do": "start"})["Location"]
    assert "does not seem to run" not in html(olga, address)
    Import.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert "does not seem to run" in html(olga, address)


def test_a_browser_with_script_is_sent_on_by_header(olga: Client) -> None:
    response = olga.post(
        "/imports", {"file": SimpleUploadedFile("a.csv", ORDERS.encode())}, headers={"HX-Request": "true"}
    )
    assert response.headers["HX-Redirect"].startswith("/imports/new/")


def test_an_import_is_taken_back_after_saying_what_goes(olga: Client, enter: Enter) -> None:
    look = looked_at(olga)
    address = olga.post(look, {**chosen(html(olga, look)), "do": "start"})["Location"]
    work()
    assert f'href="{address}/undo"' in html(olga, address)
    asked = html(olga, f"{address}/undo")
    assert "Take the import of <b>orders.csv</b> back" in asked
    assert re.search(r"Orders</th><td class=\"n\">3<.*Customers</th><td class=\"n\">2<", asked, re.DOTALL)
    assert 3 == orders_in_log()
    assert 403 == enter("analyst").post(f"{address}/undo").status_code
    assert address == olga.post(f"{address}/undo")["Location"]
    assert "is being taken back" in html(olga, address)
    work()
    assert 0 == orders_in_log()
    done = html(olga, address)
    assert "was taken back: 3 entries and 2 customers went." in done
    assert "/undo" not in done
    entry = AuditEntry.objects.get(action="import.undone")
    assert {"file": "orders.csv", "orders": 3, "customers": 2} == entry.detail
    assert "This import has been taken back already." in html(olga, f"{address}/undo", 422)
