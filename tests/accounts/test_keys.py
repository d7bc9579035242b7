"""A key lets a program in: shown once, kept as a hash, never more than its person may, closed at once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from stammkunde.accounts import keys
from stammkunde.accounts.keys import ScopeNotGranted
from stammkunde.accounts.models import ApiKey, AuditEntry, User
from tests.staff import Enter, hire

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_only_a_hash_is_kept() -> None:
    key, token = keys.create(hire("owner"), name="shop", scopes=["events:write"], now=NOW)
    stored = "".join(str(value) for value in ApiKey.objects.values_list().get(pk=key.pk))
    assert token not in stored
    assert token.startswith(key.prefix)
    assert len(token) >= 4 + 43


def test_the_token_is_shown_once(enter: Enter) -> None:
    client = enter("owner")
    response = client.post("/settings/keys", {"name": "Tabelle", "scopes": ["figures:read"]})
    token = response.context["token"]
    assert token in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert token not in client.get("/settings/keys").content.decode()
    entry = AuditEntry.objects.get(action="key.created")
    assert token not in str(entry.detail)
    assert entry.detail == {"name": "Tabelle", "scopes": ["figures:read"]}


def test_use_is_remembered_to_the_minute() -> None:
    key, token = keys.create(hire("owner"), name="shop", scopes=[], now=NOW)
    for seconds in (0, 30, 90):
        keys.recognise(token, now=NOW + timedelta(seconds=seconds))
    key.refresh_from_db()
    assert key.last_used_at == NOW + timedelta(seconds=90)


def test_a_revoked_key_is_refused_at_once() -> None:
    key, token = keys.create(hire("owner"), name="shop", scopes=["figures:read"], now=NOW)
    assert keys.revoke(key, now=NOW)
    assert not keys.revoke(key, now=NOW)
    assert keys.recognise(token, now=NOW) is None


def test_the_key_of_somebody_switched_off_is_refused() -> None:
    mara = hire("marketing")
    _key, token = keys.create(mara, name="shop", scopes=[], now=NOW)
    User.objects.filter(pk=mara.pk).update(is_active=False)
    assert keys.recognise(token, now=NOW) is None


def test_a_key_can_do_no_more_than_its_person() -> None:
    with pytest.raises(ScopeNotGranted, match="customers:read"):
        keys.create(hire("analyst"), name="curious", scopes=["customers:read"], now=NOW)


def test_the_form_offers_only_the_scopes_of_the_role(enter: Enter) -> None:
    client = enter("analyst")
    response = client.post("/settings/keys", {"name": "curious", "scopes": ["customers:read"]})
    assert response.status_code == 422
    assert ApiKey.objects.count() == 0
    assert "customers:read" not in client.get("/settings/keys").content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        pytest.param("analyst", 404, id="somebody else's key is not to be found"),
        pytest.param("marketing", 404, id="not even by marketing"),
        pytest.param("owner", 302, id="an owner may take back everybody's"),
    ],
)
def test_keys_of_others(role: str, status: int, enter: Enter) -> None:
    key, token = keys.create(hire("service"), name="desk", scopes=["figures:read"], now=NOW)
    client = enter(role)
    seen = "desk" in client.get("/settings/keys").content.decode()
    assert client.post(f"/settings/keys/{key.pk}/revoke").status_code == status
    assert seen is (status == 302)
    assert (keys.recognise(token, now=NOW) is None) is (status == 302)


def test_an_unknown_key_is_told_so_in_a_problem_document() -> None:
    response = Client(headers={"authorization": "Bearer stk_stranger"}).get("/api/v1/figures")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_key_opens_no_page() -> None:
    _key, token = keys.create(hire("owner"), name="shop", scopes=["figures:read"], now=NOW)
    assert Client(headers={"authorization": f"Bearer {token}"}).get("/settings/people").status_code == 403
