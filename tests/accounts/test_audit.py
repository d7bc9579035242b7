"""Every write by a person leaves an entry, without secrets, and the owner can read it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

import stammkunde
from stammkunde.accounts import audit
from stammkunde.accounts.actions import ACTIONS
from stammkunde.accounts.audit import AuditMiddleware, SecretInAudit, Unaudited
from stammkunde.accounts.models import AuditEntry, User
from tests.staff import Enter, hire

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "accounts.md"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def post(view: object, *, user: User | AnonymousUser, method: str = "post") -> HttpResponse:
    request: HttpRequest = getattr(RequestFactory(), method)("/somewhere")
    request.user = user
    return AuditMiddleware(view)(request)  # type: ignore[arg-type, return-value]


def test_a_write_that_leaves_no_entry_fails() -> None:
    with pytest.raises(Unaudited, match="POST /somewhere by Olga"):
        post(lambda request: HttpResponse(), user=hire("owner"))


def test_in_production_the_page_still_works_and_the_entry_is_written_generally(settings: object) -> None:
    settings.AUDIT_STRICT = False  # type: ignore[attr-defined]
    assert post(lambda request: HttpResponse(status=302), user=hire("owner")).status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.who, entry.detail["method"]) == ("page.posted", "olga@shop.example", "POST")


@pytest.mark.parametrize(
    ("status", "method", "stranger"),
    [
        pytest.param(422, "post", False, id="a form that was refused"),
        pytest.param(200, "get", False, id="reading"),
        pytest.param(200, "post", True, id="a stranger choosing a language"),
    ],
)
def test_these_need_no_entry(status: int, method: str, stranger: bool) -> None:
    user = AnonymousUser() if stranger else hire("owner")
    assert post(lambda request: HttpResponse(status=status), user=user, method=method).status_code == status


def test_a_preview_says_that_it_changed_nothing() -> None:
    def preview(request: HttpRequest) -> HttpResponse:
        audit.nothing_changed()
        return HttpResponse()

    assert post(preview, user=hire("owner")).status_code == 200


@pytest.mark.parametrize("key", ["password", "new_password", "token", "client_secret", "hash"])
def test_secrets_are_refused(key: str) -> None:
    with pytest.raises(SecretInAudit, match=key):
        audit.note("user.changed", by=hire("owner"), detail={key: "…"}, now=NOW)


def test_an_entry_outlives_the_person(enter: Enter) -> None:
    mara = hire("marketing")
    audit.note("account.changed", by=mara, about=mara, now=NOW)
    mara.delete()
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.who, entry.kind) == (None, "mara@shop.example", "user")


def test_every_action_has_a_name_for_readers() -> None:
    noted = re.compile(r"""audit\.note\(\s*f?["']([^"']+)["']""")
    source = Path(stammkunde.__file__).parent
    found = {name for file in source.rglob("*.py") for name in noted.findall(file.read_text())}
    assert sorted(found - set(ACTIONS)) == []


def test_the_owner_reads_and_filters(enter: Enter) -> None:
    client = enter("owner")
    mara = hire("marketing")
    for day in range(1, 8):
        audit.note(
            "account.changed",
            by=mara,
            detail={"name": {"before": "Mara", "after": "Mara M."}},
            now=NOW.replace(day=day),
        )
    audit.note("key.created", by=hire("owner"), detail={"scopes": ["a", "b", "c"]}, now=NOW)
    everything = client.get("/settings/audit").content.decode()
    assert "Name: Mara → Mara M." in everything
    assert "Er darf: a, b, c" in everything
    week = client.get("/settings/audit", {"who": mara.pk, "since": "2026-06-02", "until": "2026-06-03"})
    assert [entry.at.day for entry in week.context["page"]] == [3, 2]
    assert client.get("/settings/audit", {"who": "nonsense", "since": "x"}).status_code == 200


def test_long_logs_are_paged_and_keep_their_filter(enter: Enter) -> None:
    client = enter("owner")
    for _ in range(60):
        audit.note("key.created", by=hire("owner"), now=NOW)
    first = client.get("/settings/audit", {"action": "key.created"})
    assert len(first.context["page"]) == 50
    assert "?action=key.created&amp;page=2" in first.content.decode()
    assert len(client.get("/settings/audit?action=key.created&page=2").context["page"]) == 10


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_is_documented(action: str) -> None:
    assert f"`{action}`" in REFERENCE.read_text(encoding="utf-8")
