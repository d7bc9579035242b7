"""Customers are found by beginnings, whatever the case and accents; who must not see names finds none by them."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from stammkunde.customers.folding import fold
from stammkunde.customers.models import Customer, Identity
from stammkunde.customers.search import matching

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def people() -> dict[int, str]:
    eva = Customer.objects.create(given_name="Eva", family_name="Müller", city="Wien", postcode="1040", created_at=NOW)
    kaya = Customer.objects.create(given_name="Şükrü", family_name="Kaya", city="Graz", postcode="8010", created_at=NOW)
    jo = Customer.objects.create(created_at=NOW)
    Identity.objects.create(customer=eva, kind="email", value="eva@example.org")
    Identity.objects.create(customer=kaya, kind="phone", value="+43316123456")
    Identity.objects.create(customer=jo, kind="number", scope="shop", value="DE-17850")
    return {eva.pk: "Eva", kaya.pk: "Herr Kaya", jo.pk: "Jo"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("Müller", {"Eva"}, id="a family name"),
        pytest.param("mül", {"Eva"}, id="its beginning in small letters"),
        pytest.param("MUELLER", {"Eva"}, id="written without umlaut"),
        pytest.param("eva m", {"Eva"}, id="given name first"),
        pytest.param("Müller, Eva", {"Eva"}, id="family name first"),
        pytest.param("sukru", {"Herr Kaya"}, id="without accents"),
        pytest.param("WIEN", {"Eva"}, id="a city"),
        pytest.param("80", {"Herr Kaya"}, id="the beginning of a postcode"),
        pytest.param("EVA@Exam", {"Eva"}, id="the beginning of an e-mail address"),
        pytest.param("0043 316 / 12", {"Herr Kaya"}, id="the beginning of a telephone number"),
        pytest.param("de-17", {"Jo"}, id="a customer number in small letters"),
        pytest.param("üller", set(), id="a middle is no beginning"),
        pytest.param("%", set(), id="no wildcard"),
        pytest.param("   ", set(), id="nothing"),
    ],
)
def test_customers_are_found_by_beginnings(people: dict[int, str], typed: str, found: set[str]) -> None:
    assert found == {people[customer] for customer in matching(typed, personal=True)}


@pytest.mark.parametrize("typed", ["Müller", "wien", "eva@", "+43316", "1040"])
def test_names_and_addresses_find_nobody_for_those_who_must_not_see_them(people: dict[int, str], typed: str) -> None:
    assert set() == set(matching(typed, personal=False))


def test_numbers_find_customers_for_everybody(people: dict[int, str]) -> None:
    assert {"Jo"} == {people[customer] for customer in matching("DE-1", personal=False)}
    first = min(people)
    assert {first} == set(matching(f"#{first}", personal=False))


def test_what_is_looked_for_follows_every_way_of_writing_a_name() -> None:
    eva = Customer.objects.create(created_at=NOW)
    eva.family_name = "Öz"
    eva.save(update_fields=["family_name"])
    assert {eva.pk} == set(matching("oz", personal=True))
    eva.family_name = "Ärger"
    Customer.objects.bulk_update([eva], ["family_name"])
    assert {eva.pk} == set(matching("arger", personal=True))
    [ben] = Customer.objects.bulk_create([Customer(family_name="Ben", created_at=NOW)])
    assert {ben.pk} == set(matching("ben", personal=True))


def test_an_index_answers() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        else:
            cursor.execute("ANALYZE")
        queries = [
            Customer.objects.filter(by_city__gte="w", by_city__lt="x").values_list("pk"),
            Identity.objects.filter(kind="email", value__gte="a", value__lt="b").values_list("customer_id"),
        ]
        plans = [query.explain() for query in queries]
    assert "customer_by_city" in plans[0]
    assert "identity_is_one_customer" in plans[1] or "autoindex_customers_identity" in plans[1]


@pytest.mark.parametrize("name", ["Bauer", "Maeße", "Ærø", "Goethe", "D’Août", "Čapek-Łoś", "ﬁsch"])
def test_a_folded_beginning_begins_the_folded_name(name: str) -> None:
    assert all(fold(name).startswith(fold(name[:length])) for length in range(len(name)))
