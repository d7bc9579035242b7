"""The list of customers: who is meant, in which order, and what must not be seen."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.db import transaction
from django.test import override_settings

from stammkunde.customers.models import Customer, Identity
from stammkunde.events.ingest import Draft, record
from stammkunde.insights import alphabet, figures, mirroring, register
from stammkunde.insights.register import Filters, Row, Sort
from stammkunde.insights.rhythm import rhythm
from stammkunde.insights.standing import QUERY, STANDINGS, days, standings
from stammkunde.metrics import Mirror

pytestmark = pytest.mark.django_db(transaction=True)
END = date(2026, 6, 30)
# name → (family name, days before the end on which she ordered, value of each order)
CAST: dict[str, tuple[str, list[int], int]] = {
    "Eva": ("Ärmel", [300, 240, 180, 120, 60, 1], 20),
    "Ben": ("Zimmer", [20], 500),
    "Cem": ("Özil", [400, 380, 360, 340], 29),
    "Dia": ("", [200], 10),
    "Jo": ("Bauer", [], 0),
}


@pytest.fixture(autouse=True)
def shop(tmp_path: Path) -> Iterator[dict[str, int]]:
    with override_settings(HOME=tmp_path):
        ids = {name: _customer(name, family) for name, (family, _, _) in CAST.items()}
        drafts = [
            Draft(
                "order.placed",
                datetime(END.year, END.month, END.day, 10, tzinfo=UTC) - timedelta(days=days),
                "shop",
                f"{name}-{days}",
                ids[name],
                value * 10_000,
            )
            for name, (_, ago, value) in CAST.items()
            for days in [*ago]
        ]
        last = Draft("order.placed", datetime(2026, 6, 30, 10, tzinfo=UTC), "shop", "anonymous", None, 10_000)
        with transaction.atomic():
            record([*drafts, last], now=datetime(2026, 7, 1, tzinfo=UTC))
        _sync(len(drafts) + 1)
        yield ids


def _customer(name: str, family: str) -> int:
    customer = Customer.objects.create(
        given_name=name if family else "", family_name=family, city="Wien", created_at=datetime(2024, 1, 1, tzinfo=UTC)
    )
    Identity.objects.create(customer=customer, kind="number", scope="shop", value=f"N-{name}")
    Identity.objects.create(customer=customer, kind="email", value=f"{name.lower()}@example.org")
    return customer.pk


def _sync(events: int) -> None:
    """Bring everything over; on PostgreSQL that waits for whoever writes at the same time, such as another test."""
    for _ in range(200):
        mirroring.sync()
        mirror = figures.mirror()
        if mirror is not None and [(events,)] == mirror.sql("SELECT count(*) FROM events"):
            return
        time.sleep(0.05)
    raise AssertionError("the mirror does not catch up")


def listed(search: str = "", *, sort: str = "-revenue", personal: bool = True, **filters: object) -> list[str]:
    rows = rows_of(search, sort=sort, personal=personal, filters=replace(Filters(), **filters))
    return [row.number.removeprefix("N-") for row in rows]


def rows_of(search: str, *, sort: str, personal: bool, filters: Filters) -> list[Row]:
    page = register.page(search, filters=filters, sort=Sort.of(sort), personal=personal)
    everything = list(register.each(search, filters=filters, sort=Sort.of(sort), personal=personal))
    assert page.rows == everything
    assert page.total == len(everything)
    return everything


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-revenue", ["Ben", "Eva", "Cem", "Dia", "Jo"]),
        ("revenue", ["Dia", "Cem", "Eva", "Ben", "Jo"]),
        ("-orders", ["Eva", "Cem", "Dia", "Ben", "Jo"]),
        ("-last", ["Eva", "Ben", "Dia", "Cem", "Jo"]),
        ("first", ["Cem", "Eva", "Dia", "Ben", "Jo"]),
        ("name", ["Eva", "Jo", "Cem", "Ben", "Dia"]),
        ("-name", ["Ben", "Cem", "Jo", "Eva", "Dia"]),
        ("nonsense", ["Ben", "Eva", "Cem", "Dia", "Jo"]),
    ],
)
def test_the_list_is_sorted_and_those_without_orders_or_names_come_last(sort: str, order: list[str]) -> None:
    assert order == listed(sort=sort)


@pytest.mark.parametrize(
    ("filters", "who"),
    [
        ({"standing": "new"}, {"Ben"}),
        ({"standing": "regular"}, {"Eva"}),
        ({"standing": "silent"}, {"Cem"}),
        ({"standing": "once"}, {"Dia"}),
        ({"standing": "none"}, {"Jo"}),
        ({"min_orders": 4}, {"Eva", "Cem"}),
        ({"last_from": date(2026, 6, 10)}, {"Eva", "Ben"}),
        ({"last_before": date(2026, 6, 10)}, {"Cem", "Dia"}),
        ({"last_from": date(2026, 6, 10), "min_orders": 2}, {"Eva"}),
        ({"group": "no such group"}, set()),
    ],
)
def test_filters_keep_those_who_fit(filters: dict[str, object], who: set[str]) -> None:
    assert who == set(listed(**filters))
    assert who == set(listed(sort="name", **filters))


def test_a_group_holds_those_whom_rfm_put_there() -> None:
    scores = figures.rfm()
    shares = {group.name: group.customers for group in scores.groups}
    assert shares == {name: len(listed(group=name)) for name in shares}


def test_a_search_and_a_filter_together_narrow_the_list() -> None:
    assert ["Eva"] == listed("arm")
    assert {"Eva", "Ben", "Cem", "Dia", "Jo"} == set(listed("Wien"))
    assert ["Cem"] == listed("Wien", standing="silent")


def test_without_the_right_to_addresses_nothing_personal_is_shown_or_sorted_by() -> None:
    rows = rows_of("", sort="name", personal=False, filters=Filters())
    assert {("", "", "")} == {(row.name, row.email, row.city) for row in rows}
    assert {""} == {row.number for row in rows}, "a number that is a name is one"
    assert [] == listed("Ärmel", personal=False)
    assert [] == listed("N-E", personal=False)


def test_a_row_says_what_is_known_of_a_customer(shop: dict[str, int]) -> None:
    [row] = rows_of("eva@", sort="", personal=True, filters=Filters())
    expected = Row(
        shop["Eva"], "N-Eva", "Eva Ärmel", "eva@example.org", "Wien", False, 6, 1_200_000,
        date(2025, 9, 3), date(2026, 6, 29), "regular", row.group,
    )  # fmt: skip
    assert expected == row
    assert row.group


def test_customers_who_come_and_go_appear_and_disappear_without_a_new_mirror(shop: dict[str, int]) -> None:
    assert 5 == len(listed())
    Customer.objects.create(family_name="Neu", created_at=datetime(2026, 7, 1, tzinfo=UTC))
    assert 6 == len(listed())
    Identity.objects.filter(customer=shop["Jo"]).delete()
    Customer.objects.filter(pk=shop["Jo"]).delete()
    assert 5 == len(listed())


def test_pages_cut_the_list_without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "PAGE_SIZE", 2)
    monkeypatch.setattr(alphabet, "AT_ONCE", 2)
    monkeypatch.setattr(register, "_FEW", 1)
    for sort in ("name", "-name", "-revenue", "first"):
        for filters in (Filters(), Filters(min_orders=1)):
            whole = [row.id for row in register.each("", filters=filters, sort=Sort.of(sort), personal=True)]
            pages = [register.page("", filters=filters, sort=Sort.of(sort), number=n, personal=True) for n in (1, 2, 3)]
            assert whole == [row.id for page in pages for row in page.rows][: len(whole)]
    assert 3 == register.page("", filters=Filters(), sort=Sort(), number=99, personal=True).number


def test_an_empty_shop_lists_its_customers_all_the_same(tmp_path: Path) -> None:
    with override_settings(HOME=tmp_path / "other"):
        page = register.page("", filters=Filters(), sort=Sort(), personal=True)
    assert (5, None) == (page.total, page.as_of)
    assert {"none"} == {row.standing for row in page.rows}


def test_the_query_on_the_page_says_the_same_as_the_list() -> None:
    mirror = figures.mirror()
    assert mirror is not None
    by_query = {row[0]: (row[1], row[2], row[5]) for row in mirror.sql(QUERY, as_of=END)}
    rows = rows_of("", sort="", personal=True, filters=Filters(min_orders=1))
    assert by_query == {row.id: (row.orders, row.value, row.standing) for row in rows}


def test_standings_change_on_the_day_the_rules_say() -> None:
    orders = np.array([2, 2, 2, 2, 3, 1, 1, 0])
    first = np.array([0, 0, 60, 209, 100, 150, 151, 0])
    last = np.array([80, 79, 60, 210, 170, 150, 151, 0])
    gap = np.array([80, 79, np.nan, 1, 70, np.nan, np.nan, np.nan])
    places = standings(orders=orders, first_day=first, last_day=last, gap=gap, as_of=240)
    said = [STANDINGS[place] for place in places]
    assert ["regular", "silent", "once", "new", "regular", "once", "new", "none"] == said


def test_the_query_says_the_same_as_the_arrays_of_a_whole_shop() -> None:
    draw = np.random.default_rng(3)
    customer = draw.integers(0, 400, 1500)
    day = pd.Timestamp("2026-01-01", tz="Europe/Berlin") - pd.to_timedelta(draw.exponential(150, 1500).astype(int), "D")
    mirror = Mirror.of(pd.DataFrame({"customer": customer, "at": day, "value": 1.0, "id": range(1500)}), order_id="id")
    assert mirror.end is not None
    as_of = mirror.end - timedelta(days=1)
    rows = mirror.customer_arrays()
    gap = rhythm(mirror).of(rows.customer)
    places = standings(orders=rows.orders, first_day=rows.first_day, last_day=rows.last_day, gap=gap, as_of=days(as_of))
    by_query = {row[0]: row[5] for row in mirror.sql(QUERY, as_of=as_of)}
    by_array = {int(who): STANDINGS[place] for who, place in zip(rows.customer, places, strict=True)}
    assert by_query == by_array
    assert set(STANDINGS) - {"none"} == set(by_query.values())


def test_an_order_number_finds_its_customer(shop: dict[str, int]) -> None:
    from stammkunde.events.models import Event, Import

    event = Event.objects.filter(customer=shop["Eva"], kind="order.placed").first()
    assert event
    Import.objects.create(file_name="a", sha256="", signature="", shop=event.source, created_at=datetime.now(UTC))
    Event.objects.filter(pk=event.pk).update(external_id="R-2026/17")
    for text in ("R-2026/17", " #R-2026/17 ", "r-2026/17"):
        found = register.page(text, filters=Filters(), sort=Sort(), personal=False)
        assert [shop["Eva"]] == [row.id for row in found.rows]
    assert not register.page("R-2026/18", filters=Filters(), sort=Sort(), personal=True).rows
