"""Owners bring people in, change their part and let them go; one owner always remains."""

import pytest
from django.test import Client

from stammkunde.accounts.models import AuditEntry, Business, User
from tests.staff import PASSWORD, Enter, hire

pytestmark = pytest.mark.django_db


def form(**changes: str) -> dict[str, str]:
    olga = {"email": "olga@shop.example", "name": "Olga", "role": "owner", "language": "de", "is_active": "on"}
    return {name: value for name, value in (olga | {"password": ""} | changes).items() if value != "-"}


def test_an_owner_brings_somebody_in(enter: Enter) -> None:
    new = {"email": "Nina@Shop.example", "name": "Nina", "role": "service", "language": "en", "password": PASSWORD}
    assert enter("owner").post("/settings/people/add", new).status_code == 302
    nina = User.objects.get(email="nina@shop.example")
    assert (nina.role, nina.language, nina.is_active) == ("service", "en", True)
    assert Client().login(username="nina@shop.example", password=PASSWORD)
    entry = AuditEntry.objects.get(action="user.added")
    assert entry.detail == {"email": "nina@shop.example", "role": "service"}
    assert entry.object_id == str(nina.pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"password": "kurz"}, "password", id="a short password"),
        pytest.param({"password": "nina-nina@shop"}, "password", id="a password like the address"),
        pytest.param({"email": "OLGA@shop.example"}, "email", id="an address that is taken, in capitals"),
        pytest.param({"role": "king"}, "role", id="a role that does not exist"),
        pytest.param({"email": "nina"}, "email", id="no address"),
    ],
)
def test_these_are_sent_back(changes: dict[str, str], field: str, enter: Enter) -> None:
    new = {"email": "nina-nina@shop.example", "name": "", "role": "service", "language": "en", "password": PASSWORD}
    response = enter("owner").post("/settings/people/add", new | changes)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert User.objects.count() == 1


def test_nobody_changes_the_role_through_the_own_account(enter: Enter) -> None:
    enter("analyst").post("/account", {"name": "Anna", "language": "de", "role": "owner", "is_active": "on"})
    assert hire("analyst").role == "analyst"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"role": "analyst"}, id="gives up the role"),
        pytest.param({"is_active": "-"}, id="is switched off"),
    ],
)
def test_the_last_owner_stays(changes: dict[str, str], enter: Enter) -> None:
    client = enter("owner")
    page = f"/settings/people/{hire('owner').pk}"
    assert client.post(page, form(**changes)).status_code == 422
    assert hire("owner").role == "owner"
    hire("owner", name="Otto")
    assert client.post(page, form(**changes)).status_code == 302


def test_a_new_password_by_the_owner_ends_all_sessions(enter: Enter) -> None:
    mara = enter("marketing")
    page = f"/settings/people/{hire('marketing').pk}"
    changes = form(email="mara@shop.example", name="Mara", role="marketing", password="acht-gelbe-Astern")
    assert enter("owner").post(page, changes).status_code == 302
    assert mara.get("/account").status_code == 302
    assert [entry.action for entry in AuditEntry.objects.all()] == ["user.password_set"]
    assert AuditEntry.objects.get().detail == {}


def test_a_change_is_noted_with_before_and_after(enter: Enter) -> None:
    page = f"/settings/people/{hire('analyst').pk}"
    enter("owner").post(page, form(email="anna@shop.example", name="Anna", role="marketing"))
    assert AuditEntry.objects.get().detail == {"role": {"before": "analyst", "after": "marketing"}}


def test_one_speaks_to_everybody_in_the_own_language(enter: Enter) -> None:
    client = enter("analyst")
    response = client.post("/account", {"name": "Anna A.", "language": "en"}, follow=True)
    page = response.content.decode()
    assert "Your account is saved." in page
    assert '<html lang="en">' in page


def test_the_business_says_what_another_time_zone_means(enter: Enter) -> None:
    client = enter("owner")
    sent = {"name": "Blumen, Bad & Geschenke", "time_zone": "Europe/Vienna", "language": "de", "accent": "#aa3355"}
    page = client.post("/settings/business", sent, follow=True).content.decode()
    business = Business.current()
    assert (business.name, business.zone.key, business.accent) == (sent["name"], "Europe/Vienna", "#aa3355")
    assert page.count('class="notice') == 2
    assert AuditEntry.objects.get().detail["time_zone"] == {"before": "Europe/Berlin", "after": "Europe/Vienna"}
    assert "light-dark(" in client.get("/brand.css").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("time_zone", "Mars/Olympus"), ("accent", "red"), ("accent", "#fff}body{x"), ("language", "fr")],
)
def test_the_business_refuses_what_it_cannot_use(field: str, value: str, enter: Enter) -> None:
    sent = {"name": "", "time_zone": "Europe/Berlin", "language": "de", "accent": ""} | {field: value}
    assert enter("owner").post("/settings/business", sent).status_code == 422
