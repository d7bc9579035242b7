"""Programs that ask for something impossible get a problem document that says what to do, whoever refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from stammkunde.accounts import keys
from stammkunde.kernel import clock
from tests.staff import Enter, hire

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program(tmp_path: Path) -> Any:
    _, token = keys.create(hire("owner"), name="spreadsheet", scopes=["figures:read"], now=clock.now())
    with override_settings(HOME=tmp_path):
        yield Client(
            headers={"authorization": f"Bearer {token}", "accept-language": "de"}, raise_request_exception=False
        )


def told(response: HttpResponse, status: int) -> str:
    assert status == response.status_code, response.content
    assert "application/problem+json" == response["Content-Type"]
    body = json.loads(response.content)
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert status == body["status"]
    return str(body["detail"])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("figures?from=2026-13-01", "from: Input should be a valid date"),
        ("figures?from=2026-13-01", "Write a day such as 2026-01-31."),
        ("figures?from=0001-01-01", "from: Input should be greater than or equal to 1900-01-01"),
        ("figures?to=9999-12-31", "to: Input should be less than or equal to 2200-12-31"),
        ("figures?by=decade", "by: Input should be 'day'"),
        ("figures?window=0", "window: Input should be greater than or equal to 1"),
        ("cohorts?by=year", "by: Input should be 'month'"),
        ("rfm?as_of=9999-12-31", "as_of: Input should be less than"),
    ],
)
def test_an_impossible_parameter_is_named(program: Client, query: str, words: str) -> None:
    assert words in told(program.get(f"/api/v1/{query}"), 422)


def test_an_unknown_figure_is_answered_with_those_there_are(program: Client, tmp_path: Path) -> None:
    from stammkunde.cli import main

    (tmp_path / "orders.csv").write_text("order_id,customer,date,total\n1,a,2026-01-05,5\n2,a,2026-02-05,5\n")
    main(["import", "orders", str(tmp_path / "orders.csv")])
    assert "There is no figure 'retension'. Did you mean" in told(program.get("/api/v1/figures?name=retension"), 422)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "a body must be JSON"),
        (b"{}", 422, "condition: is missing. Send it."),
        (b'{"condition": "count(order.placed) > 1", "as_of": "0001-01-01T00:00:00"}', 422, "as_of: must lie between"),
        (b'{"condition": "count(order.placed) > 1", "as_of": "9999-12-31T23:59:59Z"}', 422, "as_of: must lie between"),
        (
            b'{"condition": "any(order.placed where coupon = \\"\\ud800\\")"}',
            422,
            "condition: holds halves of characters",
        ),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_in_words(program: Client, body: bytes, status: int, words: str) -> None:
    assert words in told(program.post("/api/v1/segments/test", body, content_type="application/json"), status)


def test_addresses_and_methods_that_are_not_there(program: Client) -> None:
    assert "/api/v1/ lists the addresses" in told(program.get("/api/v1/nothing"), 404)
    refused = program.post("/api/v1/figures", b"{}", content_type="application/json")
    told(refused, 405)
    assert "GET" in refused["Allow"]


def test_strangers_learn_how_to_send_a_key(db: None) -> None:
    refused = Client(headers={"accept-language": "de"}).get("/api/v1/figures")
    assert "Authorization: Bearer stk_…" in told(refused, 401)
    assert "Bearer" == refused["WWW-Authenticate"]
    wrong = Client(headers={"authorization": "Bearer stk_wrong"}).get("/api/v1/")
    assert "create another one under Settings, API keys" in told(wrong, 401)


def test_a_fault_of_ours_is_a_problem_document_too(program: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from stammkunde.insights import figures

    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr(figures, "mirror", broken)
    assert "our fault" in told(program.get("/api/v1/figures"), 500)


def test_the_root_lists_what_there_is(program: Client) -> None:
    root = program.get("/api/v1/").json()
    assert {
        "method": "GET",
        "address": "/api/v1/figures",
        "answer": "Figures of a period, or of each unit in it",
    } in root["addresses"]


def test_the_page_of_keys_offers_what_opens_something_and_shows_a_call_that_works(enter: Enter) -> None:
    olga = enter("owner", language="en")
    page = olga.get("/settings/keys").content.decode()
    assert [True, True, False, False] == [
        f'value="{scope}"' in page for scope in ("figures:read", "customers:read", "events:write", "imports:write")
    ]
    made = olga.post("/settings/keys", {"name": "sheet", "scopes": ["figures:read"]}).content.decode()
    assert "curl -H &quot;Authorization: Bearer stk_" in made
    assert "http://testserver/api/v1/figures?name=retention&quot;" in made
