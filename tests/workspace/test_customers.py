"""The list of customers and the page of one: what each role sees, finds and takes away."""

import csv
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.db import transaction
from django.http import StreamingHttpResponse
from django.test import Client, override_settings
from django.utils import translation

from stammkunde.accounts.models import AuditEntry, Business
from stammkunde.catalogue.models import Product
from stammkunde.customers.models import Customer, Identity
from stammkunde.events import ingest
from stammkunde.events.ingest import Draft, record
from stammkunde.insights import figures, mirroring
from stammkunde.insights.portrait import portrait
from stammkunde.workspace.pictures.purchases import draw_purchases
from tests.staff import Enter

pytestmark = pytest.mark.django_db(transaction=True)
END = datetime(2026, 6, 30, 10, tzinfo=UTC)
EVAS_ORDERS = (130, 90, 49, 8)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[dict[str, int]]:
    """Eva buys every 41 days; Herr Kaya has been silent for a year; Jo has never ordered."""
    with override_settings(HOME=tmp_path):
        business = Business.current()
        business.currency = "EUR"
        business.save()
        people = {
            "Eva": _person("Eva", "Müller", "=1+1", tone="du", invented=True),
            "Kaya": _person("Kerem", "Kaya", "K-2", tone="sie"),
            "Jo": _person("Jo", "Ohm", "K-3"),
        }
        Product.objects.create(code="S1", name="Lavendelseife")
        drafts = [_order(people["Eva"], days) for days in EVAS_ORDERS]
        drafts += [_order(people["Kaya"], days) for days in (500, 470, 440)]
        with transaction.atomic():
            record([*drafts, Draft("order.placed", END, "shop", "anonymous", None, 10_000)], now=END)
        _sync(len(drafts) + 1)
        yield people


def _person(given: str, family: str, number: str, *, tone: str = "", invented: bool = False) -> int:
    person = Customer.objects.create(
        given_name=given, family_name=family, city="Wien", street="Lindenweg 3", postcode="1040", tone=tone,
        language="de", invented=invented, created_at=END,
    )  # fmt: skip
    Identity.objects.create(customer=person, kind="number", scope="shop", value=number)
    Identity.objects.create(customer=person, kind="email", value=f"{given.lower()}@example.org")
    return person.pk


def _order(customer: int, days_ago: int) -> Draft:
    line = {"product": "S1", "quantity": 2, "unit_price": 9.95, "line_total": 19.9}
    return Draft(
        "order.placed", END - timedelta(days=days_ago), "shop", f"{customer}-{days_ago}", customer, 199_000, "EUR",
        {"order_id": f"B{customer}-{days_ago}", "lines": [line], "total": 19.9},
    )  # fmt: skip


def _sync(events: int) -> None:
    for _ in range(200):
        mirroring.sync()
        mirror = figures.mirror()
        if mirror is not None and [(events,)] == mirror.sql("SELECT count(*) FROM events"):
            return
        time.sleep(0.05)
    raise AssertionError("the mirror does not catch up")


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_shop_without_customers_is_led_to_the_import(enter: Enter, tmp_path: Path) -> None:
    with override_settings(HOME=tmp_path):
        assert "Geben Sie Stammkunde die Bestellungen" in html(enter("owner"), "/customers")


def test_the_list_opens_with_a_sentence_and_shows_everybody(enter: Enter, shop: dict[str, int]) -> None:
    page = html(enter("owner", language="en"), "/customers")
    assert "<b>3 customers</b>" in page
    assert "<em>1</em> who used to come again has been silent" in page
    assert [True, True, True] == [name in page for name in ("Eva Müller", "Kerem Kaya", "Jo Ohm")]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("q=muell", {"Eva"}),
        ("q=kerem@", {"Kaya"}),
        ("standing=silent", {"Kaya"}),
        ("standing=none", {"Jo"}),
        ("min_orders=4", {"Eva"}),
        ("last=30", {"Eva"}),
        ("last=-365", {"Kaya"}),
        ("q=Wien&min_orders=3", {"Eva", "Kaya"}),
        ("group=nonsense&min_orders=x&page=99", {"Eva", "Kaya", "Jo"}),
        ("q=nobody", set()),
    ],
)
def test_questions_in_the_address_narrow_the_list(
    enter: Enter, shop: dict[str, int], question: str, found: set[str]
) -> None:
    page = html(enter("owner"), f"/customers?{question}")
    assert found == {name for name, pk in shop.items() if f'"/customers/{pk}"' in page}


def test_those_who_must_not_see_addresses_get_none_from_any_page(enter: Enter, shop: dict[str, int]) -> None:
    anna = enter("analyst")
    pages = [html(anna, address) for address in ("/customers", "/customers?sort=name", f"/customers/{shop['Eva']}")]
    personal = ("Müller", "example.org", "Lindenweg", "Wien", "1040", "invented", "erfunden")
    assert [] == [word for word in personal for page in pages if word in page]
    assert "Kunde K-2" in pages[0]
    assert "Niemand passt" in html(anna, "/customers?q=M%C3%BCller")
    assert "Kunde K-2" in html(anna, "/customers?q=K-")


def test_the_list_can_be_taken_away_and_nothing_in_it_runs(enter: Enter, shop: dict[str, int]) -> None:
    response = enter("marketing", language="en").get("/customers.csv?sort=name&standing=regular")
    assert isinstance(response, StreamingHttpResponse)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    [row] = list(csv.DictReader(StringIO(text)))
    assert ("'=1+1", "Eva Müller", "eva@example.org", "4", "79.6") == (
        row["customer_number"], row["name"], row["email"], row["orders"], row["revenue"],
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="customers.exported")
    assert ("mara@shop.example", {"sort": "name", "standing": "regular"}) == (entry.who, entry.detail)


@pytest.mark.parametrize("role", ["service", "analyst"])
def test_only_owner_and_marketing_take_the_list_away(enter: Enter, shop: dict[str, int], role: str) -> None:
    assert 403 == enter(role).get("/customers.csv").status_code
    assert "customers.csv" not in html(enter(role), "/customers")


def test_one_customer_is_told_in_a_sentence(enter: Enter, shop: dict[str, int]) -> None:
    page = html(enter("service", language="en"), f"/customers/{shop['Eva']}")
    assert "Eva Müller usually orders <b>every 41 days</b>, most recently 8 days ago." in page
    assert [] == [
        word
        for word in ("Lindenweg 3, 1040 Wien", "eva@example.org", "informal (du)", "German", "are invented")
        if word not in page
    ]
    assert "Lavendelseife" in page


def test_the_silent_and_the_undecided_are_told_in_german(enter: Enter, shop: dict[str, int]) -> None:
    olga = enter("owner")
    assert "zuletzt <em>" not in html(olga, f"/customers/{shop['Eva']}")
    kaya = html(olga, f"/customers/{shop['Kaya']}")
    assert "<b>alle 30 Tage</b>" in kaya
    assert "<em>zuletzt vor 440 Tagen</em>" in kaya
    assert "Jo Ohm hat noch nicht bestellt." in html(olga, f"/customers/{shop['Jo']}")


def test_nobody_is_not_found(enter: Enter, shop: dict[str, int]) -> None:
    assert 404 == enter("owner").get("/customers/99999").status_code


def test_the_portrait_counts_days_and_leaves_out_what_was_corrected_or_given_back(shop: dict[str, int]) -> None:
    eva = shop["Eva"]
    moved = ingest.Row(
        "order.placed", eva, int(END.timestamp()) * 1_000_000, 0, "shop", f"{eva}-8", 50_000, "EUR", "{}", "new", False
    )
    with transaction.atomic():
        ingest.store([moved], now=END, corrections=True)
        record([Draft("order.returned", END, "shop", "R1", eva, -30_000, "EUR")], now=END)
        record([Draft("order.placed", END, "shop", "free", eva, 0, "EUR")], now=END)
    drawn = portrait(eva)
    assert (4, 199_000 * 3 + 50_000, 30_000) == (drawn.orders, drawn.value, drawn.given_back)
    assert (date(2026, 2, 20), date(2026, 6, 30), 0) == (drawn.first_day, drawn.last_day, drawn.days_since_last)
    assert 41.0 == drawn.usual_gap


def test_the_timeline_shows_corrections_returns_letters_and_unknown_kinds(enter: Enter, shop: dict[str, int]) -> None:
    eva = shop["Eva"]
    corrected = ingest.Row(
        "order.placed", eva, int(END.timestamp()) * 1_000_000, 0, "shop", f"{eva}-8", 50_000, "EUR", "{}", "new", False
    )
    proof = {"purpose": "newsletter", "channel": "email", "proof": "bestätigt von eva@example.org"}
    with transaction.atomic():
        ingest.store([corrected], now=END, corrections=True)
        record(
            [
                Draft("consent.given", END, "portal", "c1", eva, attributes=proof),
                Draft("voucher.redeemed", END, "shop", "v1", eva, attributes={"code": "MAI", "amount": 5}),
                Draft("picnic.attended", END, "hand", "p1", eva, attributes={"place": "<b>Park</b>"}),
            ],
            now=END,
        )
    page = html(enter("owner", language="en"), f"/customers/{eva}")
    wanted = ("replaced by a later state", "corrected", "Voucher redeemed", "MAI", "picnic.attended", "own kind")
    assert [] == [word for word in (*wanted, "&lt;b&gt;Park&lt;/b&gt;", "bestätigt von eva@") if word not in page]
    secret = html(enter("analyst", language="en"), f"/customers/{eva}")
    assert [] == [word for word in ("eva@example.org", "Park") if word in secret]


def test_a_customer_with_five_thousand_events_is_shown_quickly_page_by_page(enter: Enter, shop: dict[str, int]) -> None:
    jo = shop["Jo"]
    moments = [END - timedelta(hours=7 * n) for n in range(5_000)]
    drafts = [
        Draft("order.placed", moment, "shop", f"jo-{n}", jo, 10_000, attributes={"order_id": f"J{n}"})
        for n, moment in enumerate(moments)
    ]
    with transaction.atomic():
        record(drafts, now=END)
    olga = enter("owner", language="en")
    started = time.perf_counter()
    last = html(olga, f"/customers/{jo}?page=100")
    assert time.perf_counter() - started < 5
    assert "J4999" in last
    assert "Page 100 of 100" in last
    assert 'class="column"' in last


def test_a_picture_of_a_single_purchase_and_of_none(shop: dict[str, int]) -> None:
    with translation.override("de"):
        day = portrait(shop["Eva"]).days[:1]
        assert "<circle" in draw_purchases(day, until=day[0].day, currency="EUR")
        assert "" == draw_purchases([], until=day[0].day, currency="EUR")
